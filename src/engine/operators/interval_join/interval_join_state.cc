// IntervalJoin: snapshot and restore.
#include "engine/operators/interval_join/interval_join.h"
#include "engine/operators/window_aggregate/sliced_aggregate.h"
#include "engine/state/value_codec.h"

namespace millrace::operators {
namespace {

std::string_view StateName(size_t side) { return side == 0 ? "left" : "right"; }

}  // namespace

Status IntervalJoin::Snapshot(state::SnapshotWriter& writer) {
  MR_RETURN_IF_ERROR(SaveWatermark(progress_, writer));
  MR_RETURN_IF_ERROR(writer.BeginState("keys", 1));
  std::string key;
  std::string value;
  state::TableCursor cursor;
  while (const uint8_t* slot = table_->Next(cursor)) {
    key.clear();
    value.clear();
    table_->AppendKeyOf(slot, key);
    const Key* at = KeyOf(slot);
    for (int64_t number : {at->order, at->sides[0].timer, at->sides[1].timer, at->null_key}) {
      state::PutFixed(number, value);
    }
    MR_RETURN_IF_ERROR(writer.KeyedRecord(table_->KeyGroupOf(slot), key, value));
  }
  MR_RETURN_IF_ERROR(SnapshotRows(0, writer));
  return SnapshotRows(1, writer);
}

Status IntervalJoin::SnapshotRows(size_t side, state::SnapshotWriter& writer) const {
  MR_RETURN_IF_ERROR(writer.BeginState(StateName(side), 1));
  std::string key;
  std::string value;
  state::TableCursor cursor;
  while (const uint8_t* slot = table_->Next(cursor)) {
    key.clear();
    table_->AppendKeyOf(slot, key);
    for (const IntervalRow* row = KeyOf(slot)->sides[side].head; row != nullptr; row = row->next) {
      value.clear();
      state::PutFixed(row->time, value);
      value.push_back(row->matched != 0 ? '\1' : '\0');
      value.append(state::PackedBytes(row->row()));
      MR_RETURN_IF_ERROR(writer.KeyedRecord(table_->KeyGroupOf(slot), key, value));
    }
  }
  return Status::Ok();
}

Status IntervalJoin::Restore(state::SnapshotReader& reader) {
  MR_RETURN_IF_ERROR(LoadWatermark(reader, &progress_));
  MR_RETURN_IF_ERROR(reader.ForEach("keys", [this](const state::SnapshotRecord& record) -> Status {
    MR_ASSIGN(state::KeyView view, state::ParseKey(table_->shape(), record.key));
    MR_ASSIGN(uint8_t * slot, table_->FindOrInsert(view, record.key_group, nullptr));
    Key* key = KeyOf(slot);
    std::string_view in = record.value;
    int64_t timers[2] = {0, 0};
    for (int64_t* number : {&key->order, &timers[0], &timers[1], &key->null_key}) {
      if (!state::TakeFixed(in, number)) return state::CorruptRecord("a key of an interval join is cut short");
    }
    next_order_ = std::max(next_order_, key->order + 1);
    for (size_t side : {size_t{0}, size_t{1}}) {
      if (timers[side] != 0) SetTimer(slot, side, timers[side]);
    }
    return Status::Ok();
  }));
  MR_RETURN_IF_ERROR(RestoreRows(0, reader));
  return RestoreRows(1, reader);
}

Status IntervalJoin::RestoreRows(size_t side, state::SnapshotReader& reader) {
  return reader.ForEach(StateName(side), [this, side](const state::SnapshotRecord& record) -> Status {
    std::string_view in = record.value;
    int64_t time = 0;
    char matched = 0;
    if (!state::TakeFixed(in, &time) || !state::TakeFixed(in, &matched) || !out(side).layout().IsPlausible(in)) {
      return state::CorruptRecord("a row of an interval join is damaged");
    }
    MR_ASSIGN(state::KeyView key, state::ParseKey(table_->shape(), record.key));
    uint8_t* slot = table_->Find(key, record.key_group);
    if (slot == nullptr) return state::CorruptRecord("a row of an interval join has no key");
    ++rows_;
    const auto* row = reinterpret_cast<const uint8_t*>(in.data());
    return KeyOf(slot)->sides[side].Add(*heap_, row, time, matched != 0);
  });
}

}  // namespace millrace::operators
