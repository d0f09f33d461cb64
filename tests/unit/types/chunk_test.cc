// Chunks: selection, kinds, marks, compaction, the chunk builder.
#include "types/chunk.h"

#include <gtest/gtest.h>

namespace millrace {
namespace {

MemoryPool* Pool() { return MemoryPool::Process(); }

Chunk Numbers(int32_t size) {
  std::vector<Value> values;
  for (int32_t i = 0; i < size; ++i) values.push_back(i % 5 == 4 ? Value::Null() : Value::Int(i));
  Chunk chunk;
  chunk.size = size;
  chunk.columns = {MakeFromValues(DataType::Int(), values), MakeConstant(DataType::String(), Value::String("c"), size)};
  return chunk;
}

TEST(RowSet, AllAndSome) {
  RowSet all = RowSet::All(3);
  EXPECT_TRUE(all.IsAll());
  EXPECT_EQ(all[2], 2);
  std::vector<int32_t> rows = {4, 7};
  RowSet some = RowSet::Of(rows);
  std::vector<int32_t> seen;
  some.ForEach([&](int32_t row) { seen.push_back(row); });
  EXPECT_EQ(seen, rows);
  EXPECT_EQ(some.count(), 2);
}

TEST(Chunk, CompactAppliesSelectionKindsAndMarks) {
  Chunk chunk = Numbers(10);
  chunk.columns.push_back(Gather(chunk.columns[0], std::vector<int32_t>{9, 8, 7, 6, 5, 4, 3, 2, 1, 0}, Pool()));
  chunk.selection = std::make_shared<const std::vector<int32_t>>(std::vector<int32_t>{1, 4, 8});
  std::vector<RowKind> kinds(10, RowKind::kInsert);
  kinds[4] = RowKind::kDelete;
  kinds[8] = RowKind::kUpdateAfter;
  chunk.kinds = std::make_shared<const std::vector<RowKind>>(kinds);
  chunk.marks = {{0, 100}, {2, 200}, {8, 300}, {10, 400}};
  EXPECT_EQ(chunk.row_count(), 3);
  Chunk compact = Compact(chunk, Pool());
  EXPECT_EQ(compact.size, 3);
  EXPECT_FALSE(compact.selection);
  EXPECT_EQ(compact.columns[0]->encoding(), Encoding::kFlat);
  EXPECT_EQ(compact.columns[1]->encoding(), Encoding::kConstant);
  EXPECT_EQ(compact.columns[1]->size(), 3);
  EXPECT_EQ(compact.columns[2]->encoding(), Encoding::kFlat);
  EXPECT_EQ(compact.GetRow(0), (ValueRow{Value::Int(1), Value::String("c"), Value::Int(8)}));
  EXPECT_EQ(compact.GetRow(1), (ValueRow{Value::Null(), Value::String("c"), Value::Int(5)}));
  EXPECT_EQ(compact.kind(0), RowKind::kInsert);
  EXPECT_EQ(compact.kind(1), RowKind::kDelete);
  EXPECT_EQ(compact.kind(2), RowKind::kUpdateAfter);
  std::vector<std::pair<int32_t, int64_t>> marks;
  for (const WatermarkMark& mark : compact.marks) marks.emplace_back(mark.row, mark.watermark);
  EXPECT_EQ(marks, (std::vector<std::pair<int32_t, int64_t>>{{0, 100}, {1, 200}, {2, 300}, {3, 400}}));
}

TEST(Chunk, CompactWithoutSelectionFlattens) {
  Chunk chunk = Numbers(3);
  chunk.columns[0] = Gather(chunk.columns[0], std::vector<int32_t>{2, 1, 0}, Pool());
  Chunk compact = Compact(chunk, Pool());
  EXPECT_EQ(compact.columns[0]->encoding(), Encoding::kFlat);
  EXPECT_EQ(compact.GetRow(0)[0], Value::Int(2));
  EXPECT_EQ(compact.columns[1], chunk.columns[1]);
}

TEST(Chunk, CompactOfNothing) {
  Chunk chunk = Numbers(4);
  chunk.selection = std::make_shared<const std::vector<int32_t>>();
  Chunk compact = Compact(chunk, Pool());
  EXPECT_TRUE(compact.empty());
  EXPECT_EQ(compact.columns[0]->size(), 0);
}

TEST(ChunkBuilder, BuildsKindsAndMarks) {
  ChunkBuilder builder({DataType::Int(), DataType::String()}, Pool(), 4);
  builder.AppendRow(RowKind::kInsert, {Value::Int(1), Value::Null()});
  builder.AppendMark(77);
  builder.AppendRowFrom(RowKind::kInsert, Numbers(6), 4);
  Chunk inserts = builder.Finish();
  EXPECT_EQ(inserts.size, 2);
  EXPECT_FALSE(inserts.kinds) << "all inserts need no kinds";
  ASSERT_EQ(inserts.marks.size(), 1U);
  EXPECT_EQ(inserts.marks[0].row, 1);
  EXPECT_EQ(inserts.GetRow(1), (ValueRow{Value::Null(), Value::String("c")}));
  EXPECT_TRUE(builder.empty());
  builder.column(0).Append<int32_t>(5);
  builder.column(1).AppendString("x");
  builder.EndRow(RowKind::kDelete);
  Chunk deletes = builder.Finish();
  EXPECT_EQ(deletes.kind(0), RowKind::kDelete);
  EXPECT_TRUE(deletes.marks.empty());
  for (int32_t i = 0; i < 4; ++i) builder.AppendRow(RowKind::kInsert, {Value::Int(i), Value::Null()});
  EXPECT_TRUE(builder.full());
}

TEST(RowKind, Texts) {
  EXPECT_EQ(RowKindText(RowKind::kUpdateBefore), "-U");
  EXPECT_EQ(RowKindText(RowKind::kInsert), "+I");
  EXPECT_TRUE(IsAddition(RowKind::kUpdateAfter));
  EXPECT_FALSE(IsAddition(RowKind::kUpdateBefore));
}

}  // namespace
}  // namespace millrace
