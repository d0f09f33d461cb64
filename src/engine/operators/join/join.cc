#include "engine/operators/join/join.h"

#include <algorithm>

#include "engine/operators/factories.h"

namespace millrace::operators {
namespace {

JoinSide::Options SideOptions(const plan::JoinSpec& spec, const plan::PhysicalNode& node, bool left) {
  JoinSide::Options options;
  options.keys = left ? spec.left_keys : spec.right_keys;
  options.kind = left ? spec.left_side : spec.right_side;
  options.unique_key = left ? spec.left_unique_key : spec.right_unique_key;
  options.retracts = !node.inputs[left ? 0 : 1].node->mode.IsInsertOnly();
  options.ttl_ms = left ? spec.left_ttl_ms : spec.right_ttl_ms;
  return options;
}

}  // namespace

Join::Join(const plan::JoinSpec& spec, const plan::PhysicalNode& node)
    : spec_(spec),
      semi_or_anti_(spec.type == plan::JoinType::kSemi || spec.type == plan::JoinType::kAnti),
      left_outer_(spec.type == plan::JoinType::kLeft || spec.type == plan::JoinType::kFull),
      right_outer_(spec.type == plan::JoinType::kRight || spec.type == plan::JoinType::kFull),
      left_counts_(left_outer_ || semi_or_anti_),
      right_counts_(right_outer_),
      left_(InputTypes(node, 0), SideOptions(spec, node, true)),
      right_(InputTypes(node, 1), SideOptions(spec, node, false)),
      condition_(spec.condition, InputTypes(node, 0), InputTypes(node, 1)),
      joined_(InputTypes(node, 0), InputTypes(node, 1), semi_or_anti_) {}

Status Join::Open(const OperatorContext& context) {
  context_ = context;
  left_.Open(context);
  right_.Open(context);
  condition_.Open(context);
  joined_.Open(context.pool, context.chunk_rows);
  return Status::Ok();
}

Result<Progress> Join::Process(int32_t input, const Chunk& chunk, Output& output) {
  RowSet rows = chunk.rows();
  if (!work_.active) {
    if (rows.count() == 0) return Progress::kDone;
    MR_RETURN_IF_ERROR(Begin(input == 0, chunk));
  }
  for (;;) {
    bool last = work_.next_row == rows.count();
    Progress sent = joined_.Send(last, output);
    if (last && joined_.empty()) break;
    if (sent == Progress::kMore) return Progress::kMore;
    int32_t first = work_.next_row;
    MR_ASSIGN(int32_t end, MatchWindow(rows));
    size_t from = 0;
    for (int32_t i = first; i < end; ++i) {
      size_t to = match_ends_[static_cast<size_t>(i - first)];
      std::span<JoinRecord* const> matches(matches_.data() + from, to - from);
      ProcessRow(chunk, rows, i, matches);
      MR_RETURN_IF_ERROR(UpdateOwn(chunk.kind(rows[i]), i, matches.size()));
      from = to;
    }
    work_.next_row = end;
  }
  End();
  return Progress::kDone;
}

Status Join::Begin(bool from_left, const Chunk& chunk) {
  work_.active = true;
  work_.from_left = from_left;
  work_.next_row = 0;
  if (spec_.left_ttl_ms > 0 || spec_.right_ttl_ms > 0) {
    int64_t now = context_.clock->NowMillis();
    left_.set_now(now);
    right_.set_now(now);
  }
  RowSet rows = chunk.rows();
  own().layout().Encode(chunk.columns, rows, work_.packed);
  // Pairs come from the chunk on this side and from state on the other.
  RowPart& own_part = from_left ? joined_.left() : joined_.right();
  RowPart& other_part = from_left ? joined_.right() : joined_.left();
  own_part.Use(&chunk);
  other_part.Use(nullptr);
  (from_left ? condition_.left() : condition_.right()).Use(&chunk);
  (from_left ? condition_.right() : condition_.left()).Use(nullptr);
  return FindSlots(chunk, rows);
}

// Rows without NULL in a key that is compared by "=".
void Join::CollectKeyed(const Chunk& chunk, RowSet rows, const std::vector<int32_t>& keys) {
  work_.has_key.assign(static_cast<size_t>(rows.count()), 1);
  for (size_t k = 0; k < keys.size(); ++k) {
    if (k < spec_.null_equal.size() && spec_.null_equal[k]) continue;
    const Column& column = *chunk.columns[static_cast<size_t>(keys[k])];
    if (column.HasNoNulls()) continue;
    for (int32_t i = 0; i < rows.count(); ++i) {
      if (column.IsNull(rows[i])) work_.has_key[static_cast<size_t>(i)] = 0;
    }
  }
  keyed_rows_.clear();
  for (int32_t i = 0; i < rows.count(); ++i) {
    if (work_.has_key[static_cast<size_t>(i)] != 0) keyed_rows_.push_back(rows[i]);
  }
}

Status Join::FindSlots(const Chunk& chunk, RowSet rows) {
  CollectKeyed(chunk, rows, own().encoder().columns());
  auto n = static_cast<size_t>(rows.count());
  work_.own_slots.assign(n, nullptr);
  work_.other_slots.assign(n, nullptr);
  if (keyed_rows_.empty()) return Status::Ok();
  own().encoder().Encode(chunk.columns, RowSet::Of(keyed_rows_), keys_);
  state::KeyGroupsOfHashes(keys_.hashes, context_.max_parallelism, groups_);
  found_.resize(keyed_rows_.size());
  MR_RETURN_IF_ERROR(own().table().FindOrInsert(keys_, groups_.data(), found_.data(), nullptr));
  size_t at = 0;
  for (size_t i = 0; i < n; ++i) {
    if (work_.has_key[i] != 0) work_.own_slots[i] = found_[at++];
  }
  other().table().Find(keys_, groups_.data(), found_.data());
  at = 0;
  for (size_t i = 0; i < n; ++i) {
    if (work_.has_key[i] == 0) continue;
    work_.other_slots[i] = found_[at++];
    if (work_.other_slots[i] != nullptr) __builtin_prefetch(JoinSide::ListOf(work_.other_slots[i])->head);
  }
  return Status::Ok();
}

Result<int32_t> Join::MatchWindow(RowSet rows) {
  matches_.clear();
  match_ends_.clear();
  match_rows_.clear();
  int32_t first = work_.next_row;
  int32_t i = first;
  auto enough = static_cast<size_t>(std::max(context_.chunk_rows, 1));
  for (; i < rows.count() && matches_.size() < enough; ++i) {
    uint8_t* slot = work_.other_slots[static_cast<size_t>(i)];
    JoinRecord* record = slot == nullptr ? nullptr : JoinSide::ListOf(slot)->head;
    for (; record != nullptr; record = record->next) {
      if (other().Expired(record)) continue;
      for (uint32_t copy = 0; copy < record->count; ++copy) matches_.push_back(record);
    }
    match_ends_.push_back(matches_.size());
    if (!condition_.always_true()) match_rows_.resize(matches_.size(), i - first);
  }
  if (!condition_.always_true()) MR_RETURN_IF_ERROR(ApplyCondition(rows, first));
  return i;
}

// Keeps the matches for which the condition is TRUE.
Status Join::ApplyCondition(RowSet rows, int32_t first_row) {
  RowPart& own_part = work_.from_left ? condition_.left() : condition_.right();
  RowPart& other_part = work_.from_left ? condition_.right() : condition_.left();
  std::vector<size_t> kept(match_ends_.size(), 0);
  size_t out = 0;
  auto step = static_cast<size_t>(kDefaultChunkRows);
  for (size_t from = 0; from < matches_.size(); from += step) {
    size_t count = std::min(step, matches_.size() - from);
    for (size_t m = from; m < from + count; ++m) {
      own_part.Add(rows[first_row + match_rows_[m]]);
      other_part.Add(other().RowOf(matches_[m]));
    }
    MR_ASSIGN(std::vector<int32_t> passed, condition_.Select(static_cast<int32_t>(count)));
    for (int32_t p : passed) {
      size_t m = from + static_cast<size_t>(p);
      ++kept[static_cast<size_t>(match_rows_[m])];
      matches_[out++] = matches_[m];
    }
  }
  matches_.resize(out);
  size_t end = 0;
  for (size_t r = 0; r < kept.size(); ++r) match_ends_[r] = end += kept[r];
  return Status::Ok();
}

void Join::AddPair(RowKind kind, int32_t row, const uint8_t* other) {
  RowPart& own_part = work_.from_left ? joined_.left() : joined_.right();
  RowPart& other_part = work_.from_left ? joined_.right() : joined_.left();
  own_part.Add(row);
  other_part.Add(other);
  joined_.EndRow(kind);
}

void Join::AddPaddedOther(RowKind kind, const JoinRecord* record) { AddPair(kind, -1, other().RowOf(record)); }

void Join::ProcessRow(const Chunk& chunk, RowSet rows, int32_t i, std::span<JoinRecord* const> matches) {
  int32_t row = rows[i];
  RowKind kind = chunk.kind(row);
  bool has_key = work_.has_key[static_cast<size_t>(i)] != 0;
  if (!semi_or_anti_) {
    ProcessOuterOrInner(kind, row, has_key, matches);
  } else if (work_.from_left) {
    ProcessSemiLeft(kind, row, has_key, !matches.empty());
  } else {
    ProcessSemiRight(kind, matches);
  }
}

void Join::ProcessSemiLeft(RowKind kind, int32_t row, bool has_key, bool matched) {
  bool anti = spec_.type == plan::JoinType::kAnti;
  if (matched == anti) return;
  if (anti && context_.batch && has_key) return;  // a partner may still come
  joined_.left().Add(row);
  joined_.EndRow(kind);
}

void Join::ProcessSemiRight(RowKind kind, std::span<JoinRecord* const> matches) {
  bool anti = spec_.type == plan::JoinType::kAnti;
  int32_t change = IsAddition(kind) ? 1 : -1;
  int32_t turning_point = IsAddition(kind) ? 0 : 1;  // at which a row gets its first partner or loses its last
  RowKind sent = !anti ? kind : IsAddition(kind) ? RowKind::kDelete : RowKind::kInsert;
  for (JoinRecord* record : matches) {
    if (record->associations == turning_point && !(anti && context_.batch)) {
      joined_.left().Add(left_.RowOf(record));
      joined_.EndRow(sent);
    }
  }
  for (size_t m = 0; m < matches.size(); ++m) {
    if (m > 0 && matches[m] == matches[m - 1]) continue;  // copies of one record
    matches[m]->associations += change;
    left_.Touch(matches[m]);
  }
}

void Join::SendBeforeAdd(std::span<JoinRecord* const> matches) {
  for (size_t m = 0; m < matches.size(); ++m) {
    if (matches[m]->associations == 0 && !context_.batch) AddPaddedOther(RowKind::kDelete, matches[m]);
  }
  for (size_t m = 0; m < matches.size(); ++m) {
    if (m > 0 && matches[m] == matches[m - 1]) continue;
    ++matches[m]->associations;
    other().Touch(matches[m]);
  }
}

void Join::SendAfterRetract(std::span<JoinRecord* const> matches) {
  for (size_t m = 0; m < matches.size(); ++m) {
    if (matches[m]->associations == 1 && !context_.batch) AddPaddedOther(RowKind::kInsert, matches[m]);
  }
  for (size_t m = 0; m < matches.size(); ++m) {
    if (m > 0 && matches[m] == matches[m - 1]) continue;
    --matches[m]->associations;
    other().Touch(matches[m]);
  }
}

void Join::ProcessOuterOrInner(RowKind kind, int32_t row, bool has_key, std::span<JoinRecord* const> matches) {
  bool addition = IsAddition(kind);
  RowKind plain = addition ? RowKind::kInsert : RowKind::kDelete;
  if (matches.empty()) {
    // In batch mode a partner may still come, unless the row has no key.
    if (OwnIsOuter() && !(context_.batch && has_key)) AddPair(plain, row, nullptr);
    return;
  }
  if (addition && OtherIsOuter()) SendBeforeAdd(matches);
  // The kind of the row goes on where no side could be padded; a removal keeps its kind unless its own side is outer.
  bool keeps_kind = !OwnIsOuter() && !(addition && OtherIsOuter());
  for (JoinRecord* record : matches) AddPair(keeps_kind ? kind : plain, row, other().RowOf(record));
  if (!addition && OtherIsOuter()) SendAfterRetract(matches);
}

Status Join::UpdateOwn(RowKind kind, int32_t i, size_t matches) {
  uint8_t* slot = work_.own_slots[static_cast<size_t>(i)];
  if (slot == nullptr) return Status::Ok();
  if (!IsAddition(kind)) {
    own().Retract(JoinSide::ListOf(slot), work_.packed.row(i));
    return Status::Ok();
  }
  return own().Add(JoinSide::ListOf(slot), work_.packed.row(i), static_cast<int32_t>(matches));
}

void Join::End() {
  std::vector<uint8_t*> slots = work_.own_slots;
  std::sort(slots.begin(), slots.end());
  slots.erase(std::unique(slots.begin(), slots.end()), slots.end());
  for (uint8_t* slot : slots) {
    if (slot != nullptr) own().EraseIfEmpty(slot);
  }
  auto sweep = static_cast<int32_t>(slots.size() / 4 + 16);
  left_.Sweep(sweep);
  right_.Sweep(sweep);
  work_.active = false;
}

// Batch mode: rows of outer sides and of anti joins that found no partner.
Result<Progress> Join::Finish(Output& output) {
  bool anti = spec_.type == plan::JoinType::kAnti;
  if (!context_.batch || !(left_outer_ || right_outer_ || anti)) return Progress::kDone;
  for (; finishing_ < 2; ++finishing_, finish_cursor_ = {}) {
    bool is_left = finishing_ == 0;
    if (!(is_left ? left_outer_ || anti : right_outer_)) continue;
    work_.from_left = !is_left;  // the padded rows are those of the "other" side
    joined_.left().Use(nullptr);
    joined_.right().Use(nullptr);
    JoinSide& side = is_left ? left_ : right_;
    for (;;) {
      uint8_t* slot =
          joined_.pending() < static_cast<size_t>(context_.chunk_rows) ? side.table().Next(finish_cursor_) : nullptr;
      if (slot == nullptr) {
        bool full = joined_.pending() >= static_cast<size_t>(context_.chunk_rows);
        Progress sent = joined_.Send(!full, output);
        if (!full && joined_.empty()) break;
        if (sent == Progress::kMore) return Progress::kMore;
        continue;
      }
      for (JoinRecord* record = JoinSide::ListOf(slot)->head; record != nullptr; record = record->next) {
        for (uint32_t copy = 0; record->associations == 0 && copy < record->count; ++copy) {
          (is_left ? joined_.left() : joined_.right()).Add(side.RowOf(record));
          if (!anti) (is_left ? joined_.right() : joined_.left()).AddNulls();
          joined_.EndRow(RowKind::kInsert);
        }
      }
    }
  }
  return Progress::kDone;
}

Status Join::Snapshot(state::SnapshotWriter& writer) {
  MR_RETURN_IF_ERROR(left_.Snapshot("left", writer));
  return right_.Snapshot("right", writer);
}

Status Join::Restore(state::SnapshotReader& reader) {
  MR_RETURN_IF_ERROR(left_.Restore("left", reader));
  return right_.Restore("right", reader);
}

OperatorMetrics Join::Metrics() const {
  OperatorMetrics metrics;
  metrics.state_bytes = left_.reserved_bytes() + right_.reserved_bytes();
  metrics.state_entries = left_.size() + right_.size();
  return metrics;
}

OperatorResult Make(const plan::JoinSpec& spec, const plan::PhysicalNode& node) {
  return {std::make_unique<Join>(spec, node)};
}

}  // namespace millrace::operators
