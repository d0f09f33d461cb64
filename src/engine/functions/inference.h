// Checks of arguments and types of results that many functions share, as Flink's type strategies have them.
#pragma once

#include <initializer_list>
#include <string_view>

#include "base/result.h"
#include "engine/functions/scalar_function.h"

namespace millrace::functions {

// Families of types that an argument may be asked to belong to.
enum class Family : uint8_t {
  kAny,
  kString,  // CHAR, VARCHAR
  kBinary,  // BINARY, VARBINARY
  kText,    // either of the two above
  kNumeric,
  kInteger,      // TINYINT … BIGINT
  kIntOrLess,    // TINYINT, SMALLINT, INT
  kExact,        // integers and DECIMAL
  kApproximate,  // FLOAT, DOUBLE
  kBoolean,
  kDateTime,
  kTimestamp,  // TIMESTAMP, TIMESTAMP_LTZ
  kInterval,
};

// An untyped NULL literal belongs to every family.
bool InFamily(const DataType& type, Family family);

// Whether the number of arguments lies in [least, most].
bool CountBetween(const CallTypes& call, size_t least, size_t most);

// Argument i belongs to the family; an untyped NULL becomes a nullable `null_type`. The type stays as it is otherwise.
bool Takes(CallTypes& call, size_t i, Family family, const DataType& null_type);

// Argument i is converted to `type` if Flink converts it without a CAST being written (nullability is kept). False if
// it does not.
bool Wants(CallTypes& call, size_t i, const DataType& type);
// Argument i of the family is converted to `type`, with a cast that the binder writes (Flink's generated code does so
// silently).
bool WantsFrom(CallTypes& call, size_t i, Family family, const DataType& type);

// All arguments are text, of any length; between `least` and `most` of them. NULL literals become STRING.
bool AllStrings(CallTypes& call, size_t least, size_t most);

// `type`, nullable if any argument is.
DataType NullableIfArgs(const CallTypes& call, const DataType& type);

// The value of argument i if it is a literal of an integer type.
const Value* IntLiteral(const CallTypes& call, size_t i);

// Result type of CASE, IF, COALESCE and the like over the types of its branches: the common type, nullable if any
// branch is. Sets every entry of `branches` to the type that its branch is cast to.
Result<DataType> InferCase(std::vector<DataType>& branches);

}  // namespace millrace::functions
