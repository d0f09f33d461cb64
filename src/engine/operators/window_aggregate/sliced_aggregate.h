// SlicedAggregate: aggregation over TUMBLE, HOP and CUMULATE windows, and over windows that an earlier operator
// attached to the rows.
//
// Rows are added to the slice that they lie in, one slot per key and slice; windows share slices. A HOP window is put
// together from its slices when it is complete; a CUMULATE window keeps what it has so far in its first slice. Each
// window gives one +I per key, when the watermark (or processing time) passes its end. A row whose last window is
// complete is late: dropped and counted. With a retracting input (legacy windows) a key without rows gives nothing.
//
// State: "slots" (see AggregateSet), keyed by the group's key and the slice's end; "watermark", the lowest of all
// instances holds on restore.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "engine/operators/aggregation/aggregate_set.h"
#include "engine/operators/operator.h"
#include "engine/operators/windows/window_math.h"
#include "engine/operators/windows/window_rows.h"
#include "engine/state/key_encoder.h"
#include "engine/state/keyed_table.h"

namespace millrace::operators {

// What WindowAggregateSpec and GroupWindowAggregateSpec have in common.
struct WindowAggregation {
  plan::Window window;
  std::vector<int32_t> keys;
  std::vector<functions::AggregateCall> aggregates;
  std::vector<plan::WindowProperty> properties;
  int32_t attached_start = -1;
  int32_t attached_end = -1;
  bool input_retracts = false;
};

// The local time of each row for windows: of the time column, or now. A NULL rowtime fails with "window.null_rowtime".
Status LocalTimes(const WindowMath& math, const Chunk& chunk, RowSet rows, int64_t now_millis,
                  std::vector<int64_t>& out);

// The state "watermark" of window operators.
Status SaveWatermark(int64_t watermark, state::SnapshotWriter& writer);
Status LoadWatermark(state::SnapshotReader& reader, int64_t* watermark);

class SlicedAggregate : public Operator {
 public:
  SlicedAggregate(WindowAggregation spec, std::vector<DataType> input_types, const Schema& output);
  ~SlicedAggregate() override;

  Status Open(const OperatorContext& context) override;
  Result<Progress> Process(int32_t input, const Chunk& chunk, Output& output) override;
  Result<Progress> OnWatermark(int64_t watermark, Output& output) override;
  int64_t NextProcessingTime() const override;
  Result<Progress> OnProcessingTime(int64_t now_millis, Output& output) override;
  Result<Progress> Finish(Output& output) override;
  Status Snapshot(state::SnapshotWriter& writer) override;
  Status Restore(state::SnapshotReader& reader) override;
  OperatorMetrics Metrics() const override;

 private:
  struct Header {
    int64_t count;  // rows, when the input retracts
    int64_t start;  // of an attached window
  };
  enum class Stage : uint8_t { kIdle, kMerge, kEmit, kExpire };
  // The window that is being fired.
  struct Firing {
    Stage stage = Stage::kIdle;
    int64_t end = 0;
    std::vector<uint8_t*> sources;  // slots to merge, or to emit as they are
    std::vector<uint8_t*> results;
    size_t at = 0;
  };

  static Header* HeaderOf(uint8_t* slot) { return reinterpret_cast<Header*>(slot); }
  bool Shared() const { return !attached_ && spec_.window.kind != plan::WindowKind::kTumble; }
  bool Cumulates() const { return !attached_ && spec_.window.kind == plan::WindowKind::kCumulate; }

  Status AssignSlices(const Chunk& chunk);
  int64_t LastWindowEnd(int64_t slice_end) const { return attached_ ? slice_end : math_.LastWindowEnd(slice_end); }
  Status Accumulate(const Chunk& chunk);
  void AddSlot(int64_t slice_end, uint8_t* slot);
  void KeepAttachedStarts(const Chunk& chunk);

  // Fires every window that is complete at `progress`.
  Result<Progress> Advance(int64_t progress, Output& output);
  bool NextWindow(int64_t* end) const;
  void StartFiring(int64_t end);
  Status Merge(size_t to);
  Status MergeInto(uint8_t* to, int32_t group, uint8_t* from);
  Result<Progress> EmitResults(Output& output);
  void DropSlot(state::KeyedTable& table, uint8_t* slot);
  void Expire(int64_t end);

  WindowAggregation spec_;
  std::vector<DataType> input_types_;
  bool attached_;
  WindowMath math_;
  WindowRows rows_out_;
  OperatorContext context_;
  state::KeyEncoder group_encoder_;  // the key; decides the key group
  state::KeyEncoder slot_encoder_;   // the key and the slice's end
  std::unique_ptr<AggregateSet> aggregates_;
  std::unique_ptr<state::KeyedTable> table_;
  std::unique_ptr<state::KeyedTable> merged_;        // HOP: the window being put together
  std::map<int64_t, std::vector<uint8_t*>> slices_;  // by end; slots in the order in which their keys came
  int64_t progress_ = INT64_MIN;
  int64_t fired_end_ = INT64_MIN;  // while windows are fired: the last one that was
  int64_t late_rows_ = 0;
  Firing firing_;

  // Of the chunk at hand; kept for their memory.
  std::vector<int64_t> times_;
  std::vector<int32_t> accepted_;
  std::vector<int64_t> ends_;
  state::KeyBatch keys_;
  std::vector<int32_t> groups_;
  std::vector<uint8_t*> slots_;
  std::vector<int32_t> created_;
  std::string key_storage_;
};

}  // namespace millrace::operators
