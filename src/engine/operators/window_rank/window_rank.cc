// WindowRank: Top-N, or deduplication by row time, per key and window, when the watermark passes the window's end;
// insertions only. Of equal sort keys the first rows stay; deduplication keeps the first row of the earliest time, or
// the last row of the latest. Rows behind the Top-N are dropped at once. A row of a window that is complete is late:
// dropped and counted.
//
// State "rows": the key with the window's end → packed row, in order; "watermark".
#include <algorithm>
#include <cstring>
#include <map>
#include <memory>

#include "engine/operators/factories.h"
#include "engine/operators/rank/sorted_rows.h"
#include "engine/operators/row_output.h"
#include "engine/operators/window_aggregate/sliced_aggregate.h"
#include "engine/operators/windows/window_row_store.h"
#include "engine/state/value_codec.h"

namespace millrace::operators {
namespace {

plan::Window WindowOf(const plan::WindowRankSpec& spec) {
  plan::Window window;
  window.ltz = spec.ltz;
  window.zone = spec.zone;
  return window;
}

std::vector<plan::SortKey> SortKeysOf(const plan::WindowRankSpec& spec) {
  if (!spec.deduplicate) return spec.sort_keys;
  return {{spec.time_column, !spec.keep_last, false}};
}

class WindowRank : public Operator {
 public:
  WindowRank(const plan::WindowRankSpec& spec, std::vector<DataType> types)
      : spec_(spec),
        types_(std::move(types)),
        rank_end_(spec.deduplicate ? 1 : static_cast<uint32_t>(std::clamp<int64_t>(spec.rank_end, 0, UINT32_MAX))),
        math_(WindowOf(spec)),
        group_encoder_(spec.partition_keys, TypesAt(types_, spec.partition_keys)),
        encoder_(spec.partition_keys, TypesAt(types_, spec.partition_keys), true),
        output_(types_, spec.output_rank_number),
        order_(&output_.layout(), SortKeysOf(spec)) {}

  Status Open(const OperatorContext& context) override {
    context_ = context;
    table_ = std::make_unique<state::KeyedTable>(encoder_.shape(), static_cast<int32_t>(sizeof(SortedRows)),
                                                 context.key_groups, context.pool);
    heap_ = std::make_unique<state::BlobHeap>(context.pool);
    output_.Open(context.pool, context.chunk_rows);
    return Status::Ok();
  }

  Result<Progress> Process(int32_t, const Chunk& chunk, Output&) override {
    std::vector<int32_t> in_time = RowsInTime(chunk, spec_.window_end, math_, watermark_, &late_rows_);
    if (in_time.empty()) return Progress::kDone;
    RowSet rows = RowSet::Of(in_time);
    ColumnReader<Timestamp> ends(*chunk.columns[static_cast<size_t>(spec_.window_end)]);
    ends_.clear();
    for (int32_t row : in_time) ends_.push_back(ends[row].millis);
    group_encoder_.Encode(chunk.columns, rows, keys_);
    state::KeyGroupsOfHashes(keys_.hashes, context_.max_parallelism, groups_);
    encoder_.EncodeWith(chunk.columns, rows, ends_.data(), keys_);
    slots_.resize(in_time.size());
    created_.clear();
    MR_RETURN_IF_ERROR(table_->FindOrInsert(keys_, groups_.data(), slots_.data(), &created_));
    for (int32_t i : created_) windows_[ends_[static_cast<size_t>(i)]].push_back(slots_[static_cast<size_t>(i)]);
    output_.layout().Encode(chunk.columns, rows, packed_);
    for (size_t i = 0; i < in_time.size(); ++i) {
      MR_RETURN_IF_ERROR(Insert(*RowsOf(slots_[i]), packed_.row(static_cast<int32_t>(i))));
    }
    return Progress::kDone;
  }

  Result<Progress> OnWatermark(int64_t watermark, Output& output) override {
    if (watermark <= watermark_) return Progress::kDone;
    while (!windows_.empty() && math_.IsFired(windows_.begin()->first, watermark)) {
      MR_ASSIGN(Progress progress, FireWindow(windows_.begin()->second, output));
      if (progress == Progress::kMore) return progress;
      windows_.erase(windows_.begin());
      next_slot_ = 0;
    }
    watermark_ = watermark;
    return Progress::kDone;
  }

  Result<Progress> Finish(Output& output) override {
    if (!context_.batch) return Progress::kDone;
    return OnWatermark(kMaxWatermark, output);
  }

