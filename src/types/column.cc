// Column: reading, and making columns out of columns.
#include "types/column.h"

namespace millrace {

size_t PhysicalWidth(PhysicalKind kind) {
  switch (kind) {
    case PhysicalKind::kNone:
    case PhysicalKind::kRow:
      return 0;
    case PhysicalKind::kBool:
    case PhysicalKind::kInt8:
      return 1;
    case PhysicalKind::kInt16:
      return 2;
    case PhysicalKind::kInt32:
    case PhysicalKind::kFloat:
      return 4;
    case PhysicalKind::kInt64:
    case PhysicalKind::kDouble:
    case PhysicalKind::kList:
      return 8;
    case PhysicalKind::kInt128:
    case PhysicalKind::kTimestamp:
    case PhysicalKind::kString:
      return 16;
  }
  return 0;
}

bool Column::IsNull(int32_t row) const {
  if (type().physical() == PhysicalKind::kNone) return true;
  switch (parts_.encoding) {
    case Encoding::kFlat:
      return parts_.validity != nullptr && !bits::Get(parts_.validity, row);
    case Encoding::kConstant:
      return parts_.validity != nullptr && !bits::Get(parts_.validity, 0);
    case Encoding::kDictionary:
      return parts_.children[0]->IsNull(parts_.indices[row]);
  }
  return true;
}

bool Column::HasNoNulls() const {
  if (type().physical() == PhysicalKind::kNone) return false;
  if (parts_.encoding == Encoding::kDictionary) return parts_.children[0]->HasNoNulls();
  return parts_.validity == nullptr;
}

namespace {

Value ListValue(const Column& column, int32_t position) {
  ListRef list = column.values<ListRef>()[position];
  Value::List items;
  for (int32_t i = list.offset; i < list.offset + list.length; ++i) {
    for (const ColumnPtr& child : column.children()) items.push_back(child->GetValue(i));
  }
  return Value::Nested(std::move(items));
}

Value FixedValue(const Column& column, PhysicalKind kind, int32_t i) {
  switch (kind) {
    case PhysicalKind::kNone:
      return Value::Null();
    case PhysicalKind::kBool:
      return Value::Bool(column.values<uint8_t>()[i] != 0);
    case PhysicalKind::kInt8:
      return Value::Int(column.values<int8_t>()[i]);
    case PhysicalKind::kInt16:
      return Value::Int(column.values<int16_t>()[i]);
    case PhysicalKind::kInt32:
      return Value::Int(column.values<int32_t>()[i]);
    case PhysicalKind::kInt64:
      return Value::Int(column.values<int64_t>()[i]);
    case PhysicalKind::kFloat:
      return Value::Float(column.values<float>()[i]);
    case PhysicalKind::kDouble:
      return Value::Double(column.values<double>()[i]);
    case PhysicalKind::kInt128:
      return Value::Decimal(column.values<int128_t>()[i]);
    case PhysicalKind::kTimestamp:
      return Value::Time(column.values<Timestamp>()[i]);
    case PhysicalKind::kString:
      return Value::String(std::string(column.values<StringRef>()[i].view()));
    case PhysicalKind::kList:
      return ListValue(column, i);
    case PhysicalKind::kRow: {
      Value::List items;
      for (const ColumnPtr& child : column.children()) items.push_back(child->GetValue(i));
      return Value::Nested(std::move(items));
    }
  }
  return Value::Null();
}

}  // namespace

Value Column::GetValue(int32_t row) const {
  if (IsNull(row)) return Value::Null();
  switch (parts_.encoding) {
    case Encoding::kFlat:
      return FixedValue(*this, type().physical(), row);
    case Encoding::kConstant:
      return FixedValue(*this, type().physical(), 0);
    case Encoding::kDictionary:
      return parts_.children[0]->GetValue(parts_.indices[row]);
  }
  return Value::Null();
}

ColumnPtr Column::WithType(const DataType& type) const {
  MR_CHECK(type.physical() == parts_.type.physical());
  Parts parts = parts_;
  parts.type = type;
  if (parts.encoding == Encoding::kDictionary) {
    parts.children[0] = parts.children[0]->WithType(type);
  } else if (!type.Is(TypeKind::kMultiset)) {
    for (size_t i = 0; i < parts.children.size(); ++i)
      parts.children[i] = parts.children[i]->WithType(type.fields()[i].type);
  }
  return std::make_shared<const Column>(std::move(parts));
}

ColumnPtr MakeConstant(const DataType& type, const Value& value, int32_t rows, MemoryPool* pool) {
  ColumnBuilder builder(type, pool, 1);
  builder.AppendValue(value);
  ColumnPtr one = builder.Finish();
  Column::Parts parts;
  parts.type = type;
  parts.size = rows;
  parts.encoding = Encoding::kConstant;
  parts.values = one->values<void>();
  parts.validity = one->validity();
  parts.children = one->children();
  parts.buffers = one->buffers();
  return std::make_shared<const Column>(std::move(parts));
}

ColumnPtr MakeDictionary(const ColumnPtr& base, BufferPtr indices, int32_t rows) {
  Column::Parts parts;
  parts.type = base->type();
  parts.size = rows;
  if (base->encoding() == Encoding::kConstant || base->type().physical() == PhysicalKind::kNone) {
    parts.encoding = base->encoding();
    parts.values = base->values<void>();
    parts.validity = base->validity();
    parts.children = base->children();
    parts.buffers = base->buffers();
    return std::make_shared<const Column>(std::move(parts));
  }
  parts.encoding = Encoding::kDictionary;
  parts.indices = reinterpret_cast<const int32_t*>(indices->data());
  if (base->encoding() == Encoding::kDictionary) {
    auto* own = reinterpret_cast<int32_t*>(indices->data());
    for (int32_t i = 0; i < rows; ++i) own[i] = base->indices()[own[i]];
    parts.children = base->children();
  } else {
    parts.children = {base};
  }
  parts.buffers = {std::move(indices)};
  return std::make_shared<const Column>(std::move(parts));
}

ColumnPtr MakeFromValues(const DataType& type, std::span<const Value> values, MemoryPool* pool) {
  ColumnBuilder builder(type, pool, static_cast<int32_t>(values.size()));
  for (const Value& value : values) builder.AppendValue(value);
  return builder.Finish();
}

}  // namespace millrace
