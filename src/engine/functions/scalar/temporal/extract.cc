// EXTRACT(unit FROM x) and its short forms YEAR(x) to SECOND(x), over dates, times, timestamps and intervals.
#include "engine/functions/inference.h"
#include "engine/functions/scalar/temporal/map_column.h"
#include "engine/functions/scalar/temporal/time_unit_name.h"
#include "types/date_time.h"

namespace millrace::functions {
namespace {

// Units of an interval in its months or milliseconds: value % modulus / divisor. A divisor of 0: not applicable.
struct IntervalUnit {
  int64_t modulus = 0;  // 0: none
  int64_t divisor = 0;
};

IntervalUnit MonthsUnit(TimeUnit unit) {
  switch (unit) {
    case TimeUnit::kMonth:
      return {12, 1};
    case TimeUnit::kYear:
      return {0, 12};
    case TimeUnit::kCentury:
      return {0, 1200};
    case TimeUnit::kMillennium:
      return {0, 12000};
    case TimeUnit::kQuarter:
      return {12, 3};
    case TimeUnit::kNanosecond:
    case TimeUnit::kMicrosecond:
    case TimeUnit::kMillisecond:
    case TimeUnit::kSecond:
    case TimeUnit::kMinute:
    case TimeUnit::kHour:
    case TimeUnit::kDay:
    case TimeUnit::kWeek:
    case TimeUnit::kDecade:
    case TimeUnit::kEpoch:
    case TimeUnit::kDow:
    case TimeUnit::kIsoDow:
    case TimeUnit::kDoy:
    case TimeUnit::kIsoYear:
      return {};
  }
  return {};
}

IntervalUnit MillisUnit(TimeUnit unit) {
  switch (unit) {
    case TimeUnit::kDay:
      return {0, kMillisPerDay};
    case TimeUnit::kHour:
      return {kMillisPerDay, kMillisPerHour};
    case TimeUnit::kMinute:
      return {kMillisPerHour, kMillisPerMinute};
    case TimeUnit::kSecond:
      return {kMillisPerMinute, kMillisPerSecond};
    case TimeUnit::kMillisecond:
      return {kMillisPerSecond, 1};
    case TimeUnit::kNanosecond:
    case TimeUnit::kMicrosecond:
    case TimeUnit::kWeek:
    case TimeUnit::kMonth:
    case TimeUnit::kQuarter:
    case TimeUnit::kYear:
    case TimeUnit::kDecade:
    case TimeUnit::kCentury:
    case TimeUnit::kMillennium:
    case TimeUnit::kEpoch:
    case TimeUnit::kDow:
    case TimeUnit::kIsoDow:
    case TimeUnit::kDoy:
    case TimeUnit::kIsoYear:
      return {};
  }
  return {};
}

Result<DataType> InferUnit(CallTypes& call, TimeUnit unit, DataType& type) {
  bool applies = false;
  if (type.IsTimestampLike()) {
    applies = true;
  } else if (type.Is(TypeKind::kDate)) {
    applies = unit != TimeUnit::kMicrosecond && unit != TimeUnit::kNanosecond;
  } else if (type.Is(TypeKind::kTime)) {
    applies = !IsCalendarUnit(unit) && unit != TimeUnit::kMicrosecond && unit != TimeUnit::kNanosecond;
  } else if (type.Is(TypeKind::kIntervalYearMonth)) {
    applies = MonthsUnit(unit).divisor != 0;
  } else if (type.Is(TypeKind::kIntervalDayTime)) {
    applies = MillisUnit(unit).divisor != 0;
  } else if (type.Is(TypeKind::kNull)) {
    type = DataType::Timestamp(3);
    applies = true;
  } else {
    return BadArguments(
        call,
        "'EXTRACT(<DATETIME_INTERVAL> FROM <DATETIME>)', 'EXTRACT(<DATETIME_INTERVAL> FROM <DATETIME_INTERVAL>)'");
  }
  if (!applies) {
    return UserError(
        "function.arguments",
        "unit " + std::string(TimeUnitName(unit)) + " can not be applied to " + type.ToString() + " variable",
        "Extract a unit that the value has, or CAST it to TIMESTAMP first");
  }
  return DataType::Bigint().WithNullable(type.nullable());
}

// f(local timestamp) over a column of TIMESTAMP or TIMESTAMP_LTZ.
template <typename F>
ColumnPtr OverTimestamps(const KernelCall& call, const Column& in, F f) {
  if (in.type().Is(TypeKind::kTimestamp) || call.context.zone == TimeZone::Utc()) {
    return MapColumn<int64_t, Timestamp>(call, in, f);
  }
  const TimeZone* zone = call.context.zone;
  return MapColumn<int64_t, Timestamp>(call, in, [zone, f](Timestamp instant) mutable {
    return f(Timestamp{zone->UtcToCalendar(instant.millis), instant.nanos, 0});
  });
}

// Parts of the calendar are the same for all rows of a day, and neighbours are mostly of one day.
ColumnPtr CalendarPart(const KernelCall& call, const Column& in, TimeUnit unit) {
  int64_t last_day = INT64_MIN;
  int64_t last_part = 0;
  return OverTimestamps(call, in, [unit, last_day, last_part](Timestamp local) mutable {
    int64_t day = local.millis / kMillisPerDay;  // toward zero, as Flink
    if (day != last_day) {
      last_day = day;
      last_part = ExtractFromDate(unit, static_cast<int32_t>(day));
    }
    return last_part;
  });
}

ColumnPtr FromTimestamps(const KernelCall& call, const Column& in, TimeUnit unit) {
  if (unit == TimeUnit::kHour) {
    return OverTimestamps(call, in, [](Timestamp local) { return local.millis % kMillisPerDay / kMillisPerHour; });
  }
  if (unit == TimeUnit::kMinute) {
    return OverTimestamps(call, in, [](Timestamp local) { return local.millis % kMillisPerHour / kMillisPerMinute; });
  }
  if (unit != TimeUnit::kEpoch && IsCalendarUnit(unit)) return CalendarPart(call, in, unit);
  return OverTimestamps(call, in, [unit](Timestamp local) { return ExtractFromTimestamp(unit, local); });
}

int64_t FromInterval(int64_t value, TimeUnit unit, IntervalUnit rule) {
  if (rule.modulus != 0) value %= rule.modulus;
  if (unit == TimeUnit::kQuarter) return (value - 1) / rule.divisor + 1;
  return value / rule.divisor;
}

Result<ColumnPtr> ExtractColumn(const KernelCall& call, const Column& in, TimeUnit unit) {
  switch (in.type().kind()) {
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampLtz:
      return FromTimestamps(call, in, unit);
    case TypeKind::kDate:
      return MapColumn<int64_t, int32_t>(call, in, [unit](int32_t days) { return ExtractFromDate(unit, days); });
    case TypeKind::kTime:
      return MapColumn<int64_t, int32_t>(call, in, [unit](int32_t millis) { return ExtractFromTime(unit, millis); });
    case TypeKind::kIntervalYearMonth: {
      IntervalUnit rule = MonthsUnit(unit);
      return MapColumn<int64_t, int32_t>(call, in,
                                         [unit, rule](int32_t months) { return FromInterval(months, unit, rule); });
    }
    case TypeKind::kIntervalDayTime: {
      IntervalUnit rule = MillisUnit(unit);
      return MapColumn<int64_t, int64_t>(call, in,
                                         [unit, rule](int64_t millis) { return FromInterval(millis, unit, rule); });
    }
    case TypeKind::kNull:
    case TypeKind::kBoolean:
    case TypeKind::kTinyint:
    case TypeKind::kSmallint:
    case TypeKind::kInt:
    case TypeKind::kBigint:
    case TypeKind::kFloat:
    case TypeKind::kDouble:
    case TypeKind::kDecimal:
    case TypeKind::kChar:
    case TypeKind::kVarchar:
    case TypeKind::kBinary:
    case TypeKind::kVarbinary:
    case TypeKind::kArray:
    case TypeKind::kMap:
    case TypeKind::kMultiset:
    case TypeKind::kRow:
    case TypeKind::kRaw:
    case TypeKind::kDescriptor:
      break;
  }
  return MakeConstant(call.expr.type, Value::Null(), call.size, call.context.pool);
}

Result<DataType> InferExtract(CallTypes& call) {
  std::optional<TimeUnit> unit = UnitArgument(call, 0);
  if (call.types.size() != 2 || !unit) return BadArguments(call, "'EXTRACT(<DATETIME_INTERVAL> FROM <DATETIME>)'");
  return InferUnit(call, *unit, call.types[1]);
}

Result<ColumnPtr> Extract(const KernelCall& call) {
  return ExtractColumn(call, *call.args[1], UnitArgument(call.expr, 0));
}

template <TimeUnit kUnit>
Result<DataType> InferPart(CallTypes& call) {
  if (call.types.size() != 1) return BadArguments(call, "'" + std::string(call.name) + "(<DATETIME>)'");
  return InferUnit(call, kUnit, call.types[0]);
}

template <TimeUnit kUnit>
Result<ColumnPtr> Part(const KernelCall& call) {
  return ExtractColumn(call, *call.args[0], kUnit);
}

}  // namespace

extern const ScalarFunction kExtract = {.name = "EXTRACT",
                                        .signature = "EXTRACT(unit FROM DATETIME | INTERVAL) -> BIGINT",
                                        .doc = "A part of a time. WEEK is the ISO week, DOW counts from Sunday = 1.",
                                        .example = "EXTRACT(WEEK FROM DATE '2024-12-30')",
                                        .example_result = "1",
                                        .infer = InferExtract,
                                        .kernel = Extract};

// The short form of EXTRACT for one unit.
#define TIME_PART(symbol, sql_name, unit, text, result)                                          \
  extern const ScalarFunction symbol = {.name = sql_name,                                        \
                                        .signature = sql_name "(DATETIME) -> BIGINT",            \
                                        .doc = "Short for EXTRACT(" text " FROM time).",         \
                                        .example = sql_name "(TIMESTAMP '2024-05-15 10:20:30')", \
                                        .example_result = result,                                \
                                        .infer = InferPart<TimeUnit::unit>,                      \
                                        .kernel = Part<TimeUnit::unit>};
TIME_PART(kYear, "YEAR", kYear, "YEAR", "2024")
TIME_PART(kQuarter, "QUARTER", kQuarter, "QUARTER", "2")
TIME_PART(kMonth, "MONTH", kMonth, "MONTH", "5")
TIME_PART(kWeek, "WEEK", kWeek, "WEEK", "20")
TIME_PART(kDayOfYear, "DAYOFYEAR", kDoy, "DOY", "136")
TIME_PART(kDayOfMonth, "DAYOFMONTH", kDay, "DAY", "15")
TIME_PART(kDayOfWeek, "DAYOFWEEK", kDow, "DOW", "4")
TIME_PART(kHour, "HOUR", kHour, "HOUR", "10")
TIME_PART(kMinute, "MINUTE", kMinute, "MINUTE", "20")
TIME_PART(kSecond, "SECOND", kSecond, "SECOND", "30")
#undef TIME_PART

}  // namespace millrace::functions
