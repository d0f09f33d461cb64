// One value of a type that is not nested, in a slot: fixed-width values inline, long texts in memory that the cell
// owns.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/memory_pool.h"
#include "engine/functions/aggregate/record.h"
#include "types/column.h"

namespace millrace::functions {

// A growing byte string owned by a slot. Plain data: moved by memcpy, freed by Free().
struct OwnedBytes {
  char* data;
  uint32_t size;
  uint32_t capacity;

  std::string_view view() const { return {data, size}; }
  void Assign(MemoryPool* pool, std::string_view bytes) {
    size = 0;
    Append(pool, bytes);
  }
  void Append(MemoryPool* pool, std::string_view bytes);
  void Free(MemoryPool* pool);
};

// All zero is an empty cell.
struct ValueCell {
  union {
    alignas(16) uint8_t fixed[16];
    OwnedBytes text;
  };
  uint8_t has_value;

  void Set(const Column& column, int32_t row, MemoryPool* pool);  // the row is not NULL
  void Copy(const ValueCell& from, PhysicalKind kind, MemoryPool* pool);
  void Clear() { has_value = 0; }  // keeps the memory
  void Free(PhysicalKind kind, MemoryPool* pool) {
    if (kind == PhysicalKind::kString) text.Free(pool);
  }
  void AppendTo(PhysicalKind kind, ColumnBuilder& out) const;
  void Save(PhysicalKind kind, std::string& out) const;
  void Load(PhysicalKind kind, RecordReader& in, MemoryPool* pool);
};
static_assert(sizeof(ValueCell) == 32);

}  // namespace millrace::functions
