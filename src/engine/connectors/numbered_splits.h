// The splits of a generator of numbered rows. A split is every k-th row from some start: "start/step". After a change
// of parallelism a reader may have several; they take turns.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/options.h"
#include "engine/connectors/connector.h"

namespace millrace::connectors {

class NumberedSplits {
 public:
  struct Position {
    std::string id;
    int64_t next = 0;  // row number
    int64_t step = 1;
  };

  static std::vector<Split> Enumerate(int32_t parallelism);
  Status Add(const Split& split);
  std::vector<Split> Snapshot() const;
  // The number of the split whose turn it is among those with rows below `end`; -1: none has any.
  int32_t Turn(int64_t end);
  // The next split has its turn.
  void EndTurn() { ++turn_; }
  Position& operator[](int32_t split) { return positions_[static_cast<size_t>(split)]; }

 private:
  std::vector<Position> positions_;
  size_t turn_ = 0;
};

}  // namespace millrace::connectors
