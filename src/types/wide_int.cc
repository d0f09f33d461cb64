// 256-bit arithmetic on 64-bit digits.
#include "types/wide_int.h"

#include <array>
#include <bit>

namespace millrace {
namespace {

constexpr uint64_t Low(uint128_t v) { return static_cast<uint64_t>(v); }
constexpr uint64_t High(uint128_t v) { return static_cast<uint64_t>(v >> 64); }
constexpr uint128_t Join(uint64_t high, uint64_t low) { return (static_cast<uint128_t>(high) << 64) | low; }

// By a divisor of one digit.
Uint256 DivideByDigit(const Uint256& dividend, uint64_t divisor, uint128_t* remainder) {
  std::array<uint64_t, 4> digits = {High(dividend.high), Low(dividend.high), High(dividend.low), Low(dividend.low)};
  uint64_t rest = 0;
  for (uint64_t& digit : digits) {
    uint128_t part = Join(rest, digit);
    digit = Low(part / divisor);
    rest = Low(part % divisor);
  }
  *remainder = rest;
  return {Join(digits[0], digits[1]), Join(digits[2], digits[3])};
}

}  // namespace

Uint256 MultiplyWide(uint128_t a, uint128_t b) {
  uint128_t low = static_cast<uint128_t>(Low(a)) * Low(b);
  uint128_t middle1 = static_cast<uint128_t>(High(a)) * Low(b);
  uint128_t middle2 = static_cast<uint128_t>(Low(a)) * High(b);
  uint128_t high = static_cast<uint128_t>(High(a)) * High(b);
  uint128_t carry = static_cast<uint128_t>(High(low)) + Low(middle1) + Low(middle2);
  return {high + High(middle1) + High(middle2) + High(carry), Join(Low(carry), Low(low))};
}

Uint256 MultiplyWide(const Uint256& a, uint128_t b) {
  Uint256 product = MultiplyWide(a.low, b);
  product.high += a.high * b;
  return product;
}

Uint256 AddWide(const Uint256& a, const Uint256& b) {
  uint128_t low = a.low + b.low;
  return {a.high + b.high + (low < a.low ? 1 : 0), low};
}

Uint256 SubtractWide(const Uint256& a, const Uint256& b) {
  return {a.high - b.high - (a.low < b.low ? 1 : 0), a.low - b.low};
}

Uint256 DivideWide(const Uint256& dividend, uint128_t divisor, uint128_t* remainder) {
  if (dividend.high == 0) {
    *remainder = dividend.low % divisor;
    return {0, dividend.low / divisor};
  }
  if (High(divisor) == 0) return DivideByDigit(dividend, Low(divisor), remainder);
  // Knuth's algorithm D with a divisor of two digits.
  int shift = std::countl_zero(High(divisor));
  uint128_t v = divisor << shift;
  std::array<uint64_t, 5> u = {0, High(dividend.high), Low(dividend.high), High(dividend.low), Low(dividend.low)};
  if (shift > 0) {
    for (size_t i = 0; i < 4; ++i) u[i] = (u[i] << shift) | (u[i + 1] >> (64 - shift));
    u[4] <<= shift;
  }
  std::array<uint64_t, 3> quotient{};
  for (size_t j = 0; j < 3; ++j) {
    uint128_t top = Join(u[j], u[j + 1]);
    uint128_t guess = u[j] >= High(v) ? Low(~uint128_t{0}) : top / High(v);
    uint128_t rest = top - guess * High(v);
    while (High(rest) == 0 && guess * Low(v) > Join(Low(rest), u[j + 2])) {
      --guess;
      rest += High(v);
    }
    Uint256 product = MultiplyWide(v, guess);
    Uint256 part = {u[j], Join(u[j + 1], u[j + 2])};
    if (part < product) {
      --guess;
      product = SubtractWide(product, {0, v});
    }
    part = SubtractWide(part, product);
    u[j] = Low(part.high);
    u[j + 1] = High(part.low);
    u[j + 2] = Low(part.low);
    quotient[j] = Low(guess);
  }
  *remainder = Join(u[3], u[4]) >> shift;
  return {quotient[0], Join(quotient[1], quotient[2])};
}

}  // namespace millrace
