// Bound expressions: making, comparing, walking and printing the trees.
#include "engine/functions/expression.h"

#include <algorithm>

#include "engine/functions/scalar_function.h"
#include "types/cast.h"

namespace millrace::functions {

ExprPtr MakeColumn(int32_t index, DataType type) {
  auto expr = std::make_shared<Expr>();
  expr->kind = ExprKind::kColumn;
  expr->type = std::move(type);
  expr->index = index;
  return expr;
}

ExprPtr MakeLiteral(Value value, DataType type) {
  auto expr = std::make_shared<Expr>();
  expr->kind = ExprKind::kLiteral;
  expr->type = std::move(type);
  expr->literal = std::move(value);
  return expr;
}

ExprPtr MakeCast(ExprPtr arg, DataType to, bool try_cast) {
  if (arg->type == to) return arg;
  auto expr = std::make_shared<Expr>();
  expr->kind = ExprKind::kCast;
  expr->type = std::move(to);
  expr->try_cast = try_cast;
  expr->range = arg->range;
  expr->args.push_back(std::move(arg));
  return expr;
}

ExprPtr MakeAnd(std::vector<ExprPtr> args) {
  if (args.empty()) return MakeLiteral(Value::Bool(true), DataType::Boolean().NotNull());
  if (args.size() == 1) return args[0];
  auto expr = std::make_shared<Expr>();
  expr->kind = ExprKind::kAnd;
  bool nullable = std::any_of(args.begin(), args.end(), [](const ExprPtr& arg) { return arg->type.nullable(); });
  expr->type = DataType::Boolean().WithNullable(nullable);
  expr->args = std::move(args);
  return expr;
}

ExprPtr MakeCall(const ScalarFunction* function, std::vector<ExprPtr> args, DataType type, SourceRange range) {
  auto expr = std::make_shared<Expr>();
  expr->kind = ExprKind::kCall;
  expr->type = std::move(type);
  expr->function = function;
  expr->args = std::move(args);
  expr->range = range;
  return expr;
}

bool SameExpr(const Expr& a, const Expr& b) {
  if (&a == &b) return true;
  if (a.kind != b.kind || a.index != b.index || a.function != b.function || a.try_cast != b.try_cast ||
      a.args.size() != b.args.size() || !(a.type == b.type) || !(a.literal == b.literal)) {
    return false;
  }
  for (size_t i = 0; i < a.args.size(); ++i) {
    if (!SameExpr(*a.args[i], *b.args[i])) return false;
  }
  return true;
}

bool IsDeterministic(const Expr& expr) {
  if (expr.kind == ExprKind::kCall && !expr.function->deterministic) return false;
  return std::all_of(expr.args.begin(), expr.args.end(), [](const ExprPtr& arg) { return IsDeterministic(*arg); });
}

bool IsConstant(const Expr& expr) {
  if (expr.kind == ExprKind::kColumn || expr.kind == ExprKind::kOuterColumn) return false;
  if (expr.kind == ExprKind::kCall && (!expr.function->deterministic || expr.function->dynamic)) return false;
  return std::all_of(expr.args.begin(), expr.args.end(), [](const ExprPtr& arg) { return IsConstant(*arg); });
}

void CollectColumns(const Expr& expr, std::vector<bool>& used) {
  if (expr.kind == ExprKind::kColumn) {
    auto index = static_cast<size_t>(expr.index);
    if (used.size() <= index) used.resize(index + 1, false);
    used[index] = true;
  }
  for (const ExprPtr& arg : expr.args) CollectColumns(*arg, used);
}

ExprPtr SubstituteColumns(const ExprPtr& expr, const std::vector<ExprPtr>& replacements) {
  if (expr->kind == ExprKind::kColumn) return replacements[static_cast<size_t>(expr->index)];
  if (expr->args.empty()) return expr;
  std::vector<ExprPtr> args;
  bool changed = false;
  for (const ExprPtr& arg : expr->args) {
    args.push_back(SubstituteColumns(arg, replacements));
    changed = changed || args.back() != arg;
  }
  if (!changed) return expr;
  auto copy = std::make_shared<Expr>(*expr);
  copy->args = std::move(args);
  return copy;
}

namespace {

std::string Quoted(std::string_view text, char quote) {
  std::string out(1, quote);
  for (char c : text) {
    if (c == quote) out += quote;
    out += c;
  }
  return out + quote;
}

std::string LiteralText(const Expr& expr) {
  if (expr.literal.IsNull()) {
    return expr.type.Is(TypeKind::kNull) ? "NULL" : "CAST(NULL AS " + expr.type.Nullable().ToString() + ")";
  }
  std::string text = ToText(expr.literal, expr.type);
  switch (expr.type.kind()) {
    case TypeKind::kChar:
    case TypeKind::kVarchar:
      return Quoted(text, '\'');
    case TypeKind::kDate:
      return "DATE '" + text + "'";
    case TypeKind::kTime:
      return "TIME '" + text + "'";
    case TypeKind::kTimestamp:
      return "TIMESTAMP '" + text + "'";
    case TypeKind::kTimestampLtz:
      return "TIMESTAMP_LTZ '" + text + "'";
    case TypeKind::kIntervalYearMonth:
    case TypeKind::kIntervalDayTime:
      return "INTERVAL '" + text + "'";
    case TypeKind::kBinary:
    case TypeKind::kVarbinary: {
      static constexpr char kDigits[] = "0123456789abcdef";
      std::string hex = "X'";
      for (unsigned char c : expr.literal.AsString()) {
        hex += kDigits[c >> 4];
        hex += kDigits[c & 15];
      }
      return hex + "'";
    }
    case TypeKind::kBigint:
    case TypeKind::kTinyint:
    case TypeKind::kSmallint:
      return text + ":" + expr.type.Nullable().ToString();
    case TypeKind::kNull:
    case TypeKind::kBoolean:
    case TypeKind::kInt:
    case TypeKind::kFloat:
    case TypeKind::kDouble:
    case TypeKind::kDecimal:
    case TypeKind::kArray:
    case TypeKind::kMap:
    case TypeKind::kMultiset:
    case TypeKind::kRow:
    case TypeKind::kRaw:
    case TypeKind::kDescriptor:
      break;
  }
  return text;
}

std::string Joined(const std::vector<ExprPtr>& args, std::string_view separator, const Schema* input) {
  std::string out;
  for (size_t i = 0; i < args.size(); ++i) {
    if (i > 0) out += separator;
    out += ExprText(*args[i], input);
  }
  return out;
}

bool IsInfix(std::string_view name) {
  return !name.empty() && (std::string_view("+-*/%=<>|").find(name[0]) != std::string_view::npos || name == "LIKE" ||
                           name == "SIMILAR TO" || name == "IS DISTINCT FROM" || name == "IS NOT DISTINCT FROM");
}

std::string CallText(const Expr& expr, const Schema* input) {
  std::string name(expr.function->name);
  if (expr.args.size() == 2 && IsInfix(name)) return "(" + Joined(expr.args, " " + name + " ", input) + ")";
  if (expr.args.size() == 1 && IsInfix(name)) return name + ExprText(*expr.args[0], input);
  if (name.starts_with("IS ") && expr.args.size() == 1) return "(" + ExprText(*expr.args[0], input) + " " + name + ")";
  if (name == "ITEM" && expr.args.size() == 2) {
    return ExprText(*expr.args[0], input) + "[" + ExprText(*expr.args[1], input) + "]";
  }
  if (name == "FIELD" && expr.args.size() == 2 && expr.args[0]->type.Is(TypeKind::kRow) &&
      expr.args[1]->kind == ExprKind::kLiteral) {
    const std::vector<Field>& fields = expr.args[0]->type.fields();
    auto index = static_cast<size_t>(expr.args[1]->literal.AsInt());
    if (index < fields.size()) return ExprText(*expr.args[0], input) + "." + Quoted(fields[index].name, '`');
  }
  return name + "(" + Joined(expr.args, ", ", input) + ")";
}

std::string CaseText(const Expr& expr, const Schema* input) {
  std::string out = "CASE";
  for (size_t i = 0; i + 1 < expr.args.size(); i += 2) {
    out += " WHEN " + ExprText(*expr.args[i], input) + " THEN " + ExprText(*expr.args[i + 1], input);
  }
  return out + " ELSE " + ExprText(*expr.args.back(), input) + " END";
}

}  // namespace

std::string ExprText(const Expr& expr, const Schema* input) {
  switch (expr.kind) {
    case ExprKind::kColumn:
      if (input != nullptr && static_cast<size_t>(expr.index) < input->size()) {
        return Quoted((*input)[static_cast<size_t>(expr.index)].name, '`');
      }
      return "$" + std::to_string(expr.index);
    case ExprKind::kOuterColumn:
      return "outer$" + std::to_string(expr.index);
    case ExprKind::kLiteral:
      return LiteralText(expr);
    case ExprKind::kCall:
      return CallText(expr, input);
    case ExprKind::kCast:
      return std::string(expr.try_cast ? "TRY_CAST(" : "CAST(") + ExprText(*expr.args[0], input) + " AS " +
             expr.type.Nullable().ToString() + ")";
    case ExprKind::kAnd:
      return "(" + Joined(expr.args, " AND ", input) + ")";
    case ExprKind::kOr:
      return "(" + Joined(expr.args, " OR ", input) + ")";
    case ExprKind::kCase:
      return CaseText(expr, input);
    case ExprKind::kCoalesce:
      return "COALESCE(" + Joined(expr.args, ", ", input) + ")";
  }
  return "";
}

}  // namespace millrace::functions
