// Parses by a DateTimeFormatter pattern: reads the fields, then resolves them to a date and a time (resolver style
// SMART).
#include <algorithm>
#include <array>
#include <optional>

#include "types/date_time.h"
#include "types/java_date_format.h"
#include "types/java_date_pattern.h"

namespace millrace {
namespace {

using Kind = DateNode::Kind;

constexpr bool IsDigit(char c) { return c >= '0' && c <= '9'; }

struct ParsedFields {
  std::array<std::optional<int64_t>, kDateFieldCount> values;

  std::optional<int64_t>& operator[](DateField field) { return values[static_cast<size_t>(field)]; }
  // False when the field was read before with another value.
  bool Set(DateField field, int64_t value) {
    std::optional<int64_t>& slot = (*this)[field];
    if (slot && *slot != value) return false;
    slot = value;
    return true;
  }
  std::optional<int64_t> Take(DateField field) { return std::exchange((*this)[field], std::nullopt); }
};

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool Read(const std::vector<DateNode>& nodes) {
    for (const DateNode& node : nodes) {
      if (!(node.pad_width > 0 ? ReadPadded(node) : ReadNode(node))) return false;
    }
    return true;
  }
  bool Done() const { return at_ == text_.size(); }
  ParsedFields& fields() { return fields_; }

 private:
  bool ReadNode(const DateNode& node) {
    switch (node.kind) {
      case Kind::kLiteral:
        if (text_.substr(at_, node.literal.size()) != node.literal) return false;
        at_ += node.literal.size();
        return true;
      case Kind::kNumber:
        return ReadNumber(node);
      case Kind::kTwoDigitYear: {
        int64_t value = 0;
        return ReadDigits(node, false, &value) && fields_.Set(node.field, 2000 + value);
      }
      case Kind::kFraction:
        return ReadFraction(node);
      case Kind::kName:
        return ReadName(node);
      case Kind::kZone:
        return ReadZone(node);
      case Kind::kOptional: {
        size_t start = at_;
        ParsedFields before = fields_;
        if (!Read(node.children)) {
          at_ = start;
          fields_ = before;
        }
        return true;
      }
    }
    return false;
  }

  // A field padded with blanks to a width: exactly that width is read, leading blanks are skipped.
  bool ReadPadded(const DateNode& node) {
    size_t end = at_ + static_cast<size_t>(node.pad_width);
    if (end > text_.size()) return false;
    std::string_view whole = text_;
    text_ = text_.substr(0, end);
    while (at_ < end && text_[at_] == ' ') ++at_;
    bool good = ReadNode(node) && at_ == end;
    text_ = whole;
    return good;
  }

  // Between min_width and max_width digits, leaving those of the fixed-width numbers that follow.
  bool ReadDigits(const DateNode& node, bool fixed, int64_t* value) {
    int32_t following = std::max(node.subsequent_width, 0);
    auto most = static_cast<size_t>((fixed ? node.min_width : node.max_width) + following);
    size_t count = 0;
    while (count < most && at_ + count < text_.size() && IsDigit(text_[at_ + count])) ++count;
    auto least = static_cast<size_t>(node.min_width);
    if (following > 0) count = std::max(least, count - std::min(count, static_cast<size_t>(following)));
    if (count < least || at_ + count > text_.size()) return false;
    *value = 0;
    for (size_t i = 0; i < count; ++i) {
      if (!IsDigit(text_[at_ + i]) || *value > INT64_MAX / 10 - 1) return false;
      *value = *value * 10 + (text_[at_ + i] - '0');
    }
    at_ += count;
    return true;
  }

  bool ReadNumber(const DateNode& node) {
    bool negative = false;
    bool positive = false;
    if (at_ < text_.size() && (text_[at_] == '-' || text_[at_] == '+')) {
      positive = text_[at_] == '+';
      negative = !positive;
      if (node.sign == SignStyle::kNotNegative || (positive && node.sign == SignStyle::kNormal)) return false;
      ++at_;
    }
    size_t start = at_;
    int64_t value = 0;
    if (!ReadDigits(node, false, &value)) return false;
    auto digits = static_cast<int32_t>(at_ - start);
    if (negative && value == 0) return false;
    if (node.sign == SignStyle::kExceedsPad && !negative && positive != (digits > node.min_width)) return false;
    return fields_.Set(node.field, negative ? -value : value);
  }

