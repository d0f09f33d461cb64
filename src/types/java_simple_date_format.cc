// SimpleDateFormat: numbers are read leniently and roll over, text after the pattern's end is ignored.
#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <vector>

#include "base/clock.h"
#include "types/date_time.h"
#include "types/java_date_format.h"
#include "types/java_date_pattern.h"

namespace millrace {

struct SimpleToken {
  char letter = 0;  // 0: literal
  int32_t count = 0;
  bool obey_count = false;  // a number follows at once, so that only `count` characters are read
  std::string literal = {};
};

struct SimpleDatePattern {
  std::vector<SimpleToken> tokens;
  int32_t century_start = 1950;      // two-digit years are this year or up to 99 years later
  int64_t century_start_millis = 0;  // and of this year itself only what comes after this moment
};

namespace {

constexpr int64_t kCutoverDays = -141427;  // 1582-10-15, the first Gregorian day

// The Julian calendar, by shifting into the Gregorian algorithms' March-based years without the century rule.
int64_t DaysFromJulian(int64_t year, int32_t month, int64_t day) {
  int64_t y = month <= 2 ? year - 1 : year;
  int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return y * 365 + FloorDiv(y, 4) + day_of_year - 719470;
}

CivilDate JulianFromDays(int64_t days) {
  int64_t z = days + 719470;
  int64_t cycle = FloorDiv(z, 1461);
  int64_t in_cycle = z - cycle * 1461;
  int64_t year_of_cycle = (in_cycle - in_cycle / 1460) / 365;
  int64_t day_of_year = in_cycle - year_of_cycle * 365;
  int64_t shifted = (5 * day_of_year + 2) / 153;
  auto day = static_cast<int32_t>(day_of_year - (153 * shifted + 2) / 5 + 1);
  auto month = static_cast<int32_t>(shifted < 10 ? shifted + 3 : shifted - 9);
  return {static_cast<int32_t>(cycle * 4 + year_of_cycle + (month <= 2 ? 1 : 0)), month, day};
}

CivilDate DateOf(int64_t days) { return days >= kCutoverDays ? CivilFromDays(days) : JulianFromDays(days); }

// Months and days may be out of range.
int64_t DaysOf(int64_t year, int64_t month, int64_t day) {
  int64_t month_index = year * 12 + month - 1;
  int64_t y = FloorDiv(month_index, 12);
  auto m = static_cast<int32_t>(month_index - y * 12 + 1);
  int64_t gregorian = DaysFromCivil(y, m, 1) + day - 1;
  return gregorian >= kCutoverDays ? gregorian : DaysFromJulian(y, m, day);
}

// American weeks, as LocalWeekOf, over both calendars.
LocalWeek WeekOf(int64_t days) {
  int64_t sunday = days - FloorMod(days + 4, 7);
  int32_t year = DateOf(sunday + 6).year;
  int64_t first = DaysOf(year, 1, 1);
  return {year, static_cast<int32_t>((sunday - (first - FloorMod(first + 4, 7))) / 7 + 1)};
}

bool IsNumber(char letter, int32_t count) {
  if (letter == 'M' || letter == 'L') return count <= 2;
  return letter != 0 && std::string_view("yYdHhkKmsSDFwWu").find(letter) != std::string_view::npos;
}

Result<SimpleDatePattern> CompileSimple(std::string_view pattern) {
  SimpleDatePattern compiled;
  auto literal = [&](char c) {
    if (compiled.tokens.empty() || compiled.tokens.back().letter != 0) compiled.tokens.emplace_back();
    compiled.tokens.back().literal += c;
  };
  for (size_t at = 0; at < pattern.size();) {
    char c = pattern[at];
    if (c == '\'') {
      if (at + 1 < pattern.size() && pattern[at + 1] == '\'') {
        literal('\'');
        at += 2;
        continue;
      }
      bool closed = false;
      for (++at; at < pattern.size() && !closed; ++at) {
        if (pattern[at] != '\'') {
          literal(pattern[at]);
        } else if (at + 1 < pattern.size() && pattern[at + 1] == '\'') {
          literal('\'');
          ++at;
        } else {
          closed = true;
        }
      }
      if (!closed)
        return UserError("date_format.pattern",
                         "invalid date pattern '" + std::string(pattern) + "': a quote is not closed");
    } else if (std::isalpha(static_cast<unsigned char>(c)) != 0) {
      if (std::string_view("GyMdkHmsSEDFwWahKzZYuXL").find(c) == std::string_view::npos) {
        return UserError("date_format.pattern",
                         "invalid date pattern '" + std::string(pattern) + "': illegal pattern character '" + c + "'",
                         "patterns follow java.text.SimpleDateFormat, e.g. 'yyyy-MM-dd HH:mm:ss'");
      }
      size_t start = at;
      while (at < pattern.size() && pattern[at] == c) ++at;
      compiled.tokens.push_back({c, static_cast<int32_t>(at - start)});
      if (c == 'X' && at - start > 3) {
        return UserError("date_format.pattern",
                         "invalid date pattern '" + std::string(pattern) + "': at most three letters 'X'");
      }
    } else {
      literal(c);
      ++at;
    }
  }
  for (size_t i = 0; i + 1 < compiled.tokens.size(); ++i) {
    compiled.tokens[i].obey_count = IsNumber(compiled.tokens[i + 1].letter, compiled.tokens[i + 1].count);
  }
  return compiled;
}

void AppendPadded(std::string* out, int64_t value, int32_t width) {
  if (value < 0) {
    out->push_back('-');
    value = -value;
  }
  char digits[24];
  auto count = static_cast<int32_t>(std::to_chars(digits, digits + sizeof(digits), value).ptr - digits);
  for (int32_t i = count; i < width; ++i) out->push_back('0');
  out->append(digits, static_cast<size_t>(count));
}

// "+08:00", "+0800" or "+08".
void AppendOffset(std::string* out, int64_t offset_millis, bool minutes, bool colon) {
  int64_t total = (offset_millis < 0 ? -offset_millis : offset_millis) / kMillisPerMinute;
  out->push_back(offset_millis < 0 ? '-' : '+');
  AppendPadded(out, total / 60, 2);
  if (!minutes) return;
  if (colon) out->push_back(':');
  AppendPadded(out, total % 60, 2);
}

struct Moment {
  int64_t local_millis;
  int64_t offset_millis;
  int64_t days;
  CivilDate date;
};

void AppendToken(const SimpleToken& token, const Moment& moment, std::string* out) {
  int64_t of_day = moment.local_millis - moment.days * kMillisPerDay;
  int64_t hour = of_day / kMillisPerHour;
  int64_t year = moment.date.year >= 1 ? moment.date.year : 1 - int64_t{moment.date.year};
  int32_t count = token.count;
  switch (token.letter) {
    case 0:
      out->append(token.literal);
      return;
    case 'G':
      out->append(moment.date.year >= 1 ? "AD" : "BC");
      return;
    case 'y':
      return count == 2 ? AppendPadded(out, year % 100, 2) : AppendPadded(out, year, count);
    case 'Y': {
      int64_t week_year = WeekOf(moment.days).year;
      return count == 2 ? AppendPadded(out, week_year % 100, 2) : AppendPadded(out, week_year, count);
    }
    case 'M':
    case 'L':
      if (count <= 2) return AppendPadded(out, moment.date.month, count);
      out->append(
          DateName(DateField::kMonth, count == 3 ? NameStyle::kShort : NameStyle::kFull, moment.date.month - 1));
      return;
    case 'd':
      return AppendPadded(out, moment.date.day, count);
    case 'H':
      return AppendPadded(out, hour, count);
    case 'k':
      return AppendPadded(out, hour == 0 ? 24 : hour, count);
    case 'K':
      return AppendPadded(out, hour % 12, count);
    case 'h':
      return AppendPadded(out, hour % 12 == 0 ? 12 : hour % 12, count);
    case 'm':
      return AppendPadded(out, of_day / kMillisPerMinute % 60, count);
    case 's':
      return AppendPadded(out, of_day / 1000 % 60, count);
    case 'S':
      return AppendPadded(out, of_day % 1000, count);
    case 'a':
      out->append(hour < 12 ? "AM" : "PM");
      return;
    case 'E':
      out->append(DateName(DateField::kDayOfWeek, count < 4 ? NameStyle::kShort : NameStyle::kFull,
                           static_cast<int32_t>(FloorMod(moment.days + 3, 7))));
      return;
    case 'u':
      return AppendPadded(out, FloorMod(moment.days + 3, 7) + 1, count);
    case 'D':
      return AppendPadded(out, moment.days - DaysOf(moment.date.year, 1, 1) + 1, count);
    case 'F':
      return AppendPadded(out, (moment.date.day - 1) / 7 + 1, count);
    case 'w':
      return AppendPadded(out, WeekOf(moment.days).week, count);
    case 'W': {
      int64_t first = moment.days - moment.date.day + 1;
      return AppendPadded(out, (moment.date.day - 1 + FloorMod(first + 4, 7)) / 7 + 1, count);
    }
    case 'z':
      out->append(moment.offset_millis == 0 ? "UTC" : "GMT");
      if (moment.offset_millis != 0) AppendOffset(out, moment.offset_millis, true, true);
      return;
    case 'Z':
      return AppendOffset(out, moment.offset_millis, true, false);
    case 'X':
      if (moment.offset_millis == 0) return out->push_back('Z');
      return AppendOffset(out, moment.offset_millis, count > 1, count == 3);
    default:
      return;  // CompileSimple lets no other letter through
  }
}

// What was read. Of competing fields the later counts, so that they carry the order of their reading.
struct SimpleFields {
  std::optional<int64_t> year, month, day, day_of_year, week_year, week_of_year, weekday, hour, half_day_hour, half_day,
      minute, second, millis, offset;
  bool before_christ = false;
  bool first_of_century = false;  // the two-digit year is century_start or a century later
  bool day_of_year_last = false;
  bool week_year_last = false;
  int32_t hour_order = 0;
  int32_t half_day_hour_order = 0;
  int32_t half_day_order = 0;
};

class SimpleReader {
 public:
  SimpleReader(std::string_view text, const SimpleDatePattern& pattern) : text_(text), pattern_(pattern) {}

