// The evaluator: narrowing, constants, dictionaries, shared sub-expressions, folding.
#include "engine/functions/evaluator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "call_builder.h"

namespace millrace::functions {
namespace {

ExprPtr Column(int32_t index) { return MakeColumn(index, DataType::Int()); }

ExprPtr Special(ExprKind kind, std::vector<ExprPtr> args, DataType type) {
  auto expr = std::make_shared<Expr>();
  expr->kind = kind;
  expr->args = std::move(args);
  expr->type = std::move(type);
  return expr;
}

Chunk Ints(const std::vector<std::vector<Value>>& columns) {
  Chunk chunk;
  for (const auto& values : columns) {
    chunk.columns.push_back(MakeFromValues(DataType::Int(), values));
    chunk.size = static_cast<int32_t>(values.size());
  }
  return chunk;
}

ValueRow Rows(const ColumnPtr& column) {
  ValueRow values;
  for (int32_t i = 0; i < column->size(); ++i) values.push_back(column->GetValue(i));
  return values;
}

Value I(int64_t value) { return Value::Int(value); }

TEST(Evaluator, AndNarrowsSoThatTheRightSideFailsOnlyWhereItIsNeeded) {
  EvalContext context;
  Chunk chunk = Ints({{I(0), I(2), I(5), Value::Null()}});
  // a <> 0 AND 10 / a > 3
  ExprPtr guard = Call("<>", {Column(0), Int(0)});
  ExprPtr quotient = Call(">", {Call("/", {Int(10), Column(0)}), Int(3)});
  ExprPtr condition = MakeAnd({guard, quotient});
  Evaluator evaluator({condition, quotient}, &context);
  Result<std::vector<int32_t>> rows = evaluator.SelectTrue(0, chunk, chunk.rows());
  ASSERT_TRUE(rows.ok()) << rows.error().ToString();
  EXPECT_EQ(*rows, (std::vector<int32_t>{1}));
  Result<ColumnPtr> column = evaluator.Evaluate(0, chunk, chunk.rows());
  ASSERT_TRUE(column.ok());
  EXPECT_EQ(Rows(*column), (ValueRow{Value::Bool(false), Value::Bool(true), Value::Bool(false), Value::Null()}));
  Result<ColumnPtr> unguarded = evaluator.Evaluate(1, chunk, chunk.rows());
  ASSERT_FALSE(unguarded.ok());
  EXPECT_EQ(unguarded.error().code, "arithmetic.divide_by_zero");
}

TEST(Evaluator, OrIsThreeValued) {
  EvalContext context;
  Chunk chunk = Ints({{I(1), I(2), Value::Null()}});
  ExprPtr either =
      Special(ExprKind::kOr, {Call("=", {Column(0), Int(1)}), Call("=", {Column(0), Int(3)})}, DataType::Boolean());
  Evaluator evaluator({either}, &context);
  Result<ColumnPtr> column = evaluator.Evaluate(0, chunk, chunk.rows());
  ASSERT_TRUE(column.ok());
  EXPECT_EQ(Rows(*column), (ValueRow{Value::Bool(true), Value::Bool(false), Value::Null()}));
  EXPECT_EQ(*evaluator.SelectTrue(0, chunk, chunk.rows()), (std::vector<int32_t>{0}));
}

TEST(Evaluator, CaseAndCoalesceTakeEachRowFromItsBranch) {
  EvalContext context;
  Chunk chunk = Ints({{I(0), I(4), Value::Null()}, {I(7), Value::Null(), Value::Null()}});
  ExprPtr guarded = Special(
      ExprKind::kCase, {Call("=", {Column(0), Int(0)}), Int(-1), Call("/", {Int(100), Column(0)})}, DataType::Int());
  ExprPtr first = Special(ExprKind::kCoalesce, {Column(1), Column(0), Int(9)}, DataType::Int().NotNull());
  Evaluator evaluator({guarded, first}, &context);
  Result<std::vector<ColumnPtr>> columns = evaluator.EvaluateAll(chunk);
  ASSERT_TRUE(columns.ok()) << columns.error().ToString();
  EXPECT_EQ(Rows((*columns)[0]), (ValueRow{I(-1), I(25), Value::Null()}));
  EXPECT_EQ(Rows((*columns)[1]), (ValueRow{I(7), I(4), I(9)}));
}

// What is left open after a condition that no row meets is what was open before it, in other memory.
TEST(Evaluator, ConditionsThatNoRowMeetsChangeNothing) {
  EvalContext context;
  Chunk chunk = Ints({{I(0), I(1), I(2), I(3), I(4)}});
  auto is = [](int32_t value) { return Call("=", {Column(0), Int(value)}); };
  auto is_not = [](int32_t value) { return Call("<>", {Column(0), Int(value)}); };
  ExprPtr branches = Special(ExprKind::kCase, {is(0), Int(10), is(9), Int(19), is(8), Int(18), is(2), Int(12), Int(-1)},
                             DataType::Int());
  ExprPtr all = MakeAnd({is_not(0), is_not(9), is_not(8), is_not(7), is_not(3)});
  ExprPtr any = Special(ExprKind::kOr, {is(0), is(9), is(8), is(7), is(3)}, DataType::Boolean());
  Evaluator evaluator({branches, all, any}, &context);
  Result<std::vector<ColumnPtr>> columns = evaluator.EvaluateAll(chunk);
  ASSERT_TRUE(columns.ok()) << columns.error().ToString();
  EXPECT_EQ(Rows((*columns)[0]), (ValueRow{I(10), I(-1), I(12), I(-1), I(-1)}));
  auto truth = [](std::vector<bool> values) {
    ValueRow row;
    for (bool value : values) row.push_back(Value::Bool(value));
    return row;
  };
  EXPECT_EQ(Rows((*columns)[1]), truth({false, true, true, false, true}));
  EXPECT_EQ(Rows((*columns)[2]), truth({true, false, false, true, false}));
  EXPECT_EQ(*evaluator.SelectTrue(1, chunk, chunk.rows()), (std::vector<int32_t>{1, 2, 4}));
  EXPECT_EQ(*evaluator.SelectTrue(2, chunk, chunk.rows()), (std::vector<int32_t>{0, 3}));
}

TEST(Evaluator, KeepsConstantsConstantAndDictionariesDictionaries) {
  EvalContext context;
  Chunk chunk = Ints({{I(3), I(8)}});
  std::vector<int32_t> rows = {0, 1, 1, 0, 1};
  chunk.columns[0] = Gather(chunk.columns[0], rows, context.pool);
  chunk.size = 5;
  Evaluator evaluator({Call("+", {Int(1), Int(2)}), Call("*", {Column(0), Int(10)})}, &context);
  Result<std::vector<ColumnPtr>> columns = evaluator.EvaluateAll(chunk);
  ASSERT_TRUE(columns.ok());
  EXPECT_EQ((*columns)[0]->encoding(), Encoding::kConstant);
  EXPECT_EQ(Rows((*columns)[0]), (ValueRow{I(3), I(3), I(3), I(3), I(3)}));
  EXPECT_EQ((*columns)[1]->encoding(), Encoding::kDictionary);
  EXPECT_EQ(Rows((*columns)[1]), (ValueRow{I(30), I(80), I(80), I(30), I(80)}));
}

TEST(Evaluator, RunsOnlySelectedRows) {
  EvalContext context;
  Chunk chunk = Ints({{I(0), I(2), I(0), I(5)}});
  chunk.selection = std::make_shared<const std::vector<int32_t>>(std::vector<int32_t>{1, 3});
  Evaluator evaluator({Call("/", {Int(10), Column(0)})}, &context);
  Result<std::vector<ColumnPtr>> columns = evaluator.EvaluateAll(chunk);
  ASSERT_TRUE(columns.ok()) << columns.error().ToString();
  EXPECT_EQ((*columns)[0]->GetValue(1), I(5));
  EXPECT_EQ((*columns)[0]->GetValue(3), I(2));
}

TEST(FoldConstants, ReplacesConstantsAndRefusesDivisionByZero) {
  EvalContext context;
  ExprPtr sum = Call("+", {Column(0), Call("*", {Int(2), Int(3)})});
  Result<ExprPtr> folded = FoldConstants(sum, context);
  ASSERT_TRUE(folded.ok());
  EXPECT_EQ(ExprText(**folded), "($0 + 6)");
  ExprPtr zero = Call("/", {Int(1), Int(0)});
  Result<ExprPtr> refused = FoldConstants(Call("+", {Column(0), zero}), context);
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().message, testing::StartsWith("Division by zero"));
  // Below a CAST the division is left to the running job, where DOUBLE gives Infinity.
  EXPECT_TRUE(FoldConstants(MakeCast(zero, DataType::Bigint().NotNull()), context).ok());
  EXPECT_FALSE(FoldConstants(Call("/", {Dbl(1), Int(0)}), context).ok());
  Result<ExprPtr> infinity =
      FoldConstants(MakeCast(Call("/", {Dbl(1), Int(0)}), DataType::String().NotNull()), context);
  ASSERT_TRUE(infinity.ok());
  EXPECT_EQ((*infinity)->literal, Value::String("Infinity"));
  ExprPtr maybe = Special(ExprKind::kCase, {Call("=", {Column(0), Int(1)}), zero, Int(2)}, DataType::Int());
  EXPECT_TRUE(FoldConstants(maybe, context).ok());
}

}  // namespace
}  // namespace millrace::functions
