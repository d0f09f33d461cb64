// Types and values as the function cases write them (functions.README.md: "Types", "Values, by type").
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "base/result.h"
#include "types/data_type.h"
#include "types/value.h"

namespace millrace::conformance {

// "DECIMAL(10, 2) NOT NULL", "ROW<`a` INT>", "NULL".
Result<DataType> TypeFromText(const std::string& text);

// A value of `type`. RAW and what does not fit the type fail with code "conformance.value".
Result<Value> ValueFromJson(const nlohmann::json& json, const DataType& type);

// Whether two values of a type are equal as Java objects: maps and multisets without order.
bool SameValue(const Value& a, const Value& b, const DataType& type);

}  // namespace millrace::conformance
