// GroupAggregate with mini-batch on, over bounded input, and its snapshots.
#include <algorithm>

#include "engine/operators/group_aggregate/group_aggregate.h"
#include "engine/operators/value_equality.h"
#include "engine/state/value_codec.h"

namespace millrace::operators {

Status GroupAggregate::AddToBundle(const Chunk& chunk, RowSet rows) {
  MR_RETURN_IF_ERROR(FindSlots(chunk, rows));
  wave_rows_.clear();
  wave_slots_.clear();
  wave_groups_.clear();
  emit_slots_.clear();
  bool want_before = bundled_;
  for (int32_t i = 0; i < rows.count(); ++i) {
    uint8_t* slot = slots_[static_cast<size_t>(i)];
    Header* header = HeaderOf(slot);
    if (spec_.ttl_ms > 0) CheckTtl(slot);
    bool in_bundle = header->stamp == stamp_;
    bool addition = IsAddition(chunk.kind(rows[i]));
    if (!in_bundle && header->count == 0 && !addition) {
      dead_.push_back(slot);
      continue;
    }
    if (!in_bundle) {
      bool there = header->count != 0;
      int32_t before = there && want_before ? result_count_ + static_cast<int32_t>(emit_slots_.size()) : -1;
      if (before >= 0) emit_slots_.push_back(slot);
      header->stamp = stamp_;
      header->last = static_cast<int32_t>(touched_.size());
      touched_.push_back({slot, before});
    }
    if (spec_.input_retracts) {
      header->count += addition ? 1 : -1;
      if (header->count == 0) dead_.push_back(slot);
    } else {
      header->count = 1;
    }
    wave_rows_.push_back(rows[i]);
    wave_slots_.push_back(slot);
    wave_groups_.push_back(groups_[static_cast<size_t>(i)]);
  }
  MR_RETURN_IF_ERROR(EmitResults(emit_slots_));
  AggregateInput input;
  input.columns = chunk.columns;
  bool whole = rows.IsAll() && static_cast<int32_t>(wave_rows_.size()) == chunk.size;
  input.rows = whole ? rows : RowSet::Of(wave_rows_);
  input.slots = wave_slots_.data();
  input.groups = wave_groups_.data();
  input.kinds = chunk.kinds.get();
  return aggregates_->Accumulate(input);
}

Result<std::vector<ColumnPtr>> GroupAggregate::DecodeKeys(const std::vector<uint8_t*>& slots) const {
  std::vector<ColumnBuilder> builders;
  std::vector<ColumnBuilder*> pointers;
  for (const DataType& type : encoder_.types()) builders.emplace_back(type, context_.pool);
  for (ColumnBuilder& builder : builders) pointers.push_back(&builder);
  for (uint8_t* slot : slots) MR_RETURN_IF_ERROR(state::AppendKeyColumns(table_->KeyOf(slot), pointers));
  std::vector<ColumnPtr> columns;
  for (ColumnBuilder& builder : builders) columns.push_back(builder.Finish());
  return columns;
}

// One change per touched group, in the order in which the bundle first met them.
Status GroupAggregate::FlushBundle(Output& output) {
  if (touched_.empty()) {
    EraseDead();
    bundle_rows_ = 0;
    return Status::Ok();
  }
  std::vector<uint8_t*> slots;
  emit_slots_.clear();
  before_.clear();
  after_.clear();
  std::vector<int32_t> after_of(touched_.size(), -1);
  for (size_t i = 0; i < touched_.size(); ++i) {
    slots.push_back(touched_[i].slot);
    if (HeaderOf(touched_[i].slot)->count == 0) continue;
    after_of[i] = result_count_ + static_cast<int32_t>(emit_slots_.size());
    emit_slots_.push_back(touched_[i].slot);
    if (touched_[i].before < 0) continue;
    before_.push_back(touched_[i].before);
    after_.push_back(after_of[i]);
  }
  MR_RETURN_IF_ERROR(EmitResults(emit_slots_));
  std::vector<ColumnPtr> results = TakeResults();
  changed_.assign(before_.size(), spec_.ttl_ms > 0 ? 1 : 0);
  for (const ColumnPtr& column : results) MarkChanged(*column, before_, after_, changed_.data());
  changes_.Clear();
  size_t update = 0;
  for (size_t i = 0; i < touched_.size(); ++i) {
    auto key = static_cast<int32_t>(i);
    int32_t before = touched_[i].before;
    if (after_of[i] < 0) {
      if (before >= 0) changes_.Add(RowKind::kDelete, key, before);
    } else if (before < 0) {
      changes_.Add(RowKind::kInsert, key, after_of[i]);
    } else if (changed_[update++] != 0) {
      if (spec_.emit_update_before) changes_.Add(RowKind::kUpdateBefore, key, before);
      changes_.Add(RowKind::kUpdateAfter, key, after_of[i]);
    }
  }
  if (!changes_.empty()) {
    MR_ASSIGN(std::vector<ColumnPtr> keys, DecodeKeys(slots));
    changes_.EmitTo(keys, results, context_.chunk_rows, context_.pool, output);
  }
  auto count = static_cast<int32_t>(touched_.size());
  touched_.clear();
  bundle_rows_ = 0;
  EraseDead();
  if (spec_.ttl_ms > 0) SweepExpired(count);
  NextStamp();
  return Status::Ok();
}

Result<Progress> GroupAggregate::OnWatermark(int64_t, Output& output) { return BeforeBarrier(output); }

int64_t GroupAggregate::NextProcessingTime() const {
  if (bundle_rows_ == 0 || spec_.mini_batch_latency_ms <= 0) return INT64_MAX;
  return bundle_start_millis_ + spec_.mini_batch_latency_ms;
}

Result<Progress> GroupAggregate::OnProcessingTime(int64_t now_millis, Output& output) {
  if (now_millis < NextProcessingTime()) return Progress::kDone;
  return BeforeBarrier(output);
}

Result<Progress> GroupAggregate::BeforeBarrier(Output& output) {
  if (bundled_) MR_RETURN_IF_ERROR(FlushBundle(output));
  return Progress::kDone;
}

Result<Progress> GroupAggregate::Finish(Output& output) {
  if (context_.batch) return EmitFinal(output);
  return BeforeBarrier(output);
}

Result<Progress> GroupAggregate::EmitFinal(Output& output) {
  int32_t global_group = state::KeyGroupOf(state::KeyHash({}), context_.max_parallelism);
  if (spec_.keys.empty() && table_->size() == 0) {
    if (context_.key_groups.Contains(global_group)) MR_RETURN_IF_ERROR(EmitEmptyGlobal(output));
    return Progress::kDone;
  }
  for (;;) {
    std::vector<uint8_t*> slots;
    while (static_cast<int32_t>(slots.size()) < context_.chunk_rows) {
      uint8_t* slot = table_->Next(final_cursor_);
      if (slot == nullptr) break;
      slots.push_back(slot);
    }
    if (slots.empty()) return Progress::kDone;
    MR_RETURN_IF_ERROR(EmitResults(slots));
    Chunk chunk;
    chunk.size = static_cast<int32_t>(slots.size());
    MR_ASSIGN(chunk.columns, DecodeKeys(slots));
    for (ColumnPtr& column : TakeResults()) chunk.columns.push_back(std::move(column));
    output.Emit(std::move(chunk));
    if (!output.HasCredit()) return Progress::kMore;
  }
}

// A global aggregate over no rows at all, as batch mode has it: COUNT 0 and NULLs.
Status GroupAggregate::EmitEmptyGlobal(Output& output) {
  MR_ASSIGN(state::KeyView key, state::ParseKey(encoder_.shape(), {}));
  int32_t group = state::KeyGroupOf(key.hash, context_.max_parallelism);
  MR_ASSIGN(uint8_t * slot, table_->FindOrInsert(key, group, nullptr));
  aggregates_->Init(slot);
  MR_RETURN_IF_ERROR(EmitResults({slot}));
  aggregates_->Destroy(slot);
  table_->Erase(slot);
  Chunk chunk;
  chunk.size = 1;
  chunk.columns = TakeResults();
  output.Emit(std::move(chunk));
  return Status::Ok();
}

Status GroupAggregate::Snapshot(state::SnapshotWriter& writer) {
  bool ttl = spec_.ttl_ms > 0;
  return aggregates_->Snapshot(
      *table_, AggregateSet::SaveTime::kInUse,
      [this, ttl](const uint8_t* slot, std::string& out) {
        state::PutFixed(reinterpret_cast<const Header*>(slot)->count, out);
        state::PutFixed(ttl ? *TouchedMillis(const_cast<uint8_t*>(slot)) : int64_t{0}, out);
      },
      writer);
}

Status GroupAggregate::Restore(state::SnapshotReader& reader) {
  bool ttl = spec_.ttl_ms > 0;
  return aggregates_->Restore(
      *table_,
      [&](uint8_t* slot, std::string_view& in) -> Status {
        int64_t touched = 0;
        if (!state::TakeFixed(in, &HeaderOf(slot)->count) || !state::TakeFixed(in, &touched)) {
          return state::CorruptRecord("a group is cut short");
        }
        if (ttl) *TouchedMillis(slot) = touched;
        return Status::Ok();
      },
      reader);
}

}  // namespace millrace::operators
