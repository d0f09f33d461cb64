// Reading dates, times and timestamps: the strictness of CAST and of the formats.
#include <algorithm>
#include <array>

#include "types/date_time.h"
#include "types/date_time_text.h"

namespace millrace {
namespace {

constexpr bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Java's String.trim.
std::string_view Trim(std::string_view text) {
  while (!text.empty() && static_cast<unsigned char>(text.front()) <= ' ') text.remove_prefix(1);
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
  return text;
}

// Digits only after trimming; nothing when they exceed an int.
std::optional<int32_t> TrimmedInt(std::string_view text) {
  text = Trim(text);
  if (text.empty()) return std::nullopt;
  int64_t value = 0;
  for (char c : text) {
    if (!IsDigit(c)) return std::nullopt;
    value = value * 10 + (c - '0');
    if (value > INT32_MAX) return std::nullopt;
  }
  return static_cast<int32_t>(value);
}

// Reads from the front of a text.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}
  bool Done() const { return at_ == end_; }
  bool Skip(char c) {
    if (Done() || *at_ != c) return false;
    ++at_;
    return true;
  }
  // Exactly two digits.
  bool Two(int32_t* value) {
    if (end_ - at_ < 2 || !IsDigit(at_[0]) || !IsDigit(at_[1])) return false;
    *value = (at_[0] - '0') * 10 + at_[1] - '0';
    at_ += 2;
    return true;
  }
  // Java's "[HH][H]": two digits, or one, or none at all (then -1); more digits only when they repeat the value.
  bool OneOrTwo(int32_t* value) {
    *value = -1;
    if (Two(value)) {
      const char* start = at_;
      int64_t again = 0;
      while (!Done() && IsDigit(*at_) && at_ - start < 18) again = again * 10 + (*at_++ - '0');
      if (at_ != start && again != *value) return false;
      return true;
    }
    if (!Done() && IsDigit(*at_)) *value = *at_++ - '0';
    // Java's one-digit form reads "-5" as a negative number, which then is out of range.
    return *value >= 0 || end_ - at_ < 2 || at_[0] != '-' || !IsDigit(at_[1]);
  }
  // Java's EXCEEDS_PAD year: four digits, more only after a sign.
  bool Year(int32_t* value) {
    bool plus = Skip('+');
    bool minus = !plus && Skip('-');
    const char* start = at_;
    int64_t year = 0;
    while (!Done() && IsDigit(*at_) && at_ - start < 10) year = year * 10 + (*at_++ - '0');
    int64_t digits = at_ - start;
    if (digits < 4 || (plus && digits <= 4) || (!plus && !minus && digits > 4) || year > kMaxTimestampYear) {
      return false;
    }
    if (minus && year == 0) return false;
    *value = static_cast<int32_t>(minus ? -year : year);
    return true;
  }
  // "." and up to nine digits, if a "." is there; nanoseconds.
  bool Fraction(int32_t* nano) {
    *nano = 0;
    if (!Skip('.')) return true;
    int32_t unit = 100000000;
    while (!Done() && IsDigit(*at_) && unit > 0) {
      *nano += (*at_++ - '0') * unit;
      unit /= 10;
    }
    return true;
  }

