// The compiled form of a DateTimeFormatter pattern. Private to java_date_*.cc.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace millrace {

enum class DateField : uint8_t {
  kEra,
  kYear,
  kYearOfEra,
  kQuarter,
  kMonth,
  kDayOfMonth,
  kDayOfYear,
  kDayOfWeek,       // 1 is Monday
  kLocalDayOfWeek,  // 1 is Sunday
  kWeekYear,
  kWeekOfYear,
  kWeekOfMonth,
  kAlignedDayOfWeekInMonth,
  kAmPm,
  kHourOfAmPm,       // 0 to 11
  kClockHourOfAmPm,  // 1 to 12
  kHourOfDay,
  kClockHourOfDay,  // 1 to 24
  kMinute,
  kSecond,
  kNano,
  kMilliOfDay,
  kNanoOfDay,
};
constexpr size_t kDateFieldCount = static_cast<size_t>(DateField::kNanoOfDay) + 1;

// How java.time pads and signs numbers.
enum class SignStyle : uint8_t { kNormal, kNotNegative, kExceedsPad };
enum class NameStyle : uint8_t { kShort, kFull, kNarrow };

struct DateNode {
  enum class Kind : uint8_t {
    kLiteral,
    kNumber,
    kTwoDigitYear,
    kFraction,
    kName,
    kZone,
    kOptional
  } kind = Kind::kLiteral;
  DateField field = DateField::kYear;
  int32_t min_width = 1;
  int32_t max_width = 19;
  SignStyle sign = SignStyle::kNormal;
  int32_t subsequent_width = 0;  // digits that belong to the fixed-width numbers right after; -1: this number is fixed
  int32_t pad_width = 0;
  NameStyle style = NameStyle::kShort;
  std::string literal = {};             // kLiteral; kZone: the letters
  std::vector<DateNode> children = {};  // kOptional
};

struct DatePattern {
  std::vector<DateNode> nodes;
};

// English names. `index` counts from 0 (January, Monday, AM, BC, Q1).
std::string_view DateName(DateField field, NameStyle style, int32_t index);
// How many names a field has; 0 when it has none.
int32_t DateNameCount(DateField field);

// Week of year and its year by American weeks: they start on Sunday, and week 1 holds January 1.
struct LocalWeek {
  int32_t year;
  int32_t week;
};
LocalWeek LocalWeekOf(int64_t days);

}  // namespace millrace
