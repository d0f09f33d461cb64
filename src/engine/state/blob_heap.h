// Memory for what is too long for a fixed-width slot: long keys, rows of join sides, buffers. Size classes of 16 bytes
// out of slabs.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/memory_pool.h"
#include "base/result.h"

namespace millrace::state {

// Owned by one operator; not thread-safe. Blobs are 16-byte aligned and stay where they are. Everything is freed with
// the heap.
class BlobHeap {
 public:
  explicit BlobHeap(MemoryPool* pool) : pool_(pool) {}
  BlobHeap(BlobHeap&& other) noexcept;
  BlobHeap& operator=(BlobHeap&&) = delete;
  ~BlobHeap();

  // Fails with "memory.limit". The caller remembers the size and gives it back with Free.
  Result<uint8_t*> Allocate(size_t bytes);
  void Free(uint8_t* blob, size_t bytes);

  // Bytes of memory held, used or not.
  int64_t reserved_bytes() const { return reserved_; }

 private:
  static constexpr size_t kUnit = 16;
  static constexpr size_t kSmallest = 4096;            // first slab
  static constexpr size_t kLargest = 2 * 1024 * 1024;  // slabs double up to this
  static constexpr size_t kClasses = 128;              // blobs up to 2 KiB come from slabs, longer ones from the system

  struct FreeBlob {
    FreeBlob* next;
  };

  Status NewSlab();

  MemoryPool* pool_;
  std::vector<std::pair<uint8_t*, size_t>> slabs_;
  std::array<FreeBlob*, kClasses + 1> free_{};
  struct LargeBlob {
    LargeBlob* previous;
    LargeBlob* next;
  };
  LargeBlob* large_ = nullptr;  // list of blobs from the system, so that they die with the heap
  uint8_t* at_ = nullptr;
  size_t left_ = 0;
  int64_t reserved_ = 0;
};

}  // namespace millrace::state
