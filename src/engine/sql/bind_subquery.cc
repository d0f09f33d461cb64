// Sub-queries become joins: EXISTS and IN semi joins, NOT EXISTS and NOT IN anti joins, scalar ones left joins.
#include <fmt/format.h>

#include <algorithm>

#include "engine/sql/ast_walk.h"
#include "engine/sql/query_binder.h"

namespace millrace::sql {
namespace {

using functions::Expr;
using functions::ExprKind;

bool HasOuter(const Expr& expr) {
  if (expr.kind == ExprKind::kOuterColumn) return true;
  for (const BoundExpr& arg : expr.args) {
    if (HasOuter(*arg)) return true;
  }
  return false;
}

// Columns renumbered by `map`; outer columns stay.
BoundExpr Renumber(const BoundExpr& expr, const std::vector<int32_t>& map) {
  if (expr->kind == ExprKind::kColumn) return functions::MakeColumn(map[static_cast<size_t>(expr->index)], expr->type);
  if (expr->args.empty()) return expr;
  auto copy = std::make_shared<Expr>(*expr);
  for (BoundExpr& arg : copy->args) arg = Renumber(arg, map);
  return copy;
}

bool AnyOuter(const std::vector<BoundExpr>& exprs) {
  for (const BoundExpr& expr : exprs) {
    if (HasOuter(*expr)) return true;
  }
  return false;
}

void SplitBound(const BoundExpr& expr, std::vector<BoundExpr>& out) {
  if (expr->kind == ExprKind::kAnd) {
    out.insert(out.end(), expr->args.begin(), expr->args.end());
  } else {
    out.push_back(expr);
  }
}

std::vector<int32_t> ColumnsIn(const std::vector<BoundExpr>& conditions, size_t width) {
  std::vector<bool> used(width, false);
  for (const BoundExpr& condition : conditions) functions::CollectColumns(*condition, used);
  std::vector<int32_t> columns;
  for (size_t i = 0; i < width; ++i) {
    if (used[i]) columns.push_back(static_cast<int32_t>(i));
  }
  return columns;
}

Error NotDecorrelated(SourceRange range) {
  return UnsupportedError("this correlated sub-query (names of the outer query may stand in its WHERE conditions)",
                          range);
}

Result<Decorrelated> ThroughProject(const Relation& project, SourceRange range) {
  std::vector<BoundExpr> exprs = project.As<ProjectRelation>()->exprs;
  if (AnyOuter(exprs)) return NotDecorrelated(range);
  MR_ASSIGN(Decorrelated inner, Decorrelate(project.inputs[0], range));
  std::vector<std::string> names;
  for (const Field& field : project.schema.fields) names.push_back(field.name);
  std::vector<int32_t> map(inner.relation->schema.size(), 0);
  for (int32_t column : ColumnsIn(inner.conditions, map.size())) {
    map[static_cast<size_t>(column)] = static_cast<int32_t>(exprs.size());
    names.push_back(fmt::format("$c{}", exprs.size()));
    exprs.push_back(ColumnOf(inner.relation, column));
  }
  Decorrelated result;
  result.relation = ProjectRelationOf(inner.relation, std::move(exprs), names);
  for (const BoundExpr& condition : inner.conditions) result.conditions.push_back(Renumber(condition, map));
  return result;
}

// The columns that conditions need become keys of the aggregate; equality on them makes each group one outer row's.
Result<Decorrelated> ThroughAggregate(const Relation& relation, SourceRange range) {
  AggregateRelation aggregate = *relation.As<AggregateRelation>();
  MR_ASSIGN(Decorrelated inner, Decorrelate(relation.inputs[0], range));
  if (inner.conditions.empty()) {
    return Decorrelated{MakeRelation(aggregate, {inner.relation}, relation.schema), {}};
  }
  if (aggregate.group_window || !aggregate.grouping_sets.empty()) return NotDecorrelated(range);
  size_t old_keys = aggregate.keys.size();
  std::vector<int32_t> map(inner.relation->schema.size(), 0);
  Schema schema;
  schema.fields.assign(relation.schema.fields.begin(),
                       relation.schema.fields.begin() + static_cast<ptrdiff_t>(old_keys));
  std::vector<int32_t> added;
  for (int32_t column : ColumnsIn(inner.conditions, map.size())) {
    map[static_cast<size_t>(column)] = static_cast<int32_t>(relation.schema.size() + added.size());
    added.push_back(column);
    aggregate.keys.push_back(column);
    schema.fields.push_back(
        {fmt::format("$k{}", column), inner.relation->schema[static_cast<size_t>(column)].type, ""});
  }
  schema.fields.insert(schema.fields.end(), relation.schema.fields.begin() + static_cast<ptrdiff_t>(old_keys),
                       relation.schema.fields.end());
  RelationPtr grouped = MakeRelation(std::move(aggregate), {inner.relation}, std::move(schema));
  std::vector<BoundExpr> exprs;
  std::vector<std::string> names;
  for (size_t i = 0; i < relation.schema.size(); ++i) {
    size_t from = i < old_keys ? i : i + added.size();
    exprs.push_back(ColumnOf(grouped, static_cast<int32_t>(from)));
    names.push_back(relation.schema[i].name);
  }
  for (size_t i = 0; i < added.size(); ++i) {
    exprs.push_back(ColumnOf(grouped, static_cast<int32_t>(old_keys + i)));
    names.push_back(fmt::format("$k{}", i));
  }
  Decorrelated result;
  result.relation = ProjectRelationOf(grouped, std::move(exprs), names);
  for (const BoundExpr& condition : inner.conditions) result.conditions.push_back(Renumber(condition, map));
  return result;
}

// Conditions of a side go above the join where that side's rows are all kept, or neither side's are. What they read
// beyond the side's own columns comes last in the result.
Result<Decorrelated> ThroughJoin(const Relation& relation, SourceRange range) {
  JoinRelation join = *relation.As<JoinRelation>();
  if (HasOuter(*join.condition)) return NotDecorrelated(range);
  bool only_left = join.kind == JoinKind::kSemi || join.kind == JoinKind::kAnti;
  bool keeps_left = only_left || join.kind == JoinKind::kInner || join.kind == JoinKind::kLeft;
  MR_ASSIGN(Decorrelated left, Decorrelate(relation.inputs[0], range));
  MR_ASSIGN(Decorrelated right, Decorrelate(relation.inputs[1], range));
  if (left.conditions.empty() && right.conditions.empty())
    return Decorrelated{MakeRelation(join, {left.relation, right.relation}, relation.schema), {}};
  if ((!left.conditions.empty() && !keeps_left) || (!right.conditions.empty() && join.kind != JoinKind::kInner))
    return NotDecorrelated(range);
  size_t left_width = relation.inputs[0]->schema.size();
  size_t right_width = relation.inputs[1]->schema.size();
  auto shift = static_cast<int32_t>(left.relation->schema.size());
  std::vector<int32_t> map;  // the join's old columns among the new ones
  for (size_t i = 0; i < left_width; ++i) map.push_back(static_cast<int32_t>(i));
  for (size_t i = 0; i < right_width; ++i) map.push_back(static_cast<int32_t>(i) + shift);
  join.condition = Renumber(join.condition, map);
  Schema wide = JoinSchema(left.relation->schema, only_left ? Schema{} : right.relation->schema, join.kind);
  RelationPtr joined = MakeRelation(std::move(join), {left.relation, right.relation}, std::move(wide));
  if (only_left) return Decorrelated{joined, left.conditions};
  std::vector<int32_t> order = map;
  for (int32_t i = 0; i < static_cast<int32_t>(joined->schema.size()); ++i) {
    if (std::find(map.begin(), map.end(), i) == map.end()) order.push_back(i);
  }
  std::vector<BoundExpr> exprs;
  std::vector<std::string> names;
  std::vector<int32_t> place(order.size());
  for (size_t i = 0; i < order.size(); ++i) {
    place[static_cast<size_t>(order[i])] = static_cast<int32_t>(i);
    exprs.push_back(ColumnOf(joined, order[i]));
    names.push_back(i < relation.schema.size() ? relation.schema[i].name : fmt::format("$c{}", i));
  }
  std::vector<int32_t> right_place(place.begin() + shift, place.end());
  Decorrelated result;
  result.relation = ProjectRelationOf(joined, std::move(exprs), names);
  for (const BoundExpr& condition : left.conditions) result.conditions.push_back(Renumber(condition, place));
  for (const BoundExpr& condition : right.conditions) result.conditions.push_back(Renumber(condition, right_place));
  return result;
}

// Whether anything at or below refers to an outer column.
bool MentionsOuter(const Relation& relation) {
  if (const auto* project = relation.As<ProjectRelation>(); project != nullptr && AnyOuter(project->exprs)) return true;
  if (const auto* filter = relation.As<FilterRelation>(); filter != nullptr && HasOuter(*filter->condition))
    return true;
  if (const auto* join = relation.As<JoinRelation>(); join != nullptr && HasOuter(*join->condition)) return true;
  if (const auto* correlate = relation.As<CorrelateRelation>(); correlate != nullptr && AnyOuter(correlate->arguments))
    return true;
  for (const RelationPtr& input : relation.inputs) {
    if (MentionsOuter(*input)) return true;
  }
  return false;
}

// At most one row whatever the input: a global aggregate, or a projection of one.
bool GivesOneRow(const Relation& relation) {
  if (const auto* aggregate = relation.As<AggregateRelation>())
    return aggregate->keys.empty() && aggregate->grouping_sets.empty();
  if (const auto* values = relation.As<ValuesRelation>()) return values->rows.size() <= 1;
  if (relation.As<ProjectRelation>() != nullptr) return GivesOneRow(*relation.inputs[0]);
  return false;
}

// The only row of the query, or a failure at run time when there are more.
Result<RelationPtr> SingleValue(const RelationPtr& query, SourceRange range) {
  functions::AggregateCall call;
  call.function = functions::FindAggregateFunction("SINGLE_VALUE");
  if (call.function == nullptr) return UnsupportedError("a scalar sub-query that may give several rows", range);
  call.args = {0};
  call.arg_types = {query->schema[0].type};
  call.literals = {Value::Null()};
  call.type = query->schema[0].type.Nullable();
  call.name = "EXPR$0";
  AggregateRelation aggregate;
  aggregate.calls = {call};
  return MakeRelation(std::move(aggregate), {query}, Schema{{{"EXPR$0", call.type, ""}}});
}

Schema Joined(const Schema& left, const Schema& right, bool right_nullable) {
  Schema schema = left;
  for (Field field : right.fields) {
    if (right_nullable) field.type = field.type.Nullable();
    field.name = fmt::format("{}$q{}", field.name, schema.size());
    schema.fields.push_back(std::move(field));
  }
  return schema;
}

}  // namespace

BoundExpr AsJoinCondition(const BoundExpr& expr, int32_t left_width) {
  if (expr->kind == ExprKind::kOuterColumn) return functions::MakeColumn(expr->index, expr->type);
  if (expr->kind == ExprKind::kColumn) return functions::MakeColumn(expr->index + left_width, expr->type);
  if (expr->args.empty()) return expr;
  auto copy = std::make_shared<functions::Expr>(*expr);
  for (BoundExpr& arg : copy->args) arg = AsJoinCondition(arg, left_width);
  return copy;
}

Result<Decorrelated> Decorrelate(const RelationPtr& relation, SourceRange range) {
  if (!MentionsOuter(*relation)) return Decorrelated{relation, {}};
  if (const auto* filter = relation->As<FilterRelation>()) {
    MR_ASSIGN(Decorrelated inner, Decorrelate(relation->inputs[0], range));
    std::vector<BoundExpr> conjuncts;
    SplitBound(filter->condition, conjuncts);
    std::vector<BoundExpr> kept;
    for (BoundExpr& conjunct : conjuncts) {
      (HasOuter(*conjunct) ? inner.conditions : kept).push_back(std::move(conjunct));
    }
    if (!kept.empty()) {
      Schema schema = inner.relation->schema;
      inner.relation =
          MakeRelation(FilterRelation{functions::MakeAnd(std::move(kept))}, {inner.relation}, std::move(schema));
    }
    return inner;
  }
  if (relation->As<ProjectRelation>() != nullptr) return ThroughProject(*relation, range);
  if (relation->As<AggregateRelation>() != nullptr) return ThroughAggregate(*relation, range);
  if (relation->As<JoinRelation>() != nullptr) return ThroughJoin(*relation, range);
  return NotDecorrelated(range);
}

Status QueryBinder::BindScalarSubqueries(const sql::Expr& expr, Block& block, ExprScope& scope) {
  std::vector<const Subquery*> found;
  std::vector<const Call*> tests;
  WalkExpr(expr, [&](const sql::Expr& node) {
    if (IsSubqueryTest(node)) {
      tests.push_back(static_cast<const Call*>(&node));
      return false;
    }
    if (const auto* subquery = As<Subquery>(node)) found.push_back(subquery);
    return true;
  });
  for (const Call* test : tests) MR_RETURN_IF_ERROR(BindSubqueryTest(*test, block, scope));
  for (const Subquery* subquery : found) {
    MR_ASSIGN(RelationPtr query, Bind(*subquery->query, scope.scope));
    if (query->schema.size() != 1)
      return ValidationError("a scalar sub-query must give exactly one column", subquery->range);
    MR_ASSIGN(Decorrelated inner, Decorrelate(query, subquery->range));
    if (scope.keys != nullptr && !inner.conditions.empty()) {
      return UnsupportedError("a correlated sub-query beside aggregates", subquery->range);
    }
    bool one_row = GivesOneRow(*query);
    if (!one_row && !inner.conditions.empty()) return NotDecorrelated(subquery->range);
    if (!one_row) {
      MR_ASSIGN(inner.relation, SingleValue(inner.relation, subquery->range));
    }
    auto width = static_cast<int32_t>(block.relation->schema.size());
    std::vector<BoundExpr> conditions;
    for (const BoundExpr& condition : inner.conditions) conditions.push_back(AsJoinCondition(condition, width));
    Schema schema = Joined(block.relation->schema, inner.relation->schema, true);
    block.relation = MakeRelation(JoinRelation{JoinKind::kLeft, functions::MakeAnd(std::move(conditions)), -1, -1},
                                  {block.relation, inner.relation}, std::move(schema));
    scope.replaced[subquery] = ColumnOf(block.relation, width);
  }
  return Status::Ok();
}

RelationPtr RowsOnly(RelationPtr query) {
  while (query->As<ProjectRelation>() != nullptr || query->As<OverRelation>() != nullptr) query = query->inputs[0];
  return query;
}

bool IsSubqueryTest(const sql::Expr& expr) {
  const auto* call = As<Call>(expr);
  if (call == nullptr) return false;
  bool test = call->op == Op::kExists || call->op == Op::kIn || call->op == Op::kNotIn || call->op == Op::kSomeEquals;
  return test && As<Subquery>(call->operands.back().get()) != nullptr;
}

std::vector<const sql::Expr*> ValuesOfTest(const Call& call) {
  if (call.op == Op::kExists) return {};
  const auto* row = As<Call>(call.operands[0].get());
  if (row == nullptr || row->op != Op::kRow) return {call.operands[0].get()};
  std::vector<const sql::Expr*> values;
  for (const ExprPtr& operand : row->operands) values.push_back(operand.get());
  return values;
}

Result<bool> QueryBinder::BindSubqueryCondition(const sql::Expr& condition, bool negated, Block& block,
                                                ExprScope& scope) {
  const auto* call = As<Call>(condition);
  while (call != nullptr && call->op == Op::kNot) {
    negated = !negated;
    call = As<Call>(call->operands[0].get());
  }
  if (call == nullptr || !IsSubqueryTest(*call)) return false;
  const auto* subquery = As<Subquery>(call->operands.back().get());
  if (call->op == Op::kNotIn) negated = !negated;
  std::vector<const sql::Expr*> values = ValuesOfTest(*call);
  for (const sql::Expr* value : values) MR_RETURN_IF_ERROR(BindScalarSubqueries(*value, block, scope));
  MR_ASSIGN(RelationPtr query, Bind(*subquery->query, scope.scope));
  if (call->op == Op::kExists) query = RowsOnly(query);
  MR_ASSIGN(Decorrelated inner, Decorrelate(query, subquery->range));
  if (scope.keys != nullptr && !inner.conditions.empty())
    return UnsupportedError("a correlated sub-query in HAVING", subquery->range);
  auto width = static_cast<int32_t>(block.relation->schema.size());
  std::vector<BoundExpr> conditions;
  if (call->op != Op::kExists) {
    if (values.size() != query->schema.size()) {
      return ValidationError(fmt::format("IN compares {} values with {} columns", values.size(), query->schema.size()),
                             call->range);
    }
    for (size_t i = 0; i < values.size(); ++i) {
      MR_ASSIGN(BoundExpr value, BindExpr(*values[i], scope));
      BoundExpr column = functions::MakeColumn(width + static_cast<int32_t>(i), inner.relation->schema[i].type);
      MR_ASSIGN(BoundExpr equal, BindNamedCall("=", {value, column}, call->range));
      if (negated && equal->type.nullable()) {  // NOT IN: an unknown comparison refuses the row
        MR_ASSIGN(BoundExpr unknown, BindNamedCall("IS NULL", {equal}, call->range));
        auto either = std::make_shared<functions::Expr>();
        either->kind = ExprKind::kOr;
        either->type = DataType::Boolean();
        either->args = {equal, unknown};
        equal = either;
      }
      conditions.push_back(std::move(equal));
    }
  }
  for (const BoundExpr& inner_condition : inner.conditions)
    conditions.push_back(AsJoinCondition(inner_condition, width));
  Schema schema = block.relation->schema;
  block.relation = MakeRelation(
      JoinRelation{negated ? JoinKind::kAnti : JoinKind::kSemi, functions::MakeAnd(std::move(conditions)), -1, -1},
      {block.relation, inner.relation}, std::move(schema));
  return true;
}

}  // namespace millrace::sql
