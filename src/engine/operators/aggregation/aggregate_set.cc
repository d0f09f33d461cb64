#include "engine/operators/aggregation/aggregate_set.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/state/value_codec.h"

namespace millrace::operators {
namespace {

int32_t RoundUp(int32_t bytes, int32_t unit) { return (bytes + unit - 1) / unit * unit; }

}  // namespace

Result<std::unique_ptr<AggregateSet>> AggregateSet::Make(const std::vector<functions::AggregateCall>& calls,
                                                         functions::AggregateMode mode, int32_t header_bytes,
                                                         bool linked, state::KeyGroupRange range, MemoryPool* pool) {
  std::unique_ptr<AggregateSet> set(new AggregateSet());
  set->calls_ = calls;
  set->retract_ = mode.retract;
  set->slot_bytes_ = header_bytes;
  for (const functions::AggregateCall& call : calls) {
    Member member;
    if (call.distinct && !call.args.empty()) {
      auto same = std::find_if(set->distinct_.begin(), set->distinct_.end(),
                               [&](const auto& values) { return values->args() == call.args; });
      if (same == set->distinct_.end()) {
        set->distinct_.push_back(
            std::make_unique<DistinctValues>(call.args, call.arg_types, mode.retract, linked, range, pool));
        same = set->distinct_.end() - 1;
      }
      member.distinct = static_cast<int32_t>(same - set->distinct_.begin());
      member.filter = (*same)->AddFilter(call.filter);
    }
    member.aggregator = call.function->make(call, mode, pool);
    if (member.aggregator == nullptr) {
      return UserError("operator.unsupported", fmt::format("the aggregate {} cannot run yet", call.function->name));
    }
    set->members_.push_back(std::move(member));
  }
  for (auto& values : set->distinct_) {
    values->Prepare(set->slot_bytes_);
    if (values->linked()) set->slot_bytes_ += static_cast<int32_t>(sizeof(void*));
  }
  for (Member& member : set->members_) {
    int32_t bytes = member.aggregator->slot_bytes();
    set->slot_bytes_ = RoundUp(set->slot_bytes_, bytes % 16 == 0 ? 16 : 8);
    member.offset = set->slot_bytes_;
    set->slot_bytes_ += RoundUp(bytes, 8);
  }
  return set;
}

void AggregateSet::Init(uint8_t* slot) const {
  for (const auto& values : distinct_) values->InitHead(slot);
  for (const Member& member : members_) member.aggregator->Init(slot + member.offset);
}

void AggregateSet::Destroy(uint8_t* slot) {
  for (const auto& values : distinct_) values->RemoveAll(slot);
  for (const Member& member : members_) member.aggregator->Destroy(slot + member.offset);
}

Status AggregateSet::AccumulateMember(const Member& member, const functions::AggregateCall& call,
                                      const AggregateInput& input, RowSet rows, uint8_t* const* slots) const {
  if (rows.count() == 0) return Status::Ok();
  ColumnPtr args[8];
  std::vector<ColumnPtr> many;
  std::span<const ColumnPtr> span;
  if (call.args.size() <= std::size(args)) {
    for (size_t i = 0; i < call.args.size(); ++i) args[i] = input.columns[static_cast<size_t>(call.args[i])];
    span = {args, call.args.size()};
  } else {
    for (int32_t arg : call.args) many.push_back(input.columns[static_cast<size_t>(arg)]);
    span = many;
  }
  return member.aggregator->Accumulate(slots, member.offset, rows, span, input.kinds);
}

void AggregateSet::ApplyFilter(int32_t filter, const AggregateInput& input, Passed& passed) const {
  passed.rows.clear();
  passed.slots.clear();
  ColumnReader<uint8_t> reader(*input.columns[static_cast<size_t>(filter)]);
  for (int32_t i = 0; i < input.rows.count(); ++i) {
    int32_t row = input.rows[i];
    if (reader.IsNull(row) || reader[row] == 0) continue;
    passed.rows.push_back(row);
    passed.slots.push_back(input.slots[i]);
  }
}

Status AggregateSet::AccumulateDistinct(DistinctValues& distinct, size_t index, const AggregateInput& input) {
  MR_RETURN_IF_ERROR(distinct.Find(input.columns, input.rows, input.slots, input.groups));
  const std::vector<int32_t>& filters = distinct.filters();
  if (distinct_passed_.size() < filters.size()) distinct_passed_.resize(filters.size());
  for (size_t f = 0; f < filters.size(); ++f) {
    Passed& passed = distinct_passed_[f];
    passed.rows.clear();
    passed.slots.clear();
    const Column* filter = filters[f] < 0 ? nullptr : input.columns[static_cast<size_t>(filters[f])].get();
    for (int32_t i = 0; i < input.rows.count(); ++i) {
      int32_t row = input.rows[i];
      if (filter != nullptr) {
        ColumnReader<uint8_t> reader(*filter);
        if (reader.IsNull(row) || reader[row] == 0) continue;
      }
      bool addition = input.kinds == nullptr || IsAddition((*input.kinds)[static_cast<size_t>(row)]);
      if (!distinct.Count(i, f, addition)) continue;
      passed.rows.push_back(row);
      passed.slots.push_back(input.slots[i]);
    }
  }
  distinct.Settle();
  for (size_t m = 0; m < members_.size(); ++m) {
    if (members_[m].distinct != static_cast<int32_t>(index)) continue;
    const Passed& passed = distinct_passed_[static_cast<size_t>(members_[m].filter)];
    MR_RETURN_IF_ERROR(AccumulateMember(members_[m], calls_[m], input, RowSet::Of(passed.rows), passed.slots.data()));
  }
  return Status::Ok();
}

Status AggregateSet::Accumulate(const AggregateInput& input) {
  int32_t filtered_by = -1;  // what passed_ holds
  for (size_t m = 0; m < members_.size(); ++m) {
    if (members_[m].distinct >= 0) continue;
    int32_t filter = calls_[m].filter;
    if (filter < 0) {
      MR_RETURN_IF_ERROR(AccumulateMember(members_[m], calls_[m], input, input.rows, input.slots));
      continue;
    }
    if (filter != filtered_by) ApplyFilter(filter, input, passed_);
    filtered_by = filter;
    MR_RETURN_IF_ERROR(AccumulateMember(members_[m], calls_[m], input, RowSet::Of(passed_.rows), passed_.slots.data()));
  }
  for (size_t d = 0; d < distinct_.size(); ++d) MR_RETURN_IF_ERROR(AccumulateDistinct(*distinct_[d], d, input));
  return Status::Ok();
}

Status AggregateSet::Emit(size_t index, uint8_t* const* slots, int32_t count, ColumnBuilder& out) const {
  return members_[index].aggregator->Emit(slots, members_[index].offset, count, out);
}

}  // namespace millrace::operators
