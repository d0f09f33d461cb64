// Sort: orders a bounded input, with OFFSET and LIMIT, when it has ended; or (time_sorted) a stream by its ascending
// time attribute and further keys: rows wait for the watermark to pass their time, and a row behind the watermark is
// late and dropped. Ordered by processing time alone, rows pass as they come. Equal rows keep the order in which they
// came.
//
// State "rows": the waiting rows, in order of arrival; "watermark".
#include <algorithm>
#include <cstring>
#include <memory>

#include "engine/operators/factories.h"
#include "engine/operators/row_comparator.h"
#include "engine/operators/row_output.h"
#include "engine/operators/window_aggregate/sliced_aggregate.h"
#include "engine/state/blob_heap.h"
#include "engine/state/value_codec.h"

namespace millrace::operators {
namespace {

struct Before {
  const RowComparator* order;
  bool operator()(const uint8_t* a, const uint8_t* b) const { return order->Compare(a, b) < 0; }
};

class Sort : public Operator {
 public:
  Sort(const plan::SortSpec& spec, std::vector<DataType> types)
      : spec_(spec), types_(std::move(types)), output_(types_, false), order_(&output_.layout(), spec.keys) {
    if (!spec_.time_sorted) return;
    const DataType& first = types_[static_cast<size_t>(spec_.keys[0].column)];
    passes_ = first.time_attribute() == TimeAttribute::kProctime;
  }

  Status Open(const OperatorContext& context) override {
    context_ = context;
    heap_ = std::make_unique<state::BlobHeap>(context.pool);
    output_.Open(context.pool, context.chunk_rows);
    return Status::Ok();
  }

  Result<Progress> Process(int32_t, const Chunk& chunk, Output& output) override {
    if (passes_) {
      output.Emit(chunk);
      return Progress::kDone;
    }
    output_.layout().Encode(chunk.columns, chunk.rows(), packed_);
    for (int32_t i = 0; i < chunk.row_count(); ++i) {
      const uint8_t* row = packed_.row(i);
      if (spec_.time_sorted && !context_.batch && IsLate(row)) {
        ++late_rows_;
        continue;
      }
      if (IsAddition(chunk.kind(chunk.rows()[i]))) {
        MR_RETURN_IF_ERROR(Keep(row));
      } else {
        TakeAway(row);
      }
    }
    if (!spec_.time_sorted) Prune();
    return Progress::kDone;
  }

  Result<Progress> OnWatermark(int64_t watermark, Output& output) override {
    if (!spec_.time_sorted || context_.batch || passes_) return Progress::kDone;
    if (!sending_) {
      if (watermark <= watermark_) return Progress::kDone;
      watermark_ = watermark;
      // Rows that are due come to the front, in order; the others stay as they came.
      auto due = std::stable_partition(rows_.begin(), rows_.end(),
                                       [this](const uint8_t* row) { return TimeOf(row) <= watermark_; });
      std::stable_sort(rows_.begin(), due, Before{&order_});
      Prepare(0, static_cast<size_t>(due - rows_.begin()));
    }
    return SendRows(output);
  }

  Result<Progress> Finish(Output& output) override {
    if (passes_) return Progress::kDone;
    if (spec_.time_sorted && !context_.batch) return OnWatermark(kMaxWatermark, output);
    if (!sending_) {
      std::stable_sort(rows_.begin(), rows_.end(), Before{&order_});
      size_t first = std::min(static_cast<size_t>(spec_.offset), rows_.size());
      size_t count = rows_.size() - first;
      if (spec_.limit >= 0) count = std::min(count, static_cast<size_t>(spec_.limit));
      Prepare(first, count);
    }
    return SendRows(output);
  }

  Status Snapshot(state::SnapshotWriter& writer) override {
    MR_RETURN_IF_ERROR(SaveWatermark(watermark_, writer));
    MR_RETURN_IF_ERROR(writer.BeginState("rows", 1));
    int32_t group = state::KeyGroupOf(state::KeyHash({}), context_.max_parallelism);
    for (const uint8_t* row : rows_) MR_RETURN_IF_ERROR(writer.KeyedRecord(group, {}, state::PackedBytes(row)));
    return Status::Ok();
  }

