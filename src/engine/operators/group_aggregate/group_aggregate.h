// GroupAggregate: GROUP BY over a stream, with Flink's changelog row by row, and over bounded input with final rows
// only.
//
// Row by row (mini-batch off) the first row of a group gives +I, each later one -U and +U unless the result stays the
// same (with a TTL they go out all the same), and the removal of a group's last row -D. A removal for a group that is
// not there is ignored.
//
// A chunk is worked off in waves: the n-th row of each group in the chunk belongs to wave n, so within a wave every
// group is touched once and the aggregates run over whole columns. The changes are put back into the order of the rows
// at the end.
//
// State: one slot per group: header, accumulators. Snapshot: see AggregateSet.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "engine/operators/aggregation/aggregate_set.h"
#include "engine/operators/group_aggregate/changelog.h"
#include "engine/operators/operator.h"
#include "engine/state/key_encoder.h"
#include "engine/state/keyed_table.h"

namespace millrace::operators {

class GroupAggregate : public Operator {
 public:
  GroupAggregate(plan::GroupAggregateSpec spec, std::vector<DataType> input_types);
  ~GroupAggregate() override;

  Status Open(const OperatorContext& context) override;
  Result<Progress> Process(int32_t input, const Chunk& chunk, Output& output) override;
  Result<Progress> OnWatermark(int64_t watermark, Output& output) override;
  int64_t NextProcessingTime() const override;
  Result<Progress> OnProcessingTime(int64_t now_millis, Output& output) override;
  Result<Progress> BeforeBarrier(Output& output) override;
  Result<Progress> Finish(Output& output) override;
  Status Snapshot(state::SnapshotWriter& writer) override;
  Status Restore(state::SnapshotReader& reader) override;
  OperatorMetrics Metrics() const override;

 private:
  struct Header {
    int64_t count;   // rows in the group; 0: the group is not there. Without retractions 1 stands for any number
    uint32_t stamp;  // the chunk or bundle that touched the slot last
    int32_t last;    // its last row in that chunk, or its place in that bundle
  };
  enum class Action : uint8_t { kSkip, kInsert, kUpdate, kDelete };
  // What a row does.
  struct RowPlan {
    Action action = Action::kSkip;
    int32_t wave = 0;
    int32_t previous_row = -1;  // of the same group in this chunk
    int32_t before = -1;        // position of the result before the row
    int32_t after = -1;         // and after it
  };
  struct Touched {
    uint8_t* slot;
    int32_t before;  // position of the result before the bundle; -1: the group was not there
  };

  static Header* HeaderOf(uint8_t* slot) { return reinterpret_cast<Header*>(slot); }
  int64_t* TouchedMillis(uint8_t* slot) const { return reinterpret_cast<int64_t*>(slot + sizeof(Header)); }

  Status FindSlots(const Chunk& chunk, RowSet rows);
  void NextStamp();
  // Forgets a group that has outlived the TTL, and marks the time.
  void CheckTtl(uint8_t* slot);
  void SweepExpired(int32_t rows);
  void EraseDead();

  // Row by row.
  Result<Progress> ProcessRows(const Chunk& chunk, Output& output);
  void PlanRows(const Chunk& chunk, RowSet rows);
  void SortByWave(int32_t rows);
  Status EmitBefore();
  Status RunWave(const Chunk& chunk, RowSet rows, int32_t from, int32_t to);
  void CollectChanges(RowSet rows, const std::vector<ColumnPtr>& results);

  // In bundles, and over bounded input.
  Status AddToBundle(const Chunk& chunk, RowSet rows);
  Status FlushBundle(Output& output);
  Result<Progress> EmitFinal(Output& output);
  Status EmitEmptyGlobal(Output& output);

  Status EmitResults(const std::vector<uint8_t*>& slots);
  std::vector<ColumnPtr> TakeResults();
  Result<std::vector<ColumnPtr>> DecodeKeys(const std::vector<uint8_t*>& slots) const;

  plan::GroupAggregateSpec spec_;
  std::vector<DataType> input_types_;
  OperatorContext context_;
  bool bundled_ = false;
  int64_t now_millis_ = 0;
  state::KeyEncoder encoder_;
  std::unique_ptr<AggregateSet> aggregates_;
  std::unique_ptr<state::KeyedTable> table_;
  std::vector<ColumnBuilder> results_;
  int32_t result_count_ = 0;

  // Of the chunk at hand; kept for their memory.
  state::KeyBatch keys_;
  std::vector<int32_t> groups_;
  std::vector<uint8_t*> slots_;
  std::vector<int32_t> created_;
  std::vector<RowPlan> plan_;
  std::vector<int32_t> wave_starts_;
  std::vector<int32_t> order_;
  std::vector<int32_t> wave_rows_;
  std::vector<uint8_t*> wave_slots_;
  std::vector<int32_t> wave_groups_;
  std::vector<uint8_t*> emit_slots_;
  std::vector<int32_t> before_;
  std::vector<int32_t> after_;
  std::vector<uint8_t> changed_;
  std::vector<uint8_t*> dead_;
  ChangeList changes_;
  uint32_t stamp_ = 1;

  // The open bundle.
  std::vector<Touched> touched_;
  int64_t bundle_rows_ = 0;
  int64_t bundle_start_millis_ = 0;

  state::TableCursor final_cursor_;
  state::TableCursor sweep_cursor_;
};

}  // namespace millrace::operators
