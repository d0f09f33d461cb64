// Comparison: implicit conversions and refusals, NaN, texts, nested values, NULLs.
#include <cmath>

#include "call_builder.h"

namespace millrace::functions {
namespace {

TEST(Comparison, NumbersOfDifferentTypes) {
  EXPECT_EQ(Text("=", {Int(1), Dec(100, 3, 2)}), "TRUE");
  EXPECT_EQ(Text("<", {Dec(-999, 3, 2), Big(-9)}), "TRUE");
  EXPECT_EQ(Text("=", {Dec(1, 38, 38), Big(1)}), "FALSE");
  EXPECT_EQ(Text(">", {Big(1), Dec(1, 38, 38)}), "TRUE");
  EXPECT_EQ(Text("=", {Dec(25, 2, 1), Dbl(2.5)}), "TRUE");
}

TEST(Comparison, TextsCompareByBytesWithoutPadding) {
  EXPECT_EQ(Text("=", {Str("a"), Str("a ")}), "FALSE");
  EXPECT_EQ(Text("<", {Str("Zebra and more"), Str("ant")}), "TRUE");
  EXPECT_EQ(Text("<", {Str("ab"), Str("abc")}), "TRUE");
  EXPECT_EQ(Text(">=", {Str("the same long text"), Str("the same long text")}), "TRUE");
  EXPECT_EQ(Text("<>", {Str("a long text of one kind"), Str("a long text of another")}), "TRUE");
}

TEST(Comparison, RefusesNumbersAgainstTexts) {
  Result<ExprPtr> call = TryCall("=", {Str("1"), Int(1)});
  ASSERT_FALSE(call.ok());
  EXPECT_NE(call.error().message.find("implicit type conversion between"), std::string::npos);
  EXPECT_FALSE(TryCall("=", {Null(DataType::Date()), Null(DataType::Timestamp(3))}).ok());
}

TEST(Comparison, TextsAgainstDates) {
  ExprPtr date = MakeLiteral(Value::Int(0), DataType::Date().NotNull());
  EXPECT_EQ(Text("=", {date, Str("1970-01-01")}), "TRUE");
  // A text that comes from an expression and is no date gives NULL.
  EXPECT_EQ(Text("=", {date, Call("UPPER", {Str("nonsense")})}), "NULL");
}

TEST(Comparison, NanEqualsItselfOnlyAsTheSameExpression) {
  EvalContext context;
  std::vector<Value> nan = {Value::Double(std::nan("")), Value::Null()};
  Chunk chunk;
  chunk.columns = {MakeFromValues(DataType::Double(), nan), MakeFromValues(DataType::Double(), nan)};
  chunk.size = 2;
  ExprPtr a = MakeColumn(0, DataType::Double());
  ExprPtr b = MakeColumn(1, DataType::Double());
  Evaluator evaluator({Call("=", {a, b}), Call("=", {a, a}), Call(">", {a, b})}, &context);
  Result<std::vector<ColumnPtr>> columns = evaluator.EvaluateAll(chunk);
  ASSERT_TRUE(columns.ok());
  EXPECT_EQ((*columns)[0]->GetValue(0), Value::Bool(false));
  EXPECT_EQ((*columns)[1]->GetValue(0), Value::Bool(true));
  EXPECT_TRUE((*columns)[1]->IsNull(1));
  EXPECT_EQ((*columns)[2]->GetValue(0), Value::Bool(false));
}

TEST(Comparison, MapsDisregardOrder) {
  DataType type = DataType::Map(DataType::String(), DataType::Int()).NotNull();
  Value ab = Value::Nested({Value::String("a"), Value::Int(1), Value::String("b"), Value::Int(2)});
  Value ba = Value::Nested({Value::String("b"), Value::Int(2), Value::String("a"), Value::Int(1)});
  Value other = Value::Nested({Value::String("b"), Value::Int(2), Value::String("a"), Value::Int(3)});
  EXPECT_EQ(Text("=", {MakeLiteral(ab, type), MakeLiteral(ba, type)}), "TRUE");
  EXPECT_EQ(Text("<>", {MakeLiteral(ab, type), MakeLiteral(other, type)}), "TRUE");
  EXPECT_FALSE(TryCall("<", {MakeLiteral(ab, type), MakeLiteral(ba, type)}).ok());
}

TEST(Comparison, DistinctFromAndTruthAreNeverNull) {
  EXPECT_EQ(Text("IS DISTINCT FROM", {Int(1), Null(DataType::Int())}), "TRUE");
  EXPECT_EQ(Text("IS NOT DISTINCT FROM", {Null(DataType::Int()), Null(DataType::Int())}), "TRUE");
  EXPECT_EQ(Text("IS NOT TRUE", {Null(DataType::Boolean())}), "TRUE");
  EXPECT_EQ(Text("IS FALSE", {Null(DataType::Boolean())}), "FALSE");
  EXPECT_EQ(Text("NOT", {Null(DataType::Boolean())}), "NULL");
}

TEST(Comparison, InWithAndWithoutNulls) {
  EXPECT_EQ(Text("IN", {Int(4), Int(1), Int(2), Int(3), Int(5), Int(6)}), "FALSE");
  EXPECT_EQ(Text("IN", {Int(4), Int(1), Int(4), Null(DataType::Int())}), "TRUE");
  EXPECT_EQ(Text("IN", {Int(9), Int(1), Int(4), Null(DataType::Int())}), "NULL");
  EXPECT_EQ(Text("IN", {Str("b"), Str("a"), Str("b")}), "TRUE");
  EXPECT_EQ(Text("IN", {Dbl(1), Int(1), Dec(25, 2, 1)}), "TRUE");
  EXPECT_FALSE(TryCall("IN", {Int(1), Str("1")}).ok());
}

TEST(Comparison, GreatestAndLeast) {
  EXPECT_EQ(Text("GREATEST", {Int(1), Null(DataType::Int()), Int(3)}), "NULL");
  EXPECT_EQ(Text("GREATEST", {Int(1), Dec(314, 3, 2), Int(2)}), "3.14");
  EXPECT_EQ(Text("LEAST", {Str("hello"), Str("a much longer text")}), "a much longer text");
  EXPECT_FALSE(TryCall("GREATEST", {Int(1), Str("a")}).ok());
}

}  // namespace
}  // namespace millrace::functions
