// WHERE rownum <= n over ROW_NUMBER() OVER (PARTITION BY … ORDER BY …): Top-N.
#include "engine/plan/rewrite/rewrite.h"

namespace millrace::plan {
namespace {

using functions::ExprKind;
using functions::ExprPtr;

struct Bounds {
  int64_t start = 1;
  int64_t end = INT64_MAX;
};

// rownum <op> literal, or the other way round; narrows `bounds` and returns true.
bool ReadBound(const functions::Expr& expr, int32_t rank_column, Bounds& bounds) {
  if (expr.kind != ExprKind::kCall || expr.args.size() != 2) return false;
  auto is_rank = [&](const ExprPtr& arg) {
    const functions::Expr* e = arg.get();
    while (e->kind == ExprKind::kCast && e->type.IsInteger()) e = e->args[0].get();
    return e->kind == ExprKind::kColumn && e->index == rank_column;
  };
  auto literal = [](const ExprPtr& arg) {
    return arg->kind == ExprKind::kLiteral && !arg->literal.IsNull() && arg->type.IsInteger();
  };
  bool forward = is_rank(expr.args[0]) && literal(expr.args[1]);
  bool backward = is_rank(expr.args[1]) && literal(expr.args[0]);
  if (!forward && !backward) return false;
  int64_t value = (forward ? expr.args[1] : expr.args[0])->literal.AsInt();
  std::string_view name = expr.function->name;
  bool less = (forward && name == "<") || (backward && name == ">");
  bool at_most = (forward && name == "<=") || (backward && name == ">=");
  bool greater = (forward && name == ">") || (backward && name == "<");
  bool at_least = (forward && name == ">=") || (backward && name == "<=");
  if (name == "=") {
    bounds.start = std::max(bounds.start, value);
    bounds.end = std::min(bounds.end, value);
  } else if (less || at_most) {
    bounds.end = std::min(bounds.end, less ? value - 1 : value);
  } else if (greater || at_least) {
    bounds.start = std::max(bounds.start, greater ? value + 1 : value);
  } else {
    return false;
  }
  return true;
}

RelationPtr Recognize(const Relation& filter, const RelationPtr& input) {
  const Relation* over_node = input.get();
  const auto* project = input->As<sql::ProjectRelation>();
  if (project != nullptr) over_node = input->inputs[0].get();
  const auto* over = over_node->As<sql::OverRelation>();
  if (over == nullptr || over->calls.size() != 1 || over->calls[0].ranking.empty()) return nullptr;
  const std::string& ranking = over->calls[0].ranking;
  if (ranking != "ROW_NUMBER" && ranking != "RANK" && ranking != "DENSE_RANK") return nullptr;
  auto rank_column = static_cast<int32_t>(over_node->schema.size()) - 1;
  std::vector<ExprPtr> conjuncts;
  ExprPtr condition = filter.As<sql::FilterRelation>()->condition;
  if (project != nullptr) condition = functions::SubstituteColumns(condition, project->exprs);
  SplitAnd(condition, conjuncts);
  Bounds bounds;
  std::vector<ExprPtr> rest;
  for (ExprPtr& conjunct : conjuncts) {
    if (!ReadBound(*conjunct, rank_column, bounds)) rest.push_back(std::move(conjunct));
  }
  if (bounds.end == INT64_MAX) return nullptr;
  sql::RankRelation rank{ranking, over->partition_keys, over->order_keys, bounds.start, bounds.end, true};
  RelationPtr result = sql::MakeRelation(std::move(rank), over_node->inputs, over_node->schema);
  result = FilterOver(result, std::move(rest));
  if (project == nullptr) return result;
  return sql::MakeRelation(*project, {result}, input->schema);
}

}  // namespace

RelationPtr RecognizeRank(const RelationPtr& root) {
  std::vector<RelationPtr> inputs;
  for (const RelationPtr& input : root->inputs) inputs.push_back(RecognizeRank(input));
  if (root->As<sql::FilterRelation>() != nullptr) {
    if (RelationPtr ranked = Recognize(*root, inputs[0]); ranked != nullptr) return ranked;
  }
  return WithInputs(*root, std::move(inputs));
}

}  // namespace millrace::plan
