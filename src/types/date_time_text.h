// Text of DATE, TIME and TIMESTAMP: what CAST, TO_TIMESTAMP and the formats (json, csv, canal, debezium …) read and
// write. Each has its own strictness; the comment of a function says which Flink path it follows. No allocation beyond
// the given string.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "types/physical.h"

namespace millrace {

// CAST(text AS DATE): "2024-1-5", "2024-1", "2024", also with anything after a blank. Days since 1970-01-01.
std::optional<int32_t> ParseDate(std::string_view text);
// CAST(text AS TIME): "10", "10:20", "10:20:30.5", with "+01:00" or "-01:00" added or taken. Milliseconds in
// 32 bits, not always of one day: "24:00:00" is 86400000, as Flink keeps it.
std::optional<int32_t> ParseTime(std::string_view text);
// The same without the cut to 32 bits.
std::optional<int64_t> ParseTimeUnchecked(std::string_view text);
// CAST(text AS TIMESTAMP) and TO_TIMESTAMP(text): "yyyy-M-d[ H:m:s[.fraction]]", day 30 of February is the last of
// February. Cut to `precision` fraction digits.
std::optional<Timestamp> ParseTimestamp(std::string_view text, int32_t precision);

// How a format writes timestamps: "2024-01-05 10:20:30.5" or "2024-01-05T10:20:30.5", each also with a trailing Z.
enum class TimestampForm : uint8_t { kSql, kSqlUtc, kIso, kIsoUtc };

// "2024-01-05" and nothing else (java.time's ISO_LOCAL_DATE).
std::optional<int32_t> ParseIsoDate(std::string_view text);
// "10:20:30[.fraction]"; nanoseconds of the day.
std::optional<int64_t> ParseSqlTime(std::string_view text);
// The same, seconds may be missing (java.time's ISO_LOCAL_TIME).
std::optional<int64_t> ParseIsoTime(std::string_view text);
// All nine digits are kept. kSql, kSqlUtc and kIsoUtc take a day beyond the month's end as its last day and 24:00:00 as
// the next day.
std::optional<Timestamp> ParseTimestampForm(std::string_view text, TimestampForm form);

// Appends "2024-01-05".
void AppendDate(std::string* out, int32_t days);
// Appends "10:20:30" and, when precision > 0, "." and up to `precision` digits without trailing zeros (at least one).
void AppendTime(std::string* out, int32_t millis_of_day, int32_t precision);
// Appends "2024-01-05 10:20:30" and at least `precision` fraction digits, more if the value has more.
void AppendTimestamp(std::string* out, Timestamp timestamp, int32_t precision);
// Appends as a format writes it: no fraction digits beyond the last one that is not zero; none at all when there is
// none.
void AppendTimestampForm(std::string* out, Timestamp timestamp, TimestampForm form);
// Appends "10:20:30[.fraction]" as AppendTimestampForm does.
void AppendSqlTime(std::string* out, int32_t millis_of_day);
// Appends "+1-02".
void AppendIntervalYearMonth(std::string* out, int32_t months);
// Appends "+1 02:03:04.500".
void AppendIntervalDayTime(std::string* out, int64_t millis);

// java.time's toString: "2020-10-10T00:00", "10:20", "10:20:30.100"; years beyond 9999 get a "+".
void AppendJavaLocalDate(std::string* out, int32_t days);
void AppendJavaLocalTime(std::string* out, int64_t nanos_of_day);
void AppendJavaLocalDateTime(std::string* out, Timestamp timestamp);
void AppendJavaInstant(std::string* out, Timestamp timestamp);

}  // namespace millrace
