#include "engine/operators/row_comparator.h"

#include <bit>

#include "engine/state/value_codec.h"

namespace millrace::operators {
namespace {

template <typename T>
int ThreeWay(const T& a, const T& b) {
  return a < b ? -1 : b < a ? 1 : 0;
}

// Java's order of doubles: by value, then -0.0 before 0.0, NaN last.
template <typename Float, typename Bits>
int CompareFloats(Float a, Float b) {
  if (a < b) return -1;
  if (a > b) return 1;
  auto bits_a = std::bit_cast<Bits>(a);
  auto bits_b = std::bit_cast<Bits>(b);
  return ThreeWay(bits_a, bits_b);  // the one NaN has the greatest bits of all
}

}  // namespace

int RowComparator::CompareKey(const plan::SortKey& key, const uint8_t* a, const uint8_t* b) const {
  auto column = static_cast<size_t>(key.column);
  bool null_a = layout_->IsNull(a, column);
  bool null_b = layout_->IsNull(b, column);
  if (null_a || null_b) {
    if (null_a == null_b) return 0;
    return null_a == key.nulls_first ? -1 : 1;
  }
  int order = CompareField(column, a, b);
  return key.ascending ? order : -order;
}

int RowComparator::CompareField(size_t column, const uint8_t* a, const uint8_t* b) const {
  switch (layout_->types()[column].physical()) {
    case PhysicalKind::kNone:
      return 0;
    case PhysicalKind::kBool:
    case PhysicalKind::kInt8:
    case PhysicalKind::kInt16:
    case PhysicalKind::kInt32:
    case PhysicalKind::kInt64:
      return ThreeWay(layout_->GetInteger(a, column), layout_->GetInteger(b, column));
    case PhysicalKind::kFloat:
      return CompareFloats<float, int32_t>(layout_->Get<float>(a, column), layout_->Get<float>(b, column));
    case PhysicalKind::kDouble:
      return CompareFloats<double, int64_t>(layout_->Get<double>(a, column), layout_->Get<double>(b, column));
    case PhysicalKind::kInt128:
      return ThreeWay(layout_->Get<int128_t>(a, column), layout_->Get<int128_t>(b, column));
    case PhysicalKind::kTimestamp:
      return ThreeWay(layout_->GetTimestamp(a, column), layout_->GetTimestamp(b, column));
    case PhysicalKind::kString:
      return layout_->GetString(a, column).compare(layout_->GetString(b, column));
    case PhysicalKind::kList:
    case PhysicalKind::kRow: {
      const DataType& type = layout_->types()[column];
      std::string_view bytes_a = layout_->GetString(a, column);
      std::string_view bytes_b = layout_->GetString(b, column);
      Result<Value> value_a = state::TakeValue(bytes_a, type);
      Result<Value> value_b = state::TakeValue(bytes_b, type);
      return value_a.ok() && value_b.ok() ? CompareValues(*value_a, *value_b, type) : 0;
    }
  }
  return 0;
}

}  // namespace millrace::operators
