// SortedOver: OVER windows of a bounded input. Rows wait until the input has ended and go out partition by partition,
// in the window's order, with the results behind them: aggregates over any frame, and the functions that look at the
// whole partition (RANK, LAG, LEAD, NTILE …).
//
// An aggregate runs on while its frame only grows at the end, and is added up anew where the frame loses rows at the
// front, as in Flink: results are never made by taking away.
//
// State "rows": the waiting rows, in order of arrival.
#pragma once

#include <memory>
#include <vector>

#include "engine/operators/aggregation/aggregate_set.h"
#include "engine/operators/operator.h"
#include "engine/operators/row_comparator.h"
#include "engine/state/blob_heap.h"
#include "engine/state/row_layout.h"

namespace millrace::operators {

class SortedOver : public Operator {
 public:
  SortedOver(const plan::OverAggregateSpec& spec, std::vector<DataType> types);
  ~SortedOver() override;

  Status Open(const OperatorContext& context) override;
  Result<Progress> Process(int32_t input, const Chunk& chunk, Output& output) override;
  Result<Progress> Finish(Output& output) override;
  Status Snapshot(state::SnapshotWriter& writer) override;
  Status Restore(state::SnapshotReader& reader) override;
  OperatorMetrics Metrics() const override;

 private:
  struct Range {
    size_t first;
    size_t last;  // behind the last row
  };

  Status Keep(const uint8_t* row, int32_t group);
  Status EvaluatePartition();
  void FindPeers();
  Range FrameOf(size_t row, Range before) const;
  bool WithinBefore(const uint8_t* other, const uint8_t* row) const;
  bool WithinAfter(const uint8_t* other, const uint8_t* row) const;
  int64_t TimeOf(const uint8_t* row) const;
  Status Aggregate(std::vector<ColumnBuilder>& results);
  Status Accumulate(const std::vector<ColumnPtr>& columns, Range rows);
  void Rank(size_t call, ColumnBuilder& result) const;
  void Shift(const functions::AggregateCall& call, bool ahead, ColumnBuilder& result) const;
  void Tile(const functions::AggregateCall& call, ColumnBuilder& result) const;
  Progress SendPartition(Output& output);

  plan::OverAggregateSpec spec_;
  state::RowLayout layout_;
  RowComparator order_;
  RowComparator sort_;
  OperatorContext context_;
  std::vector<size_t> plain_;  // calls that are aggregates
  std::unique_ptr<AggregateSet> aggregates_;
  std::unique_ptr<state::BlobHeap> heap_;
  state::RowBatch packed_;
  std::vector<int32_t> groups_;
  std::vector<uint8_t*> rows_;
  uint8_t* slot_ = nullptr;

  bool sorted_ = false;
  Range partition_{0, 0};
  size_t sent_ = 0;  // of the partition
  std::vector<ColumnPtr> results_;
  std::vector<size_t> peer_first_;  // by row of the partition
  std::vector<size_t> peer_last_;
};

}  // namespace millrace::operators
