// The columns that names in a query can mean.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "engine/sql/ast.h"
#include "engine/sql/relation.h"

namespace millrace::sql {

struct ScopeColumn {
  std::vector<std::string> qualifier;  // the table's alias, or its full path
  std::string name;
  DataType type;
  // JOIN … USING and NATURAL: position of the left column that this right column is merged with; -1 otherwise.
  int32_t merged_with = -1;
};

// One per query block; `outer` is the block around it, for correlated names.
struct Scope {
  std::vector<ScopeColumn> columns;
  const Scope* outer = nullptr;
  std::set<std::string> variables;  // of a row pattern: each may qualify every column

  Schema ToSchema() const;
};

// What a written name means: a column of this scope or of the one outside, and what is left of the name: fields within
// it.
struct ResolvedName {
  bool outer = false;
  int32_t column = -1;
  size_t parts_used = 0;
  DataType type;
};
Result<ResolvedName> ResolveName(const Identifier& name, const Scope& scope);

Scope ScopeOf(const Relation& relation, std::vector<std::string> qualifier, const Scope* outer);
// left ++ right, sharing `outer`.
Scope JoinScopes(const Scope& left, const Scope& right);

}  // namespace millrace::sql
