// Correlate: each row with the rows that a table function gives for it (UNNEST, LATERAL TABLE), with the row's kind. A
// row without any goes out padded with NULLs if the join is a left outer one.
#include <memory>
#include <optional>

#include "engine/functions/evaluator.h"
#include "engine/operators/factories.h"
#include "engine/operators/row_repeater.h"

namespace millrace::operators {
namespace {

class Correlate : public RowRepeater {
 public:
  Correlate(plan::CorrelateSpec spec, size_t input_width, std::vector<DataType> types)
      : spec_(std::move(spec)), input_width_(input_width), types_(std::move(types)) {
    call_.kind = functions::ExprKind::kCall;
    call_.args = spec_.arguments;
  }

  Status Open(const OperatorContext& context) override {
    MR_RETURN_IF_ERROR(RowRepeater::Open(context));
    arguments_.emplace(spec_.arguments, context.eval);
    if (spec_.condition) condition_.emplace(std::vector<functions::ExprPtr>{spec_.condition}, context.eval);
    return Status::Ok();
  }

 protected:
  // All rows of all rows of the chunk: a table function's rows come boxed and one input row at a time anyway.
  Status BeginChunk(const Chunk& chunk) override {
    MR_ASSIGN(std::vector<ColumnPtr> columns, arguments_->EvaluateAll(chunk));
    RowSet rows = chunk.rows();
    found_.assign(static_cast<size_t>(rows.count()), {});
    std::vector<Value> values(columns.size());
    for (int32_t i = 0; i < rows.count(); ++i) {
      for (size_t a = 0; a < columns.size(); ++a) values[a] = columns[a]->GetValue(rows[i]);
      functions::RowCall call{*context().eval, call_, values, nullptr};
      std::vector<ValueRow>& found = found_[static_cast<size_t>(i)];
      MR_RETURN_IF_ERROR(spec_.function->rows(call, found));
      if (condition_) MR_RETURN_IF_ERROR(Filter(chunk, rows[i], found));
      if (found.empty() && spec_.left_outer) found.emplace_back(types_.size() - input_width_);
    }
    return Status::Ok();
  }

  int64_t Times(const Chunk&, int32_t i) override {
    return static_cast<int64_t>(found_[static_cast<size_t>(i)].size());
  }

  Result<Chunk> MakeChunk(const Chunk& chunk, std::span<const int32_t> rows, std::span<const int32_t> live,
                          std::span<const int64_t> times) override {
    Chunk result = RepeatRows(chunk, rows, input_width_, context().pool);
    for (size_t c = input_width_; c < types_.size(); ++c) {
      ColumnBuilder builder(types_[c], context().pool, result.size);
      for (size_t k = 0; k < rows.size(); ++k) {
        builder.AppendValue(found_[static_cast<size_t>(live[k])][static_cast<size_t>(times[k])][c - input_width_]);
      }
      result.columns.push_back(builder.Finish());
    }
    return result;
  }

 private:
  // Keeps the rows for which the condition, over the row and the function's columns, is TRUE.
  Status Filter(const Chunk& chunk, int32_t row, std::vector<ValueRow>& found) {
    if (found.empty()) return Status::Ok();
    std::vector<int32_t> repeated(found.size(), row);
    Chunk joined = RepeatRows(chunk, repeated, input_width_, context().pool);
    for (size_t c = input_width_; c < types_.size(); ++c) {
      ColumnBuilder builder(types_[c], context().pool, joined.size);
      for (const ValueRow& values : found) builder.AppendValue(values[c - input_width_]);
      joined.columns.push_back(builder.Finish());
    }
    MR_ASSIGN(std::vector<int32_t> passed, condition_->SelectTrue(0, joined, RowSet::All(joined.size)));
    std::vector<ValueRow> kept;
    for (int32_t p : passed) kept.push_back(std::move(found[static_cast<size_t>(p)]));
    found = std::move(kept);
    return Status::Ok();
  }

  plan::CorrelateSpec spec_;
  size_t input_width_;
  std::vector<DataType> types_;
  functions::Expr call_;  // tells the function the types of its arguments
  std::optional<functions::Evaluator> arguments_;
  std::optional<functions::Evaluator> condition_;
  std::vector<std::vector<ValueRow>> found_;  // by live row
};

}  // namespace

OperatorResult Make(const plan::CorrelateSpec& spec, const plan::PhysicalNode& node) {
  return {std::make_unique<Correlate>(spec, node.inputs[0].node->output.size(), TypesOf(node.output))};
}

}  // namespace millrace::operators