  bool Read() {
    for (const SimpleToken& token : pattern_.tokens) {
      if (token.letter == 0) {
        if (text_.substr(at_, token.literal.size()) != token.literal) return false;
        at_ += token.literal.size();
      } else if (!ReadField(token)) {
        return false;
      }
    }
    return true;
  }
  const SimpleFields& fields() const { return fields_; }

 private:
  bool ReadField(const SimpleToken& token) {
    start_ = at_;
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
    if (at_ >= text_.size()) return false;
    switch (token.letter) {
      case 'G':
        return ReadEra();
      case 'E':
        return ReadName(DateField::kDayOfWeek, &fields_.weekday);
      case 'a':
        return ReadName(DateField::kAmPm, &fields_.half_day) && (fields_.half_day_order = ++order_) > 0;
      case 'z':
      case 'Z':
        return ReadZone();
      case 'X':
        return ReadIsoZone(token.count);
      case 'M':
      case 'L':
        if (token.count > 2) {
          return ReadName(DateField::kMonth, &fields_.month);
        }
        return ReadNumber(token);
      default:
        return ReadNumber(token);
    }
  }

  // Java's NumberFormat: an optional minus and digits, at most `most` characters.
  bool TakeNumber(const SimpleToken& token, int64_t* value) {
    size_t end = text_.size();
    if (token.obey_count) {
      end = start_ + static_cast<size_t>(token.count);  // blanks before the number count too
      if (end > text_.size()) return false;
    }
    size_t start = at_;
    bool negative = start < end && text_[start] == '-';
    if (negative) ++start;
    size_t i = start;
    *value = 0;
    for (; i < end && text_[i] >= '0' && text_[i] <= '9'; ++i) {
      if (*value < int64_t{1} << 40) *value = *value * 10 + (text_[i] - '0');
    }
    if (i == start) return false;
    if (negative) *value = -*value;
    *value = static_cast<int32_t>(*value);
    digits_ = i - at_;
    at_ = i;
    return true;
  }

