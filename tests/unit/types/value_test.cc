// Boxed values: equality and Flink's order.
#include "types/value.h"

#include <gtest/gtest.h>

#include <cmath>

namespace millrace {
namespace {

TEST(Value, Equality) {
  EXPECT_EQ(Value::Null(), Value());
  EXPECT_FALSE(Value::Null() == Value::Int(0));
  EXPECT_EQ(Value::Double(std::nan("")), Value::Double(-std::nan("1")));
  EXPECT_FALSE(Value::Double(0.0) == Value::Double(-0.0));
  EXPECT_FALSE(Value::Float(1) == Value::Double(1));
  EXPECT_EQ(Value::Nested({Value::Int(1), Value::Null()}), Value::Nested({Value::Int(1), Value::Null()}));
  EXPECT_FALSE(Value::Nested({Value::Int(1)}) == Value::Nested({Value::Int(1), Value::Null()}));
}

TEST(Value, Order) {
  auto doubles = [](double a, double b) {
    return CompareValues(Value::Double(a), Value::Double(b), DataType::Double());
  };
  EXPECT_LT(doubles(-0.0, 0.0), 0);
  EXPECT_LT(doubles(INFINITY, std::nan("")), 0);
  EXPECT_EQ(doubles(std::nan(""), std::nan("1")), 0);
  auto texts = [](const char* a, const char* b) {
    return CompareValues(Value::String(a), Value::String(b), DataType::String());
  };
  EXPECT_LT(texts("a", "ab"), 0);
  EXPECT_LT(texts("B", "a"), 0);
  EXPECT_LT(texts("ﬁ", "😀"), 0);  // by UTF-8 bytes
  DataType row = DataType::Row({{"a", DataType::Int(), ""}, {"b", DataType::String(), ""}});
  EXPECT_LT(CompareValues(Value::Nested({Value::Null(), Value::String("z")}),
                          Value::Nested({Value::Int(0), Value::Null()}), row),
            0);
  DataType array = DataType::Array(DataType::Int());
  EXPECT_GT(CompareValues(Value::Nested({Value::Int(1), Value::Int(0)}), Value::Nested({Value::Int(1)}), array), 0);
  EXPECT_LT(CompareValues(Value::Time({1, 5, 0}), Value::Time({1, 6, 0}), DataType::Timestamp(9)), 0);
}

}  // namespace
}  // namespace millrace
