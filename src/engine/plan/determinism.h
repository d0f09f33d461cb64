// Refuses plans whose updates could meet other values than the rows that they belong to
// (table.optimizer.non-deterministic-update.strategy = TRY_RESOLVE).
#pragma once

#include <cstddef>
#include <map>

#include "engine/plan/physical.h"

namespace millrace::plan {

// For each source of a plan, how many of its last columns are metadata: of a source of changes they may differ between
// an insertion and its deletion.
using MetadataColumns = std::map<const connectors::TableSource*, size_t>;

// After the changelog modes are inferred. Follows Flink 1.20: each operator that finds rows by their values asks its
// input for columns that come the same each time; upsert keys are so by nature, NOW() and RAND() never. Fails with
// "plan.refused".
Status CheckDeterminism(const PhysicalPlan& plan, const MetadataColumns& metadata);

}  // namespace millrace::plan