 private:
  const char* at_;
  const char* end_;
};

// Checks ranges; with `smart` a day beyond the month's end (but not beyond 31) becomes its last day.
bool FixDate(CivilTime* civil, bool smart) {
  if (civil->month < 1 || civil->month > 12 || civil->day < 1 || civil->day > 31) return false;
  int32_t last = DaysInMonth(civil->year, civil->month);
  if (civil->day > last) {
    if (!smart) return false;
    civil->day = last;
  }
  return true;
}

// Checks ranges; with `smart` 24:00:00 is midnight of the next day.
std::optional<Timestamp> Assemble(CivilTime civil, bool smart) {
  if (civil.minute > 59 || civil.second > 59) return std::nullopt;
  if (civil.hour == 24 && smart && civil.minute == 0 && civil.second == 0 && civil.nano == 0) {
    civil.hour = 0;
    Timestamp midnight = TimestampFromCivil(civil);
    midnight.millis += kMillisPerDay;
    return midnight;
  }
  if (civil.hour > 23) return std::nullopt;
  return TimestampFromCivil(civil);
}

bool IsoDatePart(Scanner& scanner, CivilTime* civil) {
  return scanner.Year(&civil->year) && scanner.Skip('-') && scanner.Two(&civil->month) && scanner.Skip('-') &&
         scanner.Two(&civil->day);
}

bool TimePart(Scanner& scanner, bool seconds_optional, CivilTime* civil) {
  if (!scanner.Two(&civil->hour) || !scanner.Skip(':') || !scanner.Two(&civil->minute)) return false;
  if (!scanner.Skip(':')) return seconds_optional;
  return scanner.Two(&civil->second) && scanner.Fraction(&civil->nano);
}

std::optional<int64_t> ParseTimeOfDay(std::string_view text, bool seconds_optional, bool smart) {
  Scanner scanner(text);
  CivilTime civil;
  if (!TimePart(scanner, seconds_optional, &civil) || !scanner.Done()) return std::nullopt;
  std::optional<Timestamp> time = Assemble(civil, smart);
  if (!time) return std::nullopt;
  return time->millis % kMillisPerDay * 1000000 + time->nanos;
}

// Flink's rounding of a TIME's fraction: three digits, the fourth rounds; what is no digit counts as zero.
int32_t MillisOfFraction(std::string_view digits) {
  int32_t multiplier = 100;
  int32_t millis = 0;
  for (size_t i = 0; i < digits.size(); ++i) {
    millis += multiplier * (IsDigit(digits[i]) ? digits[i] - '0' : 0);
    if (multiplier < 10) {
      if (i + 1 < digits.size() && digits[i + 1] >= '5') ++millis;
      break;
    }
    multiplier /= 10;
  }
  return millis;
}

struct ZoneShift {
  int32_t sign = 0;
  int32_t hours = 0;
  int32_t minutes = 0;
};

// "+h[:m]" at the end of a TIME text, which is then taken off.
std::optional<ZoneShift> TakeZone(std::string_view* text) {
  ZoneShift shift;
  size_t sign = text->find('-');
  shift.sign = -1;
  if (sign == std::string_view::npos) {
    sign = text->find('+');
    shift.sign = 1;
  }
  if (sign == std::string_view::npos) return shift;
  std::string_view zone = text->substr(sign + 1);
  *text = text->substr(0, sign);
  size_t colon = zone.find(':');
  std::optional<int32_t> hours = TrimmedInt(zone.substr(0, colon));
  if (!hours) return std::nullopt;
  shift.hours = *hours;
  if (colon != std::string_view::npos) {
    std::optional<int32_t> minutes = TrimmedInt(zone.substr(colon + 1));
    if (!minutes) return std::nullopt;
    shift.minutes = *minutes;
  }
  return shift;
}

}  // namespace

std::optional<int32_t> ParseDate(std::string_view text) {
  size_t blank = text.find(' ');
  if (blank != std::string_view::npos && blank > 0) text = text.substr(0, blank);
  std::array<int32_t, 3> parts = {0, 1, 1};
  for (size_t i = 0; i < 3; ++i) {
    size_t hyphen = i < 2 ? text.find('-') : std::string_view::npos;
    std::optional<int32_t> part = TrimmedInt(text.substr(0, hyphen));
    if (!part) return std::nullopt;
    parts[i] = *part;
    if (hyphen == std::string_view::npos) break;
    text = text.substr(hyphen + 1);
  }
  CivilTime civil{parts[0], parts[1], parts[2], 0, 0, 0, 0};
  if (civil.year > 9999 || !FixDate(&civil, false)) return std::nullopt;
  return static_cast<int32_t>(DaysFromCivil(civil.year, civil.month, civil.day));
}

std::optional<int64_t> ParseTimeUnchecked(std::string_view text) {
  std::optional<ZoneShift> shift = TakeZone(&text);
  if (!shift) return std::nullopt;
  std::array<int64_t, 3> parts = {0, 0, 0};
  int64_t millis = 0;
  for (size_t i = 0; i < 3; ++i) {
    size_t colon = i < 2 ? text.find(':') : std::string_view::npos;
    std::string_view part = text.substr(0, colon);
    if (i == 2) {
      if (size_t dot = part.find('.'); dot != std::string_view::npos) {
        millis = MillisOfFraction(Trim(part.substr(dot + 1)));
        part = part.substr(0, dot);
      }
    }
    std::optional<int32_t> value = TrimmedInt(part);
    if (!value) return std::nullopt;
    parts[i] = *value;
    if (colon == std::string_view::npos) break;
    text = text.substr(colon + 1);
  }
  millis += (parts[0] + shift->sign * shift->hours) * kMillisPerHour +
            (parts[1] + shift->sign * shift->minutes) * kMillisPerMinute + parts[2] * kMillisPerSecond;
  return millis;
}

