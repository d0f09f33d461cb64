// Data types: Flink's summary text, equality, physical kinds.
#include "types/data_type.h"

#include <gtest/gtest.h>

namespace millrace {
namespace {

TEST(DataType, PrintsFlinksSummary) {
  EXPECT_EQ(DataType::Int().NotNull().ToString(), "INT NOT NULL");
  EXPECT_EQ(DataType::Decimal(10, 2).ToString(), "DECIMAL(10, 2)");
  EXPECT_EQ(DataType::String().ToString(), "STRING");
  EXPECT_EQ(DataType::Varchar(5).ToString(), "VARCHAR(5)");
  EXPECT_EQ(DataType::Bytes().NotNull().ToString(), "BYTES NOT NULL");
  EXPECT_EQ(DataType::Binary(1).ToString(), "BINARY(1)");
  EXPECT_EQ(DataType::Time().ToString(), "TIME(0)");
  EXPECT_EQ(DataType::Timestamp().ToString(), "TIMESTAMP(6)");
  EXPECT_EQ(DataType::TimestampLtz(3).ToString(), "TIMESTAMP_LTZ(3)");
  EXPECT_EQ(DataType::Null().ToString(), "NULL");
  DataType row = DataType::Row({{"a`b", DataType::Int().NotNull(), ""}, {"c", DataType::Boolean(), "note"}});
  EXPECT_EQ(DataType::Map(DataType::String(), DataType::Array(row).NotNull()).ToString(),
            "MAP<STRING, ARRAY<ROW<`a``b` INT NOT NULL, `c` BOOLEAN 'note'>> NOT NULL>");
  EXPECT_EQ(DataType::Multiset(DataType::Double()).ToString(), "MULTISET<DOUBLE>");
}

TEST(DataType, PrintsIntervals) {
  EXPECT_EQ(DataType::Interval(IntervalFields::kYear).ToString(), "INTERVAL YEAR(2)");
  EXPECT_EQ(DataType::Interval(IntervalFields::kYearToMonth, 4).ToString(), "INTERVAL YEAR(4) TO MONTH");
  EXPECT_EQ(DataType::Interval(IntervalFields::kMonth).ToString(), "INTERVAL MONTH");
  EXPECT_EQ(DataType::Interval(IntervalFields::kDay).ToString(), "INTERVAL DAY(2)");
  EXPECT_EQ(DataType::Interval(IntervalFields::kDayToSecond, 2, 3).ToString(), "INTERVAL DAY(2) TO SECOND(3)");
  EXPECT_EQ(DataType::Interval(IntervalFields::kDayToHour).ToString(), "INTERVAL DAY(2) TO HOUR");
  EXPECT_EQ(DataType::Interval(IntervalFields::kHourToSecond).ToString(), "INTERVAL HOUR TO SECOND(6)");
  EXPECT_EQ(DataType::Interval(IntervalFields::kMinute).ToString(), "INTERVAL MINUTE");
  EXPECT_EQ(DataType::Interval(IntervalFields::kSecond, 2, 3).ToString(), "INTERVAL SECOND(3)");
}

TEST(DataType, Equality) {
  EXPECT_FALSE(DataType::Int() == DataType::Int().NotNull());
  EXPECT_TRUE(DataType::Timestamp(3) == DataType::Timestamp(3).WithTimeAttribute(TimeAttribute::kRowtime));
  DataType a = DataType::Row({{"a", DataType::Int().NotNull(), ""}});
  DataType b = DataType::Row({{"b", DataType::Int(), ""}});
  EXPECT_FALSE(a == b);
  EXPECT_TRUE(a.SameIgnoringNullability(b));
  EXPECT_FALSE(a.SameIgnoringNullability(DataType::Row({{"a", DataType::Bigint(), ""}})));
  EXPECT_FALSE(DataType::Interval(IntervalFields::kDay) == DataType::Interval(IntervalFields::kHour));
  EXPECT_FALSE(DataType::Raw("x") == DataType::Raw("y"));
  EXPECT_TRUE(DataType::Raw("x") == DataType::Raw("x"));
}

TEST(DataType, PhysicalKindsAndPredicates) {
  EXPECT_EQ(DataType::Date().physical(), PhysicalKind::kInt32);
  EXPECT_EQ(DataType::Time().physical(), PhysicalKind::kInt32);
  EXPECT_EQ(DataType::Interval(IntervalFields::kMonth).physical(), PhysicalKind::kInt32);
  EXPECT_EQ(DataType::Interval(IntervalFields::kSecond).physical(), PhysicalKind::kInt64);
  EXPECT_EQ(DataType::TimestampLtz().physical(), PhysicalKind::kTimestamp);
  EXPECT_EQ(DataType::Multiset(DataType::Int()).physical(), PhysicalKind::kList);
  EXPECT_TRUE(DataType::Decimal(3, 1).IsExactNumeric());
  EXPECT_FALSE(DataType::Float().IsExactNumeric());
  EXPECT_TRUE(DataType::Char(3).IsString());
  EXPECT_TRUE(DataType::Date().IsDateTime());
}

TEST(Schema, FindsByName) {
  Schema schema{{{"a", DataType::Int(), ""}, {"A", DataType::Int(), ""}}};
  EXPECT_EQ(schema.Find("A"), 1);
  EXPECT_EQ(schema.Find("b"), -1);
}

}  // namespace
}  // namespace millrace
