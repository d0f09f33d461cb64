// Parts of a statement set that several sinks read, planned each for itself
// (table.optimizer.reuse-optimize-block-with-digest-enabled).
#pragma once

#include <vector>

#include "engine/sql/relation.h"

namespace millrace::plan {

// A common part. Trees that read it hold a scan of `table`, which exists in the plan only.
struct Part {
  sql::RelationPtr relation;
  catalog::TablePtr table;
};

struct CutTrees {
  std::vector<sql::RelationPtr> roots;
  std::vector<Part> parts;  // each before those that read it
};

// Cuts the trees of several sinks where they come together. What makes no updates stays whole: nothing depends on
// whether it is shared, and filters and projections can still be pushed into it.
CutTrees CutCommonParts(const std::vector<sql::RelationPtr>& roots);

}  // namespace millrace::plan
