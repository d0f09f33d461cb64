// Loops that make a column out of one or two others, NULL where an input is NULL. Include in .cc files only. Unlike
// Lift, the function may keep state between rows (the day of the row before) and know values of the call (a unit, a
// zone).
#pragma once

#include "engine/functions/scalar_function.h"
#include "types/column.h"

namespace millrace::functions {

// out[row] = f(in[row]), with values as they lie in the columns. f never fails.
template <typename Out, typename In, typename F>
ColumnPtr MapColumn(const KernelCall& call, const Column& in, F f) {
  if (in.type().Is(TypeKind::kNull)) return MakeConstant(call.expr.type, Value::Null(), call.size, call.context.pool);
  ColumnReader<In> reader(in);
  FlatWriter<Out> writer(call.expr.type, call.size, call.context.pool);
  Out* out = writer.values();
  if (reader.IsFlat() && !reader.MayHaveNulls() && call.rows.IsAll()) {
    const In* values = reader.values();
    for (int32_t i = 0; i < call.size; ++i) out[i] = f(values[i]);
    return writer.Finish();
  }
  call.rows.ForEach([&](int32_t row) {
    if (reader.IsNull(row)) {
      writer.SetNull(row);
    } else {
      out[row] = f(reader[row]);
    }
  });
  return writer.Finish();
}

// out[row] = f(a[row], b[row]).
template <typename Out, typename A, typename B, typename F>
ColumnPtr MapColumns(const KernelCall& call, const Column& a, const Column& b, F f) {
  if (a.type().Is(TypeKind::kNull) || b.type().Is(TypeKind::kNull)) {
    return MakeConstant(call.expr.type, Value::Null(), call.size, call.context.pool);
  }
  ColumnReader<A> left(a);
  ColumnReader<B> right(b);
  FlatWriter<Out> writer(call.expr.type, call.size, call.context.pool);
  Out* out = writer.values();
  bool nulls = left.MayHaveNulls() || right.MayHaveNulls();
  call.rows.ForEach([&](int32_t row) {
    if (nulls && (left.IsNull(row) || right.IsNull(row))) {
      writer.SetNull(row);
    } else {
      out[row] = f(left[row], right[row]);
    }
  });
  return writer.Finish();
}

}  // namespace millrace::functions
