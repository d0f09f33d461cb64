// Time zones by IANA name or offset ("Asia/Shanghai", "UTC", "GMT+08:00"), as table.local-time-zone takes them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace millrace {

// Immutable; lives for ever; compare by address. Conversions never fail. Safe to use from several threads.
class TimeZone {
 public:
  virtual ~TimeZone() = default;
  // Local wall-clock milliseconds of an instant.
  virtual int64_t UtcToLocal(int64_t utc_millis) const = 0;
  // The instant of a local time; in a spring gap it moves forward by the gap, in an autumn overlap the earlier offset
  // holds (Java's rule).
  virtual int64_t LocalToUtc(int64_t local_millis) const = 0;
  // The same two as java.util.Calendar and SimpleDateFormat have them (UNIX_TIMESTAMP, FROM_UNIXTIME, CONVERT_TZ): in
  // an autumn overlap the later offset holds, and before 1900 the zone's standard offset of today.
  virtual int64_t UtcToCalendar(int64_t utc_millis) const = 0;
  virtual int64_t CalendarToUtc(int64_t local_millis) const = 0;
  virtual const std::string& name() const = 0;

  static const TimeZone* Utc();
  // By the rules of java.time.ZoneId: region names and "Z", "+h", "+hh:mm", "+hhmm", "+hh:mm:ss", also after UTC, GMT
  // or UT. Fails with code "time_zone.unknown".
  static Result<const TimeZone*> Find(std::string_view name);
  // By the rules of java.util.TimeZone.getTimeZone, for CONVERT_TZ: region names, old three-letter names ("PST"),
  // "GMT+8:00"; anything else is UTC.
  static const TimeZone* FindOrUtc(std::string_view name);
};

}  // namespace millrace
