// Values of table programs' rows: JSON with the Java type beside the value (table_programs.README.md, section 4).
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "base/result.h"
#include "types/data_type.h"
#include "types/value.h"

namespace millrace::conformance {

// The value as a column of `type` holds it: decimals at its scale, timestamps cut to its precision.
Result<Value> ProgramValue(const nlohmann::json& json, const DataType& type);

}  // namespace millrace::conformance
