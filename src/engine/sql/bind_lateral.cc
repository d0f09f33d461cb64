// LATERAL (query): a join with a query that may name columns of what stands before it. With ORDER BY and LIMIT it is a
// Top-N per value of the columns that it compares with the left side's.
#include <fmt/format.h>

#include "engine/sql/query_binder.h"

namespace millrace::sql {
namespace {

using functions::ExprKind;

void SplitConjuncts(const BoundExpr& expr, std::vector<BoundExpr>& out) {
  if (expr->kind == ExprKind::kAnd) {
    for (const BoundExpr& arg : expr->args) SplitConjuncts(arg, out);
  } else {
    out.push_back(expr);
  }
}

// The condition with the inner columns moved to the right; outer columns stay.
BoundExpr ShiftInner(const BoundExpr& expr, int32_t by) {
  if (expr->kind == ExprKind::kColumn) return functions::MakeColumn(expr->index + by, expr->type);
  if (expr->args.empty()) return expr;
  auto copy = std::make_shared<functions::Expr>(*expr);
  for (BoundExpr& arg : copy->args) arg = ShiftInner(arg, by);
  return copy;
}

bool IsOuterColumn(const BoundExpr& expr) { return expr->kind == ExprKind::kOuterColumn; }

// The inner column of `column = outer column`; -1 for another shape.
int32_t EqualColumn(const BoundExpr& condition) {
  if (condition->kind != ExprKind::kCall || condition->args.size() != 2 || condition->function->name != "=") return -1;
  const BoundExpr& a = condition->args[0];
  const BoundExpr& b = condition->args[1];
  if (a->kind == ExprKind::kColumn && IsOuterColumn(b)) return a->index;
  if (b->kind == ExprKind::kColumn && IsOuterColumn(a)) return b->index;
  return -1;
}

// Below a sort: filters and projections only, as the queries that Flink turns into a Top-N.
bool IsPlainInput(const Relation& relation) {
  if (relation.As<ProjectRelation>() != nullptr || relation.As<FilterRelation>() != nullptr ||
      relation.As<WatermarkRelation>() != nullptr)
    return IsPlainInput(*relation.inputs[0]);
  return relation.As<ScanRelation>() != nullptr;
}

// ORDER BY … LIMIT n of a query whose conditions on outer columns are `inner.conditions`: the first n rows per value of
// the columns that are compared. Null where Flink has no plan for it.
RelationPtr RankOf(const SortRelation& sort, const Decorrelated& inner) {
  RankRelation rank;
  rank.ranking = "ROW_NUMBER";
  for (const BoundExpr& condition : inner.conditions) {
    int32_t column = EqualColumn(condition);
    if (column < 0) return nullptr;
    rank.partition_keys.push_back(column);
  }
  if (rank.partition_keys.empty() || sort.offset != 0 || sort.limit < 0 || sort.keys.empty()) return nullptr;
  rank.order_keys = sort.keys;
  rank.rank_end = sort.limit;
  rank.output_rank = false;
  Schema schema = inner.relation->schema;
  return MakeRelation(std::move(rank), {inner.relation}, std::move(schema));
}

Error NoPlan(SourceRange range) {
  return UserError("plan.refused", "unexpected correlate variable in the plan: this LATERAL query has no plan",
                   "compare plain columns with = in its WHERE, and write LIMIT without OFFSET", range);
}

// The rank with the columns of a projection above the sort first, and what only conditions read behind them; the
// conditions count over the result.
void ProjectRank(const Relation& project, Decorrelated& inner) {
  std::vector<BoundExpr> exprs = project.As<ProjectRelation>()->exprs;
  std::vector<std::string> names;
  for (const Field& field : project.schema.fields) names.push_back(field.name);
  auto shift = static_cast<int32_t>(exprs.size());
  for (size_t i = 0; i < inner.relation->schema.size(); ++i) {
    exprs.push_back(ColumnOf(inner.relation, static_cast<int32_t>(i)));
    names.push_back(fmt::format("$c{}", i));
  }
  inner.relation = ProjectRelationOf(inner.relation, std::move(exprs), names);
  for (BoundExpr& condition : inner.conditions) condition = ShiftInner(condition, shift);
}

}  // namespace

Result<Block> QueryBinder::BindLateralQuery(const Block& left, const Lateral& right, const TableAlias* alias,
                                            bool left_outer, const Scope* outer) {
  const auto& derived = static_cast<const DerivedTable&>(*right.table);
  MR_ASSIGN(RelationPtr query, Bind(*derived.query, &left.scope));
  std::vector<std::string> names;
  for (const Field& field : query->schema.fields) names.push_back(field.name);
  if (alias != nullptr && alias->columns) {
    if (alias->columns->size() != names.size())
      return ValidationError("List of column aliases must have same degree as table", alias->alias->range);
    for (size_t i = 0; i < names.size(); ++i) names[i] = PathOf(*(*alias->columns)[i]).back();
  }
  JoinKind kind = left_outer ? JoinKind::kLeft : JoinKind::kInner;
  Schema schema = JoinSchema(left.relation->schema, query->schema, kind);
  Block result;
  result.scope = left.scope;
  result.scope.outer = outer;
  std::vector<std::string> qualifier;
  if (alias != nullptr) qualifier = {PathOf(*alias->alias).back()};
  size_t width = left.relation->schema.size();
  for (size_t i = 0; i < names.size(); ++i)
    result.scope.columns.push_back({qualifier, names[i], schema[width + i].type, -1});
  // A sort by what is no column of the result has a projection above it.
  bool hidden = query->As<ProjectRelation>() != nullptr && query->inputs[0]->As<SortRelation>() != nullptr;
  const Relation& top = hidden ? *query->inputs[0] : *query;
  const auto* sort = top.As<SortRelation>();
  bool ranked = sort != nullptr && IsPlainInput(*top.inputs[0]);
  auto inner = Decorrelate(ranked ? top.inputs[0] : query, right.range);
  RelationPtr rows = inner.ok() ? inner->relation : nullptr;
  if (rows && ranked && !inner->conditions.empty()) {
    rows = RankOf(*sort, *inner);
    if (rows && hidden) {
      inner->relation = rows;
      ProjectRank(*query, *inner);
      rows = inner->relation;
    }
  } else if (rows && ranked) {
    rows = query;
  }
  if (!rows) {
    Error error = inner.ok() ? NoPlan(right.range) : inner.error();
    result.relation = MakeRelation(RefusedRelation{std::move(error)}, {left.relation}, std::move(schema));
    return result;
  }
  std::vector<BoundExpr> conditions;
  for (const BoundExpr& condition : inner->conditions)
    conditions.push_back(AsJoinCondition(condition, static_cast<int32_t>(width)));
  Schema joined = JoinSchema(left.relation->schema, rows->schema, kind);
  RelationPtr join = MakeRelation(JoinRelation{kind, functions::MakeAnd(std::move(conditions)), -1, -1},
                                  {left.relation, rows}, std::move(joined));
  std::vector<BoundExpr> kept;
  std::vector<std::string> kept_names;
  for (size_t i = 0; i < schema.size(); ++i) {  // without the columns that only conditions read
    kept.push_back(ColumnOf(join, static_cast<int32_t>(i)));
    kept_names.push_back(schema[i].name);
  }
  result.relation = ProjectRelationOf(join, std::move(kept), kept_names);
  return result;
}

}  // namespace millrace::sql
