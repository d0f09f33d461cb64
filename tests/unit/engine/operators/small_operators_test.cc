#include <gtest/gtest.h>

#include "engine/functions/table_function.h"
#include "engine/operators/factories.h"
#include "expressions.h"
#include "operator_harness.h"

namespace millrace::operators {
namespace {

const std::vector<DataType> kTypes = {DataType::Bigint(), DataType::String()};

plan::PhysicalNode WithOutput(plan::PhysicalNode node, const std::vector<DataType>& types) {
  for (const DataType& type : types) node.output.fields.push_back({"f", type, ""});
  return node;
}

TEST(Values, SendsItsRowsOnce) {
  plan::ValuesSpec spec;
  for (int64_t i = 0; i < 5; ++i) spec.rows.push_back({Value::Int(i), Value::String("v")});
  OperatorHarness harness(WithOutput(NodeOver(spec, {}), kTypes), MakeOperator);
  Lines expected = {"+I 0 v", "+I 1 v", "+I 2 v", "+I 3 v", "+I 4 v"};
  EXPECT_EQ(harness.Run({}, {}), expected);
  EXPECT_EQ(harness.Run({}, {.chunk_rows = 2, .credit = false}), expected);
}

TEST(Limit, PassesTheFirstRows) {
  plan::LimitSpec spec{1, 2, false, true};
  OperatorHarness harness(NodeOver(spec, {kTypes}, {{}}), MakeOperator);
  harness.ExpectAlways({"+I 1 a", "+I 2 b", "+I 3 c", "+I 4 d"}, {"+I 2 b", "+I 3 c"});
}

TEST(Limit, MakesRoomWhenARowGoes) {
  plan::LimitSpec spec{0, 2, true, true};
  OperatorHarness harness(NodeOver(spec, {kTypes}, {{}}), MakeOperator);
  harness.ExpectAlways({"+I 1 a", "+I 2 b", "+I 3 c", "-D 1 a", "-D 9 z", "-D 3 c"},
                       {"+I 1 a", "+I 2 b", "-D 1 a", "+I 3 c", "-D 3 c"});
}

TEST(DropUpdateBefore, LeavesThemOut) {
  OperatorHarness harness(NodeOver(plan::DropUpdateBeforeSpec{}, {kTypes}, {{0}}), MakeOperator);
  harness.ExpectAlways({"+I 1 a", "-U 1 a", "+U 1 b", "-D 1 b"}, {"+I 1 a", "+U 1 b", "-D 1 b"});
}

TEST(Expand, SendsEachRowOncePerSet) {
  functions::EvalContext eval;
  plan::ExpandSpec spec;
  for (int64_t set = 0; set < 2; ++set) {
    functions::ExprPtr blank = functions::MakeLiteral(Value::Null(), kTypes[1]);
    spec.projections.push_back({functions::MakeColumn(0, kTypes[0]),
                                set == 0 ? functions::MakeColumn(1, kTypes[1]) : blank,
                                IntLiteral(set, DataType::Bigint())});
  }
  plan::PhysicalNode node = WithOutput(NodeOver(spec, {kTypes}, {{0}}), {kTypes[0], kTypes[1], DataType::Bigint()});
  OperatorHarness harness(node, MakeOperator, &eval);
  harness.ExpectAlways({"+I 1 a", "-D 2 b", "+I 3 c"},
                       {"+I 1 a 0", "+I 1 null 1", "-D 2 b 0", "-D 2 null 1", "+I 3 c 0", "+I 3 null 1"});
}

TEST(ReplicateRows, RepeatsByTheCount) {
  plan::ReplicateRowsSpec spec{0};
  OperatorHarness harness(WithOutput(NodeOver(spec, {kTypes}, {{1}}), {kTypes[1]}), MakeOperator);
  harness.ExpectAlways({"+I 2 a", "+I 0 b", "+I -1 c", "+I null d", "+I 5 e"},
                       {"+I a", "+I a", "+I e", "+I e", "+I e", "+I e", "+I e"});
}

class CorrelateTest : public testing::Test {
 protected:
  OperatorHarness Harness(bool left_outer, functions::ExprPtr condition = nullptr) {
    plan::CorrelateSpec spec;
    spec.function = functions::FindTableFunction("UNNEST");
    spec.arguments = {functions::MakeColumn(1, types_[1])};
    spec.left_outer = left_outer;
    spec.condition = std::move(condition);
    plan::PhysicalNode node = WithOutput(NodeOver(spec, {types_}, {{0}}), {types_[0], types_[1], DataType::Int()});
    return OperatorHarness(node, MakeOperator, &eval_);
  }
  std::vector<DataType> types_ = {DataType::Bigint(), DataType::Array(DataType::Int())};
  functions::EvalContext eval_;
};

TEST_F(CorrelateTest, GivesARowPerItem) {
  Lines rows = {"+I 1 [7,8,9]", "+I 2 null", "-D 3 [4]"};
  Harness(false).ExpectAlways(rows, {"+I 1 [7,8,9] 7", "+I 1 [7,8,9] 8", "+I 1 [7,8,9] 9", "-D 3 [4] 4"});
  Harness(true).ExpectAlways(rows,
                             {"+I 1 [7,8,9] 7", "+I 1 [7,8,9] 8", "+I 1 [7,8,9] 9", "+I 2 null null", "-D 3 [4] 4"});
}

TEST_F(CorrelateTest, ConditionChoosesItems) {
  functions::ExprPtr above =
      Apply(">", {functions::MakeColumn(2, DataType::Int()), IntLiteral(7, DataType::Int())}, DataType::Boolean());
  Lines rows = {"+I 1 [7,8]", "+I 2 [1]"};
  Harness(false, above).ExpectAlways(rows, {"+I 1 [7,8] 8"});
  Harness(true, above).ExpectAlways(rows, {"+I 1 [7,8] 8", "+I 2 [1] null"});
}

TEST(Sort, OrdersBoundedInput) {
  plan::SortSpec spec;
  spec.keys = {{0, false, false}, {1, true, true}};
  Lines rows = {"+I 1 b", "+I 2 a", "+I null x", "+I 1 a", "+I 3 q"};
  OperatorHarness all(NodeOver(spec, {kTypes}, {{}}), MakeOperator);
  all.ExpectAlways(rows, {"+I 3 q", "+I 2 a", "+I 1 a", "+I 1 b", "+I null x"});
  spec.offset = 1;
  spec.limit = 2;
  OperatorHarness some(NodeOver(spec, {kTypes}, {{}}), MakeOperator);
  some.ExpectAlways(rows, {"+I 2 a", "+I 1 a"});
}

TEST(Sort, PrunesBelowALimit) {
  plan::SortSpec spec;
  spec.keys = {{0, true, true}};
  spec.limit = 3;
  Lines rows;
  for (int i = 0; i < 5000; ++i) rows.push_back("+I " + std::to_string((i * 7919) % 5000) + " v");
  OperatorHarness harness(NodeOver(spec, {kTypes}, {{}}), MakeOperator);
  EXPECT_EQ(harness.Run(rows, {.chunk_rows = 100}), (Lines{"+I 0 v", "+I 1 v", "+I 2 v"}));
}

TEST(Sort, FloatsSortAsInJava) {
  plan::SortSpec spec;
  spec.keys = {{0, true, true}};
  OperatorHarness harness(NodeOver(spec, {{DataType::Double()}}, {{}}), MakeOperator);
  EXPECT_EQ(harness.Run({"+I nan", "+I 0", "+I -0.0", "+I -5", "+I inf", "+I null"}, {}),
            (Lines{"+I null", "+I -5", "+I -0", "+I 0", "+I inf", "+I nan"}));
}

TEST(Sort, OrdersAStreamByTime) {
  std::vector<DataType> types = {DataType::Timestamp(3).WithTimeAttribute(TimeAttribute::kRowtime), DataType::String()};
  plan::SortSpec spec;
  spec.keys = {{0, true, true}, {1, false, false}};
  spec.time_sorted = true;
  OperatorHarness harness(NodeOver(spec, {types}, {{}}), MakeOperator);
  harness.ExpectAlways(
      {"+I 20 a", "+I 10 a", "+I 10 b", "wm 10", "+I 10 late", "+I 15 c", "+I 11 d", "wm 20", "+I 30 z", "wm 100"},
      {"+I 10 b", "+I 10 a", "+I 11 d", "+I 15 c", "+I 20 a", "+I 30 z"});
}

}  // namespace
}  // namespace millrace::operators
