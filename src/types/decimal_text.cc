// Decimals from and to text, doubles and integers.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "types/decimal.h"
#include "types/number_text.h"

namespace millrace {
namespace {

constexpr bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// A decimal text taken apart: value = digits * 10^exponent, the digits without their leading zeros.
struct Scanned {
  bool negative = false;
  std::string_view whole;     // digits before the point
  std::string_view fraction;  // digits after it
  int64_t exponent = 0;       // of the written number, before the point is moved

  int64_t digit_count() const { return static_cast<int64_t>(whole.size() + fraction.size()); }
  char digit(int64_t i) const {
    auto at = static_cast<size_t>(i);
    return at < whole.size() ? whole[at] : fraction[at - whole.size()];
  }
  int64_t scale() const { return static_cast<int64_t>(fraction.size()) - exponent; }
};

// BigDecimal's grammar: [±]digits[.digits][e[±]digits], with a digit before or after the point.
bool Scan(std::string_view text, Scanned* out) {
  size_t at = 0;
  if (at < text.size() && (text[at] == '+' || text[at] == '-')) out->negative = text[at++] == '-';
  size_t start = at;
  while (at < text.size() && IsDigit(text[at])) ++at;
  out->whole = text.substr(start, at - start);
  if (at < text.size() && text[at] == '.') {
    start = ++at;
    while (at < text.size() && IsDigit(text[at])) ++at;
    out->fraction = text.substr(start, at - start);
  }
  if (out->whole.empty() && out->fraction.empty()) return false;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    bool negative = false;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) negative = text[at++] == '-';
    start = at;
    while (at < text.size() && IsDigit(text[at])) {
      out->exponent = std::min<int64_t>(out->exponent * 10 + (text[at] - '0'), int64_t{1} << 40);
      ++at;
    }
    if (at == start || out->exponent > INT32_MAX) return false;
    if (negative) out->exponent = -out->exponent;
  }
  return at == text.size();
}

// Rounds to DECIMAL(precision, scale).
DecimalParse Round(const Scanned& number, int32_t precision, int32_t scale, int128_t* value) {
  int64_t shift = scale - number.scale();  // digits to add (or to drop) at the end
  int64_t first = 0;
  while (first < number.digit_count() && number.digit(first) == '0') ++first;
  int64_t significant = number.digit_count() - first;
  *value = 0;
  if (significant == 0) return DecimalParse::kOk;
  int64_t kept = significant + std::min<int64_t>(shift, 0);  // digits that stay
  if (kept + std::max<int64_t>(shift, 0) > precision) return DecimalParse::kOverflow;
  if (kept < 0) return DecimalParse::kOk;
  int128_t result = 0;
  for (int64_t i = 0; i < kept; ++i) result = result * 10 + (number.digit(first + i) - '0');
  if (shift > 0) {
    result *= PowerOfTen(static_cast<int32_t>(shift));
  } else if (shift < 0 && number.digit(first + kept) >= '5') {
    ++result;
    if (!FitsPrecision(result, precision)) return DecimalParse::kOverflow;
  }
  *value = number.negative ? -result : result;
  return DecimalParse::kOk;
}

bool IsBlank(char c) { return c == ' ' || c == '\n' || c == '\t'; }

// Takes digits from the front of `text`, and the one character that ends them, whatever it is.
template <typename Digit>
char TakeDigits(std::string_view& text, Digit&& digit) {
  char last = 0;
  while (!text.empty()) {
    last = text.front();
    text.remove_prefix(1);
    if (!digit(last)) break;
  }
  return last;
}

// What Flink's CAST makes of texts of up to 18 bytes, oddities included: a number may lack digits, one character of any
// kind may follow it ("1.0f" is 1.0, "T" is 0), and every written digit, leading zeros too, counts as a digit of the
// result.
DecimalParse ParseShortDecimal(std::string_view text, int32_t precision, int32_t scale, int128_t* value) {
  while (!text.empty() && IsBlank(text.front())) text.remove_prefix(1);
  if (text.empty()) return DecimalParse::kMalformed;
  bool negative = text.front() == '-';
  if (negative || text.front() == '+') text.remove_prefix(1);
  if (text.empty()) return DecimalParse::kMalformed;
  int128_t significand = 0;
  int64_t digits = 0;
  int64_t point = -1;
  bool two_points = false;
  char last = TakeDigits(text, [&](char c) {
    two_points = two_points || (c == '.' && point >= 0);
    if (c == '.') point = digits;
    if (!IsDigit(c)) return c == '.';
    significand = significand * 10 + (c - '0');
    ++digits;
    return true;
  });
  if (two_points) return DecimalParse::kMalformed;
  int64_t exponent = 0;
  if ((last == 'e' || last == 'E') && !text.empty()) {
    bool down = text.front() == '-';
    if (down || text.front() == '+') text.remove_prefix(1);
    if (text.empty()) return DecimalParse::kMalformed;
    TakeDigits(text, [&](char c) {
      if (IsDigit(c) && exponent < 40) exponent = exponent * 10 + (c - '0');
      return IsDigit(c);
    });
    if (down) exponent = -exponent;
  }
  if (!std::all_of(text.begin(), text.end(), IsBlank)) return DecimalParse::kMalformed;
  int64_t shift = exponent - (point < 0 ? 0 : digits - point) + scale;
  if (digits + shift > precision) return DecimalParse::kOverflow;
  if (shift >= 0) {
    significand *= PowerOfTen(static_cast<int32_t>(shift));
  } else {
    int128_t unit = -shift > 19 ? 0 : PowerOfTen(static_cast<int32_t>(-shift));
    significand = unit == 0 ? 0 : (significand + unit / 2) / unit;
  }
  *value = negative ? -significand : significand;
  return DecimalParse::kOk;
}

