// Writing dates, times, timestamps and intervals.
#include <charconv>

#include "types/date_time.h"
#include "types/date_time_text.h"

namespace millrace {
namespace {

char* Two(char* out, int32_t value) {
  out[0] = static_cast<char>('0' + value / 10 % 10);
  out[1] = static_cast<char>('0' + value % 10);
  return out + 2;
}

// The last four digits of a year, as Flink prints years.
char* Year(char* out, int32_t year) {
  if (year < 0) year = -year;
  return Two(Two(out, year / 100), year);
}

char* Date(char* out, int32_t year, int32_t month, int32_t day) {
  out = Year(out, year);
  *out++ = '-';
  out = Two(out, month);
  *out++ = '-';
  return Two(out, day);
}

char* Clock(char* out, int32_t hour, int32_t minute, int32_t second) {
  out = Two(out, hour);
  *out++ = ':';
  out = Two(out, minute);
  *out++ = ':';
  return Two(out, second);
}

// "." and the digits of nanoseconds: at least `least`, more while they are not zero; nothing for none.
char* Fraction(char* out, int32_t nano, int32_t least) {
  char digits[9];
  for (int32_t i = 8; i >= 0; --i) {
    digits[i] = static_cast<char>('0' + nano % 10);
    nano /= 10;
  }
  int32_t count = 9;
  while (count > least && digits[count - 1] == '0') --count;
  if (count == 0) return out;
  *out++ = '.';
  for (int32_t i = 0; i < count; ++i) *out++ = digits[i];
  return out;
}

void AppendNumber(std::string* out, int64_t value) {
  char text[24];
  out->append(text, std::to_chars(text, text + sizeof(text), value).ptr);
}

// Java's LocalTime.toString: seconds and the fraction only when needed, the fraction in groups of three digits.
void AppendJavaClock(std::string* out, int32_t hour, int32_t minute, int32_t second, int32_t nano) {
  char text[8];
  Clock(text, hour, minute, second);
  out->append(text, second > 0 || nano > 0 ? 8 : 5);
  if (nano == 0) return;
  char fraction[10];
  int32_t least = nano % 1000000 == 0 ? 3 : (nano % 1000 == 0 ? 6 : 9);
  out->append(fraction, Fraction(fraction, nano, least));
}

void AppendJavaYear(std::string* out, int32_t year) {
  if (year >= 0 && year <= 9999) {
    char text[4];
    Year(text, year);
    out->append(text, 4);
    return;
  }
  if (year > 9999) out->push_back('+');
  if (year < 0) out->push_back('-');
  char digits[16];
  int64_t magnitude = year < 0 ? -int64_t{year} : year;
  auto end = std::to_chars(digits, digits + sizeof(digits), magnitude).ptr;
  for (int64_t i = end - digits; i < 4; ++i) out->push_back('0');
  out->append(digits, end);
}

void AppendJavaDate(std::string* out, int32_t year, int32_t month, int32_t day) {
  AppendJavaYear(out, year);
  char text[6] = {'-', 0, 0, '-', 0, 0};
  Two(text + 1, month);
  Two(text + 4, day);
  out->append(text, 6);
}

}  // namespace

void AppendDate(std::string* out, int32_t days) {
  CivilDate date = CivilFromDays(days);
  char text[10];
  Date(text, date.year, date.month, date.day);
  out->append(text, sizeof(text));
}

void AppendTime(std::string* out, int32_t millis_of_day, int32_t precision) {
  int64_t millis = millis_of_day < 0 ? FloorMod(millis_of_day, kMillisPerDay) : millis_of_day;
  char text[12];
  char* end = Clock(text, static_cast<int32_t>(millis / kMillisPerHour),
                    static_cast<int32_t>(millis / kMillisPerMinute % 60), static_cast<int32_t>(millis / 1000 % 60));
  auto rest = static_cast<int32_t>(millis % 1000);
  if (precision > 0) {
    *end++ = '.';
    for (int32_t i = 0; i < precision; ++i) {
      *end++ = static_cast<char>('0' + rest / 100);
      rest = rest % 100 * 10;
      if (rest == 0) break;
    }
  }
  out->append(text, end);
}

void AppendTimestamp(std::string* out, Timestamp timestamp, int32_t precision) {
  CivilTime civil = CivilFromTimestamp(timestamp);
  char text[32];
  char* end = Date(text, civil.year, civil.month, civil.day);
  *end++ = ' ';
  end = Clock(end, civil.hour, civil.minute, civil.second);
  out->append(text, Fraction(end, civil.nano, precision));
}

void AppendTimestampForm(std::string* out, Timestamp timestamp, TimestampForm form) {
  CivilTime civil = CivilFromTimestamp(timestamp);
  AppendJavaYear(out, civil.year);
  char text[32];
  char* end = text;
  *end++ = '-';
  end = Two(end, civil.month);
  *end++ = '-';
  end = Two(end, civil.day);
  *end++ = form == TimestampForm::kSql || form == TimestampForm::kSqlUtc ? ' ' : 'T';
  end = Clock(end, civil.hour, civil.minute, civil.second);
  end = Fraction(end, civil.nano, 0);
  if (form == TimestampForm::kSqlUtc || form == TimestampForm::kIsoUtc) *end++ = 'Z';
  out->append(text, end);
}

void AppendSqlTime(std::string* out, int32_t millis_of_day) {
  char text[24];
  char* end = Clock(text, millis_of_day / 3600000, millis_of_day / 60000 % 60, millis_of_day / 1000 % 60);
  out->append(text, Fraction(end, millis_of_day % 1000 * 1000000, 0));
}

void AppendIntervalYearMonth(std::string* out, int32_t months) {
  out->push_back(months < 0 ? '-' : '+');
  int64_t magnitude = months < 0 ? -int64_t{months} : months;
  AppendNumber(out, magnitude / 12);
  out->push_back('-');
  char text[2];
  Two(text, static_cast<int32_t>(magnitude % 12));
  out->append(text, 2);
}

void AppendIntervalDayTime(std::string* out, int64_t millis) {
  out->push_back(millis < 0 ? '-' : '+');
  uint64_t magnitude = millis < 0 ? uint64_t{0} - static_cast<uint64_t>(millis) : static_cast<uint64_t>(millis);
  AppendNumber(out, static_cast<int32_t>(magnitude / kMillisPerDay));
  char text[16] = {' '};
  uint64_t rest = magnitude % kMillisPerDay;
  char* end = Clock(text + 1, static_cast<int32_t>(rest / kMillisPerHour),
                    static_cast<int32_t>(rest / kMillisPerMinute % 60), static_cast<int32_t>(rest / 1000 % 60));
  *end++ = '.';
  auto fraction = static_cast<int32_t>(rest % 1000);
  *end++ = static_cast<char>('0' + fraction / 100);
  out->append(text, Two(end, fraction % 100));
}

void AppendJavaLocalDate(std::string* out, int32_t days) {
  CivilDate date = CivilFromDays(days);
  AppendJavaDate(out, date.year, date.month, date.day);
}

void AppendJavaLocalTime(std::string* out, int64_t nanos_of_day) {
  auto seconds = static_cast<int32_t>(nanos_of_day / 1000000000);
  AppendJavaClock(out, seconds / 3600, seconds / 60 % 60, seconds % 60,
                  static_cast<int32_t>(nanos_of_day % 1000000000));
}

void AppendJavaLocalDateTime(std::string* out, Timestamp timestamp) {
  CivilTime civil = CivilFromTimestamp(timestamp);
  AppendJavaDate(out, civil.year, civil.month, civil.day);
  out->push_back('T');
  AppendJavaClock(out, civil.hour, civil.minute, civil.second, civil.nano);
}

void AppendJavaInstant(std::string* out, Timestamp timestamp) {
  CivilTime civil = CivilFromTimestamp(timestamp);
  AppendJavaDate(out, civil.year, civil.month, civil.day);
  out->push_back('T');
  char text[8];
  Clock(text, civil.hour, civil.minute, civil.second);
  out->append(text, 8);
  if (civil.nano != 0) {
    char fraction[10];
    int32_t least = civil.nano % 1000000 == 0 ? 3 : (civil.nano % 1000 == 0 ? 6 : 9);
    out->append(fraction, Fraction(fraction, civil.nano, least));
  }
  out->push_back('Z');
}

}  // namespace millrace
