// Bound aggregate calls for tests.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "engine/functions/aggregate_function.h"

namespace millrace::operators {

struct CallOptions {
  bool distinct = false;
  int32_t filter = -1;
};

// `name` over columns `args` of an input of `types`.
inline functions::AggregateCall Call(std::string_view name, std::vector<int32_t> args,
                                     const std::vector<DataType>& types, CallOptions options = {}) {
  functions::AggregateCall call;
  call.function = functions::FindAggregateFunction(name);
  EXPECT_NE(call.function, nullptr) << name;
  functions::CallTypes call_types;
  call_types.name = name;
  for (int32_t arg : args) {
    call.arg_types.push_back(types[static_cast<size_t>(arg)]);
    call.literals.push_back(Value::Null());
    call_types.literals.push_back(nullptr);
  }
  call_types.types = call.arg_types;
  call.args = std::move(args);
  auto type = call.function->infer(call_types);
  EXPECT_TRUE(type.ok());
  call.type = *type;
  call.distinct = options.distinct;
  call.filter = options.filter;
  call.name = std::string(name);
  return call;
}

}  // namespace millrace::operators
