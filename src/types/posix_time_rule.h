// The rule at the end of a tzdata file, e.g. "EST5EDT,M3.2.0,M11.1.0": offsets and the two changes of every year from
// then on. Source: POSIX.1, "TZ" environment variable, with the extended hours of RFC 8536.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace millrace {

// One of the two yearly changes.
struct PosixChange {
  enum class Kind : uint8_t { kMonthWeekDay, kDayWithoutLeap, kDayOfYear } kind = Kind::kMonthWeekDay;
  int32_t month = 0;
  int32_t week = 0;        // 1 to 5; 5 is the last
  int32_t day = 0;         // weekday 0 (Sunday) to 6; kDayWithoutLeap: 1 to 365; kDayOfYear: 0 to 365
  int32_t seconds = 7200;  // wall-clock time of the change, may be negative or beyond a day

  // Local seconds since 1970-01-01 of the change in `year`.
  int64_t LocalSeconds(int64_t year) const;
};

struct PosixRule {
  int32_t standard_offset = 0;  // seconds east of UTC
  int32_t summer_offset = 0;
  PosixChange to_summer;
  PosixChange to_standard;

  // Nothing when `text` has no summer time or is malformed.
  static std::optional<PosixRule> Parse(std::string_view text);
};

}  // namespace millrace
