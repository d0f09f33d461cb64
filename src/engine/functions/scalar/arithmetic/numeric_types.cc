// Types that numbers meet in, and what the arithmetic operators share.
#include "engine/functions/scalar/arithmetic/numeric_types.h"

#include <algorithm>

#include "types/decimal.h"

namespace millrace::functions {

std::optional<DataType> CommonNumericType(const DataType& a, const DataType& b) {
  if (a.Is(TypeKind::kDouble) || b.Is(TypeKind::kDouble)) return DataType::Double();
  bool any_decimal = a.Is(TypeKind::kDecimal) || b.Is(TypeKind::kDecimal);
  if (a.Is(TypeKind::kFloat) || b.Is(TypeKind::kFloat)) return any_decimal ? DataType::Double() : DataType::Float();
  if (!any_decimal) return a.kind() > b.kind() ? a.Nullable() : b.Nullable();
  DataType left = DecimalTypeOf(a);
  DataType right = DecimalTypeOf(b);
  int32_t scale = std::max(left.scale(), right.scale());
  int32_t precision = std::max(left.precision() - left.scale(), right.precision() - right.scale()) + scale;
  if (precision > kMaxDecimalPrecision) return std::nullopt;
  return DataType::Decimal(precision, scale);
}

std::optional<DataType> InferNumericBinary(CallTypes& call, DecimalResultType decimal) {
  DataType& a = call.types[0];
  DataType& b = call.types[1];
  if (a.Is(TypeKind::kNull)) a = b.Is(TypeKind::kNull) ? DataType::Int() : b.Nullable();
  if (b.Is(TypeKind::kNull)) b = a.Nullable();
  if (!a.IsNumeric() || !b.IsNumeric()) return std::nullopt;
  bool nullable = call.Nullable();
  bool any_decimal = a.Is(TypeKind::kDecimal) || b.Is(TypeKind::kDecimal);
  if (any_decimal && a.IsExactNumeric() && b.IsExactNumeric()) {
    DataType left = DecimalTypeOf(a);
    DataType right = DecimalTypeOf(b);
    for (DataType& type : call.types) {
      if (type.IsInteger()) type = DataType::Bigint().WithNullable(type.nullable());
    }
    return decimal(left.precision(), left.scale(), right.precision(), right.scale()).WithNullable(nullable);
  }
  DataType common = *CommonNumericType(a, b);
  // Of FLOAT and DOUBLE Flink takes the one that stands first.
  if (a.Is(TypeKind::kFloat) && b.Is(TypeKind::kDouble)) common = DataType::Float();
  for (DataType& type : call.types) type = common.WithNullable(type.nullable());
  return common.WithNullable(nullable);
}

Error DivisionByZero() {
  return UserError("arithmetic.divide_by_zero", "Division by zero",
                   "guard the divisor, for example with NULLIF(divisor, 0)");
}

Error IntegerDivisionByZero() {
  return UserError("arithmetic.divide_by_zero", "/ by zero", "guard the divisor, for example with NULLIF(divisor, 0)");
}

}  // namespace millrace::functions
