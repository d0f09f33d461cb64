// RowPerKey: what operators have in common that remember one row per key, or only that the key was there:
// deduplication, Top-1, changelog normalisation. A derived operator says what each row does to the entry of its key and
// what goes out.
//
// State "rows": key → time, time of the last write, and the packed row if rows are kept.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/operators/operator.h"
#include "engine/operators/row_output.h"
#include "engine/state/blob_heap.h"
#include "engine/state/key_encoder.h"
#include "engine/state/keyed_table.h"

namespace millrace::operators {

class RowPerKey : public Operator {
 public:
  Status Open(const OperatorContext& context) override;
  Result<Progress> Process(int32_t input, const Chunk& chunk, Output& output) override;
  Result<Progress> Finish(Output& output) override;
  Status Snapshot(state::SnapshotWriter& writer) override;
  Status Restore(state::SnapshotReader& reader) override;
  OperatorMetrics Metrics() const override;

 protected:
  static constexpr int64_t kAbsent = INT64_MIN;
  // The value of a slot. New ones are absent.
  struct Entry {
    uint8_t* row;     // owned by the heap; null when rows are not kept
    int64_t time;     // kAbsent: the key is not there; else as the operator likes
    int64_t touched;  // wall clock of the last write, for TTL
    bool there() const { return time != kAbsent; }
  };
  // A live row of the chunk.
  struct Row {
    RowKind kind;
    int32_t position;       // in the chunk
    const uint8_t* packed;  // null unless the operator wants packed rows
  };

  // With `keeps_rows` rows are packed and may be stored. With `numbered` a BIGINT 1 follows each row. In batch mode the
  // last row of each key goes out at the end, and what HandleRow adds to the output does not.
  RowPerKey(std::vector<DataType> types, std::vector<int32_t> keys, bool keeps_rows, bool numbered, int64_t ttl_ms);

  // Called once per chunk before its rows.
  virtual void BeginChunk(const Chunk& chunk) { static_cast<void>(chunk); }
  virtual Status HandleRow(const Row& row, Entry& entry) = 0;

  // Makes `row` the entry's row, with `time`. The old row stays readable until the output is sent.
  Status Store(Entry& entry, const Row& row, int64_t time);
  void Remove(Entry& entry);
  void Send(RowKind kind, const Row& row) { Send(kind, row.packed, row.position); }
  void SendStored(RowKind kind, const uint8_t* packed) { Send(kind, packed, -1); }

  const state::RowLayout& layout() const { return output_.layout(); }
  const OperatorContext& context() const { return context_; }
  bool ttl() const { return ttl_ms_ > 0; }
  bool keeps_rows() const { return keeps_rows_; }

 private:
  void Send(RowKind kind, const uint8_t* packed, int32_t position) {
    if (!context_.batch) output_.Add(kind, packed, position, 1);
  }
  Status Begin(const Chunk& chunk);
  Status HandleRows(const Chunk& chunk, RowSet rows);
  void End();
  void FreeGarbage();
  void DropExpired(uint8_t* slot);
  void Sweep(int32_t slots);

  std::vector<DataType> types_;
  bool keeps_rows_;
  int64_t ttl_ms_;
  OperatorContext context_;
  state::KeyEncoder encoder_;
  std::unique_ptr<state::KeyedTable> table_;
  std::unique_ptr<state::BlobHeap> heap_;
  RowOutput output_;

  bool active_ = false;
  int32_t next_row_ = 0;
  int64_t now_millis_ = 0;
  state::KeyBatch keys_;
  std::vector<int32_t> groups_;
  std::vector<uint8_t*> slots_;
  std::vector<int32_t> created_;
  state::RowBatch packed_;
  std::vector<uint8_t*> garbage_;     // rows that the output may still name
  std::vector<uint8_t*> maybe_gone_;  // slots that may have become absent
  state::TableCursor sweep_cursor_;
  state::TableCursor final_cursor_;
};

}  // namespace millrace::operators
