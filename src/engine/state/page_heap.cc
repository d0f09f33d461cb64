#include "engine/state/page_heap.h"

#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <cstdlib>

namespace millrace::state {
namespace {

constexpr size_t kHugePage = 2 * 1024 * 1024;

size_t ClassOf(size_t bytes) { return static_cast<size_t>(std::countr_zero(std::bit_ceil(bytes))); }

}  // namespace

uint8_t* AllocateRegion(size_t bytes) {
  bool huge = bytes >= kHugePage;
  size_t alignment = huge ? kHugePage : 64;
  auto* region = static_cast<uint8_t*>(std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment));
  if (region != nullptr && huge) ::madvise(region, bytes, MADV_HUGEPAGE);  // without effect where there are none
  return region;
}

void FreeRegion(uint8_t* region) { std::free(region); }

PageHeap::PageHeap(PageHeap&& other) noexcept
    : pool_(other.pool_),
      regions_(std::exchange(other.regions_, {})),
      free_(std::exchange(other.free_, {})),
      at_(std::exchange(other.at_, nullptr)),
      left_(std::exchange(other.left_, 0)),
      reserved_(std::exchange(other.reserved_, 0)) {}

PageHeap::~PageHeap() {
  for (auto& [region, bytes] : regions_) FreeRegion(region);
  pool_->Charge(-reserved_);
}

Status PageHeap::NewRegion(size_t at_least) {
  size_t bytes = regions_.empty() ? kSmallest : std::min(regions_.back().second * 2, kLargest);
  bytes = std::max(bytes, (at_least + 63) / 64 * 64);
  MR_RETURN_IF_ERROR(pool_->TryCharge(static_cast<int64_t>(bytes)));
  uint8_t* region = AllocateRegion(bytes);
  if (region == nullptr) {
    pool_->Charge(-static_cast<int64_t>(bytes));
    return ExternalError("memory.limit", "the system has no more memory");
  }
  regions_.emplace_back(region, bytes);
  reserved_ += static_cast<int64_t>(bytes);
  at_ = region;
  left_ = bytes;
  return Status::Ok();
}

Result<uint8_t*> PageHeap::Allocate(size_t bytes) {
  size_t piece_class = ClassOf(bytes);
  if (free_[piece_class] != nullptr) {
    FreePiece* piece = free_[piece_class];
    free_[piece_class] = piece->next;
    return reinterpret_cast<uint8_t*>(piece);
  }
  size_t rounded = (bytes + 63) / 64 * 64;
  if (left_ < rounded) MR_RETURN_IF_ERROR(NewRegion(rounded));
  uint8_t* piece = at_;
  at_ += rounded;
  left_ -= rounded;
  return piece;
}

void PageHeap::Free(uint8_t* piece, size_t bytes) {
  // Only pieces that are as large as their class may serve every request of that class.
  if (!std::has_single_bit(bytes)) return;
  auto* node = reinterpret_cast<FreePiece*>(piece);
  node->next = free_[ClassOf(bytes)];
  free_[ClassOf(bytes)] = node;
}

}  // namespace millrace::state
