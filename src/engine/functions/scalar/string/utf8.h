// Walking over UTF-8 by code points as Flink's binary strings do it, and UTF-16 for the functions that go through Java
// strings.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace millrace::functions {

// No function makes a text larger than this.
constexpr int64_t kMaxTextBytes = int64_t{256} << 20;
Error TextTooLong(std::string_view function);

// Bytes of the code point that starts with this byte; 1 for bytes that start none.
inline size_t Utf8Width(char first) {
  auto byte = static_cast<unsigned char>(first);
  if (byte < 0xC2) return 1;
  if (byte < 0xE0) return 2;
  if (byte < 0xF0) return 3;
  if (byte < 0xF8) return 4;
  return 1;
}

// Whether every byte is below 128.
bool IsAsciiText(std::string_view text);
// Code points of the text.
int64_t CharCount(std::string_view text);
// Byte position of the code point `chars` after byte `from`, at most the text's size.
size_t SkipChars(std::string_view text, size_t from, int64_t chars);

// The text as Java holds it; what is no UTF-8 becomes U+FFFD.
std::u16string ToUtf16(std::string_view text);
// Back again; half a surrogate pair becomes "?".
std::string ToUtf8(std::u16string_view text);

}  // namespace millrace::functions
