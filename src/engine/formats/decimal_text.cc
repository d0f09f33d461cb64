#include "engine/formats/decimal_text.h"

#include <algorithm>

namespace millrace::formats {

void AppendStrippedDecimal(std::string* out, int128_t unscaled, int32_t scale, bool plain) {
  if (unscaled == 0) {
    out->push_back('0');
    return;
  }
  while (unscaled % 10 == 0) {
    unscaled /= 10;
    --scale;
  }
  if (unscaled < 0) out->push_back('-');
  uint128_t rest = unscaled < 0 ? -static_cast<uint128_t>(unscaled) : static_cast<uint128_t>(unscaled);
  std::string digits;
  for (; rest != 0; rest /= 10) digits.push_back(static_cast<char>('0' + static_cast<int>(rest % 10)));
  std::reverse(digits.begin(), digits.end());
  auto count = static_cast<int32_t>(digits.size());
  int32_t exponent = count - 1 - scale;
  if (!plain && (scale < 0 || exponent < -6)) {
    out->push_back(digits[0]);
    if (count > 1) {
      out->push_back('.');
      out->append(digits, 1);
    }
    out->push_back('E');
    if (exponent > 0) out->push_back('+');
    out->append(std::to_string(exponent));
  } else if (scale <= 0) {
    out->append(digits).append(static_cast<size_t>(-scale), '0');
  } else if (scale < count) {
    out->append(digits, 0, static_cast<size_t>(count - scale))
        .append(".")
        .append(digits, static_cast<size_t>(count - scale));
  } else {
    out->append("0.").append(static_cast<size_t>(scale - count), '0').append(digits);
  }
}

}  // namespace millrace::formats
