#include "engine/state/blob_heap.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "engine/state/page_heap.h"

namespace millrace::state {

BlobHeap::BlobHeap(BlobHeap&& other) noexcept
    : pool_(other.pool_),
      slabs_(std::exchange(other.slabs_, {})),
      free_(std::exchange(other.free_, {})),
      large_(std::exchange(other.large_, nullptr)),
      at_(std::exchange(other.at_, nullptr)),
      left_(std::exchange(other.left_, 0)),
      reserved_(std::exchange(other.reserved_, 0)) {}

BlobHeap::~BlobHeap() {
  for (auto& [slab, bytes] : slabs_) FreeRegion(slab);
  while (large_ != nullptr) std::free(std::exchange(large_, large_->next));
  pool_->Charge(-reserved_);
}

Status BlobHeap::NewSlab() {
  size_t bytes = slabs_.empty() ? kSmallest : std::min(slabs_.back().second * 2, kLargest);
  MR_RETURN_IF_ERROR(pool_->TryCharge(static_cast<int64_t>(bytes)));
  uint8_t* slab = AllocateRegion(bytes);
  if (slab == nullptr) {
    pool_->Charge(-static_cast<int64_t>(bytes));
    return ExternalError("memory.limit", "the system has no more memory");
  }
  slabs_.emplace_back(slab, bytes);
  reserved_ += static_cast<int64_t>(bytes);
  at_ = slab;
  left_ = bytes;
  return Status::Ok();
}

Result<uint8_t*> BlobHeap::Allocate(size_t bytes) {
  size_t units = std::max<size_t>((bytes + kUnit - 1) / kUnit, 1);
  if (units > kClasses) {
    size_t whole = sizeof(LargeBlob) + units * kUnit;
    MR_RETURN_IF_ERROR(pool_->TryCharge(static_cast<int64_t>(whole)));
    auto* blob = static_cast<LargeBlob*>(std::aligned_alloc(kUnit, whole));
    if (blob == nullptr) {
      pool_->Charge(-static_cast<int64_t>(whole));
      return ExternalError("memory.limit", "the system has no more memory");
    }
    *blob = {nullptr, large_};
    if (large_ != nullptr) large_->previous = blob;
    large_ = blob;
    reserved_ += static_cast<int64_t>(whole);
    return reinterpret_cast<uint8_t*>(blob + 1);
  }
  if (free_[units] != nullptr) {
    FreeBlob* blob = free_[units];
    free_[units] = blob->next;
    return reinterpret_cast<uint8_t*>(blob);
  }
  if (left_ < units * kUnit) {
    // What is left of the old slab serves later blobs of that size.
    if (left_ > 0) Free(at_, left_);
    MR_RETURN_IF_ERROR(NewSlab());
  }
  uint8_t* blob = at_;
  at_ += units * kUnit;
  left_ -= units * kUnit;
  return blob;
}

void BlobHeap::Free(uint8_t* blob, size_t bytes) {
  size_t units = std::max<size_t>((bytes + kUnit - 1) / kUnit, 1);
  if (units > kClasses) {
    LargeBlob* header = reinterpret_cast<LargeBlob*>(blob) - 1;
    if (header->previous != nullptr) header->previous->next = header->next;
    if (header->next != nullptr) header->next->previous = header->previous;
    if (large_ == header) large_ = header->next;
    auto whole = static_cast<int64_t>(sizeof(LargeBlob) + units * kUnit);
    std::free(header);
    pool_->Charge(-whole);
    reserved_ -= whole;
    return;
  }
  auto* node = reinterpret_cast<FreeBlob*>(blob);
  node->next = free_[units];
  free_[units] = node;
}

}  // namespace millrace::state
