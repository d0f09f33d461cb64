// The operator *.
#include "engine/functions/inference.h"
#include "engine/functions/lift.h"
#include "engine/functions/scalar/arithmetic/decimal_kernel.h"
#include "engine/functions/scalar/arithmetic/numeric_types.h"
#include "engine/functions/scalar/temporal/interval_arithmetic.h"

namespace millrace::functions {

namespace {

template <typename T>
T Multiply(T a, T b) {
  if constexpr (std::is_integral_v<T>) {
    return static_cast<T>(static_cast<Wrapping<T>>(a) * static_cast<Wrapping<T>>(b));
  } else {
    return a * b;
  }
}

bool FitsInt64(int128_t value) { return value >= INT64_MIN && value <= INT64_MAX; }

// BIGINT times a small DECIMAL constant: one 64-by-64-bit multiplication a row.
Result<ColumnPtr> MultiplyByConstant(const KernelCall& call, const Column& integers, int64_t factor) {
  ColumnReader<int64_t> reader(integers);
  FlatWriter<int128_t> writer(call.expr.type, call.size, call.context.pool);
  int128_t* out = writer.values();
  if (reader.IsFlat() && call.rows.count() * 2 > call.size) {
    const int64_t* values = reader.values();
    for (int32_t i = 0; i < call.size; ++i) out[i] = static_cast<int128_t>(values[i]) * factor;
  } else {
    call.rows.ForEach([&](int32_t row) { out[row] = static_cast<int128_t>(reader[row]) * factor; });
  }
  if (reader.MayHaveNulls()) lift_internal::CopyNulls(reader, writer.MutableValidity(), call.size, call.rows);
  return writer.Finish();
}

Result<ColumnPtr> MultiplyDecimals(const KernelCall& call) {
  DecimalShape shape = ShapeOfCall(call);
  // Flink's product type has one digit more than a product can need.
  bool exact = shape.scale == shape.s1 + shape.s2 && call.expr.type.precision() < kMaxDecimalPrecision;
  if (!exact) {
    return DecimalChecked(call, [shape](int128_t a, int128_t b, std::optional<int128_t>* result) {
      *result = DecimalMultiply(a, shape.s1, b, shape.s2, shape.precision, shape.scale);
      return Status();
    });
  }
  for (size_t i = 0; i < 2; ++i) {
    const Column& constant = *call.args[i];
    const Column& other = *call.args[1 - i];
    if (!constant.type().Is(TypeKind::kDecimal) || constant.encoding() != Encoding::kConstant || constant.IsNull(0) ||
        !other.type().Is(TypeKind::kBigint)) {
      continue;
    }
    int128_t factor = constant.values<int128_t>()[0];
    if (FitsInt64(factor)) return MultiplyByConstant(call, other, static_cast<int64_t>(factor));
  }
  return DecimalTotal(call, [](int128_t a, int128_t b) {
    return static_cast<int128_t>(static_cast<uint128_t>(a) * static_cast<uint128_t>(b));
  });
}

Result<ColumnPtr> Times(const KernelCall& call) {
  if (IsIntervalArithmetic(call)) return IntervalTimes(call);
  if (call.expr.type.Is(TypeKind::kDecimal)) return MultiplyDecimals(call);
  switch (call.expr.type.physical()) {
    case PhysicalKind::kInt8:
      return LiftTotal<Multiply<int8_t>>(call);
    case PhysicalKind::kInt16:
      return LiftTotal<Multiply<int16_t>>(call);
    case PhysicalKind::kInt32:
      return LiftTotal<Multiply<int32_t>>(call);
    case PhysicalKind::kInt64:
      return LiftTotal<Multiply<int64_t>>(call);
    case PhysicalKind::kFloat:
      return LiftTotal<Multiply<float>>(call);
    case PhysicalKind::kDouble:
      return LiftTotal<Multiply<double>>(call);
    case PhysicalKind::kNone:
    case PhysicalKind::kBool:
    case PhysicalKind::kInt128:
    case PhysicalKind::kTimestamp:
    case PhysicalKind::kString:
    case PhysicalKind::kList:
    case PhysicalKind::kRow:
      break;
  }
  return InternalError("no product of these types");
}

Result<DataType> Infer(CallTypes& call) {
  if (call.types.size() == 2 && IsIntervalArithmetic(call)) return InferIntervalArithmetic(call);
  if (call.types.size() == 2) {
    std::optional<DataType> type = InferNumericBinary(call, DecimalMultiplyType);
    if (type.has_value()) return *type;
  }
  return BadArguments(call, "'<NUMERIC> * <NUMERIC>', '<INTERVAL> * <NUMERIC>', '<NUMERIC> * <INTERVAL>'");
}

}  // namespace

extern const ScalarFunction kTimes = {
    .name = "*",
    .signature = "NUMERIC * NUMERIC -> NUMERIC",
    .doc = "The product. Integers wrap around; a DECIMAL that does not fit is NULL. Also an interval times a number.",
    .example = "0.908 * 100",
    .example_result = "90.800",
    .infer = Infer,
    .kernel = Times};

}  // namespace millrace::functions
