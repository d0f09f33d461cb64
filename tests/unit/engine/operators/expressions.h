// Bound expressions for tests.
#pragma once

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

#include "engine/functions/expression.h"
#include "engine/functions/scalar_function.h"

namespace millrace::operators {

inline functions::ExprPtr Apply(std::string_view name, std::vector<functions::ExprPtr> args, DataType type) {
  const functions::ScalarFunction* function = functions::FindScalarFunction(name);
  EXPECT_NE(function, nullptr) << name;
  return functions::MakeCall(function, std::move(args), std::move(type));
}

inline functions::ExprPtr IntLiteral(int64_t value, const DataType& type) {
  return functions::MakeLiteral(Value::Int(value), type.NotNull());
}

}  // namespace millrace::operators
