// The list of aggregate functions, found by name.
#include "engine/functions/aggregate_function.h"

#include <algorithm>

namespace millrace::functions {

#define AGGREGATE_FUNCTION(symbol) extern const AggregateFunction symbol;
#include "engine/functions/functions.inc"

namespace {

struct AggregateRegistry {
  std::vector<const AggregateFunction*> functions;  // sorted by name
  std::vector<std::pair<std::string_view, const AggregateFunction*>> names;
};

AggregateRegistry MakeAggregateRegistry() {
  AggregateRegistry registry;
#define AGGREGATE_FUNCTION(symbol) registry.functions.push_back(&symbol);
#include "engine/functions/functions.inc"
  std::sort(registry.functions.begin(), registry.functions.end(),
            [](const AggregateFunction* a, const AggregateFunction* b) { return a->name < b->name; });
  for (const AggregateFunction* function : registry.functions) {
    registry.names.emplace_back(function->name, function);
    for (std::string_view alias : function->aliases) registry.names.emplace_back(alias, function);
  }
  std::sort(registry.names.begin(), registry.names.end());
  return registry;
}

const AggregateRegistry& TheAggregateRegistry() {
  static const AggregateRegistry registry = MakeAggregateRegistry();
  return registry;
}

}  // namespace

const AggregateFunction* FindAggregateFunction(std::string_view name) {
  const auto& names = TheAggregateRegistry().names;
  auto place = std::lower_bound(names.begin(), names.end(), name,
                                [](const auto& entry, std::string_view wanted) { return entry.first < wanted; });
  return place != names.end() && place->first == name ? place->second : nullptr;
}

std::span<const AggregateFunction* const> AllAggregateFunctions() { return TheAggregateRegistry().functions; }

}  // namespace millrace::functions
