// A chunk: up to 2,048 rows that travel together. Its columns are immutable and shared; kinds, selection and marks
// belong to it.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "types/column.h"
#include "types/data_type.h"
#include "types/physical.h"

namespace millrace {

constexpr int32_t kDefaultChunkRows = 2048;
constexpr int64_t kMinWatermark = INT64_MIN;
constexpr int64_t kMaxWatermark = INT64_MAX;  // end of a bounded input

// The rows of a chunk that something applies to: all of [0, size), or a sorted list of row positions.
class RowSet {
 public:
  static RowSet All(int32_t size) { return RowSet(nullptr, size); }
  // `rows` is borrowed: it outlives the RowSet.
  static RowSet Of(const int32_t* rows, int32_t count) { return RowSet(rows, count); }
  static RowSet Of(const std::vector<int32_t>& rows) { return RowSet(rows.data(), static_cast<int32_t>(rows.size())); }

  int32_t count() const { return count_; }
  bool IsAll() const { return rows_ == nullptr; }
  const int32_t* rows() const { return rows_; }
  int32_t operator[](int32_t i) const { return rows_ == nullptr ? i : rows_[i]; }

  template <typename F>
  void ForEach(F&& f) const {
    if (rows_ == nullptr) {
      for (int32_t i = 0; i < count_; ++i) f(i);
    } else {
      for (int32_t i = 0; i < count_; ++i) f(rows_[i]);
    }
  }

 private:
  RowSet(const int32_t* rows, int32_t count) : rows_(rows), count_(count) {}
  const int32_t* rows_;
  int32_t count_;
};

// The watermark `watermark` (milliseconds) comes after every row at a position below `row` and before the others.
struct WatermarkMark {
  int32_t row;
  int64_t watermark;
};

struct Chunk {
  std::vector<ColumnPtr> columns;
  int32_t size = 0;                                       // rows in each column, selected or not
  std::shared_ptr<const std::vector<int32_t>> selection;  // sorted positions of the live rows; null: all
  std::shared_ptr<const std::vector<RowKind>> kinds;      // by position; null: all +I
  std::vector<WatermarkMark> marks;                       // sorted by row

  int32_t row_count() const { return selection ? static_cast<int32_t>(selection->size()) : size; }
  bool empty() const { return row_count() == 0; }
  RowSet rows() const { return selection ? RowSet::Of(*selection) : RowSet::All(size); }
  RowKind kind(int32_t row) const { return kinds ? (*kinds)[static_cast<size_t>(row)] : RowKind::kInsert; }
  // Boxed row at a position; slow.
  ValueRow GetRow(int32_t row) const;
};

// A chunk whose live rows are exactly its rows: selection applied, columns flat or constant, marks moved along.
Chunk Compact(const Chunk& chunk, MemoryPool* pool);

// Builds chunks row by row from columns of other chunks or from boxed values.
class ChunkBuilder {
 public:
  ChunkBuilder(const std::vector<DataType>& types, MemoryPool* pool, int32_t capacity = kDefaultChunkRows);

  int32_t size() const { return size_; }
  bool full() const { return size_ >= capacity_; }
  bool empty() const { return size_ == 0; }
  ColumnBuilder& column(size_t index) { return columns_[index]; }
  // Ends a row whose columns have all been appended to.
  void EndRow(RowKind kind);
  void AppendRow(RowKind kind, const ValueRow& row);
  void AppendRowFrom(RowKind kind, const Chunk& chunk, int32_t row);
  void AppendMark(int64_t watermark) { marks_.push_back({size_, watermark}); }
  Chunk Finish();

 private:
  std::vector<ColumnBuilder> columns_;
  std::vector<RowKind> kinds_;
  std::vector<WatermarkMark> marks_;
  bool all_inserts_ = true;
  int32_t size_ = 0;
  int32_t capacity_;
};

}  // namespace millrace
