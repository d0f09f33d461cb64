// Entry point: which family a node belongs to.
#include "engine/sql/unparser.h"

#include "engine/sql/unparser_impl.h"

namespace millrace::sql {

void Unparser::Any(const Node& node) {
  NodeKind kind = node.kind;
  // Nodes are owned by their trees; these pointers only lend them.
  if (kind <= NodeKind::kWindowSpec) return Expression(ExprPtr(ExprPtr(), static_cast<const Expr*>(&node)), 0, 0);
  if (kind == NodeKind::kTypeSpec) return Type(static_cast<const TypeSpec&>(node));
  if (kind <= NodeKind::kExplicitTable) return Queries(QueryPtr(QueryPtr(), static_cast<const Query*>(&node)), 0, 0);
  if (kind <= NodeKind::kUnpivot) return Table(static_cast<const TableRef&>(node), 0, 0);
  if (kind <= NodeKind::kDrop) return Ddl(node);
  if (kind <= NodeKind::kAlterModel) return Alter(node);
  Statements(node);
}

std::string Unparse(const Node& node) {
  Unparser unparser;
  unparser.Any(node);
  return unparser.Take();
}

}  // namespace millrace::sql
