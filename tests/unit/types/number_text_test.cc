// Numbers as JDK 17 writes and reads them.
#include "types/number_text.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>

#include "base/random.h"
#include "types/utf8_text.h"

namespace millrace {
namespace {

std::string Double(double value) {
  std::string text;
  AppendDouble(&text, value);
  return text;
}

std::string Float(float value) {
  std::string text;
  AppendFloat(&text, value);
  return text;
}

TEST(NumberText, DoublesAsJavaPrintsThem) {
  EXPECT_EQ(Double(0.0), "0.0");
  EXPECT_EQ(Double(-0.0), "-0.0");
  EXPECT_EQ(Double(1e7), "1.0E7");
  EXPECT_EQ(Double(9999999.0), "9999999.0");
  EXPECT_EQ(Double(0.001), "0.001");
  EXPECT_EQ(Double(0.00099), "9.9E-4");
  EXPECT_EQ(Double(123456789), "1.23456789E8");
  EXPECT_EQ(Double(std::nan("")), "NaN");
  EXPECT_EQ(Double(-std::numeric_limits<double>::infinity()), "-Infinity");
  EXPECT_EQ(Double(std::numeric_limits<double>::max()), "1.7976931348623157E308");
  EXPECT_EQ(Double(std::numeric_limits<double>::denorm_min()), "4.9E-324");
  EXPECT_EQ(Double(2e23), "1.9999999999999998E23");
  EXPECT_EQ(Double(1.1881822289344749E-212),
            "1.1881822289344749E-212");  // not the shortest: JDK 17 prints one digit more
  EXPECT_EQ(Double(8.6759911408805048E18), "8.6759911408805048E18");
  EXPECT_EQ(Float(0.1F), "0.1");
  EXPECT_EQ(Float(123456.78F), "123456.78");
  EXPECT_EQ(Float(3.4028235E38F), "3.4028235E38");
  EXPECT_EQ(Float(1.4E-45F), "1.4E-45");
  EXPECT_EQ(Float(7.2382312E7F), "7.2382312E7");
}

TEST(NumberText, EveryPrintedNumberReadsBack) {
  Random random(17);
  for (int i = 0; i < 200000; ++i) {
    auto value = std::bit_cast<double>(random.Next());
    if (!std::isfinite(value)) continue;
    ASSERT_EQ(ParseDouble(Double(value)), value) << Double(value);
    auto small = std::bit_cast<float>(static_cast<uint32_t>(random.Next()));
    if (std::isfinite(small)) {
      ASSERT_EQ(ParseFloat(Float(small)), small) << Float(small);
    }
  }
}

TEST(NumberText, ParsesFloatingPoint) {
  EXPECT_EQ(ParseDouble(" 1.5 "), 1.5);
  EXPECT_EQ(ParseDouble("+1.5d"), 1.5);
  EXPECT_EQ(ParseDouble(".5e1F"), 5.0);
  EXPECT_EQ(ParseDouble("5."), 5.0);
  EXPECT_EQ(ParseDouble("0x1.8p1"), 3.0);
  EXPECT_EQ(ParseDouble("-Infinity"), -std::numeric_limits<double>::infinity());
  EXPECT_EQ(ParseDouble("1e400"), std::numeric_limits<double>::infinity());
  EXPECT_EQ(ParseDouble("-1e-400"), -0.0);
  EXPECT_TRUE(std::isnan(*ParseDouble("NaN")));
  EXPECT_EQ(ParseFloat("1e39"), std::numeric_limits<float>::infinity());
  for (const char* bad : {"", "abc", "1e", "--1", "1_0", "inf", "nan", "0x10", "1,5", "."})
    EXPECT_FALSE(ParseDouble(bad)) << bad;
}

TEST(NumberText, ParsesIntegers) {
  int64_t value = 0;
  EXPECT_EQ(ParseInt64("12.7", &value), IntegerParse::kOk);
  EXPECT_EQ(value, 12);
  EXPECT_EQ(ParseInt64("-9223372036854775808", &value), IntegerParse::kOk);
  EXPECT_EQ(value, std::numeric_limits<int64_t>::min());
  EXPECT_EQ(ParseInt64("9223372036854775808", &value), IntegerParse::kOverflow);
  EXPECT_EQ(ParseInt64("", &value), IntegerParse::kEmpty);
  EXPECT_EQ(ParseInt64("-", &value), IntegerParse::kOnlySign);
  EXPECT_EQ(ParseInt64("1.x", &value), IntegerParse::kBadCharacter);
  int32_t small = 0;
  EXPECT_EQ(ParseInt32("-2147483648", &small), IntegerParse::kOk);
  EXPECT_EQ(ParseInt32("2147483648", &small), IntegerParse::kOverflow);
  EXPECT_EQ(ParseInt32(".", &small), IntegerParse::kOk);
  EXPECT_EQ(small, 0);
}

TEST(Utf8Text, CountsAndCuts) {
  EXPECT_EQ(CountCodePoints("a😀é"), 3U);
  EXPECT_EQ(CountUtf16Units("a😀é"), 4U);
  EXPECT_EQ(PrefixBytes("a😀é", 2), 5U);
  EXPECT_EQ(PrefixBytes("abc", 9), 3U);
  EXPECT_EQ(Utf16Prefix("a😀é", 2), "a?");
  EXPECT_EQ(Utf16Prefix("a😀é", 3), "a😀");
  EXPECT_TRUE(IsAscii("0123456789abcdef"));
  EXPECT_FALSE(IsAscii("0123456789abcdeé"));
  std::string out;
  AppendDecoded(&out, std::string_view("a\xE2\x82z\xF0\x9F\x98\x80\xC0\x80", 10));
  EXPECT_EQ(out, "a\xEF\xBF\xBDz😀\xEF\xBF\xBD\xEF\xBF\xBD");
}

}  // namespace
}  // namespace millrace
