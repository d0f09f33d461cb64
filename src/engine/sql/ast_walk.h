// Walking over expressions of the syntax tree.
#pragma once

#include <functional>

#include "engine/sql/ast.h"

namespace millrace::sql {

// Calls `visit` with each direct operand of an expression: operands, filter, orders, branches. Does not enter
// sub-queries or OVER windows.
void ForEachOperand(const Expr& expr, const std::function<void(const Expr&)>& visit);
// Calls `visit` with `expr` and everything below; goes below a node only if `visit` returns true.
void WalkExpr(const Expr& expr, const std::function<bool(const Expr&)>& visit);

}  // namespace millrace::sql