// Up to 40 digits, most significant first.
size_t Digits(int128_t value, std::array<char, 40>& digits) {
  uint128_t magnitude = value < 0 ? uint128_t{0} - static_cast<uint128_t>(value) : static_cast<uint128_t>(value);
  std::array<char, 40> reversed{};
  size_t count = 0;
  while (magnitude > UINT64_MAX) {
    reversed[count++] = static_cast<char>('0' + static_cast<int>(magnitude % 10));
    magnitude /= 10;
  }
  auto rest = static_cast<uint64_t>(magnitude);
  do {
    reversed[count++] = static_cast<char>('0' + rest % 10);
    rest /= 10;
  } while (rest > 0);
  std::reverse_copy(reversed.begin(), reversed.begin() + count, digits.begin());
  return count;
}

}  // namespace

DecimalParse ParseDecimal(std::string_view text, int32_t precision, int32_t scale, int128_t* value) {
  Scanned number;
  if (!Scan(text, &number)) return DecimalParse::kMalformed;
  return Round(number, precision, scale, value);
}

DecimalParse ParseDecimalCast(std::string_view text, int32_t precision, int32_t scale, int128_t* value) {
  if (precision <= 18 && text.size() <= 18) return ParseShortDecimal(text, precision, scale, value);
  while (!text.empty() && IsBlank(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsBlank(text.back())) text.remove_suffix(1);
  Scanned number;
  if (!Scan(text, &number)) return DecimalParse::kMalformed;
  return Round(number, precision, scale, value);
}

std::optional<ExactDecimal> ParseExactDecimal(std::string_view text) {
  Scanned number;
  if (!Scan(text, &number)) return std::nullopt;
  int64_t scale = std::max<int64_t>(number.scale(), 0);
  if (scale > kMaxDecimalPrecision) return std::nullopt;
  ExactDecimal exact;
  exact.scale = static_cast<int32_t>(scale);
  if (Round(number, kMaxDecimalPrecision, exact.scale, &exact.unscaled) != DecimalParse::kOk) return std::nullopt;
  exact.precision = std::max(DecimalDigits(exact.unscaled), exact.scale);
  return exact;
}

double DecimalToDouble(int128_t value, int32_t precision, int32_t scale) {
  if (precision <= 18) return static_cast<double>(static_cast<int64_t>(value)) / static_cast<double>(PowerOfTen(scale));
  constexpr int128_t kExact = int128_t{1} << 53;
  if (scale <= 22 && value < kExact && value > -kExact)
    return static_cast<double>(value) / static_cast<double>(PowerOfTen(scale));
  std::string text;
  AppendDecimal(&text, value, scale);
  double result = 0;
  std::from_chars(text.data(), text.data() + text.size(), result);
  return result;
}

int64_t DecimalToInt64(int128_t value, int32_t scale) { return static_cast<int64_t>(value / PowerOfTen(scale)); }

std::optional<int128_t> DecimalFromDouble(double value, int32_t precision, int32_t scale) {
  if (!std::isfinite(value)) return std::nullopt;
  char text[kMaxNumberChars];
  char* end = FormatDouble(value, text);
  int128_t result = 0;
  if (ParseDecimal({text, static_cast<size_t>(end - text)}, precision, scale, &result) != DecimalParse::kOk)
    return std::nullopt;
  return result;
}

std::optional<int128_t> DecimalFromInt64(int64_t value, int32_t precision, int32_t scale) {
  return DecimalRescale(value, 0, precision, scale);
}

void AppendDecimal(std::string* out, int128_t value, int32_t scale) {
  std::array<char, 40> digits{};
  size_t count = Digits(value, digits);
  auto fraction = static_cast<size_t>(std::max(scale, 0));
  if (value < 0) out->push_back('-');
  if (count <= fraction) {
    out->append("0.");
    out->append(fraction - count, '0');
    out->append(digits.data(), count);
    return;
  }
  out->append(digits.data(), count - fraction);
  if (fraction > 0) {
    out->push_back('.');
    out->append(digits.data() + count - fraction, fraction);
  }
}

std::string DecimalToText(int128_t value, int32_t scale) {
  std::string text;
  AppendDecimal(&text, value, scale);
  return text;
}

void AppendDecimalJava(std::string* out, int128_t value, int32_t scale) {
  std::array<char, 40> digits{};
  size_t count = Digits(value, digits);
  int64_t adjusted = static_cast<int64_t>(count) - 1 - scale;
  if (adjusted >= -6) return AppendDecimal(out, value, scale);
  if (value < 0) out->push_back('-');
  out->push_back(digits[0]);
  if (count > 1) {
    out->push_back('.');
    out->append(digits.data() + 1, count - 1);
  }
  out->push_back('E');
  AppendInteger(out, adjusted);
}

}  // namespace millrace
