// TIMESTAMPADD(unit, count, time): the time moved by a number of units.
#include <algorithm>

#include "engine/functions/inference.h"
#include "engine/functions/scalar/temporal/map_column.h"
#include "engine/functions/scalar/temporal/time_unit_name.h"
#include "types/date_time.h"

namespace millrace::functions {
namespace {

// How a unit moves a time: by months, by milliseconds, or by parts of a millisecond.
struct Step {
  int64_t months = 0;
  int64_t millis = 0;
  int64_t nanos = 0;
  bool Known() const { return months != 0 || millis != 0 || nanos != 0; }
};

Step StepOf(TimeUnit unit) {
  switch (unit) {
    case TimeUnit::kNanosecond:
      return {0, 0, 1};
    case TimeUnit::kMicrosecond:
      return {0, 0, 1000};
    case TimeUnit::kMillisecond:
      return {0, 1, 0};
    case TimeUnit::kSecond:
      return {0, kMillisPerSecond, 0};
    case TimeUnit::kMinute:
      return {0, kMillisPerMinute, 0};
    case TimeUnit::kHour:
      return {0, kMillisPerHour, 0};
    case TimeUnit::kDay:
      return {0, kMillisPerDay, 0};
    case TimeUnit::kWeek:
      return {0, 7 * kMillisPerDay, 0};
    case TimeUnit::kMonth:
      return {1, 0, 0};
    case TimeUnit::kQuarter:
      return {3, 0, 0};
    case TimeUnit::kYear:
      return {12, 0, 0};
    case TimeUnit::kDecade:
      return {120, 0, 0};
    case TimeUnit::kCentury:
      return {1200, 0, 0};
    case TimeUnit::kMillennium:
      return {12000, 0, 0};
    case TimeUnit::kEpoch:
    case TimeUnit::kDow:
    case TimeUnit::kIsoDow:
    case TimeUnit::kDoy:
    case TimeUnit::kIsoYear:
      return {};
  }
  return {};
}

Timestamp MoveTimestamp(Timestamp time, int64_t count, Step step) {
  if (step.months != 0)
    return {AddMonthsToMillis(time.millis, static_cast<int32_t>(count * step.months)), time.nanos, 0};
  if (step.nanos == 0) {
    auto moved = static_cast<uint64_t>(time.millis) + static_cast<uint64_t>(count) * static_cast<uint64_t>(step.millis);
    return {static_cast<int64_t>(moved), time.nanos, 0};
  }
  int128_t nanos = static_cast<int128_t>(count) * step.nanos + time.nanos;
  auto millis = static_cast<int64_t>(nanos / 1'000'000);
  auto rest = static_cast<int32_t>(nanos % 1'000'000);
  if (rest < 0) {
    rest += 1'000'000;
    --millis;
  }
  return {time.millis + millis, rest, 0};
}

DataType TypeOf(const CallTypes& call, TimeUnit unit, const DataType& time) {
  auto stamp = [&](int32_t precision) {
    return time.Is(TypeKind::kTimestampLtz) ? DataType::TimestampLtz(precision) : DataType::Timestamp(precision);
  };
  DataType type = time.WithTimeAttribute(TimeAttribute::kNone);
  if (unit == TimeUnit::kMillisecond) type = stamp(std::max(3, time.precision()));
  if (unit == TimeUnit::kMicrosecond) type = stamp(std::max(6, time.precision()));
  if (unit == TimeUnit::kNanosecond) type = stamp(9);
  if (time.Is(TypeKind::kDate) && (unit == TimeUnit::kHour || unit == TimeUnit::kMinute || unit == TimeUnit::kSecond)) {
    type = DataType::Timestamp(6);
  }
  return type.WithNullable(call.types[1].nullable() || call.types[2].nullable());
}

Result<DataType> Infer(CallTypes& call) {
  constexpr std::string_view kForms = "'TIMESTAMPADD(<ANY>, <INTEGER>, <DATETIME>)'";
  std::optional<TimeUnit> unit = UnitArgument(call, 0);
  if (call.types.size() != 3 || !unit || !StepOf(*unit).Known()) return BadArguments(call, kForms);
  if (!Takes(call, 1, Family::kInteger, DataType::Int())) return BadArguments(call, kForms);
  if (!Takes(call, 2, Family::kDateTime, DataType::Timestamp(3))) return BadArguments(call, kForms);
  DataType type = TypeOf(call, *unit, call.types[2]);
  call.types[1] = DataType::Bigint().WithNullable(call.types[1].nullable());
  return type;
}

Result<ColumnPtr> Run(const KernelCall& call) {
  Step step = StepOf(UnitArgument(call.expr, 0));
  const Column& counts = *call.args[1];
  const Column& times = *call.args[2];
  const DataType& type = call.expr.type;
  if (type.Is(TypeKind::kDate)) {
    return MapColumns<int32_t, int64_t, int32_t>(call, counts, times, [step](int64_t count, int32_t days) {
      if (step.months != 0) return AddMonthsToDate(days, static_cast<int32_t>(count * step.months));
      return static_cast<int32_t>(days + count * (step.millis / kMillisPerDay));
    });
  }
  if (type.Is(TypeKind::kTime)) {
    return MapColumns<int32_t, int64_t, int32_t>(call, counts, times, [step](int64_t count, int32_t time) {
      int64_t moved = time + kMillisPerDay + MoveTimestamp({}, count, {0, step.millis, 0}).millis % kMillisPerDay;
      return static_cast<int32_t>(moved % kMillisPerDay);
    });
  }
  if (times.type().IsTimestampLike()) {
    return MapColumns<Timestamp, int64_t, Timestamp>(
        call, counts, times, [step](int64_t count, Timestamp time) { return MoveTimestamp(time, count, step); });
  }
  int64_t unit_millis = times.type().Is(TypeKind::kDate) ? kMillisPerDay : 1;
  return MapColumns<Timestamp, int64_t, int32_t>(call, counts, times, [step, unit_millis](int64_t count, int32_t time) {
    return MoveTimestamp({time * unit_millis, 0, 0}, count, step);
  });
}

}  // namespace

extern const ScalarFunction kTimestampAdd = {
    .name = "TIMESTAMPADD",
    .signature = "TIMESTAMPADD(unit, INTEGER, DATETIME) -> DATETIME",
    .doc = "The time moved by a number of units. A DATE moved by hours or less becomes a TIMESTAMP(6).",
    .example = "TIMESTAMPADD(MONTH, 1, DATE '2024-01-31')",
    .example_result = "2024-02-29",
    .infer = Infer,
    .kernel = Run};

}  // namespace millrace::functions
