// Times moved by intervals, sums and multiples of intervals. Days of a DAY TO SECOND interval move a DATE; the rest of
// it is cut off. TIME wraps around midnight, integers of intervals wrap as Java's.
#include "engine/functions/scalar/temporal/interval_arithmetic.h"

#include <algorithm>

#include "engine/functions/scalar/temporal/map_column.h"
#include "types/date_time.h"

namespace millrace::functions {
namespace {

int64_t WrapAdd(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b));
}
int64_t WrapMultiply(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) * static_cast<uint64_t>(b));
}

// Flink's planner knows one type for all intervals of days and less, and one for those of months and more.
DataType PlannerInterval(const DataType& type) {
  return type.Is(TypeKind::kIntervalYearMonth) ? DataType::Interval(IntervalFields::kMonth)
                                               : DataType::Interval(IntervalFields::kSecond, 2, 3);
}

Error Refuse(const CallTypes& call) {
  std::string_view forms =
      call.name == "*" ? "'<INTERVAL> * <NUMERIC>', '<NUMERIC> * <INTERVAL>'"
      : call.name == "-"
          ? "'<NUMERIC> - <NUMERIC>', '<DATETIME_INTERVAL> - <DATETIME_INTERVAL>', '<DATETIME> - <DATETIME_INTERVAL>'"
          : "'<NUMERIC> + <NUMERIC>', '<DATETIME_INTERVAL> + <DATETIME_INTERVAL>', '<DATETIME> + <DATETIME_INTERVAL>', "
            "'<DATETIME_INTERVAL> + <DATETIME>'";
  Error error = BadArguments(call, forms);
  if (call.name == "-" && call.types[0].IsDateTime() && call.types[1].IsDateTime()) {
    error.hint = "Use TIMESTAMPDIFF(unit, from, to) for the time between two instants";
  }
  return error;
}

// Moves the times of `times` by sign * `intervals`.
Result<ColumnPtr> Move(const KernelCall& call, const Column& times, const Column& intervals, int sign) {
  bool months = intervals.type().Is(TypeKind::kIntervalYearMonth);
  switch (times.type().kind()) {
    case TypeKind::kDate:
      if (months) {
        return MapColumns<int32_t, int32_t, int32_t>(
            call, times, intervals, [sign](int32_t days, int32_t by) { return AddMonthsToDate(days, sign * by); });
      }
      return MapColumns<int32_t, int32_t, int64_t>(call, times, intervals, [sign](int32_t days, int64_t by) {
        return static_cast<int32_t>(WrapAdd(days, sign * (by / kMillisPerDay)));
      });
    case TypeKind::kTime:
      if (months) return times.WithType(call.expr.type);
      return MapColumns<int32_t, int32_t, int64_t>(call, times, intervals, [sign](int32_t time, int64_t by) {
        return static_cast<int32_t>((time + kMillisPerDay + sign * (by % kMillisPerDay)) % kMillisPerDay);
      });
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampLtz:
      if (months) {
        return MapColumns<Timestamp, Timestamp, int32_t>(call, times, intervals, [sign](Timestamp time, int32_t by) {
          return Timestamp{AddMonthsToMillis(time.millis, sign * by), time.nanos, 0};
        });
      }
      return MapColumns<Timestamp, Timestamp, int64_t>(call, times, intervals, [sign](Timestamp time, int64_t by) {
        return Timestamp{WrapAdd(time.millis, WrapMultiply(sign, by)), time.nanos, 0};
      });
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
  return InternalError("no time to move by an interval");
}

Result<ColumnPtr> AddIntervals(const KernelCall& call, int sign) {
  if (call.expr.type.Is(TypeKind::kIntervalYearMonth)) {
    return MapColumns<int32_t, int32_t, int32_t>(call, *call.args[0], *call.args[1], [sign](int32_t a, int32_t b) {
      return static_cast<int32_t>(WrapAdd(a, int64_t{sign} * b));
    });
  }
  return MapColumns<int64_t, int64_t, int64_t>(
      call, *call.args[0], *call.args[1], [sign](int64_t a, int64_t b) { return WrapAdd(a, WrapMultiply(sign, b)); });
}

bool AnyTemporal(const DataType& a, const DataType& b) {
  return a.IsInterval() || b.IsInterval() || a.IsDateTime() || b.IsDateTime();
}

}  // namespace

bool IsIntervalArithmetic(const CallTypes& call) {
  return call.types.size() == 2 && AnyTemporal(call.types[0], call.types[1]);
}

bool IsIntervalArithmetic(const KernelCall& call) {
  return call.args.size() == 2 && AnyTemporal(call.args[0]->type(), call.args[1]->type());
}

Result<DataType> InferIntervalArithmetic(CallTypes& call) {
  DataType& a = call.types[0];
  DataType& b = call.types[1];
  bool nullable = call.Nullable();
  if (call.name == "*") {
    if (a.IsInterval() && b.IsNumeric()) {
      b = DataType::Bigint().WithNullable(b.nullable());
      return PlannerInterval(a).WithNullable(nullable);
    }
    if (a.IsNumeric() && b.IsInterval()) {
      a = DataType::Bigint().WithNullable(a.nullable());
      return PlannerInterval(b).WithNullable(nullable);
    }
    return Refuse(call);
  }
  if (a.IsInterval() && a.kind() == b.kind()) return PlannerInterval(a).WithNullable(nullable);
  // A NULL beside a time is an interval, beside an interval another one.
  if (a.Is(TypeKind::kNull) && b.IsInterval()) {
    a = b.Nullable();
    return a;
  }
  if (b.Is(TypeKind::kNull) && (a.IsInterval() || a.IsDateTime())) {
    b = a.IsInterval() ? a.Nullable() : DataType::Interval(IntervalFields::kDayToSecond);
    return a.Nullable().WithTimeAttribute(TimeAttribute::kNone);
  }
  if (a.IsDateTime() && b.IsInterval()) return a.WithNullable(nullable).WithTimeAttribute(TimeAttribute::kNone);
  if (call.name == "+" && a.IsInterval() && b.IsDateTime()) {
    return b.WithNullable(nullable).WithTimeAttribute(TimeAttribute::kNone);
  }
  return Refuse(call);
}

Result<ColumnPtr> IntervalPlus(const KernelCall& call) {
  if (call.expr.type.IsInterval()) return AddIntervals(call, 1);
  bool time_first = call.args[0]->type().IsDateTime();
  return Move(call, *call.args[time_first ? 0 : 1], *call.args[time_first ? 1 : 0], 1);
}

Result<ColumnPtr> IntervalMinus(const KernelCall& call) {
  if (call.expr.type.IsInterval()) return AddIntervals(call, -1);
  return Move(call, *call.args[0], *call.args[1], -1);
}

Result<ColumnPtr> IntervalTimes(const KernelCall& call) {
  bool interval_first = call.args[0]->type().IsInterval();
  const Column& interval = *call.args[interval_first ? 0 : 1];
  const Column& number = *call.args[interval_first ? 1 : 0];
  if (call.expr.type.Is(TypeKind::kIntervalYearMonth)) {
    return MapColumns<int32_t, int32_t, int64_t>(call, interval, number, [](int32_t months, int64_t times) {
      return static_cast<int32_t>(WrapMultiply(months, times));
    });
  }
  return MapColumns<int64_t, int64_t, int64_t>(call, interval, number, WrapMultiply);
}

}  // namespace millrace::functions
