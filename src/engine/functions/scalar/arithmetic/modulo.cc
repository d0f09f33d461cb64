// The operator % and its name MOD: the remainder has the sign of the first number and the type of the second.
#include "engine/functions/inference.h"
#include "engine/functions/lift.h"
#include "engine/functions/scalar/arithmetic/decimal_kernel.h"
#include "engine/functions/scalar/arithmetic/numeric_types.h"

namespace millrace::functions {

namespace {

template <typename T, typename Out>
Result<Out> Remainder(const KernelCall& call, T a, T b) {
  if (b == 0) return call.context.folding ? DivisionByZero() : IntegerDivisionByZero();
  if (b == -1) return static_cast<Out>(0);
  return static_cast<Out>(a % b);
}

// A literal divisor that is neither 0 nor -1 needs no checks.
template <typename T, typename Out>
bool RemainderByConstant(const KernelCall& call, ColumnPtr* result) {
  ColumnReader<T> a(*call.args[0]);
  ColumnReader<T> b(*call.args[1]);
  if (!b.IsConstant() || b.IsNull(0) || b[0] == 0 || b[0] == -1 || !a.IsFlat()) return false;
  T divisor = b[0];
  FlatWriter<Out> writer(call.expr.type, call.size, call.context.pool);
  const T* values = a.values();
  Out* out = writer.values();
  call.rows.ForEach([&](int32_t row) { out[row] = static_cast<Out>(values[row] % divisor); });
  if (a.MayHaveNulls()) lift_internal::CopyNulls(a, writer.MutableValidity(), call.size, call.rows);
  *result = writer.Finish();
  return true;
}

template <typename T, typename Out>
Result<ColumnPtr> RemainderOf(const KernelCall& call) {
  ColumnPtr result;
  if (RemainderByConstant<T, Out>(call, &result)) return result;
  return Lift<Remainder<T, Out>>(call);
}

Result<ColumnPtr> DecimalRemainder(const KernelCall& call) {
  DecimalShape shape = ShapeOfCall(call);
  return DecimalChecked(call, [shape](int128_t a, int128_t b, std::optional<int128_t>* result) -> Status {
    if (b == 0) return DivisionByZero();
    *result = DecimalMod(a, shape.s1, b, shape.s2, shape.precision, shape.scale);
    return Status();
  });
}

Result<ColumnPtr> Mod(const KernelCall& call) {
  if (call.expr.type.Is(TypeKind::kDecimal)) return DecimalRemainder(call);
  bool widened = call.args[0]->type().physical() != call.expr.type.physical();  // then both are BIGINT
  switch (call.expr.type.physical()) {
    case PhysicalKind::kInt8:
      return widened ? RemainderOf<int64_t, int8_t>(call) : RemainderOf<int8_t, int8_t>(call);
    case PhysicalKind::kInt16:
      return widened ? RemainderOf<int64_t, int16_t>(call) : RemainderOf<int16_t, int16_t>(call);
    case PhysicalKind::kInt32:
      return widened ? RemainderOf<int64_t, int32_t>(call) : RemainderOf<int32_t, int32_t>(call);
    case PhysicalKind::kInt64:
      return RemainderOf<int64_t, int64_t>(call);
    case PhysicalKind::kNone:
    case PhysicalKind::kBool:
    case PhysicalKind::kFloat:
    case PhysicalKind::kDouble:
    case PhysicalKind::kInt128:
    case PhysicalKind::kTimestamp:
    case PhysicalKind::kString:
    case PhysicalKind::kList:
    case PhysicalKind::kRow:
      break;
  }
  return InternalError("no remainder of these types");
}

Result<DataType> Infer(CallTypes& call) {
  if (!CountBetween(call, 2, 2) || !InFamily(call.types[0], Family::kExact) ||
      !InFamily(call.types[1], Family::kExact)) {
    return BadArguments(call, "'MOD(<EXACT_NUMERIC>, <EXACT_NUMERIC>)'");
  }
  DataType divisor = call.types[1];
  bool widen = call.types[0].IsInteger() && divisor.IsInteger() && call.types[0].kind() != divisor.kind();
  DataType type = *InferNumericBinary(call, DecimalModType);
  if (!widen) return type;
  for (DataType& arg : call.types) arg = DataType::Bigint().WithNullable(arg.nullable());
  return divisor.WithNullable(type.nullable());
}

}  // namespace

extern const ScalarFunction kMod = {.name = "MOD",
                                    .aliases = {"%"},
                                    .signature = "MOD(EXACT_NUMERIC, EXACT_NUMERIC) -> EXACT_NUMERIC",
                                    .doc = "The remainder of the division, with the sign of the first number.",
                                    .example = "MOD(-7, 3)",
                                    .example_result = "-1",
                                    .infer = Infer,
                                    .kernel = Mod};

}  // namespace millrace::functions
