#include "engine/operators/group_aggregate/changelog.h"

#include <algorithm>

namespace millrace::operators {

void ChangeList::EmitTo(std::span<const ColumnPtr> key_columns, std::span<const ColumnPtr> result_columns,
                        int32_t chunk_rows, MemoryPool* pool, Output& output) const {
  auto step = static_cast<size_t>(std::max(chunk_rows, 1));
  for (size_t from = 0; from < kinds_.size(); from += step) {
    size_t count = std::min(step, kinds_.size() - from);
    std::span<const int32_t> keys(keys_.data() + from, count);
    std::span<const int32_t> results(results_.data() + from, count);
    std::span<const RowKind> kinds(kinds_.data() + from, count);
    Chunk chunk;
    chunk.size = static_cast<int32_t>(count);
    for (const ColumnPtr& column : key_columns) chunk.columns.push_back(Gather(column, keys, pool, true));
    for (const ColumnPtr& column : result_columns) chunk.columns.push_back(Gather(column, results, pool, true));
    if (std::any_of(kinds.begin(), kinds.end(), [](RowKind kind) { return kind != RowKind::kInsert; })) {
      chunk.kinds = std::make_shared<const std::vector<RowKind>>(kinds.begin(), kinds.end());
    }
    output.Emit(std::move(chunk));
  }
}

}  // namespace millrace::operators
