// 256-bit intermediates of decimal arithmetic: the product of two 38-digit numbers and the dividend of a division.
#pragma once

#include <cstdint>

#include "types/physical.h"

namespace millrace {

// An unsigned number of 256 bits.
struct Uint256 {
  uint128_t high = 0;
  uint128_t low = 0;

  bool operator==(const Uint256& other) const { return high == other.high && low == other.low; }
  bool operator<(const Uint256& other) const { return high != other.high ? high < other.high : low < other.low; }
};

// a * b, exactly.
Uint256 MultiplyWide(uint128_t a, uint128_t b);
// a * b; the caller knows that it fits.
Uint256 MultiplyWide(const Uint256& a, uint128_t b);
Uint256 AddWide(const Uint256& a, const Uint256& b);
// a - b; a is not less than b.
Uint256 SubtractWide(const Uint256& a, const Uint256& b);
// Quotient; the remainder goes to `*remainder`. `divisor` is not 0.
Uint256 DivideWide(const Uint256& dividend, uint128_t divisor, uint128_t* remainder);

}  // namespace millrace
