#include "engine/connectors/numbered_splits.h"

#include <fmt/format.h>

namespace millrace::connectors {

std::vector<Split> NumberedSplits::Enumerate(int32_t parallelism) {
  std::vector<Split> splits;
  for (int32_t i = 0; i < parallelism; ++i) splits.push_back({fmt::format("{}/{}", i, parallelism), ""});
  return splits;
}

Status NumberedSplits::Add(const Split& split) {
  Position position;
  position.id = split.id;
  size_t slash = split.id.find('/');
  MR_ASSIGN(position.next, ParseLong(split.id.substr(0, slash)));
  MR_ASSIGN(position.step, ParseLong(split.id.substr(slash + 1)));
  if (!split.state.empty()) {
    MR_ASSIGN(position.next, ParseLong(split.state));
  }
  positions_.push_back(std::move(position));
  return Status::Ok();
}

std::vector<Split> NumberedSplits::Snapshot() const {
  std::vector<Split> splits;
  for (const Position& position : positions_) splits.push_back({position.id, std::to_string(position.next)});
  return splits;
}

int32_t NumberedSplits::Turn(int64_t end) {
  for (size_t tried = 0; tried < positions_.size(); ++tried) {
    auto split = static_cast<int32_t>(turn_ % positions_.size());
    if (positions_[static_cast<size_t>(split)].next < end) return split;
    ++turn_;
  }
  return -1;
}

}  // namespace millrace::connectors
