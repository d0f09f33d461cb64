// Table functions that give rows for a row: UNNEST and its kin. Window table functions are operators, not these.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/functions/scalar_function.h"

namespace millrace::functions {

struct TableFunction {
  std::string_view name;
  std::string_view signature;
  std::string_view doc;
  // The columns of the result for the given arguments.
  Result<std::vector<Field>> (*infer)(CallTypes& call) = nullptr;
  // Appends the rows for one input row.
  Status (*rows)(const RowCall& call, std::vector<ValueRow>& out) = nullptr;
};

const TableFunction* FindTableFunction(std::string_view name);

}  // namespace millrace::functions
