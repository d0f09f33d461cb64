// Flink's logical types. A DataType is a small value; copies are cheap.
// Source of names and ranges: Flink 1.20, "Data Types" page; text forms as LogicalType.asSummaryString().
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace millrace {

enum class TypeKind : uint8_t {
  kNull,  // the type of an untyped NULL literal
  kBoolean,
  kTinyint,
  kSmallint,
  kInt,
  kBigint,
  kFloat,
  kDouble,
  kDecimal,
  kChar,
  kVarchar,  // STRING is VARCHAR(2147483647)
  kBinary,
  kVarbinary,  // BYTES is VARBINARY(2147483647)
  kDate,
  kTime,
  kTimestamp,     // without time zone
  kTimestampLtz,  // an instant, shown in the session's zone
  kIntervalYearMonth,
  kIntervalDayTime,
  kArray,
  kMap,
  kMultiset,
  kRow,
  kRaw,         // only a name; values of it cannot be made in SQL
  kDescriptor,  // DESCRIPTOR(col) argument of a window table function; never a column's type
};

// How values of a type lie in a column's memory.
enum class PhysicalKind : uint8_t {
  kNone,       // kNull: validity only
  kBool,       // uint8_t, 0 or 1
  kInt8,       // TINYINT
  kInt16,      // SMALLINT
  kInt32,      // INT, DATE (days since 1970-01-01), TIME (milliseconds of the day), INTERVAL YEAR TO MONTH (months)
  kInt64,      // BIGINT, INTERVAL DAY TO SECOND (milliseconds)
  kFloat,      // FLOAT
  kDouble,     // DOUBLE
  kInt128,     // DECIMAL: the unscaled value
  kTimestamp,  // struct Timestamp: TIMESTAMP and TIMESTAMP_LTZ of every precision
  kString,     // struct StringRef: CHAR, VARCHAR (UTF-8), BINARY, VARBINARY
  kList,  // struct ListRef into child columns: ARRAY (one child), MAP (keys, values), MULTISET (elements, INT counts)
  kRow,   // child columns of the same length
};

// The fields an interval type is declared with; values keep months or milliseconds whatever the fields are.
enum class IntervalFields : uint8_t {
  kYear,
  kYearToMonth,
  kMonth,
  kDay,
  kDayToHour,
  kDayToMinute,
  kDayToSecond,
  kHour,
  kHourToMinute,
  kHourToSecond,
  kMinute,
  kMinuteToSecond,
  kSecond,
};

// Whether a timestamp column carries event time or processing time. Not part of equality or of the text form.
enum class TimeAttribute : uint8_t { kNone, kRowtime, kProctime };

struct Field;

class DataType {
 public:
  static constexpr int32_t kMaxLength = 2147483647;

  DataType() = default;  // NULL

  static DataType Null();
  static DataType Boolean();
  static DataType Tinyint();
  static DataType Smallint();
  static DataType Int();
  static DataType Bigint();
  static DataType Float();
  static DataType Double();
  static DataType Decimal(int32_t precision, int32_t scale);
  static DataType Char(int32_t length);
  static DataType Varchar(int32_t length);
  static DataType String() { return Varchar(kMaxLength); }
  static DataType Binary(int32_t length);
  static DataType Varbinary(int32_t length);
  static DataType Bytes() { return Varbinary(kMaxLength); }
  static DataType Date();
  static DataType Time(int32_t precision = 0);
  static DataType Timestamp(int32_t precision = 6);
  static DataType TimestampLtz(int32_t precision = 6);
  // `leading` is the precision of years or days, `fraction` that of seconds.
  static DataType Interval(IntervalFields fields, int32_t leading = 2, int32_t fraction = 6);
  static DataType Array(DataType element);
  static DataType Map(DataType key, DataType value);
  static DataType Multiset(DataType element);
  static DataType Row(std::vector<Field> fields);
  static DataType Raw(std::string class_name);
  static DataType Descriptor();

  TypeKind kind() const { return kind_; }
  bool nullable() const { return nullable_; }
  // DECIMAL, TIME, TIMESTAMP*: precision. Intervals: leading precision.
  int32_t precision() const { return precision_; }
  // CHAR, VARCHAR, BINARY, VARBINARY: length in code points or bytes.
  int32_t length() const { return precision_; }
  // DECIMAL: scale. INTERVAL DAY TO SECOND: precision of the seconds' fraction.
  int32_t scale() const { return scale_; }
  IntervalFields interval_fields() const { return interval_fields_; }
  TimeAttribute time_attribute() const { return time_attribute_; }
  // ROW: the fields. ARRAY and MULTISET: one, the element. MAP: key, value. Otherwise empty.
  const std::vector<Field>& fields() const;
  const DataType& element() const;  // ARRAY, MULTISET
  const DataType& key() const;      // MAP
  const DataType& value() const;    // MAP
  PhysicalKind physical() const;

  DataType WithNullable(bool nullable) const {
    DataType copy = *this;
    copy.nullable_ = nullable;
    return copy;
  }
  DataType NotNull() const { return WithNullable(false); }
  DataType Nullable() const { return WithNullable(true); }
  DataType WithTimeAttribute(TimeAttribute attribute) const {
    DataType copy = *this;
    copy.time_attribute_ = attribute;
    return copy;
  }

  bool Is(TypeKind kind) const { return kind_ == kind; }
  bool IsString() const { return kind_ == TypeKind::kChar || kind_ == TypeKind::kVarchar; }
  bool IsBinaryString() const { return kind_ == TypeKind::kBinary || kind_ == TypeKind::kVarbinary; }
  bool IsInteger() const { return kind_ >= TypeKind::kTinyint && kind_ <= TypeKind::kBigint; }
  bool IsExactNumeric() const { return IsInteger() || kind_ == TypeKind::kDecimal; }
  bool IsApproximateNumeric() const { return kind_ == TypeKind::kFloat || kind_ == TypeKind::kDouble; }
  bool IsNumeric() const { return IsExactNumeric() || IsApproximateNumeric(); }
  bool IsTimestampLike() const { return kind_ == TypeKind::kTimestamp || kind_ == TypeKind::kTimestampLtz; }
  bool IsDateTime() const { return kind_ == TypeKind::kDate || kind_ == TypeKind::kTime || IsTimestampLike(); }
  bool IsInterval() const { return kind_ == TypeKind::kIntervalYearMonth || kind_ == TypeKind::kIntervalDayTime; }
  bool IsCollection() const { return physical() == PhysicalKind::kList; }
  bool IsTimeAttribute() const { return time_attribute_ != TimeAttribute::kNone; }

  // Equal in everything but time attributes; nullability counts at every depth.
  bool operator==(const DataType& other) const;
  // Equal whatever the nullability at any depth and the names of ROW fields are.
  bool SameIgnoringNullability(const DataType& other) const;

  // Flink's summary, e.g. "DECIMAL(10, 2) NOT NULL", "ROW<`a` INT, `b` STRING>". STRING and BYTES are written so.
  std::string ToString() const;

 private:
  DataType(TypeKind kind, int32_t precision, int32_t scale) : kind_(kind), precision_(precision), scale_(scale) {}

  TypeKind kind_ = TypeKind::kNull;
  bool nullable_ = true;
  IntervalFields interval_fields_ = IntervalFields::kDayToSecond;
  TimeAttribute time_attribute_ = TimeAttribute::kNone;
  int32_t precision_ = 0;
  int32_t scale_ = 0;
  std::shared_ptr<const std::vector<Field>> fields_;
  std::shared_ptr<const std::string> raw_class_;
};

struct Field {
  std::string name;
  DataType type;
  std::string comment;
  bool operator==(const Field& other) const { return name == other.name && type == other.type; }
};

// The columns of a relation, in order.
struct Schema {
  std::vector<Field> fields;

  size_t size() const { return fields.size(); }
  const Field& operator[](size_t index) const { return fields[index]; }
  // Index of the first field of that name (case-sensitive), or -1.
  int32_t Find(std::string_view name) const;
};

}  // namespace millrace
