// One node instead of several that do the same: scans of one table, and common sub-plans.
#pragma once

#include <vector>

#include "engine/plan/planner.h"

namespace millrace::plan {

// How a source node came about.
struct ScanOrigin {
  PhysicalPtr node;        // its spec is a SourceSpec
  sql::ScanRelation scan;  // the table, and the hints of this scan
  // What the node gives, column by column: physical columns or fields of them (the first step counts among the table's
  // physical columns), then metadata columns (positions in TableSpec).
  std::vector<std::vector<int32_t>> paths;
  std::vector<int32_t> metadata;
};

// Scans of one table with the same options read it once: a source that gives what all of them need, and a Calc for each
// of them over it. Sources that cannot deliver that stay as they are. Changes the nodes in place, and adds the new
// sources to `scans`.
Status ShareScans(const PhysicalPlan& plan, std::vector<ScanOrigin>& scans, const PlanContext& context);

// Nodes that do the same over the same inputs become one node with several consumers. Before the changelog modes are
// inferred: consumers that need changes in different forms get nodes of their own again. Changes the nodes in place;
// `parts`, nodes of the plan, become those that stand for them.
void ShareSubPlans(PhysicalPlan& plan, std::vector<PhysicalPtr>& parts);

}  // namespace millrace::plan
