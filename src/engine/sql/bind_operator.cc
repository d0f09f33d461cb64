// Operators and special forms: which function each one calls, with which arguments.
#include <fmt/format.h>

#include "engine/functions/extra_functions.h"
#include "engine/sql/expression_binder.h"
#include "engine/sql/user_function.h"
#include "types/cast.h"

namespace millrace::sql {
namespace {

using functions::ExprKind;
using Bound = std::vector<BoundExpr>;

BoundExpr Symbol(std::string_view text) {
  return functions::MakeLiteral(Value::String(std::string(text)),
                                DataType::Char(static_cast<int32_t>(text.size())).NotNull());
}

Result<Bound> BindOperands(const Call& call, const ExprScope& scope) {
  Bound bound;
  for (const ExprPtr& operand : call.operands) {
    MR_ASSIGN(BoundExpr expr, BindExpr(*operand, scope));
    bound.push_back(std::move(expr));
  }
  return bound;
}

BoundExpr MakeLogical(ExprKind kind, Bound args, SourceRange range) {
  auto expr = std::make_shared<functions::Expr>();
  expr->kind = kind;
  bool nullable = false;
  for (const BoundExpr& arg : args) {
    nullable = nullable || arg->type.nullable();
    if (arg->kind == kind) {
      expr->args.insert(expr->args.end(), arg->args.begin(), arg->args.end());
    } else {
      expr->args.push_back(arg);
    }
  }
  expr->type = DataType::Boolean().WithNullable(nullable);
  expr->range = range;
  return expr;
}

Result<BoundExpr> BindLogical(const Call& call, const ExprScope& scope) {
  Bound args;
  for (const ExprPtr& operand : call.operands) {
    MR_ASSIGN(BoundExpr arg,
              BindCondition(*operand, scope, call.op == Op::kAnd ? "an operand of AND" : "an operand of OR"));
    args.push_back(std::move(arg));
  }
  return MakeLogical(call.op == Op::kAnd ? ExprKind::kAnd : ExprKind::kOr, std::move(args), call.range);
}

Result<BoundExpr> Not(BoundExpr arg, SourceRange range) { return BindNamedCall("NOT", {std::move(arg)}, range); }

const Call* RowOf(const Expr& expr) {
  const auto* call = As<Call>(expr);
  return call != nullptr && call->op == Op::kRow ? call : nullptr;
}

// (a, b) = (c, d) field by field; otherwise one call.
Result<BoundExpr> BindComparison(std::string_view name, const Expr& left, const Expr& right, const ExprScope& scope,
                                 SourceRange range) {
  const Call* left_row = RowOf(left);
  const Call* right_row = RowOf(right);
  if (left_row != nullptr && right_row != nullptr && name == "=" &&
      left_row->operands.size() == right_row->operands.size()) {
    Bound parts;
    for (size_t i = 0; i < left_row->operands.size(); ++i) {
      MR_ASSIGN(BoundExpr part, BindComparison(name, *left_row->operands[i], *right_row->operands[i], scope, range));
      parts.push_back(std::move(part));
    }
    return parts.size() == 1 ? parts[0] : MakeLogical(ExprKind::kAnd, std::move(parts), range);
  }
  MR_ASSIGN(BoundExpr a, BindExpr(left, scope));
  MR_ASSIGN(BoundExpr b, BindExpr(right, scope));
  return BindNamedCall(name, {std::move(a), std::move(b)}, range);
}

Result<BoundExpr> BindInList(const Call& call, const ExprScope& scope) {
  const auto* list = As<ExprList>(call.operands[1].get());
  if (list == nullptr)
    return UnsupportedError("IN with a sub-query can stand only as a condition of WHERE or HAVING", call.range);
  constexpr size_t kSetFrom = 5;
  Bound args;
  bool all_literals = list->items.size() >= kSetFrom;
  std::vector<DataType> types;
  if (RowOf(*call.operands[0]) == nullptr) {
    MR_ASSIGN(BoundExpr value, BindExpr(*call.operands[0], scope));
    types.push_back(value->type);
    args.push_back(std::move(value));
    for (const ExprPtr& item : list->items) {
      MR_ASSIGN(BoundExpr bound, BindExpr(*item, scope));
      all_literals = all_literals && bound->kind == ExprKind::kLiteral;
      types.push_back(bound->type);
      args.push_back(std::move(bound));
    }
    if (all_literals) {
      MR_ASSIGN(DataType common, CommonType(types));
      for (BoundExpr& arg : args) arg = functions::MakeCast(arg, common.WithNullable(arg->type.nullable()));
      return BindNamedCall("IN", std::move(args), call.range);
    }
  }
  Bound equal;
  for (const ExprPtr& item : list->items) {
    MR_ASSIGN(BoundExpr part, BindComparison("=", *call.operands[0], *item, scope, call.range));
    equal.push_back(std::move(part));
  }
  return equal.size() == 1 ? equal[0] : MakeLogical(ExprKind::kOr, std::move(equal), call.range);
}

// x = SOME (a, b), x < ALL (a, b) over lists.
Result<BoundExpr> BindQuantified(const Call& call, const ExprScope& scope, std::string_view name, bool all) {
  const auto* list = As<ExprList>(call.operands[1].get());
  if (list == nullptr) return UnsupportedError("SOME, ANY and ALL with a sub-query", call.range);
  Bound parts;
  for (const ExprPtr& item : list->items) {
    MR_ASSIGN(BoundExpr part, BindComparison(name, *call.operands[0], *item, scope, call.range));
    parts.push_back(std::move(part));
  }
  return parts.size() == 1 ? parts[0] : MakeLogical(all ? ExprKind::kAnd : ExprKind::kOr, std::move(parts), call.range);
}

Result<BoundExpr> BindBetween(const Call& call, const ExprScope& scope) {
  MR_ASSIGN(Bound args, BindOperands(call, scope));
  auto within = [&](const BoundExpr& low, const BoundExpr& high) -> Result<BoundExpr> {
    MR_ASSIGN(BoundExpr above, BindNamedCall(">=", {args[0], low}, call.range));
    MR_ASSIGN(BoundExpr below, BindNamedCall("<=", {args[0], high}, call.range));
    return MakeLogical(ExprKind::kAnd, {above, below}, call.range);
  };
  MR_ASSIGN(BoundExpr result, within(args[1], args[2]));
  if (call.op == Op::kBetweenSymmetric || call.op == Op::kNotBetweenSymmetric) {
    MR_ASSIGN(BoundExpr turned, within(args[2], args[1]));
    result = MakeLogical(ExprKind::kOr, {result, turned}, call.range);
  }
  bool negated = call.op == Op::kNotBetween || call.op == Op::kNotBetweenSymmetric;
  return negated ? Not(result, call.range) : Result<BoundExpr>(result);
}

Result<BoundExpr> BindUnaryMinus(const Call& call, const ExprScope& scope) {
  const auto* literal = As<Literal>(call.operands[0].get());
  if (literal != nullptr && (literal->type == Literal::Type::kExact || literal->type == Literal::Type::kApproximate)) {
    auto negated = std::make_shared<Literal>();
    negated->type = literal->type;
    negated->text = literal->text;
    negated->negative = !literal->negative;
    negated->range = call.range;
    return BindLiteral(*negated);
  }
  MR_ASSIGN(Bound args, BindOperands(call, scope));
  return BindNamedCall("-", std::move(args), call.range);
}

std::string_view UnitOf(const Expr& expr) {
  if (const auto* qualifier = As<IntervalQualifier>(expr)) return TimeUnitName(qualifier->start);
  if (const auto* literal = As<Literal>(expr)) return literal->text;
  return "";
}

// Forms in which operand `unit` is a time unit that becomes a symbol.
Result<BoundExpr> BindUnitCall(std::string_view name, const Call& call, const ExprScope& scope, size_t unit) {
  Bound args;
  for (size_t i = 0; i < call.operands.size(); ++i) {
    if (i == unit) {
      args.push_back(Symbol(UnitOf(*call.operands[i])));
      continue;
    }
    MR_ASSIGN(BoundExpr arg, BindExpr(*call.operands[i], scope));
    args.push_back(std::move(arg));
  }
  return BindNamedCall(name, std::move(args), call.range);
}

// (a - b) DAY TO SECOND
Result<BoundExpr> BindMinusDate(const Call& call, const ExprScope& scope) {
  MR_ASSIGN(BoundExpr to, BindExpr(*call.operands[0], scope));
  MR_ASSIGN(BoundExpr from, BindExpr(*call.operands[1], scope));
  return BindNamedCall("MINUS_DATE", {Symbol(UnitOf(*call.operands[2])), std::move(to), std::move(from)}, call.range);
}

Result<BoundExpr> BindTrim(const Call& call, const ExprScope& scope) {
  MR_ASSIGN(BoundExpr value, BindExpr(*call.operands[2], scope));
  BoundExpr chars = Symbol(" ");
  if (call.operands[1]) {
    MR_ASSIGN(chars, BindExpr(*call.operands[1], scope));
  }
  return BindNamedCall("TRIM", {Symbol(UnitOf(*call.operands[0])), std::move(chars), std::move(value)}, call.range);
}

Result<BoundExpr> BindInterval(const Call& call, const ExprScope& scope) {
  // INTERVAL x DAY with a computed x: x times one unit.
  MR_ASSIGN(BoundExpr value, BindExpr(*call.operands[0], scope));
  auto unit = std::make_shared<Literal>();
  unit->type = Literal::Type::kInterval;
  unit->text = "1";
  unit->interval = std::static_pointer_cast<const IntervalQualifier>(call.operands[1]);
  MR_ASSIGN(BoundExpr one, BindLiteral(*unit));
  return BindNamedCall("*", {std::move(one), std::move(value)}, call.range);
}

Result<BoundExpr> BindDot(const Call& call, const ExprScope& scope) {
  MR_ASSIGN(BoundExpr row, BindExpr(*call.operands[0], scope));
  const auto* name = As<Identifier>(call.operands[1].get());
  if (name == nullptr || !row->type.Is(TypeKind::kRow)) {
    return ValidationError(fmt::format("{} has no fields or methods", row->type.ToString()), call.range);
  }
  for (const std::string& part : PathOf(*name)) {
    const std::vector<Field>& fields = row->type.fields();
    size_t i = 0;
    while (i < fields.size() && fields[i].name != part) ++i;
    if (i == fields.size())
      return ValidationError(fmt::format("Field '{}' not found in {}", part, row->type.ToString()), call.range);
    BoundExpr index = functions::MakeLiteral(Value::Int(static_cast<int64_t>(i)), DataType::Int().NotNull());
    MR_ASSIGN(row, BindNamedCall("FIELD", {row, index}, call.range));
  }
  return row;
}

Result<BoundExpr> MakeCoalesce(Bound args, SourceRange range) {
  std::vector<DataType> types;
  bool nullable = true;
  for (const BoundExpr& arg : args) {
    types.push_back(arg->type);
    nullable = nullable && arg->type.nullable();
  }
  auto common = CommonType(types);
  if (!common.ok())
    return ValidationError("Invalid input arguments for COALESCE: no common type", range, common.error().message);
  for (BoundExpr& arg : args) arg = functions::MakeCast(arg, common->WithNullable(arg->type.nullable()));
  auto expr = std::make_shared<functions::Expr>();
  expr->kind = ExprKind::kCoalesce;
  expr->type = common->WithNullable(nullable);
  expr->args = std::move(args);
  expr->range = range;
  return BoundExpr(expr);
}

Result<BoundExpr> BindPeriodOverlap(Bound args, SourceRange range) {
  // (a, b) OVERLAPS (c, d): the end may be an interval; touching periods overlap.
  for (size_t i = 1; i < 4; i += 2) {
    if (args[i]->type.IsInterval()) {
      MR_ASSIGN(args[i], BindNamedCall("+", {args[i - 1], args[i]}, range));
    }
  }
  auto order = [&](const BoundExpr& x, const BoundExpr& y, bool smaller) -> Result<BoundExpr> {
    MR_ASSIGN(BoundExpr less, BindNamedCall("<=", {x, y}, range));
    return MakeCase(smaller ? Bound{less, x, y} : Bound{less, y, x}, range);
  };
  MR_ASSIGN(BoundExpr start1, order(args[0], args[1], true));
  MR_ASSIGN(BoundExpr end1, order(args[0], args[1], false));
  MR_ASSIGN(BoundExpr start2, order(args[2], args[3], true));
  MR_ASSIGN(BoundExpr end2, order(args[2], args[3], false));
  MR_ASSIGN(BoundExpr left, BindNamedCall(">=", {end1, start2}, range));
  MR_ASSIGN(BoundExpr right, BindNamedCall(">=", {end2, start1}, range));
  return MakeLogical(ExprKind::kAnd, {left, right}, range);
}

Result<BoundExpr> BindOverlaps(const Call& call, const ExprScope& scope) {
  Bound args;
  for (const ExprPtr& operand : call.operands) {
    const Call* row = RowOf(*operand);
    if (row == nullptr || row->operands.size() != 2)
      return ValidationError("OVERLAPS compares two periods (start, end)", call.range);
    for (const ExprPtr& part : row->operands) {
      MR_ASSIGN(BoundExpr arg, BindExpr(*part, scope));
      args.push_back(std::move(arg));
    }
  }
  return BindPeriodOverlap(std::move(args), call.range);
}

Result<BoundExpr> BindUserFunction(const Call& call, const catalog::UserFunction& user, const BindContext& context,
                                   Bound args) {
  const functions::ScalarFunction* function = functions::FindScalarFunction(user.class_name);
  if (function == nullptr) function = functions::FindExtraScalar(user.class_name);
  if (function == nullptr) return *CannotRun(call, context);
  return BindCallOf(*function, user.class_name, std::move(args), call.range);
}

Result<BoundExpr> BindFunction(const Call& call, const ExprScope& scope) {
  std::string name = call.FunctionName();
  if (IsAggregateCall(call, *scope.context)) {
    return ValidationError(fmt::format("Aggregate expression {} is illegal here", name), call.range,
                           "aggregates stand in SELECT, HAVING and ORDER BY");
  }
  if (call.over)
    return ValidationError(fmt::format("{} OVER (…) can stand only in SELECT or ORDER BY", name), call.range);
  if (call.filter) return ValidationError(fmt::format("FILTER must not be used with {}", name), call.range);
  std::string_view quantifier_error = "is not allowed in this call";
  if (call.quantifier == SetQuantifier::kDistinct)
    return ValidationError(fmt::format("DISTINCT {}", quantifier_error), call.range);
  for (const ExprPtr& operand : call.operands) {
    if (const auto* named = As<Call>(operand.get()); named != nullptr && named->op == Op::kNamedArgument) {
      return UnsupportedError(fmt::format("named arguments in a call of {}", name), named->range);
    }
    if (const auto* star = As<Identifier>(operand.get()); star != nullptr && star->star) {
      return ValidationError(fmt::format("'*' cannot be an argument of {}", name), star->range);
    }
  }
  MR_ASSIGN(Bound args, BindOperands(call, scope));
  if (const catalog::UserFunction* user = scope.context->catalogs->FindFunction(PathOf(*call.name)); user != nullptr) {
    return BindUserFunction(call, *user, *scope.context, std::move(args));
  }
  if (name == "IF" && args.size() == 3) {
    if (!args[0]->type.Is(TypeKind::kBoolean))
      return ValidationError("the first argument of IF must be a condition", call.range);
    for (size_t i = 1; i < 3; ++i) {
      if (args[i]->type.IsCollection())
        return ValidationError("Cannot apply 'IF' to arguments of collection types", call.range);
    }
    return MakeCase(std::move(args), call.range);
  }
  if (name == "COALESCE" && !args.empty()) return MakeCoalesce(std::move(args), call.range);
  if (name == "IFNULL" && args.size() == 2) return MakeCoalesce(std::move(args), call.range);
  if (name == "NULLIF" && args.size() == 2) {
    MR_ASSIGN(BoundExpr equal, BindNamedCall("=", {args[0], args[1]}, call.range));
    return MakeCase({equal, functions::MakeLiteral(Value::Null(), DataType::Null()), args[0]}, call.range);
  }
  return BindNamedCall(name, std::move(args), call.range);
}

// Operators that are a function of their operands and nothing more.
struct PlainOperator {
  std::string_view function;
  bool negated = false;
};
struct PlainEntry {
  Op op;
  PlainOperator plain;
};
constexpr PlainEntry kPlainOperators[] = {
    {Op::kNot, {"NOT"}},
    {Op::kLike, {"LIKE"}},
    {Op::kNotLike, {"LIKE", true}},
    {Op::kSimilarTo, {"SIMILAR TO"}},
    {Op::kNotSimilarTo, {"SIMILAR TO", true}},
    {Op::kIsNull, {"IS NULL"}},
    {Op::kIsNotNull, {"IS NOT NULL"}},
    {Op::kIsTrue, {"IS TRUE"}},
    {Op::kIsNotTrue, {"IS NOT TRUE"}},
    {Op::kIsFalse, {"IS FALSE"}},
    {Op::kIsNotFalse, {"IS NOT FALSE"}},
    {Op::kIsUnknown, {"IS UNKNOWN"}},
    {Op::kIsNotUnknown, {"IS NOT UNKNOWN"}},
    {Op::kUnaryPlus, {"+"}},
    {Op::kPlus, {"+"}},
    {Op::kMinus, {"-"}},
    {Op::kMultiply, {"*"}},
    {Op::kDivide, {"/"}},
    {Op::kModulo, {"%"}},
    {Op::kConcat, {"||"}},
    {Op::kItem, {"ITEM"}},
    {Op::kRow, {"ROW"}},
    {Op::kArray, {"ARRAY"}},
    {Op::kMap, {"MAP"}},
    {Op::kPosition, {"POSITION"}},
    {Op::kOverlay, {"OVERLAY"}},
    {Op::kSubstring, {"SUBSTRING"}},
    {Op::kTranslate3, {"TRANSLATE"}},
    {Op::kRLike, {"REGEXP"}},
    {Op::kNotRLike, {"REGEXP", true}},
};

PlainOperator PlainOperatorOf(Op op) {
  for (const PlainEntry& entry : kPlainOperators) {
    if (entry.op == op) return entry.plain;
  }
  return {};
}

std::string_view ComparisonOf(Op op, bool* quantified, bool* all) {
  *quantified = *all = false;
  constexpr std::string_view kNames[] = {"=", "<>", "<", "<=", ">", ">="};
  if (op >= Op::kEquals && op <= Op::kGreaterOrEqual)
    return kNames[static_cast<int>(op) - static_cast<int>(Op::kEquals)];
  if (op == Op::kIsDistinctFrom) return "IS DISTINCT FROM";
  if (op == Op::kIsNotDistinctFrom) return "IS NOT DISTINCT FROM";
  if (op >= Op::kSomeEquals && op <= Op::kSomeGreaterOrEqual) {
    *quantified = true;
    return kNames[static_cast<int>(op) - static_cast<int>(Op::kSomeEquals)];
  }
  if (op >= Op::kAllEquals && op <= Op::kAllGreaterOrEqual) {
    *quantified = *all = true;
    return kNames[static_cast<int>(op) - static_cast<int>(Op::kAllEquals)];
  }
  return "";
}

Result<BoundExpr> BindJsonTest(const Call& call, const ExprScope& scope) {
  constexpr std::string_view kKinds[] = {"VALUE", "OBJECT", "ARRAY", "SCALAR"};
  int place = static_cast<int>(call.op) - static_cast<int>(Op::kIsJsonValue);
  MR_ASSIGN(BoundExpr value, BindExpr(*call.operands[0], scope));
  MR_ASSIGN(BoundExpr test, BindNamedCall("IS JSON", {std::move(value), Symbol(kKinds[place / 2])}, call.range));
  return place % 2 == 1 ? Not(std::move(test), call.range) : Result<BoundExpr>(std::move(test));
}

}  // namespace

Result<BoundExpr> BindOperator(const Call& call, const ExprScope& scope) {
  if (call.op == Op::kFunction) return BindFunction(call, scope);
  if (call.op == Op::kAnd || call.op == Op::kOr) return BindLogical(call, scope);
  if (PlainOperator plain = PlainOperatorOf(call.op); !plain.function.empty()) {
    MR_ASSIGN(Bound args, BindOperands(call, scope));
    MR_ASSIGN(BoundExpr result, BindNamedCall(plain.function, std::move(args), call.range));
    return plain.negated ? Not(std::move(result), call.range) : Result<BoundExpr>(std::move(result));
  }
  bool quantified = false;
  bool all = false;
  if (std::string_view name = ComparisonOf(call.op, &quantified, &all); !name.empty()) {
    if (quantified) return BindQuantified(call, scope, name, all);
    return BindComparison(name, *call.operands[0], *call.operands[1], scope, call.range);
  }
  if (call.op >= Op::kIsJsonValue && call.op <= Op::kIsNotJsonScalar) return BindJsonTest(call, scope);
  if (call.op >= Op::kBetween && call.op <= Op::kNotBetweenSymmetric) return BindBetween(call, scope);
  if (call.op == Op::kIn) return BindInList(call, scope);
  if (call.op == Op::kNotIn) {
    MR_ASSIGN(BoundExpr in, BindInList(call, scope));
    return Not(std::move(in), call.range);
  }
  if (call.op == Op::kUnaryMinus) return BindUnaryMinus(call, scope);
  if (call.op == Op::kExtract) return BindUnitCall("EXTRACT", call, scope, 0);
  if (call.op == Op::kFloor) return BindUnitCall("FLOOR", call, scope, 1);
  if (call.op == Op::kCeil) return BindUnitCall("CEIL", call, scope, 1);
  if (call.op == Op::kTimestampAdd) return BindUnitCall("TIMESTAMPADD", call, scope, 0);
  if (call.op == Op::kTimestampDiff) return BindUnitCall("TIMESTAMPDIFF", call, scope, 0);
  if (call.op == Op::kMinusDate) return BindMinusDate(call, scope);
  if (call.op == Op::kTrim) return BindTrim(call, scope);
  if (call.op == Op::kInterval) return BindInterval(call, scope);
  if (call.op == Op::kDot) return BindDot(call, scope);
  if (call.op == Op::kOverlaps) return BindOverlaps(call, scope);
  return UnsupportedError(fmt::format("the operator {}", GetOpInfo(call.op).name), call.range);
}

}  // namespace millrace::sql
