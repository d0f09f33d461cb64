// Binds expressions of the syntax tree within a query block.
#pragma once

#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/sql/binder.h"
#include "engine/sql/scope.h"

namespace millrace::sql {

// Above an aggregate: which expressions of its input may still be written, and the columns they have become.
struct GroupKeys {
  std::vector<BoundExpr> exprs;  // over the aggregate's input
  std::vector<int32_t> columns;  // in the aggregate's output
  std::vector<DataType> types;   // there
};

// Where an expression is bound. Nodes that the query block has computed beforehand (aggregates, OVER calls,
// sub-queries) are in `replaced`. With `keys` set, `scope` is that of the aggregate's input, and what is not replaced
// must be made of keys.
struct ExprScope {
  const BindContext* context = nullptr;
  const Scope* scope = nullptr;
  std::unordered_map<const Node*, BoundExpr> replaced;
  const GroupKeys* keys = nullptr;
};

Result<BoundExpr> BindExpr(const Expr& expr, const ExprScope& scope);
// The same, and it must be BOOLEAN; `clause` names the place for the message ("WHERE clause").
Result<BoundExpr> BindCondition(const Expr& expr, const ExprScope& scope, std::string_view clause);
Result<BoundExpr> BindLiteral(const Literal& literal);
// Milliseconds or months of an INTERVAL literal.
Result<Value> IntervalValue(const Literal& literal);
// A call of a built-in by name with bound arguments; inserts the casts that the function asks for.
Result<BoundExpr> BindNamedCall(std::string_view name, std::vector<BoundExpr> args, SourceRange range);
Result<BoundExpr> BindCallOf(const functions::ScalarFunction& function, std::string_view name,
                             std::vector<BoundExpr> args, SourceRange range);
// JSON_VALUE and its kin.
Result<BoundExpr> BindJsonCall(const JsonCall& call, const ExprScope& scope);
// Operators and special forms, with bound operands where that is all there is to it.
Result<BoundExpr> BindOperator(const Call& call, const ExprScope& scope);
// CASE over bound conditions and results (condition, result, …, else): common type, casts.
Result<BoundExpr> MakeCase(std::vector<BoundExpr> args, SourceRange range);

// Whether the call is of an aggregate function (without OVER), by its name.
bool IsAggregateCall(const Expr& expr, const BindContext& context);

inline Error ValidationError(std::string message, SourceRange range, std::string hint = {}) {
  return UserError("sql.validate", std::move(message), std::move(hint), range);
}
inline Error UnsupportedError(std::string message, SourceRange range) {
  return UserError("sql.unsupported", std::move(message), "this part of Flink SQL is not there yet", range);
}

}  // namespace millrace::sql
