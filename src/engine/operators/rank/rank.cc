#include "engine/operators/rank/rank.h"

#include <algorithm>
#include <cstring>

#include "engine/operators/factories.h"
#include "engine/operators/rank/top1.h"
#include "engine/state/value_codec.h"

namespace millrace::operators {
namespace {

// Rows come in the order of processing time, so the first ones stay the first ones.
bool OrderedByArrival(const plan::RankSpec& spec, const std::vector<DataType>& types) {
  if (spec.sort_keys.empty()) return true;
  const plan::SortKey& key = spec.sort_keys[0];
  return spec.sort_keys.size() == 1 && key.ascending &&
         types[static_cast<size_t>(key.column)].time_attribute() == TimeAttribute::kProctime;
}

}  // namespace

Rank::Rank(const plan::RankSpec& spec, std::vector<DataType> types)
    : spec_(spec),
      types_(std::move(types)),
      with_number_(spec.output_rank_number || spec.rank_start > 1),
      first_n_(spec.strategy == plan::RankStrategy::kAppend && OrderedByArrival(spec, types_)),
      encoder_(spec.partition_keys, TypesAt(types_, spec.partition_keys)),
      output_(types_, spec.output_rank_number),
      order_(&output_.layout(), spec.sort_keys) {}

Status Rank::Open(const OperatorContext& context) {
  context_ = context;
  table_ = std::make_unique<state::KeyedTable>(encoder_.shape(), static_cast<int32_t>(sizeof(Partition)),
                                               context.key_groups, context.pool);
  heap_ = std::make_unique<state::BlobHeap>(context.pool);
  output_.Open(context.pool, context.chunk_rows);
  return Status::Ok();
}

Status Rank::Begin(const Chunk& chunk) {
  RowSet rows = chunk.rows();
  active_ = true;
  next_row_ = 0;
  if (spec_.ttl_ms > 0) now_millis_ = context_.clock->NowMillis();
  output_.Use(&chunk);
  encoder_.Encode(chunk.columns, rows, keys_);
  state::KeyGroupsOfHashes(keys_.hashes, context_.max_parallelism, groups_);
  slots_.resize(static_cast<size_t>(rows.count()));
  MR_RETURN_IF_ERROR(table_->FindOrInsert(keys_, groups_.data(), slots_.data(), nullptr));
  for (uint8_t* slot : slots_) __builtin_prefetch(PartitionOf(slot)->rows.FirstBlock());
  output_.layout().Encode(chunk.columns, rows, packed_);
  for (uint8_t* slot : slots_) __builtin_prefetch(PartitionOf(slot)->rows.Last());
  return Status::Ok();
}

Result<Progress> Rank::Process(int32_t, const Chunk& chunk, Output& output) {
  RowSet rows = chunk.rows();
  if (!active_) {
    if (rows.count() == 0) return Progress::kDone;
    MR_RETURN_IF_ERROR(Begin(chunk));
  }
  auto enough = static_cast<size_t>(context_.chunk_rows);
  for (;;) {
    for (; next_row_ < rows.count() && output_.pending() < enough; ++next_row_) {
      uint8_t* slot = slots_[static_cast<size_t>(next_row_)];
      row_ = packed_.row(next_row_);
      position_ = rows[next_row_];
      MR_RETURN_IF_ERROR(HandleRow(chunk.kind(position_), *PartitionOf(slot)));
      if (IsGone(*PartitionOf(slot))) maybe_gone_.push_back(slot);
    }
    bool last = next_row_ == rows.count();
    Progress sent = output_.Send(last, output);
    if (output_.empty()) FreeGarbage();
    if (last && output_.empty()) break;
    if (sent == Progress::kMore) return Progress::kMore;
  }
  End();
  return Progress::kDone;
}

void Rank::End() {
  std::sort(maybe_gone_.begin(), maybe_gone_.end());
  maybe_gone_.erase(std::unique(maybe_gone_.begin(), maybe_gone_.end()), maybe_gone_.end());
  for (uint8_t* slot : maybe_gone_) {
    if (!IsGone(*PartitionOf(slot))) continue;
    PartitionOf(slot)->rows.Clear(*heap_);
    table_->Erase(slot);
  }
  maybe_gone_.clear();
  if (spec_.ttl_ms > 0) Sweep(static_cast<int32_t>(slots_.size() / 4 + 16));
  active_ = false;
}

void Rank::Sweep(int32_t slots) {
  for (int32_t i = 0; i < slots; ++i) {
    uint8_t* slot = table_->Next(sweep_cursor_);
    if (slot == nullptr) {
      sweep_cursor_ = {};
      break;
    }
    if (PartitionOf(slot)->touched + spec_.ttl_ms > now_millis_) continue;
    ClearPartition(*PartitionOf(slot));
    table_->Erase(slot);
  }
  FreeGarbage();
}

void Rank::ClearPartition(Partition& partition) {
  partition.rows.ForEachFrom(0, [this](uint8_t* row) {
    Discard(row);
    return true;
  });
  partition.rows.Clear(*heap_);
  partition.rank_end = 0;
  partition.passed = 0;
}

Status Rank::FixRankEnd(Partition& partition, const uint8_t* row) {
  if (spec_.rank_end_column < 0) {
    partition.rank_end = spec_.rank_end;
    return Status::Ok();
  }
  if (partition.rank_end != 0) return Status::Ok();
  auto column = static_cast<size_t>(spec_.rank_end_column);
  partition.rank_end = output_.layout().IsNull(row, column) ? 0 : output_.layout().GetInteger(row, column);
  return Status::Ok();
}

Status Rank::HandleRow(RowKind kind, Partition& partition) {
  if (spec_.ttl_ms > 0 && partition.touched + spec_.ttl_ms <= now_millis_) ClearPartition(partition);
  MR_RETURN_IF_ERROR(FixRankEnd(partition, row_));
  if (first_n_) {
    PassFirst(partition);
    return Status::Ok();
  }
  switch (spec_.strategy) {
    case plan::RankStrategy::kAppend:
      return Insert(partition);
    case plan::RankStrategy::kUpdate:
      return IsAddition(kind) ? Update(partition) : Status::Ok();
    case plan::RankStrategy::kRetract:
      return IsAddition(kind) ? Insert(partition) : Retract(partition);
  }
  return Status::Ok();
}

Result<uint8_t*> Rank::Copy(const uint8_t* row) {
  uint32_t bytes = state::PackedSize(row);
  MR_ASSIGN(uint8_t * copy, heap_->Allocate(bytes));
  std::memcpy(copy, row, bytes);
  ++rows_;
  return copy;
}

void Rank::FreeGarbage() {
  for (uint8_t* row : garbage_) heap_->Free(row, state::PackedSize(row));
  rows_ -= static_cast<int64_t>(garbage_.size());
  garbage_.clear();
}

void Rank::Send(RowKind kind, const uint8_t* row, int64_t rank, int64_t rank_end) {
  if (context_.batch || rank < spec_.rank_start || rank > rank_end) return;
  if (kind == RowKind::kUpdateBefore && !spec_.emit_update_before) return;
  output_.Add(kind, row, row == row_ ? position_ : -1, rank);
}

void Rank::PassFirst(Partition& partition) {
  if (partition.passed >= partition.rank_end) return;
  partition.touched = now_millis_;
  ++partition.passed;
  if (partition.passed >= spec_.rank_start) output_.Add(RowKind::kInsert, row_, position_, partition.passed);
}

// A new row: insert-only input, and additions of changing input.
Status Rank::Insert(Partition& partition) {
  SortedRows& rows = partition.rows;
  bool keeps_all = spec_.strategy == plan::RankStrategy::kRetract;
  auto end = EndOf(partition);
  if (!keeps_all && rows.size() >= end && (rows.size() == 0 || order_.Compare(row_, rows.Last()) >= 0)) {
    return Status::Ok();
  }
  partition.touched = now_millis_;
  SortedRows::Place place = rows.UpperBound(row_, order_);
  uint32_t rank = rows.RankOf(place);
  MR_ASSIGN(uint8_t * copy, Copy(row_));
  MR_RETURN_IF_ERROR(rows.Insert(place, copy, *heap_));
  if (with_number_) {
    SendInsertedWithNumber(partition, rank);
    if (!keeps_all) TrimToEnd(partition, false);
    return Status::Ok();
  }
  if (rank >= end) return Status::Ok();
  if (!keeps_all) {
    TrimToEnd(partition, true);
  } else if (rows.size() > end) {
    Send(RowKind::kDelete, rows.Row(end), 1, 1);
  }
  Send(RowKind::kInsert, row_, 1, 1);
  return Status::Ok();
}

// Rows behind the Top-N go away; the one that was in it before is sent as -D.
void Rank::TrimToEnd(Partition& partition, bool send) {
  auto end = EndOf(partition);
  while (partition.rows.size() > end) {
    uint8_t* last = partition.rows.RemoveLast(*heap_);
    if (send) Send(RowKind::kDelete, last, 1, 1);
    Discard(last);
  }
}

void Rank::SendInsertedWithNumber(const Partition& partition, uint32_t rank) {
  auto end = EndOf(partition);
  const uint8_t* before = nullptr;  // the row in front of the one at hand, which takes its place
  uint32_t at = rank;
  partition.rows.ForEachFrom(rank, [&](const uint8_t* row) {
    if (before != nullptr) {
      Send(RowKind::kUpdateBefore, row, at, partition.rank_end);
      Send(RowKind::kUpdateAfter, before, at, partition.rank_end);
    }
    before = row;
    return ++at <= end;
  });
  if (before != nullptr && at == partition.rows.size() && at <= end) {
    Send(RowKind::kInsert, before, at, partition.rank_end);
  }
}

bool Rank::FindByKey(const Partition& partition, const uint8_t* row, uint32_t* rank) const {
  *rank = 0;
  bool found = false;
  partition.rows.ForEachFrom(0, [&](const uint8_t* other) {
    found = output_.layout().FieldsEqual(other, row, spec_.unique_key);
    if (!found) ++*rank;
    return !found;
  });
  return found;
}

// A row of an input whose rows of one unique key only get better.
Status Rank::Update(Partition& partition) {
  uint32_t old_rank = 0;
  if (!FindByKey(partition, row_, &old_rank)) return Insert(partition);
  partition.touched = now_millis_;
  SortedRows& rows = partition.rows;
  uint8_t* old_row = rows.Row(old_rank);
  bool same_place = order_.Compare(row_, old_row) == 0;
  MR_ASSIGN(uint8_t * copy, Copy(row_));
  Discard(rows.Remove(rows.PlaceOf(old_rank), *heap_));
  SortedRows::Place place = same_place ? rows.PlaceOf(old_rank) : rows.UpperBound(row_, order_);
  uint32_t rank = rows.RankOf(place);
  MR_RETURN_IF_ERROR(rows.Insert(place, copy, *heap_));
  if (!with_number_) {
    Send(RowKind::kUpdateBefore, old_row, 1, 1);
    Send(RowKind::kUpdateAfter, row_, 1, 1);
  } else if (rank <= old_rank) {
    SendMovedUp(partition, rank, old_rank, old_row);
  } else {
    SendMovedDown(partition, old_rank, rank, old_row);
  }
  return Status::Ok();
}

// The row at rank `to` has moved up to `from`; those between went down by one. Of one unique key the old row is taken
// back first.
void Rank::SendMovedUp(const Partition& partition, uint32_t from, uint32_t to, const uint8_t* old_row) {
  int64_t end = partition.rank_end;
  const uint8_t* before = nullptr;
  uint32_t at = from;
  bool old_sent = false;
  partition.rows.ForEachFrom(from, [&](const uint8_t* row) {
    if (before != nullptr) {
      Send(RowKind::kUpdateBefore, row, at, end);
      if (!old_sent) Send(RowKind::kUpdateBefore, old_row, int64_t{to} + 1, end);
      old_sent = true;
      Send(RowKind::kUpdateAfter, before, at, end);
    }
    before = row;
    return at++ < to;
  });
  if (!old_sent) Send(RowKind::kUpdateBefore, old_row, int64_t{to} + 1, end);
  Send(RowKind::kUpdateAfter, before, int64_t{to} + 1, end);
}

// The row at rank `from` got worse and stands at `to` now, which the input should not do; those between went up by one.
void Rank::SendMovedDown(const Partition& partition, uint32_t from, uint32_t to, const uint8_t* old_row) {
  int64_t end = partition.rank_end;
  Send(RowKind::kUpdateBefore, old_row, int64_t{from} + 1, end);
  uint32_t at = from;
  partition.rows.ForEachFrom(from, [&](const uint8_t* row) {
    if (at == to) {
      Send(RowKind::kUpdateAfter, row, int64_t{to} + 1, end);
      return false;
    }
    Send(RowKind::kUpdateBefore, row, int64_t{at} + 2, end);
    Send(RowKind::kUpdateAfter, row, int64_t{at} + 1, end);
    ++at;
    return true;
  });
}

Status Rank::Retract(Partition& partition) {
  SortedRows& rows = partition.rows;
  SortedRows::Place place;
  if (!rows.Find(row_, order_, &place)) return Status::Ok();
  partition.touched = now_millis_;
  uint32_t rank = rows.RankOf(place);
  auto end = EndOf(partition);
  uint8_t* removed = rows.Remove(place, *heap_);
  Discard(removed);
  if (rank >= end) return Status::Ok();
  if (!with_number_) {
    Send(RowKind::kDelete, removed, 1, 1);
    if (rows.size() >= end) Send(RowKind::kInsert, rows.Row(end - 1), 1, 1);
    return Status::Ok();
  }
  const uint8_t* before = removed;
  int64_t at = rank;
  rows.ForEachFrom(rank, [&](const uint8_t* row) {
    ++at;
    Send(RowKind::kUpdateBefore, before, at, partition.rank_end);
    Send(RowKind::kUpdateAfter, row, at, partition.rank_end);
    before = row;
    return at < partition.rank_end;
  });
  if (at < partition.rank_end) Send(RowKind::kDelete, before, at + 1, partition.rank_end);
  return Status::Ok();
}

// Batch mode: what stands in the partitions now.
Result<Progress> Rank::Finish(Output& output) {
  if (!context_.batch || first_n_) return Progress::kDone;
  output_.Use(nullptr);
  for (;;) {
    uint8_t* slot = nullptr;
    while (output_.pending() < static_cast<size_t>(context_.chunk_rows) &&
           (slot = table_->Next(final_cursor_)) != nullptr) {
      const Partition& partition = *PartitionOf(slot);
      int64_t rank = spec_.rank_start - 1;
      partition.rows.ForEachFrom(static_cast<uint32_t>(std::max<int64_t>(rank, 0)), [&](const uint8_t* row) {
        if (++rank > partition.rank_end) return false;
        output_.Add(RowKind::kInsert, row, -1, rank);
        return true;
      });
    }
    Progress sent = output_.Send(slot == nullptr, output);
    if (slot == nullptr && output_.empty()) return Progress::kDone;
    if (sent == Progress::kMore) return Progress::kMore;
  }
}

Status Rank::Snapshot(state::SnapshotWriter& writer) {
  MR_RETURN_IF_ERROR(writer.BeginState("rows", 1));
  auto save = [this, key = std::string(), value = std::string()](const uint8_t* slot,
                                                                 state::StateRecords& records) mutable {
    const Partition& partition = *PartitionOf(const_cast<uint8_t*>(slot));
    key.clear();
    table_->AppendKeyOf(slot, key);
    auto write = [&](std::string_view row) {
      value.clear();
      state::PutFixed(partition.rank_end, value);
      state::PutFixed(partition.passed, value);
      state::PutFixed(partition.touched, value);
      value.append(row);
      records.AddKeyed(table_->KeyGroupOf(slot), key, value);
    };
    if (partition.rows.size() == 0) write({});
    partition.rows.ForEachFrom(0, [&](const uint8_t* row) {
      write(state::PackedBytes(row));
      return true;
    });
  };
  return writer.Entries(*table_, state::SnapshotWriter::SaveTime::kInUse, std::move(save));
}

Status Rank::Restore(state::SnapshotReader& reader) {
  return reader.ForEach("rows", [this](const state::SnapshotRecord& record) -> Status {
    MR_ASSIGN(state::KeyView key, state::ParseKey(table_->shape(), record.key));
    MR_ASSIGN(uint8_t * slot, table_->FindOrInsert(key, record.key_group, nullptr));
    Partition& partition = *PartitionOf(slot);
    std::string_view in = record.value;
    if (!state::TakeFixed(in, &partition.rank_end) || !state::TakeFixed(in, &partition.passed) ||
        !state::TakeFixed(in, &partition.touched)) {
      return state::CorruptRecord("a partition is cut short");
    }
    if (in.empty()) return Status::Ok();
    if (!output_.layout().IsPlausible(in)) return state::CorruptRecord("a row of a partition is damaged");
    const auto* row = reinterpret_cast<const uint8_t*>(in.data());
    MR_ASSIGN(uint8_t * copy, Copy(row));
    // Rows come in their order; equal sort keys keep it.
    return partition.rows.Insert(partition.rows.UpperBound(row, order_), copy, *heap_);
  });
}

OperatorMetrics Rank::Metrics() const {
  OperatorMetrics metrics;
  if (table_ == nullptr) return metrics;
  metrics.state_bytes = table_->reserved_bytes() + heap_->reserved_bytes();
  metrics.state_entries = rows_;
  return metrics;
}

OperatorResult Make(const plan::RankSpec& spec, const plan::PhysicalNode& node) {
  std::vector<DataType> types = InputTypes(node);
  bool top1 = spec.rank_start == 1 && spec.rank_end == 1 && spec.rank_end_column < 0;
  if (top1 && spec.strategy != plan::RankStrategy::kRetract && !OrderedByArrival(spec, types)) {
    return {MakeTop1(spec, std::move(types))};
  }
  return {std::make_unique<Rank>(spec, std::move(types))};
}

}  // namespace millrace::operators
