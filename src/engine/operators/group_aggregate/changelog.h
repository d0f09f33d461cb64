// The changes that a group aggregation sends on: which results of which rows, and the chunks made of them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/operators/operator.h"
#include "types/chunk.h"

namespace millrace::operators {

// Collects changes as positions in key columns and result columns, then gathers them into chunks.
class ChangeList {
 public:
  void Clear() {
    keys_.clear();
    results_.clear();
    kinds_.clear();
  }
  void Add(RowKind kind, int32_t key, int32_t result) {
    keys_.push_back(key);
    results_.push_back(result);
    kinds_.push_back(kind);
  }
  bool empty() const { return kinds_.empty(); }

  // Chunks of at most `chunk_rows` rows: the key columns at the keys' positions, then the result columns at the
  // results'.
  void EmitTo(std::span<const ColumnPtr> key_columns, std::span<const ColumnPtr> result_columns, int32_t chunk_rows,
              MemoryPool* pool, Output& output) const;

 private:
  std::vector<int32_t> keys_;
  std::vector<int32_t> results_;
  std::vector<RowKind> kinds_;
};

}  // namespace millrace::operators
