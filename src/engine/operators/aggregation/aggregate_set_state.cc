// AggregateSet: merging, and what goes into a snapshot.
//
// States: "aggregates", one broadcast record with a text for each aggregate; "slots", key → header and the accumulators
// in that order; "distinct(…)" per list of distinct arguments, key → arguments and their counters.
#include <fmt/format.h>

#include <algorithm>

#include "engine/operators/aggregation/aggregate_set.h"
#include "engine/state/value_codec.h"

namespace millrace::operators {

using state::CorruptRecord;

Status AggregateSet::Merge(uint8_t* to, int32_t group, const uint8_t* from) {
  for (const Member& member : members_) {
    if (member.distinct >= 0) continue;
    MR_RETURN_IF_ERROR(member.aggregator->Merge(to + member.offset, from + member.offset));
  }
  for (size_t d = 0; d < distinct_.size(); ++d) MR_RETURN_IF_ERROR(MergeDistinct(d, to, group, from));
  return Status::Ok();
}

Status AggregateSet::MergeDistinct(size_t index, uint8_t* to, int32_t group, const uint8_t* from) {
  DistinctValues& distinct = *distinct_[index];
  std::vector<std::vector<std::string>> added(distinct.filters().size());
  Status status;
  distinct.ForEach(from, [&](std::string_view args, const int64_t* counters) {
    if (!status.ok()) return;
    std::vector<bool> fresh;
    status = distinct.Put(to, group, args, counters, &fresh);
    for (size_t f = 0; f < fresh.size(); ++f) {
      if (fresh[f]) added[f].emplace_back(args);
    }
  });
  MR_RETURN_IF_ERROR(status);
  for (size_t f = 0; f < added.size(); ++f) MR_RETURN_IF_ERROR(AddValues(index, f, to, added[f]));
  return Status::Ok();
}

Status AggregateSet::AddValues(size_t index, size_t filter, uint8_t* slot, const std::vector<std::string>& values) {
  if (values.empty()) return Status::Ok();
  const std::vector<DataType>& types = distinct_[index]->types();
  std::vector<ColumnPtr> args;
  {
    std::vector<ColumnBuilder> builders;
    for (size_t i = 0; i + 1 < types.size(); ++i) builders.emplace_back(types[i], MemoryPool::Process());
    for (std::string_view value : values) {
      for (ColumnBuilder& builder : builders) MR_RETURN_IF_ERROR(state::TakeField(value, builder));
    }
    for (ColumnBuilder& builder : builders) args.push_back(builder.Finish());
  }
  std::vector<uint8_t*> slots(values.size(), slot);
  RowSet rows = RowSet::All(static_cast<int32_t>(values.size()));
  for (const Member& member : members_) {
    if (member.distinct != static_cast<int32_t>(index) || member.filter != static_cast<int32_t>(filter)) continue;
    MR_RETURN_IF_ERROR(member.aggregator->Accumulate(slots.data(), member.offset, rows, args, nullptr));
  }
  return Status::Ok();
}

std::vector<std::string> AggregateSet::Descriptors() const {
  std::vector<std::string> texts;
  for (const functions::AggregateCall& call : calls_) {
    std::string text(call.function->name);
    for (size_t i = 0; i < call.args.size(); ++i) {
      text += fmt::format("{}${} {}", i == 0 ? '(' : ',', call.args[i], call.arg_types[i].ToString());
    }
    text += fmt::format("){}{} → {}", call.distinct ? " DISTINCT" : "",
                        call.filter >= 0 ? fmt::format(" FILTER ${}", call.filter) : "", call.type.ToString());
    texts.push_back(std::move(text));
  }
  return texts;
}

Result<std::vector<size_t>> AggregateSet::MapMembers(const std::vector<std::string>& saved) const {
  std::vector<size_t> places;
  for (const std::string& text : Descriptors()) {
    auto found = std::find(saved.begin(), saved.end(), text);
    if (found == saved.end()) {
      return UserError("snapshot.incompatible", fmt::format("the snapshot has no state of the aggregate {}", text),
                       "start the job without the snapshot, or with the query that made it");
    }
    places.push_back(static_cast<size_t>(found - saved.begin()));
  }
  return places;
}

std::string AggregateSet::DistinctState(size_t index) const {
  std::string name = "distinct";
  for (size_t i = 0; i < distinct_[index]->args().size(); ++i) {
    name += fmt::format("{}${}", i == 0 ? '(' : ',', distinct_[index]->args()[i]);
  }
  return name + ")";
}

Status AggregateSet::Snapshot(state::KeyedTable& slots, SaveTime time, SaveHeader save_header,
                              state::SnapshotWriter& writer) {
  std::string value;
  MR_RETURN_IF_ERROR(writer.BeginState("aggregates", 1));
  for (const std::string& text : Descriptors()) state::PutBytes(text, value);
  MR_RETURN_IF_ERROR(writer.BroadcastRecord(value));
  MR_RETURN_IF_ERROR(writer.BeginState("slots", 1));
  auto save_slot = [this, &slots, save_header = std::move(save_header), record = std::string(), key = std::string()](
                       const uint8_t* slot, state::StateRecords& records) mutable {
    key.clear();
    record.clear();
    slots.AppendKeyOf(slot, key);
    save_header(slot, record);
    for (const Member& member : members_) {
      size_t start = state::BeginBytes(record);
      member.aggregator->Save(slot + member.offset, record);
      state::EndBytes(start, record);
    }
    records.AddKeyed(slots.KeyGroupOf(slot), key, record);
  };
  MR_RETURN_IF_ERROR(writer.Entries(slots, time, std::move(save_slot)));
  for (size_t d = 0; d < distinct_.size(); ++d) {
    MR_RETURN_IF_ERROR(writer.BeginState(DistinctState(d), 1));
    value.clear();
    for (int32_t filter : distinct_[d]->filters()) state::PutFixed(filter, value);
    MR_RETURN_IF_ERROR(writer.BroadcastRecord(value));
    MR_RETURN_IF_ERROR(distinct_[d]->Snapshot(slots, time, writer));
  }
  return Status::Ok();
}

Status AggregateSet::Restore(state::KeyedTable& slots, const LoadHeader& load_header, state::SnapshotReader& reader) {
  std::vector<std::string> saved;
  MR_RETURN_IF_ERROR(reader.ForEach("aggregates", [&](const state::SnapshotRecord& record) -> Status {
    saved.clear();
    std::string_view in = record.value;
    std::string_view text;
    while (state::TakeBytes(in, &text)) saved.emplace_back(text);
    return Status::Ok();
  }));
  if (reader.StateVersion("slots") < 0) return Status::Ok();
  MR_ASSIGN(std::vector<size_t> places, MapMembers(saved));
  std::vector<std::string_view> accumulators(saved.size());
  MR_RETURN_IF_ERROR(reader.ForEach("slots", [&](const state::SnapshotRecord& record) -> Status {
    MR_ASSIGN(state::KeyView key, state::ParseKey(slots.shape(), record.key));
    MR_ASSIGN(uint8_t * slot, slots.FindOrInsert(key, record.key_group, nullptr));
    Init(slot);
    std::string_view in = record.value;
    MR_RETURN_IF_ERROR(load_header(slot, in));
    for (std::string_view& accumulator : accumulators) {
      if (!state::TakeBytes(in, &accumulator)) return CorruptRecord("an accumulator is missing");
    }
    for (size_t m = 0; m < members_.size(); ++m) {
      MR_RETURN_IF_ERROR(members_[m].aggregator->Load(slot + members_[m].offset, accumulators[places[m]]));
    }
    return Status::Ok();
  }));
  for (size_t d = 0; d < distinct_.size(); ++d) MR_RETURN_IF_ERROR(RestoreDistinct(d, slots, reader));
  return Status::Ok();
}

Status AggregateSet::RestoreDistinct(size_t index, state::KeyedTable& slots, state::SnapshotReader& reader) {
  DistinctValues& distinct = *distinct_[index];
  std::vector<int32_t> saved_filters;
  std::vector<int64_t> counters(distinct.counter_words());
  std::vector<bool> fresh;
  return reader.ForEach(DistinctState(index), [&](const state::SnapshotRecord& record) -> Status {
    std::string_view in = record.value;
    if (record.key_group < 0) {
      saved_filters.resize(in.size() / sizeof(int32_t));
      for (int32_t& filter : saved_filters) static_cast<void>(state::TakeFixed(in, &filter));
      return Status::Ok();
    }
    std::string_view args;
    if (!state::TakeBytes(in, &args)) return CorruptRecord("a distinct value is cut short");
    std::vector<int64_t> saved(retract_ ? saved_filters.size() : (saved_filters.size() + 63) / 64);
    for (int64_t& counter : saved) {
      if (!state::TakeFixed(in, &counter)) return CorruptRecord("the counts of a distinct value are missing");
    }
    std::fill(counters.begin(), counters.end(), 0);
    for (size_t f = 0; f < distinct.filters().size(); ++f) {
      auto place = std::find(saved_filters.begin(), saved_filters.end(), distinct.filters()[f]);
      if (place == saved_filters.end()) continue;
      auto old = static_cast<size_t>(place - saved_filters.begin());
      if (retract_) {
        counters[f] = saved[old];
      } else if ((static_cast<uint64_t>(saved[old / 64]) >> (old % 64) & 1) != 0) {
        counters[f / 64] |= static_cast<int64_t>(uint64_t{1} << (f % 64));
      }
    }
    MR_ASSIGN(state::KeyView key, state::ParseKey(slots.shape(), record.key));
    uint8_t* slot = slots.Find(key, record.key_group);
    if (slot == nullptr) return CorruptRecord("a distinct value belongs to no group");
    return distinct.Put(slot, record.key_group, args, counters.data(), &fresh);
  });
}

}  // namespace millrace::operators
