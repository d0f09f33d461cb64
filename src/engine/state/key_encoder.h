// Keys: the columns of a chunk as keys of state and of partitioning, a whole chunk at a time.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/state/snapshot.h"
#include "types/chunk.h"

namespace millrace::state {

// How a table keeps its keys. Integers are BOOLEAN, TINYINT … BIGINT, DATE, TIME and intervals.
enum class KeyShape : uint8_t {
  kInt64,     // one integer
  kTwoInt64,  // two integers
  kBytes,     // canonical bytes (value_codec.h) of any number of columns, none too
};

KeyShape ShapeOf(std::span<const DataType> types);

// One key. `bytes` is borrowed.
struct KeyView {
  KeyShape shape = KeyShape::kBytes;
  uint8_t nulls = 0;  // integer shapes: bit 0 first, bit 1 second is NULL (and 0)
  uint64_t hash = 0;
  int64_t first = 0;
  int64_t second = 0;
  std::string_view bytes;
};

// The keys of a run of rows; key i is that of the i-th row. Reuse one batch, it keeps its memory.
struct KeyBatch {
  KeyShape shape = KeyShape::kBytes;
  int32_t count = 0;
  std::vector<uint64_t> hashes;  // KeyHash of the canonical bytes, for integer shapes too
  std::vector<int64_t> first;    // integer shapes; 0 where NULL
  std::vector<int64_t> second;
  std::vector<uint8_t> nulls;
  std::string arena;  // bytes shape: key i is [offsets[i], offsets[i + 1])
  std::vector<uint32_t> offsets;

  std::string_view Bytes(int32_t i) const {
    auto at = static_cast<size_t>(i);
    return {arena.data() + offsets[at], offsets[at + 1] - offsets[at]};
  }
  KeyView View(int32_t i) const;
};

// Makes keys of some columns. Immutable, so one serves every chunk.
class KeyEncoder {
 public:
  // `types[i]` is the type of column `columns[i]`. With `extra_integer` every key has one more integer, which
  // EncodeWith brings along (the end of a slice, for instance).
  KeyEncoder(std::vector<int32_t> columns, std::vector<DataType> types, bool extra_integer = false);

  KeyShape shape() const { return shape_; }
  const std::vector<int32_t>& columns() const { return columns_; }
  const std::vector<DataType>& types() const { return types_; }  // the extra integer comes last, as BIGINT

  // Keys of rows `rows` of a chunk that has these columns.
  void Encode(std::span<const ColumnPtr> chunk_columns, RowSet rows, KeyBatch& out) const;
  // extra[i] belongs to the i-th row of `rows`.
  void EncodeWith(std::span<const ColumnPtr> chunk_columns, RowSet rows, const int64_t* extra, KeyBatch& out) const;

 private:
  void EncodeIntegers(std::span<const ColumnPtr> chunk_columns, RowSet rows, const int64_t* extra, KeyBatch& out) const;
  void EncodeBytes(std::span<const ColumnPtr> chunk_columns, RowSet rows, const int64_t* extra, KeyBatch& out) const;

  std::vector<int32_t> columns_;
  std::vector<DataType> types_;
  bool extra_integer_;
  KeyShape shape_;
};

// The key in its canonical bytes, and back. ParseKey fails with code "snapshot.corrupt"; the result borrows `bytes`.
void AppendKeyBytes(const KeyView& key, std::string& out);
Result<KeyView> ParseKey(KeyShape shape, std::string_view bytes);
// Appends column i of the key to builders[i]; types as the encoder's. Fewer builders take the first columns only.
Status AppendKeyColumns(const KeyView& key, std::span<ColumnBuilder* const> builders);

// KeyHash of the key's canonical bytes; `key.hash` is not looked at.
uint64_t HashOf(const KeyView& key);

// A key whose last column is an extra integer: that integer, the key with another one, and the key without it (whose
// shape is `shape`). The results borrow from the key or from `storage`.
int64_t ExtraOf(const KeyView& key);
KeyView WithExtra(const KeyView& key, int64_t extra, std::string& storage);
Result<KeyView> WithoutExtra(const KeyView& key, KeyShape shape, std::string& storage);

// Key groups of keys.
void KeyGroupsOfHashes(std::span<const uint64_t> hashes, int32_t max_parallelism, std::vector<int32_t>& out);
// Partition function of the exchange: out[i] is the key group of the chunk's i-th live row by columns `keys`.
void ComputeKeyGroups(const Chunk& chunk, std::span<const int32_t> keys, int32_t max_parallelism,
                      std::vector<int32_t>& out);

}  // namespace millrace::state
