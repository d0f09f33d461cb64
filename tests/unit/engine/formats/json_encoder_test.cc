#include <gtest/gtest.h>

#include <limits>

#include "format_fixture.h"

namespace millrace::formats {
namespace {

std::string Json(const DataType& type, const Value& value, const OptionMap& options = {}) {
  return Encode("json", Schema{{{"v", type, ""}}}, options, {value});
}

TEST(JsonEncoderTest, WritesScalars) {
  EXPECT_EQ(Json(DataType::Bigint(), Value::Int(-5)), R"({"v":-5})");
  EXPECT_EQ(Json(DataType::Boolean(), Value::Bool(true)), R"({"v":true})");
  EXPECT_EQ(Json(DataType::Double(), Value::Double(1e7)), R"({"v":1.0E7})");
  EXPECT_EQ(Json(DataType::Double(), Value::Double(std::numeric_limits<double>::quiet_NaN())), R"({"v":"NaN"})");
  EXPECT_EQ(Json(DataType::String(), Value::Null()), R"({"v":null})");
  EXPECT_EQ(Json(DataType::String(), Value::Null(), {{"encode.ignore-null-fields", "true"}}), "{}");
  EXPECT_EQ(Json(DataType::Bytes(), Value::String("\xFF\xEF")), R"({"v":"/+8="})");
}

TEST(JsonEncoderTest, EscapesText) {
  EXPECT_EQ(Json(DataType::String(), Value::String("a\"\\\n\x01é")), "{\"v\":\"a\\\"\\\\\\n\\u0001é\"}");
  EXPECT_EQ(Json(DataType::String(), Value::String("x😀y")), "{\"v\":\"x\\uD83D\\uDE00y\"}");
}

TEST(JsonEncoderTest, WritesDecimals) {
  OptionMap plain = {{"encode.decimal-as-plain-number", "true"}};
  EXPECT_EQ(Json(DataType::Decimal(10, 2), Value::Decimal(10'000)), R"({"v":1E+2})");
  EXPECT_EQ(Json(DataType::Decimal(10, 2), Value::Decimal(10'000), plain), R"({"v":100})");
  EXPECT_EQ(Json(DataType::Decimal(10, 2), Value::Decimal(-150)), R"({"v":-1.5})");
  EXPECT_EQ(Json(DataType::Decimal(10, 8), Value::Decimal(1)), R"({"v":1E-8})");
  EXPECT_EQ(Json(DataType::Decimal(10, 8), Value::Decimal(1), plain), R"({"v":0.00000001})");
  EXPECT_EQ(Json(DataType::Decimal(10, 2), Value::Decimal(0)), R"({"v":0})");
}

TEST(JsonEncoderTest, WritesTimes) {
  Timestamp time{1'704'450'030'500, 0, 0};
  OptionMap iso = {{"timestamp-format.standard", "ISO-8601"}};
  EXPECT_EQ(Json(DataType::Timestamp(3), Value::Time(time)), R"({"v":"2024-01-05 10:20:30.5"})");
  EXPECT_EQ(Json(DataType::Timestamp(3), Value::Time(time), iso), R"({"v":"2024-01-05T10:20:30.5"})");
  EXPECT_EQ(Json(DataType::TimestampLtz(3), Value::Time(time)), R"({"v":"2024-01-05 10:20:30.5Z"})");
  EXPECT_EQ(Json(DataType::Date(), Value::Int(19'727)), R"({"v":"2024-01-05"})");
  EXPECT_EQ(Json(DataType::Time(3), Value::Int(37'230'500)), R"({"v":"10:20:30"})");
}

TEST(JsonEncoderTest, WritesNestedValues) {
  DataType row = DataType::Row({{"x", DataType::Int(), ""}, {"y", DataType::String(), ""}});
  EXPECT_EQ(Json(row, Value::Nested({Value::Int(1), Value::Null()})), R"({"v":{"x":1,"y":null}})");
  EXPECT_EQ(Json(DataType::Array(DataType::Int()), Value::Nested({Value::Int(1), Value::Null()})), R"({"v":[1,null]})");
  DataType map = DataType::Map(DataType::String(), DataType::Int());
  Value entries = Value::Nested({Value::String("k"), Value::Int(1), Value::Null(), Value::Int(2)});
  EXPECT_EQ(Json(map, entries), "error: format.json.null_key");
  EXPECT_EQ(Json(map, entries, {{"map-null-key.mode", "DROP"}}), R"({"v":{"k":1}})");
  EXPECT_EQ(Json(map, entries, {{"map-null-key.mode", "LITERAL"}, {"map-null-key.literal", "none"}}),
            R"({"v":{"k":1,"none":2}})");
  EXPECT_EQ(Json(map, entries, {{"map-null-key.mode", "KEEP"}}), "error: option.value");
}

}  // namespace
}  // namespace millrace::formats
