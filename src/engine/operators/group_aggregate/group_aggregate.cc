#include "engine/operators/group_aggregate/group_aggregate.h"

#include <algorithm>

#include "engine/operators/factories.h"
#include "engine/operators/value_equality.h"
#include "engine/state/value_codec.h"

namespace millrace::operators {

GroupAggregate::GroupAggregate(plan::GroupAggregateSpec spec, std::vector<DataType> input_types)
    : spec_(std::move(spec)),
      input_types_(std::move(input_types)),
      encoder_(spec_.keys, TypesAt(input_types_, spec_.keys)) {}

GroupAggregate::~GroupAggregate() {
  if (table_ == nullptr) return;
  state::TableCursor cursor;
  while (uint8_t* slot = table_->Next(cursor)) aggregates_->Destroy(slot);
}

Status GroupAggregate::Open(const OperatorContext& context) {
  context_ = context;
  bundled_ = spec_.mini_batch && !context.batch;
  bool ttl = spec_.ttl_ms > 0;
  auto header = static_cast<int32_t>(sizeof(Header) + (ttl ? sizeof(int64_t) : 0));
  functions::AggregateMode mode{.retract = spec_.input_retracts, .merge = false};
  MR_ASSIGN(aggregates_, AggregateSet::Make(spec_.aggregates, mode, header, spec_.input_retracts || ttl,
                                            context.key_groups, context.pool));
  table_ = std::make_unique<state::KeyedTable>(encoder_.shape(), aggregates_->slot_bytes(), context.key_groups,
                                               context.pool);
  for (const functions::AggregateCall& call : spec_.aggregates) results_.emplace_back(call.type, context.pool);
  return Status::Ok();
}

Status GroupAggregate::FindSlots(const Chunk& chunk, RowSet rows) {
  encoder_.Encode(chunk.columns, rows, keys_);
  state::KeyGroupsOfHashes(keys_.hashes, context_.max_parallelism, groups_);
  slots_.resize(static_cast<size_t>(rows.count()));
  created_.clear();
  MR_RETURN_IF_ERROR(table_->FindOrInsert(keys_, groups_.data(), slots_.data(), &created_));
  for (int32_t i : created_) aggregates_->Init(slots_[static_cast<size_t>(i)]);
  return Status::Ok();
}

void GroupAggregate::NextStamp() {
  if (++stamp_ != 0) return;
  state::TableCursor cursor;
  while (uint8_t* slot = table_->Next(cursor)) HeaderOf(slot)->stamp = 0;
  stamp_ = 1;
}

void GroupAggregate::CheckTtl(uint8_t* slot) {
  Header* header = HeaderOf(slot);
  int64_t* touched = TouchedMillis(slot);
  if (header->count > 0 && header->stamp != stamp_ && *touched + spec_.ttl_ms <= now_millis_) {
    aggregates_->Reset(slot);
    header->count = 0;
  }
  *touched = now_millis_;
}

// Looks at some groups each time, so that those which nobody touches go away too.
void GroupAggregate::SweepExpired(int32_t rows) {
  for (int32_t i = 0; i < rows / 4 + 16; ++i) {
    uint8_t* slot = table_->Next(sweep_cursor_);
    if (slot == nullptr) {
      sweep_cursor_ = {};
      return;
    }
    if (HeaderOf(slot)->stamp == stamp_ || *TouchedMillis(slot) + spec_.ttl_ms > now_millis_) continue;
    aggregates_->Destroy(slot);
    table_->Erase(slot);
  }
}

void GroupAggregate::EraseDead() {
  if (dead_.empty()) return;
  std::sort(dead_.begin(), dead_.end());
  dead_.erase(std::unique(dead_.begin(), dead_.end()), dead_.end());
  for (uint8_t* slot : dead_) {
    if (HeaderOf(slot)->count != 0) continue;
    aggregates_->Destroy(slot);
    table_->Erase(slot);
  }
  dead_.clear();
}

Result<Progress> GroupAggregate::Process(int32_t, const Chunk& chunk, Output& output) {
  if (chunk.empty()) return Progress::kDone;
  if (spec_.ttl_ms > 0 || bundled_) now_millis_ = context_.clock->NowMillis();
  if (context_.batch) {
    MR_RETURN_IF_ERROR(AddToBundle(chunk, chunk.rows()));
    touched_.clear();
    NextStamp();
    EraseDead();
    return Progress::kDone;
  }
  if (!bundled_) return ProcessRows(chunk, output);
  std::vector<int32_t> rows;
  chunk.rows().ForEach([&](int32_t row) { rows.push_back(row); });
  size_t from = 0;
  while (from < rows.size()) {
    size_t room = spec_.mini_batch_size > 0
                      ? static_cast<size_t>(std::max<int64_t>(spec_.mini_batch_size - bundle_rows_, 1))
                      : rows.size();
    auto count = static_cast<int32_t>(std::min(room, rows.size() - from));
    if (bundle_rows_ == 0) bundle_start_millis_ = now_millis_;
    MR_RETURN_IF_ERROR(AddToBundle(chunk, RowSet::Of(rows.data() + from, count)));
    bundle_rows_ += count;
    from += static_cast<size_t>(count);
    if (spec_.mini_batch_size > 0 && bundle_rows_ >= spec_.mini_batch_size) MR_RETURN_IF_ERROR(FlushBundle(output));
  }
  return Progress::kDone;
}

Result<Progress> GroupAggregate::ProcessRows(const Chunk& chunk, Output& output) {
  RowSet rows = chunk.rows();
  MR_RETURN_IF_ERROR(FindSlots(chunk, rows));
  NextStamp();
  PlanRows(chunk, rows);
  SortByWave(rows.count());
  MR_RETURN_IF_ERROR(EmitBefore());
  for (size_t wave = 0; wave + 1 < wave_starts_.size(); ++wave) {
    MR_RETURN_IF_ERROR(RunWave(chunk, rows, wave_starts_[wave], wave_starts_[wave + 1]));
  }
  std::vector<ColumnPtr> results = TakeResults();
  CollectChanges(rows, results);
  if (!changes_.empty()) {
    std::vector<ColumnPtr> key_columns;
    for (int32_t key : spec_.keys) key_columns.push_back(chunk.columns[static_cast<size_t>(key)]);
    changes_.EmitTo(key_columns, results, context_.chunk_rows, context_.pool, output);
  }
  EraseDead();
  if (spec_.ttl_ms > 0) SweepExpired(rows.count());
  return Progress::kDone;
}

void GroupAggregate::PlanRows(const Chunk& chunk, RowSet rows) {
  int32_t n = rows.count();
  plan_.assign(static_cast<size_t>(n), RowPlan{});
  const RowKind* kinds = chunk.kinds ? chunk.kinds->data() : nullptr;
  for (int32_t i = 0; i < n; ++i) {
    uint8_t* slot = slots_[static_cast<size_t>(i)];
    Header* header = HeaderOf(slot);
    RowPlan& plan = plan_[static_cast<size_t>(i)];
    if (spec_.ttl_ms > 0) CheckTtl(slot);
    bool addition = kinds == nullptr || IsAddition(kinds[rows[i]]);
    bool fresh = header->count == 0;
    if (fresh && !addition) {
      dead_.push_back(slot);
      continue;
    }
    if (spec_.input_retracts) {
      header->count += addition ? 1 : -1;
    } else {
      header->count = 1;
    }
    plan.action = header->count == 0 ? Action::kDelete : fresh ? Action::kInsert : Action::kUpdate;
    if (plan.action == Action::kDelete) dead_.push_back(slot);
    if (header->stamp == stamp_) {
      plan.previous_row = header->last;
      plan.wave = plan_[static_cast<size_t>(header->last)].wave + 1;
    }
    header->stamp = stamp_;
    header->last = i;
  }
}

// order_: the rows that do something, by wave, then as they came; wave_starts_[w] is where wave w begins.
void GroupAggregate::SortByWave(int32_t rows) {
  wave_starts_.assign(1, 0);
  for (const RowPlan& plan : plan_) {
    if (plan.action == Action::kSkip) continue;
    auto wave = static_cast<size_t>(plan.wave);
    if (wave + 2 > wave_starts_.size()) wave_starts_.resize(wave + 2, 0);
    ++wave_starts_[wave + 1];
  }
  for (size_t wave = 1; wave < wave_starts_.size(); ++wave) wave_starts_[wave] += wave_starts_[wave - 1];
  order_.resize(static_cast<size_t>(wave_starts_.back()));
  std::vector<int32_t> next(wave_starts_.begin(), wave_starts_.end());
  for (int32_t i = 0; i < rows; ++i) {
    const RowPlan& plan = plan_[static_cast<size_t>(i)];
    if (plan.action == Action::kSkip) continue;
    order_[static_cast<size_t>(next[static_cast<size_t>(plan.wave)]++)] = i;
  }
}

// Results of groups that were there before the chunk.
Status GroupAggregate::EmitBefore() {
  result_count_ = 0;
  emit_slots_.clear();
  int32_t first_wave = wave_starts_.size() > 1 ? wave_starts_[1] : 0;
  for (int32_t at = 0; at < first_wave; ++at) {
    auto row = static_cast<size_t>(order_[static_cast<size_t>(at)]);
    if (plan_[row].action == Action::kInsert) continue;
    plan_[row].before = static_cast<int32_t>(emit_slots_.size());
    emit_slots_.push_back(slots_[row]);
  }
  return EmitResults(emit_slots_);
}

Status GroupAggregate::RunWave(const Chunk& chunk, RowSet rows, int32_t from, int32_t to) {
  auto count = static_cast<size_t>(to - from);
  wave_rows_.resize(count);
  wave_slots_.resize(count);
  wave_groups_.resize(count);
  for (size_t i = 0; i < count; ++i) {
    auto row = static_cast<size_t>(order_[static_cast<size_t>(from) + i]);
    wave_rows_[i] = rows[static_cast<int32_t>(row)];
    wave_slots_[i] = slots_[row];
    wave_groups_[i] = groups_[row];
    RowPlan& plan = plan_[row];
    if (plan.previous_row >= 0 && plan.action != Action::kInsert) {
      plan.before = plan_[static_cast<size_t>(plan.previous_row)].after;
    }
  }
  AggregateInput input;
  input.columns = chunk.columns;
  bool whole = rows.IsAll() && static_cast<int32_t>(count) == chunk.size;
  input.rows = whole ? rows : RowSet::Of(wave_rows_);
  input.slots = wave_slots_.data();
  input.groups = wave_groups_.data();
  input.kinds = chunk.kinds.get();
  MR_RETURN_IF_ERROR(aggregates_->Accumulate(input));
  emit_slots_.clear();
  for (size_t i = 0; i < count; ++i) {
    auto row = static_cast<size_t>(order_[static_cast<size_t>(from) + i]);
    if (plan_[row].action == Action::kDelete) {
      aggregates_->Reset(slots_[row]);
      continue;
    }
    plan_[row].after = result_count_ + static_cast<int32_t>(emit_slots_.size());
    emit_slots_.push_back(slots_[row]);
  }
  return EmitResults(emit_slots_);
}

Status GroupAggregate::EmitResults(const std::vector<uint8_t*>& slots) {
  auto count = static_cast<int32_t>(slots.size());
  result_count_ += count;
  if (count == 0) return Status::Ok();
  for (size_t a = 0; a < results_.size(); ++a) {
    MR_RETURN_IF_ERROR(aggregates_->Emit(a, slots.data(), count, results_[a]));
  }
  return Status::Ok();
}

std::vector<ColumnPtr> GroupAggregate::TakeResults() {
  std::vector<ColumnPtr> columns;
  for (ColumnBuilder& builder : results_) columns.push_back(builder.Finish());
  result_count_ = 0;
  return columns;
}

void GroupAggregate::CollectChanges(RowSet rows, const std::vector<ColumnPtr>& results) {
  before_.clear();
  after_.clear();
  for (const RowPlan& plan : plan_) {
    if (plan.action != Action::kUpdate) continue;
    before_.push_back(plan.before);
    after_.push_back(plan.after);
  }
  changed_.assign(before_.size(), spec_.ttl_ms > 0 ? 1 : 0);
  for (const ColumnPtr& column : results) MarkChanged(*column, before_, after_, changed_.data());
  changes_.Clear();
  size_t update = 0;
  for (int32_t i = 0; i < static_cast<int32_t>(plan_.size()); ++i) {
    const RowPlan& plan = plan_[static_cast<size_t>(i)];
    switch (plan.action) {
      case Action::kSkip:
        break;
      case Action::kInsert:
        changes_.Add(RowKind::kInsert, rows[i], plan.after);
        break;
      case Action::kUpdate:
        if (changed_[update++] == 0) break;
        if (spec_.emit_update_before) changes_.Add(RowKind::kUpdateBefore, rows[i], plan.before);
        changes_.Add(RowKind::kUpdateAfter, rows[i], plan.after);
        break;
      case Action::kDelete:
        changes_.Add(RowKind::kDelete, rows[i], plan.before);
        break;
    }
  }
}

OperatorMetrics GroupAggregate::Metrics() const {
  OperatorMetrics metrics;
  if (table_ == nullptr) return metrics;
  metrics.state_bytes = table_->reserved_bytes();
  metrics.state_entries = table_->size();
  return metrics;
}

OperatorResult Make(const plan::GroupAggregateSpec& spec, const plan::PhysicalNode& node) {
  return {std::make_unique<GroupAggregate>(spec, InputTypes(node))};
}

}  // namespace millrace::operators
