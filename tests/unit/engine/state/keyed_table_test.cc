#include "engine/state/keyed_table.h"

#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <string>

#include "base/random.h"
#include "engine/state/value_codec.h"

namespace millrace::state {
namespace {

// Keys of one to three columns; small numbers make many equal keys, and every 11th is NULL.
std::vector<ColumnPtr> RandomColumns(KeyShape shape, Random& random, int32_t rows) {
  std::vector<Value> ints[2];
  std::vector<Value> texts;
  for (int32_t i = 0; i < rows; ++i) {
    for (auto& column : ints) {
      auto v = static_cast<int64_t>(random.Next() % 300);
      column.push_back(v % 11 == 0 ? Value::Null() : Value::Int(v));
    }
    texts.push_back(Value::String(std::string(random.Next() % 40, 'k')));
  }
  std::vector<ColumnPtr> columns = {MakeFromValues(DataType::Bigint(), ints[0])};
  if (shape != KeyShape::kInt64) columns.push_back(MakeFromValues(DataType::Int(), ints[1]));
  if (shape == KeyShape::kBytes) columns.push_back(MakeFromValues(DataType::String(), texts));
  return columns;
}

KeyEncoder EncoderFor(KeyShape shape) {
  if (shape == KeyShape::kInt64) return KeyEncoder({0}, {DataType::Bigint()});
  if (shape == KeyShape::kTwoInt64) return KeyEncoder({0, 1}, {DataType::Bigint(), DataType::Int()});
  return KeyEncoder({0, 1, 2}, {DataType::Bigint(), DataType::Int(), DataType::String()});
}

class KeyedTableTest : public testing::TestWithParam<KeyShape> {};

// The table against std::map, with insertions, erasures and look-ups.
TEST_P(KeyedTableTest, IsAMap) {
  MemoryPool pool("test");
  {
    Random random(7);
    KeyEncoder encoder = EncoderFor(GetParam());
    KeyedTable table(GetParam(), 24, {0, 127}, &pool);
    std::map<std::string, int64_t> model;
    KeyBatch batch;
    std::vector<int32_t> groups;
    for (int round = 0; round < 60; ++round) {
      std::vector<ColumnPtr> columns = RandomColumns(GetParam(), random, 500);
      encoder.Encode(columns, RowSet::All(500), batch);
      KeyGroupsOfHashes(batch.hashes, 128, groups);
      std::vector<uint8_t*> values(500);
      std::vector<int32_t> created;
      ASSERT_TRUE(table.FindOrInsert(batch, groups.data(), values.data(), &created).ok());
      size_t next_created = 0;
      for (int32_t i = 0; i < 500; ++i) {
        std::string key;
        AppendKeyBytes(batch.View(i), key);
        bool is_new = model.count(key) == 0;
        bool said_new = next_created < created.size() && created[next_created] == i;
        if (said_new) ++next_created;
        ASSERT_EQ(is_new, said_new);
        auto* count = reinterpret_cast<int64_t*>(values[static_cast<size_t>(i)]);
        ASSERT_EQ(*count, model[key]);
        *count = ++model[key];
      }
      for (int32_t i = 0; i < 500; i += 3) {
        std::string key;
        AppendKeyBytes(batch.View(i), key);
        uint8_t* value = table.Find(batch.View(i), groups[static_cast<size_t>(i)]);
        ASSERT_EQ(value != nullptr, model.count(key) == 1);
        if (value != nullptr) table.Erase(value);
        model.erase(key);
      }
      table.Find(batch, groups.data(), values.data());
      for (int32_t i = 0; i < 500; ++i) {
        std::string key;
        AppendKeyBytes(batch.View(i), key);
        ASSERT_EQ(values[static_cast<size_t>(i)] != nullptr, model.count(key) == 1);
      }
      ASSERT_EQ(table.size(), static_cast<int64_t>(model.size()));
    }
    TableCursor cursor;
    size_t seen = 0;
    while (uint8_t* value = table.Next(cursor)) {
      std::string key;
      AppendKeyBytes(table.KeyOf(value), key);
      EXPECT_EQ(*reinterpret_cast<int64_t*>(value), model[key]);
      EXPECT_EQ(table.KeyGroupOf(value), KeyGroupOf(KeyHash(key), 128));
      ++seen;
    }
    EXPECT_EQ(seen, model.size());
    EXPECT_EQ(pool.used_bytes(), table.reserved_bytes());
    table.Clear();
    EXPECT_EQ(table.size(), 0);
  }
  EXPECT_EQ(pool.used_bytes(), 0);
}

// What is saved while the table is used is what was there when the save began, each entry once.
TEST_P(KeyedTableTest, IsSavedWhileItIsUsed) {
  MemoryPool pool("test");
  Random random(11);
  KeyEncoder encoder = EncoderFor(GetParam());
  KeyedTable table(GetParam(), 200, {0, 127}, &pool);  // few slots to a segment
  std::map<std::string, int64_t> model;
  std::map<std::string, int64_t> wanted;
  std::map<std::string, int64_t> saved;
  bool saving = false;
  int saves = 0;
  TableCursor sweep;
  for (int round = 0; round < 2000; ++round) {
    if (!saving && random.Next() % 4 == 0) {
      wanted = model;
      saved.clear();
      saving = true;
      table.StartSave([&](const uint8_t* value) {
        std::string key;
        AppendKeyBytes(table.KeyOf(value), key);
        ASSERT_TRUE(saved.emplace(key, *reinterpret_cast<const int64_t*>(value)).second);
      });
    }
    KeyBatch batch;
    std::vector<int32_t> groups;
    encoder.Encode(RandomColumns(GetParam(), random, 5), RowSet::All(5), batch);
    KeyGroupsOfHashes(batch.hashes, 128, groups);
    std::vector<uint8_t*> values(5);
    ASSERT_TRUE(table.FindOrInsert(batch, groups.data(), values.data(), nullptr).ok());
    for (int32_t i = 0; i < 5; ++i) {
      std::string key;
      AppendKeyBytes(batch.View(i), key);
      *reinterpret_cast<int64_t*>(values[static_cast<size_t>(i)]) = ++model[key];
    }
    for (int i = 0; i < 3; ++i) {  // as operators look for what has expired
      uint8_t* value = table.Next(sweep);
      if (value == nullptr) {
        sweep = {};
        break;
      }
      std::string key;
      AppendKeyBytes(table.KeyOf(value), key);
      *reinterpret_cast<int64_t*>(value) = ++model[key];
      if (random.Next() % 2 != 0) continue;
      table.Erase(value);
      model.erase(key);
    }
    int32_t entries = static_cast<int32_t>(random.Next() % 40);
    if (saving && table.SaveMore(&entries)) {
      saving = false;
      ++saves;
      ASSERT_EQ(saved, wanted) << "round " << round;
    }
  }
  EXPECT_GT(saves, 20);
}

INSTANTIATE_TEST_SUITE_P(Shapes, KeyedTableTest,
                         testing::Values(KeyShape::kInt64, KeyShape::kTwoInt64, KeyShape::kBytes));

TEST(KeyedTable, AFullPoolIsAnError) {
  MemoryPool pool("small", 20000);
  KeyedTable table(KeyShape::kBytes, 64, {0, 127}, &pool);
  Status status;
  for (int i = 0; i < 1000 && status.ok(); ++i) {
    std::string bytes = "key " + std::to_string(i) + std::string(100, ' ');
    auto key = ParseKey(KeyShape::kBytes, bytes);
    auto value = table.FindOrInsert(*key, KeyGroupOf(key->hash, 128), nullptr);
    if (!value.ok()) status = value.error();
  }
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, "memory.limit");
  EXPECT_LE(pool.used_bytes(), 20000);
}

}  // namespace
}  // namespace millrace::state
