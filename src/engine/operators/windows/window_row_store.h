// Rows that wait for their window to end: by key and window, in order of arrival; and which windows there are.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/operators/operator.h"
#include "engine/state/blob_heap.h"
#include "engine/state/key_encoder.h"
#include "engine/state/keyed_table.h"
#include "engine/state/row_layout.h"

namespace millrace::operators {

// Owned by one operator. State: the key with the window's end → the packed row.
class WindowRowStore {
 public:
  // A waiting row; the packed row follows.
  struct Node {
    Node* next;
    const uint8_t* row() const { return reinterpret_cast<const uint8_t*>(this + 1); }
  };
  // The value of a slot.
  struct Rows {
    Node* head;
    Node* tail;
    bool null_key;  // some column of the key is NULL
  };
  static Rows* RowsOf(uint8_t* slot) { return reinterpret_cast<Rows*>(slot); }

  // `window_end` is a TIMESTAMP column of the input: local time.
  WindowRowStore(std::vector<DataType> types, std::vector<int32_t> keys, int32_t window_end);

  void Open(const OperatorContext& context);
  const state::RowLayout& layout() const { return layout_; }

  // Adds rows `rows` of a chunk; windows that are complete must not come.
  Status Add(const Chunk& chunk, RowSet rows);
  // Slots of a window in order of arrival of their keys; null when there are none.
  const std::vector<uint8_t*>* Window(int64_t end) const;
  int64_t FirstEnd() const { return windows_.empty() ? INT64_MAX : windows_.begin()->first; }
  // The slot of the same key and window as `slot` of a store with the same keys, or null.
  uint8_t* Partner(const WindowRowStore& other, const uint8_t* slot) const;
  void DropWindow(int64_t end);

  Status Snapshot(std::string_view name, state::SnapshotWriter& writer) const;
  Status Restore(std::string_view name, state::SnapshotReader& reader);
  int64_t reserved_bytes() const { return table_->reserved_bytes() + heap_->reserved_bytes(); }
  int64_t size() const { return rows_; }

 private:
  Status Append(uint8_t* slot, const uint8_t* row);

  std::vector<DataType> types_;
  int32_t window_end_;
  OperatorContext context_;
  state::KeyEncoder group_encoder_;
  state::KeyEncoder encoder_;
  state::RowLayout layout_;
  std::unique_ptr<state::KeyedTable> table_;
  std::unique_ptr<state::BlobHeap> heap_;
  std::map<int64_t, std::vector<uint8_t*>> windows_;
  int64_t rows_ = 0;

  state::KeyBatch keys_;
  std::vector<int32_t> groups_;
  std::vector<int64_t> ends_;
  std::vector<uint8_t*> slots_;
  std::vector<int32_t> created_;
  state::RowBatch packed_;
};

// Rows of a chunk whose window is not complete at `watermark`; the others are counted as late.
class WindowMath;
std::vector<int32_t> RowsInTime(const Chunk& chunk, int32_t window_end, const WindowMath& math, int64_t watermark,
                                int64_t* late_rows);

}  // namespace millrace::operators
