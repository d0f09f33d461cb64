#include "types/data_type.h"

#include <fmt/format.h>

#include "base/check.h"

namespace millrace {

DataType DataType::Null() { return DataType(); }
DataType DataType::Boolean() { return DataType(TypeKind::kBoolean, 0, 0); }
DataType DataType::Tinyint() { return DataType(TypeKind::kTinyint, 0, 0); }
DataType DataType::Smallint() { return DataType(TypeKind::kSmallint, 0, 0); }
DataType DataType::Int() { return DataType(TypeKind::kInt, 0, 0); }
DataType DataType::Bigint() { return DataType(TypeKind::kBigint, 0, 0); }
DataType DataType::Float() { return DataType(TypeKind::kFloat, 0, 0); }
DataType DataType::Double() { return DataType(TypeKind::kDouble, 0, 0); }
DataType DataType::Decimal(int32_t precision, int32_t scale) { return DataType(TypeKind::kDecimal, precision, scale); }
DataType DataType::Char(int32_t length) { return DataType(TypeKind::kChar, length, 0); }
DataType DataType::Varchar(int32_t length) { return DataType(TypeKind::kVarchar, length, 0); }
DataType DataType::Binary(int32_t length) { return DataType(TypeKind::kBinary, length, 0); }
DataType DataType::Varbinary(int32_t length) { return DataType(TypeKind::kVarbinary, length, 0); }
DataType DataType::Date() { return DataType(TypeKind::kDate, 0, 0); }
DataType DataType::Time(int32_t precision) { return DataType(TypeKind::kTime, precision, 0); }
DataType DataType::Timestamp(int32_t precision) { return DataType(TypeKind::kTimestamp, precision, 0); }
DataType DataType::TimestampLtz(int32_t precision) { return DataType(TypeKind::kTimestampLtz, precision, 0); }

DataType DataType::Interval(IntervalFields fields, int32_t leading, int32_t fraction) {
  bool months = fields <= IntervalFields::kMonth;
  DataType type(months ? TypeKind::kIntervalYearMonth : TypeKind::kIntervalDayTime, leading, months ? 0 : fraction);
  type.interval_fields_ = fields;
  return type;
}

namespace {
std::shared_ptr<const std::vector<Field>> Children(std::vector<Field> fields) {
  return std::make_shared<const std::vector<Field>>(std::move(fields));
}
}  // namespace

DataType DataType::Array(DataType element) {
  DataType type(TypeKind::kArray, 0, 0);
  type.fields_ = Children({{"element", std::move(element), ""}});
  return type;
}

DataType DataType::Map(DataType key, DataType value) {
  DataType type(TypeKind::kMap, 0, 0);
  type.fields_ = Children({{"key", std::move(key), ""}, {"value", std::move(value), ""}});
  return type;
}

DataType DataType::Multiset(DataType element) {
  DataType type(TypeKind::kMultiset, 0, 0);
  type.fields_ = Children({{"element", std::move(element), ""}});
  return type;
}

DataType DataType::Row(std::vector<Field> fields) {
  DataType type(TypeKind::kRow, 0, 0);
  type.fields_ = Children(std::move(fields));
  return type;
}

DataType DataType::Raw(std::string class_name) {
  DataType type(TypeKind::kRaw, 0, 0);
  type.raw_class_ = std::make_shared<const std::string>(std::move(class_name));
  return type;
}

DataType DataType::Descriptor() { return DataType(TypeKind::kDescriptor, 0, 0); }

const std::vector<Field>& DataType::fields() const {
  static const std::vector<Field> empty;
  return fields_ ? *fields_ : empty;
}

const DataType& DataType::element() const {
  MR_CHECK(kind_ == TypeKind::kArray || kind_ == TypeKind::kMultiset);
  return (*fields_)[0].type;
}

const DataType& DataType::key() const {
  MR_CHECK(kind_ == TypeKind::kMap);
  return (*fields_)[0].type;
}

const DataType& DataType::value() const {
  MR_CHECK(kind_ == TypeKind::kMap);
  return (*fields_)[1].type;
}

PhysicalKind DataType::physical() const {
  switch (kind_) {
    case TypeKind::kNull:
    case TypeKind::kRaw:
    case TypeKind::kDescriptor:
      return PhysicalKind::kNone;
    case TypeKind::kBoolean:
      return PhysicalKind::kBool;
    case TypeKind::kTinyint:
      return PhysicalKind::kInt8;
    case TypeKind::kSmallint:
      return PhysicalKind::kInt16;
    case TypeKind::kInt:
    case TypeKind::kDate:
    case TypeKind::kTime:
    case TypeKind::kIntervalYearMonth:
      return PhysicalKind::kInt32;
    case TypeKind::kBigint:
    case TypeKind::kIntervalDayTime:
      return PhysicalKind::kInt64;
    case TypeKind::kFloat:
      return PhysicalKind::kFloat;
    case TypeKind::kDouble:
      return PhysicalKind::kDouble;
    case TypeKind::kDecimal:
      return PhysicalKind::kInt128;
    case TypeKind::kChar:
    case TypeKind::kVarchar:
    case TypeKind::kBinary:
    case TypeKind::kVarbinary:
      return PhysicalKind::kString;
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampLtz:
      return PhysicalKind::kTimestamp;
    case TypeKind::kArray:
    case TypeKind::kMap:
    case TypeKind::kMultiset:
      return PhysicalKind::kList;
    case TypeKind::kRow:
      return PhysicalKind::kRow;
  }
  return PhysicalKind::kNone;
}

bool DataType::operator==(const DataType& other) const {
  if (kind_ != other.kind_ || nullable_ != other.nullable_ || precision_ != other.precision_ || scale_ != other.scale_)
    return false;
  if (IsInterval() && interval_fields_ != other.interval_fields_) return false;
  if (kind_ == TypeKind::kRaw) return *raw_class_ == *other.raw_class_;
  return fields() == other.fields();
}

bool DataType::SameIgnoringNullability(const DataType& other) const {
  if (kind_ != other.kind_ || precision_ != other.precision_ || scale_ != other.scale_) return false;
  if (fields().size() != other.fields().size()) return false;
  for (size_t i = 0; i < fields().size(); ++i) {
    if (!fields()[i].type.SameIgnoringNullability(other.fields()[i].type)) return false;
  }
  return true;
}

namespace {

std::string IntervalText(const DataType& type) {
  int32_t p = type.precision();
  int32_t f = type.scale();
  switch (type.interval_fields()) {
    case IntervalFields::kYear:
      return fmt::format("INTERVAL YEAR({})", p);
    case IntervalFields::kYearToMonth:
      return fmt::format("INTERVAL YEAR({}) TO MONTH", p);
    case IntervalFields::kMonth:
      return "INTERVAL MONTH";
    case IntervalFields::kDay:
      return fmt::format("INTERVAL DAY({})", p);
    case IntervalFields::kDayToHour:
      return fmt::format("INTERVAL DAY({}) TO HOUR", p);
    case IntervalFields::kDayToMinute:
      return fmt::format("INTERVAL DAY({}) TO MINUTE", p);
    case IntervalFields::kDayToSecond:
      return fmt::format("INTERVAL DAY({}) TO SECOND({})", p, f);
    case IntervalFields::kHour:
      return "INTERVAL HOUR";
    case IntervalFields::kHourToMinute:
      return "INTERVAL HOUR TO MINUTE";
    case IntervalFields::kHourToSecond:
      return fmt::format("INTERVAL HOUR TO SECOND({})", f);
    case IntervalFields::kMinute:
      return "INTERVAL MINUTE";
    case IntervalFields::kMinuteToSecond:
      return fmt::format("INTERVAL MINUTE TO SECOND({})", f);
    case IntervalFields::kSecond:
      return fmt::format("INTERVAL SECOND({})", f);
  }
  return "INTERVAL";
}

std::string QuoteIdentifier(const std::string& name) {
  std::string quoted = "`";
  for (char c : name) {
    if (c == '`') quoted += '`';
    quoted += c;
  }
  return quoted + "`";
}

std::string RowText(const DataType& type) {
  std::string text = "ROW<";
  for (size_t i = 0; i < type.fields().size(); ++i) {
    const Field& field = type.fields()[i];
    if (i > 0) text += ", ";
    text += QuoteIdentifier(field.name) + " " + field.type.ToString();
    if (!field.comment.empty()) text += " '" + field.comment + "'";
  }
  return text + ">";
}

std::string KindText(const DataType& type, const std::string* raw_class) {
  int32_t p = type.precision();
  switch (type.kind()) {
    case TypeKind::kNull:
      return "NULL";
    case TypeKind::kBoolean:
      return "BOOLEAN";
    case TypeKind::kTinyint:
      return "TINYINT";
    case TypeKind::kSmallint:
      return "SMALLINT";
    case TypeKind::kInt:
      return "INT";
    case TypeKind::kBigint:
      return "BIGINT";
    case TypeKind::kFloat:
      return "FLOAT";
    case TypeKind::kDouble:
      return "DOUBLE";
    case TypeKind::kDecimal:
      return fmt::format("DECIMAL({}, {})", p, type.scale());
    case TypeKind::kChar:
      return fmt::format("CHAR({})", p);
    case TypeKind::kVarchar:
      return p == DataType::kMaxLength ? "STRING" : fmt::format("VARCHAR({})", p);
    case TypeKind::kBinary:
      return fmt::format("BINARY({})", p);
    case TypeKind::kVarbinary:
      return p == DataType::kMaxLength ? "BYTES" : fmt::format("VARBINARY({})", p);
    case TypeKind::kDate:
      return "DATE";
    case TypeKind::kTime:
      return fmt::format("TIME({})", p);
    case TypeKind::kTimestamp:
      return fmt::format("TIMESTAMP({})", p);
    case TypeKind::kTimestampLtz:
      return fmt::format("TIMESTAMP_LTZ({})", p);
    case TypeKind::kIntervalYearMonth:
    case TypeKind::kIntervalDayTime:
      return IntervalText(type);
    case TypeKind::kArray:
      return "ARRAY<" + type.element().ToString() + ">";
    case TypeKind::kMap:
      return "MAP<" + type.key().ToString() + ", " + type.value().ToString() + ">";
    case TypeKind::kMultiset:
      return "MULTISET<" + type.element().ToString() + ">";
    case TypeKind::kRow:
      return RowText(type);
    case TypeKind::kRaw:
      return fmt::format("RAW('{}', ?)", raw_class ? *raw_class : "");
    case TypeKind::kDescriptor:
      return "DESCRIPTOR";
  }
  return "?";
}

}  // namespace

std::string DataType::ToString() const {
  std::string text = KindText(*this, raw_class_.get());
  if (!nullable_) text += " NOT NULL";
  return text;
}

int32_t Schema::Find(std::string_view name) const {
  for (size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].name == name) return static_cast<int32_t>(i);
  }
  return -1;
}

}  // namespace millrace
