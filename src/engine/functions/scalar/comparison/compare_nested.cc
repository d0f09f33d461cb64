// Comparison of decimals of different scales, and equality of arrays, maps, multisets and rows.
#include <algorithm>

#include "engine/functions/scalar/comparison/comparison.h"

namespace millrace::functions {

namespace {

bool Holds(int order, CompareOp op) {
  switch (op) {
    case CompareOp::kEqual:
      return order == 0;
    case CompareOp::kNotEqual:
      return order != 0;
    case CompareOp::kLess:
      return order < 0;
    case CompareOp::kLessOrEqual:
      return order <= 0;
    case CompareOp::kGreater:
      return order > 0;
    case CompareOp::kGreaterOrEqual:
      return order >= 0;
  }
  return false;
}

int Sign(int128_t value) { return value < 0 ? -1 : (value > 0 ? 1 : 0); }

// Decimals and integers as unscaled 128-bit values.
int128_t UnscaledAt(const Column& column, int32_t row) {
  Value value = column.GetValue(row);
  return column.type().Is(TypeKind::kDecimal) ? value.AsDecimal() : static_cast<int128_t>(value.AsInt());
}

bool EqualEntries(const Value::List& a, const Value::List& b, const DataType& key, const DataType& value) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i + 1 < a.size(); i += 2) {
    bool found = false;
    for (size_t k = 0; k + 1 < b.size() && !found; k += 2) {
      found = EqualValues(a[i], b[k], key) && EqualValues(a[i + 1], b[k + 1], value);
    }
    if (!found) return false;
  }
  return true;
}

}  // namespace

int CompareDecimalValues(int128_t a, int32_t a_scale, int128_t b, int32_t b_scale) {
  if (Sign(a) != Sign(b)) return Sign(a) < Sign(b) ? -1 : 1;
  int sign = Sign(a);
  bool scale_a = a_scale < b_scale;
  int128_t& scaled = scale_a ? a : b;
  for (int32_t i = std::min(a_scale, b_scale); i < std::max(a_scale, b_scale); ++i) {
    // A value that leaves 128 bits is farther from zero than the other one can be.
    if (__builtin_mul_overflow(scaled, static_cast<int128_t>(10), &scaled)) return scale_a ? sign : -sign;
  }
  return a < b ? -1 : (a > b ? 1 : 0);
}

Result<ColumnPtr> CompareDecimals(const KernelCall& call, CompareOp op) {
  FlatWriter<uint8_t> writer(call.expr.type, call.size, call.context.pool);
  const Column& a = *call.args[0];
  const Column& b = *call.args[1];
  call.rows.ForEach([&](int32_t row) {
    if (a.IsNull(row) || b.IsNull(row)) {
      writer.SetNull(row);
      return;
    }
    int order = CompareDecimalValues(UnscaledAt(a, row), a.type().scale(), UnscaledAt(b, row), b.type().scale());
    writer.Set(row, Holds(order, op) ? 1 : 0);
  });
  return writer.Finish();
}

bool EqualValues(const Value& a, const Value& b, const DataType& type) {
  if (a.IsNull() || b.IsNull()) return a.IsNull() && b.IsNull();
  if (type.Is(TypeKind::kMap)) return EqualEntries(a.AsList(), b.AsList(), type.key(), type.value());
  if (type.Is(TypeKind::kMultiset)) {
    return EqualEntries(a.AsList(), b.AsList(), type.element(), DataType::Int().NotNull());
  }
  if (!type.Is(TypeKind::kArray) && !type.Is(TypeKind::kRow)) return a == b;
  const Value::List& left = a.AsList();
  const Value::List& right = b.AsList();
  if (left.size() != right.size()) return false;
  for (size_t i = 0; i < left.size(); ++i) {
    const DataType& item = type.Is(TypeKind::kArray) ? type.element() : type.fields()[i].type;
    if (!EqualValues(left[i], right[i], item)) return false;
  }
  return true;
}

Result<ColumnPtr> CompareNested(const KernelCall& call, bool equal) {
  FlatWriter<uint8_t> writer(call.expr.type, call.size, call.context.pool);
  const Column& a = *call.args[0];
  const Column& b = *call.args[1];
  call.rows.ForEach([&](int32_t row) {
    if (a.IsNull(row) || b.IsNull(row)) {
      writer.SetNull(row);
      return;
    }
    writer.Set(row, EqualValues(a.GetValue(row), b.GetValue(row), a.type()) == equal ? 1 : 0);
  });
  return writer.Finish();
}

}  // namespace millrace::functions
