// TIMESTAMPDIFF(unit, from, to): whole units between two times, cut off toward zero.
#include "engine/functions/inference.h"
#include "engine/functions/scalar/temporal/map_column.h"
#include "engine/functions/scalar/temporal/time_unit_name.h"
#include "types/date_time.h"

namespace millrace::functions {
namespace {

// Milliseconds of a unit with a fixed length, 0 for months, -1 if TIMESTAMPDIFF does not know the unit. Units below a
// second count whole seconds first, as Flink does.
int64_t MillisOf(TimeUnit unit) {
  switch (unit) {
    case TimeUnit::kNanosecond:
    case TimeUnit::kMicrosecond:
    case TimeUnit::kMillisecond:
    case TimeUnit::kSecond:
      return kMillisPerSecond;
    case TimeUnit::kMinute:
      return kMillisPerMinute;
    case TimeUnit::kHour:
      return kMillisPerHour;
    case TimeUnit::kDay:
      return kMillisPerDay;
    case TimeUnit::kWeek:
      return 7 * kMillisPerDay;
    case TimeUnit::kMonth:
    case TimeUnit::kQuarter:
    case TimeUnit::kYear:
      return 0;
    case TimeUnit::kDecade:
    case TimeUnit::kCentury:
    case TimeUnit::kMillennium:
    case TimeUnit::kEpoch:
    case TimeUnit::kDow:
    case TimeUnit::kIsoDow:
    case TimeUnit::kDoy:
    case TimeUnit::kIsoYear:
      return -1;
  }
  return -1;
}

int64_t PartsOfSecond(TimeUnit unit) {
  if (unit == TimeUnit::kMillisecond) return 1000;
  if (unit == TimeUnit::kMicrosecond) return 1'000'000;
  return unit == TimeUnit::kNanosecond ? 1'000'000'000 : 1;
}

int64_t MonthsOf(TimeUnit unit) { return unit == TimeUnit::kYear ? 12 : (unit == TimeUnit::kQuarter ? 3 : 1); }

// Milliseconds of a time as it lies in a column.
struct MillisOfTimestamp {
  int64_t operator()(Timestamp time) const { return time.millis; }
};
struct MillisOfDate {
  int64_t operator()(int32_t days) const { return days * kMillisPerDay; }
};
struct MillisOfTime {
  int64_t operator()(int32_t millis) const { return millis; }
};

template <typename Out, typename A, typename B, typename MillisA, typename MillisB>
ColumnPtr Difference(const KernelCall& call, TimeUnit unit, MillisA from_millis, MillisB to_millis) {
  int64_t unit_millis = MillisOf(unit);
  int64_t months = MonthsOf(unit);
  int64_t parts = PartsOfSecond(unit);
  return MapColumns<Out, A, B>(call, *call.args[1], *call.args[2], [=](const A& from, const B& to) {
    // Weeks are counted in seconds of 32 bits.
    if (unit == TimeUnit::kWeek) {
      return static_cast<Out>(static_cast<int32_t>((to_millis(to) - from_millis(from)) / kMillisPerSecond) /
                              static_cast<int32_t>(unit_millis / kMillisPerSecond));
    }
    if (unit_millis == 0) return static_cast<Out>(MonthsBetweenMillis(to_millis(to), from_millis(from)) / months);
    return static_cast<Out>((to_millis(to) - from_millis(from)) / unit_millis * parts);
  });
}

template <typename Out, typename A, typename MillisA>
ColumnPtr WithTo(const KernelCall& call, TimeUnit unit, MillisA from_millis) {
  const DataType& to = call.args[2]->type();
  if (to.Is(TypeKind::kDate)) return Difference<Out, A, int32_t>(call, unit, from_millis, MillisOfDate{});
  if (to.Is(TypeKind::kTime)) return Difference<Out, A, int32_t>(call, unit, from_millis, MillisOfTime{});
  return Difference<Out, A, Timestamp>(call, unit, from_millis, MillisOfTimestamp{});
}

template <typename Out>
ColumnPtr WithFrom(const KernelCall& call, TimeUnit unit) {
  const DataType& from = call.args[1]->type();
  if (from.Is(TypeKind::kDate)) return WithTo<Out, int32_t>(call, unit, MillisOfDate{});
  if (from.Is(TypeKind::kTime)) return WithTo<Out, int32_t>(call, unit, MillisOfTime{});
  return WithTo<Out, Timestamp>(call, unit, MillisOfTimestamp{});
}

Result<ColumnPtr> Run(const KernelCall& call) {
  TimeUnit unit = UnitArgument(call.expr, 0);
  if (call.expr.type.Is(TypeKind::kBigint)) return WithFrom<int64_t>(call, unit);
  return WithFrom<int32_t>(call, unit);
}

Result<DataType> Infer(CallTypes& call) {
  constexpr std::string_view kForms = "'TIMESTAMPDIFF(<ANY>, <DATETIME>, <DATETIME>)'";
  std::optional<TimeUnit> unit = UnitArgument(call, 0);
  if (call.types.size() != 3 || !unit || MillisOf(*unit) < 0) return BadArguments(call, kForms);
  if (!Takes(call, 1, Family::kDateTime, DataType::Timestamp(3))) return BadArguments(call, kForms);
  if (!Takes(call, 2, Family::kDateTime, DataType::Timestamp(3))) return BadArguments(call, kForms);
  if (call.types[1].Is(TypeKind::kTimestampLtz) != call.types[2].Is(TypeKind::kTimestampLtz)) {
    return UserError("function.arguments", "TIMESTAMP_LTZ only supports diff between the same type.",
                     "CAST both arguments to TIMESTAMP, or both to TIMESTAMP_LTZ");
  }
  DataType type = *unit == TimeUnit::kNanosecond ? DataType::Bigint() : DataType::Int();
  return type.WithNullable(call.types[1].nullable() || call.types[2].nullable());
}

}  // namespace

extern const ScalarFunction kTimestampDiff = {
    .name = "TIMESTAMPDIFF",
    .signature = "TIMESTAMPDIFF(unit, DATETIME from, DATETIME to) -> INT",
    .doc = "The number of whole units from one time to another, negative if `to` comes first.",
    .example = "TIMESTAMPDIFF(HOUR, TIMESTAMP '2024-01-01 00:00:00', TIMESTAMP '2024-01-02 01:30:00')",
    .example_result = "25",
    .infer = Infer,
    .kernel = Run};

}  // namespace millrace::functions
