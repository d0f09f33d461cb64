// Which casts are allowed, which happen without being written, which may fail at run time.
#include "types/cast.h"

namespace millrace {
namespace {

bool IsConstructed(const DataType& type) { return type.IsCollection() || type.Is(TypeKind::kRow); }

bool IsSingleFieldInterval(const DataType& type) {
  switch (type.interval_fields()) {
    case IntervalFields::kYear:
    case IntervalFields::kMonth:
    case IntervalFields::kDay:
    case IntervalFields::kHour:
    case IntervalFields::kMinute:
    case IntervalFields::kSecond:
      return true;
    case IntervalFields::kYearToMonth:
    case IntervalFields::kDayToHour:
    case IntervalFields::kDayToMinute:
    case IntervalFields::kDayToSecond:
    case IntervalFields::kHourToMinute:
    case IntervalFields::kHourToSecond:
    case IntervalFields::kMinuteToSecond:
      return false;
  }
  return false;
}

// Between types of different kinds, without a CAST.
bool ImplicitScalar(const DataType& from, const DataType& to) {
  TypeKind f = from.kind();
  switch (to.kind()) {
    case TypeKind::kVarchar:
      return from.IsString();
    case TypeKind::kVarbinary:
      return from.IsBinaryString();
    case TypeKind::kDecimal:
    case TypeKind::kDouble:
      return from.IsNumeric();
    case TypeKind::kSmallint:
      return f == TypeKind::kTinyint;
    case TypeKind::kInt:
      return f == TypeKind::kTinyint || f == TypeKind::kSmallint;
    case TypeKind::kBigint:
      return from.IsInteger();
    case TypeKind::kFloat:
      return from.IsExactNumeric();
    case TypeKind::kDate:
    case TypeKind::kTime:
    case TypeKind::kTimestampLtz:
      return f == TypeKind::kTimestamp;
    case TypeKind::kTimestamp:
      return f == TypeKind::kTimestampLtz;
    case TypeKind::kNull:
    case TypeKind::kBoolean:
    case TypeKind::kTinyint:
    case TypeKind::kChar:
    case TypeKind::kBinary:
    case TypeKind::kIntervalYearMonth:
    case TypeKind::kIntervalDayTime:
    case TypeKind::kArray:
    case TypeKind::kMap:
    case TypeKind::kMultiset:
    case TypeKind::kRow:
    case TypeKind::kRaw:
    case TypeKind::kDescriptor:
      return false;
  }
  return false;
}

// Between types of different kinds, with a CAST. TIMESTAMP to and from numbers, and text to intervals, are refused as
// in Flink.
bool ExplicitScalar(const DataType& from, const DataType& to) {
  switch (to.kind()) {
    case TypeKind::kChar:
    case TypeKind::kVarchar:
      return !from.Is(TypeKind::kRaw) && !from.Is(TypeKind::kDescriptor);
    case TypeKind::kBoolean:
      return from.IsString() || from.IsNumeric();
    case TypeKind::kBinary:
    case TypeKind::kVarbinary:
      return from.IsString() || from.IsBinaryString();
    case TypeKind::kDecimal:
    case TypeKind::kTinyint:
    case TypeKind::kSmallint:
    case TypeKind::kInt:
    case TypeKind::kBigint:
    case TypeKind::kFloat:
    case TypeKind::kDouble:
      return from.IsNumeric() || from.IsString() || from.Is(TypeKind::kBoolean);
    case TypeKind::kDate:
    case TypeKind::kTime:
      return from.IsTimestampLike() || from.IsString();
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampLtz:
      return from.IsDateTime() || from.IsString();
    case TypeKind::kNull:
    case TypeKind::kIntervalYearMonth:
    case TypeKind::kIntervalDayTime:
    case TypeKind::kArray:
    case TypeKind::kMap:
    case TypeKind::kMultiset:
    case TypeKind::kRow:
    case TypeKind::kRaw:
    case TypeKind::kDescriptor:
      return false;
  }
  return false;
}

bool Supports(const DataType& from, const DataType& to, bool is_explicit) {
  if (from.nullable() && !to.nullable() && !is_explicit) return false;
  if (from.Nullable() == to.Nullable()) return true;
  if (from.Is(TypeKind::kNull)) return true;
  if (from.IsInterval() && to.IsExactNumeric()) return IsSingleFieldInterval(from);
  if (from.IsExactNumeric() && to.IsInterval()) return IsSingleFieldInterval(to);
  if (IsConstructed(from) && IsConstructed(to)) {
    if (from.kind() != to.kind() || from.fields().size() != to.fields().size()) return false;
    for (size_t i = 0; i < from.fields().size(); ++i) {
      if (!Supports(from.fields()[i].type, to.fields()[i].type, is_explicit)) return false;
    }
    return true;
  }
  if (from.Is(TypeKind::kRaw) || to.Is(TypeKind::kRaw)) return false;
  if (from.kind() == to.kind()) return true;
  return is_explicit ? ExplicitScalar(from, to) || ImplicitScalar(from, to) : ImplicitScalar(from, to);
}

}  // namespace

bool CanCast(const DataType& from, const DataType& to) { return Supports(from, to, true); }

bool CanCastImplicitly(const DataType& from, const DataType& to) { return Supports(from, to, false); }

bool CastMayFail(const DataType& from, const DataType& to) {
  if (from.IsString()) return !to.IsString() && !to.IsBinaryString();
  if (!IsConstructed(from) || from.kind() != to.kind()) return false;
  for (size_t i = 0; i < from.fields().size() && i < to.fields().size(); ++i) {
    if (CastMayFail(from.fields()[i].type, to.fields()[i].type)) return true;
  }
  return false;
}

Error CastRefused(const DataType& from, const DataType& to) {
  std::string hint;
  if (from.Is(TypeKind::kTimestamp) && to.IsNumeric()) {
    return UserError("cast.unsupported",
                     "The cast from TIMESTAMP type to NUMERIC type is not allowed. It's recommended to use "
                     "UNIX_TIMESTAMP(CAST(timestamp_col AS STRING)) instead.");
  }
  if (from.Is(TypeKind::kTimestampLtz) && to.IsNumeric()) {
    return UserError("cast.unsupported", "The cast from TIMESTAMP_LTZ type to NUMERIC type is not allowed.");
  }
  if (from.IsNumeric() && to.Is(TypeKind::kTimestamp)) {
    return UserError("cast.unsupported",
                     "The cast from NUMERIC type to TIMESTAMP type is not allowed. It's recommended to use "
                     "TO_TIMESTAMP(FROM_UNIXTIME(numeric_col)) instead, note the numeric is in seconds.");
  }
  if (from.IsNumeric() && to.Is(TypeKind::kTimestampLtz)) {
    return UserError("cast.unsupported",
                     "The cast from NUMERIC type to TIMESTAMP_LTZ type is not allowed. It's recommended to use "
                     "TO_TIMESTAMP_LTZ(numeric_col, precision) instead.");
  }
  return UserError("cast.unsupported", "Cast function cannot convert value of type " + from.Nullable().ToString() +
                                           " to type " + to.Nullable().ToString());
}

}  // namespace millrace
