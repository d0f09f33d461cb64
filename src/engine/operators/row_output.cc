#include "engine/operators/row_output.h"

#include <algorithm>

namespace millrace::operators {

Chunk RowOutput::MakeChunk(size_t count) const {
  Chunk chunk;
  chunk.size = static_cast<int32_t>(count);
  std::span<const int32_t> rows(chunk_rows_of_.data() + sent_, count);
  bool gather = chunk_ != nullptr && std::find(rows.begin(), rows.end(), -1) == rows.end();
  for (size_t c = 0; c < layout_.types().size(); ++c) {
    if (gather) {
      chunk.columns.push_back(Gather(chunk_->columns[c], rows, pool_, true));
      continue;
    }
    ColumnBuilder builder(layout_.types()[c], pool_, chunk.size);
    layout_.AppendColumn(c, packed_.data() + sent_, chunk.size, builder);
    chunk.columns.push_back(builder.Finish());
  }
  if (numbered_) {
    FlatWriter<int64_t> writer(DataType::Bigint().NotNull(), chunk.size, pool_);
    std::copy_n(numbers_.data() + sent_, count, writer.values());
    chunk.columns.push_back(writer.Finish());
  }
  auto first = kinds_.begin() + static_cast<std::ptrdiff_t>(sent_);
  auto last = first + static_cast<std::ptrdiff_t>(count);
  if (std::any_of(first, last, [](RowKind kind) { return kind != RowKind::kInsert; })) {
    chunk.kinds = std::make_shared<const std::vector<RowKind>>(first, last);
  }
  return chunk;
}

Progress RowOutput::Send(bool all, Output& output) {
  Progress progress = Progress::kDone;
  while (pending() >= chunk_rows_ || (all && pending() > 0)) {
    size_t count = std::min(chunk_rows_, pending());
    output.Emit(MakeChunk(count));
    sent_ += count;
    if (!output.HasCredit()) {
      progress = Progress::kMore;
      break;
    }
  }
  if (empty()) {
    kinds_.clear();
    packed_.clear();
    chunk_rows_of_.clear();
    numbers_.clear();
    sent_ = 0;
  }
  return progress;
}

}  // namespace millrace::operators
