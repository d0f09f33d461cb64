#include "engine/operators/window_aggregate/session_aggregate.h"

#include <algorithm>

#include "engine/operators/factories.h"
#include "engine/state/value_codec.h"

namespace millrace::operators {

SessionAggregate::SessionAggregate(WindowAggregation spec, std::vector<DataType> input_types, const Schema& output)
    : spec_(std::move(spec)),
      input_types_(std::move(input_types)),
      math_(spec_.window),
      rows_out_(output, spec_.keys.size(), spec_.properties, math_),
      encoder_(spec_.keys, TypesAt(input_types_, spec_.keys)) {}

SessionAggregate::~SessionAggregate() {
  state::TableCursor cursor;
  while (uint8_t* slot = table_ == nullptr ? nullptr : table_->Next(cursor)) aggregates_->Destroy(slot);
}

Status SessionAggregate::Open(const OperatorContext& context) {
  context_ = context;
  functions::AggregateMode mode{.retract = spec_.input_retracts, .merge = true};
  MR_ASSIGN(aggregates_, AggregateSet::Make(spec_.aggregates, mode, static_cast<int32_t>(sizeof(Header)), true,
                                            context.key_groups, context.pool));
  keys_table_ = std::make_unique<state::KeyedTable>(encoder_.shape(), static_cast<int32_t>(sizeof(Sessions)),
                                                    context.key_groups, context.pool);
  std::vector<DataType> types = encoder_.types();
  types.push_back(DataType::Bigint().NotNull());
  table_ = std::make_unique<state::KeyedTable>(state::ShapeOf(types), aggregates_->slot_bytes(), context.key_groups,
                                               context.pool);
  return Status::Ok();
}

void SessionAggregate::Link(uint8_t* sessions, uint8_t* session) {
  HeaderOf(session)->next = SessionsOf(sessions)->head;
  SessionsOf(sessions)->head = session;
}

void SessionAggregate::Unlink(uint8_t* sessions, uint8_t* session) {
  uint8_t** at = &SessionsOf(sessions)->head;
  while (*at != session) at = &HeaderOf(*at)->next;
  *at = HeaderOf(session)->next;
}

void SessionAggregate::SetTimer(uint8_t* session) {
  Header* header = HeaderOf(session);
  header->timer = header->end;
  timers_[header->end].push_back(session);
}

Result<uint8_t*> SessionAggregate::NewSession(uint8_t* sessions, const state::KeyView& key, int32_t group,
                                              int64_t time) {
  std::string bytes;
  state::AppendKeyBytes(key, bytes);
  state::AppendIntField(next_number_++, bytes);
  MR_ASSIGN(state::KeyView numbered, state::ParseKey(table_->shape(), bytes));
  MR_ASSIGN(uint8_t * session, table_->FindOrInsert(numbered, group, nullptr));
  aggregates_->Init(session);
  Header* header = HeaderOf(session);
  header->start = time;
  header->end = time + spec_.window.size_ms;
  Link(sessions, session);
  SetTimer(session);
  return session;
}

Status SessionAggregate::Absorb(uint8_t* to, uint8_t* from, int32_t group, uint8_t* sessions) {
  Header* target = HeaderOf(to);
  Header* source = HeaderOf(from);
  MR_RETURN_IF_ERROR(aggregates_->Merge(to, group, from));
  target->start = std::min(target->start, source->start);
  target->end = std::max(target->end, source->end);
  target->count += source->count;
  source->absorbed = true;
  Unlink(sessions, from);
  return Status::Ok();
}

Result<uint8_t*> SessionAggregate::SessionFor(uint8_t* sessions, const state::KeyView& key, int32_t group,
                                              int64_t time) {
  int64_t end = time + spec_.window.size_ms;
  uint8_t* found = nullptr;
  for (uint8_t* session = SessionsOf(sessions)->head; session != nullptr;) {
    uint8_t* next = HeaderOf(session)->next;
    if (HeaderOf(session)->start <= end && HeaderOf(session)->end >= time) {
      if (found == nullptr) {
        found = session;
      } else {
        // The older one goes on, so that aggregates that depend on order see its rows first.
        bool keep_found = HeaderOf(found)->start <= HeaderOf(session)->start;
        uint8_t* to = keep_found ? found : session;
        uint8_t* from = keep_found ? session : found;
        MR_RETURN_IF_ERROR(Absorb(to, from, group, sessions));
        found = to;
      }
    }
    session = next;
  }
  if (found != nullptr) {
    HeaderOf(found)->start = std::min(HeaderOf(found)->start, time);
    HeaderOf(found)->end = std::max(HeaderOf(found)->end, end);
    return found;
  }
  if (spec_.window.event_time && math_.IsFired(end, progress_)) return nullptr;
  return NewSession(sessions, key, group, time);
}

Status SessionAggregate::AddPending(const Chunk& chunk) {
  if (pending_rows_.empty()) return Status::Ok();
  AggregateInput input;
  input.columns = chunk.columns;
  input.rows = RowSet::Of(pending_rows_);
  input.slots = pending_slots_.data();
  input.groups = pending_groups_.data();
  input.kinds = chunk.kinds.get();
  Status added = aggregates_->Accumulate(input);
  pending_rows_.clear();
  pending_slots_.clear();
  pending_groups_.clear();
  return added;
}

Result<Progress> SessionAggregate::Process(int32_t, const Chunk& chunk, Output&) {
  RowSet rows = chunk.rows();
  if (rows.count() == 0) return Progress::kDone;
  MR_RETURN_IF_ERROR(LocalTimes(math_, chunk, rows, context_.clock->NowMillis(), times_));
  encoder_.Encode(chunk.columns, rows, keys_);
  state::KeyGroupsOfHashes(keys_.hashes, context_.max_parallelism, groups_);
  key_slots_.resize(static_cast<size_t>(rows.count()));
  MR_RETURN_IF_ERROR(keys_table_->FindOrInsert(keys_, groups_.data(), key_slots_.data(), nullptr));
  std::vector<uint8_t*> without_session;
  for (int32_t i = 0; i < rows.count(); ++i) {
    auto at = static_cast<size_t>(i);
    // Sessions that this row brings together must hold all rows before it.
    uint8_t* first = SessionsOf(key_slots_[at])->head;
    if (first != nullptr && HeaderOf(first)->next != nullptr) MR_RETURN_IF_ERROR(AddPending(chunk));
    MR_ASSIGN(uint8_t * session, SessionFor(key_slots_[at], keys_.View(i), groups_[at], times_[at]));
    if (session == nullptr) {
      ++late_rows_;
      if (first == nullptr) without_session.push_back(key_slots_[at]);
      continue;
    }
    if (spec_.input_retracts) HeaderOf(session)->count += IsAddition(chunk.kind(rows[i])) ? 1 : -1;
    pending_rows_.push_back(rows[i]);
    pending_slots_.push_back(session);
    pending_groups_.push_back(groups_[at]);
  }
  MR_RETURN_IF_ERROR(AddPending(chunk));
  std::sort(without_session.begin(), without_session.end());
  without_session.erase(std::unique(without_session.begin(), without_session.end()), without_session.end());
  for (uint8_t* sessions : without_session) {
    if (SessionsOf(sessions)->head == nullptr) keys_table_->Erase(sessions);
  }
  return Progress::kDone;
}

void SessionAggregate::CollectDue(int64_t progress, std::vector<uint8_t*>& due) {
  auto enough = static_cast<size_t>(context_.chunk_rows);
  while (!timers_.empty() && due.size() < enough && math_.IsFired(timers_.begin()->first, progress)) {
    auto& sessions = timers_.begin()->second;
    while (!sessions.empty() && due.size() < enough) {
      uint8_t* session = sessions.back();
      sessions.pop_back();
      if (HeaderOf(session)->absorbed || HeaderOf(session)->end == HeaderOf(session)->timer) {
        due.push_back(session);
      } else {
        SetTimer(session);  // to where its end has moved, which is later
      }
    }
    if (sessions.empty()) timers_.erase(timers_.begin());
  }
}

Status SessionAggregate::DropSession(uint8_t* session) {
  if (!HeaderOf(session)->absorbed) {
    MR_ASSIGN(state::KeyView key, state::WithoutExtra(table_->KeyOf(session), keys_table_->shape(), key_storage_));
    uint8_t* sessions = keys_table_->Find(key, table_->KeyGroupOf(session));
    Unlink(sessions, session);
    if (SessionsOf(sessions)->head == nullptr) keys_table_->Erase(sessions);
  }
  aggregates_->Destroy(session);
  table_->Erase(session);
  return Status::Ok();
}

Result<Progress> SessionAggregate::Advance(int64_t progress, Output& output) {
  for (;;) {
    std::vector<uint8_t*> due;
    CollectDue(progress, due);
    if (due.empty()) {
      progress_ = std::max(progress_, progress);
      return Progress::kDone;
    }
    std::vector<WindowRow> rows;
    for (uint8_t* session : due) {
      const Header* header = HeaderOf(session);
      if (header->absorbed || (spec_.input_retracts && header->count == 0)) continue;
      rows.push_back({table_->KeyOf(session), session, header->start, header->end});
    }
    if (!rows.empty()) {
      MR_ASSIGN(Chunk chunk, rows_out_.Make(rows, *aggregates_, context_.clock->NowMillis(), context_.pool));
      output.Emit(std::move(chunk));
    }
    for (uint8_t* session : due) MR_RETURN_IF_ERROR(DropSession(session));
    if (!output.HasCredit()) return Progress::kMore;
  }
}

Result<Progress> SessionAggregate::OnWatermark(int64_t watermark, Output& output) {
  if (!spec_.window.event_time || watermark <= progress_) return Progress::kDone;
  return Advance(watermark, output);
}

int64_t SessionAggregate::NextProcessingTime() const {
  if (spec_.window.event_time || timers_.empty()) return INT64_MAX;
  return math_.TriggerTime(timers_.begin()->first);
}

Result<Progress> SessionAggregate::OnProcessingTime(int64_t now_millis, Output& output) {
  if (spec_.window.event_time) return Progress::kDone;
  return Advance(now_millis, output);
}

Result<Progress> SessionAggregate::Finish(Output& output) {
  if (!context_.batch) return Progress::kDone;
  return Advance(kMaxWatermark, output);
}

Status SessionAggregate::Snapshot(state::SnapshotWriter& writer) {
  // Absorbed sessions are no part of the state.
  state::TableCursor cursor;
  for (auto& [end, sessions] : timers_) {
    for (size_t i = 0; i < sessions.size();) {
      if (!HeaderOf(sessions[i])->absorbed) {
        ++i;
        continue;
      }
      MR_RETURN_IF_ERROR(DropSession(sessions[i]));
      sessions.erase(sessions.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }
  MR_RETURN_IF_ERROR(SaveWatermark(progress_, writer));
  return aggregates_->Snapshot(
      *table_, AggregateSet::SaveTime::kAtOnce,
      [](const uint8_t* session, std::string& out) {
        state::PutFixed(HeaderOf(session)->start, out);
        state::PutFixed(HeaderOf(session)->end, out);
        state::PutFixed(HeaderOf(session)->count, out);
      },
      writer);
}

Status SessionAggregate::Restore(state::SnapshotReader& reader) {
  MR_RETURN_IF_ERROR(LoadWatermark(reader, &progress_));
  return aggregates_->Restore(
      *table_,
      [this](uint8_t* session, std::string_view& in) -> Status {
        Header* header = HeaderOf(session);
        if (!state::TakeFixed(in, &header->start) || !state::TakeFixed(in, &header->end) ||
            !state::TakeFixed(in, &header->count)) {
          return state::CorruptRecord("a session is cut short");
        }
        state::KeyView numbered = table_->KeyOf(session);
        next_number_ = std::max(next_number_, state::ExtraOf(numbered) + 1);
        MR_ASSIGN(state::KeyView key, state::WithoutExtra(numbered, keys_table_->shape(), key_storage_));
        MR_ASSIGN(uint8_t * sessions, keys_table_->FindOrInsert(key, table_->KeyGroupOf(session), nullptr));
        Link(sessions, session);
        SetTimer(session);
        return Status::Ok();
      },
      reader);
}

OperatorMetrics SessionAggregate::Metrics() const {
  OperatorMetrics metrics;
  metrics.late_rows_dropped = late_rows_;
  metrics.state_bytes = table_ == nullptr ? 0 : table_->reserved_bytes() + keys_table_->reserved_bytes();
  metrics.state_entries = table_ == nullptr ? 0 : table_->size();
  return metrics;
}

}  // namespace millrace::operators
