#include "engine/state/key_encoder.h"

#include <gtest/gtest.h>

#include "engine/state/value_codec.h"

namespace millrace::state {
namespace {

ColumnPtr Ints(const DataType& type, const std::vector<Value>& values) { return MakeFromValues(type, values); }

std::vector<Value> SomeIntegers() { return {Value::Int(5), Value::Null(), Value::Int(-1), Value::Int(100)}; }

void ExpectCanonical(const std::vector<ColumnPtr>& columns, const std::vector<DataType>& types, KeyShape shape) {
  std::vector<int32_t> positions;
  for (size_t i = 0; i < columns.size(); ++i) positions.push_back(static_cast<int32_t>(i));
  KeyEncoder encoder(positions, types);
  EXPECT_EQ(encoder.shape(), shape);
  std::vector<int32_t> rows = {3, 0, 1};
  KeyBatch batch;
  encoder.Encode(columns, RowSet::Of(rows), batch);
  ASSERT_EQ(batch.count, 3);
  for (int32_t i = 0; i < 3; ++i) {
    std::string expected;
    for (const ColumnPtr& column : columns) AppendField(*column, rows[static_cast<size_t>(i)], expected);
    std::string bytes;
    AppendKeyBytes(batch.View(i), bytes);
    EXPECT_EQ(bytes, expected);
    EXPECT_EQ(batch.hashes[static_cast<size_t>(i)], KeyHash(expected));
    EXPECT_EQ(HashOf(batch.View(i)), KeyHash(expected));
    auto parsed = ParseKey(shape, bytes);
    ASSERT_TRUE(parsed.ok());
    std::string again;
    AppendKeyBytes(*parsed, again);
    EXPECT_EQ(again, expected);
  }
}

TEST(KeyEncoder, ShapesHaveTheHashOfCanonicalBytes) {
  ExpectCanonical({Ints(DataType::Int(), SomeIntegers())}, {DataType::Int()}, KeyShape::kInt64);
  ExpectCanonical({Ints(DataType::Bigint(), SomeIntegers()), Ints(DataType::Smallint(), SomeIntegers())},
                  {DataType::Bigint(), DataType::Smallint()}, KeyShape::kTwoInt64);
  std::vector<Value> texts = {Value::String("a"), Value::String(""), Value::Null(),
                              Value::String(std::string(50, 'x'))};
  ColumnPtr text = MakeFromValues(DataType::String(), texts);
  ExpectCanonical({text, Ints(DataType::Int(), SomeIntegers())}, {DataType::String(), DataType::Int()},
                  KeyShape::kBytes);
  std::vector<Value> lists = {Value::Nested({Value::Int(1)}), Value::Null(), Value::Nested({}), Value::Nested({})};
  DataType array = DataType::Array(DataType::Int());
  ExpectCanonical({MakeFromValues(array, lists), text}, {array, DataType::String()}, KeyShape::kBytes);
}

TEST(KeyEncoder, HashIsPartOfTheFormat) {
  // These numbers may never change: snapshots hold key groups that were made with them.
  EXPECT_EQ(KeyHash(""), 0x9B042349924B5971ULL);
  EXPECT_EQ(KeyHash(std::string("\x01\x07\0\0\0\0\0\0\0", 9)), 0xD5B2CE96B989EDD1ULL);
  EXPECT_EQ(KeyHash("millrace"), 0xB84E3563DF120791ULL);
}

TEST(KeyEncoder, ExtraIntegerIsOneMoreColumn) {
  ColumnPtr ints = Ints(DataType::Int(), SomeIntegers());
  KeyEncoder encoder({0}, {DataType::Int()}, true);
  EXPECT_EQ(encoder.shape(), KeyShape::kTwoInt64);
  std::vector<int64_t> extra = {9, 8, 7, 6};
  KeyBatch batch;
  encoder.EncodeWith(std::vector<ColumnPtr>{ints}, RowSet::All(4), extra.data(), batch);
  EXPECT_EQ(batch.second[2], 7);
  KeyEncoder wide({0, 0}, {DataType::Int(), DataType::Int()}, true);
  wide.EncodeWith(std::vector<ColumnPtr>{ints}, RowSet::All(4), extra.data(), batch);
  std::string expected;
  AppendIntField(100, expected);
  AppendIntField(100, expected);
  AppendIntField(6, expected);
  EXPECT_EQ(batch.Bytes(3), expected);
}

TEST(KeyEncoder, KeyGroupsFollowEqualIntegersAcrossWidths) {
  Chunk narrow;
  narrow.columns = {Ints(DataType::Int(), SomeIntegers())};
  narrow.size = 4;
  Chunk wide;
  wide.columns = {Ints(DataType::Bigint(), SomeIntegers())};
  wide.size = 4;
  std::vector<int32_t> a;
  std::vector<int32_t> b;
  std::vector<int32_t> keys = {0};
  ComputeKeyGroups(narrow, keys, 128, a);
  ComputeKeyGroups(wide, keys, 128, b);
  EXPECT_EQ(a, b);
  for (int32_t group : a) EXPECT_TRUE(group >= 0 && group < 128);
}

TEST(KeyGroups, EverySubtaskOwnsItsGroups) {
  for (int32_t max : {128, 100, 7}) {
    for (int32_t parallelism = 1; parallelism <= max; ++parallelism) {
      int32_t next = 0;
      for (int32_t subtask = 0; subtask < parallelism; ++subtask) {
        KeyGroupRange range = KeyGroupsOf(subtask, parallelism, max);
        EXPECT_EQ(range.first, next);
        for (int32_t group = range.first; group <= range.last; ++group) {
          EXPECT_EQ(SubtaskOf(group, parallelism, max), subtask);
        }
        next = range.last + 1;
      }
      EXPECT_EQ(next, max);
    }
  }
}

}  // namespace
}  // namespace millrace::state
