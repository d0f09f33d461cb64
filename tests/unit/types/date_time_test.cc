// Calendar arithmetic and the text of dates, times, timestamps and intervals.
#include "types/date_time.h"

#include <gtest/gtest.h>

#include "types/date_time_text.h"

namespace millrace {
namespace {

int32_t Day(std::string_view text) { return *ParseDate(text); }
int64_t Millis(std::string_view text) { return ParseTimestamp(text, 9)->millis; }
std::string Text(int32_t days) {
  std::string out;
  AppendDate(&out, days);
  return out;
}
std::string TimestampText(int64_t millis) {
  std::string out;
  AppendTimestamp(&out, TimestampFromMillis(millis), 0);
  return out;
}

TEST(DateTime, CivilDatesRoundTrip) {
  for (int32_t days = -800000; days < 800000; days += 1) {
    CivilDate date = CivilFromDays(days);
    ASSERT_EQ(DaysFromCivil(date.year, date.month, date.day), days);
    ASSERT_LE(date.day, DaysInMonth(date.year, date.month));
  }
  EXPECT_EQ(Text(0), "1970-01-01");
  EXPECT_EQ(Text(-1), "1969-12-31");
  EXPECT_EQ(Text(Day("2024-02-29") + 1), "2024-03-01");
  CivilTime civil = CivilFromTimestamp({-1, 999999, 0});
  EXPECT_EQ(civil.year, 1969);
  EXPECT_EQ(civil.nano, 999999999);
  EXPECT_EQ(TimestampFromCivil(civil), (Timestamp{-1, 999999, 0}));
}

TEST(DateTime, Extracts) {
  EXPECT_EQ(ExtractFromDate(TimeUnit::kWeek, Day("2024-12-30")), 1);
  EXPECT_EQ(ExtractFromDate(TimeUnit::kIsoYear, Day("2024-12-30")), 2025);
  EXPECT_EQ(ExtractFromDate(TimeUnit::kWeek, Day("2021-01-03")), 53);
  EXPECT_EQ(ExtractFromDate(TimeUnit::kDow, Day("2024-05-12")), 1);
  EXPECT_EQ(ExtractFromDate(TimeUnit::kIsoDow, Day("2024-05-12")), 7);
  EXPECT_EQ(ExtractFromDate(TimeUnit::kDoy, Day("2024-12-31")), 366);
  EXPECT_EQ(ExtractFromDate(TimeUnit::kQuarter, Day("2024-04-01")), 2);
  EXPECT_EQ(ExtractFromDate(TimeUnit::kCentury, Day("2000-12-31")), 20);
  EXPECT_EQ(ExtractFromDate(TimeUnit::kMillennium, Day("2001-01-01")), 3);
  EXPECT_EQ(ExtractFromDate(TimeUnit::kDecade, Day("2019-01-01")), 201);
  EXPECT_EQ(ExtractFromDate(TimeUnit::kEpoch, 2), 172800);
  Timestamp time{Millis("2024-05-06 07:08:09.123"), 456789, 0};
  EXPECT_EQ(ExtractFromTimestamp(TimeUnit::kHour, time), 7);
  EXPECT_EQ(ExtractFromTimestamp(TimeUnit::kSecond, time), 9);
  EXPECT_EQ(ExtractFromTimestamp(TimeUnit::kMillisecond, time), 123);
}

TEST(DateTime, FloorsAndCeils) {
  EXPECT_EQ(Text(FloorDate(TimeUnit::kWeek, Day("2024-05-15"))), "2024-05-12");
  EXPECT_EQ(Text(CeilDate(TimeUnit::kWeek, Day("2024-05-15"))), "2024-05-19");
  EXPECT_EQ(Text(CeilDate(TimeUnit::kWeek, Day("2024-05-12"))), "2024-05-12");
  EXPECT_EQ(Text(FloorDate(TimeUnit::kQuarter, Day("2024-05-15"))), "2024-04-01");
  EXPECT_EQ(Text(CeilDate(TimeUnit::kMonth, Day("2024-12-15"))), "2025-01-01");
  EXPECT_EQ(Text(CeilDate(TimeUnit::kYear, Day("2024-01-01"))), "2024-01-01");
  EXPECT_EQ(Text(FloorDate(TimeUnit::kCentury, Day("2024-05-15"))), "2001-01-01");
  EXPECT_EQ(Text(FloorDate(TimeUnit::kDecade, Day("2024-05-15"))), "2020-01-01");
  EXPECT_EQ(TimestampText(FloorMillis(TimeUnit::kHour, Millis("2024-05-15 10:20:30"))), "2024-05-15 10:00:00");
  EXPECT_EQ(TimestampText(CeilMillis(TimeUnit::kMinute, Millis("2024-05-15 10:20:30"))), "2024-05-15 10:21:00");
  EXPECT_EQ(TimestampText(CeilMillis(TimeUnit::kDay, Millis("2024-05-15 00:00:00"))), "2024-05-15 00:00:00");
  EXPECT_EQ(TimestampText(FloorMillis(TimeUnit::kDay, Millis("1969-12-31 10:00:00"))), "1969-12-31 00:00:00");
}

TEST(DateTime, Months) {
  EXPECT_EQ(Text(AddMonthsToDate(Day("2024-01-31"), 1)), "2024-02-29");
  EXPECT_EQ(Text(AddMonthsToDate(Day("2024-03-31"), -13)), "2023-02-28");
  EXPECT_EQ(Text(AddMonthsToDate(Day("2024-12-31"), 12)), "2025-12-31");
  EXPECT_EQ(TimestampText(AddMonthsToMillis(Millis("1969-12-31 23:00:00"), 2)), "1970-02-28 23:00:00");
  EXPECT_EQ(MonthsBetweenDates(Day("2024-02-29"), Day("2024-01-31")), 1);
  EXPECT_EQ(MonthsBetweenDates(Day("2025-02-28"), Day("2024-02-29")), 12);
  EXPECT_EQ(MonthsBetweenDates(Day("2024-01-31"), Day("2024-02-29")), -1);
  EXPECT_EQ(MonthsBetweenMillis(Millis("2024-02-15 10:00:00"), Millis("2024-01-15 10:00:01")), 0);
  EXPECT_EQ(MonthsBetweenMillis(Millis("2024-02-15 10:00:01"), Millis("2024-01-15 10:00:01")), 1);
}

TEST(DateTime, TruncationKeepsFlinksOddities) {
  EXPECT_EQ(TruncateTimestamp({1234, 567891, 0}, 6), (Timestamp{1234, 567000, 0}));
  EXPECT_EQ(TruncateTimestamp({1234, 567891, 0}, 1), (Timestamp{1200, 0, 0}));
  EXPECT_EQ(TruncateTimestamp({1000, 123, 0}, 3),
            (Timestamp{1000, 123, 0}));  // three digits of nanoseconds: left alone
  EXPECT_EQ(TruncateTimestamp({1234, 567891, 0}, 9), (Timestamp{1234, 567891, 0}));
}

TEST(DateTimeText, CastForms) {
  EXPECT_EQ(ParseDate("2024-1-5 anything"), Day("2024-01-05"));
  EXPECT_EQ(ParseDate("2024"), Day("2024-01-01"));
  for (const char* bad : {"", "2024-13-01", "2024-02-30", "10000-01-01", "24/1/1", "-1-1-1", "x"})
    EXPECT_FALSE(ParseDate(bad)) << bad;
  EXPECT_EQ(ParseTime("10:20:30.1239"), 37230124);
  EXPECT_EQ(ParseTime("10"), 36000000);
  EXPECT_EQ(ParseTime("10:20:30+01:00"), 37230000 + 3600000);
  EXPECT_EQ(ParseTime("10:20:30-1"), 37230000 - 3600000);
  EXPECT_EQ(ParseTime("24:00:00"), 86400000);  // as Flink keeps it
  EXPECT_EQ(ParseTime("00:00:00-01:00"), -3600000);
  EXPECT_EQ(ParseTime("2024-02"), -1310734592);  // 2022 hours in 32 bits
  for (const char* bad : {"", "x", "10:2x"}) EXPECT_FALSE(ParseTime(bad)) << bad;
  EXPECT_EQ(ParseTimestamp("2024-2-3 4:5:6.7", 3)->millis, Millis("2024-02-03 04:05:06.700"));
  EXPECT_EQ(ParseTimestamp("2024-02-03 04:05:06.123456789", 3)->nanos, 0);
  EXPECT_EQ(ParseTimestamp("2024-02-03 04:05:06.123456789", 9)->nanos, 456789);
  EXPECT_EQ(ParseTimestamp("2024-02-03 24:00:00", 0)->millis, Millis("2024-02-04"));
  for (const char* bad :
       {"", "2024-02-03T04:05:06", "2024-02-03 04:05", "2024-02-32", "0000-01-01", "2024--03", "24-01-01"}) {
    EXPECT_FALSE(ParseTimestamp(bad, 3)) << bad;
  }
}

TEST(DateTimeText, FormatForms) {
  EXPECT_EQ(ParseTimestampForm("2024-02-29 01:02:03.123456789", TimestampForm::kSql)->nanos, 456789);
  EXPECT_TRUE(ParseTimestampForm("2024-02-30 01:02:03", TimestampForm::kSql));
  EXPECT_FALSE(ParseTimestampForm("2024-02-30T01:02:03", TimestampForm::kIso));
  EXPECT_TRUE(ParseTimestampForm("2024-02-29T01:02", TimestampForm::kIso));
  EXPECT_FALSE(ParseTimestampForm("2024-02-29 01:02", TimestampForm::kSql));
  EXPECT_FALSE(ParseTimestampForm("2024-02-29 01:02:03", TimestampForm::kSqlUtc));
  EXPECT_TRUE(ParseTimestampForm("2024-02-29 01:02:03Z", TimestampForm::kSqlUtc));
  EXPECT_FALSE(ParseTimestampForm("2024-02-29T01:02:03Z", TimestampForm::kIso));
  EXPECT_TRUE(ParseTimestampForm("2024-02-29T01:02:03.5Z", TimestampForm::kIsoUtc));
  EXPECT_FALSE(ParseIsoDate("2024-2-9"));
  EXPECT_FALSE(ParseIsoDate("2023-02-29"));
  EXPECT_EQ(ParseSqlTime("10:20:30.5"), 37230500000000);
  EXPECT_FALSE(ParseSqlTime("10:20"));
  EXPECT_EQ(ParseIsoTime("10:20"), 37200000000000);
}

TEST(DateTimeText, Prints) {
  auto print = [](auto&& append) {
    std::string out;
    append(&out);
    return out;
  };
  Timestamp half{Millis("2024-01-05 10:20:30.5"), 0, 0};
  EXPECT_EQ(print([&](std::string* o) { AppendTimestamp(o, half, 0); }), "2024-01-05 10:20:30.5");
  EXPECT_EQ(print([&](std::string* o) { AppendTimestamp(o, half, 3); }), "2024-01-05 10:20:30.500");
  EXPECT_EQ(print([&](std::string* o) { AppendTimestampForm(o, half, TimestampForm::kIsoUtc); }),
            "2024-01-05T10:20:30.5Z");
  EXPECT_EQ(print([&](std::string* o) { AppendTime(o, 37230500, 0); }), "10:20:30");
  EXPECT_EQ(print([&](std::string* o) { AppendTime(o, 37230500, 3); }), "10:20:30.5");
  EXPECT_EQ(print([&](std::string* o) { AppendIntervalYearMonth(o, -25); }), "-2-01");
  EXPECT_EQ(print([&](std::string* o) { AppendIntervalDayTime(o, -90061001); }), "-1 01:01:01.001");
  EXPECT_EQ(print([&](std::string* o) { AppendJavaLocalDateTime(o, half); }), "2024-01-05T10:20:30.500");
  EXPECT_EQ(print([&](std::string* o) { AppendJavaLocalTime(o, 0); }), "00:00");
  EXPECT_EQ(print([&](std::string* o) { AppendJavaLocalDate(o, static_cast<int32_t>(DaysFromCivil(12345, 1, 2))); }),
            "+12345-01-02");
}

}  // namespace
}  // namespace millrace
