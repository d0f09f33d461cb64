#include "types/chunk.h"

#include <algorithm>

namespace millrace {

std::string_view RowKindText(RowKind kind) {
  switch (kind) {
    case RowKind::kInsert:
      return "+I";
    case RowKind::kUpdateBefore:
      return "-U";
    case RowKind::kUpdateAfter:
      return "+U";
    case RowKind::kDelete:
      return "-D";
  }
  return "?";
}

ValueRow Chunk::GetRow(int32_t row) const {
  ValueRow values;
  values.reserve(columns.size());
  for (const ColumnPtr& column : columns) values.push_back(column->GetValue(row));
  return values;
}

Chunk Compact(const Chunk& chunk, MemoryPool* pool) {
  Chunk result;
  result.size = chunk.row_count();
  for (const ColumnPtr& column : chunk.columns) {
    if (chunk.selection) {
      result.columns.push_back(Gather(column, *chunk.selection, pool, column->encoding() != Encoding::kConstant));
    } else {
      result.columns.push_back(column->encoding() == Encoding::kConstant ? column : Flatten(column, pool));
    }
  }
  if (!chunk.selection) {
    result.kinds = chunk.kinds;
    result.marks = chunk.marks;
    return result;
  }
  if (chunk.kinds) {
    auto kinds = std::make_shared<std::vector<RowKind>>();
    kinds->reserve(chunk.selection->size());
    for (int32_t row : *chunk.selection) kinds->push_back((*chunk.kinds)[static_cast<size_t>(row)]);
    result.kinds = std::move(kinds);
  }
  for (const WatermarkMark& mark : chunk.marks) {
    auto place = std::lower_bound(chunk.selection->begin(), chunk.selection->end(), mark.row);
    result.marks.push_back({static_cast<int32_t>(place - chunk.selection->begin()), mark.watermark});
  }
  return result;
}

ChunkBuilder::ChunkBuilder(const std::vector<DataType>& types, MemoryPool* pool, int32_t capacity)
    : capacity_(capacity) {
  columns_.reserve(types.size());
  for (const DataType& type : types) columns_.emplace_back(type, pool, capacity);
}

void ChunkBuilder::EndRow(RowKind kind) {
  kinds_.push_back(kind);
  all_inserts_ = all_inserts_ && kind == RowKind::kInsert;
  ++size_;
}

void ChunkBuilder::AppendRow(RowKind kind, const ValueRow& row) {
  for (size_t i = 0; i < columns_.size(); ++i) columns_[i].AppendValue(row[i]);
  EndRow(kind);
}

void ChunkBuilder::AppendRowFrom(RowKind kind, const Chunk& chunk, int32_t row) {
  for (size_t i = 0; i < columns_.size(); ++i) columns_[i].AppendFrom(*chunk.columns[i], row);
  EndRow(kind);
}

Chunk ChunkBuilder::Finish() {
  Chunk chunk;
  chunk.size = size_;
  for (ColumnBuilder& column : columns_) chunk.columns.push_back(column.Finish());
  if (!all_inserts_) chunk.kinds = std::make_shared<const std::vector<RowKind>>(std::move(kinds_));
  chunk.marks = std::move(marks_);
  kinds_.clear();
  marks_.clear();
  all_inserts_ = true;
  size_ = 0;
  return chunk;
}

}  // namespace millrace
