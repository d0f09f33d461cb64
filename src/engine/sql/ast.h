// The whole syntax tree of Flink SQL 1.20, as the parser builds it. Nothing here is resolved: names are as written,
// functions are names, types are text forms. Follows the grammar of Calcite 1.32 with Flink's extensions.
//
// Reading a tree:
//   switch (expr.kind) { case NodeKind::kCall: { const auto& call = static_cast<const Call&>(expr); ... } ... }
//   if (const Literal* literal = As<Literal>(expr.get())) ...
#pragma once

#include "engine/sql/ast_base.h"
#include "engine/sql/ast_ddl.h"
#include "engine/sql/ast_expression.h"
#include "engine/sql/ast_operator.h"
#include "engine/sql/ast_query.h"
#include "engine/sql/ast_statement.h"
#include "engine/sql/ast_type.h"
