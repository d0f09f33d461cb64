// Expression nodes of the syntax tree.
#pragma once

#include "engine/sql/ast_base.h"
#include "engine/sql/ast_operator.h"
#include "engine/sql/ast_type.h"

namespace millrace::sql {

struct Literal : NodeOf<NodeKind::kLiteral, Expr> {
  enum class Type : uint8_t {
    kString,       // text: the decoded value, UTF-8
    kBinary,       // text: hexadecimal digits in upper case
    kExact,        // text: digits with at most one point, no sign
    kApproximate,  // text: as written, with an exponent, no sign
    kBoolean,      // text: TRUE or FALSE
    kUnknown,      // UNKNOWN
    kNull,         // NULL
    kDate,         // text: yyyy-MM-dd, checked
    kTime,         // text: HH:mm:ss[.f], checked
    kTimestamp,    // text: yyyy-MM-dd HH:mm:ss[.f], checked
    kInterval,     // text: as written between the quotes; see `interval`, `negative`
    kSymbol,       // text: an upper-case key word that stands as an operand (BOTH, a time unit, ...)
  };

  Type type = Type::kNull;
  std::string text;
  // A minus that belongs to the literal: -1 is one literal (as in Calcite), INTERVAL -'1' DAY too.
  bool negative = false;
  // kTime, kTimestamp: fractional digits as written.
  int32_t precision = 0;
  // kString: character set as written before the quote (_UTF16'x'), UTF16 for U&'x'; empty if none.
  std::string charset;
  // kString, kBinary: the pieces when the literal was written in several ('a' 'b'); empty otherwise. `text` is all of
  // them together.
  std::vector<std::string> fragments;
  // kInterval only.
  std::shared_ptr<const IntervalQualifier> interval;
};

// a, `a b`, a.b.c, a.*, *
struct Identifier : NodeOf<NodeKind::kIdentifier, Expr> {
  struct Part {
    std::string name;  // case kept
    bool quoted = false;
    SourceRange range;
  };

  std::vector<Part> parts;  // without the star
  bool star = false;        // ends in '*'; a lone '*' has no parts
  // Written as a word that names a built-in without parentheses: CURRENT_DATE, LOCALTIMESTAMP, USER, ...
  bool context_variable = false;
};

// ? (position from 0)
struct DynamicParam : NodeOf<NodeKind::kDynamicParam, Expr> {
  int32_t index = 0;
};

struct OrderItem {
  ExprPtr expr;
  bool descending = false;
  std::optional<bool> nulls_first;  // as written
};

enum class SetQuantifier : uint8_t { kNone, kDistinct, kAll };
enum class NullTreatment : uint8_t { kNone, kRespectNulls, kIgnoreNulls };

struct WindowBound {
  enum class Type : uint8_t { kUnboundedPreceding, kPreceding, kCurrentRow, kFollowing, kUnboundedFollowing };
  Type type = Type::kCurrentRow;
  ExprPtr offset;  // kPreceding, kFollowing
};

// ([base] [PARTITION BY ..] [ORDER BY ..] [ROWS|RANGE ..]) behind OVER or in WINDOW w AS (...)
struct WindowSpec : NodeOf<NodeKind::kWindowSpec, Expr> {
  std::shared_ptr<const Identifier> name;  // WINDOW name AS (...); null behind OVER
  std::shared_ptr<const Identifier> base;  // the window that this one refines; null if none
  std::vector<ExprPtr> partition_by;
  std::vector<OrderItem> order_by;
  bool rows = false;                 // ROWS; otherwise RANGE
  std::optional<WindowBound> lower;  // absent: no frame was written
  std::optional<WindowBound> upper;  // present with BETWEEN only
  std::optional<bool> allow_partial;
};

// Any operator or function with operands. See Op for the operands of each.
struct Call : NodeOf<NodeKind::kCall, Expr> {
  Op op = Op::kFunction;
  // kFunction: the name as written (case kept, may be compound), kJdbcFunction too. Null otherwise.
  std::shared_ptr<const Identifier> name;
  // A null pointer is an operand that was left out (see kTrim).
  std::vector<ExprPtr> operands;