  Status Snapshot(state::SnapshotWriter& writer) override {
    MR_RETURN_IF_ERROR(SaveWatermark(watermark_, writer));
    MR_RETURN_IF_ERROR(writer.BeginState("rows", 1));
    std::string key;
    Status status;
    for (const auto& [end, slots] : windows_) {
      for (uint8_t* slot : slots) {
        key.clear();
        table_->AppendKeyOf(slot, key);
        RowsOf(slot)->ForEachFrom(0, [&](const uint8_t* row) {
          status = writer.KeyedRecord(table_->KeyGroupOf(slot), key, state::PackedBytes(row));
          return status.ok();
        });
        MR_RETURN_IF_ERROR(status);
      }
    }
    return Status::Ok();
  }

  Status Restore(state::SnapshotReader& reader) override {
    MR_RETURN_IF_ERROR(LoadWatermark(reader, &watermark_));
    return reader.ForEach("rows", [this](const state::SnapshotRecord& record) -> Status {
      if (!output_.layout().IsPlausible(record.value)) return state::CorruptRecord("a row of a window is damaged");
      MR_ASSIGN(state::KeyView key, state::ParseKey(table_->shape(), record.key));
      bool created = false;
      MR_ASSIGN(uint8_t * slot, table_->FindOrInsert(key, record.key_group, &created));
      if (created) windows_[state::ExtraOf(key)].push_back(slot);
      return Insert(*RowsOf(slot), reinterpret_cast<const uint8_t*>(record.value.data()));
    });
  }

  OperatorMetrics Metrics() const override {
    return {late_rows_, table_->reserved_bytes() + heap_->reserved_bytes(), table_->size()};
  }

 private:
  static SortedRows* RowsOf(uint8_t* slot) { return reinterpret_cast<SortedRows*>(slot); }

  Status Insert(SortedRows& rows, const uint8_t* row) {
    if (rank_end_ == 0) return Status::Ok();
    bool last_wins = spec_.deduplicate && spec_.keep_last;
    if (rows.size() >= rank_end_) {
      int order = order_.Compare(row, rows.Last());
      if (order > 0 || (order == 0 && !last_wins)) return Status::Ok();
      uint8_t* dropped = rows.RemoveLast(*heap_);
      heap_->Free(dropped, state::PackedSize(dropped));
    }
    uint32_t bytes = state::PackedSize(row);
    MR_ASSIGN(uint8_t * copy, heap_->Allocate(bytes));
    std::memcpy(copy, row, bytes);
    return rows.Insert(rows.UpperBound(row, order_), copy, *heap_);
  }

  Result<Progress> FireWindow(const std::vector<uint8_t*>& slots, Output& output) {
    while (next_slot_ < slots.size() || !output_.empty()) {
      for (; next_slot_ < slots.size() && output_.pending() < static_cast<size_t>(context_.chunk_rows); ++next_slot_) {
        int64_t rank = spec_.rank_start - 1;
        RowsOf(slots[next_slot_])
            ->ForEachFrom(static_cast<uint32_t>(std::max<int64_t>(rank, 0)), [&](const uint8_t* row) {
              output_.Add(RowKind::kInsert, row, -1, ++rank);
              return true;
            });
      }
      bool last = next_slot_ == slots.size();
      Progress sent = output_.Send(last, output);
      if (sent == Progress::kMore && !(last && output_.empty())) return Progress::kMore;
    }
    for (uint8_t* slot : slots) {
      RowsOf(slot)->ForEachFrom(0, [this](uint8_t* row) {
        heap_->Free(row, state::PackedSize(row));
        return true;
      });
      RowsOf(slot)->Clear(*heap_);
      table_->Erase(slot);
    }
    return Progress::kDone;
  }

  plan::WindowRankSpec spec_;
  std::vector<DataType> types_;
  uint32_t rank_end_;
  WindowMath math_;
  OperatorContext context_;
  state::KeyEncoder group_encoder_;
  state::KeyEncoder encoder_;
  RowOutput output_;
  RowComparator order_;
  std::unique_ptr<state::KeyedTable> table_;
  std::unique_ptr<state::BlobHeap> heap_;
  std::map<int64_t, std::vector<uint8_t*>> windows_;
  int64_t watermark_ = INT64_MIN;
  int64_t late_rows_ = 0;
  size_t next_slot_ = 0;  // of the window that is being fired

  state::KeyBatch keys_;
  std::vector<int32_t> groups_;
  std::vector<int64_t> ends_;
  std::vector<uint8_t*> slots_;
  std::vector<int32_t> created_;
  state::RowBatch packed_;
};

}  // namespace

OperatorResult Make(const plan::WindowRankSpec& spec, const plan::PhysicalNode& node) {
  return {std::make_unique<WindowRank>(spec, InputTypes(node))};
}

}  // namespace millrace::operators
