// The table of operators. Precedences are Calcite's (SqlStdOperatorTable).
#include "engine/sql/ast_operator.h"

namespace millrace::sql {
namespace {

constexpr OpInfo Infix(std::string_view name, int precedence) {
  return {name, OpSyntax::kBinary, precedence, precedence + 1};
}
constexpr OpInfo Prefix(std::string_view name, int precedence) {
  return {name, OpSyntax::kPrefix, precedence, precedence + 1};
}
constexpr OpInfo Postfix(std::string_view name, int precedence) {
  return {name, OpSyntax::kPostfix, precedence, precedence + 1};
}
constexpr OpInfo Special(std::string_view name, int left, int right) { return {name, OpSyntax::kSpecial, left, right}; }
// Calls print their own parentheses: nothing binds tighter.
constexpr OpInfo Function(std::string_view name) { return {name, OpSyntax::kFunction, 100, 100}; }

constexpr OpInfo kFunctionInfo = Function("");
constexpr OpInfo kAndInfo = Infix("AND", 24);
constexpr OpInfo kOrInfo = Infix("OR", 22);
constexpr OpInfo kNotInfo = Prefix("NOT", 26);
constexpr OpInfo kExistsInfo = Prefix("EXISTS", 40);
constexpr OpInfo kUniqueInfo = Prefix("UNIQUE", 40);

// In groups, by enumerator.
constexpr OpInfo kComparisons[] = {Infix("=", 30),
                                   Infix("<>", 30),
                                   Infix("<", 30),
                                   Infix("<=", 30),
                                   Infix(">", 30),
                                   Infix(">=", 30),
                                   Infix("IS DISTINCT FROM", 30),
                                   Infix("IS NOT DISTINCT FROM", 30)};
constexpr OpInfo kQuantified[] = {Infix("= SOME", 32), Infix("<> SOME", 32), Infix("< SOME", 32), Infix("<= SOME", 32),
                                  Infix("> SOME", 32), Infix(">= SOME", 32), Infix("= ALL", 32),  Infix("<> ALL", 32),
                                  Infix("< ALL", 32),  Infix("<= ALL", 32),  Infix("> ALL", 32),  Infix(">= ALL", 32),
                                  Infix("IN", 32),     Infix("NOT IN", 32)};
constexpr OpInfo kBetweens[] = {Special("BETWEEN", 32, 33), Special("NOT BETWEEN", 32, 33), Special("BETWEEN", 32, 33),
                                Special("NOT BETWEEN", 32, 33)};
constexpr OpInfo kLikes[] = {
    Special("LIKE", 33, 32),       Special("NOT LIKE", 33, 32),       Special("ILIKE", 33, 32),
    Special("NOT ILIKE", 33, 32),  Special("RLIKE", 33, 32),          Special("NOT RLIKE", 33, 32),
    Special("SIMILAR TO", 33, 32), Special("NOT SIMILAR TO", 33, 32), Special("ESCAPE", 0, 1)};
constexpr OpInfo kTests[] = {Postfix("IS NULL", 28),        Postfix("IS NOT NULL", 28),
                             Postfix("IS TRUE", 28),        Postfix("IS NOT TRUE", 28),
                             Postfix("IS FALSE", 28),       Postfix("IS NOT FALSE", 28),
                             Postfix("IS UNKNOWN", 28),     Postfix("IS NOT UNKNOWN", 28),
                             Postfix("IS A SET", 28),       Postfix("IS NOT A SET", 28),
                             Postfix("IS EMPTY", 28),       Postfix("IS NOT EMPTY", 28),
                             Postfix("IS JSON VALUE", 28),  Postfix("IS NOT JSON VALUE", 28),
                             Postfix("IS JSON OBJECT", 28), Postfix("IS NOT JSON OBJECT", 28),
                             Postfix("IS JSON ARRAY", 28),  Postfix("IS NOT JSON ARRAY", 28),
                             Postfix("IS JSON SCALAR", 28), Postfix("IS NOT JSON SCALAR", 28),
                             Postfix("FORMAT JSON", 28)};
constexpr OpInfo kArithmetic[] = {Prefix("+", 80), Prefix("-", 80), Infix("+", 40), Infix("-", 40),
                                  Infix("*", 60),  Infix("/", 60),  Infix("%", 60), Infix("||", 60)};
constexpr OpInfo kMinusDateInfo = Special("-", 40, 41);
constexpr OpInfo kMultisets[] = {Infix("MEMBER OF", 30),
                                 Infix("SUBMULTISET OF", 30),
                                 Infix("NOT SUBMULTISET OF", 30),
                                 Infix("MULTISET UNION ALL", 12),
                                 Infix("MULTISET UNION DISTINCT", 12),
                                 Infix("MULTISET INTERSECT ALL", 14),
                                 Infix("MULTISET INTERSECT DISTINCT", 14),
                                 Infix("MULTISET EXCEPT ALL", 12),
                                 Infix("MULTISET EXCEPT DISTINCT", 12),
                                 Infix("CONTAINS", 30),
                                 Infix("OVERLAPS", 30),
                                 Infix("EQUALS", 30),
                                 Infix("PRECEDES", 30),
                                 Infix("SUCCEEDS", 30),
                                 Infix("IMMEDIATELY PRECEDES", 30),
                                 Infix("IMMEDIATELY SUCCEEDS", 30)};
constexpr OpInfo kItemInfo = Special("ITEM", 100, 101);
constexpr OpInfo kDotInfo = Special("DOT", 100, 101);

const OpInfo& Group(const OpInfo* group, Op op, Op first) {
  return group[static_cast<size_t>(op) - static_cast<size_t>(first)];
}

// Operators that are written like calls, in the order of the enumerators from kRow on.
constexpr OpInfo kCalls[] = {
    Special("ROW", 201, 200),
    Special("ARRAY", 201, 200),
    Special("MAP", 201, 200),
    Special("MULTISET", 201, 200),
    Special("ARRAY", 201, 200),
    Special("MAP", 201, 200),
    Special("MULTISET", 201, 200),
    Special("CURSOR", 201, 200),
    Prefix("NEW", 0),
    Function("DEFAULT"),
    Special("=>", 20, 21),
    Function("DESCRIPTOR"),
    Special("INTERVAL", 0, 1),
    Function("EXTRACT"),
    Function("POSITION"),
    Function("CONVERT"),
    Function("TRANSLATE"),
    Function("TRANSLATE3"),
    Function("OVERLAY"),
    Function("FLOOR"),
    Function("CEIL"),
    Function("SUBSTRING"),
    Function("TRIM"),
    Function("TIMESTAMPADD"),
    Function("TIMESTAMPDIFF"),
    Function("TUMBLE"),
    Function("HOP"),
    Function("SESSION"),
    Function("CLASSIFIER"),
    Function("MATCH_NUMBER"),
    Function("FIRST"),
    Function("LAST"),
    Function("PREV"),
    Function("NEXT"),
    Prefix("RUNNING", 80),
    Prefix("FINAL", 80),
    Special("NEXT VALUE FOR", 100, 101),
    Special("CURRENT VALUE FOR", 100, 101),
    Function("{fn"),
    Special("SEPARATOR", 20, 20),
    Special("GROUPING SETS", 4, 5),
    Special("ROLLUP", 4, 5),
    Special("CUBE", 4, 5),
    Infix("|", 70),
    Infix("", 80),
    Special("PATTERN_QUANTIFIER", 90, 91),
    Special("PATTERN_PERMUTE", 100, 101),
    Special("PATTERN_EXCLUDE", 100, 101),
};
static_assert(std::size(kCalls) == static_cast<size_t>(Op::kPatternExclude) - static_cast<size_t>(Op::kRow) + 1);

}  // namespace

const OpInfo& GetOpInfo(Op op) {
  if (op >= Op::kRow) return Group(kCalls, op, Op::kRow);
  if (op == Op::kItem) return kItemInfo;
  if (op == Op::kDot) return kDotInfo;
  if (op >= Op::kMemberOf) return Group(kMultisets, op, Op::kMemberOf);
  if (op == Op::kMinusDate) return kMinusDateInfo;
  if (op >= Op::kUnaryPlus) return Group(kArithmetic, op, Op::kUnaryPlus);
  if (op >= Op::kIsNull) return Group(kTests, op, Op::kIsNull);
  if (op == Op::kExists) return kExistsInfo;
  if (op == Op::kUnique) return kUniqueInfo;
  if (op >= Op::kLike) return Group(kLikes, op, Op::kLike);
  if (op >= Op::kBetween) return Group(kBetweens, op, Op::kBetween);
  if (op >= Op::kSomeEquals) return Group(kQuantified, op, Op::kSomeEquals);
  if (op >= Op::kEquals) return Group(kComparisons, op, Op::kEquals);
  if (op == Op::kAnd) return kAndInfo;
  if (op == Op::kOr) return kOrInfo;
  if (op == Op::kNot) return kNotInfo;
  return kFunctionInfo;
}

}  // namespace millrace::sql
