// The list of scalar functions, found by name; faults of arguments.
#include "engine/functions/scalar_function.h"

#include <algorithm>

namespace millrace::functions {

#define SCALAR_FUNCTION(symbol) extern const ScalarFunction symbol;
#include "engine/functions/functions.inc"

namespace {

struct Entry {
  std::string_view name;
  const ScalarFunction* function;
};

struct Registry {
  std::vector<const ScalarFunction*> functions;  // sorted by name
  std::vector<Entry> names;                      // names and aliases, sorted
};

Registry MakeRegistry() {
  Registry registry;
#define SCALAR_FUNCTION(symbol) registry.functions.push_back(&symbol);
#include "engine/functions/functions.inc"
  auto by_name = [](const auto* a, const auto* b) { return a->name < b->name; };
  std::sort(registry.functions.begin(), registry.functions.end(), by_name);
  for (const ScalarFunction* function : registry.functions) {
    registry.names.push_back({function->name, function});
    for (std::string_view alias : function->aliases) registry.names.push_back({alias, function});
  }
  std::sort(registry.names.begin(), registry.names.end(),
            [](const Entry& a, const Entry& b) { return a.name < b.name; });
  return registry;
}

const Registry& TheRegistry() {
  static const Registry registry = MakeRegistry();
  return registry;
}

}  // namespace

const ScalarFunction* FindScalarFunction(std::string_view name) {
  const std::vector<Entry>& names = TheRegistry().names;
  auto place = std::lower_bound(names.begin(), names.end(), name,
                                [](const Entry& entry, std::string_view wanted) { return entry.name < wanted; });
  return place != names.end() && place->name == name ? place->function : nullptr;
}

std::span<const ScalarFunction* const> AllScalarFunctions() { return TheRegistry().functions; }

bool CallTypes::Nullable() const {
  return std::any_of(types.begin(), types.end(), [](const DataType& type) { return type.nullable(); });
}

Error BadArguments(const CallTypes& call, std::string_view supported_signatures) {
  std::string types;
  for (const DataType& type : call.types) {
    if (!types.empty()) types += ", ";
    types += "<" + type.ToString() + ">";
  }
  std::string name(call.name);
  return UserError("function.arguments",
                   "Invalid input arguments: cannot apply '" + name + "' to arguments of type '" + name + "(" + types +
                       ")'. Supported form(s): " + std::string(supported_signatures),
                   "change the arguments, or CAST them to the types that the function takes");
}

}  // namespace millrace::functions
