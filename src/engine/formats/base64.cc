#include "engine/formats/base64.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace millrace::formats {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::array<int8_t, 256> MakeValues() {
  std::array<int8_t, 256> values{};
  values.fill(-1);
  for (size_t i = 0; i < kAlphabet.size(); ++i)
    values[static_cast<unsigned char>(kAlphabet[i])] = static_cast<int8_t>(i);
  return values;
}
constexpr std::array<int8_t, 256> kValues = MakeValues();

}  // namespace

bool DecodeBase64(std::string_view text, std::string* out, size_t* failed_at) {
  auto fail = [failed_at](size_t at) {
    if (failed_at != nullptr) *failed_at = at;
    return false;
  };
  size_t i = 0;
  for (;;) {
    while (i < text.size() && static_cast<unsigned char>(text[i]) <= ' ') ++i;
    if (i == text.size()) return true;
    uint32_t word = 0;
    size_t digits = 0;
    for (; digits < 4 && i + digits < text.size() && text[i + digits] != '='; ++digits) {
      int value = kValues[static_cast<unsigned char>(text[i + digits])];
      if (value < 0) return fail(i + digits);
      word = (word << 6) | static_cast<uint32_t>(value);
    }
    if (digits < 2) return fail(i + digits);
    if (text.size() - i < 4) return fail(text.size());
    if (digits == 2 && text[i + 3] != '=') return fail(i + 3);
    word <<= 6 * (4 - digits);
    out->push_back(static_cast<char>(word >> 16));
    if (digits > 2) out->push_back(static_cast<char>(word >> 8));
    if (digits > 3) out->push_back(static_cast<char>(word));
    i += 4;
  }
}

void AppendBase64(std::string* out, std::string_view bytes) {
  for (size_t i = 0; i < bytes.size(); i += 3) {
    size_t count = std::min<size_t>(3, bytes.size() - i);
    uint32_t word = 0;
    for (size_t k = 0; k < 3; ++k) word = (word << 8) | (k < count ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    out->push_back(kAlphabet[word >> 18]);
    out->push_back(kAlphabet[(word >> 12) & 63]);
    out->push_back(count > 1 ? kAlphabet[(word >> 6) & 63] : '=');
    out->push_back(count > 2 ? kAlphabet[word & 63] : '=');
  }
}

}  // namespace millrace::formats
