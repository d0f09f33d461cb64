// One side of a join's state: the rows of each join key, in the order in which they came.
//
// A slot per join key holds a list of records; a record is a header and a packed row. How a row finds its record again
// depends on what is known of the side (plan::JoinInputSide): the join key allows one row, a unique key names it, or
// the whole row does and equal rows are counted. Long lists get a hash index of their own, so a retraction does not
// walk them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/operators/operator.h"
#include "engine/state/blob_heap.h"
#include "engine/state/key_encoder.h"
#include "engine/state/keyed_table.h"
#include "engine/state/row_layout.h"

namespace millrace::operators {

struct JoinRecord {
  JoinRecord* next;
  JoinRecord* previous;
  uint32_t count;        // equal rows that it stands for
  int32_t associations;  // rows of the other side that it is joined with; kept for outer, semi and anti joins
};

struct RecordIndex;

// The value of a slot.
struct RecordList {
  JoinRecord* head;
  JoinRecord* tail;
  RecordIndex* index;  // of long lists
  uint32_t size;       // records
};

class JoinSide {
 public:
  struct Options {
    std::vector<int32_t> keys;
    plan::JoinInputSide kind = plan::JoinInputSide::kNoUniqueKey;
    std::vector<int32_t> unique_key;
    bool retracts = false;  // the input has changes; otherwise rows are only ever appended
    int64_t ttl_ms = 0;
  };
  JoinSide(std::vector<DataType> types, Options options);

  void Open(const OperatorContext& context);

  const state::KeyEncoder& encoder() const { return encoder_; }
  const state::RowLayout& layout() const { return layout_; }
  state::KeyedTable& table() { return *table_; }
  static RecordList* ListOf(uint8_t* slot) { return reinterpret_cast<RecordList*>(slot); }
  const uint8_t* RowOf(const JoinRecord* record) const {
    return reinterpret_cast<const uint8_t*>(record) + row_offset_;
  }

  // The time of the chunk at hand, for TTL.
  void set_now(int64_t now_millis) { now_millis_ = now_millis; }
  bool Expired(const JoinRecord* record) const {
    return options_.ttl_ms > 0 && *TouchedOf(record) + options_.ttl_ms <= now_millis_;
  }
  // The record has changed: it lives for another TTL.
  void Touch(JoinRecord* record) const {
    if (options_.ttl_ms > 0) *TouchedOf(record) = now_millis_;
  }

  Status Add(RecordList* list, const uint8_t* row, int32_t associations);
  // Takes away one row equal to `row` by the side's identity; a row that is not there is let be.
  void Retract(RecordList* list, const uint8_t* row);
  // Erases a slot whose list is empty.
  void EraseIfEmpty(uint8_t* slot);
  // Looks at some slots and drops what has expired there.
  void Sweep(int32_t slots);

  Status Snapshot(std::string_view name, state::SnapshotWriter& writer);
  Status Restore(std::string_view name, state::SnapshotReader& reader);
  int64_t reserved_bytes() const { return table_->reserved_bytes() + heap_->reserved_bytes(); }
  int64_t size() const { return records_; }

 private:
  int64_t* TouchedOf(const JoinRecord* record) const {
    return reinterpret_cast<int64_t*>(const_cast<JoinRecord*>(record) + 1);
  }
  uint8_t* MutableRow(JoinRecord* record) const { return reinterpret_cast<uint8_t*>(record) + row_offset_; }
  bool SameIdentity(const uint8_t* a, const uint8_t* b) const;
  uint32_t IdentityHash(const uint8_t* row) const;
  JoinRecord* FindRecord(RecordList* list, const uint8_t* row) const;
  Result<JoinRecord*> NewRecord(const uint8_t* row, uint32_t count, int32_t associations);
  Status Append(RecordList* list, JoinRecord* record);
  Status Replace(RecordList* list, JoinRecord* old, const uint8_t* row, int32_t associations);
  void Remove(RecordList* list, JoinRecord* record);
  void FreeRecord(JoinRecord* record);
  void DropExpired(RecordList* list);

  Status IndexInsert(RecordList* list, JoinRecord* record);
  Status BuildIndex(RecordList* list, uint32_t buckets);
  void IndexErase(RecordList* list, JoinRecord* record);
  void FreeIndex(RecordList* list);

  std::vector<DataType> types_;
  Options options_;
  bool appends_only_;  // records need not be found again
  state::KeyEncoder encoder_;
  state::RowLayout layout_;
  size_t row_offset_;
  int64_t now_millis_ = 0;
  std::unique_ptr<state::KeyedTable> table_;
  std::unique_ptr<state::BlobHeap> heap_;
  int64_t records_ = 0;
  state::TableCursor sweep_cursor_;
};

}  // namespace millrace::operators
