// Columns made out of parts of other columns without copying their values.
#pragma once

#include "types/column.h"

namespace millrace::functions {

// `column`, with the rows null for which `valid` has a 0; `owner` keeps `valid` alive. Null `valid`: `column` itself.
ColumnPtr MaskColumn(const ColumnPtr& column, const uint64_t* valid, const std::vector<BufferPtr>& owner,
                     MemoryPool* pool);

// Row i is position positions[i] of `base`, or NULL where that is negative.
ColumnPtr GatherOrNull(const DataType& type, const ColumnPtr& base, std::vector<int32_t> positions, MemoryPool* pool);

}  // namespace millrace::functions
