// Rows of a column: gathered, sliced, flattened.
#include "types/bit_copy.h"
#include "types/column.h"

namespace millrace {
namespace {

template <size_t kWidth>
void GatherWidth(const uint8_t* from, const int32_t* positions, int32_t rows, uint8_t* to) {
  for (int32_t i = 0; i < rows; ++i) {
    std::memcpy(to + static_cast<size_t>(i) * kWidth, from + static_cast<size_t>(positions[i]) * kWidth, kWidth);
  }
}

void GatherValues(size_t width, const uint8_t* from, const int32_t* positions, int32_t rows, uint8_t* to) {
  switch (width) {
    case 1:
      return GatherWidth<1>(from, positions, rows, to);
    case 2:
      return GatherWidth<2>(from, positions, rows, to);
    case 4:
      return GatherWidth<4>(from, positions, rows, to);
    case 8:
      return GatherWidth<8>(from, positions, rows, to);
    default:
      return GatherWidth<16>(from, positions, rows, to);
  }
}

bool Holds(const Buffer& buffer, const void* place) {
  const auto* at = static_cast<const uint8_t*>(place);
  return at >= buffer.data() && at < buffer.data() + buffer.size();
}

// The buffers with string bytes; those of values and bitmaps are not needed once the values are copied.
std::vector<BufferPtr> StringBuffers(const Column& column) {
  std::vector<BufferPtr> kept;
  for (const BufferPtr& buffer : column.buffers()) {
    if (!Holds(*buffer, column.values<void>()) && !Holds(*buffer, column.validity())) kept.push_back(buffer);
  }
  return kept;
}

// A flat column with row i taken from position positions[i] of `base`, which is flat. Children of rows are gathered
// too; children of lists are shared.
ColumnPtr GatherFlat(const Column& base, const int32_t* positions, int32_t rows, MemoryPool* pool) {
  PhysicalKind kind = base.type().physical();
  Column::Parts parts;
  parts.type = base.type();
  parts.size = rows;
  size_t width = PhysicalWidth(kind);
  if (width > 0) {
    if (kind == PhysicalKind::kString) parts.buffers = StringBuffers(base);
    BufferPtr values = Buffer::Allocate(pool, width * static_cast<size_t>(rows));
    GatherValues(width, base.values<uint8_t>(), positions, rows, values->data());
    parts.values = values->data();
    parts.buffers.push_back(std::move(values));
  }
  if (base.validity() != nullptr) {
    BufferPtr validity = Buffer::Allocate(pool, bits::BytesFor(rows));
    auto* words = reinterpret_cast<uint64_t*>(validity->data());
    std::memset(words, 0, bits::BytesFor(rows));
    for (int32_t i = 0; i < rows; ++i) {
      words[i >> 6] |= static_cast<uint64_t>(bits::Get(base.validity(), positions[i])) << (i & 63);
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

// Shares the values; only the bitmap is copied, because its bits have to move.
ColumnPtr SliceFlat(const Column& base, int32_t offset, int32_t count, MemoryPool* pool) {
  Column::Parts parts;
  parts.type = base.type();
  parts.size = count;
  parts.buffers = base.buffers();
  size_t width = PhysicalWidth(base.type().physical());
  if (width > 0) parts.values = base.values<uint8_t>() + width * static_cast<size_t>(offset);
  if (base.validity() != nullptr) {
    BufferPtr validity = Buffer::Allocate(pool, bits::BytesFor(count));
    auto* words = reinterpret_cast<uint64_t*>(validity->data());
    std::memset(words, 0, bits::BytesFor(count));
    bits::Copy(base.validity(), offset, words, 0, count);
    parts.validity = words;
    parts.buffers.push_back(std::move(validity));
  }
  for (const ColumnPtr& child : base.children()) {
    bool row = base.type().Is(TypeKind::kRow);
    parts.children.push_back(row ? Slice(child, offset, count, pool) : child);
  }
  return std::make_shared<const Column>(std::move(parts));
}

}  // namespace

ColumnPtr Gather(const ColumnPtr& base, std::span<const int32_t> rows, MemoryPool* pool, bool flatten) {
  auto count = static_cast<int32_t>(rows.size());
  if (flatten && base->encoding() == Encoding::kFlat) return GatherFlat(*base, rows.data(), count, pool);
  BufferPtr indices = Buffer::Allocate(pool, rows.size() * sizeof(int32_t));
  if (count > 0) std::memcpy(indices->data(), rows.data(), rows.size() * sizeof(int32_t));
  ColumnPtr result = MakeDictionary(base, std::move(indices), count);
  return flatten ? Flatten(result, pool) : result;
}

ColumnPtr Slice(const ColumnPtr& base, int32_t offset, int32_t count, MemoryPool* pool) {
  if (offset == 0 && count == base->size()) return base;
  if (base->encoding() == Encoding::kFlat) return SliceFlat(*base, offset, count, pool);
  Column::Parts parts;
  parts.type = base->type();
  parts.size = count;
  parts.encoding = base->encoding();
  parts.values = base->values<void>();
  parts.validity = base->validity();
  parts.indices = base->indices() == nullptr ? nullptr : base->indices() + offset;
  parts.children = base->children();
  parts.buffers = base->buffers();
  return std::make_shared<const Column>(std::move(parts));
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

}  // namespace millrace
