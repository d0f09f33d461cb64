#include "engine/operators/row_per_key/row_per_key.h"

#include <algorithm>
#include <cstring>

#include "engine/operators/factories.h"
#include "engine/state/value_codec.h"

namespace millrace::operators {

RowPerKey::RowPerKey(std::vector<DataType> types, std::vector<int32_t> keys, bool keeps_rows, bool numbered,
                     int64_t ttl_ms)
    : types_(std::move(types)),
      keeps_rows_(keeps_rows),
      ttl_ms_(ttl_ms),
      encoder_(keys, TypesAt(types_, keys)),
      output_(types_, numbered) {}

Status RowPerKey::Open(const OperatorContext& context) {
  context_ = context;
  keeps_rows_ = keeps_rows_ || context.batch;
  table_ = std::make_unique<state::KeyedTable>(encoder_.shape(), static_cast<int32_t>(sizeof(Entry)),
                                               context.key_groups, context.pool);
  heap_ = std::make_unique<state::BlobHeap>(context.pool);
  output_.Open(context.pool, context.chunk_rows);
  return Status::Ok();
}

Status RowPerKey::Begin(const Chunk& chunk) {
  RowSet rows = chunk.rows();
  active_ = true;
  next_row_ = 0;
  if (ttl()) now_millis_ = context_.clock->NowMillis();
  output_.Use(&chunk);
  encoder_.Encode(chunk.columns, rows, keys_);
  state::KeyGroupsOfHashes(keys_.hashes, context_.max_parallelism, groups_);
  slots_.resize(static_cast<size_t>(rows.count()));
  created_.clear();
  MR_RETURN_IF_ERROR(table_->FindOrInsert(keys_, groups_.data(), slots_.data(), &created_));
  for (int32_t i : created_) {
    uint8_t* slot = slots_[static_cast<size_t>(i)];
    reinterpret_cast<Entry*>(slot)->time = kAbsent;
    maybe_gone_.push_back(slot);
  }
  if (keeps_rows_) {
    layout().Encode(chunk.columns, rows, packed_);
    for (uint8_t* slot : slots_) __builtin_prefetch(reinterpret_cast<Entry*>(slot)->row);
  }
  BeginChunk(chunk);
  return Status::Ok();
}

Status RowPerKey::HandleRows(const Chunk& chunk, RowSet rows) {
  auto enough = static_cast<size_t>(context_.chunk_rows);
  for (; next_row_ < rows.count() && output_.pending() < enough; ++next_row_) {
    auto i = static_cast<size_t>(next_row_);
    Row row{chunk.kind(rows[next_row_]), rows[next_row_], keeps_rows_ ? packed_.row(next_row_) : nullptr};
    Entry& entry = *reinterpret_cast<Entry*>(slots_[i]);
    if (ttl() && entry.there() && entry.touched + ttl_ms_ <= now_millis_) Remove(entry);
    MR_RETURN_IF_ERROR(HandleRow(row, entry));
    if (!entry.there()) maybe_gone_.push_back(slots_[i]);
  }
  return Status::Ok();
}

Result<Progress> RowPerKey::Process(int32_t, const Chunk& chunk, Output& output) {
  RowSet rows = chunk.rows();
  if (!active_) {
    if (rows.count() == 0) return Progress::kDone;
    MR_RETURN_IF_ERROR(Begin(chunk));
  }
  for (;;) {
    MR_RETURN_IF_ERROR(HandleRows(chunk, rows));
    bool last = next_row_ == rows.count();
    Progress sent = output_.Send(last, output);
    if (output_.empty()) FreeGarbage();
    if (last && output_.empty()) break;
    if (sent == Progress::kMore) return Progress::kMore;
  }
  End();
  return Progress::kDone;
}

void RowPerKey::End() {
  std::sort(maybe_gone_.begin(), maybe_gone_.end());
  maybe_gone_.erase(std::unique(maybe_gone_.begin(), maybe_gone_.end()), maybe_gone_.end());
  for (uint8_t* slot : maybe_gone_) {
    if (!reinterpret_cast<Entry*>(slot)->there()) table_->Erase(slot);
  }
  maybe_gone_.clear();
  Sweep(static_cast<int32_t>(slots_.size() / 4 + 16));
  active_ = false;
}

void RowPerKey::Sweep(int32_t slots) {
  for (int32_t i = 0; ttl() && i < slots; ++i) {
    uint8_t* slot = table_->Next(sweep_cursor_);
    if (slot == nullptr) {
      sweep_cursor_ = {};
      return;
    }
    Entry& entry = *reinterpret_cast<Entry*>(slot);
    if (entry.touched + ttl_ms_ > now_millis_) continue;
    Remove(entry);
    table_->Erase(slot);
  }
  FreeGarbage();
}

Status RowPerKey::Store(Entry& entry, const Row& row, int64_t time) {
  if (keeps_rows_) {
    uint32_t bytes = state::PackedSize(row.packed);
    MR_ASSIGN(uint8_t * stored, heap_->Allocate(bytes));
    std::memcpy(stored, row.packed, bytes);
    if (entry.row != nullptr) garbage_.push_back(entry.row);
    entry.row = stored;
  }
  entry.time = time;
  entry.touched = now_millis_;
  return Status::Ok();
}

void RowPerKey::Remove(Entry& entry) {
  if (entry.row != nullptr) garbage_.push_back(entry.row);
  entry.row = nullptr;
  entry.time = kAbsent;
}

void RowPerKey::FreeGarbage() {
  for (uint8_t* row : garbage_) heap_->Free(row, state::PackedSize(row));
  garbage_.clear();
}

Result<Progress> RowPerKey::Finish(Output& output) {
  if (!context_.batch) return Progress::kDone;
  output_.Use(nullptr);
  for (;;) {
    uint8_t* slot = nullptr;
    while (output_.pending() < static_cast<size_t>(context_.chunk_rows) &&
           (slot = table_->Next(final_cursor_)) != nullptr) {
      output_.Add(RowKind::kInsert, reinterpret_cast<Entry*>(slot)->row, -1, 1);
    }
    Progress sent = output_.Send(slot == nullptr, output);
    if (slot == nullptr && output_.empty()) return Progress::kDone;
    if (sent == Progress::kMore) return Progress::kMore;
  }
}

Status RowPerKey::Snapshot(state::SnapshotWriter& writer) {
  MR_RETURN_IF_ERROR(writer.BeginState("rows", 1));
  auto save = [this, key = std::string(), value = std::string()](const uint8_t* slot,
                                                                 state::StateRecords& records) mutable {
    const Entry& entry = *reinterpret_cast<const Entry*>(slot);
    key.clear();
    value.clear();
    table_->AppendKeyOf(slot, key);
    state::PutFixed(entry.time, value);
    state::PutFixed(entry.touched, value);
    if (entry.row != nullptr) value.append(state::PackedBytes(entry.row));
    records.AddKeyed(table_->KeyGroupOf(slot), key, value);
  };
  return writer.Entries(*table_, state::SnapshotWriter::SaveTime::kInUse, std::move(save));
}

Status RowPerKey::Restore(state::SnapshotReader& reader) {
  return reader.ForEach("rows", [this](const state::SnapshotRecord& record) -> Status {
    std::string_view in = record.value;
    int64_t time = 0;
    int64_t touched = 0;
    if (!state::TakeFixed(in, &time) || !state::TakeFixed(in, &touched)) {
      return state::CorruptRecord("the entry of a key is cut short");
    }
    if (keeps_rows_ && !layout().IsPlausible(in)) return state::CorruptRecord("the row of a key is damaged");
    MR_ASSIGN(state::KeyView key, state::ParseKey(table_->shape(), record.key));
    MR_ASSIGN(uint8_t * slot, table_->FindOrInsert(key, record.key_group, nullptr));
    Entry& entry = *reinterpret_cast<Entry*>(slot);
    Row row{RowKind::kInsert, -1, reinterpret_cast<const uint8_t*>(in.data())};
    MR_RETURN_IF_ERROR(Store(entry, row, time));
    entry.touched = touched;
    return Status::Ok();
  });
}

OperatorMetrics RowPerKey::Metrics() const {
  OperatorMetrics metrics;
  if (table_ == nullptr) return metrics;
  metrics.state_bytes = table_->reserved_bytes() + heap_->reserved_bytes();
  metrics.state_entries = table_->size();
  return metrics;
}

}  // namespace millrace::operators
