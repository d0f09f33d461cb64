// IN and EXISTS with a sub-query where a plain value stands (below OR, in CASE, in SELECT): the sub-query's rows are
// counted and joined to the outer rows, and the test reads the counts.
#include <fmt/format.h>

#include "engine/sql/query_binder.h"

namespace millrace::sql {
namespace {

using functions::ExprKind;

bool Mentions(const functions::Expr& expr, ExprKind kind) {
  if (expr.kind == kind) return true;
  for (const BoundExpr& arg : expr.args) {
    if (Mentions(*arg, kind)) return true;
  }
  return false;
}

// inner = outer: the two sides of a condition by which rows of the sub-query belong to one outer row.
struct Correlation {
  BoundExpr inner;
  BoundExpr outer;
};

Result<std::vector<Correlation>> CorrelationsOf(const std::vector<BoundExpr>& conditions, SourceRange range) {
  std::vector<Correlation> result;
  for (const BoundExpr& condition : conditions) {
    bool equal = condition->kind == ExprKind::kCall && condition->function->name == "=" && condition->args.size() == 2;
    if (!equal) {
      return UnsupportedError("a correlated sub-query in this position that compares with anything but =", range);
    }
    BoundExpr a = condition->args[0];
    BoundExpr b = condition->args[1];
    if (Mentions(*a, ExprKind::kOuterColumn)) std::swap(a, b);
    if (Mentions(*a, ExprKind::kOuterColumn) || Mentions(*b, ExprKind::kColumn))
      return UnsupportedError("a correlated sub-query whose condition mixes inner and outer columns", range);
    result.push_back({a, b});
  }
  return result;
}

functions::AggregateCall CountCall(std::vector<int32_t> args, const Schema& input, std::string name) {
  functions::AggregateCall call;
  call.function = functions::FindAggregateFunction("COUNT");
  for (int32_t arg : args) call.arg_types.push_back(input[static_cast<size_t>(arg)].type);
  call.literals.assign(args.size(), Value::Null());
  call.args = std::move(args);
  call.type = DataType::Bigint().NotNull();
  call.name = std::move(name);
  return call;
}

// The sub-query as columns: first the inner sides of its correlations, then the columns that IN compares with.
struct Keyed {
  RelationPtr relation;
  size_t correlations = 0;
  size_t values = 0;
};

Keyed KeyedRows(const Decorrelated& inner, const std::vector<Correlation>& correlations, size_t values) {
  std::vector<BoundExpr> exprs;
  std::vector<std::string> names;
  for (const Correlation& correlation : correlations) exprs.push_back(correlation.inner);
  for (size_t i = 0; i < values; ++i) exprs.push_back(ColumnOf(inner.relation, static_cast<int32_t>(i)));
  if (exprs.empty()) exprs.push_back(functions::MakeLiteral(Value::Bool(true), DataType::Boolean().NotNull()));
  for (size_t i = 0; i < exprs.size(); ++i) names.push_back(fmt::format("$k{}", i));
  return {ProjectRelationOf(inner.relation, std::move(exprs), names), correlations.size(), values};
}

// Per correlation: how many rows there are, and how many of them have each value.
RelationPtr CountsOf(const Keyed& keyed) {
  AggregateRelation aggregate;
  Schema schema;
  const Schema& input = keyed.relation->schema;
  for (size_t i = 0; i < keyed.correlations; ++i) {
    aggregate.keys.push_back(static_cast<int32_t>(i));
    schema.fields.push_back(input[i]);
  }
  aggregate.calls.push_back(CountCall({}, input, "$c"));
  for (size_t i = 0; i < keyed.values; ++i) {
    auto column = static_cast<int32_t>(keyed.correlations + i);
    aggregate.calls.push_back(CountCall({column}, input, fmt::format("$c{}", i)));
  }
  for (const functions::AggregateCall& call : aggregate.calls) schema.fields.push_back({call.name, call.type, ""});
  return MakeRelation(std::move(aggregate), {keyed.relation}, std::move(schema));
}

// The different rows, and TRUE behind them.
RelationPtr MarkedRows(const Keyed& keyed) {
  AggregateRelation aggregate;
  std::vector<BoundExpr> exprs;
  std::vector<std::string> names;
  for (size_t i = 0; i < keyed.relation->schema.size(); ++i) {
    aggregate.keys.push_back(static_cast<int32_t>(i));
    exprs.push_back(ColumnOf(keyed.relation, static_cast<int32_t>(i)));
    names.push_back(keyed.relation->schema[i].name);
  }
  exprs.push_back(functions::MakeLiteral(Value::Bool(true), DataType::Boolean().NotNull()));
  names.emplace_back("$i");
  Schema schema = keyed.relation->schema;
  RelationPtr distinct = MakeRelation(std::move(aggregate), {keyed.relation}, std::move(schema));
  return ProjectRelationOf(distinct, std::move(exprs), names);
}

// `right` joined to the block on left = right column, pairwise from its first column on. Gives its first column.
Result<int32_t> LeftJoin(Block& block, const RelationPtr& right, const std::vector<BoundExpr>& left,
                         SourceRange range) {
  auto width = static_cast<int32_t>(block.relation->schema.size());
  std::vector<BoundExpr> conditions;
  for (size_t i = 0; i < left.size(); ++i) {
    BoundExpr column = functions::MakeColumn(width + static_cast<int32_t>(i), right->schema[i].type);
    MR_ASSIGN(BoundExpr equal, BindNamedCall("=", {left[i], column}, range));
    conditions.push_back(std::move(equal));
  }
  Schema schema = JoinSchema(block.relation->schema, right->schema, JoinKind::kLeft);
  block.relation = MakeRelation(JoinRelation{JoinKind::kLeft, functions::MakeAnd(std::move(conditions)), -1, -1},
                                {block.relation, right}, std::move(schema));
  return width;
}

BoundExpr Bool(bool value) { return functions::MakeLiteral(Value::Bool(value), DataType::Boolean().NotNull()); }

BoundExpr Either(const BoundExpr& a, const BoundExpr& b) {
  auto either = std::make_shared<functions::Expr>();
  either->kind = ExprKind::kOr;
  either->type = DataType::Boolean().WithNullable(a->type.nullable() || b->type.nullable());
  either->args = {a, b};
  return either;
}

// Whether there are rows of which it is unknown that they hold the value: the value is NULL, or one of theirs is.
Result<BoundExpr> Unknown(const BoundExpr& value, const BoundExpr& count, const BoundExpr& known, SourceRange range) {
  BoundExpr zero = functions::MakeLiteral(Value::Int(0), DataType::Bigint().NotNull());
  MR_ASSIGN(BoundExpr rows, BindNamedCall(">", {count, zero}, range));
  MR_ASSIGN(BoundExpr null_value, BindNamedCall("IS NULL", {value}, range));
  MR_ASSIGN(BoundExpr null_row, BindNamedCall("<", {known, count}, range));
  return functions::MakeAnd({rows, Either(null_value, null_row)});
}

}  // namespace

Status QueryBinder::BindSubqueryTest(const Call& call, Block& block, ExprScope& scope) {
  const auto* subquery = As<Subquery>(call.operands.back().get());
  std::vector<BoundExpr> values;
  for (const Expr* value : ValuesOfTest(call)) {
    MR_RETURN_IF_ERROR(BindScalarSubqueries(*value, block, scope));
    MR_ASSIGN(BoundExpr bound, BindExpr(*value, scope));
    values.push_back(std::move(bound));
  }
  MR_ASSIGN(RelationPtr query, Bind(*subquery->query, scope.scope));
  bool exists = call.op == Op::kExists;
  if (exists) query = RowsOnly(query);
  if (!exists && values.size() != query->schema.size()) {
    return ValidationError(fmt::format("IN compares {} values with {} columns", values.size(), query->schema.size()),
                           call.range);
  }
  MR_ASSIGN(Decorrelated inner, Decorrelate(query, subquery->range));
  if (scope.keys != nullptr && !inner.conditions.empty())
    return UnsupportedError("a correlated sub-query beside aggregates", subquery->range);
  MR_ASSIGN(std::vector<Correlation> correlations, CorrelationsOf(inner.conditions, subquery->range));
  Keyed keyed = KeyedRows(inner, correlations, values.size());
  std::vector<BoundExpr> outer;
  for (const Correlation& correlation : correlations) outer.push_back(AsJoinCondition(correlation.outer, 0));
  MR_ASSIGN(int32_t first, LeftJoin(block, CountsOf(keyed), outer, call.range));
  auto count_at = first + static_cast<int32_t>(correlations.size());
  BoundExpr count = ColumnOf(block.relation, count_at);
  if (exists) {
    BoundExpr zero = functions::MakeLiteral(Value::Int(0), DataType::Bigint().NotNull());
    MR_ASSIGN(BoundExpr some, BindNamedCall(">", {count, zero}, call.range));
    MR_ASSIGN(scope.replaced[&call], MakeCase({some, Bool(true), Bool(false)}, call.range));
    return Status::Ok();
  }
  bool nullable = false;
  for (size_t i = 0; i < values.size(); ++i)
    nullable = nullable || values[i]->type.nullable() || query->schema[i].type.nullable();
  if (nullable && values.size() > 1)
    return UnsupportedError("IN of several values that may be NULL in this position", call.range);
  BoundExpr known = ColumnOf(block.relation, count_at + 1);
  std::vector<BoundExpr> compared = outer;
  compared.insert(compared.end(), values.begin(), values.end());
  MR_ASSIGN(int32_t marked, LeftJoin(block, MarkedRows(keyed), compared, call.range));
  BoundExpr mark = ColumnOf(block.relation, marked + static_cast<int32_t>(compared.size()));
  MR_ASSIGN(BoundExpr found, BindNamedCall("IS NOT NULL", {mark}, call.range));
  std::vector<BoundExpr> branches{found, Bool(true)};
  if (nullable) {
    MR_ASSIGN(BoundExpr unknown, Unknown(values[0], count, known, call.range));
    branches.push_back(std::move(unknown));
    branches.push_back(functions::MakeLiteral(Value::Null(), DataType::Boolean()));
  }
  branches.push_back(Bool(false));
  MR_ASSIGN(BoundExpr test, MakeCase(std::move(branches), call.range));
  if (call.op == Op::kNotIn) {
    MR_ASSIGN(test, BindNamedCall("NOT", {test}, call.range));
  }
  scope.replaced[&call] = test;
  return Status::Ok();
}

}  // namespace millrace::sql
