// Large pieces of memory for tables: carved from regions that grow with the table, up to 2 MiB each, which then lie in
// huge pages, so that random access to a large table does not pay for address translation.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/memory_pool.h"
#include "base/result.h"

namespace millrace::state {

// A region of memory straight from the system, 64-byte aligned; from 2 MiB on in huge pages if there are any. Null:
// there is none.
uint8_t* AllocateRegion(size_t bytes);
void FreeRegion(uint8_t* region);

// Owned by one table; not thread-safe. Everything is freed with the heap.
class PageHeap {
 public:
  explicit PageHeap(MemoryPool* pool) : pool_(pool) {}
  PageHeap(PageHeap&& other) noexcept;
  PageHeap& operator=(PageHeap&&) = delete;
  ~PageHeap();

  // 64-byte aligned, not cleared. Fails with "memory.limit".
  Result<uint8_t*> Allocate(size_t bytes);
  // Gives a piece back; pieces of equal size (rounded up to a power of two) are used again.
  void Free(uint8_t* piece, size_t bytes);

  int64_t reserved_bytes() const { return reserved_; }

 private:
  static constexpr size_t kSmallest = 16 * 1024;
  static constexpr size_t kLargest = 2 * 1024 * 1024;

  struct FreePiece {
    FreePiece* next;
  };
  Status NewRegion(size_t at_least);

  MemoryPool* pool_;
  std::vector<std::pair<uint8_t*, size_t>> regions_;
  std::array<FreePiece*, 48> free_{};  // by logarithm of the size
  uint8_t* at_ = nullptr;
  size_t left_ = 0;
  int64_t reserved_ = 0;
};

}  // namespace millrace::state
