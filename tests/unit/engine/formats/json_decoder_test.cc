#include <gtest/gtest.h>

#include "engine/formats/format.h"
#include "format_fixture.h"

namespace millrace::formats {
namespace {

std::string Json(const Schema& schema, std::string_view text, const OptionMap& options = {},
                 std::vector<FieldPath> wanted = {}) {
  return DecodedText("json", schema, options, text, false, std::move(wanted));
}
const OptionMap kIgnore = {{"ignore-parse-errors", "true"}};
constexpr std::string_view kLongText = "a long text of more than twelve bytes";

TEST(JsonDecoderTest, ReadsFieldsInAnyOrderAndSkipsUnknownOnes) {
  Schema schema{{{"a", DataType::Int(), ""}, {"b", DataType::String(), ""}}};
  EXPECT_EQ(Json(schema, R"({"a":1,"b":"x"})"), "(1, x)");
  EXPECT_EQ(Json(schema, R"( { "b" : "a long text of more than twelve bytes" , "z":[{"q":"]"}], "a" : -12 } )"),
            "(-12, a long text of more than twelve bytes)");
  EXPECT_EQ(Json(schema, "{}"), "(NULL, NULL)");
  EXPECT_EQ(Json(schema, R"({"A":1,"\u0061":2})"), "(2, NULL)");
  EXPECT_EQ(Json(schema, ""), "");
}

TEST(JsonDecoderTest, LearnsANewOrderOfFields) {
  Schema schema{{{"a", DataType::Bigint(), ""}, {"b", DataType::String(), ""}}};
  EXPECT_EQ(
      DecodedText(
          "json", schema, {},
          "{\"x\":0,\"b\":\"1\",\"a\":1}\r\n\n{\"x\":0,\"b\":\"2\",\"a\":2}\n{\"a\":3,\"b\":\"3\"}\n{\"b\":\"4\"}",
          true),
      "(1, 1)(2, 2)(3, 3)(NULL, 4)");
}

TEST(JsonDecoderTest, StopsAtAsManyFieldsAsAreWanted) {
  Schema one{{{"a", DataType::Int(), ""}}};
  Schema two{{{"a", DataType::Int(), ""}, {"A", DataType::Int(), ""}}};
  std::string_view text = R"({"a":1,"a":2,"A":3})";
  EXPECT_EQ(Json(one, text), "(1)");
  EXPECT_EQ(Json(two, text), "(2, NULL)");
}

TEST(JsonDecoderTest, ReadsNestedRowsWholeAndByPath) {
  DataType row =
      DataType::Row({{"x", DataType::Bigint(), ""}, {"y", DataType::String(), ""}, {"t", DataType::Timestamp(3), ""}});
  Schema schema{{{"id", DataType::Int(), ""}, {"r", row, ""}}};
  std::string_view text = R"({"id":7,"r":{"x":5,"y":"why","t":"2024-01-05 10:20:30.123"}})";
  EXPECT_EQ(Json(schema, text), "(7, (5, why, 2024-01-05 10:20:30.123))");
  EXPECT_EQ(Json(schema, text, {}, {{1, 2}, {1, 0}}), "(2024-01-05 10:20:30.123, 5)");
  EXPECT_EQ(Json(schema, R"({"r":null})", {}, {{1, 0}, {0}}), "(NULL, NULL)");
  EXPECT_EQ(Json(schema, R"({"id":1})"), "(1, NULL)");
  EXPECT_EQ(Json(schema, R"({"id":1,"r":{}})"), "(1, (NULL, NULL, NULL))");
  EXPECT_EQ(Json(schema, R"({"id":1,"r":[5]})"), "format.json.value");
  EXPECT_EQ(Json(schema, R"({"id":1,"r":[5]})", kIgnore), "(1, NULL)");
}

TEST(JsonDecoderTest, FindsSyntaxErrorsInFieldsThatNobodyReads) {
  Schema schema{{{"a", DataType::Int(), ""}, {"b", DataType::Int(), ""}}};
  for (std::string_view text : {R"({"a":1,"z":tru})",
                                R"({"a":1,"z":"x)",
                                R"({"a":1,"z":[1,}})",
                                R"({"a":1,"z":01})",
                                R"({"a":1,"z":1.})",
                                R"({"a":1)",
                                R"({"a":1,"z":"\q"})",
                                R"({"a":1,"z":{"y" 1}})",
                                R"({"a":1,})",
                                R"({"a":1 "z":2})",
                                R"({a:1})",
                                R"({"a":+1})",
                                R"({"a":NaN})",
                                R"([1])",
                                R"(null)",
                                R"("x")",
                                R"({"a":1,"z":"\ud8"})",
                                "{\"a\":1,\"z\":\"\xC3\x28\"}",
                                R"({"a":1,"z":1e})",
                                R"({"a":-})",
                                "  "}) {
    EXPECT_EQ(Json(schema, text), "format.json.malformed") << text;
    EXPECT_EQ(Json(schema, text, kIgnore), "") << text;
    EXPECT_EQ(Json(schema, text, {}, {{0}}), "format.json.malformed") << text;
  }
  EXPECT_EQ(Json(schema, R"({"a":1,"b":"x"})", {}, {{0}}), "(1)");
  EXPECT_EQ(Json(schema, R"({"a":3} tail)"), "(3, NULL)");
  EXPECT_EQ(Json(schema, "\xEF\xBB\xBF{\"a\":3}"), "(3, NULL)");
}

