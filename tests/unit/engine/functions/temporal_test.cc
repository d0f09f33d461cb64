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
  EXPECT_EQ(TypeOf("+", {Days(1), Hours(2)}), "INTERVAL SECOND(3)");
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

TEST(Temporal, DateFormat) {
  Arg stamp = Stamp("2018-03-14 01:02:03.123456789", 9);
  EXPECT_EQ(Eval("DATE_FORMAT", {stamp, Text("yyyy/MM/dd HH:mm:ss.SSSSSSSSS")}), "2018/03/14 01:02:03.123456789");
  EXPECT_EQ(Eval("DATE_FORMAT", {stamp, Text("yyyy-MM-dd")}), "2018-03-14");
  EXPECT_EQ(Eval("DATE_FORMAT", {Ltz("2018-03-14 01:02:03"), Text("HH:mm")}, {.zone = Zone("Asia/Shanghai")}), "09:02");
  EXPECT_EQ(Eval("DATE_FORMAT", {Text("2018-03-14 01:02:03"), Text("yyyy/MM/dd HH:mm:ss")}), "2018/03/14 01:02:03");
  EXPECT_EQ(Eval("DATE_FORMAT", {Text("invalid value"), Text("yyyy")}), "NULL");
  EXPECT_NE(Eval("DATE_FORMAT", {stamp, Text("bbbb")}).find("error"), std::string::npos);
  EXPECT_NE(Eval("DATE_FORMAT", {Date("2018-03-14"), Text("yyyy")}).find("error"), std::string::npos);
}

// The text of a row is shared with neighbours only where the pattern shows the same.
TEST(Temporal, DateFormatOfManyRows) {
  std::vector<Value> times;
  for (int64_t millis : {0LL, 999LL, 1000LL, 59'999LL, 60'000LL, 86'399'999LL, 86'400'000LL, -1LL})
    times.push_back(Value::Time({millis, 0}));
  EvalContext context;
  auto format = [&](const std::vector<Value>& patterns) {
    Result<ExprPtr> expr = Bind("DATE_FORMAT", {Null(DataType::Timestamp(3)), Null(DataType::String())}, false);
    Evaluator evaluator({*expr}, &context);
    Chunk chunk;
    chunk.columns = {MakeFromValues(DataType::Timestamp(3), times), MakeFromValues(DataType::String(), patterns)};
    chunk.size = static_cast<int32_t>(times.size());
    Result<ColumnPtr> column = evaluator.Evaluate(0, chunk, chunk.rows());
    std::string all;
    for (int32_t i = 0; i < chunk.size; ++i) all += (*column)->GetValue(i).AsString() + "|";
    return all;
  };
  EXPECT_EQ(format(std::vector<Value>(8, Value::String("dd"))), "01|01|01|01|01|01|02|31|");
  EXPECT_EQ(format(std::vector<Value>(8, Value::String("HH:mm"))), "00:00|00:00|00:00|00:00|00:01|23:59|00:00|23:59|");
  EXPECT_EQ(format(std::vector<Value>(8, Value::String("ss"))), "00|00|01|59|00|59|00|59|");
  EXPECT_EQ(format(std::vector<Value>(8, Value::String("SSS"))), "000|999|000|999|000|999|000|999|");
  std::vector<Value> mixed;
  for (int i = 0; i < 8; ++i) mixed.push_back(Value::String(i % 2 == 0 ? "dd" : "MM"));
  EXPECT_EQ(format(mixed), "01|01|01|01|01|01|02|12|");
}

TEST(Temporal, TimesOutOfTexts) {
  EXPECT_EQ(Eval("TO_TIMESTAMP", {Text("1970-01-01 00:00:00.123456789")}), "1970-01-01 00:00:00.123");
  EXPECT_EQ(Eval("TO_TIMESTAMP", {Text("2024-02-30 00:00:00")}), "2024-02-29 00:00:00.000");
  EXPECT_EQ(Eval("TO_TIMESTAMP", {Text("20000202 59:59.1234567"), Text("yyyyMMdd mm:ss.SSSSSSS")}),
            "2000-02-02 00:59:59.123");
  EXPECT_EQ(Eval("TO_TIMESTAMP", {Text("invalid value"), Text("yyyy-MM-dd")}), "NULL");
  EXPECT_EQ(Eval("TO_DATE", {Text("2024-1-5")}), "2024-01-05");
  EXPECT_EQ(Eval("TO_DATE", {Text("2023-02-29")}), "NULL");
  EXPECT_EQ(Eval("TO_DATE", {Text("15/05/2024"), Text("dd/MM/yyyy")}), "2024-05-15");
  CallOptions tokyo{.zone = Zone("Asia/Tokyo")};
  EXPECT_EQ(Eval("UNIX_TIMESTAMP", {Text("2015-07-24 10:00:00")}, tokyo), "1437699600");
  EXPECT_EQ(Eval("UNIX_TIMESTAMP", {Text("bad")}), "-9223372036854775808");
  EXPECT_EQ(Eval("FROM_UNIXTIME", {Int(44), Text("yy-MM-dd HH-mm-ss")}, tokyo), "70-01-01 09-00-44");
  EXPECT_EQ(Eval("FROM_UNIXTIME", {Int(0)}, {.zone = Zone("Asia/Shanghai")}), "1970-01-01 08:00:00");
  EXPECT_EQ(Eval("CONVERT_TZ", {Text("2018-03-14 11:00:00"), Text("UTC"), Text("Asia/Shanghai")}),
            "2018-03-14 19:00:00");
  EXPECT_EQ(Eval("CONVERT_TZ", {Text("2024-03-10 02:30:00"), Text("America/New_York"), Text("UTC")}),
            "2024-03-10 07:30:00");
  EXPECT_EQ(Eval("CONVERT_TZ", {Text("bad"), Text("UTC"), Text("UTC")}), "NULL");
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
