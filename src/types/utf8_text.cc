// UTF-8 without a table: lead bytes tell the length, continuation bytes are 10xxxxxx.
#include "types/utf8_text.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace millrace {
namespace {

bool Continues(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// Length of the well-formed sequence at `at`, or 0; then `*malformed` is the length of the part to replace.
size_t SequenceLength(std::string_view bytes, size_t at, size_t* malformed) {
  auto byte = [&](size_t i) { return static_cast<unsigned char>(bytes[at + i]); };
  size_t left = bytes.size() - at;
  unsigned char lead = byte(0);
  *malformed = 1;
  if (lead < 0x80) return 1;
  if (lead < 0xC2 || lead > 0xF4) return 0;
  size_t length = lead < 0xE0 ? 2 : (lead < 0xF0 ? 3 : 4);
  if (left < 2) return 0;
  unsigned char low = lead == 0xE0 ? 0xA0 : (lead == 0xF0 ? 0x90 : 0x80);
  unsigned char high = lead == 0xED ? 0x9F : (lead == 0xF4 ? 0x8F : 0xBF);
  if (byte(1) < low || byte(1) > high) return 0;
  for (size_t i = 2; i < length; ++i) {
    *malformed = i;
    if (i >= left || !Continues(bytes[at + i])) return 0;
  }
  return length;
}

}  // namespace

size_t CountCodePoints(std::string_view text) {
  size_t count = 0;
  for (char c : text) count += Continues(c) ? 0 : 1;
  return count;
}

size_t PrefixBytes(std::string_view text, size_t count) {
  if (count >= text.size()) return text.size();
  for (size_t i = 0; i < text.size(); ++i) {
    if (!Continues(text[i]) && count-- == 0) return i;
  }
  return text.size();
}

size_t CountUtf16Units(std::string_view text) {
  size_t count = 0;
  for (char c : text) count += (Continues(c) ? 0 : 1) + (static_cast<unsigned char>(c) >= 0xF0 ? 1 : 0);
  return count;
}

std::string Utf16Prefix(std::string_view text, size_t units) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (Continues(text[i])) continue;
    if (units == 0) return std::string(text.substr(0, i));
    bool pair = static_cast<unsigned char>(text[i]) >= 0xF0;
    if (pair && units == 1) return std::string(text.substr(0, i)) + "?";
    units -= pair ? 2 : 1;
  }
  return std::string(text);
}

bool IsAscii(std::string_view text) {
  size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    uint64_t word;
    std::memcpy(&word, text.data() + at, 8);
    if ((word & 0x8080808080808080ULL) != 0) return false;
  }
  return std::all_of(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

void AppendDecoded(std::string* out, std::string_view bytes) {
  if (IsAscii(bytes)) {
    out->append(bytes);
    return;
  }
  for (size_t at = 0; at < bytes.size();) {
    size_t malformed = 1;
    size_t length = SequenceLength(bytes, at, &malformed);
    if (length == 0) {
      out->append("\xEF\xBF\xBD");
      at += malformed;
    } else {
      out->append(bytes.substr(at, length));
      at += length;
    }
  }
}

}  // namespace millrace