TEST(JsonDecoderTest, ConvertsNumbersAsFlinkDoes) {
  Schema schema{{{"v", DataType::Int(), ""}}};
  EXPECT_EQ(Json(schema, R"({"v":1.9})"), "(1)");
  EXPECT_EQ(Json(schema, R"({"v":1e2})"), "(100)");
  EXPECT_EQ(Json(schema, R"({"v":" 12 "})"), "(12)");
  EXPECT_EQ(Json(schema, R"({"v":"1.50"})"), "format.json.value");
  EXPECT_EQ(Json(schema, R"({"v":3000000000})"), "format.json.value");
  EXPECT_EQ(Json(schema, R"({"v":-2147483648})"), "(-2147483648)");
  Schema big{{{"v", DataType::Bigint(), ""}}};
  for (std::string_view number : {"9223372036854775807", "-9223372036854775808", "12345678", "1234567890123456",
                                  "12345678901234567", "0", "123456789", "-1"}) {
    EXPECT_EQ(Json(big, "{\"v\":" + std::string(number) + "}"), "(" + std::string(number) + ")");
  }
  EXPECT_EQ(Json(big, R"({"v":9223372036854775808})"), "format.json.value");
  Schema tiny{{{"v", DataType::Tinyint(), ""}}};
  EXPECT_EQ(Json(tiny, R"({"v":1.0})"), "format.json.value");
  EXPECT_EQ(Json(tiny, R"({"v":-128})"), "(-128)");
  EXPECT_EQ(Json(tiny, R"({"v":128})"), "format.json.value");
  Schema decimal{{{"v", DataType::Decimal(5, 1), ""}}};
  EXPECT_EQ(Json(decimal, R"({"v":1.25})"), "(1.3)");
  EXPECT_EQ(Json(decimal, R"({"v":99999.99})"), "(NULL)");
  EXPECT_EQ(Json(decimal, R"({"v":"1.2"})"), "(1.2)");
  EXPECT_EQ(Json(decimal, R"({"v":true})"), "format.json.value");
  Schema real{{{"v", DataType::Double(), ""}}};
  EXPECT_EQ(Json(real, R"({"v":1e400})"), "(Infinity)");
  EXPECT_EQ(Json(real, R"({"v":"NaN"})"), "(NaN)");
  EXPECT_EQ(Json(real, R"({"v":-0.0})"), "(-0.0)");
}

TEST(JsonDecoderTest, ConvertsBooleansFromAnything) {
  Schema schema{{{"v", DataType::Boolean(), ""}}};
  EXPECT_EQ(Json(schema, R"({"v":true})"), "(TRUE)");
  EXPECT_EQ(Json(schema, R"({"v":" TrUe "})"), "(TRUE)");
  for (std::string_view text : {R"({"v":1})", R"({"v":"yes"})", R"({"v":[true]})", R"({"v":{}})", R"({"v":false})"}) {
    EXPECT_EQ(Json(schema, text), "(FALSE)") << text;
  }
}

