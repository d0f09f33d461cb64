// SET key = value and RESET key without quotes: not in the grammar, but Flink's planner takes them before it parses.
#pragma once

#include <string_view>

#include "engine/sql/ast.h"

namespace millrace::sql {

// Null if the text is neither (SET 'k' = 'v' is left to the grammar).
StatementPtr ParseUnquotedSet(std::string_view sql);

}  // namespace millrace::sql
