// A batch of OVER steps: what enters and leaves the frames of some keys, and the rows that get the results. Steps of
// one key run one after another, those of different keys side by side, so that aggregates see many rows at a time.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/operators/aggregation/aggregate_set.h"
#include "engine/operators/operator.h"
#include "engine/state/row_layout.h"

namespace millrace::operators {

// Owned by one operator; keeps its memory. Packed rows and slots are borrowed until Send has sent everything.
class OverBatch {
 public:
  // Output: the columns of the input, then one per call.
  OverBatch(const std::vector<DataType>& input_types, const std::vector<functions::AggregateCall>& calls);

  void Open(MemoryPool* pool, int32_t chunk_rows) {
    pool_ = pool;
    chunk_rows_ = static_cast<size_t>(chunk_rows);
  }
  const state::RowLayout& layout() const { return layout_; }

  // The next step of a key: the accumulators in `slot` lose the rows of Retract, get those of Add, and the result goes
  // with the rows of Emit. `steps` counts the steps of the slot in this batch; it is 0 again after Compute.
  void StartStep(uint8_t* slot, int32_t group, uint32_t* steps);
  void Retract(const uint8_t* row) { AddWork(row, RowKind::kDelete); }
  void Add(const uint8_t* row) { AddWork(row, RowKind::kInsert); }
  void Emit(const uint8_t* row) {
    out_rows_.push_back(row);
    out_steps_.push_back(static_cast<int32_t>(steps_.size()) - 1);
  }

  // Rows to look at, a measure of the work of Compute.
  size_t work() const { return work_rows_.size(); }
  bool empty() const { return out_rows_.empty() && steps_.empty(); }

  Status Compute(AggregateSet& aggregates);
  // Sends the rows in the order in which they were given. kMore: call again. The batch is empty when all is sent.
  Progress Send(Output& output);

 private:
  struct Step {
    uint8_t* slot;
    int32_t group;
    int32_t first;  // of work_rows_
    int32_t result = 0;
  };

  void AddWork(const uint8_t* row, RowKind kind) {
    work_rows_.push_back(row);
    work_kinds_.push_back(kind);
  }
  int32_t EndOf(size_t step) const {
    return step + 1 < steps_.size() ? steps_[step + 1].first : static_cast<int32_t>(work_rows_.size());
  }
  std::vector<ColumnPtr> WorkColumns() const;
  Status RunRound(const std::vector<int32_t>& round, AggregateSet& aggregates, AggregateInput& input,
                  std::vector<ColumnBuilder>& results);

  state::RowLayout layout_;
  std::vector<DataType> result_types_;
  std::vector<bool> needed_;  // columns that aggregates read
  MemoryPool* pool_ = nullptr;
  size_t chunk_rows_ = kDefaultChunkRows;

  std::vector<const uint8_t*> work_rows_;
  std::vector<RowKind> work_kinds_;
  std::vector<Step> steps_;
  std::vector<std::vector<int32_t>> rounds_;  // steps by their number within their key
  std::vector<uint32_t*> counters_;
  std::vector<const uint8_t*> out_rows_;
  std::vector<int32_t> out_steps_;
  std::vector<ColumnPtr> results_;
  size_t sent_ = 0;

  std::vector<int32_t> round_rows_;
  std::vector<uint8_t*> round_slots_;
  std::vector<int32_t> round_groups_;
};

}  // namespace millrace::operators
