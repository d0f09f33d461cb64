// Date patterns of Java in English: DateTimeFormatter (DATE_FORMAT of timestamps, TO_TIMESTAMP) and SimpleDateFormat
// (FROM_UNIXTIME, UNIX_TIMESTAMP, TO_DATE with a format, DATE_FORMAT of texts, CONVERT_TZ). A pattern is compiled once;
// the compiled form is immutable and may be shared between threads. Source: the class documentation of JDK 17.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "types/physical.h"
#include "types/time_zone.h"

namespace millrace {

struct DatePattern;        // compiled DateTimeFormatter pattern
struct SimpleDatePattern;  // compiled SimpleDateFormat pattern

// java.time.format.DateTimeFormatter.ofPattern(pattern, Locale.US), resolver style SMART.
class JavaDateFormat {
 public:
  // Fails with code "date_format.pattern".
  static Result<JavaDateFormat> Compile(std::string_view pattern);

  // Appends the text of a local date and time; fails with code "date_format.field" for patterns with a time zone or
  // offset.
  Status Format(Timestamp local, std::string* out) const;
  // Reads a whole text. What the pattern does not give is 1970, January, the 1st, 0 o'clock; the fraction is cut to
  // `precision` digits.
  std::optional<Timestamp> Parse(std::string_view text, int32_t precision) const;

 private:
  explicit JavaDateFormat(std::shared_ptr<const DatePattern> pattern) : pattern_(std::move(pattern)) {}
  std::shared_ptr<const DatePattern> pattern_;
};

// java.text.SimpleDateFormat(pattern, Locale.US), lenient, with the Julian calendar before 1582-10-15.
class JavaSimpleDateFormat {
 public:
  // `now_millis` places two-digit years: from 80 years before it. Fails with code "date_format.pattern".
  static Result<JavaSimpleDateFormat> Compile(std::string_view pattern, int64_t now_millis);
  static Result<JavaSimpleDateFormat> Compile(std::string_view pattern);  // now: the system's clock

  void Format(int64_t utc_millis, const TimeZone& zone, std::string* out) const;
  // Reads the front of a text; what follows is ignored. UTC milliseconds.
  std::optional<int64_t> Parse(std::string_view text, const TimeZone& zone) const;

 private:
  explicit JavaSimpleDateFormat(std::shared_ptr<const SimpleDatePattern> pattern) : pattern_(std::move(pattern)) {}
  std::shared_ptr<const SimpleDatePattern> pattern_;
};

// TO_TIMESTAMP(text, format): the pattern, cut to milliseconds; a text that does not match is read as
// java.sql.Timestamp or java.sql.Date read it ("1999-9-10 05:20:10", "1999-9-10"). Nothing when that fails too.
std::optional<Timestamp> ParseTimestampByFormat(std::string_view text, const JavaDateFormat& format);

}  // namespace millrace
