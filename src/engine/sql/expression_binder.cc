#include "engine/sql/expression_binder.h"

#include <fmt/format.h>

#include "engine/functions/evaluator.h"
#include "engine/sql/ast_walk.h"
#include "types/cast.h"

namespace millrace::sql {
namespace {

using functions::ExprKind;

std::string TypeList(const std::vector<BoundExpr>& args) {
  std::string text;
  for (const BoundExpr& arg : args)
    text += fmt::format("{}<{}>", text.empty() ? "" : ", ", arg->type.Nullable().ToString());
  return text;
}

// The fields to go through to a field of that name: its own, or the first one found within its rows, level by level.
std::vector<size_t> PathToField(const DataType& row, const std::string& name) {
  const std::vector<Field>& fields = row.fields();
  for (size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].name == name) return {i};
  }
  std::vector<size_t> best;
  for (size_t i = 0; i < fields.size(); ++i) {
    if (!fields[i].type.Is(TypeKind::kRow)) continue;
    std::vector<size_t> path = PathToField(fields[i].type, name);
    if (path.empty() || (!best.empty() && best.size() <= path.size() + 1)) continue;
    path.insert(path.begin(), i);
    best = std::move(path);
  }
  return best;
}

Result<BoundExpr> FieldOf(BoundExpr row, const std::string& name, SourceRange range) {
  if (!row->type.Is(TypeKind::kRow)) {
    return ValidationError(
        fmt::format("'{}' is asked for as a field, but {} has no fields", name, row->type.ToString()), range);
  }
  std::vector<size_t> path = PathToField(row->type, name);
  if (path.empty())
    return ValidationError(fmt::format("Field '{}' not found in {}", name, row->type.ToString()), range);
  for (size_t field : path) {
    BoundExpr index = functions::MakeLiteral(Value::Int(static_cast<int64_t>(field)), DataType::Int().NotNull());
    MR_ASSIGN(row, BindNamedCall("FIELD", {std::move(row), std::move(index)}, range));
  }
  return row;
}

Result<BoundExpr> BindIdentifier(const Identifier& name, const ExprScope& scope) {
  if (name.star) return ValidationError("'*' cannot stand here", name.range);
  std::vector<std::string> parts = PathOf(name);
  auto resolved = ResolveName(name, *scope.scope);
  if (!resolved.ok()) {
    bool plain = parts.size() == 1 && !name.parts[0].quoted;
    if (plain && name.context_variable) return BindNamedCall(parts[0], {}, name.range);
    return resolved.error();
  }
  auto expr = std::make_shared<functions::Expr>();
  expr->kind = resolved->outer ? ExprKind::kOuterColumn : ExprKind::kColumn;
  expr->index = resolved->column;
  expr->type = resolved->type;
  expr->range = name.range;
  BoundExpr bound = expr;
  for (size_t i = resolved->parts_used; i < parts.size(); ++i) {
    MR_ASSIGN(bound, FieldOf(bound, parts[i], name.range));
  }
  return bound;
}

// An expression over the aggregate's input as one over its output: sub-expressions that are keys become columns.
Result<BoundExpr> RewriteToKeys(const BoundExpr& expr, const GroupKeys& keys, const Scope& scope, SourceRange range) {
  for (size_t i = 0; i < keys.exprs.size(); ++i) {
    if (functions::SameExpr(*keys.exprs[i], *expr)) return functions::MakeColumn(keys.columns[i], keys.types[i]);
  }
  if (expr->kind == ExprKind::kColumn) {
    return ValidationError(
        fmt::format("Expression '{}' is not being grouped", scope.columns[static_cast<size_t>(expr->index)].name),
        expr->range.Known() ? expr->range : range, "add it to GROUP BY, or use it in an aggregate function");
  }
  if (expr->args.empty()) return expr;
  auto copy = std::make_shared<functions::Expr>(*expr);
  bool key_became_nullable = false;
  for (BoundExpr& arg : copy->args) {
    MR_ASSIGN(BoundExpr rewritten, RewriteToKeys(arg, keys, scope, range));
    key_became_nullable = key_became_nullable || (rewritten->type.nullable() && !arg->type.nullable());
    arg = std::move(rewritten);
  }
  if (key_became_nullable) copy->type = copy->type.Nullable();
  return BoundExpr(copy);
}

