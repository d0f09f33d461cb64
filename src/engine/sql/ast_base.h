// The syntax tree's ground: node kinds, the base class, safe down-casts. Include engine/sql/ast.h for the whole tree.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace millrace::sql {

// One enumerator per concrete struct of the tree, in the order of the headers.
enum class NodeKind : uint8_t {
  // ast_expression.h
  kLiteral,
  kIdentifier,
  kIntervalQualifier,
  kDynamicParam,
  kCall,
  kCase,
  kCast,
  kJsonCall,
  kSubquery,
  kExprList,
  kTableArgument,
  kWindowSpec,
  // ast_type.h
  kTypeSpec,
  // ast_query.h: queries
  kSelect,
  kSetOp,
  kValues,
  kWith,
  kOrderBy,
  kExplicitTable,
  // ast_query.h: tables
  kTableName,
  kTableAlias,
  kDerivedTable,
  kLateral,
  kTableFunction,
  kUnnest,
  kJoin,
  kSnapshot,
  kTableSample,
  kMatchRecognize,
  kPivot,
  kUnpivot,
  // ast_ddl.h
  kCreateTable,
  kCreateView,
  kCreateCatalog,
  kCreateDatabase,
  kCreateFunction,
  kCreateMaterializedTable,
  kCreateModel,
  kDrop,
  kAlterTableRename,
  kAlterTableRenameColumn,
  kAlterTableOptions,
  kAlterTableReset,
  kAlterTableSchema,
  kAlterTableDropColumn,
  kAlterTableDropPart,
  kAlterTableAddPartitions,
  kAlterTableDropPartitions,
  kAlterTableCompact,
  kAlterView,
  kAlterCatalog,
  kAlterDatabase,
  kAlterFunction,
  kAlterMaterializedTable,
  kAlterModel,
  // ast_statement.h
  kQueryStatement,
  kInsert,
  kStatementSet,
  kBeginStatementSet,
  kEndStatementSet,
  kUpdate,
  kDelete,
  kMerge,
  kTruncateTable,
  kProcedureCall,
  kAnalyzeTable,
  kExplain,
  kExecute,
  kExecutePlan,
  kCompilePlan,
  kUse,
  kShow,
  kDescribe,
  kSetOption,
  kLoadModule,
  kUnloadModule,
  kJar,
  kStopJob,
};

// Base of everything in the tree. Nodes are immutable once the parser has handed them out, are shared freely between
// trees (views keep theirs) and may be read from any thread. The depth of a tree is bounded by the parser
// (kMaxTreeDepth), so that recursion over it is safe.
struct Node {
  explicit Node(NodeKind node_kind) : kind(node_kind) {}
  virtual ~Node() = default;
  Node& operator=(const Node&) = delete;

  const NodeKind kind;
  // First to last character, as Calcite's parser positions; unknown for nodes that the parser makes up.
  SourceRange range;

 protected:
  // For copies of concrete nodes: std::make_shared<TypeSpec>(*type).
  Node(const Node&) = default;
};

// Largest height of a tree that the parser hands out: a chain of 1,500 ORs is fine, one of 3,000 is refused.
inline constexpr int32_t kMaxTreeDepth = 2000;

struct Expr : Node {
  using Node::Node;
};
// A query expression: SELECT, VALUES, TABLE t, set operations, WITH, ORDER BY.
struct Query : Node {
  using Node::Node;
};
// Whatever can stand in FROM.
struct TableRef : Node {
  using Node::Node;
};
struct Statement : Node {
  using Node::Node;
};

// What a concrete struct stands on: its kind, by the name kKind, over one of the above.
template <NodeKind kOwnKind, typename Base>
struct NodeOf : Base {
  static constexpr NodeKind kKind = kOwnKind;
  NodeOf() : Base(kOwnKind) {}
};

using NodePtr = std::shared_ptr<const Node>;
using ExprPtr = std::shared_ptr<const Expr>;
using QueryPtr = std::shared_ptr<const Query>;
using TableRefPtr = std::shared_ptr<const TableRef>;
using StatementPtr = std::shared_ptr<const Statement>;

// Down-cast by kind: As<Call>(node) is null when `node` is null or of another kind.
template <typename T>
const T* As(const Node* node) {
  return node != nullptr && node->kind == T::kKind ? static_cast<const T*>(node) : nullptr;
}
template <typename T>
const T* As(const Node& node) {
  return As<T>(&node);
}
template <typename T, typename U>
std::shared_ptr<const T> As(const std::shared_ptr<const U>& node) {
  return node && node->kind == T::kKind ? std::static_pointer_cast<const T>(node) : nullptr;
}

}  // namespace millrace::sql
