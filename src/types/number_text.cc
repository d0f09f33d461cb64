// Numbers as Java writes and reads them.
#include "types/number_text.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>

#include "types/java_digits.h"

namespace millrace {
namespace {

char* Copy(std::string_view text, char* out) {
  std::memcpy(out, text.data(), text.size());
  return out + text.size();
}

// Digits d1 d2 ... and the decimal exponent of d1, laid out as Java does: plain from 10^-3 up to 10^7, else
// d.ddE±n.
char* JavaLayout(const char* digits, int32_t count, int32_t exponent, char* out) {
  if (exponent >= -3 && exponent < 7) {
    if (exponent < 0) {
      out = Copy("0.", out);
      for (int32_t i = -1; i > exponent; --i) *out++ = '0';
      return Copy({digits, static_cast<size_t>(count)}, out);
    }
    int32_t whole = exponent + 1;
    for (int32_t i = 0; i < whole; ++i) *out++ = i < count ? digits[i] : '0';
    *out++ = '.';
    if (count <= whole) {
      *out++ = '0';
      return out;
    }
    return Copy({digits + whole, static_cast<size_t>(count - whole)}, out);
  }
  *out++ = digits[0];
  *out++ = '.';
  if (count == 1) {
    *out++ = '0';
  } else {
    out = Copy({digits + 1, static_cast<size_t>(count - 1)}, out);
  }
  *out++ = 'E';
  return std::to_chars(out, out + 8, exponent).ptr;
}

template <typename T>
char* FormatFloating(T value, char* out) {
  if (std::isnan(value)) return Copy("NaN", out);
  if (std::signbit(value)) {
    *out++ = '-';
    value = -value;
  }
  if (std::isinf(value)) return Copy("Infinity", out);
  if (value == 0) return Copy("0.0", out);
  JavaDigits digits = DigitsOf(value);
  return JavaLayout(digits.digits, digits.count, digits.exponent, out);
}

std::string_view TrimControls(std::string_view text) {
  while (!text.empty() && static_cast<unsigned char>(text.front()) <= ' ') text.remove_prefix(1);
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
  return text;
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Whether a decimal text (sign and suffix taken off) is digits[.digits][e[±]digits]; tells where an underflow would go.
bool IsDecimal(std::string_view text, bool* negative_exponent) {
  size_t at = 0;
  size_t digits = 0;
  while (at < text.size() && IsDigit(text[at])) ++at, ++digits;
  if (at < text.size() && text[at] == '.') {
    ++at;
    while (at < text.size() && IsDigit(text[at])) ++at, ++digits;
  }
  if (digits == 0) return false;
  if (at == text.size()) return true;
  if (text[at] != 'e' && text[at] != 'E') return false;
  ++at;
  if (at < text.size() && (text[at] == '+' || text[at] == '-')) *negative_exponent = text[at++] == '-';
  size_t start = at;
  while (at < text.size() && IsDigit(text[at])) ++at;
  return at == text.size() && at > start;
}

template <typename T>
std::optional<T> ParseHex(std::string_view text) {  // after "0x"; Java demands the binary exponent
  if (text.find_first_of("pP") == std::string_view::npos) return std::nullopt;
  T value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::hex);
  if (end != text.data() + text.size()) return std::nullopt;
  if (error == std::errc::result_out_of_range) {
    value = text.find('-') != std::string_view::npos ? T{0} : std::numeric_limits<T>::infinity();
  } else if (error != std::errc()) {
    return std::nullopt;
  }
  return value;
}

template <typename T>
std::optional<T> ParseFloating(std::string_view text) {
  text = TrimControls(text);
  if (text.empty()) return std::nullopt;
  bool negative = text[0] == '-';
  if (negative || text[0] == '+') text.remove_prefix(1);
  std::optional<T> value;
  bool negative_exponent = false;
  if (text == "NaN") return std::numeric_limits<T>::quiet_NaN();
  if (text == "Infinity") {
    value = std::numeric_limits<T>::infinity();
  } else {
    if (!text.empty() && std::strchr("fFdD", text.back()) != nullptr) text.remove_suffix(1);
    if (text.starts_with("0x") || text.starts_with("0X")) {
      value = ParseHex<T>(text.substr(2));
    } else if (IsDecimal(text, &negative_exponent)) {
      T parsed = 0;
      auto result = std::from_chars(text.data(), text.data() + text.size(), parsed);
      if (result.ec == std::errc::result_out_of_range) {
        // Too large or too small: strtod rounds to infinity, to zero or to the smallest number, whatever the digits
        // are.
        std::string copy(text);
        parsed = sizeof(T) == sizeof(double) ? static_cast<T>(std::strtod(copy.c_str(), nullptr))
                                             : static_cast<T>(std::strtof(copy.c_str(), nullptr));
      }
      value = parsed;
    }
  }
  if (value && negative) value = -*value;
  return value;
}

template <typename T>
IntegerParse ParseInteger(std::string_view text, T* value) {
  if (text.empty()) return IntegerParse::kEmpty;
  size_t at = 0;
  bool negative = text[0] == '-';
  if (negative || text[0] == '+') {
    at = 1;
    if (text.size() == 1) return IntegerParse::kOnlySign;
  }
  constexpr T kMin = std::numeric_limits<T>::min();
  T result = 0;  // counted down, so that the smallest number fits
  while (at < text.size()) {
    char c = text[at++];
    if (c == '.') break;
    if (!IsDigit(c)) return IntegerParse::kBadCharacter;
    T digit = static_cast<T>(c - '0');
    if (result < kMin / 10 || (result == kMin / 10 && digit > -(kMin % 10))) return IntegerParse::kOverflow;
    result = static_cast<T>(result * 10 - digit);
  }
  for (; at < text.size(); ++at) {
    if (!IsDigit(text[at])) return IntegerParse::kBadCharacter;
  }
  if (!negative) {
    if (result == kMin) return IntegerParse::kOverflow;
    result = static_cast<T>(-result);
  }
  *value = result;
  return IntegerParse::kOk;
}

}  // namespace

char* FormatDouble(double value, char* out) { return FormatFloating(value, out); }
char* FormatFloat(float value, char* out) { return FormatFloating(value, out); }
char* FormatInteger(int64_t value, char* out) { return std::to_chars(out, out + kMaxNumberChars, value).ptr; }

void AppendDouble(std::string* out, double value) {
  char text[kMaxNumberChars];
  out->append(text, FormatDouble(value, text));
}

void AppendFloat(std::string* out, float value) {
  char text[kMaxNumberChars];
  out->append(text, FormatFloat(value, text));
}

void AppendInteger(std::string* out, int64_t value) {
  char text[kMaxNumberChars];
  out->append(text, FormatInteger(value, text));
}

std::optional<double> ParseDouble(std::string_view text) { return ParseFloating<double>(text); }
std::optional<float> ParseFloat(std::string_view text) { return ParseFloating<float>(text); }

std::string_view IntegerParseText(IntegerParse result) {
  switch (result) {
    case IntegerParse::kOk:
      return "";
    case IntegerParse::kEmpty:
      return "Input is empty.";
    case IntegerParse::kOnlySign:
      return "Input has only positive or negative symbol.";
    case IntegerParse::kBadCharacter:
      return "Invalid character found.";
    case IntegerParse::kOverflow:
      return "Overflow.";
  }
  return "";
}

IntegerParse ParseInt64(std::string_view text, int64_t* value) { return ParseInteger(text, value); }
IntegerParse ParseInt32(std::string_view text, int32_t* value) { return ParseInteger(text, value); }

std::optional<bool> ParseBoolean(std::string_view text) {
  if (text.empty() || text.size() > 5) return std::nullopt;
  std::array<char, 5> lower{};
  for (size_t i = 0; i < text.size(); ++i)
    lower[i] = static_cast<char>(text[i] >= 'A' && text[i] <= 'Z' ? text[i] + 32 : text[i]);
  std::string_view word(lower.data(), text.size());
  if (word == "t" || word == "true" || word == "y" || word == "yes" || word == "1") return true;
  if (word == "f" || word == "false" || word == "n" || word == "no" || word == "0") return false;
  return std::nullopt;
}

std::string_view TrimBlanks(std::string_view text) {
  size_t start = text.find_first_not_of(' ');
  if (start == std::string_view::npos) return {};
  return text.substr(start, text.find_last_not_of(' ') - start + 1);
}

}  // namespace millrace
