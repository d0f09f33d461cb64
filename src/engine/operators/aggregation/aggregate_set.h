// The aggregates of one operator, side by side in one slot of memory: accumulators, and for DISTINCT the values that
// were seen.
//
// Aggregates over the same distinct arguments share one table, with a count (or a bit) per FILTER. The table is keyed
// by the arguments and the address of the slot that they belong to, so it needs no copy of the group's key; a slot's
// address must not change.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/functions/aggregate_function.h"
#include "engine/operators/aggregation/distinct_values.h"
#include "engine/state/keyed_table.h"
#include "types/chunk.h"

namespace millrace::operators {

// Rows on their way into slots: row rows[i] of the columns goes into slots[i], whose key group is groups[i].
struct AggregateInput {
  std::span<const ColumnPtr> columns;
  RowSet rows = RowSet::All(0);
  uint8_t* const* slots = nullptr;
  const int32_t* groups = nullptr;
  const std::vector<RowKind>* kinds = nullptr;  // by position; null: all +I
};

// Owned by one operator; not thread-safe.
class AggregateSet {
 public:
  // Accumulators start `header_bytes` into each slot. With `linked` the distinct values of a slot can be found from it,
  // which removing whole slots and merging need.
  static Result<std::unique_ptr<AggregateSet>> Make(const std::vector<functions::AggregateCall>& calls,
                                                    functions::AggregateMode mode, int32_t header_bytes, bool linked,
                                                    state::KeyGroupRange range, MemoryPool* pool);

  int32_t slot_bytes() const { return slot_bytes_; }  // header included
  size_t size() const { return calls_.size(); }
  const std::vector<functions::AggregateCall>& calls() const { return calls_; }

  void Init(uint8_t* slot) const;
  // Frees what the slot owns, its distinct values too.
  void Destroy(uint8_t* slot);
  void Reset(uint8_t* slot) {
    Destroy(slot);
    Init(slot);
  }

  Status Accumulate(const AggregateInput& input);
  // Adds all of `from` to `to`, whose key group is `group`; `from` stays as it is.
  Status Merge(uint8_t* to, int32_t group, const uint8_t* from);
  // Appends the result of aggregate `index` for each slot.
  Status Emit(size_t index, uint8_t* const* slots, int32_t count, ColumnBuilder& out) const;

  // All slots of `slots`, whose values they are, with their distinct values. `save_header` appends what the header
  // holds; with kInUse it must live as long as the table.
  using SaveHeader = std::function<void(const uint8_t* slot, std::string& out)>;
  using SaveTime = state::SnapshotWriter::SaveTime;
  Status Snapshot(state::KeyedTable& slots, SaveTime time, SaveHeader save_header, state::SnapshotWriter& writer);
  // Puts them back. `load_header` takes what save_header appended from the front of its argument; the slot is Init'ed
  // and then loaded. An aggregate that the snapshot does not know fails with code "snapshot.incompatible".
  using LoadHeader = std::function<Status(uint8_t* slot, std::string_view& in)>;
  Status Restore(state::KeyedTable& slots, const LoadHeader& load_header, state::SnapshotReader& reader);

 private:
  AggregateSet() = default;

  struct Member {
    std::unique_ptr<functions::Aggregator> aggregator;
    int32_t offset = 0;
    int32_t distinct = -1;  // of distinct_
    int32_t filter = -1;    // of the distinct table's filters
  };
  // Rows that one FILTER, or one distinct table under one FILTER, lets through.
  struct Passed {
    std::vector<int32_t> rows;
    std::vector<uint8_t*> slots;
  };

  Status AccumulateMember(const Member& member, const functions::AggregateCall& call, const AggregateInput& input,
                          RowSet rows, uint8_t* const* slots) const;
  void ApplyFilter(int32_t filter, const AggregateInput& input, Passed& passed) const;
  Status AccumulateDistinct(DistinctValues& distinct, size_t index, const AggregateInput& input);
  Status MergeDistinct(size_t index, uint8_t* to, int32_t group, const uint8_t* from);
  // Accumulates values given by their bytes as insertions.
  Status AddValues(size_t index, size_t filter, uint8_t* slot, const std::vector<std::string>& values);
  std::vector<std::string> Descriptors() const;
  // For each member the place of its descriptor among `saved`.
  Result<std::vector<size_t>> MapMembers(const std::vector<std::string>& saved) const;
  std::string DistinctState(size_t index) const;
  Status RestoreDistinct(size_t index, state::KeyedTable& slots, state::SnapshotReader& reader);

  std::vector<functions::AggregateCall> calls_;
  std::vector<Member> members_;
  std::vector<std::unique_ptr<DistinctValues>> distinct_;
  int32_t slot_bytes_ = 0;
  bool retract_ = false;
  Passed passed_;
  std::vector<Passed> distinct_passed_;
};

}  // namespace millrace::operators