  bool ReadNumber(const SimpleToken& token) {
    int64_t value = 0;
    if (!TakeNumber(token, &value)) return false;
    switch (token.letter) {
      case 'y':
      case 'Y':
        if (token.count <= 2 && digits_ == 2 && value >= 0) {
          int64_t start = pattern_.century_start % 100;
          fields_.first_of_century = value == start;
          value += pattern_.century_start / 100 * 100 + (value < start ? 100 : 0);
        }
        (token.letter == 'y' ? fields_.year : fields_.week_year) = value;
        fields_.week_year_last = token.letter == 'Y';
        return true;
      case 'M':
      case 'L':
        fields_.month = value;
        return true;
      case 'd':
        fields_.day = value;
        fields_.day_of_year_last = false;
        return true;
      case 'D':
        fields_.day_of_year = value;
        fields_.day_of_year_last = true;
        return true;
      case 'w':
        fields_.week_of_year = value;
        return true;
      case 'u':
        fields_.weekday = value;
        return true;
      case 'H':
        fields_.hour = value;
        fields_.hour_order = ++order_;
        return true;
      case 'k':
        fields_.hour = value == 24 ? 0 : value;
        fields_.hour_order = ++order_;
        return true;
      case 'K':
        fields_.half_day_hour = value;
        fields_.half_day_hour_order = ++order_;
        return true;
      case 'h':
        fields_.half_day_hour = value == 12 ? 0 : value;
        fields_.half_day_hour_order = ++order_;
        return true;
      case 'm':
        fields_.minute = value;
        return true;
      case 's':
        fields_.second = value;
        return true;
      case 'S':
        fields_.millis = value;
        return true;
      default:
        return true;  // F and W say nothing beside a day of the month
    }
  }

