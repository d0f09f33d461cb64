// Casts of values and columns: rules, edge values, encodings, selections, TRY_CAST, folding, legacy behaviour.
#include "types/cast.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "types/date_time_text.h"

namespace millrace {
namespace {

CastContext Context(bool folded = false, bool legacy = false) {
  CastContext context;
  context.zone = *TimeZone::Find("Asia/Shanghai");
  context.folded = folded;
  context.legacy = legacy;
  return context;
}

// The text of CAST(value AS to), or "error: <code>".
std::string Cast(const Value& value, const DataType& from, const DataType& to, const CastContext& context = Context()) {
  Result<Value> result = CastValue(value, from, to, context);
  if (!result.ok()) return "error: " + result.error().code;
  return ToText(*result, to, context.zone);
}

std::string CastText(std::string text, const DataType& to, const CastContext& context = Context()) {
  return Cast(Value::String(std::move(text)), DataType::String(), to, context);
}

Value Time(std::string_view text) { return Value::Time(*ParseTimestamp(text, 9)); }

TEST(Cast, IntegersWrapAndDoublesSaturate) {
  EXPECT_EQ(Cast(Value::Int(300), DataType::Int(), DataType::Tinyint()), "44");
  EXPECT_EQ(Cast(Value::Int(-12345678901), DataType::Bigint(), DataType::Int()), "539222987");
  EXPECT_EQ(Cast(Value::Double(1E20), DataType::Double(), DataType::Int()), "2147483647");
  EXPECT_EQ(Cast(Value::Double(-1E30), DataType::Double(), DataType::Bigint()), "-9223372036854775808");
  EXPECT_EQ(Cast(Value::Double(1E20), DataType::Double(), DataType::Tinyint()), "-1");
  EXPECT_EQ(Cast(Value::Double(-2.9), DataType::Double(), DataType::Int()), "-2");
  EXPECT_EQ(Cast(Value::Double(std::nan("")), DataType::Double(), DataType::Int()), "0");
  EXPECT_EQ(Cast(Value::Float(123456.78F), DataType::Float(), DataType::Smallint()), "-7616");
  EXPECT_EQ(Cast(Value::Double(1E39), DataType::Double(), DataType::Float()), "Infinity");
}

TEST(Cast, TextToNumbersTrimsAndCuts) {
  EXPECT_EQ(CastText(" 12 ", DataType::Int()), "12");
  EXPECT_EQ(CastText("12.7", DataType::Int()), "12");
  EXPECT_EQ(CastText("+5", DataType::Int()), "5");
  EXPECT_EQ(CastText("1e3", DataType::Int()), "error: cast.failed");
  EXPECT_EQ(CastText("1e3", DataType::Decimal(10, 2)), "1000.00");
  EXPECT_EQ(CastText("128", DataType::Tinyint()), "error: cast.failed");
  EXPECT_EQ(CastText("-128", DataType::Tinyint()), "-128");
  EXPECT_EQ(CastText("9223372036854775808", DataType::Bigint()), "error: cast.failed");
  EXPECT_EQ(CastText("-9223372036854775808", DataType::Bigint()), "-9223372036854775808");
  EXPECT_EQ(CastText("", DataType::Int()), "error: cast.failed");
  EXPECT_EQ(CastText("12345.6789", DataType::Decimal(8, 4)), "error: cast.failed");
  EXPECT_EQ(CastText("1.2345", DataType::Decimal(5, 3)), "1.235");
  EXPECT_EQ(CastText("NaN", DataType::Double()), "NaN");
  EXPECT_EQ(CastText("1e400", DataType::Double()), "Infinity");
}

TEST(Cast, DecimalOverflowIsNull) {
  EXPECT_EQ(Cast(Value::Int(300), DataType::Int(), DataType::Decimal(3, 1)), "NULL");
  EXPECT_EQ(Cast(Value::Decimal(12345), DataType::Decimal(5, 2), DataType::Decimal(4, 1)), "123.5");
  EXPECT_EQ(Cast(Value::Decimal(99995), DataType::Decimal(5, 2), DataType::Decimal(4, 1)), "NULL");
  EXPECT_EQ(Cast(Value::Decimal(-9870), DataType::Decimal(4, 3), DataType::Tinyint()), "-9");
  EXPECT_EQ(Cast(Value::Double(std::nan("")), DataType::Double(), DataType::Decimal(4, 1)), "error: cast.failed");
  EXPECT_EQ(Cast(Value::Bool(true), DataType::Boolean(), DataType::Decimal(4, 1)), "1.0");
}

TEST(Cast, BooleansFromTextAndNumbers) {
  for (const char* yes : {"T", "yes", "1", "TRUE", "y"}) EXPECT_EQ(CastText(yes, DataType::Boolean()), "TRUE") << yes;
  for (const char* no : {"f", "No", "0", "FALSE", "n"}) EXPECT_EQ(CastText(no, DataType::Boolean()), "FALSE") << no;
  EXPECT_EQ(CastText("on", DataType::Boolean()), "error: cast.failed");
  EXPECT_EQ(CastText(" true", DataType::Boolean()), "error: cast.failed");
  EXPECT_EQ(Cast(Value::Decimal(0), DataType::Decimal(3, 1), DataType::Boolean()), "FALSE");
  EXPECT_EQ(Cast(Value::Double(1.5), DataType::Double(), DataType::Boolean()), "TRUE");
}

TEST(Cast, TextsArePaddedAndCutByCodePoint) {
  EXPECT_EQ(CastText("ab", DataType::Char(5)), "ab   ");
  EXPECT_EQ(Cast(Value::Int(123456), DataType::Int(), DataType::Varchar(3)), "123");
  EXPECT_EQ(Cast(Value::Bool(true), DataType::Boolean(), DataType::Varchar(2)), "TR");
  EXPECT_EQ(CastText("a😀bcd", DataType::Varchar(3)), "a😀b");
  EXPECT_EQ(CastText("a😀", DataType::Char(4)), "a😀  ");
  EXPECT_EQ(CastText("abc", DataType::Varchar(2), Context(false, true)), "abc");
  DataType array = DataType::Array(DataType::String());
  Value items = Value::Nested({Value::String("a😀"), Value::String("bcd")});
  EXPECT_EQ(Cast(items, array, DataType::Varchar(4)), "[a😀");  // java.lang.String counts the emoji twice
  EXPECT_EQ(Cast(items, array, DataType::Varchar(3)), "[a?");
}

TEST(Cast, Binaries) {
  DataType bytes = DataType::Bytes();
  Value three = Value::String(std::string("\0\1\2", 3));
  EXPECT_EQ(CastValue(three, DataType::Varbinary(10), DataType::Varbinary(4), Context())->AsString(),
            std::string("\0\1\2\0", 4));
  EXPECT_EQ(CastValue(three, DataType::Varbinary(10), DataType::Varbinary(4), Context(true))->AsString(),
            std::string("\0\1\2", 3));
  EXPECT_EQ(CastValue(three, bytes, DataType::Binary(5), Context(true))->AsString(), std::string("\0\1\2\0\0", 5));
  EXPECT_EQ(CastValue(Value::String("abc"), DataType::String(), DataType::Varbinary(5), Context())->AsString(), "abc");
  EXPECT_EQ(Cast(Value::String("a\xFF"), bytes, DataType::String()), "a\xEF\xBF\xBD");
  EXPECT_EQ(Cast(Value::Int(1), DataType::Int(), bytes), "error: cast.unsupported");
}

TEST(Cast, DatesTimesAndTimestamps) {
  DataType ts9 = DataType::Timestamp(9);
  EXPECT_EQ(CastText("2021-09-27 12:34:56.123456789", DataType::Timestamp(3)), "2021-09-27 12:34:56.123");
  EXPECT_EQ(CastText("2021-09-27", DataType::Timestamp(0)), "2021-09-27 00:00:00");
  EXPECT_EQ(CastText("2024-02-30 00:00:00", DataType::Timestamp(0)), "2024-02-29 00:00:00");
  EXPECT_EQ(CastText("2024-01-05T10:20:30", DataType::Timestamp(0)), "error: cast.failed");
  EXPECT_EQ(CastText("2024-1-5", DataType::Date()), "2024-01-05");
  EXPECT_EQ(CastText("123", DataType::Date()), "0123-01-01");
  EXPECT_EQ(CastText("2023-02-29", DataType::Date()), "error: cast.failed");
  EXPECT_EQ(CastText("10:20", DataType::Time()), "10:20:00");
  EXPECT_EQ(CastText("2021-09-27 12:34:56", DataType::Time()), "error: cast.failed");
  EXPECT_EQ(CastText("123:45", DataType::Time()), "23:45:00");
  EXPECT_EQ(CastText("123:45", DataType::Time(), Context(true)), "23:45:00");
  EXPECT_EQ(Cast(Time("2021-09-24 12:34:56.1234"), ts9, DataType::Date()), "2021-09-24");
  EXPECT_EQ(Cast(Time("1969-12-31 12:00:00"), ts9, DataType::Date()), "1970-01-01");  // Flink's truncation
  EXPECT_EQ(Cast(Time("1969-12-31 12:00:00"), ts9, DataType::Time()), "12:00:00");
  Value instant = Time("2021-09-24 23:54:56.1234");
  EXPECT_EQ(Cast(instant, DataType::TimestampLtz(4), DataType::Timestamp(9)), "2021-09-25 07:54:56.123400000");
  EXPECT_EQ(Cast(instant, DataType::TimestampLtz(4), DataType::Date()), "2021-09-25");
  EXPECT_EQ(Cast(Value::Int(0), DataType::Date(), DataType::TimestampLtz(0)), "1970-01-01 00:00:00");
  EXPECT_EQ(CastValue(Value::Int(0), DataType::Date(), DataType::TimestampLtz(0), Context())->AsTimestamp().millis,
            -8 * 3600000);
}

TEST(Cast, TimeKeepsItsFractionUnlessFolded) {
  Value time = *CastValue(Time("2021-09-24 12:34:56.1234"), DataType::Timestamp(4), DataType::Time(), Context());
  EXPECT_EQ(time.AsInt() % 1000, 123);
  time = *CastValue(Time("2021-09-24 12:34:56.1234"), DataType::Timestamp(4), DataType::Time(), Context(true));
  EXPECT_EQ(time.AsInt() % 1000, 0);
}

TEST(Cast, FloatToDoubleOfAConstantGoesThroughText) {
  Value tenth = Value::Float(0.1F);
  EXPECT_EQ(Cast(tenth, DataType::Float(), DataType::Double()), "0.10000000149011612");
  EXPECT_EQ(Cast(tenth, DataType::Float(), DataType::Double(), Context(true)), "0.1");
}

TEST(Cast, Intervals) {
  DataType days = DataType::Interval(IntervalFields::kDay);
  EXPECT_EQ(Cast(Value::Int(3 * 86400000), days, DataType::Bigint()), "3");
  EXPECT_EQ(Cast(Value::Int(36), DataType::Interval(IntervalFields::kYear), DataType::Int()), "3");
  EXPECT_EQ(Cast(Value::Int(3), DataType::Int(), DataType::Interval(IntervalFields::kMonth)), "+0-03");
  EXPECT_EQ(Cast(Value::Int(-14), DataType::Interval(IntervalFields::kYearToMonth), DataType::String()), "-1-02");
  EXPECT_EQ(Cast(Value::Int(129600010), days, DataType::String()), "+1 12:00:00.010");
  EXPECT_EQ(Cast(Value::Int(14), DataType::Interval(IntervalFields::kYearToMonth), DataType::Int()),
            "error: cast.unsupported");
  EXPECT_EQ(CastText("1", days), "error: cast.unsupported");
  // A column's YEAR interval drops its months on the way to MONTH, a constant's does not.
  DataType years = DataType::Interval(IntervalFields::kYear);
  DataType months = DataType::Interval(IntervalFields::kMonth);
  EXPECT_EQ(Cast(Value::Int(14), years, months), "+1-00");
  EXPECT_EQ(Cast(Value::Int(14), years, months, Context(true)), "+1-02");
}

TEST(Cast, NestedValuesAndTheirText) {
  DataType row = DataType::Row({{"a", DataType::Int(), ""}, {"b", DataType::String(), ""}});
  Value pair = Value::Nested({Value::Null(), Value::String("abc")});
  EXPECT_EQ(Cast(pair, row, DataType::String()), "(NULL, abc)");
  EXPECT_EQ(Cast(pair, row, DataType::String(), Context(false, true)), "(null,abc)");
  DataType map = DataType::Map(DataType::Int(), DataType::Int());
  EXPECT_EQ(
      Cast(Value::Nested({Value::Int(1), Value::Int(2)}), map, DataType::Map(DataType::String(), DataType::Double())),
      "{1=2.0}");
  DataType ints = DataType::Array(DataType::Int());
  EXPECT_EQ(Cast(Value::Nested({Value::Int(1), Value::Null()}), ints, DataType::Array(DataType::Bigint())),
            "[1, NULL]");
  EXPECT_EQ(Cast(Value::Nested({Value::String("x")}), DataType::Array(DataType::String()), ints), "error: cast.failed");
  EXPECT_EQ(Cast(pair, row, ints), "error: cast.unsupported");
}

TEST(Cast, TryCastOfANestedColumnNullsWholeRows) {
  DataType from = DataType::Row({{"a", DataType::Int(), ""}, {"b", DataType::String(), ""}});
  DataType to = DataType::Row({{"a", DataType::Tinyint(), ""}, {"b", DataType::Time(), ""}});
  std::vector<Value> values = {Value::Nested({Value::Int(1), Value::String("abc")}), Value::Null(),
                               Value::Nested({Value::Int(2), Value::String("12:34:56")}),
                               Value::Nested({Value::Int(3), Value::Null()})};
  Result<ColumnPtr> result = CastColumn(MakeFromValues(from, values), to, RowSet::All(4), true, Context());
  ASSERT_TRUE(result.ok());
  EXPECT_TRUE((*result)->IsNull(0));
  EXPECT_TRUE((*result)->IsNull(1));
  EXPECT_EQ(ToText((*result)->GetValue(2), to), "(2, 12:34:56)");
  EXPECT_EQ(ToText((*result)->GetValue(3), to), "(3, NULL)");
}

TEST(CastColumn, OnlyTheGivenRowsMayFail) {
  std::vector<Value> values = {Value::String("x"), Value::String("7"), Value::Null(), Value::String("8")};
  ColumnPtr column = MakeFromValues(DataType::String(), values);
  std::vector<int32_t> rows = {1, 2, 3};
  Result<ColumnPtr> some = CastColumn(column, DataType::Int(), RowSet::Of(rows), false, Context());
  ASSERT_TRUE(some.ok());
  EXPECT_EQ((*some)->GetValue(1), Value::Int(7));
  EXPECT_TRUE((*some)->IsNull(2));
  Result<ColumnPtr> all = CastColumn(column, DataType::Int(), RowSet::All(4), false, Context());
  ASSERT_FALSE(all.ok());
  EXPECT_NE(all.error().message.find("'x'"), std::string::npos);
  Result<ColumnPtr> tried = CastColumn(column, DataType::Int(), RowSet::All(4), true, Context());
  ASSERT_TRUE(tried.ok());
  EXPECT_TRUE((*tried)->IsNull(0));
  EXPECT_EQ((*tried)->GetValue(3), Value::Int(8));
}

TEST(CastColumn, EncodingsStay) {
  MemoryPool* pool = MemoryPool::Process();
  ColumnPtr constant = MakeConstant(DataType::String(), Value::String("12"), 100);
  Result<ColumnPtr> cast = CastColumn(constant, DataType::Int(), RowSet::All(100), false, Context());
  ASSERT_TRUE(cast.ok());
  EXPECT_EQ((*cast)->encoding(), Encoding::kConstant);
  EXPECT_EQ((*cast)->GetValue(99), Value::Int(12));
  std::vector<Value> values = {Value::String("1"), Value::String("bad"), Value::Null()};
  std::vector<int32_t> indices = {0, 2, 0, 2, 0};
  ColumnPtr dictionary = Gather(MakeFromValues(DataType::String(), values), indices, pool);
  cast = CastColumn(dictionary, DataType::Bigint(), RowSet::All(5), false, Context());
  ASSERT_TRUE(cast.ok()) << "the unused value must not be cast";
  EXPECT_EQ((*cast)->encoding(), Encoding::kDictionary);
  EXPECT_EQ((*cast)->GetValue(4), Value::Int(1));
  EXPECT_TRUE((*cast)->IsNull(3));
  std::vector<int32_t> few = {0};
  cast = CastColumn(Gather(dictionary->children()[0], few, pool), DataType::Bigint(), RowSet::All(1), false, Context());
  ASSERT_TRUE(cast.ok());
  EXPECT_EQ((*cast)->GetValue(0), Value::Int(1));
}

TEST(CastRules, ExplicitImplicitAndFailing) {
  EXPECT_TRUE(CanCast(DataType::Int(), DataType::String()));
  EXPECT_FALSE(CanCast(DataType::Timestamp(3), DataType::Bigint()));
  EXPECT_FALSE(CanCast(DataType::Int(), DataType::Date()));
  EXPECT_TRUE(CanCast(DataType::Null(), DataType::Array(DataType::Int())));
  EXPECT_FALSE(CanCast(DataType::Raw("x"), DataType::String()));
  EXPECT_TRUE(CanCastImplicitly(DataType::Int(), DataType::Bigint()));
  EXPECT_FALSE(CanCastImplicitly(DataType::Bigint(), DataType::Int()));
  EXPECT_FALSE(CanCastImplicitly(DataType::Int(), DataType::Int().NotNull()));
  EXPECT_TRUE(CanCastImplicitly(DataType::Char(3), DataType::String()));
  EXPECT_TRUE(CastMayFail(DataType::String(), DataType::Int()));
  EXPECT_FALSE(CastMayFail(DataType::String(), DataType::Bytes()));
  EXPECT_FALSE(CastMayFail(DataType::Double(), DataType::Int()));
  EXPECT_TRUE(CastMayFail(DataType::Array(DataType::String()), DataType::Array(DataType::Date())));
}

TEST(CommonType, FollowsFlink) {
  auto common = [](const std::vector<DataType>& types) {
    Result<DataType> type = CommonType(types);
    return type.ok() ? type->ToString() : type.error().code;
  };
  EXPECT_EQ(common({DataType::Char(1), DataType::Char(3)}), "VARCHAR(3)");
  EXPECT_EQ(common({DataType::Char(3).NotNull(), DataType::Char(3).NotNull()}), "CHAR(3) NOT NULL");
  EXPECT_EQ(common({DataType::Varchar(2), DataType::String()}), "STRING");
  EXPECT_EQ(common({DataType::Int(), DataType::Bigint(), DataType::Decimal(2, 2)}), "DECIMAL(21, 2)");
  EXPECT_EQ(common({DataType::Int(), DataType::Float()}), "FLOAT");
  EXPECT_EQ(common({DataType::Float(), DataType::Decimal(5, 2)}), "DOUBLE");
  EXPECT_EQ(common({DataType::Decimal(2, 1).NotNull(), DataType::Int().NotNull()}), "DECIMAL(11, 1) NOT NULL");
  EXPECT_EQ(common({DataType::Timestamp(3), DataType::TimestampLtz(6)}), "TIMESTAMP_LTZ(6)");
  EXPECT_EQ(common({DataType::Date(), DataType::Timestamp(3)}), "DATE");
  EXPECT_EQ(common({DataType::Null(), DataType::Int().NotNull()}), "INT");
  EXPECT_EQ(common({DataType::Null(), DataType::Null()}), "type.no_common");
  EXPECT_EQ(common({DataType::Int(), DataType::String()}), "type.no_common");
  EXPECT_EQ(common({DataType::Array(DataType::Int().NotNull()), DataType::Array(DataType::Bigint())}), "ARRAY<BIGINT>");
  EXPECT_EQ(common({DataType::Array(DataType::Int()), DataType::Null()}), "ARRAY<INT>");
  EXPECT_EQ(common({DataType::Interval(IntervalFields::kDay), DataType::Interval(IntervalFields::kMinute)}),
            "INTERVAL DAY(2) TO MINUTE");
  EXPECT_EQ(common({DataType::Row({{"a", DataType::Char(1), ""}}), DataType::Row({{"b", DataType::Char(2), ""}})}),
            "ROW<`a` VARCHAR(2)>");
}

TEST(ToRowText, PrintsLikeJava) {
  DataType row = DataType::Row({{"d", DataType::Decimal(10, 8), ""},
                                {"b", DataType::Boolean(), ""},
                                {"t", DataType::Timestamp(3), ""},
                                {"x", DataType::Bytes(), ""},
                                {"m", DataType::Map(DataType::String(), DataType::Int()), ""}});
  Value value =
      Value::Nested({Value::Decimal(1), Value::Bool(true), Time("2020-10-10 00:00:00"),
                     Value::String(std::string("\x01\xFF", 2)), Value::Nested({Value::String("k"), Value::Null()})});
  EXPECT_EQ(ToRowText(value, row), "+I[1E-8, true, 2020-10-10T00:00, [1, -1], {k=null}]");
  EXPECT_EQ(ToRowText(Time("2020-10-10 12:00:00.5"), DataType::TimestampLtz(3)), "2020-10-10T12:00:00.500Z");
  EXPECT_EQ(ToRowText(Value::Int(36061500), DataType::Time()), "10:01:01.500");
  EXPECT_EQ(ToRowText(Value::Int(14), DataType::Interval(IntervalFields::kYearToMonth)), "P1Y2M");
  EXPECT_EQ(ToRowText(Value::Int(-1500), DataType::Interval(IntervalFields::kSecond)), "PT-1.5S");
}

}  // namespace
}  // namespace millrace
