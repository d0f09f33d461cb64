// Columns: encodings, builders, gathering, slicing, concatenation, nested types, memory accounting.
#include "types/column.h"

#include <gtest/gtest.h>

#include <numeric>

#include "types/bit_copy.h"
#include "types/cast.h"

namespace millrace {
namespace {

MemoryPool* Pool() { return MemoryPool::Process(); }

const char* const kLong = "a text that is longer than twelve bytes";

Value Text(std::string text) { return Value::String(std::move(text)); }

// Values of a column, nulls included.
std::vector<Value> Values(const ColumnPtr& column) {
  std::vector<Value> values;
  for (int32_t i = 0; i < column->size(); ++i) values.push_back(column->GetValue(i));
  return values;
}

// A nested type with everything in it, and `count` values of it that repeat with period 6.
DataType NestedType() {
  DataType map = DataType::Map(DataType::String().NotNull(), DataType::Decimal(20, 2));
  return DataType::Row(
      {{"list", DataType::Array(DataType::String()), ""},
       {"map", map, ""},
       {"bag", DataType::Multiset(DataType::Int()), ""},
       {"row", DataType::Row({{"x", DataType::Timestamp(3), ""}, {"y", DataType::Boolean(), ""}}), ""}});
}

std::vector<Value> NestedValues(int32_t count) {
  std::vector<Value> values;
  for (int32_t i = 0; i < count; ++i) {
    if (i % 6 == 5) {
      values.push_back(Value::Null());
      continue;
    }
    Value::List list;
    for (int32_t k = 0; k < i % 4; ++k) list.push_back(k == 1 ? Value::Null() : Text(kLong + std::to_string(i)));
    Value map = i % 3 == 0 ? Value::Null() : Value::Nested({Text("k" + std::to_string(i)), Value::Decimal(i * 100)});
    Value bag = Value::Nested({Value::Int(i), Value::Int(2)});
    Value row = i % 2 == 0 ? Value::Null() : Value::Nested({Value::Time({i, 7, 0}), Value::Bool(i % 3 == 0)});
    values.push_back(Value::Nested({Value::Nested(std::move(list)), map, bag, row}));
  }
  return values;
}

TEST(BitCopy, CopiesAnyRange) {
  std::vector<uint64_t> from = {0x123456789ABCDEF0, 0xFEDCBA9876543210, 0x0F0F0F0F0F0F0F0F};
  for (int32_t from_offset = 0; from_offset < 70; from_offset += 7) {
    for (int32_t to_offset = 0; to_offset < 70; to_offset += 5) {
      for (int32_t count : {0, 1, 63, 64, 65, 100}) {
        std::vector<uint64_t> to(4, 0xAAAAAAAAAAAAAAAA);
        bits::Copy(from.data(), from_offset, to.data(), to_offset, count);
        for (int32_t i = 0; i < 256; ++i) {
          bool inside = i >= to_offset && i < to_offset + count;
          bool expected = inside ? bits::Get(from.data(), from_offset + i - to_offset) : i % 2 == 1;
          ASSERT_EQ(bits::Get(to.data(), i), expected) << from_offset << " " << to_offset << " " << count << " " << i;
        }
      }
    }
  }
}

TEST(Column, EveryScalarTypeRoundTrips) {
  struct Case {
    DataType type;
    Value value;
  };
  std::vector<Case> cases = {{DataType::Boolean(), Value::Bool(true)},
                             {DataType::Tinyint(), Value::Int(-128)},
                             {DataType::Smallint(), Value::Int(-32768)},
                             {DataType::Int(), Value::Int(INT32_MIN)},
                             {DataType::Bigint(), Value::Int(INT64_MIN)},
                             {DataType::Float(), Value::Float(-0.0F)},
                             {DataType::Double(), Value::Double(1e300)},
                             {DataType::Decimal(38, 2), Value::Decimal(-static_cast<int128_t>(INT64_MAX) * 1000)},
                             {DataType::String(), Text(kLong)},
                             {DataType::Bytes(), Text(std::string("\0\1", 2))},
                             {DataType::Date(), Value::Int(-5)},
                             {DataType::Timestamp(9), Value::Time({-1, 999999, 0})}};
  for (const Case& c : cases) {
    std::vector<Value> values = {c.value, Value::Null(), c.value};
    ColumnPtr column = MakeFromValues(c.type, values);
    EXPECT_EQ(Values(column), values) << c.type.ToString();
    EXPECT_FALSE(column->HasNoNulls());
    ColumnPtr constant = MakeConstant(c.type, c.value, 3);
    EXPECT_EQ(Values(constant), (std::vector<Value>{c.value, c.value, c.value})) << c.type.ToString();
    EXPECT_TRUE(constant->HasNoNulls());
  }
}

TEST(Column, DictionaryOfDictionaryIsOneDictionary) {
  std::vector<Value> values = {Text("a"), Value::Null(), Text(kLong), Text("d")};
  ColumnPtr base = MakeFromValues(DataType::String(), values);
  ColumnPtr first = Gather(base, std::vector<int32_t>{3, 2, 1, 0, 2}, Pool());
  ColumnPtr second = Gather(first, std::vector<int32_t>{4, 0, 2}, Pool());
  EXPECT_EQ(second->encoding(), Encoding::kDictionary);
  EXPECT_EQ(second->children()[0], base);
  EXPECT_EQ(Values(second), (std::vector<Value>{Text(kLong), Text("d"), Value::Null()}));
  ColumnReader<StringRef> reader(*second);
  EXPECT_EQ(reader[0].view(), kLong);
  EXPECT_TRUE(reader.IsNull(2));
  EXPECT_FALSE(reader.IsFlat());
  ColumnPtr flat = Flatten(second, Pool());
  EXPECT_EQ(flat->encoding(), Encoding::kFlat);
  EXPECT_EQ(Values(flat), Values(second));
  ColumnPtr constant = MakeConstant(DataType::Int(), Value::Int(7), 10);
  ColumnPtr gathered = Gather(constant, std::vector<int32_t>{1, 5}, Pool());
  EXPECT_EQ(gathered->encoding(), Encoding::kConstant);
  EXPECT_EQ(Values(gathered), (std::vector<Value>{Value::Int(7), Value::Int(7)}));
}

TEST(Column, ReaderOfTheNullTypeSeesNulls) {
  ColumnPtr nulls = MakeConstant(DataType::Null(), Value::Null(), 5);
  ColumnReader<int64_t> reader(*nulls);
  EXPECT_TRUE(reader.IsNull(3));
  EXPECT_EQ(reader[3], 0);
  EXPECT_TRUE(nulls->IsNull(3));
  EXPECT_FALSE(nulls->HasNoNulls());
}

TEST(Column, NestedGatherSliceFlattenConcatenate) {
  DataType type = NestedType();
  std::vector<Value> values = NestedValues(200);
  ColumnPtr column = MakeFromValues(type, values);
  ASSERT_EQ(Values(column), values);
  std::vector<int32_t> rows = {199, 0, 5, 17, 17, 64, 63, 65};
  std::vector<Value> expected;
  for (int32_t row : rows) expected.push_back(values[static_cast<size_t>(row)]);
  EXPECT_EQ(Values(Gather(column, rows, Pool())), expected);
  EXPECT_EQ(Values(Gather(column, rows, Pool(), true)), expected);
  ColumnPtr dictionary = Gather(column, rows, Pool());
  for (const ColumnPtr& source : {column, dictionary, Gather(column, rows, Pool(), true)}) {
    std::vector<Value> all = Values(source);
    for (int32_t offset : {0, 1, 3}) {
      int32_t count = source->size() - offset - 2;
      ColumnPtr slice = Slice(source, offset, count, Pool());
      EXPECT_EQ(Values(slice), std::vector<Value>(all.begin() + offset, all.begin() + offset + count));
      ColumnPtr again = Slice(slice, 1, count - 2, Pool());
      EXPECT_EQ(Values(again), std::vector<Value>(all.begin() + offset + 1, all.begin() + offset + count - 1));
    }
  }
  ColumnPtr constant = MakeConstant(type, values[1], 3);
  ColumnPtr joined =
      Concatenate(type, std::vector<ColumnPtr>{Slice(column, 3, 70, Pool()), dictionary, constant}, Pool());
  std::vector<Value> parts(values.begin() + 3, values.begin() + 73);
  parts.insert(parts.end(), expected.begin(), expected.end());
  parts.insert(parts.end(), 3, values[1]);
  EXPECT_EQ(Values(joined), parts);
  EXPECT_EQ(Concatenate(type, {}, Pool())->size(), 0);
}

TEST(Column, ConcatenateKeepsNoSourceBytes) {
  MemoryPool pool("test");
  ColumnPtr joined;
  {
    std::vector<Value> values(1000, Text(kLong));
    ColumnPtr big = MakeFromValues(DataType::String(), values, &pool);
    joined = Concatenate(DataType::String(), std::vector<ColumnPtr>{Slice(big, 10, 1, &pool)}, &pool);
  }
  EXPECT_LT(pool.used_bytes(), 8192);
  EXPECT_EQ(joined->GetValue(0), Text(kLong));
  joined = nullptr;
  EXPECT_EQ(pool.used_bytes(), 0);
}

TEST(Column, GatheringAgainAndAgainKeepsOnlyTheStrings) {
  MemoryPool pool("test");
  std::vector<Value> values(1000, Text(kLong));
  ColumnPtr column = MakeFromValues(DataType::String(), values, &pool);
  std::vector<int32_t> rows(1000);
  std::iota(rows.begin(), rows.end(), 0);
  size_t buffers = column->buffers().size();
  int64_t used = pool.used_bytes();
  for (int32_t i = 0; i < 20; ++i) column = Gather(column, rows, &pool, true);
  EXPECT_EQ(column->buffers().size(), buffers);
  EXPECT_EQ(pool.used_bytes(), used);
  EXPECT_EQ(column->GetValue(999), Text(kLong));
}

TEST(ColumnBuilder, GrowsFromNothing) {
  MemoryPool pool("test");
  {
    ColumnBuilder builder(DataType::String(), &pool, 1);
    EXPECT_EQ(pool.used_bytes(), 0);  // nothing before the first row
    std::vector<Value> values;
    for (int32_t i = 0; i < 5000; ++i) {
      values.push_back(i % 7 == 3 ? Value::Null()
                                  : Text(std::string(static_cast<size_t>(i % 40), 'x') + std::to_string(i)));
      builder.AppendValue(values.back());
    }
    ColumnPtr column = builder.Finish();
    EXPECT_EQ(Values(column), values);
    EXPECT_EQ(builder.size(), 0);
    builder.AppendString("again");
    EXPECT_EQ(builder.Finish()->GetValue(0), Text("again"));
    EXPECT_EQ(builder.Finish()->size(), 0);
    EXPECT_GT(pool.used_bytes(), 0);
  }
  EXPECT_EQ(pool.used_bytes(), 0);
  EXPECT_GT(pool.peak_bytes(), 0);
}

TEST(ColumnBuilder, AppendsRowsOfEveryEncoding) {
  std::vector<Value> texts = {Text("a"), Value::Null(), Text(kLong), Text("")};
  ColumnPtr flat = MakeFromValues(DataType::String(), texts);
  ColumnPtr dictionary = Gather(flat, std::vector<int32_t>{2, 1, 0}, Pool());
  ColumnPtr constant = MakeConstant(DataType::String(), Text("c"), 4);
  ColumnPtr valid = MakeFromValues(DataType::String(), std::vector<Value>{Text("v"), Text(kLong)});
  for (int32_t capacity : {1, 100}) {
    ColumnBuilder builder(DataType::String(), Pool(), capacity);
    builder.AppendRows(*valid, std::vector<int32_t>{1, 0});
    builder.AppendRows(*flat, std::vector<int32_t>{3, 2, 1});
    builder.AppendRows(*dictionary, std::vector<int32_t>{0, 1, 0});
    builder.AppendRows(*constant, std::vector<int32_t>{0, 3});
    builder.AppendRows(*valid, std::vector<int32_t>{0});
    builder.AppendRows(*flat, std::span<const int32_t>{});
    EXPECT_EQ(Values(builder.Finish()),
              (std::vector<Value>{Text(kLong), Text("v"), Text(""), Text(kLong), Value::Null(), Text(kLong),
                                  Value::Null(), Text(kLong), Text("c"), Text("c"), Text("v")}));
  }
  DataType nested = NestedType();
  std::vector<Value> values = NestedValues(30);
  ColumnBuilder builder(nested, Pool(), 1);
  builder.AppendRows(*MakeFromValues(nested, values), std::vector<int32_t>{5, 29, 2});
  EXPECT_EQ(Values(builder.Finish()), (std::vector<Value>{values[5], values[29], values[2]}));
}

TEST(ColumnBuilder, ClosesListsAndRows) {
  ColumnBuilder lists(DataType::Array(DataType::Int()), Pool());
  lists.child(0).Append<int32_t>(1);
  lists.child(0).AppendNull();
  lists.CloseList(2);
  lists.AppendNull();
  lists.CloseList(0);
  EXPECT_EQ(Values(lists.Finish()),
            (std::vector<Value>{Value::Nested({Value::Int(1), Value::Null()}), Value::Null(), Value::Nested({})}));
  ColumnBuilder rows(DataType::Row({{"a", DataType::Int(), ""}}), Pool(), 1);
  rows.AppendNull();
  rows.child(0).Append<int32_t>(5);
  rows.CloseRow();
  EXPECT_EQ(Values(rows.Finish()), (std::vector<Value>{Value::Null(), Value::Nested({Value::Int(5)})}));
}

TEST(FlatWriter, WritesInAnyOrder) {
  FlatWriter<int64_t> writer(DataType::Bigint(), 4, Pool());
  writer.Set(3, 30);
  writer.Set(0, 1);
  writer.SetNull(1);
  writer.SetNull(2);
  writer.Set(2, 20);
  EXPECT_EQ(Values(writer.Finish()),
            (std::vector<Value>{Value::Int(1), Value::Null(), Value::Int(20), Value::Int(30)}));
  FlatWriter<StringRef> texts(DataType::String(), 2, Pool());
  texts.Set(0, texts.arena().Copy(kLong));
  char* place = texts.arena().Reserve(100);
  std::memcpy(place, kLong, 20);
  texts.arena().Shrink(80);
  texts.Set(1, StringRef({place, 20}));
  EXPECT_EQ(Values(texts.Finish()), (std::vector<Value>{Text(kLong), Text(std::string(kLong, 20))}));
}

TEST(Column, WithTypeChangesNestedTypesToo) {
  DataType from = DataType::Array(DataType::Char(3).NotNull());
  DataType to = DataType::Array(DataType::String());
  ColumnPtr column = MakeFromValues(from, std::vector<Value>{Value::Nested({Text("abc")})});
  ColumnPtr renamed = column->WithType(to);
  EXPECT_EQ(renamed->children()[0]->type(), DataType::String());
  EXPECT_EQ(Values(renamed), Values(column));
}

TEST(StringRef, ComparesByBytes) {
  EXPECT_TRUE(StringRef("abc") < StringRef("abd"));
  EXPECT_TRUE(StringRef("abc") < StringRef(kLong + std::string()) || StringRef("abc") > StringRef(kLong));
  EXPECT_TRUE(StringRef("z") < StringRef("é"));  // UTF-8 bytes, unsigned
  EXPECT_FALSE(StringRef("123456789012") == StringRef("123456789013"));
  std::string other = kLong;
  EXPECT_TRUE(StringRef(kLong) == StringRef(other));
}

}  // namespace
}  // namespace millrace
