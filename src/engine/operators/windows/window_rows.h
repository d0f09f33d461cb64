// The rows that window aggregates send: keys, results, window properties.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/operators/aggregation/aggregate_set.h"
#include "engine/operators/operator.h"
#include "engine/operators/windows/window_math.h"
#include "engine/state/keyed_table.h"

namespace millrace::operators {

// A result that is due.
struct WindowRow {
  state::KeyView key;  // the group's key, perhaps with more columns behind; borrowed
  uint8_t* slot;       // the accumulators
  int64_t start = 0;   // local milliseconds
  int64_t end = 0;
};

class WindowRows {
 public:
  // `output` is the node's schema: key_count keys, the aggregates, the properties.
  WindowRows(const Schema& output, size_t key_count, std::vector<plan::WindowProperty> properties, WindowMath math);

  // The rows as one chunk of +I. `now_millis` is what a processing-time attribute shows.
  Result<Chunk> Make(const std::vector<WindowRow>& rows, const AggregateSet& aggregates, int64_t now_millis,
                     MemoryPool* pool) const;

 private:
  ColumnPtr PropertyColumn(size_t index, const std::vector<WindowRow>& rows, int64_t now_millis,
                           MemoryPool* pool) const;

  std::vector<DataType> types_;
  size_t key_count_;
  std::vector<plan::WindowProperty> properties_;
  WindowMath math_;
};

}  // namespace millrace::operators