  static bool SameLetters(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
  }

  // Full or short names in any case; months and weekdays count from 1, AM is 0.
  bool ReadName(DateField field, std::optional<int64_t>* value) {
    if (at_ != start_) return false;  // Java skips blanks only before numbers
    size_t length = 0;
    for (int32_t i = 0; i < DateNameCount(field); ++i) {
      for (NameStyle style : {NameStyle::kFull, NameStyle::kShort}) {
        std::string_view name = DateName(field, style, i);
        if (name.size() <= length || !SameLetters(text_.substr(at_, name.size()), name)) continue;
        *value = field == DateField::kAmPm ? i : i + 1;
        length = name.size();
      }
    }
    at_ += length;
    return length > 0;
  }

  bool ReadEra() {
    if (at_ != start_) return false;
    std::string_view era = text_.substr(at_, 2);
    if (!SameLetters(era, "AD") && !SameLetters(era, "BC")) return false;
    fields_.before_christ = SameLetters(era, "BC");
    at_ += 2;
    return true;
  }

  std::optional<int64_t> TakeTwoDigits() {
    if (at_ + 2 > text_.size() || std::isdigit(static_cast<unsigned char>(text_[at_])) == 0 ||
        std::isdigit(static_cast<unsigned char>(text_[at_ + 1])) == 0) {
      return std::nullopt;
    }
    int64_t value = (text_[at_] - '0') * 10 + text_[at_ + 1] - '0';
    at_ += 2;
    return value;
  }

  // "+hhmm", "GMT+hh:mm", "UTC" or a zone's name.
  bool ReadZone() {
    size_t end = at_;
    while (end < text_.size() &&
           (std::isalpha(static_cast<unsigned char>(text_[end])) != 0 || text_[end] == '/' || text_[end] == '_'))
      ++end;
    std::string_view name = text_.substr(at_, end - at_);
    if (!name.empty() && !SameLetters(name, "GMT") && !SameLetters(name, "UTC") && !SameLetters(name, "UT")) {
      zone_ = TimeZone::FindOrUtc(name);
      if (zone_ == TimeZone::Utc()) return false;
      at_ = end;
      return true;
    }
    at_ = end;
    fields_.offset = 0;
    if (at_ >= text_.size() || (text_[at_] != '+' && text_[at_] != '-')) return !name.empty();
    return ReadOffset(true, !name.empty());
  }

  bool ReadIsoZone(int32_t count) {
    if (text_[at_] == 'Z') {
      ++at_;
      fields_.offset = 0;
      return true;
    }
    return ReadOffset(count > 1, count == 3);
  }

  bool ReadOffset(bool minutes, bool colon) {
    int64_t sign = text_[at_] == '-' ? -1 : 1;
    if (text_[at_] != '+' && text_[at_] != '-') return false;
    ++at_;
    std::optional<int64_t> hours = TakeTwoDigits();
    if (!hours || *hours > 23) return false;
    int64_t total = *hours * 60;
    if (minutes) {
      bool has_colon = at_ < text_.size() && text_[at_] == ':';
      if (has_colon != colon) return false;
      if (has_colon) ++at_;
      std::optional<int64_t> rest = TakeTwoDigits();
      if (!rest || *rest > 59) return false;
      total += *rest;
    }
    fields_.offset = sign * total * kMillisPerMinute;
    return true;
  }

