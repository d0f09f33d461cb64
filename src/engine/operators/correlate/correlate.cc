// Correlate: each row with the rows that a table function gives for it.
#include "engine/functions/evaluator.h"
#include "engine/operators/factories.h"

namespace millrace::operators {
namespace {

class Correlate final : public Operator {
 public:
  Correlate(const plan::CorrelateSpec& spec, const plan::PhysicalNode& node)
      : spec_(spec), types_(TypesOf(node.output)), input_width_(node.inputs[0].node->output.size()) {
    call_.kind = functions::ExprKind::kCall;
    call_.args = spec.arguments;
  }

  Status Open(const OperatorContext& context) override {
    context_ = context;
    arguments_ = std::make_unique<functions::Evaluator>(spec_.arguments, context.eval);
    return Status::Ok();
  }

  Result<Progress> Process(int32_t, const Chunk& chunk, Output& output) override {
    if (columns_.empty()) {
      MR_ASSIGN(columns_, arguments_->EvaluateAll(chunk));
      cursor_ = 0;
    }
    RowSet rows = chunk.rows();
    while (cursor_ < rows.count()) {
      if (!output.HasCredit()) return Progress::kMore;
      ChunkBuilder builder(types_, context_.pool, context_.chunk_rows);
      while (cursor_ < rows.count() && !builder.full()) MR_RETURN_IF_ERROR(Expand(chunk, rows[cursor_++], builder));
      if (!builder.empty()) output.Emit(builder.Finish());
    }
    columns_.clear();
    return Progress::kDone;
  }

 private:
  Status Expand(const Chunk& chunk, int32_t row, ChunkBuilder& out) {
    std::vector<Value> arguments;
    for (const ColumnPtr& column : columns_) arguments.push_back(column->GetValue(row));
    std::vector<ValueRow> found;
    functions::RowCall call{*context_.eval, call_, arguments, nullptr};
    MR_RETURN_IF_ERROR(spec_.function->rows(call, found));
    if (found.empty() && spec_.left_outer) found.emplace_back(types_.size() - input_width_);
    for (const ValueRow& values : found) {
      for (size_t c = 0; c < input_width_; ++c) out.column(c).AppendFrom(*chunk.columns[c], row);
      for (size_t c = input_width_; c < types_.size(); ++c) out.column(c).AppendValue(values[c - input_width_]);
      out.EndRow(chunk.kind(row));
    }
    return Status::Ok();
  }

  plan::CorrelateSpec spec_;
  std::vector<DataType> types_;
  size_t input_width_;
  functions::Expr call_;
  OperatorContext context_;
  std::unique_ptr<functions::Evaluator> arguments_;
  std::vector<ColumnPtr> columns_;  // of the chunk in progress
  int32_t cursor_ = 0;
};

}  // namespace

OperatorResult Make(const plan::CorrelateSpec& spec, const plan::PhysicalNode& node) {
  if (spec.condition) return UserError("operator.unsupported", "a condition on a lateral table cannot run yet");
  return std::unique_ptr<Operator>(std::make_unique<Correlate>(spec, node));
}

}  // namespace millrace::operators