TEST(JsonDecoderTest, ConvertsTextFromAnything) {
  Schema schema{{{"v", DataType::String(), ""}, {"w", DataType::Int(), ""}}};
  EXPECT_EQ(Json(schema, R"({"v":1.00,"w":1})"), "(1.00, 1)");
  EXPECT_EQ(Json(schema, R"({"v":[1, 2.50,  {"a": null, "a":1e3}],"w":1})"), R"(([1,2.5,{"a":1000.0}], 1))");
  EXPECT_EQ(Json(schema, R"({"v":"\u00e9\ud83d\ude00\n\/","w":1})"), "(é😀\n/, 1)");
  EXPECT_EQ(Json(schema, R"({"v":"\ud83dx","w":1})"), "(?x, 1)");
  EXPECT_EQ(Json(schema, "{\"v\":\"tab\tand\x01\",\"w\":1}"), "(tab\tand\x01, 1)");
  Decoded zero = Decode("json", schema, {}, R"({"v":"\u0000x"})");
  ASSERT_EQ(zero.rows.size(), 1U);
  EXPECT_EQ(zero.rows[0][0].AsString(), std::string("\0x", 2));
}

TEST(JsonDecoderTest, ConvertsTimes) {
  Schema schema{{{"v", DataType::Timestamp(3), ""}}};
  EXPECT_EQ(Json(schema, R"({"v":"2024-02-29 01:02:03.123456789"})"), "(2024-02-29 01:02:03.123456789)");
  EXPECT_EQ(Json(schema, R"({"v":"2024-02-30 01:02:03"})"), "(2024-02-29 01:02:03.000)");
  EXPECT_EQ(Json(schema, R"({"v":"2024-01-01 00:00:00.1234567"})"), "(2024-01-01 00:00:00.1234567)");
  for (std::string_view text :
       {R"({"v":"2024-01-01T00:00:00"})", R"({"v":"2024-01-01"})", R"({"v":"2024-01-01 25:00:00"})",
        R"({"v":"2024-13-01 00:00:00"})", R"({"v":5})", R"({"v":"2024-01-01 00:00:00.1234567890"})"}) {
    EXPECT_EQ(Json(schema, text), "format.json.value") << text;
  }
  EXPECT_EQ(Json(schema, R"({"v":"2024-01-01T00:00:00.5"})", {{"timestamp-format.standard", "ISO-8601"}}),
            "(2024-01-01 00:00:00.500)");
  Schema ltz{{{"v", DataType::TimestampLtz(3), ""}}};
  EXPECT_EQ(Json(ltz, R"({"v":"2024-01-01 00:00:00.5Z"})"), "(2024-01-01 00:00:00.500)");
  EXPECT_EQ(Json(ltz, R"({"v":"2024-01-01 00:00:00.5"})"), "format.json.value");
  Schema time{{{"v", DataType::Time(3), ""}}};
  EXPECT_EQ(Json(time, R"({"v":"10:20:30.5"})"), "(10:20:30)");
  EXPECT_EQ(Json(time, R"({"v":"10:20"})"), "format.json.value");
  Schema date{{{"v", DataType::Date(), ""}}};
  EXPECT_EQ(Json(date, R"({"v":"2024-02-29"})"), "(2024-02-29)");
  EXPECT_EQ(Json(date, R"({"v":"2024-02-30"})"), "format.json.value");
}

