#include "engine/state/value_codec.h"

#include <gtest/gtest.h>

#include <limits>

namespace millrace::state {
namespace {

std::string FieldOf(const DataType& type, const Value& value) {
  std::string boxed;
  AppendValueField(value, type, boxed);
  std::string from_column;
  AppendField(*MakeConstant(type, value, 3), 2, from_column);
  EXPECT_EQ(boxed, from_column) << type.ToString();
  return boxed;
}

TEST(ValueCodec, IntegersOfEqualValueHaveEqualBytes) {
  std::string bigint = FieldOf(DataType::Bigint(), Value::Int(-7));
  EXPECT_EQ(FieldOf(DataType::Tinyint(), Value::Int(-7)), bigint);
  EXPECT_EQ(FieldOf(DataType::Smallint(), Value::Int(-7)), bigint);
  EXPECT_EQ(FieldOf(DataType::Int(), Value::Int(-7)), bigint);
  EXPECT_EQ(bigint, std::string("\x01\xF9\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 9));
}

TEST(ValueCodec, ZerosDifferAndNansAreOne) {
  EXPECT_NE(FieldOf(DataType::Double(), Value::Double(0.0)), FieldOf(DataType::Double(), Value::Double(-0.0)));
  double other_nan = std::bit_cast<double>(0xFFF8000000000001ULL);
  EXPECT_EQ(FieldOf(DataType::Double(), Value::Double(other_nan)),
            FieldOf(DataType::Double(), Value::Double(std::numeric_limits<double>::quiet_NaN())));
}

TEST(ValueCodec, EveryTypeComesBack) {
  DataType row = DataType::Row({{"a", DataType::Int(), ""}, {"b", DataType::String(), ""}});
  std::vector<std::pair<DataType, Value>> cases = {
      {DataType::Null(), Value::Null()},
      {DataType::Boolean(), Value::Bool(true)},
      {DataType::Tinyint(), Value::Int(-128)},
      {DataType::Bigint(), Value::Int(INT64_MIN)},
      {DataType::Float(), Value::Float(1.5F)},
      {DataType::Double(), Value::Double(-0.0)},
      {DataType::Decimal(38, 2), Value::Decimal(int128_t{1} << 100)},
      {DataType::Timestamp(9), Value::Time({-1, 999999, 0})},
      {DataType::String(), Value::String("a text that is longer than a string view keeps inline")},
      {DataType::Bytes(), Value::String(std::string("\0\1", 2))},
      {DataType::Array(DataType::Int()), Value::Nested({Value::Int(1), Value::Null()})},
      {DataType::Map(DataType::String(), DataType::Int()), Value::Nested({Value::String("k"), Value::Int(3)})},
      {DataType::Multiset(DataType::String()), Value::Nested({Value::String("x"), Value::Int(2)})},
      {row, Value::Nested({Value::Null(), Value::String("z")})},
      {row, Value::Null()},
  };
  for (const auto& [type, value] : cases) {
    std::string bytes = FieldOf(type, value) + "rest";
    std::string_view left = bytes;
    auto back = TakeValue(left, type);
    ASSERT_TRUE(back.ok()) << type.ToString();
    EXPECT_EQ(back.value(), value) << type.ToString();
    EXPECT_EQ(left, "rest");
  }
}

TEST(ValueCodec, CutShortIsAnError) {
  std::string bytes = FieldOf(DataType::String(), Value::String("abc"));
  for (size_t length = 0; length < bytes.size(); ++length) {
    std::string_view cut(bytes.data(), length);
    auto back = TakeValue(cut, DataType::String());
    ASSERT_FALSE(back.ok());
    EXPECT_EQ(back.error().code, "snapshot.corrupt");
  }
}

}  // namespace
}  // namespace millrace::state
