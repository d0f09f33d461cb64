// Bounds of columns.
#include "engine/plan/column_bounds.h"

#include <algorithm>

namespace millrace::plan {

using functions::Expr;
using functions::ExprKind;
using functions::ExprPtr;

namespace {

// The number that a literal is.
std::optional<double> NumberOf(const Expr& expr) {
  if (expr.kind == ExprKind::kCast) return NumberOf(*expr.args[0]);
  if (expr.kind != ExprKind::kLiteral || expr.literal.IsNull()) return std::nullopt;
  if (expr.type.IsInteger()) return static_cast<double>(expr.literal.AsInt());
  if (expr.type.Is(TypeKind::kDouble)) return expr.literal.AsDouble();
  return std::nullopt;
}

bool IsColumn(const Expr& expr, int32_t column) {
  return expr.kind == ExprKind::kCast ? IsColumn(*expr.args[0], column)
                                      : expr.kind == ExprKind::kColumn && expr.index == column;
}

void Narrow(ColumnBounds& bounds, std::optional<double> lower, std::optional<double> upper) {
  if (lower) bounds.lower = bounds.lower ? std::max(*bounds.lower, *lower) : *lower;
  if (upper) bounds.upper = bounds.upper ? std::min(*bounds.upper, *upper) : *upper;
}

// What a condition that holds says about a column.
void NarrowBy(const Expr& condition, int32_t column, ColumnBounds& bounds) {
  if (condition.kind == ExprKind::kAnd) {
    for (const ExprPtr& arg : condition.args) NarrowBy(*arg, column, bounds);
    return;
  }
  if (condition.kind != ExprKind::kCall) return;
  std::string_view name = condition.function->name;
  if (name == "IS TRUE") return NarrowBy(*condition.args[0], column, bounds);
  if (condition.args.size() != 2) return;
  bool forward = IsColumn(*condition.args[0], column);
  bool backward = IsColumn(*condition.args[1], column);
  if (forward == backward) return;
  std::optional<double> number = NumberOf(*condition.args[forward ? 1 : 0]);
  if (!number) return;
  bool more = name == ">" || name == ">=";
  bool less = name == "<" || name == "<=";
  if (name == "=") Narrow(bounds, number, number);
  if (forward ? more : less) Narrow(bounds, number, std::nullopt);
  if (forward ? less : more) Narrow(bounds, std::nullopt, number);
}

ColumnBounds Union(const ColumnBounds& a, const ColumnBounds& b) {
  ColumnBounds result;
  if (a.lower && b.lower) result.lower = std::min(*a.lower, *b.lower);
  if (a.upper && b.upper) result.upper = std::max(*a.upper, *b.upper);
  return result;
}

// Of an expression over `input`, given that the condition (null: none) holds.
ColumnBounds OfExpr(const Expr& expr, const PhysicalNode& input, const Expr* condition) {
  if (expr.kind == ExprKind::kColumn) {
    ColumnBounds bounds = BoundsOf(input, expr.index);
    if (condition != nullptr) NarrowBy(*condition, expr.index, bounds);
    return bounds;
  }
  if (std::optional<double> number = NumberOf(expr)) return {number, number};
  if (expr.kind != ExprKind::kCase) return {};
  std::optional<ColumnBounds> all;
  for (size_t i = 0; i < expr.args.size(); ++i) {
    if (i % 2 == 0 && i + 1 != expr.args.size()) continue;
    ColumnBounds one = OfExpr(*expr.args[i], input, nullptr);
    all = all ? Union(*all, one) : one;
  }
  return all.value_or(ColumnBounds{});
}

ColumnBounds OfCall(const AggregateCall& call, const PhysicalNode& input) {
  if (call.function->name == "COUNT") return {0.0, std::nullopt};
  if (call.function->name != "SUM" || call.args.empty()) return {};
  ColumnBounds bounds = BoundsOf(input, call.args[0]);
  if (bounds.lower && *bounds.lower >= 0) return {bounds.lower, std::nullopt};
  if (!bounds.lower && bounds.upper && *bounds.upper <= 0) return {std::nullopt, bounds.upper};
  return {};
}

}  // namespace

ColumnBounds BoundsOf(const PhysicalNode& node, int32_t column, int32_t filter) {
  auto at = static_cast<size_t>(column);
  if (const auto* calc = std::get_if<CalcSpec>(&node.spec)) {
    const PhysicalNode& input = *node.inputs[0].node;
    const Expr& expr = *calc->projection[at];
    ColumnBounds bounds = OfExpr(expr, input, calc->condition.get());
    if (filter >= 0 && expr.kind == ExprKind::kColumn)
      NarrowBy(*calc->projection[static_cast<size_t>(filter)], expr.index, bounds);
    return bounds;
  }
  if (const auto* aggregate = std::get_if<GroupAggregateSpec>(&node.spec)) {
    const PhysicalNode& input = *node.inputs[0].node;
    if (at < aggregate->keys.size()) return BoundsOf(input, aggregate->keys[at]);
    return OfCall(aggregate->aggregates[at - aggregate->keys.size()], input);
  }
  if (std::holds_alternative<WatermarkSpec>(node.spec) || std::holds_alternative<DropUpdateBeforeSpec>(node.spec) ||
      std::holds_alternative<ChangelogNormalizeSpec>(node.spec)) {
    return BoundsOf(*node.inputs[0].node, column);
  }
  if (std::holds_alternative<JoinSpec>(node.spec)) {
    auto left = static_cast<int32_t>(node.inputs[0].node->output.size());
    return column < left ? BoundsOf(*node.inputs[0].node, column) : BoundsOf(*node.inputs[1].node, column - left);
  }
  return {};
}

}  // namespace millrace::plan
