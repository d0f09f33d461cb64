// FLOOR and CEIL of dates, times and timestamps. TIMESTAMP_LTZ is rounded in the session's zone with the offset that
// the instant itself has, so that a result beyond a change of the offset is off by it, as in Flink.
#include "engine/functions/scalar/temporal/temporal_rounding.h"

#include "engine/functions/scalar/temporal/map_column.h"
#include "engine/functions/scalar/temporal/time_unit_name.h"
#include "types/date_time.h"

namespace millrace::functions {
namespace {

Timestamp RoundTimestamp(TimeUnit unit, Timestamp local, bool ceil) {
  if (unit == TimeUnit::kMillisecond) return {local.millis + (ceil && local.nanos > 0 ? 1 : 0), 0, 0};
  return TimestampFromMillis(ceil ? CeilMillis(unit, local.millis) : FloorMillis(unit, local.millis));
}

Result<ColumnPtr> Round(const KernelCall& call, bool ceil) {
  TimeUnit unit = UnitArgument(call.expr, 1);
  const Column& in = *call.args[0];
  switch (in.type().kind()) {
    case TypeKind::kDate:
      return MapColumn<int32_t, int32_t>(call, in, [unit, ceil](int32_t days) {
        if (ceil && unit == TimeUnit::kDay) return days + 1;  // as Flink
        return ceil ? CeilDate(unit, days) : FloorDate(unit, days);
      });
    case TypeKind::kTime:
      return MapColumn<int32_t, int32_t>(call, in, [unit, ceil](int32_t millis) {
        return static_cast<int32_t>(ceil ? CeilMillis(unit, millis) : FloorMillis(unit, millis));
      });
    case TypeKind::kTimestamp:
      return MapColumn<Timestamp, Timestamp>(
          call, in, [unit, ceil](Timestamp local) { return RoundTimestamp(unit, local, ceil); });
    case TypeKind::kTimestampLtz: {
      const TimeZone* zone = call.context.zone;
      return MapColumn<Timestamp, Timestamp>(call, in, [unit, ceil, zone](Timestamp instant) {
        int64_t offset = zone->UtcToLocal(instant.millis) - instant.millis;
        Timestamp rounded = RoundTimestamp(unit, {instant.millis + offset, instant.nanos, 0}, ceil);
        return Timestamp{rounded.millis - offset, 0, 0};
      });
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
    case TypeKind::kIntervalYearMonth:
    case TypeKind::kIntervalDayTime:
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

bool CanRoundTo(TimeUnit unit, const DataType& type) {
  switch (unit) {
    case TimeUnit::kMillisecond:
    case TimeUnit::kSecond:
    case TimeUnit::kMinute:
    case TimeUnit::kHour:
      return true;
    case TimeUnit::kDay:
    case TimeUnit::kWeek:
    case TimeUnit::kMonth:
    case TimeUnit::kQuarter:
    case TimeUnit::kYear:
    case TimeUnit::kDecade:
    case TimeUnit::kCentury:
    case TimeUnit::kMillennium:
      return !type.Is(TypeKind::kTime);
    case TimeUnit::kNanosecond:
    case TimeUnit::kMicrosecond:
    case TimeUnit::kEpoch:
    case TimeUnit::kDow:
    case TimeUnit::kIsoDow:
    case TimeUnit::kDoy:
    case TimeUnit::kIsoYear:
      return false;
  }
  return false;
}

}  // namespace

Result<DataType> InferTemporalRounding(CallTypes& call) {
  std::string name(call.name);
  std::optional<TimeUnit> unit = UnitArgument(call, 1);
  if (call.types.size() != 2 || !unit) return BadArguments(call, "'" + name + "(<DATETIME> TO <TIME_UNIT>)'");
  DataType& type = call.types[0];
  if (type.Is(TypeKind::kNull)) type = DataType::Timestamp(3);
  if (!type.IsDateTime()) return BadArguments(call, "'" + name + "(<DATETIME> TO <TIME_UNIT>)'");
  if (!CanRoundTo(*unit, type)) {
    return UserError("function.arguments",
                     name + " to " + std::string(TimeUnitName(*unit)) + " is not possible for " + type.ToString(),
                     "Use MILLISECOND to MILLENNIUM for dates and timestamps, MILLISECOND to HOUR for TIME");
  }
  return type.WithTimeAttribute(TimeAttribute::kNone);
}

Result<ColumnPtr> FloorToUnit(const KernelCall& call) { return Round(call, false); }

Result<ColumnPtr> CeilToUnit(const KernelCall& call) { return Round(call, true); }

}  // namespace millrace::functions
