// Names that Calcite's own table of functions knows: the unparser prints them without quotes.
#pragma once

#include <string_view>

namespace millrace::sql {

// `upper_name` in upper case.
bool IsStandardFunction(std::string_view upper_name);
// Those that are written without parentheses: CURRENT_DATE, USER, PI, ...
bool IsStandardVariable(std::string_view upper_name);

}  // namespace millrace::sql
