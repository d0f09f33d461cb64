// The list of table functions, found by name.
#include "engine/functions/table_function.h"

#include <array>

namespace millrace::functions {

#define TABLE_FUNCTION(symbol) extern const TableFunction symbol;
#include "engine/functions/functions.inc"

const TableFunction* FindTableFunction(std::string_view name) {
  static const std::array kFunctions = {
#define TABLE_FUNCTION(symbol) &symbol,
#include "engine/functions/functions.inc"
  };
  for (const TableFunction* function : kFunctions) {
    if (function->name == name) return function;
  }
  return nullptr;
}

}  // namespace millrace::functions
