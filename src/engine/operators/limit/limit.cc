// Limit: the first rows that come, after skipping some. Over an input with changes it keeps the rows, so that a row that goes away makes room
// for the next one.
#include <deque>

#include "engine/operators/factories.h"
#include "engine/state/value_codec.h"

namespace millrace::operators {
namespace {

class AppendLimit final : public Operator {
 public:
  explicit AppendLimit(const plan::LimitSpec& spec) : first_(spec.offset), last_(spec.limit < 0 ? INT64_MAX : spec.offset + spec.limit) {}

  Status Open(const OperatorContext&) override { return Status::Ok(); }
  bool HandlesMarks() const override { return true; }

  Result<Progress> Process(int32_t, const Chunk& chunk, Output& output) override {
    auto kept = std::make_shared<std::vector<int32_t>>();
    chunk.rows().ForEach([&](int32_t row) {
      if (seen_ >= first_ && seen_ < last_) kept->push_back(row);
      ++seen_;
    });
    Chunk rest = chunk;
    rest.selection = std::move(kept);
    output.Emit(std::move(rest));
    return Progress::kDone;
  }

  Status Snapshot(state::SnapshotWriter& writer) override {
    MR_RETURN_IF_ERROR(writer.BeginState("seen", 1));
    return writer.BroadcastRecord(std::to_string(seen_));
  }
  Status Restore(state::SnapshotReader& reader) override {
    return reader.ForEach("seen", [this](const state::SnapshotRecord& record) {
      int64_t seen = 0;
      for (char c : record.value) seen = seen * 10 + (c - '0');
      seen_ += seen;
      return Status::Ok();
    });
  }

 private:
  const int64_t first_;
  const int64_t last_;
  int64_t seen_ = 0;
};

// All rows in the order of arrival; what lies in [offset, offset + limit) has been emitted.
class RetractLimit final : public Operator {
 public:
  RetractLimit(const plan::LimitSpec& spec, std::vector<DataType> types)
      : first_(static_cast<size_t>(spec.offset)),
        last_(spec.limit < 0 ? SIZE_MAX : static_cast<size_t>(spec.offset + spec.limit)),
        types_(std::move(types)) {}

  Status Open(const OperatorContext& context) override {
    context_ = context;
    return Status::Ok();
  }

  Result<Progress> Process(int32_t, const Chunk& chunk, Output& output) override {
    ChunkBuilder builder(types_, context_.pool, context_.chunk_rows);
    chunk.rows().ForEach([&](int32_t row) {
      Apply(IsAddition(chunk.kind(row)), chunk.GetRow(row), builder);
      if (builder.full()) output.Emit(builder.Finish());
    });
    if (!builder.empty()) output.Emit(builder.Finish());
    return Progress::kDone;
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
  void Apply(bool addition, ValueRow row, ChunkBuilder& out) {
    if (addition) {
      rows_.push_back(std::move(row));
      size_t place = rows_.size() - 1;
      if (place >= first_ && place < last_) out.AppendRow(RowKind::kInsert, rows_[place]);
      return;
    }
    for (size_t i = 0; i < rows_.size(); ++i) {
      if (!(rows_[i] == row)) continue;
      // The row leaves: of those shown, the one at its place or the first shown one goes, and the next one after the last comes in.
      size_t gone = std::max(i, first_);
      if (i < last_ && gone < std::min(last_, rows_.size())) {
        out.AppendRow(RowKind::kDelete, rows_[gone]);
        if (last_ < rows_.size()) out.AppendRow(RowKind::kInsert, rows_[last_]);
      }
      rows_.erase(rows_.begin() + static_cast<ptrdiff_t>(i));
      return;
    }
  }

  const size_t first_;
  const size_t last_;
  std::vector<DataType> types_;
  OperatorContext context_;
  std::deque<ValueRow> rows_;
};

}  // namespace

OperatorResult Make(const plan::LimitSpec& spec, const plan::PhysicalNode& node) {
  if (!spec.input_retracts) return std::unique_ptr<Operator>(std::make_unique<AppendLimit>(spec));
  return std::unique_ptr<Operator>(std::make_unique<RetractLimit>(spec, TypesOf(node.output)));
}

}  // namespace millrace::operators
