// WatermarkAssigner: makes watermarks from rows. The watermark of a row counts after the row, and goes out when it is
// more than `emit_interval_ms` ahead of the last one that went out; so where watermarks stand depends on the rows
// alone, not on time or chunk size. Only when no row has come for a whole interval does a smaller step go out as well,
// as Flink's periodic timer does. Both start at 0, as in Flink. Idleness is the runtime's affair.
//
// State: the watermark reached and the last one sent, of each instance; after a rescale the lowest of them holds.
#include <algorithm>
#include <memory>
#include <optional>
#include <string>

#include "engine/functions/evaluator.h"
#include "engine/operators/factories.h"
#include "engine/state/value_codec.h"

namespace millrace::operators {
namespace {

constexpr const char* kState = "watermark";

class WatermarkAssigner : public Operator {
 public:
  WatermarkAssigner(plan::WatermarkSpec spec, std::vector<DataType> types)
      : spec_(std::move(spec)), types_(std::move(types)) {}

  Status Open(const OperatorContext& context) override {
    context_ = context;
    evaluator_.emplace(std::vector<functions::ExprPtr>{spec_.watermark}, context.eval);
    return Status::Ok();
  }

  bool HandlesMarks() const override { return true; }

  Result<Progress> Process(int32_t, const Chunk& chunk, Output& output) override {
    RowSet rows = chunk.rows();
    if (rows.count() == 0) return Progress::kDone;
    Chunk result = chunk;
    result.marks.clear();
    MR_ASSIGN(ColumnPtr watermarks, evaluator_->Evaluate(0, chunk, rows));
    if (!context_.batch) {
      MR_RETURN_IF_ERROR(CheckRowtime(*chunk.columns[static_cast<size_t>(spec_.rowtime)], rows));
    }
    ColumnReader<Timestamp> reader(*watermarks);
    for (int32_t i = 0; i < rows.count(); ++i) {
      int32_t row = rows[i];
      if (!reader.IsNull(row)) current_ = std::max(current_, reader[row].millis);
      if (current_ - sent_ > spec_.emit_interval_ms) {
        sent_ = current_;
        result.marks.push_back({row + 1, sent_});
      }
    }
    last_rows_millis_ = context_.clock->NowMillis();
    output.Emit(std::move(result));
    return Progress::kDone;
  }

  int64_t NextProcessingTime() const override {
    return current_ > sent_ ? last_rows_millis_ + std::max<int64_t>(spec_.emit_interval_ms, 1) : INT64_MAX;
  }

  Result<Progress> OnProcessingTime(int64_t now_millis, Output& output) override {
    if (current_ <= sent_ || now_millis < NextProcessingTime()) return Progress::kDone;
    sent_ = current_;
    ChunkBuilder builder(types_, context_.pool, 1);
    builder.AppendMark(sent_);
    output.Emit(builder.Finish());
    return Progress::kDone;
  }

  Status Snapshot(state::SnapshotWriter& writer) override {
    MR_RETURN_IF_ERROR(writer.BeginState(kState, 1));
    std::string record;
    state::PutFixed(current_, record);
    state::PutFixed(sent_, record);
    return writer.BroadcastRecord(record);
  }

  Status Restore(state::SnapshotReader& reader) override {
    std::optional<int64_t> current;
    std::optional<int64_t> sent;
    MR_RETURN_IF_ERROR(reader.ForEach(kState, [&](const state::SnapshotRecord& record) -> Status {
      std::string_view in = record.value;
      int64_t values[2];
      if (!state::TakeFixed(in, &values[0]) || !state::TakeFixed(in, &values[1])) {
        return state::CorruptRecord("a watermark is cut short");
      }
      current = current ? std::min(*current, values[0]) : values[0];
      sent = sent ? std::min(*sent, values[1]) : values[1];
      return Status::Ok();
    }));
    current_ = current.value_or(0);
    sent_ = sent.value_or(0);
    return Status::Ok();
  }

 private:
  static Status CheckRowtime(const Column& rowtime, RowSet rows) {
    if (rowtime.HasNoNulls()) return Status::Ok();
    for (int32_t i = 0; i < rows.count(); ++i) {
      if (rowtime.IsNull(rows[i])) {
        return UserError("watermark.null_rowtime", "RowTime field should not be null",
                         "filter such rows out, or give the column a value, before the watermark is declared");
      }
    }
    return Status::Ok();
  }

  plan::WatermarkSpec spec_;
  std::vector<DataType> types_;
  OperatorContext context_;
  std::optional<functions::Evaluator> evaluator_;
  int64_t current_ = 0;
  int64_t sent_ = 0;
  int64_t last_rows_millis_ = 0;
};

}  // namespace

OperatorResult Make(const plan::WatermarkSpec& spec, const plan::PhysicalNode& node) {
  return {std::make_unique<WatermarkAssigner>(spec, InputTypes(node))};
}

}  // namespace millrace::operators
