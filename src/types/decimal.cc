// Decimal arithmetic: result types, rescaling, the four operations, rounding, comparison.
#include "types/decimal.h"

#include <algorithm>
#include <array>

#include "types/wide_int.h"

namespace millrace {
namespace {

constexpr std::array<int128_t, kMaxDecimalPrecision + 1> MakePowers() {
  std::array<int128_t, kMaxDecimalPrecision + 1> powers{};
  int128_t power = 1;
  for (int128_t& entry : powers) {
    entry = power;
    if (&entry != &powers.back()) power *= 10;
  }
  return powers;
}
constexpr std::array<int128_t, kMaxDecimalPrecision + 1> kPowers = MakePowers();

uint128_t Magnitude(int128_t value) {
  return value < 0 ? uint128_t{0} - static_cast<uint128_t>(value) : static_cast<uint128_t>(value);
}

uint128_t Power(int32_t exponent) { return static_cast<uint128_t>(kPowers[static_cast<size_t>(exponent)]); }

bool Fits(uint128_t magnitude, int32_t precision) { return magnitude < Power(precision); }

int128_t Signed(uint128_t magnitude, bool negative) {
  return negative ? -static_cast<int128_t>(magnitude) : static_cast<int128_t>(magnitude);
}

DataType Adjusted(int32_t precision, int32_t scale) {
  if (precision <= kMaxDecimalPrecision) return DataType::Decimal(precision, scale);
  int32_t whole = precision - scale;
  return DataType::Decimal(kMaxDecimalPrecision, std::max(kMaxDecimalPrecision - whole, std::min(scale, 6)));
}

// value / 10^digits, half up. `digits` may exceed 38 (then the result is 0 unless the value is that large, which it is
// not for the sums and products made here up to 76 digits).
Uint256 DropDigits(Uint256 value, int32_t digits) {
  uint128_t remainder = 0;
  while (digits >
         kMaxDecimalPrecision) {  // cutting first is harmless: half up looks at the last dropped digit's weight only
    value = DivideWide(value, Power(kMaxDecimalPrecision - 1), &remainder);
    digits -= kMaxDecimalPrecision - 1;
  }
  if (digits == 0) return value;
  uint128_t divisor = Power(digits);
  value = DivideWide(value, divisor, &remainder);
  if (remainder >= divisor - remainder) value = AddWide(value, {0, 1});
  return value;
}

// A magnitude at `from_scale` as DECIMAL(precision, scale).
std::optional<int128_t> Finish(Uint256 magnitude, bool negative, int32_t from_scale, int32_t precision, int32_t scale) {
  if (scale < from_scale) {
    magnitude = DropDigits(magnitude, from_scale - scale);
  } else if (scale > from_scale) {
    if (magnitude == Uint256{}) return int128_t{0};
    if (magnitude.high != 0 || scale - from_scale > kMaxDecimalPrecision) return std::nullopt;
    magnitude = MultiplyWide(magnitude.low, Power(scale - from_scale));
  }
  if (magnitude.high != 0 || !Fits(magnitude.low, precision)) return std::nullopt;
  return Signed(magnitude.low, negative);
}

std::optional<int128_t> AddSlow(int128_t a, int32_t s1, int128_t b, int32_t s2, int32_t precision, int32_t scale) {
  int32_t common = std::max(s1, s2);
  Uint256 left = MultiplyWide(Magnitude(a), Power(common - s1));
  Uint256 right = MultiplyWide(Magnitude(b), Power(common - s2));
  if ((a < 0) == (b < 0)) return Finish(AddWide(left, right), a < 0, common, precision, scale);
  if (left < right) return Finish(SubtractWide(right, left), b < 0, common, precision, scale);
  return Finish(SubtractWide(left, right), a < 0, common, precision, scale);
}

}  // namespace

int128_t PowerOfTen(int32_t exponent) { return kPowers[static_cast<size_t>(exponent)]; }

bool FitsPrecision(int128_t unscaled, int32_t precision) { return Fits(Magnitude(unscaled), precision); }

int32_t DecimalDigits(int128_t unscaled) {
  uint128_t magnitude = Magnitude(unscaled);
  auto above = std::upper_bound(kPowers.begin(), kPowers.end(), magnitude,
                                [](uint128_t value, int128_t power) { return value < static_cast<uint128_t>(power); });
  return std::max(1, static_cast<int32_t>(above - kPowers.begin()));
}

DataType DecimalAddType(int32_t p1, int32_t s1, int32_t p2, int32_t s2) {
  int32_t scale = std::max(s1, s2);
  return Adjusted(std::max(p1 - s1, p2 - s2) + scale + 1, scale);
}

DataType DecimalMultiplyType(int32_t p1, int32_t s1, int32_t p2, int32_t s2) { return Adjusted(p1 + p2 + 1, s1 + s2); }

DataType DecimalDivideType(int32_t p1, int32_t s1, int32_t p2, int32_t s2) {
  int32_t scale = std::max(6, s1 + p2 + 1);
  return Adjusted(p1 - s1 + s2 + scale, scale);
}

DataType DecimalModType(int32_t p1, int32_t s1, int32_t p2, int32_t s2) {
  int32_t scale = std::max(s1, s2);
  return Adjusted(std::min(p1 - s1, p2 - s2) + scale, scale);
}

DataType DecimalRoundType(int32_t precision, int32_t scale, int32_t digits) {
  if (digits >= scale) return DataType::Decimal(precision, scale);
  if (digits < 0) return DataType::Decimal(std::min(kMaxDecimalPrecision, 1 + precision - scale), 0);
  return DataType::Decimal(1 + precision - scale + digits, digits);
}

DataType DecimalAvgType(int32_t scale) { return DecimalDivideType(kMaxDecimalPrecision, scale, 20, 0); }

DataType DecimalSumType(int32_t scale) { return DataType::Decimal(kMaxDecimalPrecision, scale); }

DataType DecimalTypeOf(const DataType& type) {
  switch (type.kind()) {
    case TypeKind::kTinyint:
      return DataType::Decimal(3, 0).WithNullable(type.nullable());
    case TypeKind::kSmallint:
      return DataType::Decimal(5, 0).WithNullable(type.nullable());
    case TypeKind::kInt:
      return DataType::Decimal(10, 0).WithNullable(type.nullable());
    case TypeKind::kBigint:
      return DataType::Decimal(19, 0).WithNullable(type.nullable());
    case TypeKind::kDecimal:
    case TypeKind::kNull:
    case TypeKind::kBoolean:
    case TypeKind::kFloat:
    case TypeKind::kDouble:
    case TypeKind::kChar:
    case TypeKind::kVarchar:
    case TypeKind::kBinary:
    case TypeKind::kVarbinary:
    case TypeKind::kDate:
    case TypeKind::kTime:
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampLtz:
    case TypeKind::kIntervalYearMonth:
    case TypeKind::kIntervalDayTime:
    case TypeKind::kArray:
    case TypeKind::kMap:
    case TypeKind::kMultiset:
    case TypeKind::kRow:
    case TypeKind::kRaw:
    case TypeKind::kDescriptor:
      return type;
  }
  return type;
}

std::optional<int128_t> DecimalRescale(int128_t value, int32_t from_scale, int32_t precision, int32_t scale) {
  if (from_scale == scale) return FitsPrecision(value, precision) ? std::optional(value) : std::nullopt;
  return Finish({0, Magnitude(value)}, value < 0, from_scale, precision, scale);
}

std::optional<int128_t> DecimalAdd(int128_t a, int32_t s1, int128_t b, int32_t s2, int32_t precision, int32_t scale) {
  if (s1 == s2 && s1 == scale) {  // two numbers of 38 digits add up to less than 2^127
    int128_t sum = a + b;
    return FitsPrecision(sum, precision) ? std::optional(sum) : std::nullopt;
  }
  return AddSlow(a, s1, b, s2, precision, scale);
}

std::optional<int128_t> DecimalSubtract(int128_t a, int32_t s1, int128_t b, int32_t s2, int32_t precision,
                                        int32_t scale) {
  return DecimalAdd(a, s1, -b, s2, precision, scale);
}

std::optional<int128_t> DecimalMultiply(int128_t a, int32_t s1, int128_t b, int32_t s2, int32_t precision,
                                        int32_t scale) {
  bool negative = (a < 0) != (b < 0);
  if (s1 + s2 == scale && a == static_cast<int64_t>(a) && b == static_cast<int64_t>(b)) {
    int128_t product = a * b;
    return FitsPrecision(product, precision) ? std::optional(product) : std::nullopt;
  }
  return Finish(MultiplyWide(Magnitude(a), Magnitude(b)), negative, s1 + s2, precision, scale);
}

std::optional<int128_t> DecimalDivide(int128_t a, int32_t s1, int128_t b, int32_t s2, int32_t precision,
                                      int32_t scale) {
  if (a == 0) return int128_t{0};
  uint128_t dividend = Magnitude(a);
  uint128_t divisor = Magnitude(b);
  // Shift the dividend so that the quotient has exactly 38 digits.
  int32_t shift = kMaxDecimalPrecision + DecimalDigits(b) - DecimalDigits(a);
  uint128_t remainder = 0;
  Uint256 quotient;
  for (;; --shift) {
    Uint256 shifted = shift > kMaxDecimalPrecision ? MultiplyWide(MultiplyWide(dividend, Power(kMaxDecimalPrecision)),
                                                                  Power(shift - kMaxDecimalPrecision))
                                                   : MultiplyWide(dividend, Power(shift));
    quotient = DivideWide(shifted, divisor, &remainder);
    if (quotient.high == 0 && Fits(quotient.low, kMaxDecimalPrecision)) break;
  }
  if (remainder >= divisor - remainder) quotient = AddWide(quotient, {0, 1});
  // The quotient's trailing zeros are no digits of the result: BigDecimal drops them, so they must not count as
  // overflow.
  int32_t quotient_scale = shift + s1 - s2;
  while (quotient_scale > scale + kMaxDecimalPrecision) {
    quotient = DivideWide(quotient, 10, &remainder);
    --quotient_scale;
  }
  return Finish(quotient, (a < 0) != (b < 0), quotient_scale, precision, scale);
}

std::optional<int128_t> DecimalMod(int128_t a, int32_t s1, int128_t b, int32_t s2, int32_t precision, int32_t scale) {
  uint128_t dividend = Magnitude(a);
  uint128_t divisor = Magnitude(b);
  uint128_t remainder = dividend;
  if (s1 >= s2) {
    Uint256 scaled = MultiplyWide(divisor, Power(s1 - s2));
    if (scaled.high == 0) remainder = dividend % scaled.low;
  } else {
    DivideWide(MultiplyWide(dividend, Power(s2 - s1)), divisor, &remainder);
  }
  return Finish({0, remainder}, a < 0, std::max(s1, s2), precision, scale);
}

std::optional<int128_t> DecimalRound(int128_t value, int32_t precision, int32_t scale, int32_t digits) {
  if (digits >= scale) return value;
  DataType type = DecimalRoundType(precision, scale, digits);
  if (digits >= 0) return DecimalRescale(value, scale, type.precision(), digits);
  if (digits < -kMaxDecimalPrecision) return int128_t{0};
  Uint256 rounded = DropDigits({0, Magnitude(value)}, scale - digits);
  return Finish(MultiplyWide(rounded.low, Power(-digits)), value < 0, 0, type.precision(), 0);
}

int128_t DecimalFloor(int128_t value, int32_t scale) {
  int128_t unit = PowerOfTen(scale);
  int128_t quotient = value / unit;
  return value % unit < 0 ? quotient - 1 : quotient;
}

int128_t DecimalCeil(int128_t value, int32_t scale) {
  int128_t unit = PowerOfTen(scale);
  int128_t quotient = value / unit;
  return value % unit > 0 ? quotient + 1 : quotient;
}

int DecimalCompare(int128_t a, int32_t s1, int128_t b, int32_t s2) {
  if (s1 == s2) return a < b ? -1 : (a > b ? 1 : 0);
  if ((a < 0) != (b < 0)) return a < 0 ? -1 : (a == 0 && b == 0 ? 0 : 1);
  int32_t common = std::max(s1, s2);
  Uint256 left = MultiplyWide(Magnitude(a), Power(common - s1));
  Uint256 right = MultiplyWide(Magnitude(b), Power(common - s2));
  if (left == right) return 0;
  return (left < right) == (a >= 0) ? -1 : 1;
}

}  // namespace millrace
