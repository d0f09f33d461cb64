// Concatenate: the rows of several columns in one, with bytes and elements of its own.
#include <algorithm>

#include "types/bit_copy.h"
#include "types/column.h"

namespace millrace {
namespace {

using Columns = std::vector<ColumnPtr>;

int32_t TotalRows(std::span<const ColumnPtr> columns) {
  int32_t rows = 0;
  for (const ColumnPtr& column : columns) rows += column->size();
  return rows;
}

// Null when no column has nulls.
BufferPtr ConcatenateValidity(const Columns& columns, int32_t rows, MemoryPool* pool) {
  bool any = std::any_of(columns.begin(), columns.end(), [](const ColumnPtr& c) { return c->validity() != nullptr; });
  if (!any) return nullptr;
  BufferPtr validity = Buffer::Allocate(pool, bits::BytesFor(rows));
  auto* words = reinterpret_cast<uint64_t*>(validity->data());
  std::memset(words, 0, bits::BytesFor(rows));
  int32_t at = 0;
  for (const ColumnPtr& column : columns) {
    if (column->validity() != nullptr) {
      bits::Copy(column->validity(), 0, words, at, column->size());
    } else {
      bits::SetRange(words, at, column->size());
    }
    at += column->size();
  }
  return validity;
}

bool IsValid(const Column& column, int32_t row) {
  return column.validity() == nullptr || bits::Get(column.validity(), row);
}

// Copies the bytes of long strings into the result's own buffers.
void ConcatenateStrings(const Columns& columns, StringRef* out, StringArena& arena) {
  for (const ColumnPtr& column : columns) {
    const auto* in = column->values<StringRef>();
    for (int32_t row = 0; row < column->size(); ++row) {
      *out++ = IsValid(*column, row) ? (in[row].IsInline() ? in[row] : arena.Copy(in[row].view())) : StringRef();
    }
  }
}

// Lays the elements of all lists one after another; gives the children.
Columns ConcatenateLists(const Columns& columns, ListRef* out, MemoryPool* pool) {
  size_t child_count = columns[0]->children().size();
  std::vector<Columns> parts(child_count);
  int32_t offset = 0;
  for (const ColumnPtr& column : columns) {
    const auto* in = column->values<ListRef>();
    std::vector<int32_t> elements;
    for (int32_t row = 0; row < column->size(); ++row) {
      int32_t length = IsValid(*column, row) ? in[row].length : 0;
      *out++ = {offset, length};
      offset += length;
      for (int32_t i = 0; i < length; ++i) elements.push_back(in[row].offset + i);
    }
    for (size_t c = 0; c < child_count; ++c) {
      parts[c].push_back(Gather(column->children()[c], elements, pool, true));
    }
  }
  Columns children;
  for (size_t c = 0; c < child_count; ++c) {
    children.push_back(Concatenate(columns[0]->children()[c]->type(), parts[c], pool));
  }
  return children;
}

Columns ConcatenateFields(const Columns& columns, MemoryPool* pool) {
  Columns children;
  for (size_t c = 0; c < columns[0]->children().size(); ++c) {
    Columns parts;
    for (const ColumnPtr& column : columns) parts.push_back(column->children()[c]);
    children.push_back(Concatenate(columns[0]->children()[c]->type(), parts, pool));
  }
  return children;
}

}  // namespace

ColumnPtr Concatenate(const DataType& type, std::span<const ColumnPtr> columns, MemoryPool* pool) {
  if (columns.empty()) return ColumnBuilder(type, pool, 1).Finish();
  Columns flat;
  for (const ColumnPtr& column : columns) flat.push_back(Flatten(column, pool));
  int32_t rows = TotalRows(flat);
  Column::Parts parts;
  parts.type = type;
  parts.size = rows;
  PhysicalKind kind = type.physical();
  if (size_t width = PhysicalWidth(kind); width > 0) {
    BufferPtr values = Buffer::Allocate(pool, width * static_cast<size_t>(rows));
    if (kind == PhysicalKind::kString) {
      StringArena arena(pool);
      ConcatenateStrings(flat, reinterpret_cast<StringRef*>(values->data()), arena);
      parts.buffers = arena.TakeBuffers();
    } else if (kind == PhysicalKind::kList) {
      parts.children = ConcatenateLists(flat, reinterpret_cast<ListRef*>(values->data()), pool);
    } else {
      uint8_t* out = values->data();
      for (const ColumnPtr& column : flat) {
        size_t bytes = width * static_cast<size_t>(column->size());
        if (bytes > 0) std::memcpy(out, column->values<uint8_t>(), bytes);
        out += bytes;
      }
    }
    parts.values = values->data();
    parts.buffers.push_back(std::move(values));
  } else if (kind == PhysicalKind::kRow) {
    parts.children = ConcatenateFields(flat, pool);
  }
  if (BufferPtr validity = ConcatenateValidity(flat, rows, pool)) {
    parts.validity = reinterpret_cast<const uint64_t*>(validity->data());
    parts.buffers.push_back(std::move(validity));
  }
  return std::make_shared<const Column>(std::move(parts));
}

}  // namespace millrace
