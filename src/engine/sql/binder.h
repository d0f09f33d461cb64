// Syntax tree → bound tree: names resolved, types checked with Flink's rules and coercions, sub-queries turned into
// joins. Errors have code "sql.validate" (or the code of what refused, such as "function.arguments") and the range in
// the statement.
#pragma once

#include <memory>
#include <string>

#include "base/options.h"
#include "engine/catalog/catalog.h"
#include "engine/functions/scalar_function.h"
#include "engine/sql/ast.h"
#include "engine/sql/relation.h"

namespace millrace::sql {

// What a statement is bound against. Borrowed for the binder's life.
struct BindContext {
  const catalog::Catalogs* catalogs = nullptr;
  const OptionMap* config = nullptr;       // SET options
  functions::EvalContext* eval = nullptr;  // for constant folding
  std::string_view text;                   // the statement, to take expressions' text from
};

// The relation that a query gives.
Result<RelationPtr> BindQuery(const Query& query, const BindContext& context);
// INSERT: a SinkRelation over the query, with casts and defaults for the target table.
Result<RelationPtr> BindInsert(const Insert& insert, const BindContext& context);
// The table or view that a CREATE statement describes; for CREATE TABLE … AS the columns of the query are included.
Result<catalog::TablePtr> BindCreateTable(const CreateTable& create, const BindContext& context);
Result<catalog::TablePtr> BindCreateView(const CreateView& create, const BindContext& context);

// A written type as a data type.
Result<DataType> BindType(const TypeSpec& type);
// A scalar expression over the columns of `schema`.
Result<BoundExpr> BindScalar(const Expr& expr, const Schema& schema, const BindContext& context);

// The text of a node in the statement it was parsed from.
std::string SliceText(std::string_view statement, const SourceRange& range);
// Names of an identifier's parts.
std::vector<std::string> PathOf(const Identifier& identifier);

}  // namespace millrace::sql
