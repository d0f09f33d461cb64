// Masks and gathers.
#include "engine/functions/scalar/collection/column_parts.h"

#include <cstring>

namespace millrace::functions {
namespace {

void Keep(std::vector<BufferPtr>& buffers, const std::vector<BufferPtr>& more) {
  buffers.insert(buffers.end(), more.begin(), more.end());
}

}  // namespace

ColumnPtr MaskColumn(const ColumnPtr& column, const uint64_t* valid, const std::vector<BufferPtr>& owner,
                     MemoryPool* pool) {
  if (valid == nullptr || column->type().physical() == PhysicalKind::kNone) return column;
  ColumnPtr flat = Flatten(column, pool);
  Column::Parts parts;
  parts.type = flat->type();
  parts.size = flat->size();
  parts.values = flat->values<void>();
  parts.children = flat->children();
  parts.buffers = flat->buffers();
  if (flat->validity() == nullptr) {
    parts.validity = valid;
    Keep(parts.buffers, owner);
    return std::make_shared<const Column>(std::move(parts));
  }
  size_t bytes = bits::BytesFor(flat->size());
  BufferPtr both = Buffer::Allocate(pool, bytes);
  auto* words = reinterpret_cast<uint64_t*>(both->data());
  for (size_t i = 0; i < bytes / sizeof(uint64_t); ++i) words[i] = valid[i] & flat->validity()[i];
  parts.validity = words;
  parts.buffers.push_back(std::move(both));
  return std::make_shared<const Column>(std::move(parts));
}

ColumnPtr GatherOrNull(const DataType& type, const ColumnPtr& base, std::vector<int32_t> positions, MemoryPool* pool) {
  auto rows = static_cast<int32_t>(positions.size());
  if (base->size() == 0 || type.Is(TypeKind::kNull)) return MakeConstant(type, Value::Null(), rows, pool);
  BufferPtr validity;
  for (int32_t i = 0; i < rows; ++i) {
    int32_t& position = positions[static_cast<size_t>(i)];
    if (position >= 0) continue;
    if (validity == nullptr) {
      validity = Buffer::Allocate(pool, bits::BytesFor(rows));
      std::memset(validity->data(), 0xFF, bits::BytesFor(rows));
    }
    bits::Clear(reinterpret_cast<uint64_t*>(validity->data()), i);
    position = 0;
  }
  ColumnPtr gathered = Gather(base, positions, pool, true)->WithType(type);
  if (validity == nullptr) return gathered;
  const auto* words = reinterpret_cast<const uint64_t*>(validity->data());
  return MaskColumn(gathered, words, {validity}, pool);
}

}  // namespace millrace::functions
