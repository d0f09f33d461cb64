// The proleptic Gregorian calendar, times of day, and arithmetic in calendar units with Flink's oddities.
// Pure functions, no allocation; days count from 1970-01-01, milliseconds from 1970-01-01 00:00:00.
#pragma once

#include <cstdint>

#include "types/physical.h"
#include "types/time_zone.h"

namespace millrace {

constexpr int64_t kMillisPerSecond = 1000;
constexpr int64_t kMillisPerMinute = 60 * kMillisPerSecond;
constexpr int64_t kMillisPerHour = 60 * kMillisPerMinute;
constexpr int64_t kMillisPerDay = 24 * kMillisPerHour;

// Timestamps of years beyond these do not fit into milliseconds.
constexpr int32_t kMaxTimestampYear = 292000000;

constexpr int64_t FloorDiv(int64_t a, int64_t b) { return a / b - ((a % b != 0) && ((a < 0) != (b < 0)) ? 1 : 0); }
constexpr int64_t FloorMod(int64_t a, int64_t b) { return a - FloorDiv(a, b) * b; }

struct CivilDate {
  int32_t year = 1970;  // astronomical: year 0 is 1 BC
  int32_t month = 1;    // 1 to 12
  int32_t day = 1;      // 1 to 31
};

struct CivilTime {
  int32_t year = 1970;
  int32_t month = 1;
  int32_t day = 1;
  int32_t hour = 0;
  int32_t minute = 0;
  int32_t second = 0;
  int32_t nano = 0;  // of the second, 0 to 999,999,999
};

constexpr bool IsLeapYear(int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }
int32_t DaysInMonth(int64_t year, int32_t month);

// Of any days from about 5 million years BC on.
CivilDate CivilFromDays(int64_t days);
// `month` must be 1 to 12; `day` may be anything.
int64_t DaysFromCivil(int64_t year, int32_t month, int32_t day);

CivilTime CivilFromTimestamp(Timestamp timestamp);
Timestamp TimestampFromCivil(const CivilTime& civil);
inline Timestamp TimestampFromMillis(int64_t millis) { return Timestamp{millis, 0, 0}; }
// Nanoseconds within the second, 0 to 999,999,999.
inline int32_t NanoOfSecond(Timestamp timestamp) {
  return static_cast<int32_t>(FloorMod(timestamp.millis, 1000)) * 1000000 + timestamp.nanos;
}
// Cuts to a number of fraction digits as Flink does (toward zero before 1970; a fraction of at most `precision`
// nanosecond digits, such as 0.000000123 at precision 3, is left alone).
Timestamp TruncateTimestamp(Timestamp timestamp, int32_t precision);

// TIMESTAMP (wall clock) to TIMESTAMP_LTZ and back.
inline Timestamp LocalToInstant(Timestamp local, const TimeZone& zone) {
  return {zone.LocalToUtc(local.millis), local.nanos, 0};
}
inline Timestamp InstantToLocal(Timestamp instant, const TimeZone& zone) {
  return {zone.UtcToLocal(instant.millis), instant.nanos, 0};
}

// A unit of EXTRACT, FLOOR, CEIL, TIMESTAMPADD, TIMESTAMPDIFF and INTERVAL.
enum class TimeUnit : uint8_t {
  kNanosecond,
  kMicrosecond,
  kMillisecond,
  kSecond,
  kMinute,
  kHour,
  kDay,
  kWeek,
  kMonth,
  kQuarter,
  kYear,
  kDecade,
  kCentury,
  kMillennium,
  kEpoch,
  kDow,
  kIsoDow,
  kDoy,
  kIsoYear,
};

// EXTRACT(unit FROM DATE). Units below DAY give 0.
int64_t ExtractFromDate(TimeUnit unit, int32_t days);
// EXTRACT(unit FROM TIMESTAMP), of local time. For hours and shorter units Flink's remainders are signed before 1970.
int64_t ExtractFromTimestamp(TimeUnit unit, Timestamp local);
// EXTRACT(unit FROM TIME), of milliseconds of the day.
int64_t ExtractFromTime(TimeUnit unit, int32_t millis_of_day);

// FLOOR and CEIL of dates. Weeks start on Sunday. Units below DAY leave the date as it is.
int32_t FloorDate(TimeUnit unit, int32_t days);
int32_t CeilDate(TimeUnit unit, int32_t days);
// FLOOR and CEIL of local milliseconds (pass an instant plus its zone's offset for TIMESTAMP_LTZ).
int64_t FloorMillis(TimeUnit unit, int64_t local_millis);
int64_t CeilMillis(TimeUnit unit, int64_t local_millis);

// Moves by months; the day is cut to the month's length.
int32_t AddMonthsToDate(int32_t days, int32_t months);
int64_t AddMonthsToMillis(int64_t millis, int32_t months);
// Months from `from` to `to` as TIMESTAMPDIFF counts them (2024-01-31 to 2024-02-29 is 1).
int32_t MonthsBetweenDates(int32_t to, int32_t from);
int32_t MonthsBetweenMillis(int64_t to, int64_t from);

}  // namespace millrace
