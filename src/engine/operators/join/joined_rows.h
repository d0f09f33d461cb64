// Rows that are put together from a left and a right part, each a row of a chunk, a packed row of state, or NULLs.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/operators/operator.h"
#include "engine/state/row_layout.h"
#include "types/chunk.h"

namespace millrace::operators {

// The parts of one side. Either all from one chunk or all from state.
class RowPart {
 public:
  explicit RowPart(std::vector<DataType> types) : layout_(types), types_(std::move(types)) {}

  const state::RowLayout& layout() const { return layout_; }
  size_t width() const { return types_.size(); }

  // Takes rows from `chunk`, which outlives them; null: from state.
  void Use(const Chunk* chunk) { chunk_ = chunk; }
  void Add(int32_t row) { rows_.push_back(row); }           // of the chunk; -1: NULLs
  void Add(const uint8_t* row) { packed_.push_back(row); }  // null: NULLs
  void AddNulls() { chunk_ != nullptr ? Add(-1) : Add(nullptr); }
  void Clear() {
    rows_.clear();
    packed_.clear();
  }
  // Column `column` of the parts [from, from + count).
  ColumnPtr Column(size_t column, size_t from, size_t count, MemoryPool* pool) const;

 private:
  state::RowLayout layout_;
  std::vector<DataType> types_;
  const Chunk* chunk_ = nullptr;
  std::vector<int32_t> rows_;
  std::vector<const uint8_t*> packed_;
};

// Joined rows on their way out. Rows of state must stay until they are out.
class JoinedRows {
 public:
  // With `left_only` the right part stays away from the output (semi and anti joins).
  JoinedRows(std::vector<DataType> left, std::vector<DataType> right, bool left_only)
      : left_(std::move(left)), right_(std::move(right)), left_only_(left_only) {}

  void Open(MemoryPool* pool, int32_t chunk_rows) {
    pool_ = pool;
    chunk_rows_ = static_cast<size_t>(chunk_rows);
  }
  RowPart& left() { return left_; }
  RowPart& right() { return right_; }
  // Ends a row to whose parts one each was added.
  void EndRow(RowKind kind) { kinds_.push_back(kind); }
  bool empty() const { return sent_ == kinds_.size(); }
  size_t pending() const { return kinds_.size() - sent_; }

  // Sends full chunks, with `all` the rest too. kMore: something was sent and now the output has no credit; there may
  // be more to send.
  Progress Send(bool all, Output& output);

 private:
  RowPart left_;
  RowPart right_;
  bool left_only_;
  MemoryPool* pool_ = nullptr;
  size_t chunk_rows_ = kDefaultChunkRows;
  std::vector<RowKind> kinds_;
  size_t sent_ = 0;
};

}  // namespace millrace::operators
