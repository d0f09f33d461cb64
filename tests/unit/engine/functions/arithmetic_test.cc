// Arithmetic: Flink's result types, wrapping, DECIMAL rules and rounding.
#include "call_builder.h"

namespace millrace::functions {
namespace {

TEST(Arithmetic, IntegersWrap) {
  EXPECT_EQ(Text("+", {Int(2147483647), Int(1)}), "-2147483648");
  EXPECT_EQ(Text("*", {Int(65536), Int(65536)}), "0");
  EXPECT_EQ(Text("-", {Int(-2147483648)}), "-2147483648");
  EXPECT_EQ(Text("ABS", {Int(-2147483648)}), "-2147483648");
  EXPECT_EQ(Text("+", {Int(2147483647), Big(1)}), "2147483648");
}

TEST(Arithmetic, DivisionCutsAndRemaindersHaveTheDividendsSign) {
  EXPECT_EQ(Text("/", {Int(7), Int(2)}), "3");
  EXPECT_EQ(Text("/", {Int(-7), Int(2)}), "-3");
  EXPECT_EQ(Text("MOD", {Int(-7), Int(3)}), "-1");
  EXPECT_EQ(Text("/", {Int(-2147483648), Int(-1)}), "-2147483648");
  EXPECT_EQ(Call("MOD", {Big(44), Int(3)})->type, DataType::Int().NotNull());
  EXPECT_EQ(Text("MOD", {Big(44), Int(3)}), "2");
  EXPECT_EQ(Text("/", {Int(1), Int(0)}), "error: arithmetic.divide_by_zero");
  EXPECT_EQ(Text("/", {Dbl(1), Int(0)}), "Infinity");
  EXPECT_EQ(Text("%", {Int(5), Int(0)}), "error: arithmetic.divide_by_zero");
}

TEST(Arithmetic, DecimalsFollowFlinksTypes) {
  ExprPtr price = Call("*", {Dec(908, 3, 3), MakeLiteral(Value::Int(100), DataType::Bigint().NotNull())});
  EXPECT_EQ(price->type.ToString(), "DECIMAL(23, 3) NOT NULL");
  EXPECT_EQ(Text(price), "90.800");
  EXPECT_EQ(Text("+", {Dec(15, 2, 1), Int(1)}), "2.5");
  EXPECT_EQ(Text("/", {Dec(10, 2, 1), Dec(30, 2, 1)}), "0.333333");
  EXPECT_EQ(Text("*", {Dec(1, 38, 10), Dec(2, 38, 10)}), "0.000000");
  EXPECT_EQ(Text("-", {Dec(10012, 10, 2), Dec(2001234, 10, 4)}), "-100.0034");
  EXPECT_EQ(Text("MOD", {Dec(50000, 10, 4), Dec(300, 10, 2)}), "2.0000");
  EXPECT_EQ(Text("/", {Dec(1, 2, 0), Dec(0, 2, 0)}), "error: arithmetic.divide_by_zero");
}

TEST(Arithmetic, MixedNumbersBecomeApproximate) {
  EXPECT_EQ(Call("+", {Dec(15, 2, 1), Dbl(1)})->type, DataType::Double().NotNull());
  EXPECT_EQ(Call("+", {Int(1), Null(DataType::Float())})->type, DataType::Float());
  EXPECT_FALSE(TryCall("+", {Int(1), Str("a")}).ok());
  EXPECT_FALSE(TryCall("MOD", {Dbl(1), Int(2)}).ok());
}

TEST(Arithmetic, Rounding) {
  EXPECT_EQ(Text("ROUND", {Dbl(2.675), Int(2)}), "2.68");
  EXPECT_EQ(Text("ROUND", {Dec(-25, 2, 1), Int(0)}), "-3");
  EXPECT_EQ(Text("ROUND", {Int(125), Int(-1)}), "130");
  EXPECT_EQ(Text("ROUND", {Dbl(99.995), Int(2)}), "100.0");
  EXPECT_EQ(Text("ROUND", {Dbl(0.4), Int(-3)}), "0.0");
  EXPECT_EQ(Call("ROUND", {Dec(1234512345, 10, 5), Int(2)})->type.ToString(), "DECIMAL(8, 2) NOT NULL");
  EXPECT_EQ(Text("ROUND", {Dec(646646, 10, 3), Int(-1)}), "650");
  EXPECT_EQ(Text("TRUNCATE", {Dec(42345, 5, 3), Int(2)}), "42.34");
  EXPECT_EQ(Text("TRUNCATE", {Int(-129), Int(-1)}), "-120");
  EXPECT_EQ(Text("CEIL", {Dec(25, 2, 1)}), "3");
  EXPECT_EQ(Text("FLOOR", {Dec(-25, 2, 1)}), "-3");
  EXPECT_EQ(Text("SIGN", {Dec(-150, 3, 2)}), "-1.00");
}

TEST(Arithmetic, SeededRandomNumbersAreJavas) {
  EXPECT_EQ(Text("RAND", {Int(10)}), "0.7304302967434272");
  EXPECT_EQ(Text("RAND", {Int(1)}), "0.7308781907032909");
  EXPECT_EQ(Text("RAND_INTEGER", {Int(5), Int(10)}), "7");
  EXPECT_EQ(Text("RAND_INTEGER", {Int(3), Int(99)}), "50");
  EXPECT_EQ(Text("RAND_INTEGER", {Int(0)}), "error: function.value");
}

TEST(Arithmetic, ColumnsWithNullsAndSelections) {
  EvalContext context;
  std::vector<Value> prices = {Value::Int(100), Value::Null(), Value::Int(-3), Value::Int(INT64_MAX)};
  Chunk chunk;
  chunk.columns = {MakeFromValues(DataType::Bigint(), prices)};
  chunk.size = 4;
  Evaluator evaluator({Call("*", {Dec(908, 3, 3), MakeColumn(0, DataType::Bigint())})}, &context);
  Result<ColumnPtr> column = evaluator.Evaluate(0, chunk, chunk.rows());
  ASSERT_TRUE(column.ok());
  EXPECT_EQ((*column)->GetValue(0), Value::Decimal(90800));
  EXPECT_TRUE((*column)->IsNull(1));
  EXPECT_EQ((*column)->GetValue(2), Value::Decimal(-2724));
  EXPECT_EQ((*column)->GetValue(3), Value::Decimal(static_cast<int128_t>(INT64_MAX) * 908));
}

}  // namespace
}  // namespace millrace::functions