bool ContainsReplaced(const Expr& expr, const ExprScope& scope) {
  bool found = false;
  WalkExpr(expr, [&](const Expr& node) {
    found = found || scope.replaced.contains(&node);
    return !found;
  });
  return found;
}

Result<BoundExpr> BindCast(const Cast& cast, const ExprScope& scope) {
  MR_ASSIGN(BoundExpr operand, BindExpr(*cast.operand, scope));
  MR_ASSIGN(DataType to, BindType(*cast.type));
  const DataType& from = operand->type;
  if (!from.Is(TypeKind::kNull) && !CanCast(from, to)) {
    return ValidationError(
        fmt::format("Cast function cannot convert value of type {} to type {}", from.ToString(), to.ToString()),
        cast.range);
  }
  bool nullable = from.nullable() || (cast.is_try && CastMayFail(from, to));
  DataType type = to.WithNullable(nullable);
  if (type == from) return functions::MakeCast(operand, type, cast.is_try);
  auto expr = std::make_shared<functions::Expr>();
  expr->kind = ExprKind::kCast;
  expr->type = type;
  expr->args = {std::move(operand)};
  expr->try_cast = cast.is_try;
  expr->range = cast.range;
  return BoundExpr(expr);
}

Result<BoundExpr> BindCase(const Case& node, const ExprScope& scope) {
  std::vector<BoundExpr> args;
  for (const Case::Branch& branch : node.branches) {
    MR_ASSIGN(BoundExpr when, BindCondition(*branch.when, scope, "CASE"));
    args.push_back(std::move(when));
    MR_ASSIGN(BoundExpr then, BindExpr(*branch.then, scope));
    args.push_back(std::move(then));
  }
  BoundExpr otherwise = functions::MakeLiteral(Value::Null(), DataType::Null());
  if (node.otherwise) {
    MR_ASSIGN(otherwise, BindExpr(*node.otherwise, scope));
  }
  args.push_back(std::move(otherwise));
  return MakeCase(std::move(args), node.range);
}

}  // namespace

Result<BoundExpr> MakeCase(std::vector<BoundExpr> args, SourceRange range) {
  std::vector<DataType> types;
  for (size_t i = 1; i < args.size(); i += 2) types.push_back(args[i]->type);
  types.push_back(args.back()->type);
  auto common = CommonType(types);
  if (!common.ok()) {
    return ValidationError("Illegal mixing of types in CASE or COALESCE statement", range, common.error().message);
  }
  if (common->Is(TypeKind::kNull))
    return ValidationError("ELSE clause or at least one THEN clause must be non-NULL", range);
  for (size_t i = 1; i < args.size(); i += 2)
    args[i] = functions::MakeCast(args[i], common->WithNullable(args[i]->type.nullable()));
  args.back() = functions::MakeCast(args.back(), common->WithNullable(args.back()->type.nullable()));
  auto expr = std::make_shared<functions::Expr>();
  expr->kind = ExprKind::kCase;
  expr->type = *common;
  expr->args = std::move(args);
  expr->range = range;
  return BoundExpr(expr);
}

Result<BoundExpr> BindNamedCall(std::string_view name, std::vector<BoundExpr> args, SourceRange range) {
  const functions::ScalarFunction* function = functions::FindScalarFunction(name);
  if (function == nullptr) {
    return ValidationError(fmt::format("No match found for function signature {}({})", name, TypeList(args)), range,
                           "SHOW FUNCTIONS lists what there is");
  }
  return BindCallOf(*function, name, std::move(args), range);
}

