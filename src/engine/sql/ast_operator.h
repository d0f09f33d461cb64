// Operators of expressions: one enumerator each, with the facts that parser and unparser share (name, syntax,
// precedence).
#pragma once

#include <cstdint>
#include <string_view>

namespace millrace::sql {

// What a Call does. kFunction is a call by name (Call::name); everything else has a syntax of its own. The comment
// gives the operands.
enum class Op : uint8_t {
  kFunction,  // name(operands...)
  // logic
  kAnd,
  kOr,
  kNot,
  // comparison
  kEquals,
  kNotEquals,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
  kIsDistinctFrom,
  kIsNotDistinctFrom,
  // x = SOME (...) and so on: operands are the value and an ExprList or a Subquery. ANY is written SOME.
  kSomeEquals,
  kSomeNotEquals,
  kSomeLess,
  kSomeLessOrEqual,
  kSomeGreater,
  kSomeGreaterOrEqual,
  kAllEquals,
  kAllNotEquals,
  kAllLess,
  kAllLessOrEqual,
  kAllGreater,
  kAllGreaterOrEqual,
  kIn,  // value, ExprList or Subquery
  kNotIn,
  kBetween,  // value, low, high
  kNotBetween,
  kBetweenSymmetric,
  kNotBetweenSymmetric,
  kLike,  // value, pattern[, escape]
  kNotLike,
  kILike,
  kNotILike,
  kRLike,
  kNotRLike,
  kSimilarTo,
  kNotSimilarTo,
  kEscape,  // only while parsing; never in a finished tree
  kExists,  // Subquery
  kUnique,  // Subquery
  // tests behind a value
  kIsNull,
  kIsNotNull,
  kIsTrue,
  kIsNotTrue,
  kIsFalse,
  kIsNotFalse,
  kIsUnknown,
  kIsNotUnknown,
  kIsASet,
  kIsNotASet,
  kIsEmpty,
  kIsNotEmpty,
  kIsJsonValue,
  kIsNotJsonValue,
  kIsJsonObject,
  kIsNotJsonObject,
  kIsJsonArray,
  kIsNotJsonArray,
  kIsJsonScalar,
  kIsNotJsonScalar,
  kFormatJson,  // value FORMAT JSON
  // arithmetic and text
  kUnaryPlus,
  kUnaryMinus,
  kPlus,
  kMinus,
  kMultiply,
  kDivide,
  kModulo,     // %
  kConcat,     // ||
  kMinusDate,  // (a - b) qualifier: a, b, IntervalQualifier
  // multisets and periods
  kMemberOf,
  kSubmultisetOf,
  kNotSubmultisetOf,
  kMultisetUnion,  // MULTISET UNION ALL
  kMultisetUnionDistinct,
  kMultisetIntersect,
  kMultisetIntersectDistinct,
  kMultisetExcept,
  kMultisetExceptDistinct,
  kContains,
  kOverlaps,
  kPeriodEquals,
  kPrecedes,
  kSucceeds,
  kImmediatelyPrecedes,
  kImmediatelySucceeds,
  // access and constructors
  kItem,           // value[index]: value, index
  kDot,            // (value).field or value.method(...): value, Identifier or Call
  kRow,            // ROW(...) or (a, b)
  kArray,          // ARRAY[...]
  kMap,            // MAP[k, v, ...]
  kMultiset,       // MULTISET[...]
  kArrayQuery,     // ARRAY(query): Subquery
  kMapQuery,       // MAP(query)
  kMultisetQuery,  // MULTISET(query)
  kCursor,         // CURSOR(query)
  kNew,            // NEW type(...): Call
  // calls with a syntax of their own
  kDefault,         // DEFAULT: none
  kNamedArgument,   // name => value: value, Identifier
  kDescriptor,      // DESCRIPTOR(a, b): Identifiers
  kInterval,        // INTERVAL expr DAY: value, IntervalQualifier
  kExtract,         // EXTRACT(unit FROM x): IntervalQualifier, value
  kPosition,        // POSITION(a IN b [FROM c]): a, b[, c]
  kConvert,         // CONVERT(x USING name): value, Identifier
  kTranslateUsing,  // TRANSLATE(x USING name): value, Identifier
  kTranslate3,      // TRANSLATE(a, b, c)
  kOverlay,         // OVERLAY(a PLACING b FROM c [FOR d])
  kFloor,           // FLOOR(x [TO unit]): value[, IntervalQualifier]
  kCeil,            // CEIL(x [TO unit])
  kSubstring,       // SUBSTRING(a FROM b [FOR c])
  kTrim,            // TRIM([flag] [chars] FROM x): symbol BOTH, LEADING or TRAILING; chars or null pointer; value
  kTimestampAdd,    // TIMESTAMPADD(unit, n, ts): symbol, n, ts
  kTimestampDiff,   // TIMESTAMPDIFF(unit, a, b)
  kGroupTumble,     // TUMBLE(time, size[, offset]) in GROUP BY; also the name of the table function
  kGroupHop,        // HOP(time, slide, size[, offset])
  kGroupSession,    // SESSION(time, gap[, offset])
  kClassifier,      // CLASSIFIER()
  kMatchNumber,     // MATCH_NUMBER()
  kFirst,           // FIRST(x, n) of MATCH_RECOGNIZE
  kLast,            // LAST(x, n)
  kPrev,            // PREV(x, n)
  kNext,            // NEXT(x, n)
  kRunning,         // RUNNING call
  kFinal,           // FINAL call
  kNextValue,       // NEXT VALUE FOR sequence: Identifier
  kCurrentValue,    // CURRENT VALUE FOR sequence
  kJdbcFunction,    // {fn NAME(...)}
  kSeparator,       // SEPARATOR 'x' of GROUP_CONCAT: literal
  // grouping elements (only in GroupBy)
  kGroupingSets,
  kRollup,
  kCube,
  // row patterns of MATCH_RECOGNIZE
  kPatternAlternate,   // a | b
  kPatternConcat,      // a b
  kPatternQuantifier,  // pattern, least, most (-1: none), boolean reluctant
  kPatternPermute,     // PERMUTE(a, b)
  kPatternExclude,     // {- a -}
};

enum class OpSyntax : uint8_t { kFunction, kBinary, kPrefix, kPostfix, kSpecial };

struct OpInfo {
  std::string_view name;  // as written between or around the operands
  OpSyntax syntax;
  // Calcite's precedences: the higher binds tighter, the right one is one higher for what associates to the left.
  int left_precedence;
  int right_precedence;
};

const OpInfo& GetOpInfo(Op op);

}  // namespace millrace::sql
