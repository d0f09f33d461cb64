// Casts to numbers, booleans and intervals. Java's rules: integers wrap, doubles saturate and NaN becomes 0.
#include <cmath>
#include <limits>

#include "types/cast_kernels.h"
#include "types/date_time.h"
#include "types/decimal.h"
#include "types/number_text.h"

namespace millrace::casts {
namespace {

template <typename To, typename From>
To Saturate(From value) {
  if (std::isnan(value)) return 0;
  constexpr auto kLow = static_cast<From>(std::numeric_limits<To>::min());
  if (value <= kLow) return std::numeric_limits<To>::min();
  if (value >= -kLow) return std::numeric_limits<To>::max();
  return static_cast<To>(value);
}

// Java's primitive conversion.
template <typename To, typename From>
To Narrow(From value) {
  if constexpr (std::is_floating_point_v<From> && std::is_integral_v<To>) {
    if constexpr (sizeof(To) == 8) return Saturate<int64_t>(value);
    return static_cast<To>(Saturate<int32_t>(value));
  } else {
    return static_cast<To>(value);
  }
}

// FLOAT to DOUBLE of a constant goes through the shortest text, of a column through the binary value.
double WidenFolded(float value) {
  char text[kMaxNumberChars];
  char* end = FormatFloat(value, text);
  return ParseDouble({text, static_cast<size_t>(end - text)}).value_or(value);
}

template <typename From, typename To>
Result<ColumnPtr> Numbers(Task& task) {
  if constexpr (std::is_same_v<From, float> && std::is_same_v<To, double>) {
    if (task.context.folded) return ConvertAlways<float, double>(task, WidenFolded);
  }
  return ConvertAlways<From, To>(task, [](From value) { return Narrow<To>(value); });
}

template <typename To>
Result<ColumnPtr> FromDecimal(Task& task) {
  int32_t precision = task.from().precision();
  int32_t scale = task.from().scale();
  return ConvertAlways<int128_t, To>(task, [=](int128_t value) {
    if constexpr (std::is_floating_point_v<To>) return static_cast<To>(DecimalToDouble(value, precision, scale));
    return static_cast<To>(DecimalToInt64(value, scale));
  });
}

// A single-field interval as a number of its unit.
template <typename To>
Result<ColumnPtr> FromInterval(Task& task) {
  int64_t unit = IntervalUnit(task.from().interval_fields());
  if (task.from().Is(TypeKind::kIntervalYearMonth)) {
    return ConvertAlways<int32_t, To>(task, [unit](int32_t value) { return static_cast<To>(value / unit); });
  }
  return ConvertAlways<int64_t, To>(task, [unit](int64_t value) { return static_cast<To>(value / unit); });
}

template <typename To>
Result<ColumnPtr> NumberOf(Task& task) {
  switch (task.from().kind()) {
    case TypeKind::kBoolean:
      return ConvertAlways<uint8_t, To>(task, [](uint8_t v) { return static_cast<To>(v); });
    case TypeKind::kTinyint:
      return Numbers<int8_t, To>(task);
    case TypeKind::kSmallint:
      return Numbers<int16_t, To>(task);
    case TypeKind::kInt:
      return Numbers<int32_t, To>(task);
    case TypeKind::kBigint:
      return Numbers<int64_t, To>(task);
    case TypeKind::kFloat:
      return Numbers<float, To>(task);
    case TypeKind::kDouble:
      return Numbers<double, To>(task);
    case TypeKind::kDecimal:
      return FromDecimal<To>(task);
    case TypeKind::kIntervalYearMonth:
    case TypeKind::kIntervalDayTime:
      return FromInterval<To>(task);
    case TypeKind::kNull:
    case TypeKind::kChar:
    case TypeKind::kVarchar:
    case TypeKind::kBinary:
    case TypeKind::kVarbinary:
    case TypeKind::kDate:
    case TypeKind::kTime:
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampLtz:
    case TypeKind::kArray:
    case TypeKind::kMap:
    case TypeKind::kMultiset:
    case TypeKind::kRow:
    case TypeKind::kRaw:
    case TypeKind::kDescriptor:
      return CastRefused(task.from(), task.to);
  }
  return CastRefused(task.from(), task.to);
}

Outcome Optional(const std::optional<int128_t>& value, int128_t* out) {
  if (!value) return Outcome::kNull;
  *out = *value;
  return Outcome::kOk;
}

template <typename From>
Result<ColumnPtr> IntegerToDecimal(Task& task, int64_t unit = 1) {
  int32_t precision = task.to.precision();
  int32_t scale = task.to.scale();
  return ConvertRows<From, int128_t>(task, [=](From value, int128_t* out) {
    return Optional(DecimalFromInt64(static_cast<int64_t>(value) / unit, precision, scale), out);
  });
}

template <typename From>
Result<ColumnPtr> FloatingToDecimal(Task& task) {
  int32_t precision = task.to.precision();
  int32_t scale = task.to.scale();
  return ConvertRows<From, int128_t>(task, [=, &task](From value, int128_t* out) {
    if (!std::isfinite(value)) {
      task.reason = "It is not a finite number.";
      return Outcome::kFail;
    }
    return Optional(DecimalFromDouble(static_cast<double>(value), precision, scale), out);
  });
}

template <typename From>
Result<ColumnPtr> NotZero(Task& task) {
  return ConvertAlways<From, uint8_t>(task, [](From value) { return static_cast<uint8_t>(value != 0); });
}

}  // namespace

int64_t IntervalUnit(IntervalFields fields) {
  switch (fields) {
    case IntervalFields::kYear:
      return 12;
    case IntervalFields::kDay:
      return kMillisPerDay;
    case IntervalFields::kHour:
      return kMillisPerHour;
    case IntervalFields::kMinute:
      return kMillisPerMinute;
    case IntervalFields::kSecond:
      return kMillisPerSecond;
    case IntervalFields::kMonth:
    case IntervalFields::kYearToMonth:
    case IntervalFields::kDayToHour:
    case IntervalFields::kDayToMinute:
    case IntervalFields::kDayToSecond:
    case IntervalFields::kHourToMinute:
    case IntervalFields::kHourToSecond:
    case IntervalFields::kMinuteToSecond:
      return 1;
  }
  return 1;
}

Result<ColumnPtr> ToNumber(Task& task) {
  switch (task.to.physical()) {
    case PhysicalKind::kInt8:
      return NumberOf<int8_t>(task);
    case PhysicalKind::kInt16:
      return NumberOf<int16_t>(task);
    case PhysicalKind::kInt32:
      return NumberOf<int32_t>(task);
    case PhysicalKind::kInt64:
      return NumberOf<int64_t>(task);
    case PhysicalKind::kFloat:
      return NumberOf<float>(task);
    case PhysicalKind::kDouble:
      return NumberOf<double>(task);
    case PhysicalKind::kNone:
    case PhysicalKind::kBool:
    case PhysicalKind::kInt128:
    case PhysicalKind::kTimestamp:
    case PhysicalKind::kString:
    case PhysicalKind::kList:
    case PhysicalKind::kRow:
      return CastRefused(task.from(), task.to);
  }
  return CastRefused(task.from(), task.to);
}

Result<ColumnPtr> ToDecimal(Task& task) {
  int32_t precision = task.to.precision();
  int32_t scale = task.to.scale();
  int32_t from_scale = task.from().scale();
  if (task.from().IsInterval()) {
    int64_t unit = IntervalUnit(task.from().interval_fields());
    return task.from().Is(TypeKind::kIntervalYearMonth) ? IntegerToDecimal<int32_t>(task, unit)
                                                        : IntegerToDecimal<int64_t>(task, unit);
  }
  switch (task.from().physical()) {
    case PhysicalKind::kBool:
      return IntegerToDecimal<uint8_t>(task);
    case PhysicalKind::kInt8:
      return IntegerToDecimal<int8_t>(task);
    case PhysicalKind::kInt16:
      return IntegerToDecimal<int16_t>(task);
    case PhysicalKind::kInt32:
      return IntegerToDecimal<int32_t>(task);
    case PhysicalKind::kInt64:
      return IntegerToDecimal<int64_t>(task);
    case PhysicalKind::kFloat:
      return FloatingToDecimal<float>(task);
    case PhysicalKind::kDouble:
      return FloatingToDecimal<double>(task);
    case PhysicalKind::kInt128:
      return ConvertRows<int128_t, int128_t>(task, [=](int128_t value, int128_t* out) {
        return Optional(DecimalRescale(value, from_scale, precision, scale), out);
      });
    case PhysicalKind::kNone:
    case PhysicalKind::kTimestamp:
    case PhysicalKind::kString:
    case PhysicalKind::kList:
    case PhysicalKind::kRow:
      return CastRefused(task.from(), task.to);
  }
  return CastRefused(task.from(), task.to);
}

Result<ColumnPtr> ToBoolean(Task& task) {
  switch (task.from().physical()) {
    case PhysicalKind::kBool:
      return NotZero<uint8_t>(task);
    case PhysicalKind::kInt8:
      return NotZero<int8_t>(task);
    case PhysicalKind::kInt16:
      return NotZero<int16_t>(task);
    case PhysicalKind::kInt32:
      return NotZero<int32_t>(task);
    case PhysicalKind::kInt64:
      return NotZero<int64_t>(task);
    case PhysicalKind::kFloat:
      return NotZero<float>(task);
    case PhysicalKind::kDouble:
      return NotZero<double>(task);
    case PhysicalKind::kInt128:
      return NotZero<int128_t>(task);
    case PhysicalKind::kNone:
    case PhysicalKind::kTimestamp:
    case PhysicalKind::kString:
    case PhysicalKind::kList:
    case PhysicalKind::kRow:
      return CastRefused(task.from(), task.to);
  }
  return CastRefused(task.from(), task.to);
}

// Flink takes a number for what the interval holds, months or milliseconds, whatever its field is.
Result<ColumnPtr> ToInterval(Task& task) {
  if (task.from().Is(TypeKind::kIntervalYearMonth)) {
    bool drop_months = task.from().interval_fields() == IntervalFields::kYear && !task.context.folded;
    return ConvertAlways<int32_t, int32_t>(task, [=](int32_t v) { return drop_months ? v / 12 * 12 : v; });
  }
  if (task.from().Is(TypeKind::kIntervalDayTime))
    return ConvertAlways<int64_t, int64_t>(task, [](int64_t v) { return v; });
  if (task.to.Is(TypeKind::kIntervalYearMonth)) return NumberOf<int32_t>(task);
  return NumberOf<int64_t>(task);
}

}  // namespace millrace::casts
