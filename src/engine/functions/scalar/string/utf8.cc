// Walking over UTF-8 by code points, and UTF-16.
#include "engine/functions/scalar/string/utf8.h"

#include <unicode/utf16.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cstring>

namespace millrace::functions {

Error TextTooLong(std::string_view function) {
  return UserError(
      "function.too_long",
      std::string(function) + " would make a text of more than " + std::to_string(kMaxTextBytes) + " bytes",
      "ask for a shorter text");
}

bool IsAsciiText(std::string_view text) {
  const char* data = text.data();
  size_t size = text.size();
  uint64_t seen = 0;
  while (size >= 8) {
    uint64_t word;
    std::memcpy(&word, data, 8);
    seen |= word;
    data += 8;
    size -= 8;
  }
  for (size_t i = 0; i < size; ++i) seen |= static_cast<unsigned char>(data[i]) & 0x80;
  return (seen & 0x8080808080808080ULL) == 0;
}

int64_t CharCount(std::string_view text) {
  if (IsAsciiText(text)) return static_cast<int64_t>(text.size());
  int64_t count = 0;
  for (size_t i = 0; i < text.size(); i += Utf8Width(text[i])) ++count;
  return count;
}

size_t SkipChars(std::string_view text, size_t from, int64_t chars) {
  size_t i = from;
  for (; chars > 0 && i < text.size(); --chars) i += Utf8Width(text[i]);
  return std::min(i, text.size());
}

std::u16string ToUtf16(std::string_view text) {
  std::u16string out;
  out.reserve(text.size());
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  auto size = static_cast<int32_t>(text.size());
  for (int32_t i = 0; i < size;) {
    UChar32 c;
    U8_NEXT_OR_FFFD(bytes, i, size, c);
    if (U_IS_BMP(c)) {
      out += static_cast<char16_t>(c);
    } else {
      out += static_cast<char16_t>(U16_LEAD(c));
      out += static_cast<char16_t>(U16_TRAIL(c));
    }
  }
  return out;
}

std::string ToUtf8(std::u16string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    UChar32 c = text[i];
    if (U16_IS_LEAD(c) && i + 1 < text.size() && U16_IS_TRAIL(text[i + 1])) {
      c = U16_GET_SUPPLEMENTARY(c, text[i + 1]);
      ++i;
    } else if (U16_IS_SURROGATE(c)) {
      c = '?';
    }
    uint8_t bytes[4];
    int32_t count = 0;
    U8_APPEND_UNSAFE(bytes, count, c);
    out.append(reinterpret_cast<const char*>(bytes), static_cast<size_t>(count));
  }
  return out;
}

}  // namespace millrace::functions
