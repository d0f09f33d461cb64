#include "engine/operators/row_repeater.h"

namespace millrace::operators {

Chunk RepeatRows(const Chunk& chunk, std::span<const int32_t> rows, size_t columns, MemoryPool* pool) {
  Chunk result;
  result.size = static_cast<int32_t>(rows.size());
  for (size_t c = 0; c < columns; ++c) result.columns.push_back(Gather(chunk.columns[c], rows, pool, true));
  if (chunk.kinds) {
    auto kinds = std::make_shared<std::vector<RowKind>>();
    kinds->reserve(rows.size());
    for (int32_t row : rows) kinds->push_back(chunk.kind(row));
    result.kinds = std::move(kinds);
  }
  return result;
}

Result<Progress> RowRepeater::Process(int32_t, const Chunk& chunk, Output& output) {
  RowSet rows = chunk.rows();
  if (!active_) {
    if (rows.count() == 0) return Progress::kDone;
    MR_RETURN_IF_ERROR(BeginChunk(chunk));
    active_ = true;
    next_row_ = 0;
    next_time_ = 0;
  }
  auto enough = static_cast<size_t>(context_.chunk_rows);
  while (next_row_ < rows.count()) {
    rows_.clear();
    live_.clear();
    times_.clear();
    while (next_row_ < rows.count() && rows_.size() < enough) {
      int64_t times = Times(chunk, next_row_);
      for (; next_time_ < times && rows_.size() < enough; ++next_time_) {
        rows_.push_back(rows[next_row_]);
        live_.push_back(next_row_);
        times_.push_back(next_time_);
      }
      if (next_time_ < times) break;
      ++next_row_;
      next_time_ = 0;
    }
    if (rows_.empty()) break;
    MR_ASSIGN(Chunk result, MakeChunk(chunk, rows_, live_, times_));
    if (result.row_count() > 0) output.Emit(std::move(result));
    if (!output.HasCredit() && next_row_ < rows.count()) return Progress::kMore;
  }
  active_ = false;
  return Progress::kDone;
}

}  // namespace millrace::operators
