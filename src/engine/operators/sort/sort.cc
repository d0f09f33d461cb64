// Sort: a bounded input in order at its end; or a stream in the order of its time, each row once the watermark has passed it.
#include <algorithm>

#include "engine/operators/factories.h"
#include "engine/state/value_codec.h"

namespace millrace::operators {
namespace {

class Sort final : public Operator {
 public:
  Sort(const plan::SortSpec& spec, std::vector<DataType> types) : spec_(spec), types_(std::move(types)) {}

  Status Open(const OperatorContext& context) override {
    context_ = context;
    return Status::Ok();
  }

  Result<Progress> Process(int32_t, const Chunk& chunk, Output&) override {
    chunk.rows().ForEach([&](int32_t row) {
      ValueRow values = chunk.GetRow(row);
      if (IsAddition(chunk.kind(row))) {
        if (spec_.time_sorted && !InTime(values)) return;
        rows_.push_back(std::move(values));
        sorted_ = false;
      } else {
        auto found = std::find(rows_.begin(), rows_.end(), values);
        if (found != rows_.end()) rows_.erase(found);
      }
    });
    return Progress::kDone;
  }

  Result<Progress> OnWatermark(int64_t watermark, Output& output) override {
    if (!spec_.time_sorted) return Progress::kDone;
    SortRows();
    auto time = static_cast<size_t>(spec_.keys[0].column);
    size_t end = next_;
    while (end < rows_.size() && rows_[end][time].AsTimestamp().millis <= watermark) ++end;
    if (!EmitUntil(end, output)) return Progress::kMore;
    rows_.erase(rows_.begin(), rows_.begin() + static_cast<ptrdiff_t>(next_));
    next_ = 0;
    watermark_ = watermark;
    return Progress::kDone;
  }

  Result<Progress> Finish(Output& output) override {
    SortRows();
    auto size = static_cast<int64_t>(rows_.size());
    int64_t last = spec_.limit < 0 ? size : std::min(size, spec_.offset + spec_.limit);
    next_ = std::max(next_, static_cast<size_t>(std::min(spec_.offset, last)));
    return EmitUntil(static_cast<size_t>(last), output) ? Progress::kDone : Progress::kMore;
  }

  Status Snapshot(state::SnapshotWriter& writer) override {
    MR_RETURN_IF_ERROR(writer.BeginState("rows", 1));
    for (const ValueRow& row : rows_) {
      std::string bytes;
      state::AppendValueRow(row, types_, bytes);
      MR_RETURN_IF_ERROR(writer.BroadcastRecord(bytes));
    }
    return Status::Ok();
  }
  Status Restore(state::SnapshotReader& reader) override {
    return reader.ForEach("rows", [this](const state::SnapshotRecord& record) -> Status {
      std::string_view bytes = record.value;
      MR_ASSIGN(ValueRow row, state::TakeValueRow(bytes, types_));
      rows_.push_back(std::move(row));
      return Status::Ok();
    });
  }

 private:
  bool InTime(const ValueRow& row) const {
    const Value& time = row[static_cast<size_t>(spec_.keys[0].column)];
    return !time.IsNull() && time.AsTimestamp().millis > watermark_;
  }

  bool Less(const ValueRow& a, const ValueRow& b) const {
    for (const plan::SortKey& key : spec_.keys) {
      const Value& x = a[static_cast<size_t>(key.column)];
      const Value& y = b[static_cast<size_t>(key.column)];
      if (x.IsNull() || y.IsNull()) {
        if (x.IsNull() != y.IsNull()) return x.IsNull() == key.nulls_first;
        continue;
      }
      int order = CompareValues(x, y, types_[static_cast<size_t>(key.column)]);
      if (order != 0) return (order < 0) == key.ascending;
    }
    return false;
  }

  void SortRows() {
    if (!sorted_) std::stable_sort(rows_.begin() + static_cast<ptrdiff_t>(next_), rows_.end(), [this](const auto& a, const auto& b) { return Less(a, b); });
    sorted_ = true;
  }

  // False when the output has no credit before row `end`.
  bool EmitUntil(size_t end, Output& output) {
    while (next_ < end) {
      if (!output.HasCredit()) return false;
      ChunkBuilder builder(types_, context_.pool, context_.chunk_rows);
      while (next_ < end && !builder.full()) builder.AppendRow(RowKind::kInsert, rows_[next_++]);
      output.Emit(builder.Finish());
    }
    return true;
  }

  plan::SortSpec spec_;
  std::vector<DataType> types_;
  OperatorContext context_;
  std::vector<ValueRow> rows_;
  size_t next_ = 0;  // rows before it have been emitted
  bool sorted_ = true;
  int64_t watermark_ = kMinWatermark;
};

}  // namespace

OperatorResult Make(const plan::SortSpec& spec, const plan::PhysicalNode& node) {
  return std::unique_ptr<Operator>(std::make_unique<Sort>(spec, TypesOf(node.output)));
}

}  // namespace millrace::operators
