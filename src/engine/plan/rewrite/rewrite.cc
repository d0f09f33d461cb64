// The order of the rules, and what they share.
#include "engine/plan/rewrite/rewrite.h"

namespace millrace::plan {

using functions::ExprKind;
using functions::ExprPtr;

RelationPtr WithInputs(const Relation& relation, std::vector<RelationPtr> inputs) {
  return sql::MakeRelation(relation.spec, std::move(inputs), relation.schema);
}

void SplitAnd(const ExprPtr& expr, std::vector<ExprPtr>& out) {
  if (expr->kind == ExprKind::kAnd) {
    for (const ExprPtr& arg : expr->args) SplitAnd(arg, out);
  } else {
    out.push_back(expr);
  }
}

RelationPtr FilterOver(const RelationPtr& input, std::vector<ExprPtr> conditions) {
  std::vector<ExprPtr> kept;
  for (ExprPtr& condition : conditions) {
    bool always = condition->kind == ExprKind::kLiteral && !condition->literal.IsNull() && condition->literal.AsBool();
    if (!always) kept.push_back(std::move(condition));
  }
  if (kept.empty()) return input;
  return sql::MakeRelation(sql::FilterRelation{functions::MakeAnd(std::move(kept))}, {input}, input->schema);
}

ExprPtr ShiftColumns(const ExprPtr& expr, int32_t by) {
  if (expr->kind == ExprKind::kColumn) return functions::MakeColumn(expr->index + by, expr->type);
  if (expr->args.empty()) return expr;
  auto copy = std::make_shared<functions::Expr>(*expr);
  for (ExprPtr& arg : copy->args) arg = ShiftColumns(arg, by);
  return copy;
}

bool UsesOnly(const functions::Expr& expr, int32_t first, int32_t last) {
  if (expr.kind == ExprKind::kColumn) return expr.index >= first && expr.index < last;
  for (const ExprPtr& arg : expr.args) {
    if (!UsesOnly(*arg, first, last)) return false;
  }
  return true;
}

std::vector<ExprPtr> IdentityExprs(const Schema& schema) {
  std::vector<ExprPtr> exprs;
  for (size_t i = 0; i < schema.size(); ++i)
    exprs.push_back(functions::MakeColumn(static_cast<int32_t>(i), schema[i].type));
  return exprs;
}

Result<RelationPtr> Rewrite(const RelationPtr& root, const PlanContext& context, bool read_on) {
  MR_ASSIGN(RelationPtr relation, FoldConstantsIn(root, context));
  MR_ASSIGN(relation, ExpandSetOperations(relation));
  relation = MergeProjections(relation);
  relation = PushFilters(relation);
  relation = PullUpConstants(relation);
  relation = RecognizeRank(relation);
  relation = MergeProjections(relation);
  relation = PushFilters(DropUnusedWatermarks(relation, read_on));  // what stood above a watermark may now go on
  relation = MergeProjections(relation);
  relation = PruneColumns(relation);
  relation = SplitDistinct(relation, context);
  relation = MergeProjections(relation);
  return MergeProjections(NarrowRows(relation));
}

}  // namespace millrace::plan
