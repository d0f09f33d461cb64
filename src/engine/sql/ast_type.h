// Data types as written in SQL, and interval qualifiers.
#pragma once

#include "engine/sql/ast_base.h"

namespace millrace::sql {

struct Identifier;
struct Literal;
struct TypeSpec;
using TypeSpecPtr = std::shared_ptr<const TypeSpec>;

enum class TimeUnit : uint8_t {
  kYear,
  kQuarter,
  kMonth,
  kWeek,
  kDay,
  kHour,
  kMinute,
  kSecond,
  kMillisecond,
  kMicrosecond,
  kNanosecond,
  kDow,
  kDoy,
  kIsoDow,
  kIsoYear,
  kEpoch,
  kDecade,
  kCentury,
  kMillennium,
};
std::string_view TimeUnitName(TimeUnit unit);

// YEAR(4) TO MONTH, SECOND(3, 6), or just a unit as in EXTRACT(unit FROM x) and FLOOR(x TO unit).
struct IntervalQualifier : NodeOf<NodeKind::kIntervalQualifier, Expr> {
  TimeUnit start = TimeUnit::kDay;
  std::optional<TimeUnit> end;
  std::optional<int32_t> start_precision;
  std::optional<int32_t> fractional_precision;  // of seconds
  // WEEK(MONDAY) and other units that only a name gives; empty otherwise.
  std::string time_frame;
};

struct TypeSpec : NodeOf<NodeKind::kTypeSpec, Node> {
  enum class Name : uint8_t {
    kBoolean,
    kTinyint,
    kSmallint,
    kInteger,
    kBigint,
    kReal,
    kFloat,
    kDouble,
    kDecimal,
    kChar,
    kVarchar,
    kBinary,
    kVarbinary,
    kString,  // VARCHAR(2147483647)
    kBytes,   // VARBINARY(2147483647)
    kDate,
    kTime,
    kTimeLtz,  // TIME(p) WITH LOCAL TIME ZONE
    kTimestamp,
    kTimestampLtz,
    kInterval,  // only in CAST
    kAny,
    kRaw,
    kArray,
    kMultiset,
    kMap,
    kRow,
    kUserDefined,
  };
  struct Field {
    std::shared_ptr<const Identifier> name;
    TypeSpecPtr type;
    std::shared_ptr<const Literal> comment;  // ROW<a INT 'comment'>; null if none
  };

  Name name = Name::kBoolean;
  // False after NOT NULL. `nullability_written` tells NULL from nothing (types are nullable by default in Flink).
  bool nullable = true;
  bool nullability_written = false;
  std::optional<int32_t> precision;  // length of CHAR and BINARY too
  std::optional<int32_t> scale;
  std::string charset;  // CHAR(3) CHARACTER SET x
  // kArray, kMultiset: one; kMap: key and value.
  std::vector<TypeSpecPtr> elements;
  std::vector<Field> fields;                              // kRow
  std::shared_ptr<const IntervalQualifier> interval;      // kInterval
  std::shared_ptr<const Identifier> user_defined;         // kUserDefined
  std::shared_ptr<const Node> raw_class, raw_serializer;  // kRaw: string literals
  // How it was written, for the unparser: `INT ARRAY` rather than ARRAY<INT>; ROW(...) rather than ROW<...>;
  // TIMESTAMP_LTZ rather than TIMESTAMP WITH LOCAL TIME ZONE.
  bool standard_syntax = false;
  std::string alias;
  // Whether the ARRAY or MULTISET's element takes [NOT] NULL (Flink's own grammar, not Calcite's).
  bool extended = false;
};

}  // namespace millrace::sql
