#include "engine/operators/join/joined_rows.h"

#include <algorithm>

namespace millrace::operators {

ColumnPtr RowPart::Column(size_t column, size_t from, size_t count, MemoryPool* pool) const {
  if (chunk_ == nullptr) {
    ColumnBuilder builder(types_[column], pool, static_cast<int32_t>(count));
    layout_.AppendColumn(column, packed_.data() + from, static_cast<int32_t>(count), builder);
    return builder.Finish();
  }
  std::span<const int32_t> rows(rows_.data() + from, count);
  const ColumnPtr& base = chunk_->columns[column];
  if (std::find(rows.begin(), rows.end(), -1) == rows.end()) return Gather(base, rows, pool, true);
  ColumnBuilder builder(types_[column], pool, static_cast<int32_t>(count));
  for (int32_t row : rows) {
    if (row < 0) {
      builder.AppendNull();
    } else {
      builder.AppendFrom(*base, row);
    }
  }
  return builder.Finish();
}

Progress JoinedRows::Send(bool all, Output& output) {
  Progress progress = Progress::kDone;
  while (pending() >= chunk_rows_ || (all && pending() > 0)) {
    size_t count = std::min(chunk_rows_, pending());
    Chunk chunk;
    chunk.size = static_cast<int32_t>(count);
    for (size_t c = 0; c < left_.width(); ++c) chunk.columns.push_back(left_.Column(c, sent_, count, pool_));
    for (size_t c = 0; !left_only_ && c < right_.width(); ++c) {
      chunk.columns.push_back(right_.Column(c, sent_, count, pool_));
    }
    auto first = kinds_.begin() + static_cast<std::ptrdiff_t>(sent_);
    auto last = first + static_cast<std::ptrdiff_t>(count);
    if (std::any_of(first, last, [](RowKind kind) { return kind != RowKind::kInsert; })) {
      chunk.kinds = std::make_shared<const std::vector<RowKind>>(first, last);
    }
    sent_ += count;
    output.Emit(std::move(chunk));
    if (!output.HasCredit()) {
      progress = Progress::kMore;
      break;
    }
  }
  if (empty()) {
    kinds_.clear();
    left_.Clear();
    right_.Clear();
    sent_ = 0;
  }
  return progress;
}

}  // namespace millrace::operators
