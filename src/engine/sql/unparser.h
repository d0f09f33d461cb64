// Syntax tree → SQL text as Calcite prints it (SqlNode.toSqlString with the default dialect): line breaks, indentation,
// identifiers in double quotes, parentheses by operator precedence.
#pragma once

#include <string>

#include "engine/sql/ast.h"

namespace millrace::sql {

std::string Unparse(const Node& node);

}  // namespace millrace::sql
