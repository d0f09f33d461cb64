#include "engine/state/keyed_table.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "base/check.h"

namespace millrace::state {
namespace {

constexpr uint32_t kFirstBuckets = 16;
constexpr uint32_t kSegmentBytes = 8192;
constexpr int32_t kPrefetchRows = 64;  // rows whose cache misses overlap
constexpr uint32_t kInlineKey = 28;    // longer packed keys go out of line

// A packed key in a slot.
struct PackedKey {
  uint32_t size;
  char inline_bytes[kInlineKey];

  const char* data() const {
    if (size <= kInlineKey) return inline_bytes;
    const char* out;
    std::memcpy(&out, inline_bytes + 4, sizeof(out));
    return out;
  }
  std::string_view view() const { return {data(), size}; }
};
static_assert(sizeof(PackedKey) == 32);

uint32_t KeyBytes(KeyShape shape) {
  switch (shape) {
    case KeyShape::kInt64:
      return 8;
    case KeyShape::kTwoInt64:
      return 16;
    case KeyShape::kBytes:
      return sizeof(PackedKey);
  }
  return 0;
}

uint32_t TagOf(uint64_t hash) { return static_cast<uint32_t>(hash); }

}  // namespace

KeyedTable::KeyedTable(KeyShape shape, int32_t value_bytes, KeyGroupRange range, MemoryPool* pool)
    : shape_(shape), value_bytes_((value_bytes + 7) / 8 * 8), range_(range), pages_(pool), heap_(pool) {
  key_offset_ = static_cast<uint32_t>(value_bytes_);
  footer_offset_ = key_offset_ + KeyBytes(shape);
  slot_bytes_ = (footer_offset_ + static_cast<uint32_t>(sizeof(Footer)) + 15) / 16 * 16;
  uint32_t slots = std::clamp(std::bit_floor(kSegmentBytes / slot_bytes_), 4U, 256U);
  segment_shift_ = static_cast<uint32_t>(std::countr_zero(slots));
  segment_mask_ = slots - 1;
  groups_.resize(static_cast<size_t>(std::max(range.last - range.first + 1, 0)));
}

KeyedTable::KeyedTable(KeyedTable&& other) noexcept
    : shape_(other.shape_),
      value_bytes_(other.value_bytes_),
      key_offset_(other.key_offset_),
      footer_offset_(other.footer_offset_),
      slot_bytes_(other.slot_bytes_),
      segment_shift_(other.segment_shift_),
      segment_mask_(other.segment_mask_),
      range_(other.range_),
      groups_(std::exchange(other.groups_, {})),
      pages_(std::move(other.pages_)),
      heap_(std::move(other.heap_)),
      epoch_(other.epoch_),
      size_(std::exchange(other.size_, 0)),
      save_(std::move(other.save_)) {}

void KeyedTable::Clear() {
  TableCursor cursor;
  while (uint8_t* value = Next(cursor)) Erase(value);
}

bool KeyedTable::KeyEquals(const uint8_t* value, const KeyView& key) const {
  const uint8_t* at = value + key_offset_;
  if (shape_ == KeyShape::kBytes) return reinterpret_cast<const PackedKey*>(at)->view() == key.bytes;
  int64_t stored[2] = {0, 0};
  std::memcpy(stored, at, shape_ == KeyShape::kInt64 ? 8 : 16);
  return stored[0] == key.first && stored[1] == key.second && FooterOf(value)->nulls == key.nulls;
}

template <KeyShape kShape>
inline bool KeyedTable::KeyEquals(const uint8_t* value, const KeyBatch& keys, int32_t i) const {
  const uint8_t* at = value + key_offset_;
  auto row = static_cast<size_t>(i);
  if constexpr (kShape == KeyShape::kBytes) {
    return reinterpret_cast<const PackedKey*>(at)->view() == keys.Bytes(i);
  } else {
    const auto* stored = reinterpret_cast<const int64_t*>(at);
    if (stored[0] != keys.first[row] || FooterOf(value)->nulls != keys.nulls[row]) return false;
    if constexpr (kShape == KeyShape::kTwoInt64) return stored[1] == keys.second[row];
    return true;
  }
}

template <KeyShape kShape>
inline uint8_t* KeyedTable::Probe(const Group& group, const KeyBatch& keys, int32_t i, uint32_t* slot) const {
  if (group.buckets == nullptr) return nullptr;
  uint32_t tag = TagOf(keys.hashes[static_cast<size_t>(i)]);
  for (uint32_t at = tag & group.mask;; at = (at + 1) & group.mask) {
    const Bucket& bucket = group.buckets[at];
    if (bucket.entry == kNoEntry) return nullptr;
    if (bucket.tag != tag) continue;
    uint8_t* value = SlotAt(group, bucket.entry - 1);
    if (KeyEquals<kShape>(value, keys, i)) {
      *slot = bucket.entry - 1;
      return value;
    }
  }
}

// First the buckets, then the slots that they name: two passes, so that the misses of all rows are under way at once.
void KeyedTable::Prefetch(const KeyBatch& keys, const int32_t* groups, int32_t from, int32_t to) const {
  for (int32_t i = from; i < to; ++i) {
    const Group& group = groups_[static_cast<size_t>(groups[i] - range_.first)];
    if (group.buckets == nullptr) continue;
    __builtin_prefetch(&group.buckets[TagOf(keys.hashes[static_cast<size_t>(i)]) & group.mask]);
  }
  for (int32_t i = from; i < to; ++i) {
    const Group& group = groups_[static_cast<size_t>(groups[i] - range_.first)];
    if (group.buckets == nullptr) continue;
    const Bucket& bucket = group.buckets[TagOf(keys.hashes[static_cast<size_t>(i)]) & group.mask];
    if (bucket.entry == kNoEntry) continue;
    const uint8_t* slot = SlotAt(group, bucket.entry - 1);
    __builtin_prefetch(slot, 1);
    if (footer_offset_ >= 64) __builtin_prefetch(slot + key_offset_);
  }
}

template <KeyShape kShape>
Status KeyedTable::FindOrInsertShaped(const KeyBatch& keys, const int32_t* groups, uint8_t** values,
                                      std::vector<int32_t>* created) {
  for (int32_t from = 0; from < keys.count; from += kPrefetchRows) {
    int32_t to = std::min(keys.count, from + kPrefetchRows);
    Prefetch(keys, groups, from, to);
    for (int32_t i = from; i < to; ++i) {
      int32_t index = groups[i] - range_.first;
      Group& group = groups_[static_cast<size_t>(index)];
      uint32_t slot = 0;
      uint8_t* value = Probe<kShape>(group, keys, i, &slot);
      if (value == nullptr) {
        MR_ASSIGN(value, Insert(keys.View(i), index));
        if (created != nullptr) created->push_back(i);
      } else {
        BeforeChangeIn(static_cast<size_t>(index), slot);
        group.epochs[slot >> segment_shift_] = epoch_;
      }
      values[i] = value;
    }
  }
  return Status::Ok();
}

Status KeyedTable::FindOrInsert(const KeyBatch& keys, const int32_t* groups, uint8_t** values,
                                std::vector<int32_t>* created) {
  MR_DCHECK(keys.shape == shape_);
  switch (shape_) {
    case KeyShape::kInt64:
      return FindOrInsertShaped<KeyShape::kInt64>(keys, groups, values, created);
    case KeyShape::kTwoInt64:
      return FindOrInsertShaped<KeyShape::kTwoInt64>(keys, groups, values, created);
    case KeyShape::kBytes:
      return FindOrInsertShaped<KeyShape::kBytes>(keys, groups, values, created);
  }
  return Status::Ok();
}

void KeyedTable::Find(const KeyBatch& keys, const int32_t* groups, uint8_t** values) const {
  for (int32_t from = 0; from < keys.count; from += kPrefetchRows) {
    int32_t to = std::min(keys.count, from + kPrefetchRows);
    Prefetch(keys, groups, from, to);
    for (int32_t i = from; i < to; ++i) {
      auto index = static_cast<size_t>(groups[i] - range_.first);
      const Group& group = groups_[index];
      uint32_t slot = 0;
      switch (shape_) {
        case KeyShape::kInt64:
          values[i] = Probe<KeyShape::kInt64>(group, keys, i, &slot);
          break;
        case KeyShape::kTwoInt64:
          values[i] = Probe<KeyShape::kTwoInt64>(group, keys, i, &slot);
          break;
        case KeyShape::kBytes:
          values[i] = Probe<KeyShape::kBytes>(group, keys, i, &slot);
          break;
      }
      if (values[i] != nullptr) BeforeChangeIn(index, slot);
    }
  }
}

uint8_t* KeyedTable::Find(const KeyView& key, int32_t group_number) const {
  auto index = static_cast<size_t>(group_number - range_.first);
  const Group& group = groups_[index];
  if (group.buckets == nullptr) return nullptr;
  uint32_t tag = TagOf(key.hash);
  for (uint32_t at = tag & group.mask;; at = (at + 1) & group.mask) {
    const Bucket& bucket = group.buckets[at];
    if (bucket.entry == kNoEntry) return nullptr;
    if (bucket.tag != tag) continue;
    uint8_t* value = SlotAt(group, bucket.entry - 1);
    if (!KeyEquals(value, key)) continue;
    BeforeChangeIn(index, bucket.entry - 1);
    return value;
  }
}

Result<uint8_t*> KeyedTable::FindOrInsert(const KeyView& key, int32_t group, bool* created) {
  uint8_t* value = Find(key, group);
  if (created != nullptr) *created = value == nullptr;
  if (value != nullptr) return value;
  return Insert(key, group - range_.first);
}

Status KeyedTable::GrowIndex(Group& group) {
  uint32_t buckets = group.buckets == nullptr ? kFirstBuckets : (group.mask + 1) * 2;
  MR_ASSIGN(uint8_t * piece, pages_.Allocate(sizeof(Bucket) * buckets));
  auto* grown = reinterpret_cast<Bucket*>(piece);
  std::memset(grown, 0, sizeof(Bucket) * buckets);
  uint32_t mask = buckets - 1;
  for (uint32_t i = 0; group.buckets != nullptr && i <= group.mask; ++i) {
    if (group.buckets[i].entry == kNoEntry) continue;
    uint32_t at = group.buckets[i].tag & mask;
    while (grown[at].entry != kNoEntry) at = (at + 1) & mask;
    grown[at] = group.buckets[i];
  }
  if (group.buckets != nullptr) {
    pages_.Free(reinterpret_cast<uint8_t*>(group.buckets), sizeof(Bucket) * (group.mask + 1));
  }
  group.buckets = grown;
  group.mask = mask;
  return Status::Ok();
}

Result<uint32_t> KeyedTable::TakeSlot(int32_t group_index) {
  auto index = static_cast<size_t>(group_index);
  Group& group = groups_[index];
  if (!group.free_slots.empty()) {
    uint32_t slot = group.free_slots.back();
    group.free_slots.pop_back();
    BeforeChangeIn(index, slot);
    group.epochs[slot >> segment_shift_] = epoch_;
    return slot;
  }
  if ((group.slots & segment_mask_) == 0) {
    MR_ASSIGN(uint8_t * segment, pages_.Allocate(static_cast<size_t>(slot_bytes_) * (segment_mask_ + 1)));
    group.segments.push_back(segment);
    group.epochs.push_back(epoch_);
  }
  BeforeChangeIn(index, group.slots);
  group.epochs[group.slots >> segment_shift_] = epoch_;
  return group.slots++;
}

Status KeyedTable::StoreKey(const KeyView& key, uint8_t* value) {
  uint8_t* at = value + key_offset_;
  if (shape_ != KeyShape::kBytes) {
    std::memcpy(at, &key.first, 8);
    if (shape_ == KeyShape::kTwoInt64) std::memcpy(at + 8, &key.second, 8);
    return Status::Ok();
  }
  auto* packed = reinterpret_cast<PackedKey*>(at);
  packed->size = static_cast<uint32_t>(key.bytes.size());
  if (packed->size <= kInlineKey) {
    std::memcpy(packed->inline_bytes, key.bytes.data(), key.bytes.size());
    return Status::Ok();
  }
  MR_ASSIGN(uint8_t * blob, heap_.Allocate(key.bytes.size()));
  std::memcpy(blob, key.bytes.data(), key.bytes.size());
  std::memcpy(packed->inline_bytes + 4, &blob, sizeof(blob));
  return Status::Ok();
}

Result<uint8_t*> KeyedTable::Insert(const KeyView& key, int32_t group_index) {
  Group& group = groups_[static_cast<size_t>(group_index)];
  if (group.buckets == nullptr || (group.used + 1) * 4 > (group.mask + 1) * 3) MR_RETURN_IF_ERROR(GrowIndex(group));
  MR_ASSIGN(uint32_t slot, TakeSlot(group_index));
  uint8_t* value = SlotAt(group, slot);
  std::memset(value, 0, slot_bytes_);
  Status stored = StoreKey(key, value);
  if (!stored.ok()) {
    FooterOf(value)->live = 0;
    group.free_slots.push_back(slot);
    return std::move(stored).error();
  }
  uint32_t tag = TagOf(key.hash);
  *FooterOf(value) = {tag, static_cast<uint16_t>(group_index), key.nulls, 1};
  uint32_t at = tag & group.mask;
  while (group.buckets[at].entry != kNoEntry) at = (at + 1) & group.mask;
  group.buckets[at] = {tag, slot + 1};
  ++group.used;
  ++size_;
  return value;
}

void KeyedTable::Erase(uint8_t* value) {
  Footer* footer = FooterOf(value);
  BeforeChange(value);
  Group& group = groups_[footer->group];
  uint32_t at = footer->tag & group.mask;
  while (group.buckets[at].tag != footer->tag || SlotAt(group, group.buckets[at].entry - 1) != value) {
    MR_DCHECK(group.buckets[at].entry != kNoEntry);
    at = (at + 1) & group.mask;
  }
  uint32_t slot = group.buckets[at].entry - 1;
  if (shape_ == KeyShape::kBytes) {
    auto* packed = reinterpret_cast<PackedKey*>(value + key_offset_);
    if (packed->size > kInlineKey) {
      heap_.Free(reinterpret_cast<uint8_t*>(const_cast<char*>(packed->data())), packed->size);
    }
  }
  footer->live = 0;
  group.epochs[slot >> segment_shift_] = epoch_;
  group.free_slots.push_back(slot);
  // Close the gap: whoever was pushed past it by a collision moves back.
  for (uint32_t next = (at + 1) & group.mask; group.buckets[next].entry != kNoEntry; next = (next + 1) & group.mask) {
    uint32_t home = group.buckets[next].tag & group.mask;
    if (((next - home) & group.mask) < ((next - at) & group.mask)) continue;
    group.buckets[at] = group.buckets[next];
    at = next;
  }
  group.buckets[at] = {0, kNoEntry};
  --group.used;
  --size_;
}

uint8_t* KeyedTable::Next(TableCursor& cursor) const {
  for (; cursor.group < static_cast<int32_t>(groups_.size()); ++cursor.group, cursor.entry = 0) {
    const Group& group = groups_[static_cast<size_t>(cursor.group)];
    while (cursor.entry < group.slots) {
      uint32_t slot = cursor.entry++;
      uint8_t* value = SlotAt(group, slot);
      if (FooterOf(value)->live == 0) continue;
      BeforeChangeIn(static_cast<size_t>(cursor.group), slot);
      return value;
    }
  }
  return nullptr;
}

void KeyedTable::StartSave(std::function<void(const uint8_t*)> save) {
  save_ = std::make_unique<Save>();
  save_->save = std::move(save);
  for (const Group& group : groups_) save_->unsaved.emplace_back(group.segments.size(), uint8_t{1});
}

bool KeyedTable::SaveMore(int32_t* entries) {
  if (save_ == nullptr) return true;
  for (; save_->group < groups_.size(); ++save_->group, save_->segment = 0) {
    while (save_->segment < save_->unsaved[save_->group].size()) {
      if (*entries <= 0) return false;
      *entries -= SaveSegment(save_->group, save_->segment++);
    }
  }
  save_.reset();
  return true;
}

int32_t KeyedTable::SaveSegment(size_t group_index, size_t segment) const {
  std::vector<uint8_t>& unsaved = save_->unsaved[group_index];
  if (segment >= unsaved.size() || unsaved[segment] == 0) return 0;  // one that came later has nothing to save
  unsaved[segment] = 0;
  const Group& group = groups_[group_index];
  auto first = static_cast<uint32_t>(segment << segment_shift_);
  uint32_t last = std::min(first + segment_mask_ + 1, group.slots);
  for (uint32_t slot = first; slot < last; ++slot) {
    const uint8_t* value = SlotAt(group, slot);
    if (FooterOf(value)->live != 0) save_->save(value);
  }
  return static_cast<int32_t>(last - first);
}

void KeyedTable::BeforeChange(const uint8_t* value) const {
  if (save_ == nullptr) return;
  size_t group_index = FooterOf(value)->group;
  const Group& group = groups_[group_index];
  for (uint32_t at = FooterOf(value)->tag & group.mask;; at = (at + 1) & group.mask) {
    uint32_t entry = group.buckets[at].entry;
    MR_DCHECK(entry != kNoEntry);
    if (SlotAt(group, entry - 1) == value) return BeforeChangeIn(group_index, entry - 1);
  }
}

KeyView KeyedTable::KeyWithoutHash(const uint8_t* value) const {
  KeyView key;
  key.shape = shape_;
  key.nulls = FooterOf(value)->nulls;
  const uint8_t* at = value + key_offset_;
  if (shape_ == KeyShape::kBytes) {
    key.bytes = reinterpret_cast<const PackedKey*>(at)->view();
    return key;
  }
  std::memcpy(&key.first, at, 8);
  if (shape_ == KeyShape::kTwoInt64) std::memcpy(&key.second, at + 8, 8);
  return key;
}

KeyView KeyedTable::KeyOf(const uint8_t* value) const {
  KeyView key = KeyWithoutHash(value);
  key.hash = shape_ == KeyShape::kBytes ? KeyHash(key.bytes) : HashOf(key);
  return key;
}

void KeyedTable::AppendKeyOf(const uint8_t* value, std::string& out) const {
  AppendKeyBytes(KeyWithoutHash(value), out);
}

int32_t KeyedTable::KeyGroupOf(const uint8_t* value) const { return FooterOf(value)->group + range_.first; }

}  // namespace millrace::state
