// Escapes of U&'..' literals.
#include "engine/sql/unicode_escape.h"

#include <fmt/format.h>

#include <optional>

namespace millrace::sql {
namespace {

constexpr size_t kHexDigits = 4;

size_t LengthOf(char first) {
  auto byte = static_cast<uint8_t>(first);
  return byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
}

char32_t CodePointAt(std::string_view text, size_t at) {
  size_t length = LengthOf(text[at]);
  if (length == 1) return static_cast<uint8_t>(text[at]);
  char32_t value = static_cast<uint8_t>(text[at]) & (0xffu >> (length + 1));
  for (size_t i = 1; i < length && at + i < text.size(); ++i)
    value = value << 6 | (static_cast<uint8_t>(text[at + i]) & 0x3fu);
  return value;
}

std::optional<char32_t> HexValue(std::string_view digits) {
  if (digits.size() != kHexDigits) return std::nullopt;
  char32_t value = 0;
  for (char c : digits) {
    char32_t digit;
    if (c >= '0' && c <= '9') {
      digit = static_cast<char32_t>(c - '0');
    } else if (c >= 'a' && c <= 'f') {
      digit = static_cast<char32_t>(c - 'a' + 10);
    } else if (c >= 'A' && c <= 'F') {
      digit = static_cast<char32_t>(c - 'A' + 10);
    } else {
      return std::nullopt;
    }
    value = value * 16 + digit;
  }
  return value;
}

bool IsHighSurrogate(char32_t c) { return c >= 0xd800 && c < 0xdc00; }
bool IsLowSurrogate(char32_t c) { return c >= 0xdc00 && c < 0xe000; }

}  // namespace

void AppendUtf8(char32_t c, std::string* out) {
  auto push = [&](char32_t byte) { out->push_back(static_cast<char>(byte)); };
  if (c < 0x80) {
    push(c);
  } else if (c < 0x800) {
    push(0xc0 | c >> 6);
    push(0x80 | (c & 0x3f));
  } else if (c < 0x10000) {
    push(0xe0 | c >> 12);
    push(0x80 | (c >> 6 & 0x3f));
    push(0x80 | (c & 0x3f));
  } else {
    push(0xf0 | c >> 18);
    push(0x80 | (c >> 12 & 0x3f));
    push(0x80 | (c >> 6 & 0x3f));
    push(0x80 | (c & 0x3f));
  }
}

Result<char32_t> CheckUnicodeEscape(std::string_view text) {
  if (text.empty() || LengthOf(text[0]) != text.size() || CodePointAt(text, 0) > 0xffff) {
    return UserError("sql.parse", fmt::format("UESCAPE '{}' must be exactly one character", text));
  }
  char32_t c = CodePointAt(text, 0);
  bool letter = (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  bool blank = c == ' ' || (c >= '\t' && c <= '\r');
  if (letter || blank || (c >= '0' && c <= '9') || c == '+' || c == '"') {
    return UserError("sql.parse",
                     fmt::format("UESCAPE '{}' may be no hexadecimal digit, blank, plus sign or double quote", text));
  }
  return c;
}

Result<std::string> UnescapeUnicode(std::string_view text, char32_t escape) {
  std::string result;
  int position = 0;
  for (size_t i = 0; i < text.size(); ++position) {
    char32_t c = CodePointAt(text, i);
    size_t length = LengthOf(text[i]);
    if (c != escape) {
      result.append(text.substr(i, length));
      i += length;
      continue;
    }
    size_t after = i + length;
    if (after < text.size() && CodePointAt(text, after) == escape) {
      AppendUtf8(escape, &result);
      i = after + length;
      continue;
    }
    std::optional<char32_t> value = HexValue(text.substr(std::min(after, text.size()), kHexDigits));
    if (!value) {
      return UserError(
          "sql.parse",
          fmt::format("the Unicode escape at character {} has not exactly four hexadecimal digits", position));
    }
    i = after + kHexDigits;
    if (IsHighSurrogate(*value) && i < text.size() && CodePointAt(text, i) == escape) {
      std::optional<char32_t> low = HexValue(text.substr(std::min(i + length, text.size()), kHexDigits));
      if (low && IsLowSurrogate(*low)) {
        value = 0x10000 + ((*value - 0xd800) << 10) + (*low - 0xdc00);
        i += length + kHexDigits;
      }
    }
    if (IsHighSurrogate(*value) || IsLowSurrogate(*value) || *value == 0) {
      return UserError("sql.parse",
                       fmt::format("the Unicode escape at character {} stands for no character", position));
    }
    AppendUtf8(*value, &result);
  }
  return result;
}

}  // namespace millrace::sql
