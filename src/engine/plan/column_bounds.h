// Between which numbers the values of a column lie, as far as the plan says so.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/plan/physical.h"

namespace millrace::plan {

struct ColumnBounds {
  std::optional<double> lower;
  std::optional<double> upper;
};

// Of a column of `node`, from literals, conditions above the scan and the nature of COUNT. With `filter` (a BOOLEAN
// column of `node`, or -1) of the rows alone for which it is TRUE.
ColumnBounds BoundsOf(const PhysicalNode& node, int32_t column, int32_t filter = -1);

}  // namespace millrace::plan