  bool ReadFraction(const DateNode& node) {
    auto width = static_cast<size_t>(node.max_width);
    if (at_ + width > text_.size()) return false;
    int64_t nano = 0;
    for (size_t i = 0; i < 9; ++i) {
      if (i < width && !IsDigit(text_[at_ + i])) return false;
      nano = nano * 10 + (i < width ? text_[at_ + i] - '0' : 0);
    }
    at_ += width;
    return fields_.Set(DateField::kNano, nano);
  }

  // The longest name that fits; of narrow names that are alike the last.
  bool ReadName(const DateNode& node) {
    int32_t best = -1;
    size_t length = 0;
    for (int32_t i = 0; i < DateNameCount(node.field); ++i) {
      std::string_view name = DateName(node.field, node.style, i);
      if (name.size() >= std::max<size_t>(length, 1) && text_.substr(at_, name.size()) == name) {
        best = i;
        length = name.size();
      }
    }
    if (best < 0) return false;
    at_ += length;
    bool from_zero = node.field == DateField::kAmPm || node.field == DateField::kEra;
    return fields_.Set(node.field, from_zero ? best : best + 1);
  }

  // Zones and offsets are read over: the local fields are what Flink takes.
  bool ReadZone(const DateNode& node) {
    char letter = node.literal[0];
    size_t end = at_;
    auto digit_at = [&](size_t i) { return i < text_.size() && IsDigit(text_[i]); };
    bool named = letter == 'V' || letter == 'z' || letter == 'v' || letter == 'O' || node.literal == "ZZZZ";
    if (named) {
      while (end < text_.size() &&
             (std::isalpha(static_cast<unsigned char>(text_[end])) != 0 || text_[end] == '/' || text_[end] == '_'))
        ++end;
    } else if (end < text_.size() && text_[end] == 'Z' && (letter == 'X' || node.literal == "ZZZZZ")) {
      at_ = end + 1;
      return true;
    }
    if (end < text_.size() && (text_[end] == '+' || text_[end] == '-') && digit_at(end + 1)) {
      ++end;
      while (digit_at(end) || (end < text_.size() && text_[end] == ':' && digit_at(end + 1))) ++end;
    } else if (!named) {
      return false;
    }
    if (end == at_) return false;
    at_ = end;
    return true;
  }

