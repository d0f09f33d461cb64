// Which function a call means: a user's, by the class that CREATE FUNCTION names, before the built-in one of its name.
#pragma once

#include "engine/functions/aggregate_function.h"
#include "engine/functions/table_function.h"
#include "engine/sql/binder.h"

namespace millrace::sql {

// Null when the call is of no aggregate (table) function that can be bound.
const functions::AggregateFunction* AggregateFunctionOf(const Call& call, const BindContext& context);
const functions::TableFunction* TableFunctionOf(const Call& call, const BindContext& context);
// The refusal of a user's function whose class cannot run here; nothing when the call is of no user's function.
std::optional<Error> CannotRun(const Call& call, const BindContext& context);

}  // namespace millrace::sql
