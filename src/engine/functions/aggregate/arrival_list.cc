// ArrivalList: a deque with holes, and an index by value once it pays.
#include "engine/functions/aggregate/arrival_list.h"

#include <utility>

namespace millrace::functions {
namespace {

constexpr uint64_t kNone = UINT64_MAX;
constexpr size_t kIndexFrom = 64;  // items from which a removal builds the index
constexpr int64_t kItemBytes = 40;
constexpr int64_t kIndexEntryBytes = 64;

}  // namespace

void ArrivalList::Add(std::string_view item) {
  items_.push_back({std::string(item), true});
  ++live_;
  Charge(kItemBytes + static_cast<int64_t>(item.size()));
  if (indexed_) {
    index_[items_.back().bytes].push_back(base_ + items_.size() - 1);
    Charge(kIndexEntryBytes);
  }
}

void ArrivalList::Remove(std::string_view item) {
  if (RemoveFirst(item)) return;
  unmatched_.emplace_back(item);
  Charge(kItemBytes + static_cast<int64_t>(item.size()));
}

bool ArrivalList::RemoveFirst(std::string_view item) {
  uint64_t sequence = Find(item);
  if (sequence == kNone) return false;
  Erase(sequence);
  return true;
}

uint64_t ArrivalList::Find(std::string_view item) {
  if (!indexed_ && live_ >= kIndexFrom) BuildIndex();
  if (!indexed_) {
    for (size_t k = 0; k < items_.size(); ++k) {
      if (items_[k].live && items_[k].bytes == item) return base_ + k;
    }
    return kNone;
  }
  auto place = index_.find(std::string(item));
  if (place == index_.end()) return kNone;
  uint64_t sequence = place->second.front();
  place->second.pop_front();
  if (place->second.empty()) index_.erase(place);
  Charge(-kIndexEntryBytes);
  return sequence;
}

void ArrivalList::Erase(uint64_t sequence) {
  Item& item = items_[sequence - base_];
  item.live = false;
  --live_;
  Charge(-kItemBytes - static_cast<int64_t>(item.bytes.size()));
  std::string().swap(item.bytes);
  Trim();
  if (items_.size() > kIndexFrom && items_.size() > live_ * 2) Compact();
}

void ArrivalList::Trim() {
  while (!items_.empty() && !items_.front().live) {
    items_.pop_front();
    ++base_;
  }
  while (!items_.empty() && !items_.back().live) items_.pop_back();
}

void ArrivalList::Compact() {
  std::deque<Item> kept;
  for (Item& item : items_) {
    if (item.live) kept.push_back(std::move(item));
  }
  items_ = std::move(kept);
  base_ = 0;
  if (indexed_) BuildIndex();
}

void ArrivalList::BuildIndex() {
  if (indexed_) Charge(-kIndexEntryBytes * static_cast<int64_t>(live_));
  index_.clear();
  for (size_t k = 0; k < items_.size(); ++k) {
    if (items_[k].live) index_[items_[k].bytes].push_back(base_ + k);
  }
  Charge(kIndexEntryBytes * static_cast<int64_t>(live_));
  indexed_ = true;
}

void ArrivalList::Merge(const ArrivalList& other) {
  other.ForEach([this](const std::string& item) { Add(item); });
  std::vector<std::string> removals = std::exchange(unmatched_, {});
  for (const std::string& item : removals) Charge(-kItemBytes - static_cast<int64_t>(item.size()));
  removals.insert(removals.end(), other.unmatched_.begin(), other.unmatched_.end());
  for (const std::string& item : removals) Remove(item);
}

void ArrivalList::Save(std::string& out) const {
  PutVarint(out, live_);
  ForEach([&out](const std::string& item) { PutBytes(out, item); });
  PutVarint(out, unmatched_.size());
  for (const std::string& item : unmatched_) PutBytes(out, item);
}

void ArrivalList::Load(RecordReader& in) {
  for (uint64_t left = in.Varint(); left > 0 && !in.failed(); --left) Add(in.Bytes());
  for (uint64_t left = in.Varint(); left > 0 && !in.failed(); --left) {
    unmatched_.emplace_back(in.Bytes());
    Charge(kItemBytes + static_cast<int64_t>(unmatched_.back().size()));
  }
}

Status ListSlot::Load(std::string_view record, MemoryPool* pool) {
  if (record.empty()) return Status::Ok();
  RecordReader in(record);
  Get(pool).Load(in);
  return in.Finish();
}

}  // namespace millrace::functions
