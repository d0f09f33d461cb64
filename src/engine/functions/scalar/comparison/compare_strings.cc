// Comparison of text and byte strings: short literals by two machine words, order by prefixes first.
#include "engine/functions/lift.h"
#include "engine/functions/scalar/comparison/comparison.h"

namespace millrace::functions {

namespace {

struct Words {
  uint64_t low;
  uint64_t high;
};

inline Words WordsOf(const StringRef& text) {
  Words words;
  std::memcpy(&words, &text, sizeof(words));
  return words;
}

// A literal of at most 12 bytes lies in the reference itself, so equality is that of 16 bytes, whatever the other side
// holds: garbage under a NULL is never followed.
ColumnPtr CompareToShort(const KernelCall& call, const ColumnReader<StringRef>& column, const StringRef& literal,
                         bool equal) {
  FlatWriter<uint8_t> writer(call.expr.type, call.size, call.context.pool);
  uint8_t* out = writer.values();
  Words wanted = WordsOf(literal);
  auto flip = static_cast<uint8_t>(equal ? 0 : 1);
  auto compare = [&](const StringRef& text) {
    Words words = WordsOf(text);
    bool same = ((words.low ^ wanted.low) | (words.high ^ wanted.high)) == 0;
    return static_cast<uint8_t>(static_cast<uint8_t>(same) ^ flip);
  };
  if (column.IsFlat() && call.rows.count() * 2 > call.size) {
    const StringRef* values = column.values();
    for (int32_t i = 0; i < call.size; ++i) out[i] = compare(values[i]);
  } else {
    call.rows.ForEach([&](int32_t row) { out[row] = compare(column[row]); });
  }
  if (column.MayHaveNulls()) lift_internal::CopyNulls(column, writer.MutableValidity(), call.size, call.rows);
  return writer.Finish();
}

template <typename Compare>
ColumnPtr CompareEach(const KernelCall& call, Compare&& compare) {
  ColumnReader<StringRef> a(*call.args[0]);
  ColumnReader<StringRef> b(*call.args[1]);
  FlatWriter<uint8_t> writer(call.expr.type, call.size, call.context.pool);
  uint8_t* out = writer.values();
  if (!a.MayHaveNulls() && !b.MayHaveNulls()) {
    call.rows.ForEach([&](int32_t row) { out[row] = compare(a[row], b[row]) ? 1 : 0; });
    return writer.Finish();
  }
  call.rows.ForEach([&](int32_t row) {
    if (a.IsNull(row) || b.IsNull(row)) {
      writer.SetNull(row);
    } else {
      out[row] = compare(a[row], b[row]) ? 1 : 0;
    }
  });
  return writer.Finish();
}

}  // namespace

Result<ColumnPtr> CompareStrings(const KernelCall& call, CompareOp op) {
  if (op == CompareOp::kEqual || op == CompareOp::kNotEqual) {
    for (size_t literal = 0; literal < 2; ++literal) {
      ColumnReader<StringRef> constant(*call.args[literal]);
      if (!constant.IsConstant() || constant.IsNull(0) || !constant[0].IsInline()) continue;
      ColumnReader<StringRef> column(*call.args[1 - literal]);
      return CompareToShort(call, column, constant[0], op == CompareOp::kEqual);
    }
  }
  using Ref = const StringRef&;
  switch (op) {
    case CompareOp::kEqual:
      return CompareEach(call, [](Ref a, Ref b) { return a == b; });
    case CompareOp::kNotEqual:
      return CompareEach(call, [](Ref a, Ref b) { return !(a == b); });
    case CompareOp::kLess:
      return CompareEach(call, [](Ref a, Ref b) { return CompareRefs(a, b) < 0; });
    case CompareOp::kLessOrEqual:
      return CompareEach(call, [](Ref a, Ref b) { return CompareRefs(a, b) <= 0; });
    case CompareOp::kGreater:
      return CompareEach(call, [](Ref a, Ref b) { return CompareRefs(a, b) > 0; });
    case CompareOp::kGreaterOrEqual:
      return CompareEach(call, [](Ref a, Ref b) { return CompareRefs(a, b) >= 0; });
  }
  return InternalError("unknown comparison");
}

}  // namespace millrace::functions
