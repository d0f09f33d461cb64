// Column: reading, and making columns out of columns.
#include "types/column.h"

#include <algorithm>
#include <bit>

namespace millrace {

size_t PhysicalWidth(PhysicalKind kind) {
  switch (kind) {
    case PhysicalKind::kNone:
    case PhysicalKind::kRow: return 0;
    case PhysicalKind::kBool:
    case PhysicalKind::kInt8: return 1;
    case PhysicalKind::kInt16: return 2;
    case PhysicalKind::kInt32:
    case PhysicalKind::kFloat: return 4;
    case PhysicalKind::kInt64:
    case PhysicalKind::kDouble:
    case PhysicalKind::kList: return 8;
    case PhysicalKind::kInt128:
    case PhysicalKind::kTimestamp:
    case PhysicalKind::kString: return 16;
  }
  return 0;
}

bool Column::IsNull(int32_t row) const {
  if (type().physical() == PhysicalKind::kNone) return true;
  switch (parts_.encoding) {
    case Encoding::kFlat: return parts_.validity != nullptr && !bits::Get(parts_.validity, row);
    case Encoding::kConstant: return parts_.validity != nullptr && !bits::Get(parts_.validity, 0);
    case Encoding::kDictionary: return parts_.children[0]->IsNull(parts_.indices[row]);
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
    case PhysicalKind::kNone: return Value::Null();
    case PhysicalKind::kBool: return Value::Bool(column.values<uint8_t>()[i] != 0);
    case PhysicalKind::kInt8: return Value::Int(column.values<int8_t>()[i]);
    case PhysicalKind::kInt16: return Value::Int(column.values<int16_t>()[i]);
    case PhysicalKind::kInt32: return Value::Int(column.values<int32_t>()[i]);
    case PhysicalKind::kInt64: return Value::Int(column.values<int64_t>()[i]);
    case PhysicalKind::kFloat: return Value::Float(column.values<float>()[i]);
    case PhysicalKind::kDouble: return Value::Double(column.values<double>()[i]);
    case PhysicalKind::kInt128: return Value::Decimal(column.values<int128_t>()[i]);
    case PhysicalKind::kTimestamp: return Value::Time(column.values<Timestamp>()[i]);
    case PhysicalKind::kString: return Value::String(std::string(column.values<StringRef>()[i].view()));
    case PhysicalKind::kList: return ListValue(column, i);
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
    case Encoding::kFlat: return FixedValue(*this, type().physical(), row);
    case Encoding::kConstant: return FixedValue(*this, type().physical(), 0);
    case Encoding::kDictionary: return parts_.children[0]->GetValue(parts_.indices[row]);
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

namespace {

template <size_t kWidth>
void GatherWidth(const uint8_t* from, const int32_t* positions, int32_t rows, uint8_t* to) {
  for (int32_t i = 0; i < rows; ++i) {
    std::memcpy(to + static_cast<size_t>(i) * kWidth, from + static_cast<size_t>(positions[i]) * kWidth, kWidth);
  }
}

void GatherValues(size_t width, const uint8_t* from, const int32_t* positions, int32_t rows, uint8_t* to) {
  switch (width) {
    case 1: return GatherWidth<1>(from, positions, rows, to);
    case 2: return GatherWidth<2>(from, positions, rows, to);
    case 4: return GatherWidth<4>(from, positions, rows, to);
    case 8: return GatherWidth<8>(from, positions, rows, to);
    default: return GatherWidth<16>(from, positions, rows, to);
  }
}

// A flat column with row i taken from position positions[i] of `base`, which is flat. Children of rows are gathered
// too; children of lists are shared.
ColumnPtr GatherFlat(const Column& base, const int32_t* positions, int32_t rows, MemoryPool* pool) {
  PhysicalKind kind = base.type().physical();
  Column::Parts parts;
  parts.type = base.type();
  parts.size = rows;
  parts.buffers = base.buffers();
  size_t width = PhysicalWidth(kind);
  if (width > 0) {
    BufferPtr values = Buffer::Allocate(pool, width * static_cast<size_t>(rows));
    GatherValues(width, base.values<uint8_t>(), positions, rows, values->data());
    parts.values = values->data();
    if (kind == PhysicalKind::kString) {
      parts.buffers.push_back(std::move(values));
    } else {
      parts.buffers = {std::move(values)};
    }
  }
  if (base.validity() != nullptr) {
    BufferPtr validity = Buffer::Allocate(pool, bits::BytesFor(rows));
    auto* words = reinterpret_cast<uint64_t*>(validity->data());
    std::memset(words, 0, bits::BytesFor(rows));
    for (int32_t i = 0; i < rows; ++i) {
      if (bits::Get(base.validity(), positions[i])) bits::Set(words, i);
    }
    parts.validity = words;
    parts.buffers.push_back(std::move(validity));
  }
  if (kind == PhysicalKind::kRow) {
    for (const ColumnPtr& child : base.children()) {
      parts.children.push_back(Gather(child, {positions, static_cast<size_t>(rows)}, pool, true));
    }
  } else {
    parts.children = base.children();
  }
  return std::make_shared<const Column>(std::move(parts));
}

}  // namespace

ColumnPtr Gather(const ColumnPtr& base, std::span<const int32_t> rows, MemoryPool* pool, bool flatten) {
  auto count = static_cast<int32_t>(rows.size());
  if (flatten && base->encoding() == Encoding::kFlat) return GatherFlat(*base, rows.data(), count, pool);
  BufferPtr indices = Buffer::Allocate(pool, rows.size() * sizeof(int32_t));
  std::memcpy(indices->data(), rows.data(), rows.size() * sizeof(int32_t));
  ColumnPtr result = MakeDictionary(base, std::move(indices), count);
  return flatten ? Flatten(result, pool) : result;
}

ColumnPtr Slice(const ColumnPtr& base, int32_t offset, int32_t count, MemoryPool* pool) {
  if (offset == 0 && count == base->size()) return base;
  std::vector<int32_t> rows(static_cast<size_t>(count));
  for (int32_t i = 0; i < count; ++i) rows[static_cast<size_t>(i)] = offset + i;
  return Gather(base, rows, pool, true);
}

ColumnPtr Flatten(const ColumnPtr& column, MemoryPool* pool) {
  if (column->encoding() == Encoding::kFlat) return column;
  if (column->encoding() == Encoding::kDictionary) {
    return GatherFlat(*column->children()[0], column->indices(), column->size(), pool);
  }
  std::vector<int32_t> zeros(static_cast<size_t>(column->size()), 0);
  Column::Parts parts;
  parts.type = column->type();
  parts.size = 1;
  parts.values = column->values<void>();
  parts.validity = column->validity();
  parts.children = column->children();
  parts.buffers = column->buffers();
  Column one(std::move(parts));
  return GatherFlat(one, zeros.data(), column->size(), pool);
}

ColumnPtr MakeFromValues(const DataType& type, std::span<const Value> values, MemoryPool* pool) {
  ColumnBuilder builder(type, pool, static_cast<int32_t>(values.size()));
  for (const Value& value : values) builder.AppendValue(value);
  return builder.Finish();
}

ColumnPtr Concatenate(const DataType& type, std::span<const ColumnPtr> columns, MemoryPool* pool) {
  int32_t rows = 0;
  for (const ColumnPtr& column : columns) rows += column->size();
  ColumnBuilder builder(type, pool, rows);
  for (const ColumnPtr& column : columns) {
    for (int32_t i = 0; i < column->size(); ++i) builder.AppendFrom(*column, i);
  }
  return builder.Finish();
}

}  // namespace millrace
