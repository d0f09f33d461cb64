// The operator /.
#include "engine/functions/inference.h"
#include "engine/functions/lift.h"
#include "engine/functions/scalar/arithmetic/decimal_kernel.h"
#include "engine/functions/scalar/arithmetic/numeric_types.h"

namespace millrace::functions {

namespace {

// Constants are refused while planning, whatever their type is; at run time DOUBLE gives Infinity or NaN.
template <typename T>
Result<T> Divide(const KernelCall& call, T a, T b) {
  if (b == 0 && call.context.folding) return DivisionByZero();
  if constexpr (std::is_integral_v<T>) {
    if (b == 0) return IntegerDivisionByZero();
    if (b == -1) return static_cast<T>(Wrapping<T>{0} - static_cast<Wrapping<T>>(a));
  }
  return static_cast<T>(a / b);
}

Result<ColumnPtr> DivideDecimals(const KernelCall& call) {
  DecimalShape shape = ShapeOfCall(call);
  return DecimalChecked(call, [shape](int128_t a, int128_t b, std::optional<int128_t>* result) -> Status {
    if (b == 0) return DivisionByZero();
    *result = DecimalDivide(a, shape.s1, b, shape.s2, shape.precision, shape.scale);
    return Status();
  });
}

Result<ColumnPtr> DivideColumns(const KernelCall& call) {
  if (call.expr.type.Is(TypeKind::kDecimal)) return DivideDecimals(call);
  switch (call.expr.type.physical()) {
    case PhysicalKind::kInt8:
      return Lift<Divide<int8_t>>(call);
    case PhysicalKind::kInt16:
      return Lift<Divide<int16_t>>(call);
    case PhysicalKind::kInt32:
      return Lift<Divide<int32_t>>(call);
    case PhysicalKind::kInt64:
      return Lift<Divide<int64_t>>(call);
    case PhysicalKind::kFloat:
      return Lift<Divide<float>>(call);
    case PhysicalKind::kDouble:
      return Lift<Divide<double>>(call);
    case PhysicalKind::kNone:
    case PhysicalKind::kBool:
    case PhysicalKind::kInt128:
    case PhysicalKind::kTimestamp:
    case PhysicalKind::kString:
    case PhysicalKind::kList:
    case PhysicalKind::kRow:
      break;
  }
  return InternalError("no quotient of these types");
}

Result<DataType> Infer(CallTypes& call) {
  if (call.types.size() == 2) {
    std::optional<DataType> type = InferNumericBinary(call, DecimalDivideType);
    if (type.has_value()) return *type;
  }
  return BadArguments(call, "'<NUMERIC> / <NUMERIC>', '<INTERVAL> / <NUMERIC>'");
}

}  // namespace

extern const ScalarFunction kDivide = {
    .name = "/",
    .signature = "NUMERIC / NUMERIC -> NUMERIC",
    .doc =
        "The quotient; of integers it is cut toward zero. Division by zero fails, except that DOUBLE gives Infinity.",
    .example = "-7 / 2",
    .example_result = "-3",
    .infer = Infer,
    .kernel = DivideColumns};

}  // namespace millrace::functions
