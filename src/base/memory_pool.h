// Memory accounting: every buffer, queue, table and pending row charges a pool (job → task → operator).
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"

namespace millrace {

// Counts bytes against a limit, and against its parent. Thread-safe. A pool outlives everything that charges it.
class MemoryPool {
 public:
  // `limit_bytes` of 0 means no limit of its own.
  explicit MemoryPool(std::string name, int64_t limit_bytes = 0, MemoryPool* parent = nullptr)
      : name_(std::move(name)), limit_bytes_(limit_bytes), parent_(parent) {}
  MemoryPool(const MemoryPool&) = delete;
  MemoryPool& operator=(const MemoryPool&) = delete;

  // The pool of code that has no job, such as constant folding and tests. Never destroyed.
  static MemoryPool* Process();

  // Charges without a check; used for small, short-lived buffers. `bytes` may be negative to give back.
  void Charge(int64_t bytes);
  // Charges if every limit up the tree allows it; otherwise fails with code "memory.limit" and charges nothing.
  Status TryCharge(int64_t bytes);

  int64_t used_bytes() const { return used_bytes_.load(std::memory_order_relaxed); }
  int64_t peak_bytes() const { return peak_bytes_.load(std::memory_order_relaxed); }
  const std::string& name() const { return name_; }

 private:
  std::string name_;
  int64_t limit_bytes_;
  MemoryPool* parent_;
  std::atomic<int64_t> used_bytes_{0};
  std::atomic<int64_t> peak_bytes_{0};
};

// A block of bytes, 64-byte aligned, charged to a pool for its life time. Filled by its maker, then shared and never
// changed.
class Buffer {
 public:
  static std::shared_ptr<Buffer> Allocate(MemoryPool* pool, size_t bytes);
  ~Buffer();
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;

  uint8_t* data() { return data_; }
  const uint8_t* data() const { return data_; }
  size_t size() const { return size_; }

 private:
  Buffer(MemoryPool* pool, uint8_t* data, size_t size) : pool_(pool), data_(data), size_(size) {}
  MemoryPool* pool_;
  uint8_t* data_;
  size_t size_;
};
using BufferPtr = std::shared_ptr<Buffer>;

}  // namespace millrace
