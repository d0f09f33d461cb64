// Rows of state and rows of the chunk at hand on their way out, with a number behind them if need be.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/operators/operator.h"
#include "engine/state/row_layout.h"
#include "types/chunk.h"

namespace millrace::operators {

// Packed rows must stay until Send has emptied the list. While only rows of the chunk are in a batch, its columns are
// gathered, which is cheaper than unpacking.
class RowOutput {
 public:
  // With `numbered` a BIGINT column follows the row's.
  RowOutput(std::vector<DataType> types, bool numbered) : layout_(types), numbered_(numbered) {}

  void Open(MemoryPool* pool, int32_t chunk_rows) {
    pool_ = pool;
    chunk_rows_ = static_cast<size_t>(chunk_rows);
  }
  const state::RowLayout& layout() const { return layout_; }
  // The chunk whose rows are added from now on; there are none of an older one left.
  void Use(const Chunk* chunk) { chunk_ = chunk; }

  // `packed` may be null when `chunk_row` is given and no row of state comes into the same chunk; -1: not of the chunk.
  void Add(RowKind kind, const uint8_t* packed, int32_t chunk_row = -1, int64_t number = 0) {
    kinds_.push_back(kind);
    packed_.push_back(packed);
    chunk_rows_of_.push_back(chunk_row);
    if (numbered_) numbers_.push_back(number);
  }
  bool empty() const { return sent_ == kinds_.size(); }
  size_t pending() const { return kinds_.size() - sent_; }

  // Sends full chunks, with `all` the rest too. kMore: something was sent and now the output has no credit; there may
  // be more to send.
  Progress Send(bool all, Output& output);

 private:
  Chunk MakeChunk(size_t count) const;

  state::RowLayout layout_;
  bool numbered_;
  MemoryPool* pool_ = nullptr;
  size_t chunk_rows_ = kDefaultChunkRows;
  const Chunk* chunk_ = nullptr;
  std::vector<RowKind> kinds_;
  std::vector<const uint8_t*> packed_;
  std::vector<int32_t> chunk_rows_of_;
  std::vector<int64_t> numbers_;
  size_t sent_ = 0;
};

}  // namespace millrace::operators