Result<BoundExpr> BindCallOf(const functions::ScalarFunction& function, std::string_view name,
                             std::vector<BoundExpr> args, SourceRange range) {
  functions::CallTypes call;
  call.name = name;
  for (const BoundExpr& arg : args) {
    call.types.push_back(arg->type);
    call.literals.push_back(arg->kind == ExprKind::kLiteral ? &arg->literal : nullptr);
  }
  auto type = function.infer(call);
  if (!type.ok()) {
    Error error = type.error();
    if (!error.range.Known()) error.range = range;
    return error;
  }
  for (size_t i = 0; i < args.size() && i < call.types.size(); ++i) {
    if (call.types[i].SameIgnoringNullability(args[i]->type)) continue;
    args[i] = functions::MakeCast(args[i], call.types[i].WithNullable(args[i]->type.nullable()));
  }
  return functions::MakeCall(&function, std::move(args), *type, range);
}

Result<BoundExpr> BindCondition(const Expr& expr, const ExprScope& scope, std::string_view clause) {
  MR_ASSIGN(BoundExpr bound, BindExpr(expr, scope));
  if (bound->type.Is(TypeKind::kNull)) return functions::MakeCast(bound, DataType::Boolean());
  if (!bound->type.Is(TypeKind::kBoolean)) {
    return ValidationError(fmt::format("{} must be a condition, not {}", clause, bound->type.ToString()), expr.range);
  }
  return bound;
}

Result<BoundExpr> BindExpr(const Expr& expr, const ExprScope& scope) {
  if (auto found = scope.replaced.find(&expr); found != scope.replaced.end()) return found->second;
  if (scope.keys != nullptr && !ContainsReplaced(expr, scope)) {
    ExprScope inner = scope;
    inner.keys = nullptr;
    MR_ASSIGN(BoundExpr bound, BindExpr(expr, inner));
    return RewriteToKeys(bound, *scope.keys, *scope.scope, expr.range);
  }
  if (const auto* literal = As<Literal>(expr)) return BindLiteral(*literal);
  if (const auto* identifier = As<Identifier>(expr)) return BindIdentifier(*identifier, scope);
  if (const auto* call = As<Call>(expr)) return BindOperator(*call, scope);
  if (const auto* node = As<Case>(expr)) return BindCase(*node, scope);
  if (const auto* cast = As<Cast>(expr)) return BindCast(*cast, scope);
  if (const auto* json = As<JsonCall>(expr)) return BindJsonCall(*json, scope);
  if (As<Subquery>(expr) != nullptr) return UnsupportedError("a sub-query cannot stand here", expr.range);
  if (As<DynamicParam>(expr) != nullptr) return ValidationError("dynamic parameters ('?') cannot be used", expr.range);
  return ValidationError("this expression cannot stand here", expr.range);
}

Result<BoundExpr> BindScalar(const Expr& expr, const Schema& schema, const BindContext& context) {
  Scope names;
  for (const Field& field : schema.fields) names.columns.push_back({{}, field.name, field.type, -1});
  ExprScope scope;
  scope.context = &context;
  scope.scope = &names;
  return BindExpr(expr, scope);
}

std::vector<std::string> PathOf(const Identifier& identifier) {
  std::vector<std::string> path;
  for (const Identifier::Part& part : identifier.parts) path.push_back(part.name);
  return path;
}

std::string SliceText(std::string_view statement, const SourceRange& range) {
  int32_t line = 1;
  int32_t column = 1;
  size_t begin = std::string_view::npos;
  for (size_t i = 0; i < statement.size(); ++i) {
    bool continuation = (static_cast<unsigned char>(statement[i]) & 0xC0) == 0x80;
    if (!continuation && line == range.line && column == range.column) begin = i;
    if (!continuation && line == range.end_line && column == range.end_column && begin != std::string_view::npos) {
      size_t end = i + 1;
      while (end < statement.size() && (static_cast<unsigned char>(statement[end]) & 0xC0) == 0x80) ++end;
      return std::string(statement.substr(begin, end - begin));
    }
    if (statement[i] == '\n') {
      ++line;
      column = 1;
    } else if (!continuation) {
      ++column;
    }
  }
  return {};
}

}  // namespace millrace::sql
