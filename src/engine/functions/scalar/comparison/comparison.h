// What the six comparison operators and their kin (IS DISTINCT FROM, GREATEST, IN) share.
#pragma once

#include "base/result.h"
#include "engine/functions/scalar_function.h"

namespace millrace::functions {

enum class CompareOp : uint8_t { kEqual, kNotEqual, kLess, kLessOrEqual, kGreater, kGreaterOrEqual };

// Checks two arguments and sets the types that they are compared in. Result: BOOLEAN, nullable if an argument is.
Result<DataType> InferComparison(CallTypes& call, bool ordering);

// call.args are two columns of types that InferComparison has set.
Result<ColumnPtr> CompareColumns(const KernelCall& call, CompareOp op);

// The same for one physical kind each.
Result<ColumnPtr> CompareFixed(const KernelCall& call, CompareOp op, PhysicalKind kind);
Result<ColumnPtr> CompareStrings(const KernelCall& call, CompareOp op);
Result<ColumnPtr> CompareDecimals(const KernelCall& call, CompareOp op);
Result<ColumnPtr> CompareNested(const KernelCall& call, bool equal);

// Three-way comparison of decimals of any scales.
int CompareDecimalValues(int128_t a, int32_t a_scale, int128_t b, int32_t b_scale);

// Whether two values of one type are equal as `=` sees them: maps without regard to order, NULL items equal to each
// other.
bool EqualValues(const Value& a, const Value& b, const DataType& type);

// Orders by bytes; looks at the prefixes first.
inline int CompareRefs(const StringRef& a, const StringRef& b) {
  uint32_t left;
  uint32_t right;
  std::memcpy(&left, reinterpret_cast<const char*>(&a) + 4, 4);
  std::memcpy(&right, reinterpret_cast<const char*>(&b) + 4, 4);
  if (left != right) return __builtin_bswap32(left) < __builtin_bswap32(right) ? -1 : 1;
  return a.view().compare(b.view());
}

}  // namespace millrace::functions
