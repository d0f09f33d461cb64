#include <gtest/gtest.h>

#include "engine/operators/factories.h"
#include "expressions.h"
#include "operator_harness.h"

namespace millrace::operators {
namespace {

// Left: key, value. Right: key, name.
const std::vector<DataType> kLeft = {DataType::Int(), DataType::Bigint()};
const std::vector<DataType> kRight = {DataType::Bigint(), DataType::String()};

class JoinTest : public testing::Test {
 protected:
  OperatorHarness Harness(plan::JoinSpec spec, bool changes = true) {
    spec.left_keys = {0};
    spec.right_keys = {0};
    plan::PhysicalNode node = NodeOver(spec, {kLeft, kRight}, {{0}, {0}});
    for (plan::PhysicalInput& input : node.inputs) {
      if (changes) input.node->mode = plan::ChangelogMode::All();
    }
    return OperatorHarness(
        node, [spec](const plan::PhysicalNode& n) { return Make(spec, n); }, &eval_);
  }
  static plan::JoinSpec Of(plan::JoinType type) {
    plan::JoinSpec spec;
    spec.type = type;
    return spec;
  }
  // left.value > 10
  static functions::ExprPtr ValueAboveTen() {
    return Apply(">", {functions::MakeColumn(1, kLeft[1]), IntLiteral(10, kLeft[1])}, DataType::Boolean());
  }
  functions::EvalContext eval_;
};

TEST_F(JoinTest, InnerKeepsTheKindOfTheRow) {
  Lines rows = {"+I 1 10", "1: +I 1 a", "1: +U 1 b", "+I 2 20",      "-U 1 10",
                "+U 1 11", "1: -D 1 a", "+I null 1", "1: +I null x", "1: -D 2 unknown"};
  Lines expected = {"+I 1 10 1 a", "+U 1 10 1 b", "-U 1 10 1 a", "-U 1 10 1 b",
                    "+U 1 11 1 a", "+U 1 11 1 b", "-D 1 11 1 a", "-D 2 20 2 unknown"};
  Harness(Of(plan::JoinType::kInner)).ExpectAlways(rows, expected);
}

TEST_F(JoinTest, InnerOfInsertsOnly) {
  Lines rows = {"+I 1 10", "+I 1 10", "1: +I 1 a", "1: +I 1 a", "+I 1 3"};
  Harness(Of(plan::JoinType::kInner), false)
      .ExpectAlways(rows, {"+I 1 10 1 a", "+I 1 10 1 a", "+I 1 10 1 a", "+I 1 10 1 a", "+I 1 3 1 a", "+I 1 3 1 a"});
}

TEST_F(JoinTest, LeftPadsAndTakesBack) {
  Lines rows = {"+I 1 10", "1: +I 1 a", "1: +I 1 b", "1: -D 1 a", "1: -D 1 b",
                "-D 1 10", "+I null 5", "-D null 5", "1: +I 7 x"};
  Lines expected = {"+I 1 10 null null",   "-D 1 10 null null",  "+I 1 10 1 a",       "+I 1 10 1 b",
                    "-D 1 10 1 a",         "-D 1 10 1 b",        "+I 1 10 null null", "-D 1 10 null null",
                    "+I null 5 null null", "-D null 5 null null"};
  Harness(Of(plan::JoinType::kLeft)).ExpectAlways(rows, expected);
}

TEST_F(JoinTest, UpdatesOfAnOuterSideAreInsertsAndDeletes) {
  Lines rows = {"1: +I 1 a", "+I 1 10", "-U 1 10", "+U 1 11", "1: -U 1 a", "1: +U 1 b"};
  Lines expected = {"+I 1 10 1 a",       "-D 1 10 1 a",       "+I 1 11 1 a", "-U 1 11 1 a",
                    "+I 1 11 null null", "-D 1 11 null null", "+I 1 11 1 b"};
  Harness(Of(plan::JoinType::kLeft)).ExpectAlways(rows, expected);
}

TEST_F(JoinTest, RightAndFull) {
  Lines rows = {"1: +I 1 a", "+I 1 10", "+I 2 20", "-D 1 10"};
  Harness(Of(plan::JoinType::kRight))
      .ExpectAlways(rows, {"+I null null 1 a", "-D null null 1 a", "+I 1 10 1 a", "-D 1 10 1 a", "+I null null 1 a"});
  Harness(Of(plan::JoinType::kFull))
      .ExpectAlways(rows, {"+I null null 1 a", "-D null null 1 a", "+I 1 10 1 a", "+I 2 20 null null", "-D 1 10 1 a",
                           "+I null null 1 a"});
}

TEST_F(JoinTest, AllPaddedRowsAreTakenBackFirst) {
  Lines rows = {"+I 1 10", "+I 1 11", "+I 1 12", "1: +I 1 a", "1: -D 1 a"};
  Harness(Of(plan::JoinType::kLeft))
      .ExpectAlways(
          rows, {"+I 1 10 null null", "+I 1 11 null null", "+I 1 12 null null", "-D 1 10 null null",
                 "-D 1 11 null null", "-D 1 12 null null", "+I 1 10 1 a", "+I 1 11 1 a", "+I 1 12 1 a", "-D 1 10 1 a",
                 "-D 1 11 1 a", "-D 1 12 1 a", "+I 1 10 null null", "+I 1 11 null null", "+I 1 12 null null"});
}

TEST_F(JoinTest, ConditionDecidesWhoIsAPartner) {
  plan::JoinSpec spec = Of(plan::JoinType::kLeft);
  spec.condition = ValueAboveTen();
  Lines rows = {"1: +I 1 a", "+I 1 10", "+I 1 11", "1: +I 1 b", "1: -D 1 a", "1: -D 1 b", "-D 1 10"};
  Harness(spec).ExpectAlways(rows, {"+I 1 10 null null", "+I 1 11 1 a", "+I 1 11 1 b", "-D 1 11 1 a", "-D 1 11 1 b",
                                    "+I 1 11 null null", "-D 1 10 null null"});
}

TEST_F(JoinTest, Semi) {
  Lines rows = {"+I 1 10",   "1: +I 1 a", "1: +I 1 b", "+I 1 11",  "1: -D 1 a",
                "1: -D 1 b", "1: +U 1 c", "-D 1 10",   "+I null 1"};
  Harness(Of(plan::JoinType::kSemi))
      .ExpectAlways(rows, {"+I 1 10", "+I 1 11", "-D 1 10", "-D 1 11", "+U 1 10", "+U 1 11", "-D 1 10"});
}

TEST_F(JoinTest, Anti) {
  Lines rows = {"+I 1 10", "1: +I 1 a", "1: +I 1 b", "+I 1 11", "1: -D 1 a", "1: -D 1 b", "-D 1 10", "+I null 1"};
  Harness(Of(plan::JoinType::kAnti))
      .ExpectAlways(rows, {"+I 1 10", "-D 1 10", "+I 1 10", "+I 1 11", "-D 1 10", "+I null 1"});
}

TEST_F(JoinTest, EqualRowsAreCounted) {
  Lines rows = {"+I 1 10", "+I 1 10", "1: +I 1 a", "-D 1 10", "1: +I 1 b", "1: -D 1 a", "-D 1 10", "-D 1 10"};
  Harness(Of(plan::JoinType::kInner))
      .ExpectAlways(rows, {"+I 1 10 1 a", "+I 1 10 1 a", "-D 1 10 1 a", "+I 1 10 1 b", "-D 1 10 1 a", "-D 1 10 1 b",
                           "-D 1 10 1 b"});
}

TEST_F(JoinTest, UniqueKeysReplaceRows) {
  plan::JoinSpec spec = Of(plan::JoinType::kInner);
  spec.left_side = plan::JoinInputSide::kJoinKeyIsUnique;
  spec.right_side = plan::JoinInputSide::kHasUniqueKey;
  spec.right_unique_key = {1};
  Lines rows = {"+I 1 10", "+U 1 11",   "1: +I 1 a", "1: +U 1 a", "1: +I 1 a_name_that_is_long",
                "+U 1 12", "1: -D 1 a", "+U 1 13"};
  Harness(spec).ExpectAlways(rows, {"+I 1 11 1 a", "+U 1 11 1 a", "+I 1 11 1 a_name_that_is_long", "+U 1 12 1 a",
                                    "+U 1 12 1 a_name_that_is_long", "-D 1 12 1 a", "+U 1 13 1 a_name_that_is_long"});
}

TEST_F(JoinTest, NullsMayBeEqual) {
  plan::JoinSpec spec = Of(plan::JoinType::kInner);
  spec.null_equal = {true};
  Harness(spec).ExpectAlways({"+I null 1", "1: +I null a", "1: +I 3 b"}, {"+I null 1 null a"});
}

TEST_F(JoinTest, LongListsAreFoundByTheirIndex) {
  Lines rows;
  Lines expected;
  for (int i = 0; i < 300; ++i) rows.push_back("1: +I 1 n" + std::to_string(i));
  for (int i = 0; i < 300; ++i) {
    if (i % 7 != 3) rows.push_back("1: -D 1 n" + std::to_string(i));
  }
  rows.push_back("+I 1 5");
  for (int i = 3; i < 300; i += 7) expected.push_back("+I 1 5 1 n" + std::to_string(i));
  for (plan::JoinInputSide side : {plan::JoinInputSide::kNoUniqueKey, plan::JoinInputSide::kHasUniqueKey}) {
    plan::JoinSpec spec = Of(plan::JoinType::kInner);
    spec.right_side = side;
    spec.right_unique_key = {1};
    EXPECT_EQ(Harness(spec).Run(rows, {}), expected);
    EXPECT_EQ(Harness(spec).Run(rows, {.chunk_rows = 16, .credit = false, .restore_after = 350}), expected);
  }
}

TEST_F(JoinTest, TtlForgetsRows) {
  plan::JoinSpec spec = Of(plan::JoinType::kLeft);
  spec.left_ttl_ms = 10;
  spec.right_ttl_ms = 100;
  Lines rows = {"1: +I 1 a", "time 5",   "+I 1 10", "time 14",  "1: +I 1 b", "time 24",
                "1: +I 1 c", "time 101", "+I 1 11", "time 120", "+I 1 12"};
  Harness(spec).ExpectAlways(rows, {"+I 1 10 1 a", "+I 1 10 1 b", "+I 1 11 1 b", "+I 1 11 1 c", "+I 1 12 1 c"});
}

TEST_F(JoinTest, BatchSendsFinalRowsOnly) {
  Lines rows = {"+I 1 10", "+I 2 20", "+I null 3", "1: +I 1 a", "1: +I 1 b", "1: +I 9 z"};
  auto run = [&](plan::JoinType type) {
    Lines lines = Harness(Of(type), false).Run(rows, {.chunk_rows = 2, .credit = false, .batch = true});
    return OperatorHarness::Sorted(lines);
  };
  EXPECT_EQ(run(plan::JoinType::kFull),
            (Lines{"+I 1 10 1 a", "+I 1 10 1 b", "+I 2 20 null null", "+I null 3 null null", "+I null null 9 z"}));
  EXPECT_EQ(run(plan::JoinType::kAnti), (Lines{"+I 2 20", "+I null 3"}));
  EXPECT_EQ(run(plan::JoinType::kSemi), (Lines{"+I 1 10"}));
}

}  // namespace
}  // namespace millrace::operators
