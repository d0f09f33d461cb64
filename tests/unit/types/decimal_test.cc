// Decimals: result types, arithmetic at the edges of 38 digits, rounding, text, doubles.
#include "types/decimal.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "types/wide_int.h"

namespace millrace {
namespace {

int128_t Big(std::string_view digits) {
  int128_t value = 0;
  EXPECT_EQ(ParseDecimal(digits, 38, 0, &value), DecimalParse::kOk) << digits;
  return value;
}

std::string Text(const std::optional<int128_t>& value, int32_t scale = 0) {
  return value ? DecimalToText(*value, scale) : "none";
}

const char* const kNines = "99999999999999999999999999999999999999";  // 38 of them

TEST(Decimal, ResultTypes) {
  EXPECT_EQ(DecimalAddType(10, 2, 10, 4).ToString(), "DECIMAL(13, 4)");
  EXPECT_EQ(DecimalAddType(38, 8, 32, 8).ToString(), "DECIMAL(38, 7)");
  EXPECT_EQ(DecimalMultiplyType(38, 10, 38, 10).ToString(), "DECIMAL(38, 6)");
  EXPECT_EQ(DecimalDivideType(10, 2, 10, 2).ToString(), "DECIMAL(23, 13)");
  EXPECT_EQ(DecimalDivideType(2, 1, 2, 1).ToString(), "DECIMAL(8, 6)");
  EXPECT_EQ(DecimalModType(10, 2, 5, 3).ToString(), "DECIMAL(5, 3)");
  EXPECT_EQ(DecimalRoundType(10, 4, 2).ToString(), "DECIMAL(9, 2)");
  EXPECT_EQ(DecimalRoundType(10, 4, -1).ToString(), "DECIMAL(7, 0)");
  EXPECT_EQ(DecimalAvgType(2).ToString(), "DECIMAL(38, 6)");
  EXPECT_EQ(DecimalSumType(2).ToString(), "DECIMAL(38, 2)");
  EXPECT_EQ(DecimalTypeOf(DataType::Bigint()).ToString(), "DECIMAL(19, 0)");
}

TEST(Decimal, AddAndSubtract) {
  EXPECT_EQ(Text(DecimalAdd(150, 2, 15, 1, 10, 2), 2), "3.00");
  EXPECT_EQ(Text(DecimalSubtract(150, 2, 15, 1, 10, 2), 2), "0.00");
  EXPECT_EQ(Text(DecimalSubtract(1, 0, 15, 1, 10, 1), 1), "-0.5");
  EXPECT_EQ(Text(DecimalAdd(Big(kNines), 0, 1, 0, 38, 0)), "none");
  EXPECT_EQ(Text(DecimalAdd(Big(kNines), 38, 5, 0, 38, 6), 6), "6.000000");
  EXPECT_EQ(Text(DecimalAdd(-Big(kNines), 0, Big(kNines), 38, 38, 0)), "-99999999999999999999999999999999999998");
}

TEST(Decimal, MultiplyDivideMod) {
  EXPECT_EQ(Text(DecimalMultiply(-15, 1, 25, 2, 10, 3), 3), "-0.375");
  EXPECT_EQ(Text(DecimalMultiply(Big(kNines), 38, Big(kNines), 38, 38, 37), 37),
            "1.0000000000000000000000000000000000000");
  EXPECT_EQ(Text(DecimalMultiply(Big(kNines), 0, 2, 0, 38, 0)), "none");
  EXPECT_EQ(Text(DecimalDivide(10, 1, 30, 1, 8, 6), 6), "0.333333");
  EXPECT_EQ(Text(DecimalDivide(-20, 1, 30, 1, 8, 6), 6), "-0.666667");
  EXPECT_EQ(Text(DecimalDivide(1, 38, Big(kNines), 0, 38, 38), 38), "0.00000000000000000000000000000000000000");
  EXPECT_EQ(Text(DecimalDivide(Big(kNines), 0, 1, 10, 38, 6), 6), "none");
  EXPECT_EQ(Text(DecimalDivide(0, 2, 7, 0, 10, 2), 2), "0.00");
  EXPECT_EQ(Text(DecimalMod(-75, 1, 2, 0, 10, 1), 1), "-1.5");
  EXPECT_EQ(Text(DecimalMod(7, 0, 25, 1, 10, 1), 1), "2.0");
  EXPECT_EQ(Text(DecimalMod(Big(kNines), 0, 7, 38, 38, 38), 38), "0.00000000000000000000000000000000000002");
}

TEST(Decimal, RoundFloorCeilCompare) {
  EXPECT_EQ(Text(DecimalRound(-25, 2, 1, 0)), "-3");
  EXPECT_EQ(Text(DecimalRound(125, 3, 0, -1)), "130");
  EXPECT_EQ(Text(DecimalRound(12345, 5, 2, 1), 1), "123.5");
  EXPECT_EQ(Text(DecimalRound(12345, 5, 2, -30)), "0");
  EXPECT_EQ(Text(DecimalFloor(-15, 1)), "-2");
  EXPECT_EQ(Text(DecimalCeil(-15, 1)), "-1");
  EXPECT_EQ(Text(DecimalCeil(10, 1)), "1");
  EXPECT_EQ(DecimalCompare(150, 2, 15, 1), 0);
  EXPECT_LT(DecimalCompare(-151, 2, -15, 1), 0);
  EXPECT_GT(DecimalCompare(Big(kNines), 0, Big(kNines), 38), 0);
}

TEST(Decimal, Text) {
  EXPECT_EQ(DecimalToText(-5, 3), "-0.005");
  EXPECT_EQ(DecimalToText(0, 2), "0.00");
  EXPECT_EQ(DecimalToText(-Big(kNines), 0), std::string("-") + kNines);
  auto java = [](int128_t value, int32_t scale) {
    std::string text;
    AppendDecimalJava(&text, value, scale);
    return text;
  };
  EXPECT_EQ(java(1, 6), "0.000001");
  EXPECT_EQ(java(1, 7), "1E-7");
  EXPECT_EQ(java(-123, 10), "-1.23E-8");
  EXPECT_EQ(java(0, 8), "0E-8");
}

TEST(Decimal, Parse) {
  auto parse = [](std::string_view text, int32_t precision, int32_t scale) {
    int128_t value = 0;
    DecimalParse result = ParseDecimalCast(text, precision, scale, &value);
    if (result == DecimalParse::kMalformed) return std::string("malformed");
    return result == DecimalParse::kOverflow ? "overflow" : DecimalToText(value, scale);
  };
  EXPECT_EQ(parse(" 1.5\t", 5, 2), "1.50");
  EXPECT_EQ(parse("1e3", 10, 2), "1000.00");
  EXPECT_EQ(parse("-.5E-1", 10, 2), "-0.05");
  EXPECT_EQ(parse("9.995", 3, 2), "10.00");      // Flink does not look again after rounding
  EXPECT_EQ(parse("000123", 5, 2), "overflow");  // Flink counts leading zeros of short texts
  EXPECT_EQ(parse("0000000000000000000123", 5, 2), "123.00");
  EXPECT_EQ(parse("1e-400", 5, 2), "0.00");
  EXPECT_EQ(parse("1e99999999999", 5, 2), "overflow");
  EXPECT_EQ(parse("1e99999999999", 38, 2), "malformed");
  EXPECT_EQ(parse("T", 10, 2), "0.00");  // one character may follow the digits, even if there are none
  EXPECT_EQ(parse("1.0f", 10, 2), "1.00");
  EXPECT_EQ(parse("1.0ff", 10, 2), "malformed");
  for (const char* bad : {"", "-", ".", "1.2.3", "12x", "x", "1e", "1e+", "0x10", "1 2"})
    EXPECT_EQ(parse(bad, 38, 2), "malformed") << bad;
  std::optional<ExactDecimal> exact = ParseExactDecimal("-0.050");
  ASSERT_TRUE(exact);
  EXPECT_TRUE(exact->unscaled == -50 && exact->precision == 3 && exact->scale == 3);
  EXPECT_FALSE(ParseExactDecimal("999999999999999999999999999999999999999"));
}

TEST(Decimal, DoublesAndIntegers) {
  EXPECT_EQ(Text(DecimalFromDouble(1.005, 10, 2), 2), "1.01");  // by the text, not by the binary value
  EXPECT_EQ(Text(DecimalFromDouble(1e39, 38, 0)), "none");
  EXPECT_EQ(Text(DecimalFromDouble(std::nan(""), 38, 0)), "none");
  EXPECT_EQ(DecimalToDouble(12345, 5, 2), 123.45);
  EXPECT_EQ(DecimalToDouble(Big(kNines), 38, 38), 1.0);
  EXPECT_EQ(DecimalToInt64(-199, 2), -1);
  EXPECT_EQ(Text(DecimalFromInt64(std::numeric_limits<int64_t>::min(), 38, 2), 2), "-9223372036854775808.00");
  EXPECT_EQ(DecimalDigits(0), 1);
  EXPECT_EQ(DecimalDigits(Big(kNines)), 38);
}

TEST(WideInt, DivisionUndoesMultiplication) {
  uint128_t a = ~uint128_t{0};
  uint128_t b = (uint128_t{1} << 127) + 12345;
  Uint256 product = MultiplyWide(a, b);
  uint128_t remainder = 1;
  Uint256 quotient = DivideWide(product, b, &remainder);
  EXPECT_TRUE(quotient == (Uint256{0, a}));
  EXPECT_TRUE(remainder == 0);
  quotient = DivideWide(AddWide(product, {0, b - 1}), b, &remainder);
  EXPECT_TRUE(quotient == (Uint256{0, a}));
  EXPECT_TRUE(remainder == b - 1);
  quotient = DivideWide(product, 7, &remainder);
  EXPECT_TRUE(AddWide(MultiplyWide(quotient, 7), {0, remainder}) == product);
}

}  // namespace
}  // namespace millrace
