// How the values of a node's columns change from one update of a row to the next.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "engine/plan/physical.h"

namespace millrace::plan {

enum class Monotonicity : uint8_t {
  kConstant,    // an update never changes it
  kIncreasing,  // an update never makes it smaller
  kDecreasing,
  kNone,
};

// Answers for the nodes of one plan, which must not change meanwhile. The rules are those of Flink 1.20's metadata.
class MonotonicityQuery {
 public:
  // One entry per output column; nothing when rows of the node may be deleted (or it is not known).
  using Columns = std::optional<std::vector<Monotonicity>>;
  const Columns& Of(const PhysicalNode& node);

 private:
  std::map<const PhysicalNode*, Columns> done_;
};

}  // namespace millrace::plan
