#include "engine/operators/rank/sorted_rows.h"

#include <algorithm>
#include <cstring>

namespace millrace::operators {
namespace {

void FreeBytes(void* blob, size_t bytes, state::BlobHeap& heap) { heap.Free(static_cast<uint8_t*>(blob), bytes); }

}  // namespace

uint8_t* SortedRows::Row(uint32_t rank) const {
  for (uint32_t b = 0; b < block_count_; ++b) {
    Block* block = BlockAt(b);
    if (rank < block->count) return block->rows()[rank];
    rank -= block->count;
  }
  return nullptr;
}

uint8_t* SortedRows::Last() const {
  if (size_ == 0) return nullptr;
  Block* block = BlockAt(block_count_ - 1);
  return block->rows()[block->count - 1];
}

uint32_t SortedRows::RankOf(Place place) const {
  uint32_t rank = place.at;
  for (uint32_t b = 0; b < place.block; ++b) rank += BlockAt(b)->count;
  return rank;
}

SortedRows::Place SortedRows::PlaceOf(uint32_t rank) const {
  for (uint32_t b = 0; b < block_count_; ++b) {
    if (rank < BlockAt(b)->count || b + 1 == block_count_) return {b, rank};
    rank -= BlockAt(b)->count;
  }
  return {0, 0};
}

SortedRows::Place SortedRows::UpperBound(const uint8_t* row, const RowComparator& order) const {
  if (size_ == 0) return {0, 0};
  // The first block whose last row is greater, else the last block.
  uint32_t low = 0;
  uint32_t high = block_count_ - 1;
  while (low < high) {
    uint32_t middle = (low + high) / 2;
    Block* block = BlockAt(middle);
    if (order.Compare(block->rows()[block->count - 1], row) > 0) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  Block* block = BlockAt(low);
  uint8_t** place = std::upper_bound(block->rows(), block->rows() + block->count, row,
                                     [&](const uint8_t* a, const uint8_t* b) { return order.Compare(a, b) < 0; });
  return {low, static_cast<uint32_t>(place - block->rows())};
}

bool SortedRows::Find(const uint8_t* row, const RowComparator& order, Place* place) const {
  if (size_ == 0) return false;
  // The first block whose last row is not smaller.
  uint32_t low = 0;
  uint32_t high = block_count_ - 1;
  while (low < high) {
    uint32_t middle = (low + high) / 2;
    Block* block = BlockAt(middle);
    if (order.Compare(block->rows()[block->count - 1], row) >= 0) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  Block* block = BlockAt(low);
  uint8_t** first = std::lower_bound(block->rows(), block->rows() + block->count, row,
                                     [&](const uint8_t* a, const uint8_t* b) { return order.Compare(a, b) < 0; });
  auto at = static_cast<uint32_t>(first - block->rows());
  for (uint32_t b = low; b < block_count_; ++b, at = 0) {
    block = BlockAt(b);
    for (; at < block->count; ++at) {
      const uint8_t* candidate = block->rows()[at];
      if (state::PackedBytes(candidate) == state::PackedBytes(row)) {
        *place = {b, at};
        return true;
      }
      if (order.Compare(candidate, row) != 0) return false;
    }
  }
  return false;
}

Result<SortedRows::Block*> SortedRows::NewBlock(uint32_t capacity, state::BlobHeap& heap) {
  MR_ASSIGN(uint8_t * blob, heap.Allocate(Block::BytesFor(capacity)));
  auto* block = reinterpret_cast<Block*>(blob);
  block->count = 0;
  block->capacity = capacity;
  return block;
}

Status SortedRows::GrowBlock(uint32_t b, state::BlobHeap& heap) {
  Block* old = BlockAt(b);
  MR_ASSIGN(Block * grown, NewBlock(std::min(old->capacity * 2, kBlockRows), heap));
  grown->count = old->count;
  std::memcpy(grown->rows(), old->rows(), old->count * sizeof(uint8_t*));
  FreeBytes(old, Block::BytesFor(old->capacity), heap);
  SetBlock(b, grown);
  return Status::Ok();
}

Status SortedRows::SplitBlock(uint32_t b, state::BlobHeap& heap) {
  MR_ASSIGN(Block * behind, NewBlock(kBlockRows, heap));
  Block* full = BlockAt(b);
  if (block_count_ == 1 || block_count_ == block_capacity_) {
    uint32_t capacity = std::max(block_count_ * 2, 4U);
    Result<uint8_t*> blob = heap.Allocate(capacity * sizeof(Block*));
    if (!blob.ok()) {
      FreeBytes(behind, Block::BytesFor(kBlockRows), heap);
      return std::move(blob).error();
    }
    auto** list = reinterpret_cast<Block**>(*blob);
    for (uint32_t i = 0; i < block_count_; ++i) list[i] = BlockAt(i);
    if (block_count_ > 1) FreeBytes(many_, block_capacity_ * sizeof(Block*), heap);
    many_ = list;
    block_capacity_ = capacity;
  }
  behind->count = full->count - full->count / 2;
  full->count /= 2;
  std::memcpy(behind->rows(), full->rows() + full->count, behind->count * sizeof(uint8_t*));
  std::memmove(many_ + b + 2, many_ + b + 1, (block_count_ - b - 1) * sizeof(Block*));
  many_[b + 1] = behind;
  ++block_count_;
  return Status::Ok();
}

Status SortedRows::Insert(Place place, uint8_t* row, state::BlobHeap& heap) {
  if (block_count_ == 0) {
    MR_ASSIGN(one_, NewBlock(6, heap));
    block_count_ = 1;
    place = {0, 0};
  }
  Block* block = BlockAt(place.block);
  if (block->count == block->capacity) {
    if (block->capacity < kBlockRows) {
      MR_RETURN_IF_ERROR(GrowBlock(place.block, heap));
    } else {
      MR_RETURN_IF_ERROR(SplitBlock(place.block, heap));
      uint32_t left = BlockAt(place.block)->count;
      if (place.at > left) place = {place.block + 1, place.at - left};
    }
    block = BlockAt(place.block);
  }
  std::memmove(block->rows() + place.at + 1, block->rows() + place.at, (block->count - place.at) * sizeof(uint8_t*));
  block->rows()[place.at] = row;
  ++block->count;
  ++size_;
  return Status::Ok();
}

void SortedRows::DropBlock(uint32_t b, state::BlobHeap& heap) {
  Block* block = BlockAt(b);
  FreeBytes(block, Block::BytesFor(block->capacity), heap);
  if (block_count_ == 1) {
    block_count_ = 0;
    one_ = nullptr;
    return;
  }
  std::memmove(many_ + b, many_ + b + 1, (block_count_ - b - 1) * sizeof(Block*));
  if (--block_count_ == 1) {
    Block** list = many_;
    one_ = list[0];
    FreeBytes(list, block_capacity_ * sizeof(Block*), heap);
    block_capacity_ = 0;
  }
}

uint8_t* SortedRows::Remove(Place place, state::BlobHeap& heap) {
  Block* block = BlockAt(place.block);
  uint8_t* row = block->rows()[place.at];
  std::memmove(block->rows() + place.at, block->rows() + place.at + 1,
               (block->count - place.at - 1) * sizeof(uint8_t*));
  --block->count;
  --size_;
  if (block->count == 0) DropBlock(place.block, heap);
  return row;
}

uint8_t* SortedRows::RemoveLast(state::BlobHeap& heap) {
  uint32_t b = block_count_ - 1;
  return Remove({b, BlockAt(b)->count - 1}, heap);
}

void SortedRows::Clear(state::BlobHeap& heap) {
  while (block_count_ > 0) DropBlock(block_count_ - 1, heap);
  size_ = 0;
}

}  // namespace millrace::operators
