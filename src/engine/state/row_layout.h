// Packed rows: a row in one piece of memory, for join sides, Top-N buffers, deduplication and other state that keeps
// whole rows.
//
// Layout: 4 bytes of total length; a bit per column that is set for NULL; the fixed-width fields one after another
// (timestamps 12 bytes; strings and nested types 4 bytes of offset from the row's start and 4 of length); then the
// bytes of strings and nested values (value_codec.h). NULL fields are zero and NaNs are one NaN, so equal rows have
// equal bytes. Nothing is aligned. The layout depends on the types only, so packed rows are records of snapshots as
// they are.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "types/chunk.h"

namespace millrace::state {

inline uint32_t PackedSize(const uint8_t* row) {
  uint32_t size;
  std::memcpy(&size, row, sizeof(size));
  return size;
}
inline std::string_view PackedBytes(const uint8_t* row) {
  return {reinterpret_cast<const char*>(row), PackedSize(row)};
}

// Packed rows of one chunk. Reuse one batch, it keeps its memory.
struct RowBatch {
  std::vector<uint8_t> bytes;
  std::vector<uint32_t> offsets;
  const uint8_t* row(int32_t i) const { return bytes.data() + offsets[static_cast<size_t>(i)]; }
};

class RowLayout {
 public:
  RowLayout() = default;
  explicit RowLayout(const std::vector<DataType>& types);

  const std::vector<DataType>& types() const { return types_; }
  uint32_t fixed_bytes() const { return fixed_bytes_; }  // length of a row without long fields

  // Packs rows `rows` of columns that have the layout's types; batch row i is the i-th of them.
  void Encode(std::span<const ColumnPtr> columns, RowSet rows, RowBatch& out) const;

  bool IsNull(const uint8_t* row, size_t column) const { return (row[4 + column / 8] >> (column % 8)) & 1; }
  // Place of the fixed-width field.
  const uint8_t* Field(const uint8_t* row, size_t column) const { return row + offsets_[column]; }
  template <typename T>
  T Get(const uint8_t* row, size_t column) const {
    T value;
    std::memcpy(&value, row + offsets_[column], sizeof(T));
    return value;
  }
  int64_t GetInteger(const uint8_t* row, size_t column) const;  // BOOLEAN … BIGINT
  Timestamp GetTimestamp(const uint8_t* row, size_t column) const {
    return {Get<int64_t>(row, column), LoadNanos(row + offsets_[column] + 8), 0};
  }
  std::string_view GetString(const uint8_t* row, size_t column) const {
    return {reinterpret_cast<const char*>(row) + Get<uint32_t>(row, column), LoadLength(row, column)};
  }

  // Equal fields, NULL equal to NULL.
  bool FieldEquals(const uint8_t* a, const uint8_t* b, size_t column) const;
  bool FieldsEqual(const uint8_t* a, const uint8_t* b, std::span<const int32_t> columns) const;
  uint64_t HashFields(const uint8_t* row, std::span<const int32_t> columns) const;

  // Appends column `column` of each row; a null pointer gives NULL.
  void AppendColumn(size_t column, const uint8_t* const* rows, int32_t count, ColumnBuilder& out) const;
  // Appends all columns to builders[first_column] and on; the rows are not ended.
  void AppendTo(const uint8_t* const* rows, int32_t count, size_t first_column, ChunkBuilder& out) const;

  // Whether bytes from a snapshot can be a row of this layout.
  bool IsPlausible(std::string_view bytes) const;

 private:
  static int32_t LoadNanos(const uint8_t* at) {
    int32_t nanos;
    std::memcpy(&nanos, at, sizeof(nanos));
    return nanos;
  }
  uint32_t LoadLength(const uint8_t* row, size_t column) const {
    uint32_t length;
    std::memcpy(&length, row + offsets_[column] + 4, sizeof(length));
    return length;
  }
  bool IsLong(size_t column) const { return widths_[column] == 0; }

  std::vector<DataType> types_;
  std::vector<PhysicalKind> kinds_;
  std::vector<uint32_t> offsets_;
  std::vector<uint32_t> widths_;  // bytes that hold the value; 0: offset and length
  uint32_t null_bytes_ = 0;
  uint32_t fixed_bytes_ = 4;
  bool has_long_ = false;
};

}  // namespace millrace::state
