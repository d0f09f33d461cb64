// Binary + and -, and the unary ones.
#include "engine/functions/inference.h"
#include "engine/functions/lift.h"
#include "engine/functions/scalar/arithmetic/decimal_kernel.h"
#include "engine/functions/scalar/arithmetic/numeric_types.h"
#include "engine/functions/scalar/temporal/interval_arithmetic.h"

namespace millrace::functions {

namespace {

// Integers wrap, as Java's do.
template <typename T>
T Add(T a, T b) {
  if constexpr (std::is_integral_v<T>) {
    return static_cast<T>(static_cast<Wrapping<T>>(a) + static_cast<Wrapping<T>>(b));
  } else {
    return a + b;
  }
}

template <typename T>
T Subtract(T a, T b) {
  if constexpr (std::is_integral_v<T>) {
    return static_cast<T>(static_cast<Wrapping<T>>(a) - static_cast<Wrapping<T>>(b));
  } else {
    return a - b;
  }
}

template <typename T>
T Negate(T a) {
  if constexpr (std::is_integral_v<T>) {
    return static_cast<T>(Wrapping<T>{0} - static_cast<Wrapping<T>>(a));
  } else {
    return -a;
  }
}

template <bool kSubtract>
Result<ColumnPtr> AddDecimals(const KernelCall& call) {
  DecimalShape shape = ShapeOfCall(call);
  if (shape.scale == std::max(shape.s1, shape.s2)) {
    // The type has room for every sum, so there is nothing to round or to check.
    int128_t left = PowerOfTen(shape.scale - shape.s1);
    int128_t right = PowerOfTen(shape.scale - shape.s2);
    bool exact = call.expr.type.precision() < kMaxDecimalPrecision;
    if (exact && left == 1 && right == 1) {
      return DecimalTotal(call, [](int128_t a, int128_t b) { return kSubtract ? Subtract(a, b) : Add(a, b); });
    }
    if (exact) {
      return DecimalTotal(call, [left, right](int128_t a, int128_t b) {
        using Wide = uint128_t;
        Wide scaled_a = static_cast<Wide>(a) * static_cast<Wide>(left);
        Wide scaled_b = static_cast<Wide>(b) * static_cast<Wide>(right);
        return static_cast<int128_t>(kSubtract ? scaled_a - scaled_b : scaled_a + scaled_b);
      });
    }
  }
  return DecimalChecked(call, [shape](int128_t a, int128_t b, std::optional<int128_t>* result) {
    *result = kSubtract ? DecimalSubtract(a, shape.s1, b, shape.s2, shape.precision, shape.scale)
                        : DecimalAdd(a, shape.s1, b, shape.s2, shape.precision, shape.scale);
    return Status();
  });
}

template <typename T, bool kSubtract>
constexpr Kernel kSum = kSubtract ? Kernel(LiftTotal<Subtract<T>>) : Kernel(LiftTotal<Add<T>>);

template <bool kSubtract>
Result<ColumnPtr> Binary(const KernelCall& call) {
  if (call.expr.type.Is(TypeKind::kDecimal)) return AddDecimals<kSubtract>(call);
  switch (call.expr.type.physical()) {
    case PhysicalKind::kInt8:
      return kSum<int8_t, kSubtract>(call);
    case PhysicalKind::kInt16:
      return kSum<int16_t, kSubtract>(call);
    case PhysicalKind::kInt32:
      return kSum<int32_t, kSubtract>(call);
    case PhysicalKind::kInt64:
      return kSum<int64_t, kSubtract>(call);
    case PhysicalKind::kFloat:
      return kSum<float, kSubtract>(call);
    case PhysicalKind::kDouble:
      return kSum<double, kSubtract>(call);
    case PhysicalKind::kNone:
    case PhysicalKind::kBool:
    case PhysicalKind::kInt128:
    case PhysicalKind::kTimestamp:
    case PhysicalKind::kString:
    case PhysicalKind::kList:
    case PhysicalKind::kRow:
      break;
  }
  return InternalError("no sum of these types");
}

Result<ColumnPtr> NegateColumn(const KernelCall& call) {
  switch (call.expr.type.physical()) {
    case PhysicalKind::kInt8:
      return LiftTotal<Negate<int8_t>>(call);
    case PhysicalKind::kInt16:
      return LiftTotal<Negate<int16_t>>(call);
    case PhysicalKind::kInt32:
      return LiftTotal<Negate<int32_t>>(call);
    case PhysicalKind::kInt64:
      return LiftTotal<Negate<int64_t>>(call);
    case PhysicalKind::kFloat:
      return LiftTotal<Negate<float>>(call);
    case PhysicalKind::kDouble:
      return LiftTotal<Negate<double>>(call);
    case PhysicalKind::kInt128:
      return LiftTotal<Negate<int128_t>>(call);
    case PhysicalKind::kNone:
    case PhysicalKind::kBool:
    case PhysicalKind::kTimestamp:
    case PhysicalKind::kString:
    case PhysicalKind::kList:
    case PhysicalKind::kRow:
      break;
  }
  return InternalError("no negative of this type");
}

Result<ColumnPtr> Plus(const KernelCall& call) {
  if (call.args.size() == 1) return call.args[0]->WithType(call.expr.type);
  if (IsIntervalArithmetic(call)) return IntervalPlus(call);
  return Binary<false>(call);
}

Result<ColumnPtr> Minus(const KernelCall& call) {
  if (call.args.size() == 1) return NegateColumn(call);
  if (IsIntervalArithmetic(call)) return IntervalMinus(call);
  return Binary<true>(call);
}

Result<DataType> Infer(CallTypes& call) {
  if (call.types.size() == 1) {
    DataType& type = call.types[0];
    if (type.Is(TypeKind::kNull)) type = DataType::Int();
    if (type.IsNumeric() || type.IsInterval()) return type;
  }
  if (call.types.size() == 2 && IsIntervalArithmetic(call)) return InferIntervalArithmetic(call);
  if (call.types.size() == 2) {
    std::optional<DataType> type = InferNumericBinary(call, DecimalAddType);
    if (type.has_value()) return *type;
  }
  return BadArguments(call, "'<NUMERIC> op <NUMERIC>', '<DATETIME> op <INTERVAL>', '<INTERVAL> op <INTERVAL>'");
}

}  // namespace

extern const ScalarFunction kPlus = {
    .name = "+",
    .signature = "NUMERIC + NUMERIC -> NUMERIC",
    .doc = "The sum. Integers wrap around; a DECIMAL that does not fit is NULL. Also a time moved by an interval.",
    .example = "1.5 + 1",
    .example_result = "2.5",
    .infer = Infer,
    .kernel = Plus};
extern const ScalarFunction kMinus = {
    .name = "-",
    .signature = "NUMERIC - NUMERIC -> NUMERIC",
    .doc = "The difference, or with one argument the negative. Also a time moved back by an interval.",
    .example = "5 - 7",
    .example_result = "-2",
    .infer = Infer,
    .kernel = Minus};

}  // namespace millrace::functions
