// What functions on arrays and maps share: checks of their arguments, and equality of items.
#pragma once

#include <string_view>

#include "engine/functions/scalar_function.h"
#include "types/value.h"

namespace millrace::functions {

// "Invalid input arguments. Expected signatures are: …" as Flink says it.
Error InvalidInput(std::string_view signatures);

// Arguments 0 and 1 are an array and something that converts to its items without a CAST; argument 1 becomes of that
// type.
bool TakesArrayAndItem(CallTypes& call);
// All arguments are arrays (or maps) with a common type, and become of it. Between `least` and `most` of them.
bool TakesCommon(CallTypes& call, TypeKind kind, size_t least, size_t most);
// Argument 0 is an array whose items can be ordered: numbers, times, texts or bytes.
bool TakesSortable(const CallTypes& call);

// SQL's "=" on two values that are not NULL; inside of them NULLs are equal. Maps are equal in any order.
bool EqualItems(const Value& a, const Value& b, const DataType& type);

}  // namespace millrace::functions
