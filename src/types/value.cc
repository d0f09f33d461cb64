#include "types/value.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace millrace {
namespace {

template <typename T>
int Compare(const T& a, const T& b) {
  return a < b ? -1 : (b < a ? 1 : 0);
}

// Java's Double.compare: NaN is greatest and equals NaN, -0.0 is below 0.0.
template <typename T, typename Bits>
int CompareFloating(T a, T b) {
  if (a < b) return -1;
  if (a > b) return 1;
  if (std::isnan(a) || std::isnan(b)) return Compare(std::isnan(a), std::isnan(b));
  return Compare(std::bit_cast<Bits>(a), std::bit_cast<Bits>(b));
}

int CompareNullable(const Value& a, const Value& b, const DataType& type) {
  if (a.IsNull() || b.IsNull()) return Compare(!a.IsNull(), !b.IsNull());
  return CompareValues(a, b, type);
}

// The type of item i of a nested value's list (see Value).
DataType ItemType(const DataType& type, size_t i) {
  if (type.Is(TypeKind::kRow)) return type.fields()[i].type;
  if (type.Is(TypeKind::kMap)) return i % 2 == 0 ? type.key() : type.value();
  if (type.Is(TypeKind::kMultiset) && i % 2 == 1) return DataType::Int();
  return type.element();
}

int CompareLists(const Value::List& a, const Value::List& b, const DataType& type) {
  size_t count = std::min(a.size(), b.size());
  for (size_t i = 0; i < count; ++i) {
    if (int order = CompareNullable(a[i], b[i], ItemType(type, i)); order != 0) return order;
  }
  return Compare(a.size(), b.size());
}

}  // namespace

Value::Value() = default;
Value::Value(const Value&) = default;
Value::Value(Value&&) noexcept = default;
Value& Value::operator=(const Value&) = default;
Value& Value::operator=(Value&&) noexcept = default;
Value::~Value() = default;
Value::Value(Storage storage) : storage_(std::move(storage)) {}

Value Value::Bool(bool v) { return Value(Storage(v)); }
Value Value::Int(int64_t v) { return Value(Storage(v)); }
Value Value::Float(float v) { return Value(Storage(v)); }
Value Value::Double(double v) { return Value(Storage(v)); }
Value Value::Decimal(int128_t unscaled) { return Value(Storage(unscaled)); }
Value Value::Time(Timestamp v) { return Value(Storage(v)); }
Value Value::String(std::string v) { return Value(Storage(std::move(v))); }
Value Value::Nested(List items) { return Value(Storage(std::make_shared<const List>(std::move(items)))); }

bool Value::AsBool() const { return std::get<bool>(storage_); }
int64_t Value::AsInt() const { return std::get<int64_t>(storage_); }
float Value::AsFloat() const { return std::get<float>(storage_); }
double Value::AsDouble() const { return std::get<double>(storage_); }
int128_t Value::AsDecimal() const { return std::get<int128_t>(storage_); }
Timestamp Value::AsTimestamp() const { return std::get<Timestamp>(storage_); }
const std::string& Value::AsString() const { return std::get<std::string>(storage_); }
const Value::List& Value::AsList() const { return *std::get<std::shared_ptr<const List>>(storage_); }

bool Value::operator==(const Value& other) const {
  if (storage_.index() != other.storage_.index()) return false;
  if (const auto* d = std::get_if<double>(&storage_)) {
    double o = std::get<double>(other.storage_);
    return std::bit_cast<uint64_t>(*d) == std::bit_cast<uint64_t>(o) || (std::isnan(*d) && std::isnan(o));
  }
  if (const auto* f = std::get_if<float>(&storage_)) {
    float o = std::get<float>(other.storage_);
    return std::bit_cast<uint32_t>(*f) == std::bit_cast<uint32_t>(o) || (std::isnan(*f) && std::isnan(o));
  }
  if (const auto* list = std::get_if<std::shared_ptr<const List>>(&storage_)) {
    return **list == other.AsList();
  }
  return storage_ == other.storage_;
}

int CompareValues(const Value& a, const Value& b, const DataType& type) {
  switch (type.physical()) {
    case PhysicalKind::kNone:
      return 0;
    case PhysicalKind::kBool:
      return Compare(a.AsBool(), b.AsBool());
    case PhysicalKind::kInt8:
    case PhysicalKind::kInt16:
    case PhysicalKind::kInt32:
    case PhysicalKind::kInt64:
      return Compare(a.AsInt(), b.AsInt());
    case PhysicalKind::kFloat:
      return CompareFloating<float, int32_t>(a.AsFloat(), b.AsFloat());
    case PhysicalKind::kDouble:
      return CompareFloating<double, int64_t>(a.AsDouble(), b.AsDouble());
    case PhysicalKind::kInt128:
      return Compare(a.AsDecimal(), b.AsDecimal());
    case PhysicalKind::kTimestamp:
      return Compare(a.AsTimestamp(), b.AsTimestamp());
    case PhysicalKind::kString:
      return std::clamp(a.AsString().compare(b.AsString()), -1, 1);
    case PhysicalKind::kList:
    case PhysicalKind::kRow:
      return CompareLists(a.AsList(), b.AsList(), type);
  }
  return 0;
}

}  // namespace millrace
