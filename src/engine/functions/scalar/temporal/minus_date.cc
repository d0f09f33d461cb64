// (a - b) DAY TO SECOND and the like: the interval between two times.
#include "engine/functions/inference.h"
#include "engine/functions/scalar/temporal/map_column.h"
#include "engine/functions/scalar/temporal/time_unit_name.h"
#include "types/date_time.h"

namespace millrace::functions {
namespace {

bool InMonths(TimeUnit unit) {
  return unit == TimeUnit::kMonth || unit == TimeUnit::kQuarter || unit == TimeUnit::kYear;
}

Result<ColumnPtr> Run(const KernelCall& call) {
  const Column& a = *call.args[1];
  const Column& b = *call.args[2];
  if (call.expr.type.Is(TypeKind::kIntervalYearMonth)) {
    return MapColumns<int32_t, Timestamp, Timestamp>(
        call, a, b, [](Timestamp to, Timestamp from) { return MonthsBetweenMillis(to.millis, from.millis); });
  }
  if (a.type().Is(TypeKind::kTime)) {
    return MapColumns<int64_t, int32_t, int32_t>(call, a, b,
                                                 [](int32_t to, int32_t from) { return int64_t{to} - from; });
  }
  return MapColumns<int64_t, Timestamp, Timestamp>(
      call, a, b, [](Timestamp to, Timestamp from) { return to.millis - from.millis; });
}

Result<DataType> Infer(CallTypes& call) {
  constexpr std::string_view kForms = "'(<DATETIME> - <DATETIME>) <INTERVAL QUALIFIER>'";
  std::optional<TimeUnit> unit = UnitArgument(call, 0);
  if (call.types.size() != 3 || !unit) return BadArguments(call, kForms);
  for (size_t i : {size_t{1}, size_t{2}}) {
    if (!Takes(call, i, Family::kDateTime, DataType::Timestamp(3))) return BadArguments(call, kForms);
  }
  DataType& a = call.types[1];
  DataType& b = call.types[2];
  bool months = InMonths(*unit);
  if (a.Is(TypeKind::kTime) != b.Is(TypeKind::kTime) || (months && a.Is(TypeKind::kTime))) {
    return BadArguments(call, kForms);
  }
  // Dates begin at midnight; beside an instant both are instants.
  bool instants = a.Is(TypeKind::kTimestampLtz) || b.Is(TypeKind::kTimestampLtz);
  for (DataType* type : {&a, &b}) {
    bool as_it_is = type->Is(TypeKind::kTime) || type->Is(instants ? TypeKind::kTimestampLtz : TypeKind::kTimestamp);
    if (as_it_is) continue;
    *type = (instants ? DataType::TimestampLtz(3) : DataType::Timestamp(3)).WithNullable(type->nullable());
  }
  DataType type =
      months ? DataType::Interval(IntervalFields::kMonth) : DataType::Interval(IntervalFields::kSecond, 2, 3);
  return type.WithNullable(a.nullable() || b.nullable());
}

}  // namespace

extern const ScalarFunction kMinusDate = {
    .name = "MINUS_DATE",
    .signature = "(DATETIME - DATETIME) qualifier -> INTERVAL",
    .doc = "The interval between two times; written as a difference with the fields of the interval behind it.",
    .example = "(TIMESTAMP '2024-01-02 03:00:00' - DATE '2024-01-01') DAY TO SECOND",
    .example_result = "+1 03:00:00.000",
    .infer = Infer,
    .kernel = Run};

}  // namespace millrace::functions
