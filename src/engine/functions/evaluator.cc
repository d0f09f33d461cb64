// The evaluator's face, and constants: evaluation and folding.
#include "engine/functions/evaluator.h"

#include "engine/functions/evaluator_program.h"

namespace millrace::functions {

struct Evaluator::Impl {
  Program program;
};

namespace {

// Work on one chunk, ended whatever happens.
class ChunkScope {
 public:
  ChunkScope(Program& program, const Chunk& chunk) : program_(program) { program_.Begin(chunk); }
  ~ChunkScope() { program_.End(); }
  ChunkScope(const ChunkScope&) = delete;
  ChunkScope& operator=(const ChunkScope&) = delete;

 private:
  Program& program_;
};

}  // namespace

Evaluator::Evaluator(std::vector<ExprPtr> exprs, EvalContext* context)
    : impl_(new Impl{Program(std::move(exprs), context)}) {}
Evaluator::~Evaluator() = default;
Evaluator::Evaluator(Evaluator&&) noexcept = default;
Evaluator& Evaluator::operator=(Evaluator&&) noexcept = default;

size_t Evaluator::size() const { return impl_->program.size(); }

Result<ColumnPtr> Evaluator::Evaluate(size_t index, const Chunk& chunk, RowSet rows) {
  ChunkScope scope(impl_->program, chunk);
  return impl_->program.Evaluate(index, {rows});
}

Result<std::vector<ColumnPtr>> Evaluator::EvaluateAll(const Chunk& chunk) {
  ChunkScope scope(impl_->program, chunk);
  std::vector<ColumnPtr> columns;
  columns.reserve(size());
  for (size_t i = 0; i < size(); ++i) {
    MR_ASSIGN(ColumnPtr column, impl_->program.Evaluate(i, {chunk.rows()}));
    columns.push_back(std::move(column));
  }
  return columns;
}

Result<std::vector<int32_t>> Evaluator::SelectTrue(size_t index, const Chunk& chunk, RowSet rows) {
  ChunkScope scope(impl_->program, chunk);
  std::vector<int32_t> yes;
  MR_RETURN_IF_ERROR(impl_->program.SelectTrue(index, {rows}, yes));
  return yes;
}

Result<Value> EvaluateConstant(const ExprPtr& expr, EvalContext& context) {
  if (expr->kind == ExprKind::kLiteral) return expr->literal;
  Evaluator evaluator({expr}, &context);
  Chunk chunk;
  chunk.size = 1;
  MR_ASSIGN(ColumnPtr column, evaluator.Evaluate(0, chunk, RowSet::All(1)));
  return column->GetValue(0);
}

namespace {

// Whether operand i of the expression is always evaluated when the expression is.
bool AlwaysEvaluated(const Expr& expr, size_t i) {
  switch (expr.kind) {
    case ExprKind::kAnd:
    case ExprKind::kOr:
    case ExprKind::kCase:
    case ExprKind::kCoalesce:
      return i == 0;
    case ExprKind::kColumn:
    case ExprKind::kOuterColumn:
    case ExprKind::kLiteral:
    case ExprKind::kCall:
    case ExprKind::kCast:
      return true;
  }
  return true;
}

// CAST(1 / 0 AS …): Flink leaves a division below a CAST to the running job.
bool IsCastOfDivision(const Expr& expr) {
  return expr.kind == ExprKind::kCast && expr.args[0]->kind == ExprKind::kCall && expr.args[0]->function->name == "/";
}

Result<ExprPtr> Fold(const ExprPtr& expr, EvalContext& context, bool unconditional) {
  if (expr->kind == ExprKind::kLiteral) return expr;
  if (IsConstant(*expr)) {
    bool at_run_time = IsCastOfDivision(*expr);
    if (at_run_time) context.folding = false;
    Result<Value> value = EvaluateConstant(expr, context);
    context.folding = true;
    if (!value.ok()) {
      if (unconditional && !at_run_time) return std::move(value).error();
      return expr;
    }
    auto literal = std::make_shared<Expr>();
    literal->type = expr->type;
    literal->literal = std::move(value).value();
    literal->range = expr->range;
    return ExprPtr(literal);
  }
  std::vector<ExprPtr> args;
  bool changed = false;
  for (size_t i = 0; i < expr->args.size(); ++i) {
    MR_ASSIGN(ExprPtr arg, Fold(expr->args[i], context, unconditional && AlwaysEvaluated(*expr, i)));
    changed = changed || arg != expr->args[i];
    args.push_back(std::move(arg));
  }
  if (!changed) return expr;
  auto copy = std::make_shared<Expr>(*expr);
  copy->args = std::move(args);
  return ExprPtr(copy);
}

}  // namespace

Result<ExprPtr> FoldConstants(const ExprPtr& expr, EvalContext& context) {
  bool folding = context.folding;
  context.folding = true;
  Result<ExprPtr> result = Fold(expr, context, true);
  context.folding = folding;
  return result;
}

}  // namespace millrace::functions
