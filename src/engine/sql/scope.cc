#include "engine/sql/scope.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/sql/binder.h"

namespace millrace::sql {

Schema Scope::ToSchema() const {
  Schema schema;
  for (const ScopeColumn& column : columns) schema.fields.push_back({column.name, column.type, ""});
  return schema;
}

Scope ScopeOf(const Relation& relation, std::vector<std::string> qualifier, const Scope* outer) {
  Scope scope;
  scope.outer = outer;
  for (const Field& field : relation.schema.fields) scope.columns.push_back({qualifier, field.name, field.type, -1});
  return scope;
}

Scope JoinScopes(const Scope& left, const Scope& right) {
  Scope joined = left;
  auto shift = static_cast<int32_t>(left.columns.size());
  for (ScopeColumn column : right.columns) {
    if (column.merged_with >= 0) column.merged_with += shift;
    joined.columns.push_back(std::move(column));
  }
  return joined;
}

namespace {

// Whether the written qualifier is the end of the table's path.
bool QualifierMatches(const std::vector<std::string>& path, const std::vector<std::string>& written) {
  if (written.size() > path.size()) return false;
  return std::equal(written.rbegin(), written.rend(), path.rbegin());
}

struct Matches {
  int32_t column = -1;
  int count = 0;
};

Matches FindColumn(const Scope& scope, const std::vector<std::string>& qualifier, const std::string& name) {
  Matches matches;
  for (size_t i = 0; i < scope.columns.size(); ++i) {
    const ScopeColumn& column = scope.columns[i];
    bool variable = qualifier.size() == 1 && scope.variables.contains(qualifier[0]);
    bool qualified = qualifier.empty() || variable || QualifierMatches(column.qualifier, qualifier);
    if (column.name != name || !qualified) continue;
    if (matches.count++ == 0) matches.column = static_cast<int32_t>(i);
  }
  return matches;
}

bool HasTable(const Scope& scope, const std::vector<std::string>& qualifier) {
  return std::any_of(scope.columns.begin(), scope.columns.end(),
                     [&](const ScopeColumn& column) { return QualifierMatches(column.qualifier, qualifier); });
}

Error Validation(const Identifier& name, std::string message, std::string hint = {}) {
  return UserError("sql.validate", std::move(message), std::move(hint), name.range);
}

std::string Suggestion(const Scope& scope, const std::string& name) {
  std::vector<std::string> names;
  for (const ScopeColumn& column : scope.columns) names.push_back(column.name);
  auto nearest = NearestWord(name, names);
  if (nearest) return fmt::format("did you mean '{}'?", *nearest);
  if (names.empty()) return {};
  return fmt::format("the columns are: {}", fmt::join(names, ", "));
}

}  // namespace

Result<ResolvedName> ResolveName(const Identifier& name, const Scope& scope) {
  std::vector<std::string> parts = PathOf(name);
  for (const Scope* level = &scope; level != nullptr; level = level->outer) {
    bool outer = level != &scope;
    // The longest qualifier first: t.a before column t's field a.
    for (size_t used = std::min<size_t>(parts.size(), 4); used >= 1; --used) {
      std::vector<std::string> qualifier(parts.begin(), parts.begin() + static_cast<ptrdiff_t>(used) - 1);
      Matches matches = FindColumn(*level, qualifier, parts[used - 1]);
      if (matches.count > 1) return Validation(name, fmt::format("Column '{}' is ambiguous", parts[used - 1]));
      if (matches.count == 0) continue;
      if (outer && level != scope.outer) {
        return UserError("sql.unsupported",
                         fmt::format("'{}' belongs to a query more than one level outside", fmt::join(parts, ".")), {},
                         name.range);
      }
      return ResolvedName{outer, matches.column, used, level->columns[static_cast<size_t>(matches.column)].type};
    }
  }
  if (parts.size() > 1 && HasTable(scope, {parts.begin(), parts.end() - 1})) {
    return Validation(name,
                      fmt::format("Column '{}' not found in table '{}'", parts.back(),
                                  fmt::join(parts.begin(), parts.end() - 1, ".")),
                      Suggestion(scope, parts.back()));
  }
  if (parts.size() > 1)
    return Validation(name, fmt::format("Table '{}' not found", fmt::join(parts.begin(), parts.end() - 1, ".")));
  return Validation(name, fmt::format("Column '{}' not found in any table", parts[0]), Suggestion(scope, parts[0]));
}

}  // namespace millrace::sql
