// Written types as data types, with Flink's bounds on precision and length.
#include <fmt/format.h>

#include "engine/sql/binder.h"

namespace millrace::sql {
namespace {

Error TypeError(const TypeSpec& type, std::string message) {
  return UserError("sql.type", std::move(message), {}, type.range);
}

Result<int32_t> Bounded(const TypeSpec& type, std::string_view name, std::optional<int32_t> written, int32_t otherwise,
                        int32_t low, int32_t high) {
  int32_t value = written.value_or(otherwise);
  if (value < low || value > high) {
    return TypeError(type,
                     fmt::format("{} must be between {} and {} (both inclusive), not {}", name, low, high, value));
  }
  return value;
}

Result<DataType> BindDecimal(const TypeSpec& type) {
  MR_ASSIGN(int32_t precision, Bounded(type, "Decimal precision", type.precision, 10, 1, 38));
  MR_ASSIGN(int32_t scale, Bounded(type, "Decimal scale", type.scale, 0, 0, precision));
  return DataType::Decimal(precision, scale);
}

Result<DataType> BindRow(const TypeSpec& type) {
  std::vector<Field> fields;
  for (const TypeSpec::Field& field : type.fields) {
    MR_ASSIGN(DataType field_type, BindType(*field.type));
    fields.push_back({PathOf(*field.name).back(), field_type, field.comment ? field.comment->text : ""});
  }
  return DataType::Row(std::move(fields));
}

IntervalFields FieldsOf(const IntervalQualifier& q) {
  TimeUnit end = q.end.value_or(q.start);
  if (q.start == TimeUnit::kYear) return end == TimeUnit::kMonth ? IntervalFields::kYearToMonth : IntervalFields::kYear;
  if (q.start == TimeUnit::kMonth || q.start == TimeUnit::kQuarter) return IntervalFields::kMonth;
  if (q.start == TimeUnit::kDay || q.start == TimeUnit::kWeek) {
    if (end == TimeUnit::kHour) return IntervalFields::kDayToHour;
    if (end == TimeUnit::kMinute) return IntervalFields::kDayToMinute;
    return end == TimeUnit::kSecond ? IntervalFields::kDayToSecond : IntervalFields::kDay;
  }
  if (q.start == TimeUnit::kHour) {
    if (end == TimeUnit::kMinute) return IntervalFields::kHourToMinute;
    return end == TimeUnit::kSecond ? IntervalFields::kHourToSecond : IntervalFields::kHour;
  }
  if (q.start == TimeUnit::kMinute)
    return end == TimeUnit::kSecond ? IntervalFields::kMinuteToSecond : IntervalFields::kMinute;
  return IntervalFields::kSecond;
}

Result<DataType> BindUnqualified(const TypeSpec& type) {
  constexpr int32_t kMax = DataType::kMaxLength;
  switch (type.name) {
    case TypeSpec::Name::kBoolean:
      return DataType::Boolean();
    case TypeSpec::Name::kTinyint:
      return DataType::Tinyint();
    case TypeSpec::Name::kSmallint:
      return DataType::Smallint();
    case TypeSpec::Name::kInteger:
      return DataType::Int();
    case TypeSpec::Name::kBigint:
      return DataType::Bigint();
    case TypeSpec::Name::kReal:
    case TypeSpec::Name::kFloat:
      return DataType::Float();
    case TypeSpec::Name::kDouble:
      return DataType::Double();
    case TypeSpec::Name::kDecimal:
      return BindDecimal(type);
    case TypeSpec::Name::kChar: {
      MR_ASSIGN(int32_t length, Bounded(type, "Character string length", type.precision, 1, 1, kMax));
      return DataType::Char(length);
    }
    case TypeSpec::Name::kVarchar: {
      MR_ASSIGN(int32_t length, Bounded(type, "Variable character string length", type.precision, kMax, 1, kMax));
      return DataType::Varchar(length);
    }
    case TypeSpec::Name::kBinary: {
      MR_ASSIGN(int32_t length, Bounded(type, "Binary string length", type.precision, 1, 1, kMax));
      return DataType::Binary(length);
    }
    case TypeSpec::Name::kVarbinary: {
      MR_ASSIGN(int32_t length, Bounded(type, "Variable binary string length", type.precision, kMax, 1, kMax));
      return DataType::Varbinary(length);
    }
    case TypeSpec::Name::kString:
      return DataType::String();
    case TypeSpec::Name::kBytes:
      return DataType::Bytes();
    case TypeSpec::Name::kDate:
      return DataType::Date();
    case TypeSpec::Name::kTime:
    case TypeSpec::Name::kTimeLtz: {
      MR_ASSIGN(int32_t precision, Bounded(type, "Time precision", type.precision, 0, 0, 9));
      return DataType::Time(precision);
    }
    case TypeSpec::Name::kTimestamp: {
      MR_ASSIGN(int32_t precision, Bounded(type, "Timestamp precision", type.precision, 6, 0, 9));
      return DataType::Timestamp(precision);
    }
    case TypeSpec::Name::kTimestampLtz: {
      MR_ASSIGN(int32_t precision, Bounded(type, "Timestamp with local time zone precision", type.precision, 6, 0, 9));
      return DataType::TimestampLtz(precision);
    }
    case TypeSpec::Name::kInterval:
      return DataType::Interval(FieldsOf(*type.interval), type.interval->start_precision.value_or(2),
                                type.interval->fractional_precision.value_or(6));
    case TypeSpec::Name::kArray: {
      MR_ASSIGN(DataType element, BindType(*type.elements[0]));
      return DataType::Array(element);
    }
    case TypeSpec::Name::kMultiset: {
      MR_ASSIGN(DataType element, BindType(*type.elements[0]));
      return DataType::Multiset(element);
    }
    case TypeSpec::Name::kMap: {
      MR_ASSIGN(DataType key, BindType(*type.elements[0]));
      MR_ASSIGN(DataType value, BindType(*type.elements[1]));
      return DataType::Map(key, value);
    }
    case TypeSpec::Name::kRow:
      return BindRow(type);
    case TypeSpec::Name::kRaw:
      return DataType::Raw(type.raw_class ? static_cast<const Literal&>(*type.raw_class).text : "");
    case TypeSpec::Name::kAny:
      return TypeError(type, "the type ANY cannot be used in a statement");
    case TypeSpec::Name::kUserDefined:
      return TypeError(type, fmt::format("unknown type '{}'", fmt::join(PathOf(*type.user_defined), ".")));
  }
  return TypeError(type, "unknown type");
}

}  // namespace

Result<DataType> BindType(const TypeSpec& type) {
  MR_ASSIGN(DataType bound, BindUnqualified(type));
  return bound.WithNullable(type.nullable);
}

}  // namespace millrace::sql