  Status Restore(state::SnapshotReader& reader) override {
    MR_RETURN_IF_ERROR(LoadWatermark(reader, &watermark_));
    return reader.ForEach("rows", [this](const state::SnapshotRecord& record) -> Status {
      if (!output_.layout().IsPlausible(record.value)) return state::CorruptRecord("a waiting row is damaged");
      return Keep(reinterpret_cast<const uint8_t*>(record.value.data()));
    });
  }

  OperatorMetrics Metrics() const override {
    return {late_rows_, heap_ ? heap_->reserved_bytes() : 0, static_cast<int64_t>(rows_.size())};
  }

 private:
  int64_t TimeOf(const uint8_t* row) const {
    return output_.layout().GetTimestamp(row, static_cast<size_t>(spec_.keys[0].column)).millis;
  }
  bool IsLate(const uint8_t* row) const { return watermark_ != INT64_MIN && TimeOf(row) <= watermark_; }

  Status Keep(const uint8_t* row) {
    uint32_t bytes = state::PackedSize(row);
    MR_ASSIGN(uint8_t * copy, heap_->Allocate(bytes));
    std::memcpy(copy, row, bytes);
    rows_.push_back(copy);
    return Status::Ok();
  }

  // Changes come only where a stream that has an end is sorted by other columns, which Flink allows for tests.
  void TakeAway(const uint8_t* row) {
    for (size_t i = rows_.size(); i-- > 0;) {
      if (state::PackedBytes(rows_[i]) != state::PackedBytes(row)) continue;
      heap_->Free(rows_[i], state::PackedSize(rows_[i]));
      rows_.erase(rows_.begin() + static_cast<std::ptrdiff_t>(i));
      return;
    }
  }

  // With a LIMIT no more rows are kept than can still go out, or twice as many between two prunings.
  void Prune() {
    if (spec_.limit < 0) return;
    auto wanted = static_cast<size_t>(spec_.offset + spec_.limit);
    if (rows_.size() < wanted * 2 + 1024) return;
    std::stable_sort(rows_.begin(), rows_.end(), Before{&order_});
    for (size_t i = wanted; i < rows_.size(); ++i) heap_->Free(rows_[i], state::PackedSize(rows_[i]));
    rows_.resize(wanted);
  }

  void Prepare(size_t first, size_t count) {
    for (size_t i = first; i < first + count; ++i) output_.Add(RowKind::kInsert, rows_[i]);
    sent_to_ = first + count;
    sending_ = true;
  }

  Result<Progress> SendRows(Output& output) {
    while (!output_.empty()) {
      if (output_.Send(true, output) == Progress::kMore && !output_.empty()) return Progress::kMore;
    }
    for (size_t i = 0; i < sent_to_; ++i) heap_->Free(rows_[i], state::PackedSize(rows_[i]));
    rows_.erase(rows_.begin(), rows_.begin() + static_cast<std::ptrdiff_t>(sent_to_));
    sending_ = false;
    return Progress::kDone;
  }

  plan::SortSpec spec_;
  std::vector<DataType> types_;
  RowOutput output_;
  RowComparator order_;
  bool passes_ = false;
  OperatorContext context_;
  std::unique_ptr<state::BlobHeap> heap_;
  state::RowBatch packed_;
  std::vector<uint8_t*> rows_;
  size_t sent_to_ = 0;
  bool sending_ = false;
  int64_t watermark_ = INT64_MIN;
  int64_t late_rows_ = 0;
};

}  // namespace

OperatorResult Make(const plan::SortSpec& spec, const plan::PhysicalNode& node) {
  return {std::make_unique<Sort>(spec, InputTypes(node))};
}

}  // namespace millrace::operators
