#include "engine/functions/extra_functions.h"

#include <algorithm>

namespace millrace::functions {
namespace {

const ExtraFunctions* g_extra = nullptr;

template <typename Function>
const Function* Find(const std::vector<const Function*> ExtraFunctions::*list, std::string_view name) {
  if (g_extra == nullptr) return nullptr;
  for (const Function* function : g_extra->*list) {
    if (function->name == name) return function;
  }
  return nullptr;
}

}  // namespace

void SetExtraFunctions(const ExtraFunctions* extra) { g_extra = extra; }

const ScalarFunction* FindExtraScalar(std::string_view name) { return Find(&ExtraFunctions::scalar, name); }
const AggregateFunction* FindExtraAggregate(std::string_view name) { return Find(&ExtraFunctions::aggregate, name); }
const TableFunction* FindExtraTable(std::string_view name) { return Find(&ExtraFunctions::table, name); }

bool AnswersVary(std::string_view name) {
  return g_extra != nullptr &&
         std::find(g_extra->varying.begin(), g_extra->varying.end(), name) != g_extra->varying.end();
}

}  // namespace millrace::functions
