// JSON_VALUE, JSON_QUERY, JSON_EXISTS, JSON_OBJECT, JSON_ARRAY: clauses become arguments.
#include <fmt/format.h>

#include "engine/sql/expression_binder.h"

namespace millrace::sql {
namespace {

using Bound = std::vector<BoundExpr>;

BoundExpr Symbol(std::string_view text) {
  return functions::MakeLiteral(Value::String(std::string(text)),
                                DataType::Char(static_cast<int32_t>(text.size())).NotNull());
}

std::string_view BehaviorName(JsonBehavior::Type type) {
  switch (type) {
    case JsonBehavior::Type::kError:
      return "ERROR";
    case JsonBehavior::Type::kNull:
      return "NULL";
    case JsonBehavior::Type::kDefault:
      return "DEFAULT";
    case JsonBehavior::Type::kTrue:
      return "TRUE";
    case JsonBehavior::Type::kFalse:
      return "FALSE";
    case JsonBehavior::Type::kUnknown:
      return "UNKNOWN";
    case JsonBehavior::Type::kEmptyArray:
      return "EMPTY ARRAY";
    case JsonBehavior::Type::kEmptyObject:
      return "EMPTY OBJECT";
  }
  return "NULL";
}

// The behaviour as a symbol, and with `with_default` its default value.
Status AppendBehavior(const std::optional<JsonBehavior>& behavior, std::string_view otherwise, bool with_default,
                      const DataType& type, const ExprScope& scope, Bound& args) {
  args.push_back(Symbol(behavior ? BehaviorName(behavior->type) : otherwise));
  if (!with_default) return Status::Ok();
  if (behavior && behavior->default_value) {
    MR_ASSIGN(BoundExpr value, BindExpr(*behavior->default_value, scope));
    args.push_back(functions::MakeCast(value, type.WithNullable(value->type.nullable())));
  } else {
    args.push_back(functions::MakeLiteral(Value::Null(), type.Nullable()));
  }
  return Status::Ok();
}

std::string_view WrapperName(JsonCall::Wrapper wrapper) {
  switch (wrapper) {
    case JsonCall::Wrapper::kNone:
    case JsonCall::Wrapper::kWithout:
      return "WITHOUT";
    case JsonCall::Wrapper::kConditional:
      return "CONDITIONAL";
    case JsonCall::Wrapper::kUnconditional:
      return "UNCONDITIONAL";
  }
  return "WITHOUT";
}

Result<Bound> BindDocument(const JsonCall& call, const ExprScope& scope) {
  Bound args;
  for (const ExprPtr& operand : call.operands) {
    MR_ASSIGN(BoundExpr arg, BindExpr(*operand, scope));
    args.push_back(std::move(arg));
  }
  return args;
}

}  // namespace

Result<BoundExpr> BindJsonCall(const JsonCall& call, const ExprScope& scope) {
  switch (call.function) {
    case JsonCall::Function::kExists: {
      MR_ASSIGN(Bound args, BindDocument(call, scope));
      MR_RETURN_IF_ERROR(AppendBehavior(call.on_error, "FALSE", false, DataType(), scope, args));
      return BindNamedCall("JSON_EXISTS", std::move(args), call.range);
    }
    case JsonCall::Function::kValue: {
      MR_ASSIGN(Bound args, BindDocument(call, scope));
      DataType type = DataType::String();
      if (call.returning) {
        MR_ASSIGN(type, BindType(*call.returning));
      }
      args.push_back(functions::MakeLiteral(Value::Null(), type.Nullable()));
      MR_RETURN_IF_ERROR(AppendBehavior(call.on_empty, "NULL", true, type, scope, args));
      MR_RETURN_IF_ERROR(AppendBehavior(call.on_error, "NULL", true, type, scope, args));
      return BindNamedCall("JSON_VALUE", std::move(args), call.range);
    }
    case JsonCall::Function::kQuery: {
      MR_ASSIGN(Bound args, BindDocument(call, scope));
      DataType type = DataType::String();
      if (call.returning) {
        MR_ASSIGN(type, BindType(*call.returning));
      }
      args.push_back(functions::MakeLiteral(Value::Null(), type.Nullable()));
      args.push_back(Symbol(WrapperName(call.wrapper)));
      MR_RETURN_IF_ERROR(AppendBehavior(call.on_empty, "NULL", false, type, scope, args));
      MR_RETURN_IF_ERROR(AppendBehavior(call.on_error, "NULL", false, type, scope, args));
      return BindNamedCall("JSON_QUERY", std::move(args), call.range);
    }
    case JsonCall::Function::kObject: {
      MR_ASSIGN(Bound args, BindDocument(call, scope));
      args.insert(args.begin(), Symbol(call.null_clause == JsonCall::NullClause::kAbsentOnNull ? "ABSENT" : "NULL"));
      return BindNamedCall("JSON_OBJECT", std::move(args), call.range);
    }
    case JsonCall::Function::kArray: {
      MR_ASSIGN(Bound args, BindDocument(call, scope));
      args.insert(args.begin(), Symbol(call.null_clause == JsonCall::NullClause::kNullOnNull ? "NULL" : "ABSENT"));
      return BindNamedCall("JSON_ARRAY", std::move(args), call.range);
    }
    case JsonCall::Function::kObjectAgg:
    case JsonCall::Function::kArrayAgg:
      return ValidationError("an aggregate cannot stand here", call.range);
  }
  return InternalError("unknown JSON function");
}

}  // namespace millrace::sql