TEST(JsonDecoderTest, ReadsCollections) {
  DataType row = DataType::Row({{"x", DataType::Int(), ""}});
  Schema schema{{{"a", DataType::Array(DataType::Int()), ""},
                 {"m", DataType::Map(DataType::String(), DataType::Int()), ""},
                 {"r", DataType::Array(row), ""}}};
  EXPECT_EQ(Json(schema, R"({"a":[1,null,3],"m":{"k":1,"k":2},"r":[{"x":1,"y":2},{}]})"),
            "([1, NULL, 3], {k=2}, [(1), (NULL)])");
  EXPECT_EQ(Json(schema, R"({"a":[],"m":{},"r":null})"), "([], {}, NULL)");
  EXPECT_EQ(Json(schema, R"({"a":[1,"x"]})"), "format.json.value");
  EXPECT_EQ(Json(schema, R"({"a":[1,"x"],"m":3,"r":{"x":1}})", kIgnore), "([1, NULL], NULL, NULL)");
  EXPECT_EQ(Json(schema, R"({"a":[1,])"), "format.json.malformed");
  EXPECT_EQ(Json(Schema{{{"m", DataType::Map(DataType::Int(), DataType::Int()), ""}}}, "{}"), "format.json.type");
}

TEST(JsonDecoderTest, ReadsBytes) {
  Schema schema{{{"v", DataType::Bytes(), ""}, {"id", DataType::Int(), ""}}};
  Decoded decoded = Decode("json", schema, {}, R"({"v":"/+8=","id":1})");
  ASSERT_EQ(decoded.rows.size(), 1U);
  EXPECT_EQ(decoded.rows[0][0].AsString(), "\xFF\xEF");
  EXPECT_EQ(Json(schema, R"({"v":"***","id":1})"), "format.json.value");
  EXPECT_EQ(Json(schema, R"({"v":"AB","id":1})", kIgnore), "(NULL, 1)");
  EXPECT_EQ(Json(schema, R"({"v":"*é","id":1})", kIgnore), "(NULL, 1)");
  EXPECT_EQ(Json(schema, R"({"v":"A","id":1})", kIgnore), "") << "Flink's reader goes astray and loses the record";
  EXPECT_EQ(Json(schema, R"({"v":"😀","id":1})", kIgnore), "");
}

TEST(JsonDecoderTest, RefusesDeepNesting) {
  Schema schema{{{"v", DataType::String(), ""}}};
  std::string deep = R"({"z":)" + std::string(100'000, '[') + std::string(100'000, ']') + "}";
  EXPECT_EQ(Json(schema, deep), "format.json.malformed");
  deep = R"({"v":)" + std::string(999, '[') + std::string(999, ']') + "}";
  EXPECT_EQ(Json(schema, deep), "(" + std::string(999, '[') + std::string(999, ']') + ")");
}

TEST(JsonDecoderTest, MissingFieldsFailWhenAsked) {
  Schema schema{{{"a", DataType::Int(), ""}, {"b", DataType::Int(), ""}}};
  OptionMap options = {{"fail-on-missing-field", "true"}};
  EXPECT_EQ(Json(schema, R"({"a":1,"b":null})", options), "(1, NULL)");
  Decoded decoded = Decode("json", schema, options, R"({"a":1})");
  EXPECT_EQ(decoded.error_code, "format.json.value");
  EXPECT_NE(decoded.error.find("'b'"), std::string::npos) << decoded.error;
  options.emplace("ignore-parse-errors", "true");
  EXPECT_EQ(Json(schema, "{}", options), "option.value");
}

TEST(JsonDecoderTest, ErrorsNameTheFieldAndTheValue) {
  DataType row = DataType::Row({{"x", DataType::Bigint(), ""}});
  Decoded decoded = Decode("json", Schema{{{"r", row, ""}}}, {}, R"({"r":{"x":"abc"}})");
  EXPECT_NE(decoded.error.find("field 'r.x'"), std::string::npos) << decoded.error;
  EXPECT_NE(decoded.error.find("\"abc\" is no BIGINT"), std::string::npos) << decoded.error;
}

TEST(JsonDecoderTest, RecordsWithoutKeeperAreCopied) {
  Schema schema{{{"v", DataType::String(), ""}}};
  std::string text = "{\"v\":\"" + std::string(kLongText) + "\"}";
  Decoded decoded = Decode("json", schema, {}, text, false, {}, false);
  ASSERT_EQ(decoded.rows.size(), 1U);
  EXPECT_EQ(decoded.rows[0][0].AsString(), kLongText);
}

}  // namespace
}  // namespace millrace::formats
