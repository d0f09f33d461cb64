// OverAggregate: OVER (PARTITION BY … ORDER BY time) aggregates of a stream. The input is insert-only, the output too:
// each row with the results behind it.
//
// Event time: rows wait for the watermark and go out in order of time, those of equal time in order of arrival. A frame
// from UNBOUNDED PRECEDING drops rows that are not above the watermark; a bounded one drops those that are not above
// the time that its key has seen out last (so do Flink's operators: the latter takes rows that are late but not behind
// their key). Times up to 1970-01-01 are late for a bounded frame. Processing time: a row goes out at once, but with a
// bounded RANGE one millisecond later, when its peers are known.
//
// RANGE gives all rows of one time the same result; ROWS counts row by row.
//
// State: "watermark"; "aggregates" and "slots" (see AggregateSet) by key; "rows", key → time, whether it went out,
// packed row, in order; "timers", key → time.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "engine/operators/aggregation/aggregate_set.h"
#include "engine/operators/operator.h"
#include "engine/operators/over_aggregate/over_batch.h"
#include "engine/state/blob_heap.h"
#include "engine/state/key_encoder.h"
#include "engine/state/keyed_table.h"
#include "engine/state/row_layout.h"

namespace millrace::operators {

class OverAggregate : public Operator {
 public:
  OverAggregate(const plan::OverAggregateSpec& spec, std::vector<DataType> types);
  ~OverAggregate() override;

  Status Open(const OperatorContext& context) override;
  Result<Progress> Process(int32_t input, const Chunk& chunk, Output& output) override;
  Result<Progress> OnWatermark(int64_t watermark, Output& output) override;
  int64_t NextProcessingTime() const override;
  Result<Progress> OnProcessingTime(int64_t now_millis, Output& output) override;
  Status Snapshot(state::SnapshotWriter& writer) override;
  Status Restore(state::SnapshotReader& reader) override;
  OperatorMetrics Metrics() const override;

 private:
  static constexpr int64_t kNoTime = INT64_MIN;

  // A row that waits, or that a frame may still hold; the packed row follows.
  struct Node {
    Node* previous;
    Node* next;
    int64_t time;
    int64_t unused;
    const uint8_t* row() const { return reinterpret_cast<const uint8_t*>(this + 1); }
    uint8_t* mutable_row() { return reinterpret_cast<uint8_t*>(this + 1); }
  };
  // Of a partition key; the accumulators follow. Rows stand in order of time and arrival: those that went out first.
  struct Key {
    Node* head;
    Node* tail;
    Node* pending;         // the first that has not gone out
    int64_t order;         // of the key's first row
    int64_t last_trigger;  // bounded: rows up to here are late
    int64_t cleanup;       // bounded RANGE: everything is forgotten then
    int64_t timer;         // unbounded: the timer that is set
    int64_t count;         // bounded ROWS: rows in the frame
    int64_t touched;       // wall clock of the last row, for TTL
    uint32_t steps;        // in the batch at hand
  };
  static Key* KeyOf(uint8_t* slot) { return reinterpret_cast<Key*>(slot); }
  static const Key* KeyOf(const uint8_t* slot) { return reinterpret_cast<const Key*>(slot); }

  bool bounded() const { return spec_.preceding >= 0; }
  // Rows go out when they come.
  bool immediate() const { return !spec_.event_time && (spec_.rows_frame || !bounded()); }

  Status FindSlots(const Chunk& chunk, RowSet rows);
  Status AddWaiting(const Chunk& chunk);
  Result<bool> AddRow(uint8_t* slot, const uint8_t* row, int64_t time);
  Status AddImmediate(const Chunk& chunk);
  Result<Node*> Append(Key* key, const uint8_t* row, int64_t time);
  void SetTimer(int64_t time, uint8_t* slot) { timers_[time].push_back(slot); }
  void SetCleanup(uint8_t* slot, int64_t time);

  Result<Progress> Advance(int64_t progress, Output& output);
  // Fills the batch with the steps that are due, about a chunk of them.
  void Collect(int64_t progress);
  void TakeDueKeys();
  // False: the batch must be computed first.
  bool FireUnbounded(uint8_t* slot, int64_t progress);
  bool FireBounded(uint8_t* slot, int64_t time);
  void StepOfRow(uint8_t* slot, Node* node);
  void RetractOldest(Key* key);
  void Spend(Key* key);  // takes the first row out of the key; it is freed when the batch is sent
  void FreeSpent();
  void Forget(uint8_t* slot);
  // TTL: a key without waiting rows to which no row has come for so long starts anew.
  bool expires() const { return spec_.ttl_ms > 0 && (spec_.rows_frame || !bounded()); }
  bool Expired(const Key* key, int64_t now) const {
    return key->touched + spec_.ttl_ms <= now && (immediate() ? key->steps == 0 : key->pending == nullptr);
  }
  void StartAnew(uint8_t* slot);
  void Sweep(int64_t now, size_t slots);

  plan::OverAggregateSpec spec_;
  std::vector<DataType> types_;
  size_t time_column_;
  OperatorContext context_;
  state::KeyEncoder encoder_;
  std::unique_ptr<AggregateSet> aggregates_;
  std::unique_ptr<state::KeyedTable> table_;
  std::unique_ptr<state::BlobHeap> heap_;
  std::map<int64_t, std::vector<uint8_t*>> timers_;
  int64_t next_order_ = 0;
  int64_t progress_ = INT64_MIN;
  int64_t late_rows_ = 0;
  int64_t rows_ = 0;

  OverBatch batch_;
  std::vector<Node*> spent_;
  std::vector<uint8_t*> due_;  // keys of the timer at hand, the next one last
  int64_t due_time_ = 0;
  bool processing_ = false;  // the chunk's rows are in the batch already
  state::TableCursor sweep_cursor_;

  state::KeyBatch keys_;
  std::vector<int32_t> groups_;
  std::vector<uint8_t*> slots_;
  std::vector<int32_t> created_;
  state::RowBatch packed_;
};

}  // namespace millrace::operators
