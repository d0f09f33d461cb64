// ABS and SIGN: the type of the argument is kept.
#include <cmath>

#include "engine/functions/inference.h"
#include "engine/functions/lift.h"
#include "engine/functions/scalar/arithmetic/numeric_types.h"
#include "types/decimal.h"

namespace millrace::functions {

namespace {

template <typename T>
T Abs(T x) {
  if constexpr (std::is_floating_point_v<T>) {
    return std::fabs(x);
  } else {
    return x < 0 ? static_cast<T>(Wrapping<T>{0} - static_cast<Wrapping<T>>(x)) : x;  // the least integer stays
  }
}

template <typename T>
T Sign(T x) {
  if constexpr (std::is_floating_point_v<T>) {
    return x > 0 ? static_cast<T>(1) : (x < 0 ? static_cast<T>(-1) : x);  // zeros and NaN stay
  } else {
    return static_cast<T>((x > 0 ? 1 : 0) - (x < 0 ? 1 : 0));
  }
}

Result<ColumnPtr> DecimalSign(const KernelCall& call) {
  ColumnReader<int128_t> reader(*call.args[0]);
  FlatWriter<int128_t> writer(call.expr.type, call.size, call.context.pool);
  int32_t precision = call.expr.type.precision();
  int32_t scale = call.expr.type.scale();
  bool fits = precision > scale;
  int128_t one = PowerOfTen(scale);
  call.rows.ForEach([&](int32_t row) {
    if (reader.IsNull(row) || (reader[row] != 0 && !fits)) {
      writer.SetNull(row);
    } else {
      writer.Set(row, Sign(reader[row]) * one);
    }
  });
  return writer.Finish();
}

template <bool kSign>
Result<ColumnPtr> Run(const KernelCall& call) {
  if (kSign && call.expr.type.Is(TypeKind::kDecimal)) return DecimalSign(call);
  switch (call.expr.type.physical()) {
    case PhysicalKind::kInt8:
      return kSign ? LiftTotal<Sign<int8_t>>(call) : LiftTotal<Abs<int8_t>>(call);
    case PhysicalKind::kInt16:
      return kSign ? LiftTotal<Sign<int16_t>>(call) : LiftTotal<Abs<int16_t>>(call);
    case PhysicalKind::kInt32:
      return kSign ? LiftTotal<Sign<int32_t>>(call) : LiftTotal<Abs<int32_t>>(call);
    case PhysicalKind::kInt64:
      return kSign ? LiftTotal<Sign<int64_t>>(call) : LiftTotal<Abs<int64_t>>(call);
    case PhysicalKind::kFloat:
      return kSign ? LiftTotal<Sign<float>>(call) : LiftTotal<Abs<float>>(call);
    case PhysicalKind::kDouble:
      return kSign ? LiftTotal<Sign<double>>(call) : LiftTotal<Abs<double>>(call);
    case PhysicalKind::kInt128:
      return LiftTotal<Abs<int128_t>>(call);
    case PhysicalKind::kNone:
    case PhysicalKind::kBool:
    case PhysicalKind::kTimestamp:
    case PhysicalKind::kString:
    case PhysicalKind::kList:
    case PhysicalKind::kRow:
      break;
  }
  return InternalError("no sign of this type");
}

Result<DataType> Infer(CallTypes& call) {
  bool fits = CountBetween(call, 1, 1) && Takes(call, 0, Family::kNumeric, DataType::Int());
  if (!fits && CountBetween(call, 1, 1)) fits = call.types[0].IsInterval() && call.name == "ABS";
  if (!fits) return BadArguments(call, "'" + std::string(call.name) + "(<NUMERIC>)'");
  return call.types[0];
}

}  // namespace

extern const ScalarFunction kAbs = {.name = "ABS",
                                    .signature = "ABS(NUMERIC) -> NUMERIC",
                                    .doc = "The absolute value; the least integer of its type stays negative.",
                                    .example = "ABS(-5)",
                                    .example_result = "5",
                                    .infer = Infer,
                                    .kernel = Run<false>};
extern const ScalarFunction kSign = {.name = "SIGN",
                                     .signature = "SIGN(NUMERIC) -> NUMERIC",
                                     .doc = "-1, 0 or 1 in the type of the argument.",
                                     .example = "SIGN(-1.50)",
                                     .example_result = "-1.00",
                                     .infer = Infer,
                                     .kernel = Run<true>};

}  // namespace millrace::functions
