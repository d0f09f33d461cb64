#include "engine/operators/over_aggregate/over_aggregate.h"

#include <algorithm>
#include <cstring>

#include "engine/operators/factories.h"
#include "engine/operators/over_aggregate/sorted_over.h"
#include "engine/operators/window_aggregate/sliced_aggregate.h"
#include "engine/state/value_codec.h"

namespace millrace::operators {

OverAggregate::OverAggregate(const plan::OverAggregateSpec& spec, std::vector<DataType> types)
    : spec_(spec),
      types_(std::move(types)),
      time_column_(static_cast<size_t>(spec.order_keys[0].column)),
      encoder_(spec.partition_keys, TypesAt(types_, spec.partition_keys)),
      batch_(types_, spec.aggregates) {}

OverAggregate::~OverAggregate() {
  state::TableCursor cursor;
  while (uint8_t* slot = table_ == nullptr ? nullptr : table_->Next(cursor)) aggregates_->Destroy(slot);
}

Status OverAggregate::Open(const OperatorContext& context) {
  context_ = context;
  functions::AggregateMode mode{.retract = bounded(), .merge = false};
  MR_ASSIGN(aggregates_, AggregateSet::Make(spec_.aggregates, mode, static_cast<int32_t>(sizeof(Key)), true,
                                            context.key_groups, context.pool));
  table_ = std::make_unique<state::KeyedTable>(encoder_.shape(), aggregates_->slot_bytes(), context.key_groups,
                                               context.pool);
  heap_ = std::make_unique<state::BlobHeap>(context.pool);
  batch_.Open(context.pool, context.chunk_rows);
  return Status::Ok();
}

Result<Progress> OverAggregate::Process(int32_t, const Chunk& chunk, Output& output) {
  if (!immediate()) {
    MR_RETURN_IF_ERROR(AddWaiting(chunk));
    return Progress::kDone;
  }
  if (!processing_) {
    MR_RETURN_IF_ERROR(AddImmediate(chunk));
    MR_RETURN_IF_ERROR(batch_.Compute(*aggregates_));
  }
  Progress sent = batch_.Send(output);
  processing_ = sent == Progress::kMore;
  if (batch_.empty()) FreeSpent();
  return sent;
}

Status OverAggregate::FindSlots(const Chunk& chunk, RowSet rows) {
  encoder_.Encode(chunk.columns, rows, keys_);
  state::KeyGroupsOfHashes(keys_.hashes, context_.max_parallelism, groups_);
  slots_.resize(static_cast<size_t>(rows.count()));
  created_.clear();
  MR_RETURN_IF_ERROR(table_->FindOrInsert(keys_, groups_.data(), slots_.data(), &created_));
  for (int32_t i : created_) {
    uint8_t* slot = slots_[static_cast<size_t>(i)];
    aggregates_->Init(slot);
    Key* key = KeyOf(slot);
    key->order = next_order_++;
    key->cleanup = kNoTime;
    key->timer = kNoTime;
    key->touched = context_.clock->NowMillis();
  }
  if (expires()) {
    int64_t now = context_.clock->NowMillis();
    for (uint8_t* slot : slots_) {
      if (Expired(KeyOf(slot), now)) StartAnew(slot);
      KeyOf(slot)->touched = now;
    }
    Sweep(now, slots_.size());
  }
  batch_.layout().Encode(chunk.columns, rows, packed_);
  return Status::Ok();
}

Status OverAggregate::AddWaiting(const Chunk& chunk) {
  int64_t now = context_.clock->NowMillis();
  ColumnReader<Timestamp> times(*chunk.columns[time_column_]);
  // A key that has seen no row out takes all rows above 0.
  int64_t late = bounded() ? 0 : progress_;
  std::vector<int32_t> kept;
  chunk.rows().ForEach([&](int32_t row) {
    bool in_time = !spec_.event_time || (!times.IsNull(row) && times[row].millis > late);
    if (in_time) {
      kept.push_back(row);
    } else {
      ++late_rows_;
    }
  });
  if (kept.empty()) return Status::Ok();
  MR_RETURN_IF_ERROR(FindSlots(chunk, RowSet::Of(kept)));
  for (size_t i = 0; i < kept.size(); ++i) {
    int64_t time = spec_.event_time ? times[kept[i]].millis : now;
    MR_ASSIGN(bool added, AddRow(slots_[i], packed_.row(static_cast<int32_t>(i)), time));
    if (!added) ++late_rows_;
  }
  return Status::Ok();
}

Result<bool> OverAggregate::AddRow(uint8_t* slot, const uint8_t* row, int64_t time) {
  Key* key = KeyOf(slot);
  if (!bounded()) {
    MR_ASSIGN(Node * node, Append(key, row, time));
    static_cast<void>(node);
    int64_t timer = progress_ < 0 ? 0 : progress_ + 1;
    if (key->timer != timer) SetTimer(timer, slot);
    key->timer = timer;
    return true;
  }
  if (spec_.event_time && time <= key->last_trigger) return false;
  MR_ASSIGN(Node * node, Append(key, row, time));
  bool first = node == key->pending || node->previous->time != time;
  if (first) SetTimer(spec_.event_time ? time : time + 1, slot);
  if (!spec_.rows_frame && (spec_.event_time || first)) SetCleanup(slot, time);
  return true;
}

void OverAggregate::SetCleanup(uint8_t* slot, int64_t time) {
  Key* key = KeyOf(slot);
  if (key->cleanup != kNoTime && key->cleanup >= time + spec_.preceding + 1) return;
  key->cleanup = time + spec_.preceding + spec_.preceding / 2 + 1;
  SetTimer(key->cleanup, slot);
}

Result<OverAggregate::Node*> OverAggregate::Append(Key* key, const uint8_t* row, int64_t time) {
  uint32_t bytes = state::PackedSize(row);
  MR_ASSIGN(uint8_t * blob, heap_->Allocate(sizeof(Node) + bytes));
  auto* node = reinterpret_cast<Node*>(blob);
  node->time = time;
  std::memcpy(node->mutable_row(), row, bytes);
  Node* before = key->tail;
  bool passed_pending = key->pending == nullptr;
  while (!passed_pending && before != nullptr && before->time > time) {
    passed_pending = before == key->pending;
    before = before->previous;
  }
  node->previous = before;
  node->next = before == nullptr ? key->head : before->next;
  (before == nullptr ? key->head : before->next) = node;
  (node->next == nullptr ? key->tail : node->next->previous) = node;
  if (passed_pending) key->pending = node;
  ++rows_;
  return node;
}

void OverAggregate::StepOfRow(uint8_t* slot, Node* node) {
  Key* key = KeyOf(slot);
  batch_.StartStep(slot, table_->KeyGroupOf(slot), &key->steps);
  if (bounded() && key->count > spec_.preceding) {
    RetractOldest(key);
  } else {
    ++key->count;
  }
  batch_.Add(node->row());
  batch_.Emit(node->row());
}

Status OverAggregate::AddImmediate(const Chunk& chunk) {
  RowSet rows = chunk.rows();
  MR_RETURN_IF_ERROR(FindSlots(chunk, rows));
  int64_t now = context_.clock->NowMillis();
  for (int32_t i = 0; i < rows.count(); ++i) {
    uint8_t* slot = slots_[static_cast<size_t>(i)];
    Key* key = KeyOf(slot);
    if (bounded()) {
      MR_ASSIGN(Node * node, Append(key, packed_.row(i), now));
      key->pending = nullptr;
      StepOfRow(slot, node);
      continue;
    }
    batch_.StartStep(slot, groups_[static_cast<size_t>(i)], &key->steps);
    batch_.Add(packed_.row(i));
    batch_.Emit(packed_.row(i));
  }
  return Status::Ok();
}

void OverAggregate::Spend(Key* key) {
  Node* node = key->head;
  key->head = node->next;
  (node->next == nullptr ? key->tail : node->next->previous) = nullptr;
  if (key->pending == node) key->pending = node->next;
  spent_.push_back(node);
}

void OverAggregate::RetractOldest(Key* key) {
  batch_.Retract(key->head->row());
  Spend(key);
}

void OverAggregate::FreeSpent() {
  for (Node* node : spent_) {
    heap_->Free(reinterpret_cast<uint8_t*>(node), sizeof(Node) + state::PackedSize(node->row()));
  }
  rows_ -= static_cast<int64_t>(spent_.size());
  spent_.clear();
}

void OverAggregate::Forget(uint8_t* slot) {
  Key* key = KeyOf(slot);
  while (key->head != nullptr) Spend(key);
  aggregates_->Destroy(slot);
  table_->Erase(slot);
}

void OverAggregate::StartAnew(uint8_t* slot) {
  Key* key = KeyOf(slot);
  while (key->head != nullptr) Spend(key);
  key->count = 0;
  key->last_trigger = 0;
  aggregates_->Reset(slot);
}

// Looks at about as many keys as rows come.
void OverAggregate::Sweep(int64_t now, size_t slots) {
  for (size_t i = 0; i < slots; ++i) {
    uint8_t* slot = table_->Next(sweep_cursor_);
    if (slot == nullptr) {
      sweep_cursor_ = {};
      return;
    }
    if (Expired(KeyOf(slot), now)) Forget(slot);
  }
}

bool OverAggregate::FireUnbounded(uint8_t* slot, int64_t progress) {
  Key* key = KeyOf(slot);
  auto enough = static_cast<size_t>(context_.chunk_rows);
  while (key->head != nullptr && key->head->time <= progress) {
    if (batch_.work() >= enough) return false;
    int64_t time = key->head->time;
    batch_.StartStep(slot, table_->KeyGroupOf(slot), &key->steps);
    do {
      batch_.Add(key->head->row());
      batch_.Emit(key->head->row());
      Spend(key);
    } while (!spec_.rows_frame && key->head != nullptr && key->head->time == time);
  }
  key->timer = kNoTime;
  if (key->head != nullptr) {
    key->timer = progress + 1;
    SetTimer(key->timer, slot);
  }
  return true;
}

bool OverAggregate::FireBounded(uint8_t* slot, int64_t timer) {
  Key* key = KeyOf(slot);
  if (key->cleanup != kNoTime && key->cleanup <= timer) {
    if (key->steps > 0) return false;
    Forget(slot);
    return true;
  }
  int64_t time = spec_.event_time ? timer : timer - 1;
  key->last_trigger = timer;
  if (key->pending == nullptr || key->pending->time != time) return true;
  if (spec_.rows_frame) {
    while (key->pending != nullptr && key->pending->time == time) {
      Node* node = key->pending;
      key->pending = node->next;
      StepOfRow(slot, node);
    }
    return true;
  }
  batch_.StartStep(slot, table_->KeyGroupOf(slot), &key->steps);
  while (key->head != key->pending && time - key->head->time > spec_.preceding) RetractOldest(key);
  for (; key->pending != nullptr && key->pending->time == time; key->pending = key->pending->next) {
    batch_.Add(key->pending->row());
    batch_.Emit(key->pending->row());
  }
  return true;
}

void OverAggregate::TakeDueKeys() {
  auto first = timers_.begin();
  due_time_ = first->first;
  due_ = std::move(first->second);
  timers_.erase(first);
  // In order of the keys' first rows, whatever happened meanwhile.
  std::sort(due_.begin(), due_.end(), [this](const uint8_t* a, const uint8_t* b) {
    if (KeyOf(a)->order != KeyOf(b)->order) return KeyOf(a)->order > KeyOf(b)->order;
    return table_->KeyGroupOf(a) > table_->KeyGroupOf(b);
  });
  due_.erase(std::unique(due_.begin(), due_.end()), due_.end());
}

void OverAggregate::Collect(int64_t progress) {
  auto enough = static_cast<size_t>(context_.chunk_rows);
  while (batch_.work() < enough) {
    if (due_.empty()) {
      if (timers_.empty() || timers_.begin()->first > progress) return;
      TakeDueKeys();
    }
    uint8_t* slot = due_.back();
    if (!(bounded() ? FireBounded(slot, due_time_) : FireUnbounded(slot, progress))) return;
    due_.pop_back();
  }
}

Result<Progress> OverAggregate::Advance(int64_t progress, Output& output) {
  for (;;) {
    if (!batch_.empty()) {
      Progress sent = batch_.Send(output);
      if (batch_.empty()) FreeSpent();
      if (sent == Progress::kMore) return sent;
    }
    Collect(progress);
    if (batch_.empty()) {
      FreeSpent();
      progress_ = std::max(progress_, progress);
      return Progress::kDone;
    }
    MR_RETURN_IF_ERROR(batch_.Compute(*aggregates_));
  }
}

Result<Progress> OverAggregate::OnWatermark(int64_t watermark, Output& output) {
  if (!spec_.event_time || watermark <= progress_) return Progress::kDone;
  return Advance(watermark, output);
}

int64_t OverAggregate::NextProcessingTime() const {
  return spec_.event_time || timers_.empty() ? INT64_MAX : timers_.begin()->first;
}

Result<Progress> OverAggregate::OnProcessingTime(int64_t now_millis, Output& output) {
  if (spec_.event_time) return Progress::kDone;
  return Advance(now_millis, output);
}

Status OverAggregate::Snapshot(state::SnapshotWriter& writer) {
  MR_RETURN_IF_ERROR(SaveWatermark(progress_, writer));
  MR_RETURN_IF_ERROR(aggregates_->Snapshot(
      *table_, AggregateSet::SaveTime::kAtOnce,
      [](const uint8_t* slot, std::string& out) {
        const Key* key = KeyOf(slot);
        for (int64_t number : {key->order, key->last_trigger, key->cleanup, key->timer, key->count, key->touched}) {
          state::PutFixed(number, out);
        }
      },
      writer));
  MR_RETURN_IF_ERROR(writer.BeginState("rows", 1));
  std::string key;
  std::string value;
  state::TableCursor cursor;
  while (const uint8_t* slot = table_->Next(cursor)) {
    key.clear();
    table_->AppendKeyOf(slot, key);
    char waits = '\0';
    for (const Node* node = KeyOf(slot)->head; node != nullptr; node = node->next) {
      if (node == KeyOf(slot)->pending) waits = '\1';
      value.assign(1, waits);
      state::PutFixed(node->time, value);
      value.append(state::PackedBytes(node->row()));
      MR_RETURN_IF_ERROR(writer.KeyedRecord(table_->KeyGroupOf(slot), key, value));
    }
  }
  MR_RETURN_IF_ERROR(writer.BeginState("timers", 1));
  for (const auto& [time, slots] : timers_) {
    value.clear();
    state::PutFixed(time, value);
    for (const uint8_t* slot : slots) {
      key.clear();
      table_->AppendKeyOf(slot, key);
      MR_RETURN_IF_ERROR(writer.KeyedRecord(table_->KeyGroupOf(slot), key, value));
    }
  }
  return Status::Ok();
}

Status OverAggregate::Restore(state::SnapshotReader& reader) {
  MR_RETURN_IF_ERROR(LoadWatermark(reader, &progress_));
  MR_RETURN_IF_ERROR(aggregates_->Restore(
      *table_,
      [this](uint8_t* slot, std::string_view& in) -> Status {
        Key* key = KeyOf(slot);
        for (int64_t* number :
             {&key->order, &key->last_trigger, &key->cleanup, &key->timer, &key->count, &key->touched}) {
          if (!state::TakeFixed(in, number)) return state::CorruptRecord("a key of an OVER window is cut short");
        }
        next_order_ = std::max(next_order_, key->order + 1);
        return Status::Ok();
      },
      reader));
  auto slot_of = [this](const state::SnapshotRecord& record) -> Result<uint8_t*> {
    MR_ASSIGN(state::KeyView key, state::ParseKey(table_->shape(), record.key));
    uint8_t* slot = table_->Find(key, record.key_group);
    if (slot == nullptr) return state::CorruptRecord("a row of an OVER window has no key");
    return slot;
  };
  MR_RETURN_IF_ERROR(reader.ForEach("rows", [&](const state::SnapshotRecord& record) -> Status {
    MR_ASSIGN(uint8_t * slot, slot_of(record));
    std::string_view in = record.value;
    char waits = '\0';
    int64_t time = 0;
    if (!state::TakeFixed(in, &waits) || !state::TakeFixed(in, &time) || !batch_.layout().IsPlausible(in)) {
      return state::CorruptRecord("a row of an OVER window is damaged");
    }
    Key* key = KeyOf(slot);
    Node* pending = key->pending;
    MR_ASSIGN(Node * node, Append(key, reinterpret_cast<const uint8_t*>(in.data()), time));
    key->pending = waits == '\0' ? nullptr : (pending != nullptr ? pending : node);
    return Status::Ok();
  }));
  return reader.ForEach("timers", [&](const state::SnapshotRecord& record) -> Status {
    MR_ASSIGN(uint8_t * slot, slot_of(record));
    std::string_view in = record.value;
    int64_t time = 0;
    if (!state::TakeFixed(in, &time)) return state::CorruptRecord("a timer of an OVER window is cut short");
    SetTimer(time, slot);
    return Status::Ok();
  });
}

OperatorMetrics OverAggregate::Metrics() const {
  return {late_rows_, table_ ? table_->reserved_bytes() + heap_->reserved_bytes() : 0, table_ ? table_->size() : 0};
}

OperatorResult Make(const plan::OverAggregateSpec& spec, const plan::PhysicalNode& node) {
  if (!spec.rankings.empty()) return {std::make_unique<SortedOver>(spec, InputTypes(node))};
  return {std::make_unique<OverAggregate>(spec, InputTypes(node))};
}

}  // namespace millrace::operators
