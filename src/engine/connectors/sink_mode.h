// What sinks commonly say about the changes they take.
#pragma once

#include "engine/connectors/connector.h"

namespace millrace::connectors {

// The refusal of an insert-only sink (code "sink.changelog"); Ok when the query only inserts.
Status RequireInsertOnly(const TableSpec& table, const ChangelogMode& query);
// The table's option 'sink.parallelism', when it is set.
std::optional<int32_t> SinkParallelism(const TableSpec& table);

}  // namespace millrace::connectors
