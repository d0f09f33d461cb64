#include "base/options.h"

#include <gtest/gtest.h>

#include <array>

namespace millrace {
namespace {

const std::array<OptionSpec, 6> kSpecs = {{
    {.key = "path", .doc = "where the files are", .required = true},
    {.key = "rows", .type = OptionType::kInt, .default_value = "7"},
    {.key = "mode", .type = OptionType::kEnum, .values = {"earliest-offset", "latest"}},
    {.key = "properties.*"},
    {.key = "fields.#.kind", .type = OptionType::kEnum, .values = {"random", "sequence"}},
    {.key = "interval", .type = OptionType::kDuration},
}};

std::string CodeOf(const OptionMap& options) {
  Status status = CheckOptions(options, kSpecs, "connector 'x'");
  return status.ok() ? "" : status.error().code;
}

TEST(OptionsTest, AcceptsDeclaredKeysFamiliesAndPlaceholders) {
  EXPECT_EQ(CodeOf({{"path", "/tmp"},
                    {"rows", "12"},
                    {"mode", "EARLIEST_OFFSET"},
                    {"properties.group.id", "g"},
                    {"fields.a.b.kind", "random"},
                    {"interval", "10 s"}}),
            "");
}

TEST(OptionsTest, NamesTheNearestKeyForATypingError) {
  Status status = CheckOptions({{"path", "x"}, {"row", "1"}}, kSpecs, "connector 'x'");
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, "option.unknown");
  EXPECT_EQ(status.error().hint, "did you mean 'rows'?");
  EXPECT_NE(status.error().message.find("'row'"), std::string::npos);
}

TEST(OptionsTest, RefusesMissingKeysAndBadValues) {
  EXPECT_EQ(CodeOf({}), "option.missing");
  EXPECT_EQ(CodeOf({{"path", "x"}, {"rows", "9999999999"}}), "option.value");
  EXPECT_EQ(CodeOf({{"path", "x"}, {"mode", "newest"}}), "option.value");
  EXPECT_EQ(CodeOf({{"path", "x"}, {"properties.", "y"}}), "option.unknown");
  EXPECT_EQ(CodeOf({{"path", "x"}, {"fields..kind", "random"}}), "option.unknown");
  EXPECT_EQ(CodeOf({{"path", "x"}, {"interval", "10 weeks"}}), "option.value");
}

TEST(OptionsTest, GetStringGivesTheDefault) {
  EXPECT_EQ(GetString({}, kSpecs[1]), "7");
  EXPECT_EQ(GetString({{"rows", "8"}}, kSpecs[1]), "8");
  EXPECT_EQ(GetString({}, kSpecs[0]), std::nullopt);
}

TEST(OptionsTest, ParsesDurationsAsFlinkDoes) {
  EXPECT_EQ(ParseDuration("10 s")->count(), 10'000);
  EXPECT_EQ(ParseDuration(" 1min ")->count(), 60'000);
  EXPECT_EQ(ParseDuration("2 Days")->count(), 172'800'000);
  EXPECT_EQ(ParseDuration("500 ms")->count(), 500);
  EXPECT_EQ(ParseDuration("1500")->count(), 1500);
  EXPECT_EQ(ParseDuration("2500 micros")->count(), 2);
  EXPECT_FALSE(ParseDuration("").ok());
  EXPECT_FALSE(ParseDuration("-1 s").ok());
  EXPECT_FALSE(ParseDuration("1.5 s").ok());
  EXPECT_FALSE(ParseDuration("9223372036854775807 d").ok());
}

TEST(OptionsTest, ParsesMemorySizes) {
  EXPECT_EQ(*ParseMemorySize("64mb"), 64 << 20);
  EXPECT_EQ(*ParseMemorySize("1 gb"), 1 << 30);
  EXPECT_EQ(*ParseMemorySize("17"), 17);
  EXPECT_EQ(*ParseMemorySize("200b"), 200);
  EXPECT_FALSE(ParseMemorySize("1 xb").ok());
}

TEST(OptionsTest, ParsesBooleansAndIntegers) {
  EXPECT_TRUE(*ParseBooleanOption("TRUE"));
  EXPECT_FALSE(*ParseBooleanOption("false"));
  EXPECT_FALSE(ParseBooleanOption("yes").ok());
  EXPECT_EQ(*ParseLong("-12"), -12);
  EXPECT_EQ(*ParseLong("+12"), 12);
  EXPECT_FALSE(ParseLong("+-12").ok());
  EXPECT_FALSE(ParseLong("12x").ok());
  EXPECT_FALSE(ParseLong("9223372036854775808").ok());
}

TEST(OptionsTest, NearestWordIgnoresWordsThatAreFarOff) {
  std::array<std::string, 2> words = {"filesystem", "kafka"};
  EXPECT_EQ(NearestWord("kafak", words), "kafka");
  EXPECT_EQ(NearestWord("KAFKA", words), "kafka");
  EXPECT_EQ(NearestWord("mongodb", words), std::nullopt);
}

}  // namespace
}  // namespace millrace
