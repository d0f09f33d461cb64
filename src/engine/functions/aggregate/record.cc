// Canonical bytes of accumulators' parts.
#include "engine/functions/aggregate/record.h"

#include <bit>
#include <cmath>
#include <limits>

namespace millrace::functions {
namespace {

constexpr int kMaxDepth = 100;  // far deeper than a declared type can be

// One NaN for all, so that equal values have equal bytes.
template <typename T>
T Canonical(T value) {
  return std::isnan(value) ? std::numeric_limits<T>::quiet_NaN() : value;
}

DataType ItemType(const DataType& type, size_t i) {
  switch (type.kind()) {
    case TypeKind::kRow:
      return type.fields()[i].type;
    case TypeKind::kMap:
      return i % 2 == 0 ? type.key() : type.value();
    case TypeKind::kMultiset:
      return i % 2 == 0 ? type.element() : DataType::Int();
    case TypeKind::kArray:
    case TypeKind::kNull:
    case TypeKind::kBoolean:
    case TypeKind::kTinyint:
    case TypeKind::kSmallint:
    case TypeKind::kInt:
    case TypeKind::kBigint:
    case TypeKind::kFloat:
    case TypeKind::kDouble:
    case TypeKind::kDecimal:
    case TypeKind::kChar:
    case TypeKind::kVarchar:
    case TypeKind::kBinary:
    case TypeKind::kVarbinary:
    case TypeKind::kDate:
    case TypeKind::kTime:
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampLtz:
    case TypeKind::kIntervalYearMonth:
    case TypeKind::kIntervalDayTime:
    case TypeKind::kRaw:
    case TypeKind::kDescriptor:
      return type.element();
  }
  return type.element();
}

void PutTimestamp(std::string& out, Timestamp value) {
  PutFixed(out, value.millis);
  PutFixed(out, value.nanos);
}

}  // namespace

void PutVarint(std::string& out, uint64_t value) {
  while (value >= 0x80) {
    out.push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out.push_back(static_cast<char>(value));
}

void PutBytes(std::string& out, std::string_view bytes) {
  PutVarint(out, bytes.size());
  out.append(bytes);
}

void PutValue(std::string& out, const Value& value, const DataType& type) {
  out.push_back(value.IsNull() ? '\0' : '\1');
  if (value.IsNull()) return;
  switch (type.physical()) {
    case PhysicalKind::kNone:
      return;
    case PhysicalKind::kBool:
      return PutFixed(out, static_cast<uint8_t>(value.AsBool()));
    case PhysicalKind::kInt8:
    case PhysicalKind::kInt16:
    case PhysicalKind::kInt32:
    case PhysicalKind::kInt64:
      return PutFixed(out, value.AsInt());
    case PhysicalKind::kFloat:
      return PutFixed(out, Canonical(value.AsFloat()));
    case PhysicalKind::kDouble:
      return PutFixed(out, Canonical(value.AsDouble()));
    case PhysicalKind::kInt128:
      return PutFixed(out, value.AsDecimal());
    case PhysicalKind::kTimestamp:
      return PutTimestamp(out, value.AsTimestamp());
    case PhysicalKind::kString:
      return PutBytes(out, value.AsString());
    case PhysicalKind::kList:
    case PhysicalKind::kRow: {
      const Value::List& items = value.AsList();
      PutVarint(out, items.size());
      for (size_t i = 0; i < items.size(); ++i) PutValue(out, items[i], ItemType(type, i));
      return;
    }
  }
}

void PutValueOf(std::string& out, const Column& column, int32_t row) {
  const DataType& type = column.type();
  if (column.IsNull(row)) {
    out.push_back('\0');
    return;
  }
  if (type.physical() == PhysicalKind::kString) {
    out.push_back('\1');
    return PutBytes(out, ColumnReader<StringRef>(column)[row].view());
  }
  if (type.physical() == PhysicalKind::kInt64) {
    out.push_back('\1');
    return PutFixed(out, ColumnReader<int64_t>(column)[row]);
  }
  PutValue(out, column.GetValue(row), type);
}

uint64_t RecordReader::Varint() {
  uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    auto byte = Fixed<uint8_t>();
    value |= static_cast<uint64_t>(byte & 0x7F) << shift;
    if ((byte & 0x80) == 0) return value;
  }
  failed_ = true;
  return 0;
}

std::string_view RecordReader::Bytes() {
  uint64_t size = Varint();
  if (!Need(size)) return {};
  std::string_view bytes = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return bytes;
}

Value RecordReader::ReadItems(const DataType& type, int depth) {
  uint64_t count = Varint();
  if (count > rest_.size() || (type.Is(TypeKind::kRow) && count != type.fields().size())) {
    failed_ = true;
    return Value::Null();
  }
  Value::List items;
  items.reserve(count);
  for (uint64_t i = 0; i < count; ++i) items.push_back(ReadNested(ItemType(type, i), depth + 1));
  return Value::Nested(std::move(items));
}

Value RecordReader::ReadNested(const DataType& type, int depth) {
  if (depth > kMaxDepth) failed_ = true;
  if (Fixed<uint8_t>() == 0 || failed_) return Value::Null();
  switch (type.physical()) {
    case PhysicalKind::kNone:
      return Value::Null();
    case PhysicalKind::kBool:
      return Value::Bool(Fixed<uint8_t>() != 0);
    case PhysicalKind::kInt8:
    case PhysicalKind::kInt16:
    case PhysicalKind::kInt32:
    case PhysicalKind::kInt64:
      return Value::Int(Fixed<int64_t>());
    case PhysicalKind::kFloat:
      return Value::Float(Fixed<float>());
    case PhysicalKind::kDouble:
      return Value::Double(Fixed<double>());
    case PhysicalKind::kInt128:
      return Value::Decimal(Fixed<int128_t>());
    case PhysicalKind::kTimestamp: {
      Timestamp value;
      value.millis = Fixed<int64_t>();
      value.nanos = Fixed<int32_t>();
      return Value::Time(value);
    }
    case PhysicalKind::kString:
      return Value::String(std::string(Bytes()));
    case PhysicalKind::kList:
    case PhysicalKind::kRow:
      return ReadItems(type, depth);
  }
  return Value::Null();
}

Status RecordReader::Finish() const {
  if (!failed_ && rest_.empty()) return Status::Ok();
  return UserError("snapshot.corrupt", "The record of an aggregate's state does not have the expected layout",
                   "Restore from another checkpoint or savepoint");
}

}  // namespace millrace::functions
