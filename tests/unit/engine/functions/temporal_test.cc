// Functions on times: Flink's answers.
#include <gtest/gtest.h>

#include "function_call.h"

namespace millrace::functions {
namespace {

using namespace testing;  // NOLINT: tests only

const TimeZone* Zone(std::string_view name) { return *TimeZone::Find(name); }
Arg Ltz(const std::string& utc) {
  Arg arg = Stamp(utc);
  arg.type = DataType::TimestampLtz(3);
  return arg;
}
Arg Days(int64_t days) { return {DataType::Interval(IntervalFields::kDay), Value::Int(days * 86400000)}; }
Arg Hours(int64_t hours) { return {DataType::Interval(IntervalFields::kHour), Value::Int(hours * 3600000)}; }
Arg Months(int64_t months) { return {DataType::Interval(IntervalFields::kMonth), Value::Int(months)}; }

TEST(Temporal, ExtractPartsOfTimestamps) {
  Arg stamp = Stamp("1996-11-10 06:55:44.333");
  auto extract = [&](const std::string& unit) { return Eval("EXTRACT", {Symbol(unit), stamp}); };
  EXPECT_EQ(extract("YEAR"), "1996");
  EXPECT_EQ(extract("QUARTER"), "4");
  EXPECT_EQ(extract("WEEK"), "45");
  EXPECT_EQ(extract("DOY"), "315");
  EXPECT_EQ(extract("DOW"), "1");
  EXPECT_EQ(extract("ISODOW"), "7");
  EXPECT_EQ(extract("MILLENNIUM"), "2");
  EXPECT_EQ(extract("CENTURY"), "20");
  EXPECT_EQ(extract("HOUR"), "6");
  EXPECT_EQ(extract("MILLISECOND"), "333");
  EXPECT_EQ(extract("NANOSECOND"), "333000000");
  EXPECT_EQ(extract("EPOCH"), "847608944");
  EXPECT_EQ(Eval("WEEK", {Date("2024-12-30")}), "1");
  EXPECT_EQ(Eval("SECOND", {stamp}), "44");
  EXPECT_EQ(Eval("YEAR", {Null(DataType::Date())}), "NULL");
  EXPECT_EQ(TypeOf("HOUR", {stamp}), "BIGINT");
}

TEST(Temporal, ExtractUsesTheSessionZoneForInstants) {
  CallOptions shanghai{.zone = Zone("Asia/Shanghai")};
  EXPECT_EQ(Eval("HOUR", {Ltz("1990-10-14 20:00:00")}, shanghai), "4");
  EXPECT_EQ(Eval("DAYOFMONTH", {Ltz("1990-10-14 20:00:00")}, shanghai), "15");
}

TEST(Temporal, ExtractFromIntervalsAndTimes) {
  Arg interval{DataType::Interval(IntervalFields::kSecond, 3), Value::Int(1467012213000)};
  EXPECT_EQ(Eval("EXTRACT", {Symbol("DAY"), interval}), "16979");
  EXPECT_EQ(Eval("EXTRACT", {Symbol("SECOND"), interval}), "33");
  EXPECT_EQ(Eval("EXTRACT", {Symbol("MONTH"), Months(25)}), "1");
  EXPECT_EQ(Eval("EXTRACT", {Symbol("YEAR"), Months(25)}), "2");
  EXPECT_EQ(Eval("HOUR", {Of(DataType::Time(), "06:55:44")}), "6");
  EXPECT_NE(Eval("YEAR", {Of(DataType::Time(), "06:55:44")}).find("can not be applied"), std::string::npos);
}

TEST(Temporal, FloorAndCeil) {
  EXPECT_EQ(Eval("FLOOR", {Stamp("2024-05-15 10:20:30.5"), Symbol("WEEK")}), "2024-05-12 00:00:00.000");
  EXPECT_EQ(Eval("FLOOR", {Stamp("1996-11-10 06:55:44.333"), Symbol("HOUR")}), "1996-11-10 06:00:00.000");
  EXPECT_EQ(Eval("CEIL", {Stamp("1996-11-10 06:55:44.333"), Symbol("MONTH")}), "1996-12-01 00:00:00.000");
  EXPECT_EQ(Eval("CEIL", {Date("1990-10-14"), Symbol("DAY")}), "1990-10-15");
  EXPECT_EQ(Eval("CEIL", {Of(DataType::Time(), "06:55:44"), Symbol("HOUR")}), "07:00:00");
  EXPECT_EQ(Eval("CEIL", {Stamp("2020-02-29 01:56:59.987654", 6), Symbol("MILLISECOND")}),
            "2020-02-29 01:56:59.988000");
  // Off by the hour that the clocks were put forward.
  EXPECT_EQ(Eval("FLOOR", {Ltz("2024-03-10 07:30:00"), Symbol("DAY")}, {.zone = Zone("America/New_York")}),
            "2024-03-09 23:00:00.000");
}

TEST(Temporal, Intervals) {
  EXPECT_EQ(Eval("+", {Date("2024-01-31"), Months(1)}), "2024-02-29");
  EXPECT_EQ(Eval("+", {Hours(25), Date("2024-01-31")}), "2024-02-01");
  EXPECT_EQ(TypeOf("+", {Hours(25), Date("2024-01-31")}), "DATE");
  EXPECT_EQ(Eval("-", {Stamp("1970-02-01 00:00:00.5"), Hours(1)}), "1970-01-31 23:00:00.500");
  EXPECT_EQ(Eval("+", {Of(DataType::Time(), "23:30:00"), Hours(1)}), "00:30:00");
  EXPECT_EQ(Eval("-", {Of(DataType::Time(), "00:30:00"), Hours(1)}), "23:30:00");
  EXPECT_EQ(Eval("+", {Days(1), Hours(2)}), "+1 02:00:00.000");
  EXPECT_EQ(TypeOf("+", {Days(1), Hours(2)}), "INTERVAL DAY(2) TO HOUR");
  EXPECT_EQ(Eval("*", {Int(3), Hours(2)}), "+0 06:00:00.000");
  EXPECT_EQ(Eval("*", {Months(14), Int(-1)}), "-1-02");
  EXPECT_NE(Eval("-", {Date("2024-01-31"), Date("2024-01-30")}).find("error"), std::string::npos);
}

TEST(Temporal, TimestampAdd) {
  Arg stamp = Stamp("2017-11-29 22:58:58.998");
  EXPECT_EQ(Eval("TIMESTAMPADD", {Symbol("QUARTER"), Int(1), stamp}), "2018-02-28 22:58:58.998");
  EXPECT_EQ(Eval("TIMESTAMPADD", {Symbol("SQL_TSI_WEEK"), Int(-1000), stamp}), "1998-09-30 22:58:58.998");
  EXPECT_EQ(Eval("TIMESTAMPADD", {Symbol("HOUR"), Int(1), Date("2016-06-15")}), "2016-06-15 01:00:00.000000");
  EXPECT_EQ(Eval("TIMESTAMPADD", {Symbol("MONTH"), Int(1), Date("2024-01-31")}), "2024-02-29");
  EXPECT_EQ(Eval("TIMESTAMPADD", {Symbol("DAY"), Null(DataType::Int()), stamp}), "NULL");
}

TEST(Temporal, TimestampDiff) {
  auto diff = [](const std::string& unit, Arg from, Arg to) {
    return Eval("TIMESTAMPDIFF", {Symbol(unit), std::move(from), std::move(to)});
  };
  EXPECT_EQ(diff("HOUR", Stamp("2018-07-03 11:11:11"), Stamp("2018-07-04 12:12:11")), "25");
  EXPECT_EQ(diff("MONTH", Date("2024-01-31"), Date("2024-02-29")), "1");
  EXPECT_EQ(diff("YEAR", Date("2024-02-29"), Date("2025-02-28")), "1");
  EXPECT_EQ(diff("MONTH", Date("2019-09-01"), Date("2016-08-01")), "-37");
  EXPECT_EQ(diff("QUARTER", Date("2016-06-15"), Stamp("2018-06-16 11:11:11")), "8");
  EXPECT_EQ(diff("WEEK", Date("2016-08-15"), Date("2016-06-18")), "-8");
  EXPECT_EQ(diff("DAY", Stamp("2016-06-15 11:00:00"), Date("2016-06-19")), "3");
  EXPECT_EQ(diff("MONTH", Stamp("2021-01-04 00:00:00"), Of(DataType::Time(), "00:00:00")), "-612");
  EXPECT_EQ(diff("MONTH", Ltz("1970-01-01 00:00:00"), Date("1970-01-01")),
            "error: TIMESTAMP_LTZ only supports diff between the same type.");
}

TEST(Temporal, ThePresentComesFromTheClock) {
  ManualClock clock(1700000000123);
  CallOptions options{.zone = Zone("Asia/Shanghai"), .clock = &clock, .watermark = 5000};
  EXPECT_EQ(Eval("CURRENT_DATE", {}, options), "2023-11-15");
  EXPECT_EQ(Eval("CURRENT_TIME", {}, options), "06:13:20");
  EXPECT_EQ(Eval("LOCALTIMESTAMP", {}, options), "2023-11-15 06:13:20.123");
  EXPECT_EQ(Eval("NOW", {}, options), "2023-11-15 06:13:20.123");
  EXPECT_EQ(TypeOf("CURRENT_TIMESTAMP", {}), "TIMESTAMP_LTZ(3) NOT NULL");
  Arg rowtime = Stamp("2024-01-01 00:00:00");
  rowtime.type = rowtime.type.WithTimeAttribute(TimeAttribute::kRowtime);
  EXPECT_EQ(Eval("CURRENT_WATERMARK", {rowtime}, options), "1970-01-01 00:00:05.000");
  EXPECT_EQ(Eval("CURRENT_WATERMARK", {rowtime}), "NULL");
}

TEST(Temporal, ToTimestampLtz) {
  CallOptions shanghai{.zone = Zone("Asia/Shanghai")};
  EXPECT_EQ(Eval("TO_TIMESTAMP_LTZ", {Int(100), Int(0)}, shanghai), "1970-01-01 08:01:40.000");
  EXPECT_EQ(Eval("TO_TIMESTAMP_LTZ", {Int(1234), Int(3)}), "1970-01-01 00:00:01.234");
  EXPECT_EQ(Eval("TO_TIMESTAMP_LTZ", {{DataType::Bigint(), Value::Int(INT64_MAX)}, Int(0)}), "NULL");
  EXPECT_EQ(Eval("TO_TIMESTAMP_LTZ", {{DataType::Double(), Value::Double(-1.7976931348623157E308)}, Int(0)}), "NULL");
  EXPECT_EQ(Eval("TO_TIMESTAMP_LTZ", {{DataType::Float(), Value::Float(100.01F)}, Int(0)}), "1970-01-01 00:01:40.010");
  EXPECT_NE(Eval("TO_TIMESTAMP_LTZ", {Int(12), Int(1)}).find("The precision value '1'"), std::string::npos);
}

}  // namespace
}  // namespace millrace::functions
