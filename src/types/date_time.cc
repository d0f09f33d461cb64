// Calendar arithmetic. Day counts after Howard Hinnant's published algorithms; the unit arithmetic keeps Flink's
// DateTimeUtils rules.
#include "types/date_time.h"

#include <algorithm>
#include <array>

namespace millrace {

int32_t DaysInMonth(int64_t year, int32_t month) {
  static constexpr std::array<int8_t, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && IsLeapYear(year) ? 29 : kDays[static_cast<size_t>(month - 1)];
}

CivilDate CivilFromDays(int64_t days) {
  int64_t z = days + 719468;  // days since 0000-03-01
  int64_t era = (z >= 0 ? z : z - 146096) / 146097;
  auto day_of_era = static_cast<uint32_t>(z - era * 146097);
  uint32_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  uint32_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  uint32_t shifted_month = (5 * day_of_year + 2) / 153;
  uint32_t day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
  uint32_t month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
  auto year = static_cast<int32_t>(static_cast<int64_t>(year_of_era) + era * 400 + (month <= 2 ? 1 : 0));
  return {year, static_cast<int32_t>(month), static_cast<int32_t>(day)};
}

int64_t DaysFromCivil(int64_t year, int32_t month, int32_t day) {
  int64_t y = month <= 2 ? year - 1 : year;
  int64_t era = (y >= 0 ? y : y - 399) / 400;
  int64_t year_of_era = y - era * 400;
  int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

CivilTime CivilFromTimestamp(Timestamp timestamp) {
  int64_t days = FloorDiv(timestamp.millis, kMillisPerDay);
  auto millis = static_cast<int32_t>(timestamp.millis - days * kMillisPerDay);
  CivilDate date = CivilFromDays(days);
  return {date.year,
          date.month,
          date.day,
          millis / 3600000,
          millis / 60000 % 60,
          millis / 1000 % 60,
          millis % 1000 * 1000000 + timestamp.nanos};
}

Timestamp TimestampFromCivil(const CivilTime& civil) {
  int64_t seconds =
      DaysFromCivil(civil.year, civil.month, civil.day) * 86400 + civil.hour * 3600 + civil.minute * 60 + civil.second;
  return {seconds * 1000 + civil.nano / 1000000, civil.nano % 1000000, 0};
}

Timestamp TruncateTimestamp(Timestamp timestamp, int32_t precision) {
  static constexpr std::array<int32_t, 10> kPower = {1,      10,      100,      1000,      10000,
                                                     100000, 1000000, 10000000, 100000000, 1000000000};
  int32_t nano = NanoOfSecond(timestamp);
  int32_t digits = 1;
  while (digits < 9 && nano >= kPower[static_cast<size_t>(digits)]) ++digits;
  if (precision >= 9 || digits <= precision) return timestamp;
  if (precision <= 3) {
    int64_t unit = kPower[static_cast<size_t>(3 - precision)];
    return {timestamp.millis / unit * unit, 0, 0};
  }
  int32_t unit = kPower[static_cast<size_t>(9 - precision)];
  return {timestamp.millis, timestamp.nanos / unit * unit, 0};
}

namespace {

// ISO 8601: the week belongs to the year that holds its Thursday.
struct IsoWeek {
  int32_t year;
  int32_t week;
};

IsoWeek IsoWeekOf(int64_t days) {
  int64_t thursday = days - FloorMod(days + 3, 7) + 3;  // 1970-01-01 was a Thursday
  int32_t year = CivilFromDays(thursday).year;
  return {year, static_cast<int32_t>((thursday - DaysFromCivil(year, 1, 1)) / 7 + 1)};
}

// Years of a decade, century or millennium, rounded as Flink's integer divisions do.
int64_t YearGroup(int32_t year, int32_t size) {
  return year > 0 ? (year + size - 1) / size : (year - (size - 1)) / size;
}

}  // namespace

int64_t ExtractFromDate(TimeUnit unit, int32_t days) {
  CivilDate date = CivilFromDays(days);
  switch (unit) {
    case TimeUnit::kDay:
      return date.day;
    case TimeUnit::kWeek:
      return IsoWeekOf(days).week;
    case TimeUnit::kMonth:
      return date.month;
    case TimeUnit::kQuarter:
      return (date.month + 2) / 3;
    case TimeUnit::kYear:
      return date.year;
    case TimeUnit::kDecade:
      return date.year / 10;
    case TimeUnit::kCentury:
      return YearGroup(date.year, 100);
    case TimeUnit::kMillennium:
      return YearGroup(date.year, 1000);
    case TimeUnit::kEpoch:
      return int64_t{days} * 86400;
    case TimeUnit::kDow:
      return FloorMod(int64_t{days} + 4, 7) + 1;
    case TimeUnit::kIsoDow:
      return FloorMod(int64_t{days} + 3, 7) + 1;
    case TimeUnit::kDoy:
      return days - DaysFromCivil(date.year, 1, 1) + 1;
    case TimeUnit::kIsoYear:
      return IsoWeekOf(days).year;
    case TimeUnit::kNanosecond:
    case TimeUnit::kMicrosecond:
    case TimeUnit::kMillisecond:
    case TimeUnit::kSecond:
    case TimeUnit::kMinute:
    case TimeUnit::kHour:
      return 0;
  }
  return 0;
}

int64_t ExtractFromTimestamp(TimeUnit unit, Timestamp local) {
  int64_t millis = local.millis;
  switch (unit) {
    case TimeUnit::kHour:
      return millis % kMillisPerDay / kMillisPerHour;
    case TimeUnit::kMinute:
      return millis % kMillisPerHour / kMillisPerMinute;
    case TimeUnit::kSecond:
      return millis % kMillisPerMinute / kMillisPerSecond;
    case TimeUnit::kMillisecond:
      return millis % kMillisPerSecond;
    case TimeUnit::kMicrosecond:
      return millis % kMillisPerSecond * 1000 + local.nanos / 1000;
    case TimeUnit::kNanosecond:
      return millis % kMillisPerSecond * 1000000 + local.nanos;
    case TimeUnit::kEpoch:
      return millis / 1000;
    case TimeUnit::kDay:
    case TimeUnit::kWeek:
    case TimeUnit::kMonth:
    case TimeUnit::kQuarter:
    case TimeUnit::kYear:
    case TimeUnit::kDecade:
    case TimeUnit::kCentury:
    case TimeUnit::kMillennium:
    case TimeUnit::kDow:
    case TimeUnit::kIsoDow:
    case TimeUnit::kDoy:
    case TimeUnit::kIsoYear:
      return ExtractFromDate(unit, static_cast<int32_t>(millis / kMillisPerDay));  // toward zero, as Flink
  }
  return 0;
}

int64_t ExtractFromTime(TimeUnit unit, int32_t millis_of_day) {
  if (unit == TimeUnit::kEpoch) return millis_of_day / 1000;
  if (unit >= TimeUnit::kDay) return 0;
  return ExtractFromTimestamp(unit, TimestampFromMillis(millis_of_day));
}

namespace {

// The date by which Flink rounds: before 15 October 1582 that of the Julian calendar.
CivilDate RoundingDate(int64_t days) {
  constexpr int64_t kEpochJulianDay = 2440588;
  constexpr int64_t kLastJulianDay = 2299160;
  int64_t julian = days + kEpochJulianDay;
  if (julian > kLastJulianDay) return CivilFromDays(days);
  int64_t c = julian + 32082;
  int64_t d = (4 * c + 3) / 1461;
  int64_t e = c - 1461 * d / 4;
  int64_t m = (5 * e + 2) / 153;
  return {static_cast<int32_t>(d - 4800 + m / 10), static_cast<int32_t>(m + 3 - 12 * (m / 10)),
          static_cast<int32_t>(e - (153 * m + 2) / 5 + 1)};
}

// The first day of the unit that holds `days`, or with `ceil` of the next one unless `days` is a first day already
// (centuries, decades, millennia and DAY always move on: Flink's rule).
int64_t RoundDate(TimeUnit unit, int64_t days, bool ceil) {
  CivilDate date = RoundingDate(days);
  int32_t year = date.year;
  switch (unit) {
    case TimeUnit::kMillennium:
      return DaysFromCivil(1000 * ((year + 999) / 1000) + (ceil ? 1 : -999), 1, 1);
    case TimeUnit::kCentury:
      return DaysFromCivil(100 * ((year + 99) / 100) + (ceil ? 1 : -99), 1, 1);
    case TimeUnit::kDecade:
      return DaysFromCivil(10 * (year / 10 + (ceil ? 1 : 0)), 1, 1);
    case TimeUnit::kYear:
      return DaysFromCivil(year + (ceil && (date.month > 1 || date.day > 1) ? 1 : 0), 1, 1);
    case TimeUnit::kQuarter: {
      int32_t quarter = (date.month + 2) / 3 + (ceil && (date.month > 1 || date.day > 1) ? 1 : 0);
      return quarter == 5 ? DaysFromCivil(year + 1, 1, 1) : DaysFromCivil(year, quarter * 3 - 2, 1);
    }
    case TimeUnit::kMonth:
      if (!ceil || date.day == 1) return DaysFromCivil(year, date.month, 1);
      return date.month == 12 ? DaysFromCivil(year + 1, 1, 1) : DaysFromCivil(year, date.month + 1, 1);
    case TimeUnit::kWeek: {
      int64_t since_sunday = FloorMod(days + 4, 7);
      return DaysFromCivil(year, date.month, date.day) - since_sunday + (ceil && since_sunday > 0 ? 7 : 0);
    }
    case TimeUnit::kDay:
      return DaysFromCivil(year, date.month, date.day);
    case TimeUnit::kNanosecond:
    case TimeUnit::kMicrosecond:
    case TimeUnit::kMillisecond:
    case TimeUnit::kSecond:
    case TimeUnit::kMinute:
    case TimeUnit::kHour:
    case TimeUnit::kEpoch:
    case TimeUnit::kDow:
    case TimeUnit::kIsoDow:
    case TimeUnit::kDoy:
    case TimeUnit::kIsoYear:
      return days;
  }
  return days;
}

// Milliseconds of units of fixed length up to a day; 0 for the others.
int64_t FixedMillis(TimeUnit unit) {
  switch (unit) {
    case TimeUnit::kNanosecond:
    case TimeUnit::kMicrosecond:
    case TimeUnit::kMillisecond:
      return 1;
    case TimeUnit::kSecond:
      return kMillisPerSecond;
    case TimeUnit::kMinute:
      return kMillisPerMinute;
    case TimeUnit::kHour:
      return kMillisPerHour;
    case TimeUnit::kDay:
      return kMillisPerDay;
    case TimeUnit::kWeek:
    case TimeUnit::kMonth:
    case TimeUnit::kQuarter:
    case TimeUnit::kYear:
    case TimeUnit::kDecade:
    case TimeUnit::kCentury:
    case TimeUnit::kMillennium:
    case TimeUnit::kEpoch:
    case TimeUnit::kDow:
    case TimeUnit::kIsoDow:
    case TimeUnit::kDoy:
    case TimeUnit::kIsoYear:
      return 0;
  }
  return 0;
}

}  // namespace

int32_t FloorDate(TimeUnit unit, int32_t days) { return static_cast<int32_t>(RoundDate(unit, days, false)); }

int32_t CeilDate(TimeUnit unit, int32_t days) { return static_cast<int32_t>(RoundDate(unit, days, true)); }

int64_t FloorMillis(TimeUnit unit, int64_t local_millis) {
  if (int64_t size = FixedMillis(unit); size > 0) return FloorDiv(local_millis, size) * size;
  return RoundDate(unit, local_millis / kMillisPerDay, false) * kMillisPerDay;  // toward zero, as Flink
}

int64_t CeilMillis(TimeUnit unit, int64_t local_millis) {
  if (int64_t size = FixedMillis(unit); size > 0) return -FloorDiv(-local_millis, size) * size;
  return RoundDate(unit, local_millis / kMillisPerDay, true) * kMillisPerDay;
}

int32_t AddMonthsToDate(int32_t days, int32_t months) {
  CivilDate date = CivilFromDays(days);
  int64_t month = int64_t{date.year} * 12 + date.month - 1 + months;
  int64_t year = FloorDiv(month, 12);
  auto month_of_year = static_cast<int32_t>(month - year * 12 + 1);
  return static_cast<int32_t>(DaysFromCivil(year, month_of_year, std::min(date.day, DaysInMonth(year, month_of_year))));
}

int64_t AddMonthsToMillis(int64_t millis, int32_t months) {
  int64_t of_day = FloorMod(millis, kMillisPerDay);
  return AddMonthsToDate(static_cast<int32_t>((millis - of_day) / kMillisPerDay), months) * kMillisPerDay + of_day;
}

int32_t MonthsBetweenDates(int32_t to, int32_t from) {
  if (to < from) return -MonthsBetweenDates(from, to);
  CivilDate a = CivilFromDays(to);
  CivilDate b = CivilFromDays(from);
  int32_t months = (a.year - b.year) * 12 + a.month - b.month;
  while (months > 0 && AddMonthsToDate(from, months) > to) --months;
  return months;
}

int32_t MonthsBetweenMillis(int64_t to, int64_t from) {
  int64_t to_of_day = FloorMod(to, kMillisPerDay);
  int64_t from_of_day = FloorMod(from, kMillisPerDay);
  auto to_day = static_cast<int32_t>((to - to_of_day) / kMillisPerDay);
  auto from_day = static_cast<int32_t>((from - from_of_day) / kMillisPerDay);
  int32_t months = MonthsBetweenDates(to_day, from_day);
  if (AddMonthsToDate(from_day, months) == to_day && to_of_day < from_of_day) --months;
  return months;
}

}  // namespace millrace
