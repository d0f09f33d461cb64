#include "engine/operators/value_equality.h"

namespace millrace::operators {
namespace {

template <typename T>
void MarkTyped(const Column& column, std::span<const int32_t> before, std::span<const int32_t> after,
               uint8_t* changed) {
  ColumnReader<T> reader(column);
  if (!reader.MayHaveNulls()) {
    for (size_t i = 0; i < before.size(); ++i) {
      changed[i] = static_cast<uint8_t>(changed[i] | !(reader[before[i]] == reader[after[i]]));
    }
    return;
  }
  for (size_t i = 0; i < before.size(); ++i) {
    bool null_before = reader.IsNull(before[i]);
    bool null_after = reader.IsNull(after[i]);
    bool equal = null_before || null_after ? null_before == null_after : reader[before[i]] == reader[after[i]];
    if (!equal) changed[i] = 1;
  }
}

}  // namespace

void MarkChanged(const Column& column, std::span<const int32_t> before, std::span<const int32_t> after,
                 uint8_t* changed) {
  switch (column.type().physical()) {
    case PhysicalKind::kNone:
      return;
    case PhysicalKind::kBool:
    case PhysicalKind::kInt8:
      return MarkTyped<int8_t>(column, before, after, changed);
    case PhysicalKind::kInt16:
      return MarkTyped<int16_t>(column, before, after, changed);
    case PhysicalKind::kInt32:
      return MarkTyped<int32_t>(column, before, after, changed);
    case PhysicalKind::kInt64:
      return MarkTyped<int64_t>(column, before, after, changed);
    case PhysicalKind::kFloat:
      return MarkTyped<float>(column, before, after, changed);
    case PhysicalKind::kDouble:
      return MarkTyped<double>(column, before, after, changed);
    case PhysicalKind::kInt128:
      return MarkTyped<int128_t>(column, before, after, changed);
    case PhysicalKind::kTimestamp:
      return MarkTyped<Timestamp>(column, before, after, changed);
    case PhysicalKind::kString:
      return MarkTyped<StringRef>(column, before, after, changed);
    case PhysicalKind::kList:
    case PhysicalKind::kRow:
      for (size_t i = 0; i < before.size(); ++i) {
        if (!(column.GetValue(before[i]) == column.GetValue(after[i]))) changed[i] = 1;
      }
      return;
  }
}

}  // namespace millrace::operators
