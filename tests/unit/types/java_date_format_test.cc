// Java's date patterns, against answers of JDK 17.
#include "types/java_date_format.h"

#include <gtest/gtest.h>

#include "types/date_time_text.h"

namespace millrace {
namespace {

Timestamp Time(std::string_view text) { return *ParseTimestamp(text, 9); }

std::string Format(std::string_view pattern, std::string_view time) {
  Result<JavaDateFormat> format = JavaDateFormat::Compile(pattern);
  if (!format.ok()) return format.error().code;
  std::string text;
  Status status = format->Format(Time(time), &text);
  return status.ok() ? text : status.error().code;
}

std::string Parse(std::string_view pattern, std::string_view text) {
  Result<JavaDateFormat> format = JavaDateFormat::Compile(pattern);
  if (!format.ok()) return format.error().code;
  std::optional<Timestamp> parsed = format->Parse(text, 9);
  if (!parsed) return "none";
  std::string out;
  AppendTimestamp(&out, *parsed, 0);
  return out;
}

TEST(JavaDateFormat, Formats) {
  EXPECT_EQ(Format("yyyy/MM/dd HH:mm:ss.SSSSSSSSS", "1970-01-01 00:00:00.123456789"), "1970/01/01 00:00:00.123456789");
  EXPECT_EQ(Format("yyMMdd", "2024-05-06 07:08:09"), "240506");
  EXPECT_EQ(Format("EEE, d MMM yyyy h:mm a", "2024-05-06 19:08:09"), "Mon, 6 May 2024 7:08 PM");
  EXPECT_EQ(Format("EEEE MMMM 'o''clock' k K", "2024-09-01 00:00:00"), "Sunday September o'clock 24 0");
  EXPECT_EQ(Format("D DDD Q QQQ QQQQ w YYYY e G", "2024-12-31 00:00:00"), "366 366 4 Q4 4th quarter 1 2025 3 AD");
  EXPECT_EQ(Format("uuuu-MM-dd'T'HH[ XX]", "2024-12-31 05:00:00"), "2024-12-31T05");
  EXPECT_EQ(Format("HH XX", "2024-12-31 05:00:00"), "date_format.field");
  EXPECT_EQ(Format("ppH", "2024-12-31 05:00:00"), " 5");
  EXPECT_EQ(Format("n A", "1970-01-01 00:00:01.000000005"), "5 1000");
}

TEST(JavaDateFormat, RefusesBadPatterns) {
  for (const char* bad : {"yyyy-bb", "ddd", "SSSSSSSSSS", "]", "'open", "{", "MMMMMM", "aa", "V", "HHH", "p"}) {
    EXPECT_EQ(Parse(bad, ""), "date_format.pattern") << bad;
  }
}

TEST(JavaDateFormat, Parses) {
  EXPECT_EQ(Parse("yyyyMMddHHmmssSSS", "20240506070809123"), "2024-05-06 07:08:09.123");
  EXPECT_EQ(Parse("yyyyMMdd mm:ss.SSSSSSS", "20000202 59:59.1234567"), "2000-02-02 00:59:59.1234567");
  EXPECT_EQ(Parse("yy/M/d", "24/2/30"), "2024-02-29 00:00:00");
  EXPECT_EQ(Parse("yyyy-MM-dd", "2024-02-32"), "none");
  EXPECT_EQ(Parse("yyyy-MM-dd", "2024-02-03 "), "none");
  EXPECT_EQ(Parse("yyyy-MM-dd HH", "2024-02-03 24"), "2024-02-04 00:00:00");
  EXPECT_EQ(Parse("yyyy-DDD", "2024-060"), "2024-02-29 00:00:00");
  EXPECT_EQ(Parse("h:mm a", "12:05 AM"), "1970-01-01 00:05:00");
  EXPECT_EQ(Parse("hh:mm", "03:05"), "1970-01-01 00:05:00");  // no AM or PM, no hour
  EXPECT_EQ(Parse("EEE, dd MMM yyyy", "Mon, 06 May 2024"), "2024-05-06 00:00:00");
  EXPECT_EQ(Parse("EEE, dd MMM yyyy", "Tue, 06 May 2024"), "none");
  EXPECT_EQ(Parse("YYYY-ww-e", "2024-01-2"), "2024-01-01 00:00:00");
  EXPECT_EQ(Parse("HH:mm[:ss[.SSS]]", "10:20"), "1970-01-01 10:20:00");
  EXPECT_EQ(Parse("HH:mm[:ss[.SSS]]", "10:20:30.5"), "none");
  EXPECT_EQ(Parse("yyyy-MM-dd'T'HH:mm:ssX"
                  "XX",
                  "2024-05-06T07:08:09+08:00"),
            "2024-05-06 07:08:09");
  EXPECT_EQ(Parse("MM", "2"), "none");
  EXPECT_EQ(Parse("yyyy", "0000"), "none");
  EXPECT_EQ(Parse("yyyy MM yyyy", "2024 05 2025"), "none");
}

TEST(JavaDateFormat, ToTimestampFallsBackToJavaSql) {
  JavaDateFormat format = *JavaDateFormat::Compile("yyyy-MM-dd HH:mm:ss");
  auto parse = [&](std::string_view text) {
    std::optional<Timestamp> parsed = ParseTimestampByFormat(text, format);
    if (!parsed) return std::string("none");
    std::string out;
    AppendTimestamp(&out, *parsed, 0);
    return out;
  };
  EXPECT_EQ(parse("1999-9-10 05:20:10"), "1999-09-10 05:20:10");
  EXPECT_EQ(parse(" 1999-9-10 "), "1999-09-10 00:00:00");
  EXPECT_EQ(parse("1999-02-30 25:00:00.5"), "1999-03-03 01:00:00.5");
  EXPECT_EQ(parse("1999-13-10"), "none");
  EXPECT_EQ(parse("invalid value"), "none");
}

std::string SimpleFormat(std::string_view pattern, int64_t millis, std::string_view zone) {
  std::string text;
  JavaSimpleDateFormat::Compile(pattern)->Format(millis, **TimeZone::Find(zone), &text);
  return text;
}

int64_t SimpleParse(std::string_view pattern, std::string_view text, std::string_view zone = "UTC") {
  return JavaSimpleDateFormat::Compile(pattern, 1700000000000)->Parse(text, **TimeZone::Find(zone)).value_or(-1);
}

TEST(JavaSimpleDateFormat, Formats) {
  EXPECT_EQ(SimpleFormat("yyyy-MM-dd HH:mm:ss", 0, "Asia/Shanghai"), "1970-01-01 08:00:00");
  EXPECT_EQ(SimpleFormat("yyyy-MM-dd HH:mm:ss.SSS XX Z", 1, "America/New_York"), "1969-12-31 19:00:00.001 -0500 -0500");
  EXPECT_EQ(SimpleFormat("EEE MMM d hh:mm a, D", 1700000000000, "UTC"), "Tue Nov 14 10:13 PM, 318");
  EXPECT_EQ(SimpleFormat("yyyy-MM-dd", -12219379200000, "UTC"), "1582-10-04");  // the Julian day before 1582-10-15
  EXPECT_EQ(SimpleFormat("yyyy-MM-dd", -62135596800000, "UTC"), "0001-01-03");
  EXPECT_EQ(JavaSimpleDateFormat::Compile("yyyy-n").error().code, "date_format.pattern");
}

TEST(JavaSimpleDateFormat, ParsesLeniently) {
  EXPECT_EQ(SimpleParse("yyyy-MM-dd HH:mm:ss", "1970-01-01 08:00:01", "Asia/Shanghai"), 1000);
  EXPECT_EQ(SimpleParse("yyyy-MM-dd", "1970-01-32 and more"), 31 * 86400000LL);
  EXPECT_EQ(SimpleParse("yyyy-MM-dd HH:mm:ss.SSS X", "1970-01-01 08:00:01.001 +0800"),
            8 * 3600000 + 1 * 1000 + 1 - 8 * 3600000);
  EXPECT_EQ(SimpleParse("yyyyMMdd", "19700103"), 2 * 86400000LL);
  EXPECT_EQ(SimpleParse("yyyy/MM/dd HH:mm:ss.S", "1970/01/01 00:00:02.6"), 2006);
  EXPECT_EQ(SimpleParse("yy-MM-dd", "70-01-02"), 86400000);
  EXPECT_EQ(SimpleParse("yyyy-MM-dd", "bad"), -1);
  EXPECT_EQ(SimpleParse("MMM d yyyy", "jan 2 1970"), 86400000);
  // In an autumn overlap the later reading holds, in a spring gap time moves on.
  EXPECT_EQ(SimpleParse("yyyy-MM-dd HH:mm:ss", "2024-11-03 01:30:00", "America/New_York"), 1730615400000);
  EXPECT_EQ(SimpleParse("yyyy-MM-dd HH:mm:ss", "2024-03-10 02:30:00", "America/New_York"), 1710055800000);
  EXPECT_EQ(SimpleParse("yyyy-MM-dd HH:mm:ss", "0001-01-01 00:00:00", "Asia/Shanghai"), -62135798400000);
}

}  // namespace
}  // namespace millrace
