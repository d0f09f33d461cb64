// Types of arithmetic results: Flink's rules for precision and scale.
#include "engine/functions/scalar/arithmetic/numeric_types.h"

#include <algorithm>

namespace millrace::functions {

namespace {

// DECIMAL(precision, scale) if it exists; otherwise digits of the fraction go first, but not more than to
// kMinAdjustedScale.
DataType Adjusted(int32_t precision, int32_t scale) {
  if (precision <= kMaxDecimalPrecision) return DataType::Decimal(precision, scale);
  int32_t integer_digits = precision - scale;
  int32_t least_scale = std::min(scale, kMinAdjustedScale);
  return DataType::Decimal(kMaxDecimalPrecision, std::max(kMaxDecimalPrecision - integer_digits, least_scale));
}

}  // namespace

DataType AsDecimal(const DataType& exact) {
  if (exact.Is(TypeKind::kTinyint)) return DataType::Decimal(3, 0);
  if (exact.Is(TypeKind::kSmallint)) return DataType::Decimal(5, 0);
  if (exact.Is(TypeKind::kInt)) return DataType::Decimal(10, 0);
  if (exact.Is(TypeKind::kBigint)) return DataType::Decimal(19, 0);
  return exact.Nullable();
}

DataType DecimalSumType(const DataType& a, const DataType& b) {
  int32_t scale = std::max(a.scale(), b.scale());
  return Adjusted(std::max(a.precision() - a.scale(), b.precision() - b.scale()) + scale + 1, scale);
}

DataType DecimalProductType(const DataType& a, const DataType& b) {
  return Adjusted(a.precision() + b.precision() + 1, a.scale() + b.scale());
}

DataType DecimalQuotientType(const DataType& a, const DataType& b) {
  int32_t scale = std::max(6, a.scale() + b.precision() + 1);
  return Adjusted(a.precision() - a.scale() + b.scale() + scale, scale);
}

DataType DecimalRemainderType(const DataType& a, const DataType& b) {
  int32_t scale = std::max(a.scale(), b.scale());
  return Adjusted(std::min(a.precision() - a.scale(), b.precision() - b.scale()) + scale, scale);
}

DataType DecimalRoundType(const DataType& decimal, int32_t digits) {
  if (digits >= decimal.scale()) return decimal;
  int32_t integer_digits = 1 + decimal.precision() - decimal.scale();
  if (digits < 0) return DataType::Decimal(std::min(kMaxDecimalPrecision, integer_digits), 0);
  return DataType::Decimal(std::min(kMaxDecimalPrecision, integer_digits + digits), digits);
}

std::optional<DataType> CommonNumericType(const DataType& a, const DataType& b) {
  if (a.Is(TypeKind::kDouble) || b.Is(TypeKind::kDouble)) return DataType::Double();
  bool any_decimal = a.Is(TypeKind::kDecimal) || b.Is(TypeKind::kDecimal);
  if (a.Is(TypeKind::kFloat) || b.Is(TypeKind::kFloat)) return any_decimal ? DataType::Double() : DataType::Float();
  if (!any_decimal) return a.kind() > b.kind() ? a.Nullable() : b.Nullable();
  DataType left = AsDecimal(a);
  DataType right = AsDecimal(b);
  int32_t scale = std::max(left.scale(), right.scale());
  int32_t precision = std::max(left.precision() - left.scale(), right.precision() - right.scale()) + scale;
  if (precision > kMaxDecimalPrecision) return std::nullopt;
  return DataType::Decimal(precision, scale);
}

}  // namespace millrace::functions
