#include "engine/operators/aggregation/distinct_values.h"

#include <algorithm>
#include <cstring>

#include "engine/state/value_codec.h"

namespace millrace::operators {

int32_t DistinctValues::AddFilter(int32_t filter_column) {
  auto found = std::find(filters_.begin(), filters_.end(), filter_column);
  if (found == filters_.end()) found = filters_.insert(filters_.end(), filter_column);
  return static_cast<int32_t>(found - filters_.begin());
}

void DistinctValues::Prepare(int32_t head_offset) {
  head_offset_ = head_offset;
  size_t bytes = (linked_ ? sizeof(Links) : 0) + counter_words() * sizeof(int64_t);
  table_ = std::make_unique<state::KeyedTable>(encoder_.shape(), static_cast<int32_t>(bytes), range_, pool_);
}

Status DistinctValues::Find(std::span<const ColumnPtr> columns, RowSet rows, uint8_t* const* slots,
                            const int32_t* groups) {
  auto n = static_cast<size_t>(rows.count());
  addresses_.resize(n);
  for (size_t i = 0; i < n; ++i) addresses_[i] = static_cast<int64_t>(reinterpret_cast<intptr_t>(slots[i]));
  encoder_.EncodeWith(columns, rows, addresses_.data(), keys_);
  entries_.resize(n);
  created_.clear();
  MR_RETURN_IF_ERROR(table_->FindOrInsert(keys_, groups, entries_.data(), &created_));
  for (int32_t i : created_) Link(entries_[static_cast<size_t>(i)], slots[i]);
  return Status::Ok();
}

bool DistinctValues::Count(int32_t i, size_t filter, bool addition) {
  uint8_t* entry = entries_[static_cast<size_t>(i)];
  int64_t* counters = Counters(entry);
  if (!retract_) {
    auto* words = reinterpret_cast<uint64_t*>(counters);
    uint64_t bit = uint64_t{1} << (filter % 64);
    bool fresh = (words[filter / 64] & bit) == 0;
    words[filter / 64] |= bit;
    return fresh;
  }
  if (addition) return ++counters[filter] == 1;
  if (counters[filter] == 0) {
    // A removal of what never came is let be, as in Flink.
    emptied_.push_back(entry);
    return false;
  }
  if (--counters[filter] != 0) return false;
  emptied_.push_back(entry);
  return true;
}

bool DistinctValues::AllZero(uint8_t* entry) const {
  int64_t* counters = Counters(entry);
  return std::all_of(counters, counters + filters_.size(), [](int64_t count) { return count == 0; });
}

void DistinctValues::Settle() {
  std::sort(emptied_.begin(), emptied_.end());
  emptied_.erase(std::unique(emptied_.begin(), emptied_.end()), emptied_.end());
  for (uint8_t* entry : emptied_) {
    if (AllZero(entry)) Erase(entry);
  }
  emptied_.clear();
}

uint8_t* DistinctValues::SlotOf(const uint8_t* entry) const {
  state::KeyView key = table_->KeyOf(entry);
  int64_t address = key.shape == state::KeyShape::kInt64 ? key.first : key.second;
  if (key.shape == state::KeyShape::kBytes) std::memcpy(&address, key.bytes.data() + key.bytes.size() - 8, 8);
  return reinterpret_cast<uint8_t*>(static_cast<intptr_t>(address));
}

void DistinctValues::InitHead(uint8_t* slot) const {
  if (linked_) Head(slot) = nullptr;
}

void DistinctValues::Link(uint8_t* entry, uint8_t* slot) {
  if (!linked_) return;
  uint8_t*& head = Head(slot);
  *LinksOf(entry) = {nullptr, head};
  if (head != nullptr) LinksOf(head)->previous = entry;
  head = entry;
}

void DistinctValues::Erase(uint8_t* entry) {
  if (linked_) {
    Links* links = LinksOf(entry);
    if (links->previous != nullptr) {
      LinksOf(links->previous)->next = links->next;
    } else {
      Head(SlotOf(entry)) = links->next;
    }
    if (links->next != nullptr) LinksOf(links->next)->previous = links->previous;
  }
  table_->Erase(entry);
}

void DistinctValues::RemoveAll(uint8_t* slot) {
  if (!linked_) return;
  uint8_t* entry = Head(slot);
  while (entry != nullptr) {
    uint8_t* next = LinksOf(entry)->next;
    table_->Erase(entry);
    entry = next;
  }
  Head(slot) = nullptr;
}

namespace {
constexpr size_t kAddressField = 9;  // bytes of the slot's address at the end of a key
}

// A slot is there as long as its entries are: they are taken out, and so saved, before it.
Status DistinctValues::Snapshot(const state::KeyedTable& slots, state::SnapshotWriter::SaveTime time,
                                state::SnapshotWriter& writer) {
  auto save = [this, &slots, key = std::string(), bytes = std::string(), record = std::string()](
                  const uint8_t* entry, state::StateRecords& records) mutable {
    const uint8_t* slot = SlotOf(entry);
    key.clear();
    bytes.clear();
    record.clear();
    slots.AppendKeyOf(slot, key);
    table_->AppendKeyOf(entry, bytes);
    state::PutBytes(std::string_view(bytes).substr(0, bytes.size() - kAddressField), record);
    const int64_t* counters = Counters(const_cast<uint8_t*>(entry));
    for (size_t i = 0; i < counter_words(); ++i) state::PutFixed(counters[i], record);
    records.AddKeyed(slots.KeyGroupOf(slot), key, record);
  };
  return writer.Entries(*table_, time, std::move(save));
}

void DistinctValues::ForEach(const uint8_t* slot,
                             const std::function<void(std::string_view, const int64_t*)>& visit) const {
  std::string bytes;
  for (uint8_t* entry = Head(const_cast<uint8_t*>(slot)); entry != nullptr; entry = LinksOf(entry)->next) {
    bytes.clear();
    table_->AppendKeyOf(entry, bytes);
    visit(std::string_view(bytes).substr(0, bytes.size() - kAddressField), Counters(entry));
  }
}

Status DistinctValues::Put(uint8_t* slot, int32_t group, std::string_view args, const int64_t* counters,
                           std::vector<bool>* fresh) {
  std::string bytes(args);
  state::AppendIntField(static_cast<int64_t>(reinterpret_cast<intptr_t>(slot)), bytes);
  MR_ASSIGN(state::KeyView key, state::ParseKey(encoder_.shape(), bytes));
  bool created = false;
  MR_ASSIGN(uint8_t * entry, table_->FindOrInsert(key, group, &created));
  if (created) Link(entry, slot);
  int64_t* own = Counters(entry);
  fresh->assign(filters_.size(), false);
  for (size_t f = 0; f < filters_.size(); ++f) {
    if (retract_) {
      (*fresh)[f] = own[f] == 0 && counters[f] != 0;
      own[f] += counters[f];
    } else {
      auto* words = reinterpret_cast<uint64_t*>(own);
      uint64_t bit = static_cast<uint64_t>(counters[f / 64]) & (uint64_t{1} << (f % 64));
      (*fresh)[f] = bit != 0 && (words[f / 64] & bit) == 0;
      words[f / 64] |= bit;
    }
  }
  return Status::Ok();
}

}  // namespace millrace::operators
