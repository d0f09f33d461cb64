// Time zones: fixed offsets, and regions whose rules come from the system's tzdata through Hinnant's date library.
#include "types/time_zone.h"

#include <date/tz.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "types/date_time.h"
#include "types/posix_time_rule.h"

namespace millrace {
namespace {

// Instants at the ends of the range wrap instead of being undefined.
int64_t Plus(int64_t millis, int64_t offset) {
  return static_cast<int64_t>(static_cast<uint64_t>(millis) + static_cast<uint64_t>(offset));
}

class FixedZone final : public TimeZone {
 public:
  FixedZone(std::string name, int64_t offset_millis) : name_(std::move(name)), offset_millis_(offset_millis) {}
  int64_t UtcToLocal(int64_t utc_millis) const override { return Plus(utc_millis, offset_millis_); }
  int64_t LocalToUtc(int64_t local_millis) const override { return Plus(local_millis, -offset_millis_); }
  int64_t UtcToCalendar(int64_t utc_millis) const override { return Plus(utc_millis, offset_millis_); }
  int64_t CalendarToUtc(int64_t local_millis) const override { return Plus(local_millis, -offset_millis_); }
  const std::string& name() const override { return name_; }

 private:
  std::string name_;
  int64_t offset_millis_;
};

// From `begin` (UTC milliseconds) on, local time is UTC plus `offset`. The local bounds say from which wall-clock time
// on the interval holds, with the earlier and with the later reading of an overlap.
struct Interval {
  int64_t begin;
  int64_t offset;
  int64_t local_begin;
  int64_t local_begin_later;
};

// Nothing earlier is looked up; a Julian-era timestamp uses the zone's first offset (local mean time).
constexpr int64_t kForever = INT64_MIN;
// After this year the Gregorian calendar repeats what was computed: 400 years are a whole number of weeks.
constexpr int32_t kLastYear = 2437;
constexpr int64_t kMillisPer400Years = int64_t{146097} * kMillisPerDay;

constexpr int64_t kMillisOf1900 = -2208988800000;

class RegionZone final : public TimeZone {
 public:
  RegionZone(std::string name, std::vector<Interval> intervals, bool repeats)
      : name_(std::move(name)), intervals_(std::move(intervals)) {
    for (size_t i = 0; i < intervals_.size(); ++i) {
      Interval& interval = intervals_[i];
      int64_t before = i == 0 ? interval.offset : intervals_[i - 1].offset;
      interval.local_begin = i == 0 ? kForever : interval.begin + std::max(before, interval.offset);
      interval.local_begin_later = before > interval.offset ? interval.begin + interval.offset : interval.local_begin;
    }
    size_t last = intervals_.size() - 1;
    calendar_offset_ = intervals_[last].offset;
    if (repeats && last > 0) calendar_offset_ = std::min(calendar_offset_, intervals_[last - 1].offset);
    calendar_begin_ = last == 0 ? INT64_MIN : kMillisOf1900;
    if (repeats) repeat_after_ = intervals_.back().begin - int64_t{2} * 366 * kMillisPerDay;
  }

  int64_t UtcToLocal(int64_t utc_millis) const override {
    return Plus(utc_millis, intervals_[Find(Reduce(utc_millis), hint_utc_, &Interval::begin)].offset);
  }
  int64_t LocalToUtc(int64_t local_millis) const override {
    return Plus(local_millis, -intervals_[Find(Reduce(local_millis), hint_local_, &Interval::local_begin)].offset);
  }
  int64_t UtcToCalendar(int64_t utc_millis) const override {
    if (utc_millis < calendar_begin_) return Plus(utc_millis, calendar_offset_);
    return UtcToLocal(utc_millis);
  }
  int64_t CalendarToUtc(int64_t local_millis) const override {
    if (int64_t early = Plus(local_millis, -calendar_offset_); early < calendar_begin_) return early;
    return Plus(local_millis,
                -intervals_[Find(Reduce(local_millis), hint_later_, &Interval::local_begin_later)].offset);
  }
  const std::string& name() const override { return name_; }

 private:
  // The time in the computed years at which the zone is as it is then.
  int64_t Reduce(int64_t millis) const {
    if (millis < repeat_after_) return millis;
    return repeat_after_ - kMillisPer400Years + (millis - repeat_after_) % kMillisPer400Years;
  }

