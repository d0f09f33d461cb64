#include "engine/operators/window_aggregate/sliced_aggregate.h"

#include <algorithm>

#include "engine/operators/factories.h"
#include "engine/state/value_codec.h"

namespace millrace::operators {
namespace {

constexpr size_t kSlotsPerStep = 4096;

std::vector<int32_t> SlotColumns(const WindowAggregation& spec) {
  std::vector<int32_t> columns = spec.keys;
  // Attached sessions of one key may end at the same time only if they are the same, but nothing says so of the key at
  // hand.
  if (spec.attached_end >= 0 && spec.window.kind == plan::WindowKind::kSession) columns.push_back(spec.attached_start);
  return columns;
}

}  // namespace

SlicedAggregate::SlicedAggregate(WindowAggregation spec, std::vector<DataType> input_types, const Schema& output)
    : spec_(std::move(spec)),
      input_types_(std::move(input_types)),
      attached_(spec_.attached_end >= 0),
      math_(spec_.window),
      rows_out_(output, spec_.keys.size(), spec_.properties, math_),
      group_encoder_(spec_.keys, TypesAt(input_types_, spec_.keys)),
      slot_encoder_(SlotColumns(spec_), TypesAt(input_types_, SlotColumns(spec_)), true) {}

SlicedAggregate::~SlicedAggregate() {
  for (state::KeyedTable* table : {table_.get(), merged_.get()}) {
    state::TableCursor cursor;
    while (uint8_t* slot = table == nullptr ? nullptr : table->Next(cursor)) aggregates_->Destroy(slot);
  }
}

Status SlicedAggregate::Open(const OperatorContext& context) {
  context_ = context;
  functions::AggregateMode mode{.retract = spec_.input_retracts, .merge = Shared()};
  MR_ASSIGN(aggregates_, AggregateSet::Make(spec_.aggregates, mode, static_cast<int32_t>(sizeof(Header)), true,
                                            context.key_groups, context.pool));
  table_ = std::make_unique<state::KeyedTable>(slot_encoder_.shape(), aggregates_->slot_bytes(), context.key_groups,
                                               context.pool);
  merged_ = std::make_unique<state::KeyedTable>(group_encoder_.shape(), aggregates_->slot_bytes(), context.key_groups,
                                                context.pool);
  return Status::Ok();
}

Status LocalTimes(const WindowMath& math, const Chunk& chunk, RowSet rows, int64_t now_millis,
                  std::vector<int64_t>& out) {
  out.resize(static_cast<size_t>(rows.count()));
  if (!math.window().event_time) {
    std::fill(out.begin(), out.end(), math.ToLocal(now_millis));
    return Status::Ok();
  }
  ColumnReader<Timestamp> times(*chunk.columns[static_cast<size_t>(math.window().time_column)]);
  for (int32_t i = 0; i < rows.count(); ++i) {
    if (times.IsNull(rows[i])) {
      return UserError("window.null_rowtime", "RowTime field should not be null",
                       "filter rows without a time out before the window");
    }
    out[static_cast<size_t>(i)] = math.ToLocal(times[rows[i]].millis);
  }
  return Status::Ok();
}

// Fills accepted_ (rows) and ends_ (their slices' ends).
Status SlicedAggregate::AssignSlices(const Chunk& chunk) {
  RowSet rows = chunk.rows();
  accepted_.clear();
  ends_.clear();
  if (attached_) {
    ColumnReader<Timestamp> ends(*chunk.columns[static_cast<size_t>(spec_.attached_end)]);
    times_.resize(static_cast<size_t>(rows.count()));
    for (int32_t i = 0; i < rows.count(); ++i) times_[static_cast<size_t>(i)] = ends[rows[i]].millis;
  } else {
    int64_t now = spec_.window.event_time ? 0 : context_.clock->NowMillis();
    MR_RETURN_IF_ERROR(LocalTimes(math_, chunk, rows, now, times_));
  }
  bool may_be_late = spec_.window.event_time && progress_ != INT64_MIN;
  for (int32_t i = 0; i < rows.count(); ++i) {
    int64_t time = times_[static_cast<size_t>(i)];
    int64_t end = attached_ ? time : math_.SliceEnd(time);
    int64_t last = LastWindowEnd(end);
    if (last == WindowMath::kNoWindow) continue;
    if (may_be_late && math_.IsFired(end, progress_)) {
      if (math_.IsFired(last, progress_)) {
        ++late_rows_;
        continue;
      }
      if (Cumulates()) end = math_.BaseSlice(end);
    }
    accepted_.push_back(rows[i]);
    ends_.push_back(end);
  }
  return Status::Ok();
}

void SlicedAggregate::AddSlot(int64_t slice_end, uint8_t* slot) {
  auto [place, is_new] = slices_.try_emplace(slice_end);
  place->second.push_back(slot);
}

void SlicedAggregate::KeepAttachedStarts(const Chunk& chunk) {
  ColumnReader<Timestamp> starts(*chunk.columns[static_cast<size_t>(spec_.attached_start)]);
  for (int32_t i : created_) {
    auto at = static_cast<size_t>(i);
    HeaderOf(slots_[at])->start = starts[accepted_[at]].millis;
  }
}

Status SlicedAggregate::Accumulate(const Chunk& chunk) {
  RowSet rows = RowSet::Of(accepted_);
  group_encoder_.Encode(chunk.columns, rows, keys_);
  state::KeyGroupsOfHashes(keys_.hashes, context_.max_parallelism, groups_);
  slot_encoder_.EncodeWith(chunk.columns, rows, ends_.data(), keys_);
  slots_.resize(accepted_.size());
  created_.clear();
  MR_RETURN_IF_ERROR(table_->FindOrInsert(keys_, groups_.data(), slots_.data(), &created_));
  for (int32_t i : created_) {
    uint8_t* slot = slots_[static_cast<size_t>(i)];
    aggregates_->Init(slot);
    AddSlot(ends_[static_cast<size_t>(i)], slot);
  }
  if (attached_) KeepAttachedStarts(chunk);
  if (spec_.input_retracts) {
    for (size_t i = 0; i < accepted_.size(); ++i) {
      HeaderOf(slots_[i])->count += IsAddition(chunk.kind(accepted_[i])) ? 1 : -1;
    }
  }
  AggregateInput input;
  input.columns = chunk.columns;
  bool whole = !chunk.selection && static_cast<int32_t>(accepted_.size()) == chunk.size;
  input.rows = whole ? RowSet::All(chunk.size) : rows;
  input.slots = slots_.data();
  input.groups = groups_.data();
  input.kinds = chunk.kinds.get();
  return aggregates_->Accumulate(input);
}

Result<Progress> SlicedAggregate::Process(int32_t, const Chunk& chunk, Output&) {
  if (chunk.empty()) return Progress::kDone;
  MR_RETURN_IF_ERROR(AssignSlices(chunk));
  if (!accepted_.empty()) MR_RETURN_IF_ERROR(Accumulate(chunk));
  return Progress::kDone;
}

// The earliest window that has rows and was not fired at progress_.
bool SlicedAggregate::NextWindow(int64_t* end) const {
  if (slices_.empty()) return false;
  int64_t slice_end = slices_.begin()->first;
  *end = attached_ ? slice_end : math_.FirstWindowEnd(slice_end);
  while (Shared() && (math_.IsFired(*end, progress_) || *end <= fired_end_)) *end = math_.NextWindowEnd(*end);
  return true;
}

Result<Progress> SlicedAggregate::Advance(int64_t progress, Output& output) {
  for (;;) {
    switch (firing_.stage) {
      case Stage::kIdle: {
        int64_t end = 0;
        if (!NextWindow(&end) || !math_.IsFired(end, progress)) {
          progress_ = std::max(progress_, progress);
          fired_end_ = INT64_MIN;
          return Progress::kDone;
        }
        StartFiring(end);
        break;
      }
      case Stage::kMerge: {
        size_t to = std::min(firing_.at + kSlotsPerStep, firing_.sources.size());
        MR_RETURN_IF_ERROR(Merge(to));
        if (firing_.at < firing_.sources.size()) return Progress::kMore;
        firing_.at = 0;
        firing_.stage = Stage::kEmit;
        break;
      }
      case Stage::kEmit: {
        MR_ASSIGN(Progress sent, EmitResults(output));
        if (firing_.at == firing_.results.size()) firing_.stage = Stage::kExpire;
        if (sent == Progress::kMore) return Progress::kMore;
        break;
      }
      case Stage::kExpire:
        Expire(firing_.end);
        fired_end_ = firing_.end;
        firing_ = {};
        break;
    }
  }
}

void SlicedAggregate::StartFiring(int64_t end) {
  firing_.end = end;
  firing_.at = 0;
  if (!Shared()) {
    firing_.results = slices_.begin()->second;
    firing_.stage = Stage::kEmit;
    return;
  }
  if (Cumulates()) {
    auto slice = slices_.find(end);
    if (end != math_.BaseSlice(end) && slice != slices_.end()) firing_.sources = slice->second;
    firing_.stage = Stage::kMerge;
    return;
  }
  size_t slices = 0;
  auto after = slices_.upper_bound(end);
  for (auto slice = slices_.upper_bound(math_.WindowStart(end)); slice != after; ++slice, ++slices) {
    firing_.sources.insert(firing_.sources.end(), slice->second.begin(), slice->second.end());
  }
  firing_.stage = Stage::kMerge;
  if (slices == 1) {
    firing_.results = std::move(firing_.sources);
    firing_.sources.clear();
    firing_.stage = Stage::kEmit;
  }
}

Status SlicedAggregate::MergeInto(uint8_t* to, int32_t group, uint8_t* from) {
  HeaderOf(to)->count += HeaderOf(from)->count;
  return aggregates_->Merge(to, group, from);
}

// HOP: slices into a slot of their own per key. CUMULATE: the slice that ends now into the first slice.
Status SlicedAggregate::Merge(size_t to) {
  int64_t base = Cumulates() ? math_.BaseSlice(firing_.end) : 0;
  for (; firing_.at < to; ++firing_.at) {
    uint8_t* from = firing_.sources[firing_.at];
    int32_t group = table_->KeyGroupOf(from);
    bool created = false;
    uint8_t* target = nullptr;
    if (Cumulates()) {
      state::KeyView key = state::WithExtra(table_->KeyOf(from), base, key_storage_);
      MR_ASSIGN(target, table_->FindOrInsert(key, group, &created));
      if (created) AddSlot(base, target);
    } else {
      MR_ASSIGN(state::KeyView key, state::WithoutExtra(table_->KeyOf(from), merged_->shape(), key_storage_));
      MR_ASSIGN(target, merged_->FindOrInsert(key, group, &created));
      if (created) firing_.results.push_back(target);
    }
    if (created) aggregates_->Init(target);
    MR_RETURN_IF_ERROR(MergeInto(target, group, from));
  }
  if (!Cumulates() || firing_.at < firing_.sources.size()) return Status::Ok();
  auto slice = slices_.find(base);
  if (slice != slices_.end()) firing_.results = slice->second;
  return Status::Ok();
}

Result<Progress> SlicedAggregate::EmitResults(Output& output) {
  state::KeyedTable& table = merged_->size() > 0 ? *merged_ : *table_;
  int64_t start = attached_ ? 0 : math_.WindowStart(firing_.end);
  std::vector<WindowRow> rows;
  while (firing_.at < firing_.results.size() && rows.size() < static_cast<size_t>(context_.chunk_rows)) {
    uint8_t* slot = firing_.results[firing_.at++];
    if (spec_.input_retracts && HeaderOf(slot)->count == 0) continue;
    rows.push_back({table.KeyOf(slot), slot, attached_ ? HeaderOf(slot)->start : start, firing_.end});
  }
  if (rows.empty()) return Progress::kDone;
  MR_ASSIGN(Chunk chunk, rows_out_.Make(rows, *aggregates_, context_.clock->NowMillis(), context_.pool));
  output.Emit(std::move(chunk));
  return output.HasCredit() ? Progress::kDone : Progress::kMore;
}

void SlicedAggregate::DropSlot(state::KeyedTable& table, uint8_t* slot) {
  table.BeforeChange(slot);
  aggregates_->Destroy(slot);
  table.Erase(slot);
}

// Drops the slices that no later window needs.
void SlicedAggregate::Expire(int64_t end) {
  if (merged_->size() > 0) {
    for (uint8_t* slot : firing_.results) DropSlot(*merged_, slot);
  }
  auto drop = [this](std::map<int64_t, std::vector<uint8_t*>>::iterator slice) {
    for (uint8_t* slot : slice->second) DropSlot(*table_, slot);
    return slices_.erase(slice);
  };
  if (Cumulates()) {
    int64_t base = math_.BaseSlice(end);
    auto current = slices_.find(end);
    if (end != base && current != slices_.end()) drop(current);
    auto first = slices_.find(base);
    if (end == LastWindowEnd(end) && first != slices_.end()) drop(first);
    return;
  }
  for (auto slice = slices_.begin(); slice != slices_.end() && LastWindowEnd(slice->first) <= end;) slice = drop(slice);
}

Result<Progress> SlicedAggregate::OnWatermark(int64_t watermark, Output& output) {
  if (!spec_.window.event_time || (watermark <= progress_ && firing_.stage == Stage::kIdle)) return Progress::kDone;
  return Advance(watermark, output);
}

int64_t SlicedAggregate::NextProcessingTime() const {
  int64_t end = 0;
  if (spec_.window.event_time || !NextWindow(&end)) return INT64_MAX;
  return math_.TriggerTime(end);
}

Result<Progress> SlicedAggregate::OnProcessingTime(int64_t now_millis, Output& output) {
  if (spec_.window.event_time) return Progress::kDone;
  return Advance(now_millis, output);
}

Result<Progress> SlicedAggregate::Finish(Output& output) {
  if (!context_.batch) return Progress::kDone;
  return Advance(kMaxWatermark, output);
}

Status SaveWatermark(int64_t watermark, state::SnapshotWriter& writer) {
  MR_RETURN_IF_ERROR(writer.BeginState("watermark", 1));
  std::string record;
  state::PutFixed(watermark, record);
  return writer.BroadcastRecord(record);
}

Status LoadWatermark(state::SnapshotReader& reader, int64_t* watermark) {
  bool any = false;
  return reader.ForEach("watermark", [&](const state::SnapshotRecord& record) -> Status {
    std::string_view in = record.value;
    int64_t value = 0;
    if (!state::TakeFixed(in, &value)) return state::CorruptRecord("a watermark is cut short");
    *watermark = any ? std::min(*watermark, value) : value;
    any = true;
    return Status::Ok();
  });
}

Status SlicedAggregate::Snapshot(state::SnapshotWriter& writer) {
  MR_RETURN_IF_ERROR(SaveWatermark(progress_, writer));
  return aggregates_->Snapshot(
      *table_, AggregateSet::SaveTime::kInUse,
      [](const uint8_t* slot, std::string& out) {
        state::PutFixed(reinterpret_cast<const Header*>(slot)->count, out);
        state::PutFixed(reinterpret_cast<const Header*>(slot)->start, out);
      },
      writer);
}

Status SlicedAggregate::Restore(state::SnapshotReader& reader) {
  MR_RETURN_IF_ERROR(LoadWatermark(reader, &progress_));
  return aggregates_->Restore(
      *table_,
      [this](uint8_t* slot, std::string_view& in) -> Status {
        if (!state::TakeFixed(in, &HeaderOf(slot)->count) || !state::TakeFixed(in, &HeaderOf(slot)->start)) {
          return state::CorruptRecord("a window is cut short");
        }
        AddSlot(state::ExtraOf(table_->KeyOf(slot)), slot);
        return Status::Ok();
      },
      reader);
}

OperatorMetrics SlicedAggregate::Metrics() const {
  OperatorMetrics metrics;
  metrics.late_rows_dropped = late_rows_;
  metrics.state_bytes = table_ == nullptr ? 0 : table_->reserved_bytes();
  metrics.state_entries = table_ == nullptr ? 0 : table_->size();
  return metrics;
}

}  // namespace millrace::operators
