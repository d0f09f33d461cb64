// Free-format printing after Steele and White as the JDK does it before version 19, with its limits of precision:
// values that fit 32 or 64 bits are worked on with wrapping machine integers, all others exactly.
#include "types/java_digits.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <type_traits>

#include "types/physical.h"

namespace millrace {
namespace {

// Bits of 5^n for n below 27; larger powers are taken for 3 bits a factor.
constexpr std::array<int32_t, 27> kBitsOfPowerOf5 = {0,  3,  5,  7,  10, 12, 14, 17, 19, 21, 24, 26, 28, 31,
                                                     33, 35, 38, 40, 42, 45, 47, 49, 52, 54, 56, 59, 61};

int32_t BitsOfPowerOf5(int32_t n) { return n < 27 ? kBitsOfPowerOf5[static_cast<size_t>(n)] : n * 3; }

// An unsigned number of up to 1,280 bits.
class Wide {
 public:
  explicit Wide(uint64_t value) : words_{static_cast<uint32_t>(value), static_cast<uint32_t>(value >> 32)}, used_(2) {
    Trim();
  }

  void Multiply(uint32_t factor) {
    uint64_t carry = 0;
    for (int32_t i = 0; i < used_; ++i) {
      carry += static_cast<uint64_t>(words_[i]) * factor;
      words_[i] = static_cast<uint32_t>(carry);
      carry >>= 32;
    }
    if (carry != 0) words_[used_++] = static_cast<uint32_t>(carry);
  }
  void MultiplyByPowerOf5(int32_t exponent) {
    for (; exponent >= 13; exponent -= 13) Multiply(1220703125);
    static constexpr std::array<uint32_t, 13> kPowers = {1,     5,      25,      125,     625,      3125,     15625,
                                                         78125, 390625, 1953125, 9765625, 48828125, 244140625};
    Multiply(kPowers[static_cast<size_t>(exponent)]);
  }
  void ShiftLeft(int32_t bits) {
    int32_t words = bits / 32;
    int32_t rest = bits % 32;
    for (int32_t i = used_ - 1; i >= 0; --i) words_[i + words] = words_[i];
    std::fill_n(words_, words, 0U);
    used_ += words;
    if (rest != 0) Multiply(uint32_t{1} << rest);
  }
  int Compare(const Wide& other) const {
    if (used_ != other.used_) return used_ < other.used_ ? -1 : 1;
    for (int32_t i = used_ - 1; i >= 0; --i) {
      if (words_[i] != other.words_[i]) return words_[i] < other.words_[i] ? -1 : 1;
    }
    return 0;
  }
  void Subtract(const Wide& other) {
    int64_t borrow = 0;
    for (int32_t i = 0; i < used_; ++i) {
      int64_t difference = static_cast<int64_t>(words_[i]) - (i < other.used_ ? other.words_[i] : 0) + borrow;
      words_[i] = static_cast<uint32_t>(difference);
      borrow = difference >> 32;
    }
    Trim();
  }
  void Add(const Wide& other) {
    int32_t size = std::max(used_, other.used_);
    uint64_t carry = 0;
    for (int32_t i = 0; i < size; ++i) {
      carry += static_cast<uint64_t>(i < used_ ? words_[i] : 0) + (i < other.used_ ? other.words_[i] : 0);
      words_[i] = static_cast<uint32_t>(carry);
      carry >>= 32;
    }
    used_ = size;
    if (carry != 0) words_[used_++] = static_cast<uint32_t>(carry);
  }
  bool IsZero() const { return used_ == 0; }

 private:
  void Trim() {
    while (used_ > 0 && words_[used_ - 1] == 0) --used_;
  }
  uint32_t words_[42] = {};
  int32_t used_;
};

// One digit at a time: value / scale, the remainder times ten, the tolerance times ten.
struct WideState {
  Wide value;
  Wide scale;
  Wide tolerance;
  Wide tens;

  int32_t Next() {
    int32_t digit = 0;
    while (value.Compare(scale) >= 0) {
      value.Subtract(scale);
      ++digit;
    }
    value.Multiply(10);
    tolerance.Multiply(10);
    return digit;
  }
  bool Low() const { return value.Compare(tolerance) < 0; }
  bool High() const {
    Wide sum = value;
    sum.Add(tolerance);
    return tens.Compare(sum) <= 0;
  }
  int CompareWithHalf() const {
    Wide twice = value;
    twice.Add(value);
    return twice.Compare(tens);
  }
};

// The same on 128 bits, exact.
struct Exact128State {
  uint128_t value;
  uint128_t scale;
  uint128_t tolerance;
  uint128_t tens;

