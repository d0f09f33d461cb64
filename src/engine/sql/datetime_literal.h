// Checks and normalises the text of DATE, TIME and TIMESTAMP literals as Calcite does.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace millrace::sql {

struct DateTimeText {
  std::string text;       // fixed width: yyyy-MM-dd, HH:mm:ss, both with a blank between; with the fraction as written
  int32_t precision = 0;  // digits of the fraction
};

// Fields may have fewer digits and blanks in front; out-of-range fields and anything behind are refused (no value).
std::optional<DateTimeText> ParseDateText(std::string_view text);
std::optional<DateTimeText> ParseTimeText(std::string_view text);
// The time may be missing: midnight.
std::optional<DateTimeText> ParseTimestampText(std::string_view text);

}  // namespace millrace::sql
