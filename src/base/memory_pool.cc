#include "base/memory_pool.h"

#include <fmt/format.h>

#include <cstdlib>
#include <new>

namespace millrace {

MemoryPool* MemoryPool::Process() {
  static MemoryPool* pool = new MemoryPool("process");
  return pool;
}

void MemoryPool::Charge(int64_t bytes) {
  for (MemoryPool* pool = this; pool != nullptr; pool = pool->parent_) {
    int64_t used = pool->used_bytes_.fetch_add(bytes, std::memory_order_relaxed) + bytes;
    int64_t peak = pool->peak_bytes_.load(std::memory_order_relaxed);
    while (used > peak && !pool->peak_bytes_.compare_exchange_weak(peak, used, std::memory_order_relaxed)) {
    }
  }
}

Status MemoryPool::TryCharge(int64_t bytes) {
  Charge(bytes);
  for (MemoryPool* pool = this; pool != nullptr; pool = pool->parent_) {
    if (pool->limit_bytes_ > 0 && pool->used_bytes() > pool->limit_bytes_) {
      Charge(-bytes);
      return ExternalError("memory.limit",
                           fmt::format("memory pool '{}' is full: {} of {} bytes are used and {} more are needed",
                                       pool->name_, pool->used_bytes(), pool->limit_bytes_, bytes),
                           "raise the memory limit of the job, or bound its state with 'table.exec.state.ttl'");
    }
  }
  return Status::Ok();
}

std::shared_ptr<Buffer> Buffer::Allocate(MemoryPool* pool, size_t bytes) {
  size_t rounded = (bytes + 63) / 64 * 64;
  if (rounded == 0) rounded = 64;
  auto* data = static_cast<uint8_t*>(std::aligned_alloc(64, rounded));
  if (data == nullptr) throw std::bad_alloc();
  pool->Charge(static_cast<int64_t>(rounded));
  return std::shared_ptr<Buffer>(new Buffer(pool, data, rounded));
}

Buffer::~Buffer() {
  pool_->Charge(-static_cast<int64_t>(size_));
  std::free(data_);
}

}  // namespace millrace
