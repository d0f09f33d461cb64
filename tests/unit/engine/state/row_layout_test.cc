#include "engine/state/row_layout.h"

#include <gtest/gtest.h>

#include "engine/state/blob_heap.h"

namespace millrace::state {
namespace {

std::vector<DataType> Types() {
  return {DataType::Boolean(),
          DataType::Tinyint(),
          DataType::Smallint(),
          DataType::Int(),
          DataType::Bigint(),
          DataType::Float(),
          DataType::Double(),
          DataType::Decimal(20, 3),
          DataType::Timestamp(3),
          DataType::String(),
          DataType::Bytes(),
          DataType::Array(DataType::String()),
          DataType::Row({{"x", DataType::Int(), ""}})};
}

ValueRow FullRow(int64_t i) {
  return {Value::Bool(i % 2 == 0),
          Value::Int(i),
          Value::Int(i * 2),
          Value::Int(i * 3),
          Value::Int(i << 40),
          Value::Float(0.5F),
          Value::Double(static_cast<double>(i)),
          Value::Decimal(int128_t{i} << 70),
          Value::Time({i, 5, 0}),
          Value::String("text number " + std::to_string(i)),
          Value::String(""),
          Value::Nested({Value::String("a"), Value::Null()}),
          Value::Nested({Value::Int(i)})};
}

TEST(RowLayout, RowsComeBack) {
  MemoryPool pool("test");
  std::vector<ValueRow> rows;
  for (int64_t i = 0; i < 20; ++i) {
    rows.push_back(FullRow(i));
    if (i % 3 == 0) rows.back()[static_cast<size_t>(i) % rows.back().size()] = Value::Null();
  }
  rows.push_back(ValueRow(Types().size()));
  ChunkBuilder builder(Types(), &pool);
  for (const ValueRow& row : rows) builder.AppendRow(RowKind::kInsert, row);
  Chunk chunk = builder.Finish();
  RowLayout layout(Types());
  RowBatch batch;
  layout.Encode(chunk.columns, chunk.rows(), batch);
  std::vector<const uint8_t*> packed;
  for (int32_t i = 0; i < chunk.size; ++i) {
    packed.push_back(batch.row(i));
    EXPECT_TRUE(layout.IsPlausible(PackedBytes(batch.row(i))));
  }
  packed.push_back(nullptr);
  ChunkBuilder back(Types(), &pool);
  layout.AppendTo(packed.data(), static_cast<int32_t>(packed.size()), 0, back);
  for (size_t i = 0; i < packed.size(); ++i) back.EndRow(RowKind::kInsert);
  Chunk result = back.Finish();
  for (size_t i = 0; i < rows.size(); ++i) EXPECT_EQ(result.GetRow(static_cast<int32_t>(i)), rows[i]) << i;
  EXPECT_EQ(result.GetRow(static_cast<int32_t>(rows.size())), ValueRow(Types().size()));
}

TEST(RowLayout, EqualRowsHaveEqualBytes) {
  std::vector<DataType> types = {DataType::String(), DataType::Bigint()};
  MemoryPool* pool = MemoryPool::Process();
  ChunkBuilder builder(types, pool);
  builder.AppendRow(RowKind::kInsert, {Value::String("abc"), Value::Int(1)});
  builder.AppendRow(RowKind::kDelete, {Value::String("abc"), Value::Int(1)});
  builder.AppendRow(RowKind::kInsert, {Value::String("abc"), Value::Null()});
  builder.AppendRow(RowKind::kInsert, {Value::String("abd"), Value::Int(1)});
  Chunk chunk = builder.Finish();
  RowLayout layout(types);
  RowBatch batch;
  layout.Encode(chunk.columns, chunk.rows(), batch);
  EXPECT_EQ(PackedBytes(batch.row(0)), PackedBytes(batch.row(1)));
  EXPECT_NE(PackedBytes(batch.row(0)), PackedBytes(batch.row(2)));
  std::vector<int32_t> first = {0};
  std::vector<int32_t> second = {1};
  EXPECT_TRUE(layout.FieldsEqual(batch.row(0), batch.row(2), first));
  EXPECT_FALSE(layout.FieldsEqual(batch.row(0), batch.row(2), second));
  EXPECT_FALSE(layout.FieldsEqual(batch.row(0), batch.row(3), first));
  EXPECT_EQ(layout.HashFields(batch.row(0), first), layout.HashFields(batch.row(2), first));
  EXPECT_NE(layout.HashFields(batch.row(0), first), layout.HashFields(batch.row(3), first));
  EXPECT_EQ(layout.GetString(batch.row(3), 0), "abd");
  EXPECT_EQ(layout.GetInteger(batch.row(3), 1), 1);
}

TEST(BlobHeap, GivesBackAndReuses) {
  MemoryPool pool("test");
  {
    BlobHeap heap(&pool);
    std::vector<std::pair<uint8_t*, size_t>> blobs;
    for (size_t i = 1; i < 400; ++i) {
      auto blob = heap.Allocate(i * 13);
      ASSERT_TRUE(blob.ok());
      std::memset(*blob, static_cast<int>(i), i * 13);
      blobs.emplace_back(*blob, i * 13);
    }
    for (size_t i = 0; i < blobs.size(); ++i) {
      EXPECT_EQ(blobs[i].first[0], static_cast<uint8_t>(i + 1));
      EXPECT_EQ(blobs[i].first[blobs[i].second - 1], static_cast<uint8_t>(i + 1));
    }
    int64_t full = heap.reserved_bytes();
    EXPECT_EQ(pool.used_bytes(), full);
    for (int round = 0; round < 10; ++round) {
      for (auto& [blob, bytes] : blobs) heap.Free(blob, bytes);
      for (auto& [blob, bytes] : blobs) blob = *heap.Allocate(bytes);
      EXPECT_EQ(heap.reserved_bytes(), full);
    }
  }
  EXPECT_EQ(pool.used_bytes(), 0);
}

}  // namespace
}  // namespace millrace::state