  std::string_view text_;
  size_t at_ = 0;
  ParsedFields fields_;
};

bool InRange(const std::optional<int64_t>& value, int64_t low, int64_t high) {
  return !value || (*value >= low && *value <= high);
}

// The year of an era without an era is of our era.
bool ResolveYear(ParsedFields& fields) {
  std::optional<int64_t> of_era = fields.Take(DateField::kYearOfEra);
  std::optional<int64_t> era = fields[DateField::kEra];
  if (!of_era) return true;
  if (*of_era < 1 || *of_era > kMaxTimestampYear) return false;
  return fields.Set(DateField::kYear, era && *era == 0 ? 1 - *of_era : *of_era);
}

// The day that year, month and day, year and day of year, or week year, week and weekday give; nothing when they do
// not.
bool ResolveDate(ParsedFields& fields, std::optional<int64_t>* days) {
  std::optional<int64_t> year = fields[DateField::kYear];
  std::optional<int64_t> month = fields[DateField::kMonth];
  std::optional<int64_t> day = fields[DateField::kDayOfMonth];
  std::optional<int64_t> of_year = fields[DateField::kDayOfYear];
  if (!InRange(year, -kMaxTimestampYear, kMaxTimestampYear)) return false;
  if (year && month && day) {
    if (!InRange(month, 1, 12) || !InRange(day, 1, 31)) return false;
    auto m = static_cast<int32_t>(*month);
    *days = DaysFromCivil(*year, m, std::min(static_cast<int32_t>(*day), DaysInMonth(*year, m)));
  } else if (year && of_year) {
    if (!InRange(of_year, 1, IsLeapYear(*year) ? 366 : 365)) return false;
    *days = DaysFromCivil(*year, 1, 1) + *of_year - 1;
  } else if (fields[DateField::kWeekYear] && fields[DateField::kWeekOfYear]) {
    std::optional<int64_t> weekday = fields[DateField::kLocalDayOfWeek];
    if (!weekday && fields[DateField::kDayOfWeek]) weekday = *fields[DateField::kDayOfWeek] % 7 + 1;
    if (!weekday) return true;
    if (!InRange(fields[DateField::kWeekYear], -kMaxTimestampYear, kMaxTimestampYear)) return false;
    if (!InRange(weekday, 1, 7) || !InRange(fields[DateField::kWeekOfYear], 1, 54)) return false;
    int64_t first = DaysFromCivil(*fields[DateField::kWeekYear], 1, 1);
    *days = first - FloorMod(first + 4, 7) + (*fields[DateField::kWeekOfYear] - 1) * 7 + *weekday - 1;
  }
  return true;
}

// Fields that were read beside the date must agree with it.
bool AgreesWithDate(ParsedFields& fields, int64_t days) {
  CivilDate date = CivilFromDays(days);
  std::optional<int64_t> of_year = fields[DateField::kDayOfYear];
  if (of_year && *of_year != days - DaysFromCivil(date.year, 1, 1) + 1) return false;
  std::optional<int64_t> weekday = fields[DateField::kDayOfWeek];
  if (weekday && *weekday != FloorMod(days + 3, 7) + 1) return false;
  std::optional<int64_t> quarter = fields[DateField::kQuarter];
  if (quarter && *quarter != (date.month + 2) / 3) return false;
  std::optional<int64_t> local = fields[DateField::kLocalDayOfWeek];
  return !local || *local == FloorMod(days + 4, 7) + 1;
}

// Brings hours of every kind, milliseconds and nanoseconds of the day to hour, minute, second and nanosecond.
bool ResolveTime(ParsedFields& fields) {
  if (std::optional<int64_t> clock = fields.Take(DateField::kClockHourOfDay)) {
    if (*clock < 0 || *clock > 24 || !fields.Set(DateField::kHourOfDay, *clock % 24)) return false;
  }
  if (std::optional<int64_t> clock = fields.Take(DateField::kClockHourOfAmPm)) {
    if (*clock < 0 || *clock > 12 || !fields.Set(DateField::kHourOfAmPm, *clock % 12)) return false;
  }
  if (fields[DateField::kAmPm] && fields[DateField::kHourOfAmPm]) {
    int64_t half_day = *fields.Take(DateField::kAmPm);
    int64_t hour = *fields.Take(DateField::kHourOfAmPm);
    if (hour > 11 || !fields.Set(DateField::kHourOfDay, half_day * 12 + hour)) return false;
  }
  // AM or PM alone is the middle of that half of the day.
  bool other = fields[DateField::kHourOfDay] || fields[DateField::kMinute] || fields[DateField::kSecond] ||
               fields[DateField::kNano] || fields[DateField::kNanoOfDay] || fields[DateField::kMilliOfDay];
  if (fields[DateField::kAmPm] && !other && !fields[DateField::kHourOfAmPm]) {
    return fields.Set(DateField::kHourOfDay, *fields[DateField::kAmPm] * 12 + 6);
  }
  std::optional<int64_t> nanos = fields.Take(DateField::kNanoOfDay);
  if (std::optional<int64_t> millis = fields.Take(DateField::kMilliOfDay)) {
    if (*millis >= kMillisPerDay) return false;
    if (!nanos) nanos = *millis * 1000000;
  }
  if (nanos) {
    if (*nanos < 0 || *nanos >= kMillisPerDay * 1000000) return false;
    return fields.Set(DateField::kHourOfDay, *nanos / 3600000000000) &&
           fields.Set(DateField::kMinute, *nanos / 60000000000 % 60) &&
           fields.Set(DateField::kSecond, *nanos / 1000000000 % 60) &&
           fields.Set(DateField::kNano, *nanos % 1000000000);
  }
  return true;
}

std::optional<Timestamp> Resolve(ParsedFields& fields) {
  std::optional<int64_t> days;
  if (!ResolveYear(fields) || !ResolveDate(fields, &days) || !ResolveTime(fields)) return std::nullopt;
  if (days && !AgreesWithDate(fields, *days)) return std::nullopt;
  CivilTime civil;
  if (days) {
    CivilDate date = CivilFromDays(*days);
    civil = {date.year, date.month, date.day, 0, 0, 0, 0};
  } else {
    std::optional<int64_t> month = fields[DateField::kMonth];
    std::optional<int64_t> day = fields[DateField::kDayOfMonth];
    if (!InRange(month, 1, 12)) return std::nullopt;
    civil.year = static_cast<int32_t>(fields[DateField::kYear].value_or(1970));
    civil.month = static_cast<int32_t>(month.value_or(1));
    if (!InRange(day, 1, DaysInMonth(civil.year, civil.month))) return std::nullopt;
    civil.day = static_cast<int32_t>(day.value_or(1));
  }
  std::optional<int64_t> hour = fields[DateField::kHourOfDay];
  std::optional<int64_t> minute = fields[DateField::kMinute];
  std::optional<int64_t> second = fields[DateField::kSecond];
  civil.nano = static_cast<int32_t>(fields[DateField::kNano].value_or(0));
  bool midnight = hour == 24 && minute.value_or(0) == 0 && second.value_or(0) == 0 && civil.nano == 0;
  if (midnight) hour = 0;
  if (!InRange(hour, 0, 23) || !InRange(minute, 0, 59) || !InRange(second, 0, 59)) return std::nullopt;
  if (!InRange(fields[DateField::kHourOfAmPm], 0, 11) || !InRange(fields[DateField::kNano], 0, 999999999))
    return std::nullopt;
  civil.hour = static_cast<int32_t>(hour.value_or(0));
  civil.minute = static_cast<int32_t>(minute.value_or(0));
  civil.second = static_cast<int32_t>(second.value_or(0));
  Timestamp result = TimestampFromCivil(civil);
  if (midnight && days) result.millis += kMillisPerDay;
  return result;
}

// As LocalDateTime with the fraction cut.
Timestamp CutFraction(Timestamp timestamp, int32_t precision) {
  int32_t nano = NanoOfSecond(timestamp);
  int32_t unit = 1;
  for (int32_t i = std::max(precision, 0); i < 9; ++i) unit *= 10;
  int64_t second = FloorDiv(timestamp.millis, 1000) * 1000;
  nano = nano / unit * unit;
  return {second + nano / 1000000, nano % 1000000, 0};
}

std::string_view Trim(std::string_view text) {
  while (!text.empty() && static_cast<unsigned char>(text.front()) <= ' ') text.remove_prefix(1);
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
  return text;
}

// Digits at the front of `text`, which must be followed by `end` (0: the end of the text); at least `least`, at most
// `most`.
std::optional<int64_t> TakeInt(std::string_view* text, char end, size_t least, size_t most) {
  size_t count = 0;
  int64_t value = 0;
  while (count < text->size() && IsDigit((*text)[count]) && count < 9) value = value * 10 + ((*text)[count++] - '0');
  bool ended = end == 0 ? count == text->size() : count < text->size() && (*text)[count] == end;
  if (count < least || count > most || !ended) return std::nullopt;
  text->remove_prefix(std::min(count + 1, text->size()));
  return value;
}

// java.sql.Timestamp.valueOf and java.sql.Date.valueOf: month and day are checked, days beyond a month and all times
// roll over.
std::optional<Timestamp> ParseJavaSql(std::string_view text) {
  text = Trim(text);
  bool with_time = text.find(' ') != std::string_view::npos;
  std::optional<int64_t> year = TakeInt(&text, '-', 4, 4);
  std::optional<int64_t> month = year ? TakeInt(&text, '-', 1, 2) : std::nullopt;
  std::optional<int64_t> day = month ? TakeInt(&text, with_time ? ' ' : '\0', 1, 2) : std::nullopt;
  if (!day || *month < 1 || *month > 12 || *day < 1 || *day > 31) return std::nullopt;
  int64_t millis = DaysFromCivil(*year, static_cast<int32_t>(*month), static_cast<int32_t>(*day)) * kMillisPerDay;
  if (!with_time) return Timestamp{millis, 0, 0};
  std::optional<int64_t> hour = TakeInt(&text, ':', 1, 9);
  std::optional<int64_t> minute = hour ? TakeInt(&text, ':', 1, 9) : std::nullopt;
  bool with_fraction = text.find('.') != std::string_view::npos;
  std::optional<int64_t> second = minute ? TakeInt(&text, with_fraction ? '.' : '\0', 1, 9) : std::nullopt;
  if (!second) return std::nullopt;
  int64_t nano = 0;
  if (with_fraction) {
    size_t digits = text.size();
    std::optional<int64_t> fraction = TakeInt(&text, 0, 1, 9);
    if (!fraction) return std::nullopt;
    nano = *fraction;
    for (; digits < 9; ++digits) nano *= 10;
  }
  millis += (*hour * 3600 + *minute * 60 + *second) * 1000 + nano / 1000000;
  return Timestamp{millis, static_cast<int32_t>(nano % 1000000), 0};
}

}  // namespace

std::optional<Timestamp> JavaDateFormat::Parse(std::string_view text, int32_t precision) const {
  Reader reader(text);
  if (!reader.Read(pattern_->nodes) || !reader.Done()) return std::nullopt;
  std::optional<Timestamp> timestamp = Resolve(reader.fields());
  if (!timestamp) return std::nullopt;
  return CutFraction(*timestamp, precision);
}

std::optional<Timestamp> ParseTimestampByFormat(std::string_view text, const JavaDateFormat& format) {
  std::optional<Timestamp> timestamp = format.Parse(text, 3);
  return timestamp ? timestamp : ParseJavaSql(text);
}

}  // namespace millrace
