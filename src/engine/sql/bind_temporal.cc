// JOIN t FOR SYSTEM_TIME AS OF x.time: temporal and lookup joins, and what Flink's validator asks of them.
#include <fmt/format.h>

#include "engine/sql/query_binder.h"

namespace millrace::sql {
namespace {

// The column of the left input that the period names. Flink takes a time attribute of the left table, and nothing else.
Result<int32_t> PeriodColumn(const Expr& period, const ExprScope& left) {
  MR_ASSIGN(BoundExpr bound, BindExpr(period, left));
  if (!bound->type.IsTimestampLike()) {
    return ValidationError(
        fmt::format("The system time period specification expects Timestamp type but is '{}'", bound->type.ToString()),
        period.range);
  }
  if (bound->kind == functions::ExprKind::kColumn && bound->type.IsTimeAttribute()) return bound->index;
  return ValidationError(
      "Temporal table join currently only supports 'FOR SYSTEM_TIME AS OF' left table's time attribute field",
      period.range, "name a column of the left table that has a WATERMARK, or one that is PROCTIME()");
}

}  // namespace

Result<Block> QueryBinder::BindTemporalJoin(const Block& left, const TableRef& right, const Join& join,
                                            const Scope* outer) {
  const TableAlias* alias = nullptr;
  const auto* snapshot = As<Snapshot>(Unaliased(right, &alias));
  MR_ASSIGN(Block table, BindFrom(*snapshot->table, outer));
  if (alias != nullptr) {
    for (ScopeColumn& column : table.scope.columns) column.qualifier = {PathOf(*alias->alias).back()};
  }
  TemporalRelation temporal;
  temporal.kind = JoinKindOf(join.type);
  temporal.range = join.range;
  if (temporal.kind == JoinKind::kRight || temporal.kind == JoinKind::kFull) {
    return ValidationError(
        fmt::format("Unknown join type {}: a table FOR SYSTEM_TIME AS OF can be joined by INNER and LEFT JOIN only",
                    temporal.kind == JoinKind::kRight ? "RIGHT" : "FULL"),
        join.range, "write LEFT JOIN");
  }
  ExprScope scope;
  scope.context = &context_;
  scope.scope = &left.scope;
  MR_ASSIGN(temporal.time_column, PeriodColumn(*snapshot->period, scope));
  Block result;
  result.scope = JoinScopes(left.scope, table.scope);
  result.scope.outer = outer;
  scope.scope = &result.scope;
  temporal.condition = functions::MakeAnd({});
  if (join.on) {
    MR_ASSIGN(temporal.condition, BindCondition(*join.on, scope, "ON clause"));
  }
  Schema schema = JoinSchema(left.relation->schema, table.relation->schema, temporal.kind);
  for (size_t i = 0; i < result.scope.columns.size(); ++i) result.scope.columns[i].type = schema[i].type;
  result.relation = MakeRelation(std::move(temporal), {left.relation, table.relation}, std::move(schema));
  return result;
}

}  // namespace millrace::sql
