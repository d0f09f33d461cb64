// Cells of slots: memory and copies.
#include "engine/functions/aggregate/value_cell.h"

#include <algorithm>
#include <cstdlib>
#include <new>

namespace millrace::functions {

void OwnedBytes::Append(MemoryPool* pool, std::string_view bytes) {
  size_t wanted = size + bytes.size();
  MR_CHECK(wanted <= UINT32_MAX);
  if (wanted > capacity) {
    size_t grown = std::min<size_t>(std::max<size_t>({wanted, size_t{capacity} * 2, 16}), UINT32_MAX);
    auto* moved = static_cast<char*>(std::realloc(data, grown));
    if (moved == nullptr) throw std::bad_alloc();
    pool->Charge(static_cast<int64_t>(grown) - capacity);
    data = moved;
    capacity = static_cast<uint32_t>(grown);
  }
  if (!bytes.empty()) std::memcpy(data + size, bytes.data(), bytes.size());
  size = static_cast<uint32_t>(wanted);
}

void OwnedBytes::Free(MemoryPool* pool) {
  std::free(data);
  pool->Charge(-static_cast<int64_t>(capacity));
  *this = {};
}

void ValueCell::Set(const Column& column, int32_t row, MemoryPool* pool) {
  has_value = 1;
  switch (PhysicalWidth(column.type().physical())) {
    case 1:
      fixed[0] = ColumnReader<uint8_t>(column)[row];
      return;
    case 2:
      std::memcpy(fixed, &ColumnReader<int16_t>(column)[row], 2);
      return;
    case 4:
      std::memcpy(fixed, &ColumnReader<int32_t>(column)[row], 4);
      return;
    case 8:
      std::memcpy(fixed, &ColumnReader<int64_t>(column)[row], 8);
      return;
    default:
      if (column.type().physical() == PhysicalKind::kString) {
        text.Assign(pool, ColumnReader<StringRef>(column)[row].view());
      } else {
        std::memcpy(fixed, &ColumnReader<int128_t>(column)[row], 16);
      }
      return;
  }
}

void ValueCell::Copy(const ValueCell& from, PhysicalKind kind, MemoryPool* pool) {
  has_value = from.has_value;
  if (kind != PhysicalKind::kString) {
    std::memcpy(fixed, from.fixed, sizeof(fixed));
  } else if (from.has_value) {
    text.Assign(pool, from.text.view());
  }
}

void ValueCell::AppendTo(PhysicalKind kind, ColumnBuilder& out) const {
  if (!has_value) return out.AppendNull();
  if (kind == PhysicalKind::kString) return out.AppendString(text.view());
  auto append = [&]<typename T>(T value) {
    std::memcpy(&value, fixed, sizeof(T));
    out.Append(value);
  };
  switch (PhysicalWidth(kind)) {
    case 1:
      return append(uint8_t{});
    case 2:
      return append(int16_t{});
    case 4:
      return append(int32_t{});
    case 8:
      return append(int64_t{});
    default:
      return append(int128_t{});
  }
}

void ValueCell::Save(PhysicalKind kind, std::string& out) const {
  PutFixed(out, has_value);
  if (!has_value) return;
  if (kind == PhysicalKind::kString) {
    PutBytes(out, text.view());
  } else {
    out.append(reinterpret_cast<const char*>(fixed), PhysicalWidth(kind));
  }
}

void ValueCell::Load(PhysicalKind kind, RecordReader& in, MemoryPool* pool) {
  has_value = in.Fixed<uint8_t>();
  if (!has_value) return;
  if (kind == PhysicalKind::kString) {
    text.Assign(pool, in.Bytes());
    return;
  }
  for (size_t i = 0; i < PhysicalWidth(kind); ++i) fixed[i] = in.Fixed<uint8_t>();
}

}  // namespace millrace::functions
