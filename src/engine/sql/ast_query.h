// Query and table nodes of the syntax tree.
#pragma once

#include "engine/sql/ast_expression.h"

namespace millrace::sql {

// One hint of /*+ NAME(...), NAME(...) */
struct Hint {
  enum class Format : uint8_t { kEmpty, kKeyValue, kIdentifiers, kLiterals };
  IdentifierPtr name;
  Format format = Format::kEmpty;
  // kKeyValue: key, value, key, value ... where a key is an Identifier or a string; otherwise the list.
  std::vector<ExprPtr> options;
  SourceRange range;
};

// An expression with an optional alias: SELECT items, MEASURES, DEFINE, PIVOT aggregates.
struct AliasedExpr {
  ExprPtr expr;
  IdentifierPtr alias;  // null if none
};

struct Select : NodeOf<NodeKind::kSelect, Query> {
  std::vector<Hint> hints;
  bool stream = false;  // SELECT STREAM
  SetQuantifier quantifier = SetQuantifier::kNone;
  std::vector<AliasedExpr> items;
  TableRefPtr from;  // null: no FROM
  ExprPtr where;
  // GROUP BY: expressions, ExprList (empty: the grand total), Calls of kGroupingSets, kRollup, kCube. `grouped` tells
  // GROUP BY () from none.
  bool grouped = false;
  bool group_distinct = false;  // GROUP BY DISTINCT
  std::vector<ExprPtr> group_by;
  ExprPtr having;
  std::vector<WindowSpecPtr> windows;
};

struct SetOp : NodeOf<NodeKind::kSetOp, Query> {
  enum class Type : uint8_t { kUnion, kIntersect, kExcept };
  Type type = Type::kUnion;
  bool all = false;
  QueryPtr left;
  QueryPtr right;
};

// VALUES: each row is a Call of kRow.
struct Values : NodeOf<NodeKind::kValues, Query> {
  std::vector<CallPtr> rows;
};

struct With : NodeOf<NodeKind::kWith, Query> {
  struct Item {
    IdentifierPtr name;
    std::optional<std::vector<IdentifierPtr>> columns;
    QueryPtr query;
  };
  std::vector<Item> items;
  QueryPtr body;
};

// query ORDER BY .. OFFSET .. FETCH/LIMIT ..; any part may be missing, not all.
struct OrderBy : NodeOf<NodeKind::kOrderBy, Query> {
  QueryPtr query;
  std::vector<OrderItem> keys;
  ExprPtr offset;
  ExprPtr fetch;
};

// TABLE t
struct ExplicitTable : NodeOf<NodeKind::kExplicitTable, Query> {
  IdentifierPtr table;
};

// t /*+ OPTIONS(..) */ [EXTEND] (c INT)
struct TableName : NodeOf<NodeKind::kTableName, TableRef> {
  struct Extension {
    IdentifierPtr column;
    TypeSpecPtr type;
  };
  IdentifierPtr name;
  std::vector<Hint> hints;
  std::vector<Extension> extensions;
};

// table AS alias (columns)
struct TableAlias : NodeOf<NodeKind::kTableAlias, TableRef> {
  TableRefPtr table;
  IdentifierPtr alias;
  std::optional<std::vector<IdentifierPtr>> columns;
};

// (query)
struct DerivedTable : NodeOf<NodeKind::kDerivedTable, TableRef> {
  QueryPtr query;
};

// LATERAL (query) or LATERAL TABLE(f(x))
struct Lateral : NodeOf<NodeKind::kLateral, TableRef> {
  TableRefPtr table;
};

// TABLE(f(..)). Operands of the call may be Subquery (TABLE t), TableArgument, DESCRIPTOR, kNamedArgument.
struct TableFunction : NodeOf<NodeKind::kTableFunction, TableRef> {
  CallPtr call;
  bool specific = false;
};

struct Unnest : NodeOf<NodeKind::kUnnest, TableRef> {
  std::vector<ExprPtr> operands;
  bool with_ordinality = false;
};

// Parentheses around a join leave no node: they show in the shape of the tree (`right` may be a Join).
struct Join : NodeOf<NodeKind::kJoin, TableRef> {
  enum class Type : uint8_t { kComma, kCross, kInner, kLeft, kRight, kFull };
  Type type = Type::kInner;
  bool natural = false;
  TableRefPtr left;
  TableRefPtr right;
  ExprPtr on;                                // null: no ON
  std::vector<IdentifierPtr> using_columns;  // empty: no USING
};

// t FOR SYSTEM_TIME AS OF period
struct Snapshot : NodeOf<NodeKind::kSnapshot, TableRef> {
  TableRefPtr table;
  ExprPtr period;
};

struct TableSample : NodeOf<NodeKind::kTableSample, TableRef> {
  enum class Method : uint8_t { kSubstitute, kBernoulli, kSystem };
  TableRefPtr table;
  Method method = Method::kBernoulli;
  LiteralPtr argument;          // the percentage, or the name of kSubstitute
  std::optional<int32_t> seed;  // REPEATABLE
};

struct MatchRecognize : NodeOf<NodeKind::kMatchRecognize, TableRef> {
  enum class RowsPerMatch : uint8_t { kUnspecified, kOneRow, kAllRows };
  enum class Skip : uint8_t { kUnspecified, kToNextRow, kPastLastRow, kToFirst, kToLast };
  struct Subset {
    IdentifierPtr name;
    std::vector<ExprPtr> variables;
  };
  TableRefPtr table;
  std::vector<ExprPtr> partition_by;
  std::vector<OrderItem> order_by;
  std::vector<AliasedExpr> measures;
  RowsPerMatch rows_per_match = RowsPerMatch::kUnspecified;
  Skip skip = Skip::kUnspecified;
  IdentifierPtr skip_variable;  // kToFirst, kToLast
  bool anchored_start = false;  // ^
  bool anchored_end = false;    // $
  ExprPtr pattern;              // Identifiers and Calls of kPattern...
  LiteralPtr within;            // an interval
  std::vector<Subset> subsets;
  std::vector<AliasedExpr> definitions;
};

struct Pivot : NodeOf<NodeKind::kPivot, TableRef> {
  struct Value {
    std::vector<ExprPtr> values;
    IdentifierPtr alias;
  };
  TableRefPtr table;
  std::vector<AliasedExpr> aggregates;
  std::vector<IdentifierPtr> axes;
  std::vector<Value> values;
};

struct Unpivot : NodeOf<NodeKind::kUnpivot, TableRef> {
  struct Value {
    std::vector<IdentifierPtr> columns;
    std::optional<std::vector<ExprPtr>> labels;
  };
  TableRefPtr table;
  bool include_nulls = false;
  std::vector<IdentifierPtr> measures;
  std::vector<IdentifierPtr> axes;
  std::vector<Value> values;
};

}  // namespace millrace::sql
