#include "engine/sql/user_function.h"

#include <fmt/format.h>

#include "engine/functions/extra_functions.h"

namespace millrace::sql {
namespace {

const catalog::UserFunction* UserFunctionOf(const Call& call, const BindContext& context) {
  bool named = call.op == Op::kFunction && call.name != nullptr;
  return named ? context.catalogs->FindFunction(PathOf(*call.name)) : nullptr;
}

}  // namespace

const functions::AggregateFunction* AggregateFunctionOf(const Call& call, const BindContext& context) {
  if (call.op != Op::kFunction) return nullptr;
  if (const catalog::UserFunction* user = UserFunctionOf(call, context))
    return functions::FindExtraAggregate(user->class_name);
  return functions::FindAggregateFunction(call.FunctionName());
}

const functions::TableFunction* TableFunctionOf(const Call& call, const BindContext& context) {
  if (const catalog::UserFunction* user = UserFunctionOf(call, context))
    return functions::FindExtraTable(user->class_name);
  return functions::FindTableFunction(call.FunctionName());
}

std::optional<Error> CannotRun(const Call& call, const BindContext& context) {
  const catalog::UserFunction* user = UserFunctionOf(call, context);
  if (user == nullptr) return std::nullopt;
  return UserError("function.user",
                   fmt::format("the user function '{}' is the {} class '{}', which this engine cannot run",
                               call.FunctionName(), user->language, user->class_name),
                   "run the job on a Flink cluster, or write the function in SQL", call.range);
}

}  // namespace millrace::sql