  size_t Find(int64_t millis, std::atomic<uint32_t>& hint, int64_t Interval::*bound) const {
    size_t last = hint.load(std::memory_order_relaxed);
    if (intervals_[last].*bound <= millis && (last + 1 == intervals_.size() || millis < intervals_[last + 1].*bound))
      return last;
    auto after = std::upper_bound(intervals_.begin(), intervals_.end(), millis,
                                  [bound](int64_t value, const Interval& interval) { return value < interval.*bound; });
    size_t index = after == intervals_.begin() ? 0 : static_cast<size_t>(after - intervals_.begin()) - 1;
    hint.store(static_cast<uint32_t>(index), std::memory_order_relaxed);
    return index;
  }

  std::string name_;
  std::vector<Interval> intervals_;
  int64_t repeat_after_ = INT64_MAX;
  int64_t calendar_begin_;   // java.util.Calendar knows transitions from here on
  int64_t calendar_offset_;  // and uses this offset before
  mutable std::atomic<uint32_t> hint_utc_{0};
  mutable std::atomic<uint32_t> hint_local_{0};
  mutable std::atomic<uint32_t> hint_later_{0};
};

std::string TzdataFolder() {
  const char* folder = std::getenv("TZDIR");
  return folder != nullptr && *folder != '\0' ? folder : "/usr/share/zoneinfo";
}

// The rule for the years after the last listed transition: the last line of the zone's file, e.g.
// "EST5EDT,M3.2.0,M11.1.0".
std::string RuleAfterLastTransition(const std::string& zone) {
  std::ifstream file(TzdataFolder() + "/" + zone, std::ios::binary);
  std::string content((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (content.size() < 2 || content.compare(0, 4, "TZif") != 0 || content.back() != '\n') return "";
  size_t start = content.rfind('\n', content.size() - 2);
  if (start == std::string::npos) return "";
  return content.substr(start + 1, content.size() - start - 2);
}

void Append(std::vector<Interval>& intervals, int64_t begin_seconds, std::chrono::seconds offset) {
  int64_t millis = offset.count() * 1000;
  if (!intervals.empty() && intervals.back().offset == millis) return;
  intervals.push_back({intervals.empty() ? kForever : begin_seconds * 1000, millis, 0, 0});
}

// Reads the listed transitions. False when the library does not know the zone.
bool ReadTransitions(const std::string& name, std::vector<Interval>& intervals, date::sys_seconds& last) {
  try {
    const date::time_zone* zone = date::locate_zone(name);
    date::sys_seconds at{std::chrono::seconds(-10000000000)};
    const date::sys_seconds limit{std::chrono::seconds(int64_t{(kLastYear - 1970)} * 31556952)};
    while (at < limit) {
      date::sys_info info = zone->get_info(at);
      Append(intervals, info.begin.time_since_epoch().count(), info.offset);
      last = std::max(info.begin, date::sys_seconds{});
      if (info.end <= at) break;
      at = info.end;
    }
    return !intervals.empty();
  } catch (const std::exception&) {
    return false;
  }
}

// Goes on with the zone's rule from the last listed transition to kLastYear. False when there is no summer-time rule.
bool ExtendByRule(const std::string& name, std::vector<Interval>& intervals, date::sys_seconds last) {
  std::optional<PosixRule> rule = PosixRule::Parse(RuleAfterLastTransition(name));
  if (!rule) return false;
  int64_t last_seconds = last.time_since_epoch().count();
  for (int64_t year = CivilFromDays(FloorDiv(last_seconds, 86400)).year; year <= kLastYear; ++year) {
    std::pair<int64_t, int32_t> changes[] = {
        {rule->to_summer.LocalSeconds(year) - rule->standard_offset, rule->summer_offset},
        {rule->to_standard.LocalSeconds(year) - rule->summer_offset, rule->standard_offset},
    };
    if (changes[1].first < changes[0].first) std::swap(changes[0], changes[1]);
    for (const auto& [seconds, offset] : changes) {
      if (seconds > last_seconds) Append(intervals, seconds, std::chrono::seconds(offset));
    }
  }
  return true;
}

// What java.time calls a normalised offset: "+08:00", "+05:30:15"; zero is "Z".
std::string OffsetText(int64_t seconds) {
  if (seconds == 0) return "Z";
  int64_t total = std::abs(seconds);
  auto two = [](int64_t v) { return std::string{static_cast<char>('0' + v / 10), static_cast<char>('0' + v % 10)}; };
  std::string text = (seconds < 0 ? "-" : "+") + two(total / 3600) + ":" + two(total / 60 % 60);
  if (total % 60 != 0) text += ":" + two(total % 60);
  return text;
}

// "+h", "+hh", "+hh:mm", "+hhmm", "+hh:mm:ss", "+hhmmss"; at most 18 hours. In seconds.
std::optional<int64_t> ParseOffset(std::string_view text) {
  if (text.size() < 2 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  std::string digits;
  for (size_t i = 1; i < text.size(); ++i) {
    if (text[i] == ':' && (i == 3 || i == 6)) continue;
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    digits += text[i];
  }
  bool colons = text.find(':') != std::string_view::npos;
  if (digits.size() == 1) digits.insert(0, "0");
  size_t parts = digits.size() / 2;
  if (digits.size() % 2 != 0 || parts > 3) return std::nullopt;
  if (colons && text.size() != parts * 3) return std::nullopt;
  int64_t unit = 3600;
  int64_t seconds = 0;
  for (size_t i = 0; i < parts; ++i) {
    int64_t part = (digits[i * 2] - '0') * 10 + digits[i * 2 + 1] - '0';
    if (i > 0 && part > 59) return std::nullopt;
    seconds += part * unit;
    unit /= 60;
  }
  if (seconds > 18 * 3600) return std::nullopt;
  return text[0] == '-' ? -seconds : seconds;
}

// "GMT+8", "GMT+8:00", "GMT+08:00", "GMT+0800" as java.util.TimeZone reads them, hours up to 23. In seconds.
std::optional<int64_t> ParseCustomId(std::string_view text) {
  if (!text.starts_with("GMT") || text.size() < 5 || (text[3] != '+' && text[3] != '-')) return std::nullopt;
  int64_t hours = 0;
  int64_t minutes = 0;
  std::string_view rest = text.substr(4);
  size_t colon = rest.find(':');
  std::string_view hour_text = rest.substr(0, colon);
  std::string_view minute_text = colon == std::string_view::npos ? std::string_view() : rest.substr(colon + 1);
  if (colon == std::string_view::npos && rest.size() > 2) {
    hour_text = rest.substr(0, rest.size() - 2);
    minute_text = rest.substr(rest.size() - 2);
  } else if (colon != std::string_view::npos && minute_text.size() != 2) {
    return std::nullopt;
  }
  auto parse = [](std::string_view digits, int64_t& value) {
    if (digits.empty()) return true;
    if (digits.size() > 2) return false;
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return error == std::errc() && end == digits.data() + digits.size() && digits[0] != '-';
  };
  if (hour_text.empty() || !parse(hour_text, hours) || !parse(minute_text, minutes)) return std::nullopt;
  if (hours > 23 || minutes > 59) return std::nullopt;
  int64_t seconds = hours * 3600 + minutes * 60;
  return text[3] == '-' ? -seconds : seconds;
}

// A name that cannot leave the zone folder and looks like a region.
bool LooksLikeRegion(std::string_view name) {
  if (name.empty() || name.front() == '/' || name.find("..") != std::string_view::npos) return false;
  return std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '/' || c == '_' || c == '-' || c == '+' || c == '.';
  });
}

// Every zone that was ever asked for, by the name it was asked by.
class Registry {
 public:
  static Registry& Instance() {
    static auto* registry = new Registry();
    return *registry;
  }

  const TimeZone* Fixed(const std::string& name, int64_t seconds) {
    std::lock_guard lock(mutex_);
    auto& zone = zones_[name];
    if (zone == nullptr) zone = std::make_unique<FixedZone>(name, seconds * 1000);
    return zone.get();
  }

  // Null when there is no such region.
  const TimeZone* Region(std::string_view name) {
    std::lock_guard lock(mutex_);
    auto found = zones_.find(name);
    if (found != zones_.end()) return found->second.get();
    if (!LooksLikeRegion(name)) return nullptr;
    std::string key(name);
    std::vector<Interval> intervals;
    date::sys_seconds last{};
    if (!ReadTransitions(key, intervals, last)) return nullptr;
    bool repeats = ExtendByRule(key, intervals, last);
    return (zones_[key] = std::make_unique<RegionZone>(key, std::move(intervals), repeats)).get();
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<TimeZone>, std::less<>> zones_;
};

// The short names that java.util.TimeZone still knows.
std::string_view OldName(std::string_view name) {
  static const std::map<std::string_view, std::string_view> names = {
      {"ACT", "Australia/Darwin"},
      {"AET", "Australia/Sydney"},
      {"AGT", "America/Argentina/Buenos_Aires"},
      {"ART", "Africa/Cairo"},
      {"AST", "America/Anchorage"},
      {"BET", "America/Sao_Paulo"},
      {"BST", "Asia/Dhaka"},
      {"CAT", "Africa/Harare"},
      {"CNT", "America/St_Johns"},
      {"CST", "America/Chicago"},
      {"CTT", "Asia/Shanghai"},
      {"EAT", "Africa/Addis_Ababa"},
      {"ECT", "Europe/Paris"},
      {"IET", "America/Indiana/Indianapolis"},
      {"IST", "Asia/Kolkata"},
      {"JST", "Asia/Tokyo"},
      {"MIT", "Pacific/Apia"},
      {"NET", "Asia/Yerevan"},
      {"NST", "Pacific/Auckland"},
      {"PLT", "Asia/Karachi"},
      {"PNT", "America/Phoenix"},
      {"PRT", "America/Puerto_Rico"},
      {"PST", "America/Los_Angeles"},
      {"SST", "Pacific/Guadalcanal"},
      {"VST", "Asia/Ho_Chi_Minh"},
      {"EST", "America/Panama"},
      {"MST", "America/Phoenix"},
      {"HST", "Pacific/Honolulu"},
  };
  auto found = names.find(name);
  return found == names.end() ? std::string_view() : found->second;
}

}  // namespace

const TimeZone* TimeZone::Utc() {
  static const TimeZone* utc = Registry::Instance().Fixed("UTC", 0);
  return utc;
}

Result<const TimeZone*> TimeZone::Find(std::string_view name) {
  if (name == "UTC" || name == "Z" || name == "GMT" || name == "UT") {
    return name == "UTC" ? Utc() : Registry::Instance().Fixed(std::string(name), 0);
  }
  std::string_view prefix;
  for (std::string_view candidate : {"UTC", "GMT", "UT"}) {
    if (name.starts_with(candidate) && name.size() > candidate.size() &&
        (name[candidate.size()] == '+' || name[candidate.size()] == '-')) {
      prefix = candidate;
      break;
    }
  }
  if (std::optional<int64_t> seconds = ParseOffset(name.substr(prefix.size()))) {
    std::string text = OffsetText(*seconds);
    if (prefix.empty()) return Registry::Instance().Fixed(text, *seconds);
    return Registry::Instance().Fixed(std::string(prefix) + (*seconds == 0 ? "" : text), *seconds);
  }
  if (prefix.empty()) {
    if (const TimeZone* zone = Registry::Instance().Region(name)) return zone;
  }
  return UserError("time_zone.unknown", "unknown time zone '" + std::string(name) + "'",
                   "use a region such as 'Asia/Shanghai', 'UTC', or an offset such as 'GMT+08:00'");
}

const TimeZone* TimeZone::FindOrUtc(std::string_view name) {
  if (std::string_view region = OldName(name); !region.empty()) name = region;
  if (std::optional<int64_t> seconds = ParseCustomId(name)) {
    std::string text = *seconds == 0 ? "GMT" : "GMT" + OffsetText(*seconds);
    return Registry::Instance().Fixed(text, *seconds);
  }
  if (name.starts_with("GMT") || name == "Z" || name == "UTC") return Utc();
  const TimeZone* zone = Registry::Instance().Region(name);
  return zone != nullptr ? zone : Utc();
}

}  // namespace millrace
