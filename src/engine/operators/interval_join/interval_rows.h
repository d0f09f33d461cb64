// The rows of one join key on one side of an interval join, in order of time and arrival.
#pragma once

#include <cstdint>
#include <cstring>

#include "base/result.h"
#include "engine/state/blob_heap.h"
#include "engine/state/row_layout.h"

namespace millrace::operators {

// A row; the packed row follows.
struct IntervalRow {
  IntervalRow* previous;
  IntervalRow* next;
  int64_t time;
  int64_t matched;  // it has had a partner
  const uint8_t* row() const { return reinterpret_cast<const uint8_t*>(this + 1); }
};

// Plain data, all zero is empty.
struct IntervalRows {
  IntervalRow* head;
  IntervalRow* tail;
  int64_t timer;  // at which rows that are too old go away; 0: none is set

  Status Add(state::BlobHeap& heap, const uint8_t* row, int64_t time, bool matched) {
    uint32_t bytes = state::PackedSize(row);
    MR_ASSIGN(uint8_t * blob, heap.Allocate(sizeof(IntervalRow) + bytes));
    auto* added = reinterpret_cast<IntervalRow*>(blob);
    IntervalRow* before = tail;
    while (before != nullptr && before->time > time) before = before->previous;
    *added = {before, before == nullptr ? head : before->next, time, matched ? 1 : 0};
    std::memcpy(blob + sizeof(IntervalRow), row, bytes);
    (before == nullptr ? head : before->next) = added;
    (added->next == nullptr ? tail : added->next->previous) = added;
    return Status::Ok();
  }
  // Takes the first row out; it stays in memory.
  IntervalRow* TakeFirst() {
    IntervalRow* first = head;
    head = first->next;
    (head == nullptr ? tail : head->previous) = nullptr;
    return first;
  }
  static void Free(state::BlobHeap& heap, IntervalRow* row) {
    heap.Free(reinterpret_cast<uint8_t*>(row), sizeof(IntervalRow) + state::PackedSize(row->row()));
  }
};

}  // namespace millrace::operators