  // What may follow a function's operands.
  SetQuantifier quantifier = SetQuantifier::kNone;
  NullTreatment null_treatment = NullTreatment::kNone;
  std::vector<OrderItem> order_by;       // inside the parentheses: ARRAY_AGG(x ORDER BY y)
  std::vector<ExprPtr> within_distinct;  // WITHIN DISTINCT (...)
  std::vector<OrderItem> within_group;   // WITHIN GROUP (ORDER BY ...)
  ExprPtr filter;                        // FILTER (WHERE ...)
  // OVER: a WindowSpec or the Identifier of a named window.
  ExprPtr over;
  // kRow: the word ROW was written.
  bool explicit_row = false;
  // kFunction: SPECIFIC name(...).
  bool specific = false;

  // kFunction: the last part of the name in upper case (how built-ins are looked up); otherwise the operator's own
  // name.
  std::string FunctionName() const;
};

// CASE. The simple form is rewritten as Calcite does: CASE x WHEN 1 becomes WHEN x = 1, WHEN 1, 2 becomes WHEN x IN (1,
// 2).
struct Case : NodeOf<NodeKind::kCase, Expr> {
  struct Branch {
    ExprPtr when;
    ExprPtr then;
  };
  std::vector<Branch> branches;
  ExprPtr otherwise;  // null: no ELSE was written, which means NULL
};

// CAST and TRY_CAST
struct Cast : NodeOf<NodeKind::kCast, Expr> {
  ExprPtr operand;
  TypeSpecPtr type;  // intervals too: TypeSpec::Name::kInterval
  bool is_try = false;
};

// What JSON_VALUE, JSON_QUERY or JSON_EXISTS do ON EMPTY or ON ERROR.
struct JsonBehavior {
  enum class Type : uint8_t { kError, kNull, kDefault, kTrue, kFalse, kUnknown, kEmptyArray, kEmptyObject };
  Type type = Type::kNull;
  ExprPtr default_value;  // kDefault only
};

struct JsonCall : NodeOf<NodeKind::kJsonCall, Expr> {
  enum class Function : uint8_t { kExists, kValue, kQuery, kObject, kObjectAgg, kArray, kArrayAgg };
  enum class Wrapper : uint8_t { kNone, kWithout, kConditional, kUnconditional };
  enum class NullClause : uint8_t { kUnspecified, kNullOnNull, kAbsentOnNull };

  Function function = Function::kValue;
  // kExists, kValue, kQuery: the document and the path. kObject, kObjectAgg: key, value, key, value ... kArray,
  // kArrayAgg: the items. A value written with FORMAT JSON is a Call of kFormatJson.
  std::vector<ExprPtr> operands;
  TypeSpecPtr returning;
  std::optional<JsonBehavior> on_empty;
  std::optional<JsonBehavior> on_error;
  bool error_first = false;  // ON ERROR was written before ON EMPTY
  Wrapper wrapper = Wrapper::kNone;
  NullClause null_clause = NullClause::kUnspecified;
  std::vector<OrderItem> order_by;      // JSON_ARRAYAGG(x ORDER BY y)
  std::vector<OrderItem> within_group;  // JSON_ARRAYAGG(x) WITHIN GROUP (ORDER BY y)
};

// A query that stands where an expression stands: scalar, or the operand of IN, EXISTS, SOME, ARRAY(...), CURSOR(...),
// a table argument.
struct Subquery : NodeOf<NodeKind::kSubquery, Expr> {
  QueryPtr query;
};

// A parenthesised list that is no row: the right side of IN, an empty grouping set.
struct ExprList : NodeOf<NodeKind::kExprList, Expr> {
  std::vector<ExprPtr> items;
};

// A table argument with set semantics: TABLE t PARTITION BY (a) ORDER BY b. Without the clauses it is a Subquery of an
// ExplicitTable.
struct TableArgument : NodeOf<NodeKind::kTableArgument, Expr> {
  ExprPtr table;  // mostly a Subquery
  std::vector<ExprPtr> partition_by;
  std::vector<OrderItem> order_by;
};

using LiteralPtr = std::shared_ptr<const Literal>;
using IdentifierPtr = std::shared_ptr<const Identifier>;
using WindowSpecPtr = std::shared_ptr<const WindowSpec>;
using CallPtr = std::shared_ptr<const Call>;

}  // namespace millrace::sql
