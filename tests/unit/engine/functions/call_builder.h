// Makes bound calls for tests, with the implicit casts that type inference asks for, and evaluates them.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/functions/evaluator.h"
#include "engine/functions/scalar_function.h"
#include "types/cast.h"

namespace millrace::functions {

// The call, or the error of its inference.
inline Result<ExprPtr> TryCall(std::string_view name, std::vector<ExprPtr> args) {
  const ScalarFunction* function = FindScalarFunction(name);
  if (function == nullptr) return InternalError("no function " + std::string(name));
  CallTypes call{name, {}, {}};
  for (const ExprPtr& arg : args) {
    call.types.push_back(arg->type);
    call.literals.push_back(arg->kind == ExprKind::kLiteral ? &arg->literal : nullptr);
  }
  MR_ASSIGN(DataType type, function->infer(call));
  for (size_t i = 0; i < args.size(); ++i) args[i] = MakeCast(args[i], call.types[i]);
  return MakeCall(function, std::move(args), type);
}

inline ExprPtr Call(std::string_view name, std::vector<ExprPtr> args) {
  Result<ExprPtr> call = TryCall(name, std::move(args));
  if (call.ok()) return *call;
  ADD_FAILURE() << name << ": " << call.error().ToString();
  return MakeLiteral(Value::Null(), DataType::Null());
}

inline ExprPtr Int(int64_t value) { return MakeLiteral(Value::Int(value), DataType::Int().NotNull()); }
inline ExprPtr Big(int64_t value) { return MakeLiteral(Value::Int(value), DataType::Bigint().NotNull()); }
inline ExprPtr Dbl(double value) { return MakeLiteral(Value::Double(value), DataType::Double().NotNull()); }
inline ExprPtr Dec(int64_t unscaled, int32_t precision, int32_t scale) {
  return MakeLiteral(Value::Decimal(unscaled), DataType::Decimal(precision, scale).NotNull());
}
inline ExprPtr Str(std::string text) {
  return MakeLiteral(Value::String(std::move(text)), DataType::String().NotNull());
}
inline ExprPtr Null(const DataType& type) { return MakeLiteral(Value::Null(), type); }

// The result as CAST(… AS STRING) prints it; "NULL"; or "error: code".
inline std::string Text(const ExprPtr& expr) {
  EvalContext context;
  Result<Value> value = EvaluateConstant(expr, context);
  if (!value.ok()) return "error: " + value.error().code;
  return ToText(*value, expr->type);
}
inline std::string Text(std::string_view name, std::vector<ExprPtr> args) { return Text(Call(name, std::move(args))); }

}  // namespace millrace::functions