 public:
  const TimeZone* zone() const { return zone_; }

 private:
  std::string_view text_;
  const SimpleDatePattern& pattern_;
  size_t at_ = 0;
  size_t start_ = 0;  // of the current field
  int32_t order_ = 0;
  size_t digits_ = 0;  // characters of the last number
  SimpleFields fields_;
  const TimeZone* zone_ = nullptr;
};

// An hour of the half day counts when AM or PM was read too and either of them after the hour of the day.
int64_t HourOf(const SimpleFields& f) {
  int64_t half = f.half_day_hour.value_or(0) + 12 * f.half_day.value_or(0);
  if (!f.hour) return half;
  bool complete = f.half_day_hour && f.half_day;
  return complete && std::max(f.half_day_hour_order, f.half_day_order) > f.hour_order ? half : *f.hour;
}

int64_t LocalMillis(const SimpleFields& f) {
  int64_t days = 0;
  int64_t year = f.year.value_or(1970);
  if (f.before_christ) year = 1 - year;
  if (f.week_year && f.week_year_last) {
    int64_t first = DaysOf(*f.week_year, 1, 1);
    int64_t weekday = f.weekday ? *f.weekday % 7 : 0;  // from Sunday
    days = first - FloorMod(first + 4, 7) + (f.week_of_year.value_or(1) - 1) * 7 + weekday;
  } else if (f.day_of_year && (f.day_of_year_last || !f.day)) {
    days = DaysOf(year, 1, 1) + *f.day_of_year - 1;
  } else {
    days = DaysOf(year, f.month.value_or(1), f.day.value_or(1));
    if (f.weekday && !f.day) days += FloorMod(*f.weekday - 1 - (days + 3), 7);  // the first such day of the month
  }
  // Java's arithmetic wraps, and so do absurd dates here.
  auto product = [](int64_t value, int64_t unit) { return static_cast<uint64_t>(value) * static_cast<uint64_t>(unit); };
  return static_cast<int64_t>(product(days, kMillisPerDay) + product(HourOf(f), kMillisPerHour) +
                              product(f.minute.value_or(0), kMillisPerMinute) + product(f.second.value_or(0), 1000) +
                              static_cast<uint64_t>(f.millis.value_or(0)));
}

}  // namespace

Result<JavaSimpleDateFormat> JavaSimpleDateFormat::Compile(std::string_view pattern, int64_t now_millis) {
  MR_ASSIGN(SimpleDatePattern compiled, CompileSimple(pattern));
  compiled.century_start_millis = AddMonthsToMillis(now_millis, -80 * 12);
  compiled.century_start = CivilFromTimestamp(TimestampFromMillis(compiled.century_start_millis)).year;
  return JavaSimpleDateFormat(std::make_shared<const SimpleDatePattern>(std::move(compiled)));
}

Result<JavaSimpleDateFormat> JavaSimpleDateFormat::Compile(std::string_view pattern) {
  return Compile(pattern, Clock::System()->NowMillis());
}

void JavaSimpleDateFormat::Format(int64_t utc_millis, const TimeZone& zone, std::string* out) const {
  int64_t local = zone.UtcToCalendar(utc_millis);
  int64_t days = FloorDiv(local, kMillisPerDay);
  Moment moment{local, local - utc_millis, days, DateOf(days)};
  for (const SimpleToken& token : pattern_->tokens) AppendToken(token, moment, out);
}

std::optional<int64_t> JavaSimpleDateFormat::Parse(std::string_view text, const TimeZone& zone) const {
  SimpleReader reader(text, *pattern_);
  if (!reader.Read()) return std::nullopt;
  SimpleFields fields = reader.fields();
  auto instant = [&] {
    int64_t local = LocalMillis(fields);
    if (reader.zone() != nullptr) return reader.zone()->CalendarToUtc(local);
    if (!fields.offset) return zone.CalendarToUtc(local);
    return static_cast<int64_t>(static_cast<uint64_t>(local) - static_cast<uint64_t>(*fields.offset));
  };
  int64_t millis = instant();
  if (fields.first_of_century && fields.year && millis < pattern_->century_start_millis) {
    fields.year = *fields.year + 100;
    millis = instant();
  }
  return millis;
}

}  // namespace millrace
