#include "engine/operators/interval_join/interval_join.h"

#include <algorithm>

#include "engine/operators/factories.h"

namespace millrace::operators {

IntervalJoin::IntervalJoin(const plan::IntervalJoinSpec& spec, const plan::PhysicalNode& node)
    : spec_(spec),
      outer_{spec.type == plan::JoinType::kLeft || spec.type == plan::JoinType::kFull,
             spec.type == plan::JoinType::kRight || spec.type == plan::JoinType::kFull},
      left_encoder_(spec.left_keys, TypesAt(InputTypes(node, 0), spec.left_keys)),
      right_encoder_(spec.right_keys, TypesAt(InputTypes(node, 1), spec.right_keys)),
      condition_(spec.condition, InputTypes(node, 0), InputTypes(node, 1)),
      joined_(InputTypes(node, 0), InputTypes(node, 1), false) {}

Status IntervalJoin::Open(const OperatorContext& context) {
  context_ = context;
  condition_.Open(context);
  joined_.Open(context.pool, context.chunk_rows);
  table_ = std::make_unique<state::KeyedTable>(left_encoder_.shape(), static_cast<int32_t>(sizeof(Key)),
                                               context.key_groups, context.pool);
  heap_ = std::make_unique<state::BlobHeap>(context.pool);
  return Status::Ok();
}

int64_t IntervalJoin::WatermarkDelay() const {
  return spec_.event_time && !never() ? std::max(spec_.upper_ms, -spec_.lower_ms) : 0;
}

Result<Progress> IntervalJoin::Process(int32_t input, const Chunk& chunk, Output& output) {
  RowSet rows = chunk.rows();
  auto side = static_cast<size_t>(input);
  if (!work_.active) {
    if (rows.count() == 0) return Progress::kDone;
    MR_RETURN_IF_ERROR(Begin(side, chunk));
  }
  for (;;) {
    bool last = work_.next_row == rows.count();
    Progress sent = joined_.Send(last, output);
    if (last && joined_.empty()) break;
    if (sent == Progress::kMore) return Progress::kMore;
    int32_t first = work_.next_row;
    MR_ASSIGN(int32_t end, CollectCandidates(rows));
    size_t from = 0;
    for (int32_t i = first; i < end; ++i) {
      size_t to = candidate_ends_[static_cast<size_t>(i - first)];
      MR_RETURN_IF_ERROR(ProcessRow(rows, i, from, to));
      size_t expired = i == first ? 0 : expired_ends_[static_cast<size_t>(i - first - 1)];
      for (; expired < expired_ends_[static_cast<size_t>(i - first)]; ++expired) {
        PadExpired(1 - side, expired_[expired]);
        spent_.push_back(expired_[expired]);
      }
      from = to;
    }
    work_.next_row = end;
  }
  End();
  return Progress::kDone;
}

Status IntervalJoin::Begin(size_t side, const Chunk& chunk) {
  work_.active = true;
  work_.side = side;
  work_.next_row = 0;
  RowSet rows = chunk.rows();
  int64_t now = context_.clock->NowMillis();
  work_.operator_time = spec_.event_time ? std::max<int64_t>(progress_, 0) : now;
  work_.times.clear();
  ColumnReader<Timestamp> times(*chunk.columns[static_cast<size_t>(side == 0 ? spec_.left_time : spec_.right_time)]);
  for (int32_t i = 0; i < rows.count(); ++i) {
    int64_t time = times.IsNull(rows[i]) ? 0 : times[rows[i]].millis;
    work_.times.push_back(spec_.event_time ? time : now);
  }
  out(side).layout().Encode(chunk.columns, rows, work_.packed);
  // Pairs come from the chunk on this side and from state on the other.
  out(side).Use(&chunk);
  out(1 - side).Use(nullptr);
  tested(side).Use(&chunk);
  tested(1 - side).Use(nullptr);
  work_.slots.assign(static_cast<size_t>(rows.count()), nullptr);
  return never() ? Status::Ok() : FindSlots(chunk, rows);
}

Status IntervalJoin::FindSlots(const Chunk& chunk, RowSet rows) {
  const state::KeyEncoder& keys = encoder(work_.side);
  keys.Encode(chunk.columns, rows, keys_);
  state::KeyGroupsOfHashes(keys_.hashes, context_.max_parallelism, groups_);
  created_.clear();
  MR_RETURN_IF_ERROR(table_->FindOrInsert(keys_, groups_.data(), work_.slots.data(), &created_));
  for (int32_t i : created_) {
    Key* key = KeyOf(work_.slots[static_cast<size_t>(i)]);
    key->order = next_order_++;
    for (size_t k = 0; k < keys.columns().size(); ++k) {
      bool null_equal = k < spec_.null_equal.size() && spec_.null_equal[k];
      if (!null_equal && chunk.columns[static_cast<size_t>(keys.columns()[k])]->IsNull(rows[i])) key->null_key = 1;
    }
  }
  return Status::Ok();
}

Result<int32_t> IntervalJoin::CollectCandidates(RowSet rows) {
  candidates_.clear();
  candidate_ends_.clear();
  candidate_rows_.clear();
  expired_.clear();
  expired_ends_.clear();
  size_t other = 1 - work_.side;
  int64_t expiration = Expiration(other, work_.operator_time);
  int32_t first = work_.next_row;
  int32_t i = first;
  auto enough = static_cast<size_t>(std::max(context_.chunk_rows, 1));
  for (; i < rows.count() && candidates_.size() < enough; ++i) {
    uint8_t* slot = work_.slots[static_cast<size_t>(i)];
    if (slot != nullptr) {
      IntervalRows& held = KeyOf(slot)->sides[other];
      int64_t from = work_.times[static_cast<size_t>(i)] - Back(work_.side);
      int64_t to = work_.times[static_cast<size_t>(i)] + Ahead(work_.side);
      bool may_match = KeyOf(slot)->null_key == 0;
      for (IntervalRow* row = held.head; may_match && row != nullptr && row->time <= to; row = row->next) {
        if (row->time >= from) candidates_.push_back(row);
      }
      while (held.head != nullptr && held.head->time <= expiration) expired_.push_back(held.TakeFirst());
    }
    candidate_ends_.push_back(candidates_.size());
    expired_ends_.push_back(expired_.size());
    if (!condition_.always_true()) candidate_rows_.resize(candidates_.size(), i - first);
  }
  if (!condition_.always_true()) MR_RETURN_IF_ERROR(ApplyCondition(rows, first));
  return i;
}

// Keeps the candidates for which the condition is TRUE.
Status IntervalJoin::ApplyCondition(RowSet rows, int32_t first_row) {
  std::vector<size_t> kept(candidate_ends_.size(), 0);
  size_t out = 0;
  auto step = static_cast<size_t>(kDefaultChunkRows);
  for (size_t from = 0; from < candidates_.size(); from += step) {
    size_t count = std::min(step, candidates_.size() - from);
    for (size_t c = from; c < from + count; ++c) {
      tested(work_.side).Add(rows[first_row + candidate_rows_[c]]);
      tested(1 - work_.side).Add(candidates_[c]->row());
    }
    MR_ASSIGN(std::vector<int32_t> passed, condition_.Select(static_cast<int32_t>(count)));
    for (int32_t p : passed) {
      size_t c = from + static_cast<size_t>(p);
      ++kept[static_cast<size_t>(candidate_rows_[c])];
      candidates_[out++] = candidates_[c];
    }
  }
  candidates_.resize(out);
  size_t end = 0;
  for (size_t r = 0; r < kept.size(); ++r) candidate_ends_[r] = end += kept[r];
  return Status::Ok();
}

Status IntervalJoin::ProcessRow(RowSet rows, int32_t i, size_t first, size_t last) {
  for (size_t c = first; c < last; ++c) {
    candidates_[c]->matched = 1;
    out(work_.side).Add(rows[i]);
    out(1 - work_.side).Add(candidates_[c]->row());
    joined_.EndRow(RowKind::kInsert);
  }
  auto at = static_cast<size_t>(i);
  bool matched = last > first;
  bool waits = work_.slots[at] != nullptr && work_.operator_time < work_.times[at] + Ahead(work_.side);
  if (waits) return Keep(work_.slots[at], i, matched);
  if (!matched && outer_[work_.side]) PadIncoming(rows[i]);
  return Status::Ok();
}

Status IntervalJoin::Keep(uint8_t* slot, int32_t i, bool matched) {
  IntervalRows& own = KeyOf(slot)->sides[work_.side];
  int64_t time = work_.times[static_cast<size_t>(i)];
  MR_RETURN_IF_ERROR(own.Add(*heap_, work_.packed.row(i), time, matched));
  ++rows_;
  if (own.timer == 0) SetTimer(slot, work_.side, time + Ahead(work_.side) + spec_.min_cleanup_ms + 1);
  return Status::Ok();
}

void IntervalJoin::PadIncoming(int32_t row) {
  out(work_.side).Add(row);
  out(1 - work_.side).AddNulls();
  joined_.EndRow(RowKind::kInsert);
}

void IntervalJoin::PadExpired(size_t side, const IntervalRow* row) {
  if (!outer_[side] || row->matched != 0) return;
  out(side).Add(row->row());
  out(1 - side).AddNulls();
  joined_.EndRow(RowKind::kInsert);
}

void IntervalJoin::EraseIfUnused(uint8_t* slot) {
  for (const IntervalRows& rows : KeyOf(slot)->sides) {
    if (rows.head != nullptr || rows.timer != 0) return;
  }
  table_->Erase(slot);
}

void IntervalJoin::FreeSpent() {
  for (IntervalRow* row : spent_) IntervalRows::Free(*heap_, row);
  rows_ -= static_cast<int64_t>(spent_.size());
  spent_.clear();
}

void IntervalJoin::End() {
  FreeSpent();
  // Keys of rows that were not kept.
  std::sort(work_.slots.begin(), work_.slots.end());
  work_.slots.erase(std::unique(work_.slots.begin(), work_.slots.end()), work_.slots.end());
  for (uint8_t* slot : work_.slots) {
    if (slot != nullptr) EraseIfUnused(slot);
  }
  out(0).Use(nullptr);
  out(1).Use(nullptr);
  work_.active = false;
}

void IntervalJoin::SetTimer(uint8_t* slot, size_t side, int64_t time) {
  KeyOf(slot)->sides[side].timer = time;
  timers_[time].push_back(slot);
}

void IntervalJoin::DropExpired(uint8_t* slot, size_t side, int64_t now) {
  IntervalRows& held = KeyOf(slot)->sides[side];
  int64_t expiration = Expiration(side, now);
  while (held.head != nullptr && held.head->time <= expiration) {
    IntervalRow* row = held.TakeFirst();
    PadExpired(side, row);
    spent_.push_back(row);
  }
  // The next timer is that of the earliest row above 0. Without one Flink clears the side.
  int64_t earliest = -1;
  for (const IntervalRow* row = held.head; row != nullptr && earliest < 0; row = row->next) earliest = row->time;
  held.timer = 0;
  if (earliest > 0) {
    SetTimer(slot, side, earliest + Ahead(side) + spec_.min_cleanup_ms + 1);
    return;
  }
  while (held.head != nullptr) spent_.push_back(held.TakeFirst());
}

void IntervalJoin::Fire(uint8_t* slot, int64_t timer, int64_t now) {
  for (size_t side : {size_t{1}, size_t{0}}) {
    if (KeyOf(slot)->sides[side].timer == timer) DropExpired(slot, side, now);
  }
  EraseIfUnused(slot);
}

Result<Progress> IntervalJoin::Advance(int64_t now, Output& output) {
  int64_t operator_time = std::max<int64_t>(now, 0);
  for (;;) {
    bool due = !timers_.empty() && timers_.begin()->first <= now;
    Progress sent = joined_.Send(!due, output);
    if (joined_.empty()) FreeSpent();
    if (!due && joined_.empty()) break;
    if (sent == Progress::kMore) return sent;
    if (!due) continue;
    int64_t timer = timers_.begin()->first;
    std::vector<uint8_t*> slots = std::move(timers_.begin()->second);
    timers_.erase(timers_.begin());
    // In order of the keys' first rows, whatever happened meanwhile.
    std::sort(slots.begin(), slots.end(), [this](const uint8_t* a, const uint8_t* b) {
      if (KeyOf(a)->order != KeyOf(b)->order) return KeyOf(a)->order < KeyOf(b)->order;
      return table_->KeyGroupOf(a) < table_->KeyGroupOf(b);
    });
    slots.erase(std::unique(slots.begin(), slots.end()), slots.end());
    for (uint8_t* slot : slots) Fire(slot, timer, operator_time);
  }
  progress_ = std::max(progress_, now);
  return Progress::kDone;
}

Result<Progress> IntervalJoin::OnWatermark(int64_t watermark, Output& output) {
  if (!spec_.event_time || watermark <= progress_) return Progress::kDone;
  return Advance(watermark, output);
}

int64_t IntervalJoin::NextProcessingTime() const {
  return spec_.event_time || timers_.empty() ? INT64_MAX : timers_.begin()->first;
}

Result<Progress> IntervalJoin::OnProcessingTime(int64_t now_millis, Output& output) {
  if (spec_.event_time) return Progress::kDone;
  return Advance(now_millis, output);
}

OperatorMetrics IntervalJoin::Metrics() const {
  return {0, table_ ? table_->reserved_bytes() + heap_->reserved_bytes() : 0, rows_};
}

OperatorResult Make(const plan::IntervalJoinSpec& spec, const plan::PhysicalNode& node) {
  return {std::make_unique<IntervalJoin>(spec, node)};
}

}  // namespace millrace::operators
