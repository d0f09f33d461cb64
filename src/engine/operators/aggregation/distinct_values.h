// The distinct values of DISTINCT aggregates over one list of arguments, of all groups of an operator.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/state/key_encoder.h"
#include "engine/state/keyed_table.h"
#include "types/chunk.h"

namespace millrace::operators {

// Owned by an AggregateSet. An entry is (arguments, slot) → for each filter how often it is in the group (retracting
// input) or whether it is (insert-only input). Linked entries hang in a list whose head is in the slot, `head_offset`
// bytes from its start.
class DistinctValues {
 public:
  DistinctValues(std::vector<int32_t> args, const std::vector<DataType>& types, bool retract, bool linked,
                 state::KeyGroupRange range, MemoryPool* pool)
      : encoder_(std::move(args), types, true), retract_(retract), linked_(linked), range_(range), pool_(pool) {}

  const std::vector<int32_t>& args() const { return encoder_.columns(); }
  // Position of a FILTER column (-1: none) in the entries; added when it is new. Only before Prepare.
  int32_t AddFilter(int32_t filter_column);
  const std::vector<int32_t>& filters() const { return filters_; }
  void Prepare(int32_t head_offset);
  bool linked() const { return linked_; }
  int32_t head_offset() const { return head_offset_; }

  // Looks at a row's arguments: the entries, parallel to `rows`. They stay valid until Settle.
  Status Find(std::span<const ColumnPtr> columns, RowSet rows, uint8_t* const* slots, const int32_t* groups);
  // Counts row i under filter `filter`; true when the aggregates of that filter must see it: the first addition or the
  // last removal.
  bool Count(int32_t i, size_t filter, bool addition);
  // Takes out entries that are counted down to nothing.
  void Settle();

  void InitHead(uint8_t* slot) const;
  // Takes out all entries of a slot (linked only).
  void RemoveAll(uint8_t* slot);
  // Calls with (arguments' bytes, counters) for each entry of a slot (linked only).
  void ForEach(const uint8_t* slot, const std::function<void(std::string_view, const int64_t*)>& visit) const;
  // The entries of all slots, which belong to `slots`, as records of the state begun last: key of the slot → arguments
  // and counters.
  Status Snapshot(const state::KeyedTable& slots, state::SnapshotWriter::SaveTime time, state::SnapshotWriter& writer);
  size_t counter_words() const { return retract_ ? filters_.size() : (filters_.size() + 63) / 64; }
  // Puts an entry as ForEach gave it; counts are added, `fresh[f]` says under which filters it was not there before.
  Status Put(uint8_t* slot, int32_t group, std::string_view args, const int64_t* counters, std::vector<bool>* fresh);
  const std::vector<DataType>& types() const { return encoder_.types(); }  // of the arguments, then the slot's

 private:
  struct Links {
    uint8_t* previous;
    uint8_t* next;
  };
  int64_t* Counters(uint8_t* entry) const { return reinterpret_cast<int64_t*>(entry + (linked_ ? sizeof(Links) : 0)); }
  Links* LinksOf(uint8_t* entry) const { return reinterpret_cast<Links*>(entry); }
  uint8_t*& Head(uint8_t* slot) const { return *reinterpret_cast<uint8_t**>(slot + head_offset_); }
  uint8_t* SlotOf(const uint8_t* entry) const;
  void Link(uint8_t* entry, uint8_t* slot);
  void Erase(uint8_t* entry);
  bool AllZero(uint8_t* entry) const;

  state::KeyEncoder encoder_;
  bool retract_;
  bool linked_;
  state::KeyGroupRange range_;
  MemoryPool* pool_;
  int32_t head_offset_ = 0;
  std::vector<int32_t> filters_;
  std::unique_ptr<state::KeyedTable> table_;
  // Of the last Find.
  state::KeyBatch keys_;
  std::vector<int64_t> addresses_;
  std::vector<uint8_t*> entries_;
  std::vector<int32_t> created_;
  std::vector<uint8_t*> emptied_;
};

}  // namespace millrace::operators
