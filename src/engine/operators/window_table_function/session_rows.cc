#include "engine/operators/window_table_function/session_rows.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "engine/operators/factories.h"
#include "engine/operators/window_aggregate/sliced_aggregate.h"
#include "engine/state/value_codec.h"

namespace millrace::operators {

WindowBounds::WindowBounds(const WindowMath& math, const std::vector<DataType>& types, size_t first,
                           const OperatorContext& context)
    : math_(math), context_(context) {
  for (size_t c = first; c < types.size(); ++c) builders_.emplace_back(types[c], context.pool);
}

void WindowBounds::Append(ColumnBuilder& builder, int64_t local) {
  bool instant = builder.type().Is(TypeKind::kTimestampLtz);
  bool proctime = builder.type().time_attribute() == TimeAttribute::kProctime;
  int64_t millis = instant ? math_.ToEpoch(local) : local;
  builder.Append(Timestamp{proctime ? context_.clock->NowMillis() : millis, 0, 0});
}

void WindowBounds::Add(int64_t start, int64_t end) {
  Append(builders_[0], start);
  Append(builders_[1], end);
  if (builders_.size() > 2) Append(builders_[2], end - 1);
}

void WindowBounds::AppendTo(Chunk& chunk) {
  for (ColumnBuilder& builder : builders_) chunk.columns.push_back(builder.Finish());
}

SessionRows::SessionRows(const plan::WindowTableFunctionSpec& spec, std::vector<DataType> types,
                         std::vector<DataType> output_types)
    : spec_(spec),
      types_(std::move(types)),
      output_types_(std::move(output_types)),
      math_(spec.window),
      encoder_(spec.partition_keys, TypesAt(types_, spec.partition_keys)),
      layout_(types_) {}

Status SessionRows::Open(const OperatorContext& context) {
  context_ = context;
  table_ = std::make_unique<state::KeyedTable>(encoder_.shape(), static_cast<int32_t>(sizeof(Sessions)),
                                               context.key_groups, context.pool);
  heap_ = std::make_unique<state::BlobHeap>(context.pool);
  return Status::Ok();
}

void SessionRows::SetTimer(Session* session) {
  session->timer = session->end;
  timers_[session->end].push_back(session);
}

Result<SessionRows::Session*> SessionRows::NewSession(uint8_t* slot, int64_t start, int64_t end) {
  MR_ASSIGN(uint8_t * blob, heap_->Allocate(sizeof(Session)));
  auto* session = reinterpret_cast<Session*>(blob);
  *session = {SessionsOf(slot)->head, slot, start, end, end, nullptr, false};
  SessionsOf(slot)->head = session;
  SetTimer(session);
  return session;
}

void SessionRows::Unlink(Session* session) {
  Session** at = &SessionsOf(session->owner)->head;
  while (*at != session) at = &(*at)->next;
  *at = session->next;
}

Result<SessionRows::Session*> SessionRows::SessionFor(uint8_t* slot, int64_t time) {
  int64_t end = time + spec_.window.size_ms;
  Session* found = nullptr;
  for (Session* session = SessionsOf(slot)->head; session != nullptr;) {
    Session* next = session->next;
    if (session->start <= end && session->end >= time) {
      if (found == nullptr) {
        found = session;
      } else {
        Waiting** tail = &found->head;
        while (*tail != nullptr) tail = &(*tail)->next;
        *tail = session->head;
        session->head = nullptr;
        found->start = std::min(found->start, session->start);
        found->end = std::max(found->end, session->end);
        session->absorbed = true;
        Unlink(session);
      }
    }
    session = next;
  }
  if (found == nullptr) {
    if (spec_.window.event_time && math_.IsFired(end, progress_)) return static_cast<Session*>(nullptr);
    return NewSession(slot, time, end);
  }
  found->start = std::min(found->start, time);
  found->end = std::max(found->end, end);
  return found;
}

Status SessionRows::AddRow(Session* session, const uint8_t* row, RowKind kind, int64_t order) {
  uint32_t bytes = state::PackedSize(row);
  MR_ASSIGN(uint8_t * blob, heap_->Allocate(sizeof(Waiting) + bytes));
  auto* waiting = reinterpret_cast<Waiting*>(blob);
  *waiting = {session->head, order, kind};
  std::memcpy(waiting + 1, row, bytes);
  session->head = waiting;
  ++rows_;
  return Status::Ok();
}

Result<Progress> SessionRows::Process(int32_t, const Chunk& chunk, Output&) {
  std::vector<int32_t> timed;
  bool by_row = spec_.window.event_time;
  chunk.rows().ForEach([&](int32_t row) {
    if (by_row && chunk.columns[static_cast<size_t>(spec_.window.time_column)]->IsNull(row)) {
      ++late_rows_;
    } else {
      timed.push_back(row);
    }
  });
  if (timed.empty()) return Progress::kDone;
  RowSet rows = RowSet::Of(timed);
  MR_RETURN_IF_ERROR(LocalTimes(math_, chunk, rows, context_.clock->NowMillis(), times_));
  encoder_.Encode(chunk.columns, rows, keys_);
  state::KeyGroupsOfHashes(keys_.hashes, context_.max_parallelism, groups_);
  slots_.resize(timed.size());
  MR_RETURN_IF_ERROR(table_->FindOrInsert(keys_, groups_.data(), slots_.data(), nullptr));
  layout_.Encode(chunk.columns, rows, packed_);
  for (int32_t i = 0; i < rows.count(); ++i) {
    auto at = static_cast<size_t>(i);
    int64_t order = next_order_++;
    MR_ASSIGN(Session * session, SessionFor(slots_[at], times_[at]));
    if (session == nullptr) {
      ++late_rows_;
      continue;
    }
    MR_RETURN_IF_ERROR(AddRow(session, packed_.row(i), chunk.kind(rows[i]), order));
  }
  std::sort(slots_.begin(), slots_.end());
  slots_.erase(std::unique(slots_.begin(), slots_.end()), slots_.end());
  for (uint8_t* slot : slots_) {
    if (SessionsOf(slot)->head == nullptr) table_->Erase(slot);
  }
  return Progress::kDone;
}

SessionRows::Session* SessionRows::TakeDue(int64_t progress) {
  while (!timers_.empty() && math_.IsFired(timers_.begin()->first, progress)) {
    std::vector<Session*>& sessions = timers_.begin()->second;
    if (sessions.empty()) {
      timers_.erase(timers_.begin());
      continue;
    }
    Session* session = sessions.back();
    sessions.pop_back();
    if (session->absorbed) {
      heap_->Free(reinterpret_cast<uint8_t*>(session), sizeof(Session));
    } else if (session->end != session->timer) {
      SetTimer(session);
    } else {
      return session;
    }
  }
  return nullptr;
}

void SessionRows::StartSending(Session* session) {
  firing_ = session;
  firing_at_ = 0;
  firing_rows_.clear();
  for (Waiting* row = session->head; row != nullptr; row = row->next) firing_rows_.push_back(row);
  std::sort(firing_rows_.begin(), firing_rows_.end(),
            [](const Waiting* a, const Waiting* b) { return a->order < b->order; });
}

Result<Progress> SessionRows::SendSession(Output& output) {
  while (firing_at_ < firing_rows_.size()) {
    ChunkBuilder builder(types_, context_.pool, context_.chunk_rows);
    WindowBounds bounds(math_, output_types_, types_.size(), context_);
    for (; firing_at_ < firing_rows_.size() && !builder.full(); ++firing_at_) {
      const uint8_t* row = firing_rows_[firing_at_]->row();
      layout_.AppendTo(&row, 1, 0, builder);
      builder.EndRow(firing_rows_[firing_at_]->kind);
      bounds.Add(firing_->start, firing_->end);
    }
    Chunk chunk = builder.Finish();
    bounds.AppendTo(chunk);
    output.Emit(std::move(chunk));
    if (!output.HasCredit()) return Progress::kMore;
  }
  uint8_t* slot = firing_->owner;
  Unlink(firing_);
  FreeSession(firing_);
  firing_ = nullptr;
  if (SessionsOf(slot)->head == nullptr) table_->Erase(slot);
  return Progress::kDone;
}

void SessionRows::FreeSession(Session* session) {
  for (Waiting* row : firing_rows_) {
    heap_->Free(reinterpret_cast<uint8_t*>(row), sizeof(Waiting) + state::PackedSize(row->row()));
    --rows_;
  }
  firing_rows_.clear();
  heap_->Free(reinterpret_cast<uint8_t*>(session), sizeof(Session));
}

Result<Progress> SessionRows::Advance(int64_t progress, Output& output) {
  for (;;) {
    if (firing_ == nullptr) {
      Session* due = TakeDue(progress);
      if (due == nullptr) break;
      StartSending(due);
    }
    MR_ASSIGN(Progress sent, SendSession(output));
    if (sent == Progress::kMore) return sent;
  }
  progress_ = std::max(progress_, progress);
  return Progress::kDone;
}

Result<Progress> SessionRows::OnWatermark(int64_t watermark, Output& output) {
  if (!spec_.window.event_time || watermark <= progress_) return Progress::kDone;
  return Advance(watermark, output);
}

int64_t SessionRows::NextProcessingTime() const {
  if (spec_.window.event_time || timers_.empty()) return INT64_MAX;
  return math_.TriggerTime(timers_.begin()->first);
}

Result<Progress> SessionRows::OnProcessingTime(int64_t now_millis, Output& output) {
  if (spec_.window.event_time) return Progress::kDone;
  return Advance(now_millis, output);
}

Result<Progress> SessionRows::Finish(Output& output) {
  if (!context_.batch) return Progress::kDone;
  return Advance(kMaxWatermark, output);
}

Status SessionRows::Snapshot(state::SnapshotWriter& writer) {
  MR_RETURN_IF_ERROR(SaveWatermark(progress_, writer));
  MR_RETURN_IF_ERROR(writer.BeginState("rows", 1));
  std::string key;
  std::string value;
  state::TableCursor cursor;
  while (uint8_t* slot = table_->Next(cursor)) {
    key.clear();
    table_->AppendKeyOf(slot, key);
    for (const Session* session = SessionsOf(slot)->head; session != nullptr; session = session->next) {
      for (const Waiting* row = session->head; row != nullptr; row = row->next) {
        value.clear();
        state::PutFixed(session->start, value);
        state::PutFixed(session->end, value);
        state::PutFixed(row->order, value);
        state::PutFixed(row->kind, value);
        value.append(state::PackedBytes(row->row()));
        MR_RETURN_IF_ERROR(writer.KeyedRecord(table_->KeyGroupOf(slot), key, value));
      }
    }
  }
  return Status::Ok();
}

Status SessionRows::Restore(state::SnapshotReader& reader) {
  MR_RETURN_IF_ERROR(LoadWatermark(reader, &progress_));
  return reader.ForEach("rows", [this](const state::SnapshotRecord& record) -> Status {
    std::string_view in = record.value;
    int64_t start = 0;
    int64_t end = 0;
    int64_t order = 0;
    RowKind kind = RowKind::kInsert;
    if (!state::TakeFixed(in, &start) || !state::TakeFixed(in, &end) || !state::TakeFixed(in, &order) ||
        !state::TakeFixed(in, &kind) || !layout_.IsPlausible(in)) {
      return state::CorruptRecord("a row of a session is damaged");
    }
    MR_ASSIGN(state::KeyView key, state::ParseKey(table_->shape(), record.key));
    MR_ASSIGN(uint8_t * slot, table_->FindOrInsert(key, record.key_group, nullptr));
    Session* session = SessionsOf(slot)->head;
    while (session != nullptr && session->start != start) session = session->next;
    if (session == nullptr) {
      MR_ASSIGN(session, NewSession(slot, start, end));
    }
    next_order_ = std::max(next_order_, order + 1);
    return AddRow(session, reinterpret_cast<const uint8_t*>(in.data()), kind, order);
  });
}

OperatorMetrics SessionRows::Metrics() const {
  return {late_rows_, table_ ? table_->reserved_bytes() + heap_->reserved_bytes() : 0, rows_};
}

}  // namespace millrace::operators
