// Loops over exact operands of which one at least is a DECIMAL: BIGINT columns are read as they are. Include in .cc
// files only.
#pragma once

#include <optional>

#include "engine/functions/lift.h"
#include "types/decimal.h"

namespace millrace::functions {

// Scales of the operands, precision and scale of the result.
struct DecimalShape {
  int32_t s1;
  int32_t s2;
  int32_t precision;
  int32_t scale;
};

inline DecimalShape ShapeOfCall(const KernelCall& call) {
  auto scale = [](const DataType& type) { return type.Is(TypeKind::kDecimal) ? type.scale() : 0; };
  return {scale(call.args[0]->type()), scale(call.args[1]->type()), call.expr.type.precision(), call.expr.type.scale()};
}

// Calls f(left reader, right reader) with the operands' physical types.
template <typename F>
auto WithExactReaders(const KernelCall& call, F&& f) {
  bool left = call.args[0]->type().Is(TypeKind::kDecimal);
  bool right = call.args[1]->type().Is(TypeKind::kDecimal);
  if (left && right) return f(ColumnReader<int128_t>(*call.args[0]), ColumnReader<int128_t>(*call.args[1]));
  if (left) return f(ColumnReader<int128_t>(*call.args[0]), ColumnReader<int64_t>(*call.args[1]));
  return f(ColumnReader<int64_t>(*call.args[0]), ColumnReader<int128_t>(*call.args[1]));
}

inline bool AnyNullConstant(const KernelCall& call) {
  for (const ColumnPtr& arg : call.args) {
    if (arg->type().Is(TypeKind::kNull) || (arg->encoding() == Encoding::kConstant && arg->IsNull(0))) return true;
  }
  return false;
}

// combine(int128_t, int128_t) gives the unscaled result; it never fails, so that it may run under NULLs too.
template <typename Combine>
Result<ColumnPtr> DecimalTotal(const KernelCall& call, Combine&& combine) {
  if (AnyNullConstant(call)) return MakeConstant(call.expr.type, Value::Null(), call.size, call.context.pool);
  FlatWriter<int128_t> writer(call.expr.type, call.size, call.context.pool);
  int128_t* out = writer.values();
  WithExactReaders(call, [&](const auto& a, const auto& b) {
    bool dense = call.rows.count() * 2 > call.size;
    if (dense && a.IsConstant() && b.IsFlat()) {
      const auto left = a[0];
      const auto* right = b.values();
      for (int32_t i = 0; i < call.size; ++i) out[i] = combine(left, right[i]);
    } else if (dense && a.IsFlat() && b.IsConstant()) {
      const auto* left = a.values();
      const auto right = b[0];
      for (int32_t i = 0; i < call.size; ++i) out[i] = combine(left[i], right);
    } else {
      call.rows.ForEach([&](int32_t row) { out[row] = combine(a[row], b[row]); });
    }
    if (a.MayHaveNulls() || b.MayHaveNulls()) {
      uint64_t* words = writer.MutableValidity();
      lift_internal::CopyNulls(a, words, call.size, call.rows);
      lift_internal::CopyNulls(b, words, call.size, call.rows);
    }
  });
  return writer.Finish();
}

// compute(int128_t, int128_t, std::optional<int128_t>* result) gives a Status; an empty result is NULL.
template <typename Compute>
Result<ColumnPtr> DecimalChecked(const KernelCall& call, Compute&& compute) {
  if (AnyNullConstant(call)) return MakeConstant(call.expr.type, Value::Null(), call.size, call.context.pool);
  FlatWriter<int128_t> writer(call.expr.type, call.size, call.context.pool);
  Status failure = WithExactReaders(call, [&](const auto& a, const auto& b) {
    for (int32_t i = 0; i < call.rows.count(); ++i) {
      int32_t row = call.rows[i];
      if (a.IsNull(row) || b.IsNull(row)) {
        writer.SetNull(row);
        continue;
      }
      std::optional<int128_t> result;
      Status status = compute(static_cast<int128_t>(a[row]), static_cast<int128_t>(b[row]), &result);
      if (!status.ok()) return status;
      if (result.has_value()) {
        writer.values()[row] = *result;
      } else {
        writer.SetNull(row);
      }
    }
    return Status();
  });
  MR_RETURN_IF_ERROR(failure);
  return writer.Finish();
}

}  // namespace millrace::functions
