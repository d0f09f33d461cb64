// The packed rows of one partition in order of their sort keys, equal ones in order of arrival.
//
// Rows stand in blocks of at most 256 pointers, so that an insertion or removal moves at most that many, however many
// rows there are. A partition of one block, the usual case, has no list of blocks.
#pragma once

#include <cstdint>

#include "base/result.h"
#include "engine/operators/row_comparator.h"
#include "engine/state/blob_heap.h"

namespace millrace::operators {

// Plain memory (all zero is empty), so that it lives in a slot of a table; what it points to lives in the heap that
// every call is given. Rows belong to the caller.
class SortedRows {
 public:
  // A place among the rows.
  struct Place {
    uint32_t block = 0;
    uint32_t at = 0;
  };

  uint32_t size() const { return size_; }
  uint8_t* Row(uint32_t rank) const;  // counted from 0
  uint8_t* Last() const;
  // The rank of a place, and back; the rank may be size(), which is behind the last row.
  uint32_t RankOf(Place place) const;
  Place PlaceOf(uint32_t rank) const;

  // Behind all rows that are not greater than `row`.
  Place UpperBound(const uint8_t* row, const RowComparator& order) const;
  // The first row with equal bytes; false when there is none.
  bool Find(const uint8_t* row, const RowComparator& order, Place* place) const;

  Status Insert(Place place, uint8_t* row, state::BlobHeap& heap);
  uint8_t* Remove(Place place, state::BlobHeap& heap);
  uint8_t* RemoveLast(state::BlobHeap& heap);
  void Clear(state::BlobHeap& heap);

  // Calls f(row) for each row from rank `from` on while it returns true.
  template <typename F>
  void ForEachFrom(uint32_t from, F&& f) const {
    for (uint32_t b = 0; b < block_count_; ++b) {
      Block* block = BlockAt(b);
      if (from >= block->count) {
        from -= block->count;
        continue;
      }
      for (uint32_t i = from; i < block->count; ++i) {
        if (!f(block->rows()[i])) return;
      }
      from = 0;
    }
  }

  // For prefetching.
  const void* FirstBlock() const { return block_count_ > 1 ? static_cast<const void*>(many_) : one_; }

 private:
  static constexpr uint32_t kBlockRows = 256;
  struct Block {
    uint32_t count;
    uint32_t capacity;
    uint8_t** rows() { return reinterpret_cast<uint8_t**>(this + 1); }
    static size_t BytesFor(uint32_t capacity) { return sizeof(Block) + capacity * sizeof(uint8_t*); }
  };

  Block* BlockAt(uint32_t b) const { return block_count_ > 1 ? many_[b] : one_; }
  void SetBlock(uint32_t b, Block* block) { (block_count_ > 1 ? many_[b] : one_) = block; }
  static Result<Block*> NewBlock(uint32_t capacity, state::BlobHeap& heap);
  Status GrowBlock(uint32_t b, state::BlobHeap& heap);
  // Half of a full block goes into a new one behind it.
  Status SplitBlock(uint32_t b, state::BlobHeap& heap);
  void DropBlock(uint32_t b, state::BlobHeap& heap);

  union {
    Block* one_;    // block_count_ <= 1
    Block** many_;  // else, with room for block_capacity_
  };
  uint32_t block_count_;
  uint32_t block_capacity_;
  uint32_t size_;
};

}  // namespace millrace::operators
