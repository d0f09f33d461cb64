// Parses POSIX time zone rules and dates their changes.
#include "types/posix_time_rule.h"

#include "types/date_time.h"

namespace millrace {
namespace {

class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) {}
  bool Done() const { return at_ == text_.size(); }
  bool Skip(char c) {
    if (Done() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool Name() {
    size_t start = at_;
    if (Skip('<')) {
      while (!Done() && text_[at_] != '>') ++at_;
      return Skip('>');
    }
    while (!Done() && ((text_[at_] >= 'A' && text_[at_] <= 'Z') || (text_[at_] >= 'a' && text_[at_] <= 'z'))) ++at_;
    return at_ - start >= 3;
  }
  std::optional<int32_t> Number() {
    size_t start = at_;
    int32_t value = 0;
    while (!Done() && text_[at_] >= '0' && text_[at_] <= '9' && at_ - start < 6)
      value = value * 10 + (text_[at_++] - '0');
    if (at_ == start) return std::nullopt;
    return value;
  }
  // [+-]hh[:mm[:ss]] in seconds.
  std::optional<int32_t> Time() {
    int32_t sign = Skip('-') ? -1 : 1;
    Skip('+');
    int32_t seconds = 0;
    for (int32_t unit = 3600; unit > 0; unit /= 60) {
      if (unit < 3600 && !Skip(':')) break;
      std::optional<int32_t> part = Number();
      if (!part) return std::nullopt;
      seconds += *part * unit;
    }
    return sign * seconds;
  }
  std::optional<PosixChange> Change() {
    PosixChange change;
    std::optional<int32_t> first;
    if (Skip('M')) {
      first = Number();
      if (!first || *first < 1 || *first > 12 || !Skip('.')) return std::nullopt;
      change.month = *first;
      std::optional<int32_t> week = Number();
      if (!week || !Skip('.')) return std::nullopt;
      change.week = *week;
      first = Number();
    } else {
      change.kind = Skip('J') ? PosixChange::Kind::kDayWithoutLeap : PosixChange::Kind::kDayOfYear;
      first = Number();
    }
    if (!first) return std::nullopt;
    change.day = *first;
    if (Skip('/')) {
      std::optional<int32_t> time = Time();
      if (!time) return std::nullopt;
      change.seconds = *time;
    }
    return change;
  }

 private:
  std::string_view text_;
  size_t at_ = 0;
};

}  // namespace

int64_t PosixChange::LocalSeconds(int64_t year) const {
  int64_t days = DaysFromCivil(year, 1, 1);
  switch (kind) {
    case Kind::kDayOfYear:
      days += day;
      break;
    case Kind::kDayWithoutLeap:
      days += day - 1 + (IsLeapYear(year) && day > 59 ? 1 : 0);
      break;
    case Kind::kMonthWeekDay: {
      int64_t first = DaysFromCivil(year, month, 1);
      int64_t offset = FloorMod(day - (first + 4), 7) + int64_t{week - 1} * 7;
      if (offset >= DaysInMonth(year, month)) offset -= 7;
      days = first + offset;
      break;
    }
  }
  return days * 86400 + seconds;
}

std::optional<PosixRule> PosixRule::Parse(std::string_view text) {
  Cursor cursor(text);
  PosixRule rule;
  if (!cursor.Name()) return std::nullopt;
  std::optional<int32_t> standard = cursor.Time();
  if (!standard || !cursor.Name()) return std::nullopt;
  rule.standard_offset = -*standard;
  rule.summer_offset = rule.standard_offset + 3600;
  if (!cursor.Skip(',')) {
    std::optional<int32_t> summer = cursor.Time();
    if (!summer || !cursor.Skip(',')) return std::nullopt;
    rule.summer_offset = -*summer;
  }
  std::optional<PosixChange> to_summer = cursor.Change();
  if (!to_summer || !cursor.Skip(',')) return std::nullopt;
  std::optional<PosixChange> to_standard = cursor.Change();
  if (!to_standard || !cursor.Done()) return std::nullopt;
  rule.to_summer = *to_summer;
  rule.to_standard = *to_standard;
  return rule;
}

}  // namespace millrace
