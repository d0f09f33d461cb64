// Comparison of fixed-width columns.
#include "engine/functions/lift.h"
#include "engine/functions/scalar/comparison/comparison.h"

namespace millrace::functions {

namespace {

template <typename T>
bool Equal(T a, T b) {
  return a == b;
}
template <typename T>
bool NotEqual(T a, T b) {
  return a != b;
}
template <typename T>
bool Less(T a, T b) {
  return a < b;
}
template <typename T>
bool LessOrEqual(T a, T b) {
  return a <= b;
}
template <typename T>
bool Greater(T a, T b) {
  return a > b;
}
template <typename T>
bool GreaterOrEqual(T a, T b) {
  return a >= b;
}

template <typename T>
Result<ColumnPtr> Compare(const KernelCall& call, CompareOp op) {
  switch (op) {
    case CompareOp::kEqual:
      return LiftTotal<Equal<T>>(call);
    case CompareOp::kNotEqual:
      return LiftTotal<NotEqual<T>>(call);
    case CompareOp::kLess:
      return LiftTotal<Less<T>>(call);
    case CompareOp::kLessOrEqual:
      return LiftTotal<LessOrEqual<T>>(call);
    case CompareOp::kGreater:
      return LiftTotal<Greater<T>>(call);
    case CompareOp::kGreaterOrEqual:
      return LiftTotal<GreaterOrEqual<T>>(call);
  }
  return InternalError("unknown comparison");
}

}  // namespace

Result<ColumnPtr> CompareFixed(const KernelCall& call, CompareOp op, PhysicalKind kind) {
  switch (kind) {
    case PhysicalKind::kBool:
      return Compare<bool>(call, op);
    case PhysicalKind::kInt8:
      return Compare<int8_t>(call, op);
    case PhysicalKind::kInt16:
      return Compare<int16_t>(call, op);
    case PhysicalKind::kInt32:
      return Compare<int32_t>(call, op);
    case PhysicalKind::kInt64:
      return Compare<int64_t>(call, op);
    case PhysicalKind::kFloat:
      return Compare<float>(call, op);
    case PhysicalKind::kDouble:
      return Compare<double>(call, op);
    case PhysicalKind::kInt128:
      return Compare<int128_t>(call, op);
    case PhysicalKind::kTimestamp:
      return Compare<Timestamp>(call, op);
    case PhysicalKind::kNone:
    case PhysicalKind::kString:
    case PhysicalKind::kList:
    case PhysicalKind::kRow:
      break;
  }
  return InternalError("these columns have no fixed width");
}

}  // namespace millrace::functions
