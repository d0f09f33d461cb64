#include <gtest/gtest.h>

#include "format_fixture.h"

namespace millrace::formats {
namespace {

const Schema kTwo{{{"id", DataType::Int(), ""}, {"a", DataType::String(), ""}}};
const OptionMap kIgnore = {{"ignore-parse-errors", "true"}};

std::string Lines(const Schema& schema, std::string_view text, const OptionMap& options = {},
                  std::vector<FieldPath> wanted = {}) {
  return DecodedText("csv", schema, options, text, true, std::move(wanted));
}

TEST(CsvFormatTest, ReadsQuotedAndPlainCells) {
  EXPECT_EQ(Lines(kTwo, "1,\"a,b\"\r\n2, blank \n3,a\"b\n4,\"say \"\"hi\"\"\" \n5,\"two\nlines\"\n6,last"),
            "(1, a,b)(2,  blank )(3, a\"b)(4, say \"hi\")(5, two\nlines)(6, last)");
  EXPECT_EQ(Lines(kTwo, "1,\"open\n"), "format.csv.malformed");
  EXPECT_EQ(Lines(kTwo, "1,\"a\"b\n"), "format.csv.malformed");
  EXPECT_EQ(Lines(kTwo, "1,\"a\"b\n2,c\n", kIgnore), "(2, c)");
}

TEST(CsvFormatTest, CountsCells) {
  EXPECT_EQ(Lines(kTwo, "1\n"), "format.csv.malformed");
  EXPECT_EQ(Lines(kTwo, "1,a,b\n"), "format.csv.malformed");
  EXPECT_EQ(Lines(kTwo, "1,a,\n"), "(1, a)") << "a trailing delimiter is forgiven";
  EXPECT_EQ(Lines(kTwo, "1\n2,b,c\n\n3,d\n", kIgnore), "(1, NULL)(NULL, NULL)(3, d)");
  EXPECT_EQ(Lines(kTwo, "1\n", {}, {{0}}), "(1)") << "only wanted cells must be there";
}

TEST(CsvFormatTest, KnowsNullsCommentsEscapesAndDelimiters) {
  EXPECT_EQ(Lines(kTwo, ",\n"), "format.csv.malformed");
  EXPECT_EQ(Lines(kTwo, ",\n1,\"\"\n", {{"null-literal", ""}}), "(NULL, NULL)(1, NULL)");
  EXPECT_EQ(Lines(kTwo, "# x\n1,a\n#2,b\n3,#c\n", {{"allow-comments", "true"}}), "(1, a)(3, #c)");
  EXPECT_EQ(Lines(kTwo, "1,a\\,b\n2,\"x\\\"y\"\n3,n\\\\\n", {{"escape-character", "\\"}}), "(1, a,b)(2, x\"y)(3, n\\)");
  EXPECT_EQ(Lines(kTwo, "1\ta,b\n", {{"field-delimiter", "\\t"}}), "(1, a,b)");
  EXPECT_EQ(Lines(kTwo, "1,\"a\n", {{"disable-quote-character", "true"}}), "(1, \"a)");
  EXPECT_EQ(Lines(kTwo, "1,a\n", {{"field-delimiter", "ab"}}), "option.value");
}

TEST(CsvFormatTest, ConvertsValues) {
  Schema schema{{{"b", DataType::Boolean(), ""},
                 {"d", DataType::Date(), ""},
                 {"t", DataType::Time(1), ""},
                 {"ts", DataType::Timestamp(3), ""},
                 {"n", DataType::Decimal(5, 1), ""}}};
  EXPECT_EQ(Lines(schema, " TRUE ,2024-1-5,10:20:30.56, 2024-01-05 10:20:30.5 ,1.25\n"),
            "(TRUE, 2024-01-05, 10:20:30, 2024-01-05 10:20:30.500, 1.3)");
  EXPECT_EQ(Lines(schema, "yes,x,x,x,99999\n", kIgnore), "(FALSE, NULL, NULL, NULL, NULL)");
  Schema nested{{{"a", DataType::Array(DataType::Int()), ""},
                 {"r", DataType::Row({{"x", DataType::Int(), ""}, {"y", DataType::String(), ""}}), ""}}};
  EXPECT_EQ(Lines(nested, "1;2,7;z\n,\n"), "([1, 2], (7, z))([], NULL)");
  EXPECT_EQ(Lines(Schema{{{"m", DataType::Map(DataType::String(), DataType::Int()), ""}}}, ""), "format.csv.type");
}

TEST(CsvFormatTest, InvalidUtf8IsMalformed) { EXPECT_EQ(Lines(kTwo, "1,\xFF\xFE\n2,b\n", kIgnore), "(2, b)"); }

TEST(CsvFormatTest, QuotesWhatNeedsIt) {
  auto text = [](const std::string& value, const OptionMap& options = {}) {
    return Encode("csv", Schema{{{"v", DataType::String(), ""}}}, options, {Value::String(value)});
  };
  EXPECT_EQ(text("plain"), "plain");
  EXPECT_EQ(text(""), "");
  EXPECT_EQ(text("a b"), "\"a b\"");
  EXPECT_EQ(text("q\"q"), "\"q\"\"q\"");
  EXPECT_EQ(text("abcdefghijklmnopqrstuvwxy"), "\"abcdefghijklmnopqrstuvwxy\"") << "longer than 24 characters";
  EXPECT_EQ(text("a,b", {{"disable-quote-character", "true"}}), "a,b");
  EXPECT_EQ(Encode("csv", kTwo, {{"null-literal", "n/a"}}, {Value::Null(), Value::String("x")}), "n/a,x");
  EXPECT_EQ(Encode("csv", Schema{{{"d", DataType::Decimal(10, 2), ""}}}, {}, {Value::Decimal(10'000)}), "\"1E+2\"")
      << "for its '+'";
  EXPECT_EQ(Encode("csv", Schema{{{"d", DataType::Decimal(10, 2), ""}, {"i", DataType::Int(), ""}}},
                   {{"field-delimiter", ";"}}, {Value::Decimal(150), Value::Int(1)}),
            "\"1.5\";1");
  EXPECT_EQ(Encode("csv", Schema{{{"a", DataType::Array(DataType::Int()), ""}}}, {{"null-literal", "null"}},
                   {Value::Nested({Value::Int(12), Value::Null()})}),
            "12;null");
}

TEST(RawFormatTest, ReadsAndWritesOneValue) {
  Schema text{{{"v", DataType::String(), ""}}};
  EXPECT_EQ(DecodedText("raw", text, {}, "as it is"), "(as it is)");
  EXPECT_EQ(DecodedText("raw", text, {{"charset", "ISO-8859-1"}}, "\xE9"), "(é)");
  EXPECT_EQ(Encode("raw", text, {{"charset", "ISO-8859-1"}}, {Value::String("é€")}), "\xE9?");
  Schema number{{{"v", DataType::Int(), ""}}};
  EXPECT_EQ(DecodedText("raw", number, {}, std::string_view("\0\0\1\2", 4)), "(258)");
  EXPECT_EQ(DecodedText("raw", number, {{"endianness", "little-endian"}}, std::string_view("\2\1\0\0", 4)), "(258)");
  EXPECT_EQ(DecodedText("raw", number, {}, "abc"), "format.raw.size");
  EXPECT_EQ(DecodedText("raw", kTwo, {}, "x"), "format.raw.schema");
}

}  // namespace
}  // namespace millrace::formats
