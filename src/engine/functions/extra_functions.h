// Functions that a program adds to the built-in ones, under the names of the classes that CREATE FUNCTION … AS names.
// The conformance runner declares Flink's own test functions so.
#pragma once

#include <string_view>
#include <vector>

#include "engine/functions/aggregate_function.h"
#include "engine/functions/scalar_function.h"
#include "engine/functions/table_function.h"

namespace millrace::functions {

struct ExtraFunctions {
  std::vector<const ScalarFunction*> scalar;
  std::vector<const AggregateFunction*> aggregate;
  std::vector<const TableFunction*> table;
  // Names of aggregates and table functions whose answers vary (scalar functions say so themselves).
  std::vector<std::string_view> varying;
};

// Borrowed until the process ends. Set before the first session is made; not thread-safe.
void SetExtraFunctions(const ExtraFunctions* extra);

// By exact name; null: none.
const ScalarFunction* FindExtraScalar(std::string_view name);
const AggregateFunction* FindExtraAggregate(std::string_view name);
const TableFunction* FindExtraTable(std::string_view name);
bool AnswersVary(std::string_view name);

}  // namespace millrace::functions