  int32_t Next() {
    int32_t digit = 0;
    for (int32_t step = 8; step > 0; step /= 2) {
      uint128_t part = scale * static_cast<uint32_t>(step);
      if (value >= part) {
        value -= part;
        digit += step;
      }
    }
    value *= 10;
    tolerance *= 10;
    return digit;
  }
  bool Low() const { return value < tolerance; }
  bool High() const { return tens <= value + tolerance; }
  int CompareWithHalf() const { return value * 2 == tens ? 0 : (value * 2 < tens ? -1 : 1); }
};

// The same on Java's int or long. The tolerance may overflow; then it is certainly larger than the value.
template <typename T>
struct MachineState {
  using U = std::make_unsigned_t<T>;
  T value;
  T scale;
  T tolerance;
  T tens;

  static T Wrap(U v) { return static_cast<T>(v); }
  int32_t Next() {
    auto digit = static_cast<int32_t>(value / scale);
    value = Wrap(static_cast<U>(value % scale) * 10);
    tolerance = Wrap(static_cast<U>(tolerance) * 10);
    return digit;
  }
  bool Low() const { return tolerance <= 0 || value < tolerance; }
  bool High() const { return tolerance <= 0 || Wrap(static_cast<U>(value) + static_cast<U>(tolerance)) > tens; }
  int CompareWithHalf() const {
    T difference = Wrap((static_cast<U>(value) << 1) - static_cast<U>(tens));
    return difference == 0 ? 0 : (difference < 0 ? -1 : 1);
  }
};

// Adds one to the last digit.
void RoundUp(JavaDigits* out) {
  int32_t i = out->count - 1;
  while (i > 0 && out->digits[i] == '9') out->digits[i--] = '0';
  if (out->digits[i] == '9') {
    out->digits[0] = '1';
    ++out->exponent;
  } else {
    ++out->digits[i];
  }
}

template <typename State>
void Generate(State state, int32_t exponent, JavaDigits* out) {
  out->exponent = exponent;
  int32_t digit = state.Next();
  bool low = state.Low();
  bool high = state.High();
  if (digit == 0 && !high) {
    --out->exponent;  // the estimate was one too large
  } else {
    out->digits[out->count++] = static_cast<char>('0' + digit);
  }
  if (out->exponent < -3 || out->exponent >= 8) low = high = false;  // scientific form shows at least two digits
  while (!low && !high) {
    digit = state.Next();
    low = state.Low();
    high = state.High();
    out->digits[out->count++] = static_cast<char>('0' + digit);
  }
  if (!high) return;
  int half = state.CompareWithHalf();
  bool odd = (out->digits[out->count - 1] & 1) != 0;
  if (!low || half > 0 || (half == 0 && odd)) RoundUp(out);
}

// Integers: the digits of the number, without those that its precision does not carry.
void IntegerDigits(uint64_t value, int32_t insignificant, JavaDigits* out) {
  int32_t dropped = 0;
  if (insignificant != 0) {
    uint64_t unit = 1;
    for (int32_t i = 0; i < insignificant; ++i) unit *= 10;
    uint64_t rest = value % unit;
    value /= unit;
    dropped = insignificant;
    if (rest >= unit / 2) ++value;
  }
  while (value % 10 == 0) {
    value /= 10;
    ++dropped;
  }
  char reversed[24];
  for (; value != 0; value /= 10) reversed[out->count++] = static_cast<char>('0' + value % 10);
  std::reverse_copy(reversed, reversed + out->count, out->digits);
  out->exponent = out->count - 1 + dropped;
}

template <typename T>
T Scaled(uint64_t factor, int32_t power_of_5, int32_t power_of_2) {
  auto value = static_cast<T>(factor);
  for (int32_t i = 0; i < power_of_5; ++i) value *= 5;
  return static_cast<T>(value << power_of_2);
}

Wide ScaledWide(uint64_t factor, int32_t power_of_5, int32_t power_of_2) {
  Wide value(factor);
  value.MultiplyByPowerOf5(power_of_5);
  value.ShiftLeft(power_of_2);
  return value;
}

// `fraction` has its highest bit at position 52; the number is fraction * 2^(exponent - 52).
JavaDigits Digits(int32_t exponent, uint64_t fraction, int32_t significant_bits) {
  JavaDigits out;
  int32_t tail_zeros = std::countr_zero(fraction);
  int32_t fraction_bits = 53 - tail_zeros;
  int32_t bits_after_point = std::max(0, fraction_bits - exponent - 1);
  if (bits_after_point == 0 && exponent <= 62 && exponent >= -21 && fraction_bits < 64) {
    int32_t surplus = exponent - significant_bits - 1;
    auto insignificant = surplus > 1 ? static_cast<int32_t>(surplus * 0.30102999566398120) : 0;
    IntegerDigits(exponent >= 52 ? fraction << (exponent - 52) : fraction >> (52 - exponent), insignificant, &out);
    return out;
  }
  double mantissa = std::bit_cast<double>(0x3FF0000000000000ULL | (fraction & 0xFFFFFFFFFFFFFULL));
  auto estimate = static_cast<int32_t>(
      std::floor((mantissa - 1.5) * 0.289529654 + 0.176091259 + static_cast<double>(exponent) * 0.301029995663981));
  int32_t value5 = std::max(0, -estimate);
  int32_t value2 = value5 + bits_after_point + exponent;
  int32_t scale5 = std::max(0, estimate);
  int32_t scale2 = scale5 + bits_after_point;
  int32_t tolerance2 = value2 - significant_bits;
  fraction >>= tail_zeros;
  value2 -= fraction_bits - 1;
  int32_t shared = std::min(value2, scale2);
  value2 -= shared;
  scale2 -= shared;
  tolerance2 -= shared;
  if (fraction_bits == 1) --tolerance2;  // a power of two: the next number below is nearer
  if (tolerance2 < 0) {
    value2 -= tolerance2;
    scale2 -= tolerance2;
    tolerance2 = 0;
  }
  int32_t value_bits = fraction_bits + value2 + BitsOfPowerOf5(value5);
  int32_t tens_bits = scale2 + 1 + BitsOfPowerOf5(scale5 + 1);
  auto machine = [&]<typename T>(T) {
    T scale = Scaled<T>(1, scale5, scale2);
    Generate(MachineState<T>{Scaled<T>(fraction, value5, value2), scale, Scaled<T>(1, value5, tolerance2),
                             static_cast<T>(scale * 10)},
             estimate, &out);
  };
  if (value_bits < 32 && tens_bits < 32) {
    machine(int32_t{});
  } else if (value_bits < 64 && tens_bits < 64) {
    machine(int64_t{});
  } else if (value_bits < 122 && tens_bits < 122) {
    auto scale = Scaled<uint128_t>(1, scale5, scale2);
    Generate(Exact128State{Scaled<uint128_t>(fraction, value5, value2), scale, Scaled<uint128_t>(1, value5, tolerance2),
                           scale * 10},
             estimate, &out);
  } else {
    Wide scale = ScaledWide(1, scale5, scale2);
    Wide tens = scale;
    tens.Multiply(10);
    Generate(WideState{ScaledWide(fraction, value5, value2), scale, ScaledWide(1, value5, tolerance2), tens}, estimate,
             &out);
  }
  return out;
}

}  // namespace

JavaDigits DigitsOf(double value) {
  auto bits = std::bit_cast<uint64_t>(value);
  auto exponent = static_cast<int32_t>(bits >> 52 & 0x7FF);
  uint64_t fraction = bits & 0xFFFFFFFFFFFFFULL;
  if (exponent > 0) return Digits(exponent - 1023, fraction | (1ULL << 52), 53);
  int32_t leading = std::countl_zero(fraction);
  int32_t shift = leading - 11;
  return Digits(1 - shift - 1023, fraction << shift, 64 - leading);
}

JavaDigits DigitsOf(float value) {
  auto bits = std::bit_cast<uint32_t>(value);
  auto exponent = static_cast<int32_t>(bits >> 23 & 0xFF);
  uint32_t fraction = bits & 0x7FFFFF;
  if (exponent > 0) return Digits(exponent - 127, static_cast<uint64_t>(fraction | (1U << 23)) << 29, 24);
  int32_t leading = std::countl_zero(fraction);
  int32_t shift = leading - 8;
  return Digits(1 - shift - 127, static_cast<uint64_t>(fraction << shift) << 29, 32 - leading);
}

}  // namespace millrace
