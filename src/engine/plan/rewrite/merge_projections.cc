// Neighbouring projections and filters become one.
#include "engine/plan/rewrite/rewrite.h"

namespace millrace::plan {
namespace {

using functions::ExprKind;
using functions::ExprPtr;

// How often each column is read.
void CountColumns(const functions::Expr& expr, std::vector<int>& counts) {
  if (expr.kind == ExprKind::kColumn) ++counts[static_cast<size_t>(expr.index)];
  for (const ExprPtr& arg : expr.args) CountColumns(*arg, counts);
}

bool IsCheap(const functions::Expr& expr) { return expr.kind == ExprKind::kColumn || expr.kind == ExprKind::kLiteral; }

// Whether inlining `inner` into `outer` keeps the meaning: what is not repeatable may be read once at most.
bool CanInline(const std::vector<ExprPtr>& inner, const std::vector<ExprPtr>& outer) {
  std::vector<int> counts(inner.size(), 0);
  for (const ExprPtr& expr : outer) CountColumns(*expr, counts);
  for (size_t i = 0; i < inner.size(); ++i) {
    if (counts[i] > 1 && !IsCheap(*inner[i]) && !functions::IsDeterministic(*inner[i])) return false;
  }
  return true;
}

bool IsIdentity(const std::vector<ExprPtr>& exprs, const Schema& input, const Schema& output) {
  if (exprs.size() != input.size()) return false;
  for (size_t i = 0; i < exprs.size(); ++i) {
    bool same = exprs[i]->kind == ExprKind::kColumn && exprs[i]->index == static_cast<int32_t>(i);
    if (!same || input[i].name != output[i].name || !(input[i].type == output[i].type) ||
        input[i].type.time_attribute() != output[i].type.time_attribute()) {
      return false;
    }
  }
  return true;
}

RelationPtr MergeProject(const Relation& project, const RelationPtr& input) {
  const std::vector<ExprPtr>& exprs = project.As<sql::ProjectRelation>()->exprs;
  if (const auto* inner = input->As<sql::ProjectRelation>(); inner != nullptr && CanInline(inner->exprs, exprs)) {
    std::vector<ExprPtr> merged;
    for (const ExprPtr& expr : exprs) merged.push_back(functions::SubstituteColumns(expr, inner->exprs));
    RelationPtr result = sql::MakeRelation(sql::ProjectRelation{std::move(merged)}, input->inputs, project.schema);
    return MergeProject(*result, result->inputs[0]);
  }
  if (IsIdentity(exprs, input->schema, project.schema)) return input;
  return WithInputs(project, {input});
}

}  // namespace

RelationPtr MergeProjections(const RelationPtr& root) {
  std::vector<RelationPtr> inputs;
  for (const RelationPtr& input : root->inputs) inputs.push_back(MergeProjections(input));
  if (root->As<sql::ProjectRelation>() != nullptr) return MergeProject(*root, inputs[0]);
  if (const auto* filter = root->As<sql::FilterRelation>()) {
    if (const auto* inner = inputs[0]->As<sql::FilterRelation>()) {
      std::vector<ExprPtr> conditions;
      SplitAnd(inner->condition, conditions);
      SplitAnd(filter->condition, conditions);
      return FilterOver(inputs[0]->inputs[0], std::move(conditions));
    }
  }
  return WithInputs(*root, std::move(inputs));
}

}  // namespace millrace::plan
