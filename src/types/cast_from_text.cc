// Casts of texts to everything but texts and binaries.
#include "types/cast_kernels.h"
#include "types/date_time.h"
#include "types/date_time_text.h"
#include "types/decimal.h"
#include "types/number_text.h"

namespace millrace::casts {
namespace {

// An integer of a narrower type is read as INT and checked.
template <typename To>
Result<ColumnPtr> Integer(Task& task) {
  using Parsed = std::conditional_t<sizeof(To) == 8, int64_t, int32_t>;
  return ConvertRows<StringRef, To>(task, [&task](const StringRef& text, To* out) {
    Parsed value = 0;
    IntegerParse result;
    if constexpr (sizeof(To) == 8) {
      result = ParseInt64(TrimBlanks(text.view()), &value);
    } else {
      result = ParseInt32(TrimBlanks(text.view()), &value);
    }
    *out = static_cast<To>(value);
    if (result == IntegerParse::kOk && *out != value) result = IntegerParse::kOverflow;
    task.reason = IntegerParseText(result);
    return result == IntegerParse::kOk ? Outcome::kOk : Outcome::kFail;
  });
}

// Of a parser that gives std::optional.
template <typename To, typename Parse>
Result<ColumnPtr> Parsed(Task& task, std::string_view reason, Parse&& parse) {
  task.reason = reason;
  return ConvertRows<StringRef, To>(task, [&parse](const StringRef& text, To* out) {
    auto value = parse(text.view());
    if (!value) return Outcome::kFail;
    *out = static_cast<To>(*value);
    return Outcome::kOk;
  });
}

Result<ColumnPtr> Decimal(Task& task) {
  int32_t precision = task.to.precision();
  int32_t scale = task.to.scale();
  return ConvertRows<StringRef, int128_t>(task, [=, &task](const StringRef& text, int128_t* out) {
    DecimalParse result = ParseDecimalCast(text.view(), precision, scale, out);
    if (result == DecimalParse::kOk) return Outcome::kOk;
    task.reason = result == DecimalParse::kOverflow ? "Overflow." : "It is not a number.";
    return Outcome::kFail;
  });
}

// A constant TIME loses its fraction, and of hours beyond 99 the last two digits count; at run time neither happens.
std::optional<int32_t> FoldedTime(std::string_view text) {
  std::optional<int64_t> millis = ParseTimeUnchecked(text);
  if (!millis || *millis < 0) return std::nullopt;
  int64_t shown = *millis % (100 * kMillisPerHour) / kMillisPerSecond * kMillisPerSecond;
  if (shown >= kMillisPerDay) return std::nullopt;
  return static_cast<int32_t>(shown);
}

Result<ColumnPtr> Time(Task& task) {
  return Parsed<int32_t>(task, "It is not a time of the form HH:mm:ss.", task.context.folded ? FoldedTime : ParseTime);
}

Result<ColumnPtr> TimestampOf(Task& task) {
  int32_t precision = task.to.precision();
  const TimeZone* zone = task.to.Is(TypeKind::kTimestampLtz) ? task.context.zone : nullptr;
  return Parsed<Timestamp>(task, "It is not of the form yyyy-MM-dd HH:mm:ss.",
                           [precision, zone](std::string_view text) {
                             std::optional<Timestamp> timestamp = ParseTimestamp(text, precision);
                             if (timestamp && zone != nullptr) timestamp = LocalToInstant(*timestamp, *zone);
                             return timestamp;
                           });
}

}  // namespace

Result<ColumnPtr> FromText(Task& task) {
  switch (task.to.kind()) {
    case TypeKind::kBoolean:
      return Parsed<uint8_t>(task, "It is neither true nor false.", ParseBoolean);
    case TypeKind::kTinyint:
      return Integer<int8_t>(task);
    case TypeKind::kSmallint:
      return Integer<int16_t>(task);
    case TypeKind::kInt:
      return Integer<int32_t>(task);
    case TypeKind::kBigint:
      return Integer<int64_t>(task);
    case TypeKind::kFloat:
      return Parsed<float>(task, "It is not a number.", [](std::string_view t) { return ParseFloat(TrimBlanks(t)); });
    case TypeKind::kDouble:
      return Parsed<double>(task, "It is not a number.", [](std::string_view t) { return ParseDouble(TrimBlanks(t)); });
    case TypeKind::kDecimal:
      return Decimal(task);
    case TypeKind::kDate:
      return Parsed<int32_t>(task, "It is not a date of the form yyyy-MM-dd.", ParseDate);
    case TypeKind::kTime:
      return Time(task);
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampLtz:
      return TimestampOf(task);
    case TypeKind::kNull:
    case TypeKind::kChar:
    case TypeKind::kVarchar:
    case TypeKind::kBinary:
    case TypeKind::kVarbinary:
    case TypeKind::kIntervalYearMonth:
    case TypeKind::kIntervalDayTime:
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

}  // namespace millrace::casts
