// What a table must be to be read or written, beyond what its connector checks.
#pragma once

#include <string>

#include "engine/catalog/catalog.h"
#include "engine/connectors/connector.h"

namespace millrace::plan {

// Updates come whole: a source that gives the old row of an update gives the new one too.
Status CheckSourceMode(const std::string& table, const connectors::ChangelogMode& mode);
// A metadata column has a type to which the connector's own type can be cast (reading), or from which (writing).
Status CheckMetadataType(const std::string& table, const catalog::TableColumn& column, const DataType& metadata,
                         bool for_sink);

}  // namespace millrace::plan