std::optional<int32_t> ParseTime(std::string_view text) {
  std::optional<int64_t> millis = ParseTimeUnchecked(text);
  if (!millis) return std::nullopt;
  return static_cast<int32_t>(*millis);
}

std::optional<Timestamp> ParseTimestamp(std::string_view text, int32_t precision) {
  Scanner scanner(text);
  CivilTime civil;
  if (!scanner.Year(&civil.year) || civil.year < 1 || !scanner.Skip('-') || !scanner.OneOrTwo(&civil.month) ||
      !scanner.Skip('-') || !scanner.OneOrTwo(&civil.day)) {
    return std::nullopt;
  }
  if (civil.month < 0) civil.month = 1;  // "2024--05": Java's optional digits may be missing
  if (civil.day < 0) civil.day = 1;
  if (!FixDate(&civil, true)) return std::nullopt;
  if (!scanner.Done()) {
    if (!scanner.Skip(' ') || !scanner.OneOrTwo(&civil.hour) || !scanner.Skip(':') ||
        !scanner.OneOrTwo(&civil.minute) || !scanner.Skip(':') || !scanner.OneOrTwo(&civil.second) ||
        !scanner.Fraction(&civil.nano) || !scanner.Done()) {
      return std::nullopt;
    }
    civil.hour = std::max(civil.hour, 0);
    civil.minute = std::max(civil.minute, 0);
    civil.second = std::max(civil.second, 0);
  }
  static constexpr std::array<int32_t, 10> kUnit = {1000000000, 100000000, 10000000, 1000000, 100000,
                                                    10000,      1000,      100,      10,      1};
  std::optional<Timestamp> timestamp = Assemble(civil, true);
  if (!timestamp || precision >= 9) return timestamp;
  civil.nano = civil.nano / kUnit[static_cast<size_t>(std::max(precision, 0))] *
               kUnit[static_cast<size_t>(std::max(precision, 0))];
  int64_t second = FloorDiv(timestamp->millis, 1000) * 1000;
  return Timestamp{second + civil.nano / 1000000, civil.nano % 1000000, 0};
}

std::optional<int32_t> ParseIsoDate(std::string_view text) {
  Scanner scanner(text);
  CivilTime civil;
  if (!IsoDatePart(scanner, &civil) || !scanner.Done() || !FixDate(&civil, false)) return std::nullopt;
  int64_t days = DaysFromCivil(civil.year, civil.month, civil.day);
  if (days != static_cast<int32_t>(days)) return std::nullopt;
  return static_cast<int32_t>(days);
}

std::optional<int64_t> ParseSqlTime(std::string_view text) { return ParseTimeOfDay(text, false, true); }

std::optional<int64_t> ParseIsoTime(std::string_view text) { return ParseTimeOfDay(text, true, false); }

std::optional<Timestamp> ParseTimestampForm(std::string_view text, TimestampForm form) {
  bool iso = form == TimestampForm::kIso || form == TimestampForm::kIsoUtc;
  bool utc = form == TimestampForm::kSqlUtc || form == TimestampForm::kIsoUtc;
  bool smart = form != TimestampForm::kIso;
  Scanner scanner(text);
  CivilTime civil;
  if (!IsoDatePart(scanner, &civil) || !FixDate(&civil, smart)) return std::nullopt;
  if (!scanner.Skip(iso ? 'T' : ' ') && !(form == TimestampForm::kIso && scanner.Skip('t'))) return std::nullopt;
  if (!TimePart(scanner, iso, &civil)) return std::nullopt;
  if (utc && !scanner.Skip('Z')) return std::nullopt;
  if (!scanner.Done()) return std::nullopt;
  return Assemble(civil, smart);
}

}  // namespace millrace
