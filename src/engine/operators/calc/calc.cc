// Calc: filter and projection in one. Columns that are only passed on are shared, not copied; the filter sets the
// selection. Row kinds are kept as they are: of a pair -U, +U only one half may pass, as in Flink. Watermark marks stay
// at their rows.
#include <memory>
#include <optional>

#include "engine/functions/evaluator.h"
#include "engine/operators/factories.h"

namespace millrace::operators {
namespace {

bool UsesWatermark(const functions::Expr& expr) {
  if (expr.kind == functions::ExprKind::kCall && expr.function->name == "CURRENT_WATERMARK") return true;
  for (const functions::ExprPtr& arg : expr.args) {
    if (UsesWatermark(*arg)) return true;
  }
  return false;
}

class Calc : public Operator {
 public:
  explicit Calc(plan::CalcSpec spec) : spec_(std::move(spec)) {
    if (spec_.condition) uses_watermark_ = UsesWatermark(*spec_.condition);
    for (const functions::ExprPtr& expr : spec_.projection) uses_watermark_ = uses_watermark_ || UsesWatermark(*expr);
  }

  Status Open(const OperatorContext& context) override {
    context_ = context;
    std::vector<functions::ExprPtr> exprs = spec_.projection;
    if (spec_.condition) exprs.push_back(spec_.condition);
    evaluator_.emplace(std::move(exprs), context.eval);
    return Status::Ok();
  }

  bool HandlesMarks() const override { return !uses_watermark_; }

  Result<Progress> Process(int32_t, const Chunk& chunk, Output& output) override {
    Chunk result;
    result.size = chunk.size;
    result.selection = chunk.selection;
    result.kinds = chunk.kinds;
    result.marks = chunk.marks;
    if (spec_.condition) {
      MR_ASSIGN(std::vector<int32_t> passed, evaluator_->SelectTrue(spec_.projection.size(), chunk, chunk.rows()));
      if (passed.empty() && chunk.marks.empty()) return Progress::kDone;
      if (static_cast<int32_t>(passed.size()) != chunk.row_count()) {
        result.selection = std::make_shared<const std::vector<int32_t>>(std::move(passed));
      }
    }
    if (result.empty() && result.marks.empty()) return Progress::kDone;
    for (size_t i = 0; i < spec_.projection.size(); ++i) {
      MR_ASSIGN(ColumnPtr column, evaluator_->Evaluate(i, chunk, result.rows()));
      result.columns.push_back(std::move(column));
    }
    output.Emit(std::move(result));
    return Progress::kDone;
  }

  Result<Progress> OnWatermark(int64_t watermark, Output&) override {
    if (uses_watermark_ && context_.eval != nullptr) context_.eval->current_watermark = watermark;
    return Progress::kDone;
  }

 private:
  plan::CalcSpec spec_;
  OperatorContext context_;
  std::optional<functions::Evaluator> evaluator_;
  bool uses_watermark_ = false;
};

}  // namespace

OperatorResult Make(const plan::CalcSpec& spec, const plan::PhysicalNode&) { return {std::make_unique<Calc>(spec)}; }

}  // namespace millrace::operators
