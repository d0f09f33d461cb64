// Casts between DATE, TIME, TIMESTAMP and TIMESTAMP_LTZ.
#include "types/cast_kernels.h"
#include "types/date_time.h"

namespace millrace::casts {
namespace {

constexpr auto kDayMillis = static_cast<int32_t>(kMillisPerDay);

// TIME has no fraction digits for Flink's planner, but at run time its milliseconds stay.
int32_t FitTime(int64_t millis, bool folded) {
  auto of_day = static_cast<int32_t>(FloorMod(millis, kDayMillis));
  return folded ? of_day / 1000 * 1000 : of_day;
}

ColumnPtr ToDate(Task& task) {
  const TimeZone& zone = *task.context.zone;
  if (task.from().Is(TypeKind::kTimestampLtz)) {
    return ConvertAlways<Timestamp, int32_t>(task, [&zone](const Timestamp& v) {
      return static_cast<int32_t>(FloorDiv(zone.UtcToLocal(v.millis), kMillisPerDay));
    });
  }
  // Toward zero: the day before 1970-01-01 00:00 is 1970-01-01 for Flink.
  return ConvertAlways<Timestamp, int32_t>(
      task, [](const Timestamp& v) { return static_cast<int32_t>(v.millis / kMillisPerDay); });
}

ColumnPtr ToTime(Task& task) {
  const TimeZone& zone = *task.context.zone;
  bool folded = task.context.folded;
  if (task.from().Is(TypeKind::kTime)) return ConvertAlways<int32_t, int32_t>(task, [](int32_t v) { return v; });
  if (task.from().Is(TypeKind::kTimestampLtz)) {
    return ConvertAlways<Timestamp, int32_t>(
        task, [&zone, folded](const Timestamp& v) { return FitTime(zone.UtcToLocal(v.millis), folded); });
  }
  return ConvertAlways<Timestamp, int32_t>(task, [folded](const Timestamp& v) { return FitTime(v.millis, folded); });
}

ColumnPtr TimestampToTimestamp(Task& task) {
  const TimeZone& zone = *task.context.zone;
  int32_t precision = task.to.precision();
  bool from_ltz = task.from().Is(TypeKind::kTimestampLtz);
  bool to_ltz = task.to.Is(TypeKind::kTimestampLtz);
  if (!from_ltz && !to_ltz && (task.from().IsTimeAttribute() || task.to.IsTimeAttribute())) precision = 3;
  bool cut = task.from().precision() > precision;
  return ConvertAlways<Timestamp, Timestamp>(task, [&zone, precision, from_ltz, to_ltz, cut](const Timestamp& v) {
    Timestamp result = v;
    if (!from_ltz && to_ltz) result = LocalToInstant(v, zone);
    if (from_ltz && !to_ltz) result = InstantToLocal(v, zone);
    return cut ? TruncateTimestamp(result, precision) : result;
  });
}

ColumnPtr ToTimestamp(Task& task) {
  const TimeZone& zone = *task.context.zone;
  bool to_ltz = task.to.Is(TypeKind::kTimestampLtz);
  if (task.from().IsTimestampLike()) return TimestampToTimestamp(task);
  int64_t unit = task.from().Is(TypeKind::kDate) ? kMillisPerDay : 1;
  return ConvertAlways<int32_t, Timestamp>(task, [&zone, to_ltz, unit](int32_t v) {
    int64_t millis = v * unit;
    return TimestampFromMillis(to_ltz ? zone.LocalToUtc(millis) : millis);
  });
}

}  // namespace

Result<ColumnPtr> ToDateTime(Task& task) {
  if (task.to.Is(TypeKind::kDate)) return ToDate(task);
  if (task.to.Is(TypeKind::kTime)) return ToTime(task);
  return ToTimestamp(task);
}

}  // namespace millrace::casts
