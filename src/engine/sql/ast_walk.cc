#include "engine/sql/ast_walk.h"

namespace millrace::sql {
namespace {

void VisitOrder(const std::vector<OrderItem>& items, const std::function<void(const Expr&)>& visit) {
  for (const OrderItem& item : items) visit(*item.expr);
}

void VisitAll(const std::vector<ExprPtr>& exprs, const std::function<void(const Expr&)>& visit) {
  for (const ExprPtr& expr : exprs) {
    if (expr) visit(*expr);
  }
}

}  // namespace

void ForEachOperand(const Expr& expr, const std::function<void(const Expr&)>& visit) {
  if (const auto* call = As<Call>(expr)) {
    VisitAll(call->operands, visit);
    VisitOrder(call->order_by, visit);
    VisitOrder(call->within_group, visit);
    if (call->filter) visit(*call->filter);
  } else if (const auto* branch = As<Case>(expr)) {
    for (const Case::Branch& b : branch->branches) {
      visit(*b.when);
      visit(*b.then);
    }
    if (branch->otherwise) visit(*branch->otherwise);
  } else if (const auto* cast = As<Cast>(expr)) {
    visit(*cast->operand);
  } else if (const auto* json = As<JsonCall>(expr)) {
    VisitAll(json->operands, visit);
    VisitOrder(json->order_by, visit);
    VisitOrder(json->within_group, visit);
    if (json->on_empty && json->on_empty->default_value) visit(*json->on_empty->default_value);
    if (json->on_error && json->on_error->default_value) visit(*json->on_error->default_value);
  } else if (const auto* list = As<ExprList>(expr)) {
    VisitAll(list->items, visit);
  }
}

void WalkExpr(const Expr& expr, const std::function<bool(const Expr&)>& visit) {
  if (!visit(expr)) return;
  ForEachOperand(expr, [&](const Expr& child) { WalkExpr(child, visit); });
}

}  // namespace millrace::sql
