#include <gtest/gtest.h>

#include "engine/operators/factories.h"
#include "expressions.h"
#include "operator_harness.h"

namespace millrace::operators {
namespace {

// key, value, window start, window end
const std::vector<DataType> kTypes = {DataType::Int(), DataType::Bigint(), DataType::Timestamp(3),
                                      DataType::Timestamp(3)};

class WindowJoinTest : public testing::Test {
 protected:
  OperatorHarness Harness(plan::JoinType type, functions::ExprPtr condition = nullptr) {
    plan::WindowJoinSpec spec;
    spec.type = type;
    spec.left_keys = spec.right_keys = {0};
    spec.left_window_start = spec.right_window_start = 2;
    spec.left_window_end = spec.right_window_end = 3;
    spec.condition = std::move(condition);
    return OperatorHarness(NodeOver(spec, {kTypes, kTypes}, {{0}, {0}}), MakeOperator, &eval_);
  }
  functions::EvalContext eval_;
};

const Lines kRows = {"+I 1 10 0 100", "1: +I 1 77 0 100", "1: +I 1 78 0 100",
                     "+I 2 20 0 100", "1: +I 3 79 0 100", "1: +I 1 80 100 200",
                     "wm 98",         "+I null 5 0 100",  "1: +I null 6 0 100",
                     "wm 99",         "+I 1 11 0 100",    "+I 1 12 100 200",
                     "wm 1000"};

TEST_F(WindowJoinTest, Inner) {
  Harness(plan::JoinType::kInner)
      .ExpectAlways(kRows, {"+I 1 10 0 100 1 77 0 100", "+I 1 10 0 100 1 78 0 100", "+I 1 12 100 200 1 80 100 200"});
}

TEST_F(WindowJoinTest, Outer) {
  Lines inner = {"+I 1 10 0 100 1 77 0 100", "+I 1 10 0 100 1 78 0 100", "+I 1 12 100 200 1 80 100 200"};
  Lines left = {"+I 2 20 0 100 null null null null", "+I null 5 0 100 null null null null"};
  Lines right = {"+I null null null null 3 79 0 100", "+I null null null null null 6 0 100"};
  auto with = [&](std::initializer_list<Lines> parts) {
    Lines all = inner;
    for (const Lines& part : parts) all.insert(all.end(), part.begin(), part.end());
    return all;
  };
  Harness(plan::JoinType::kLeft).ExpectInAnyOrder(kRows, with({left}));
  Harness(plan::JoinType::kRight).ExpectInAnyOrder(kRows, with({right}));
  Harness(plan::JoinType::kFull).ExpectInAnyOrder(kRows, with({left, right}));
}

TEST_F(WindowJoinTest, SemiAndAnti) {
  Harness(plan::JoinType::kSemi).ExpectInAnyOrder(kRows, {"+I 1 10 0 100", "+I 1 12 100 200"});
  Harness(plan::JoinType::kAnti).ExpectInAnyOrder(kRows, {"+I 2 20 0 100", "+I null 5 0 100"});
}

TEST_F(WindowJoinTest, Condition) {
  functions::ExprPtr above =
      Apply(">", {functions::MakeColumn(5, kTypes[1]), IntLiteral(77, kTypes[1])}, DataType::Boolean());
  Harness(plan::JoinType::kFull, above)
      .ExpectInAnyOrder({"+I 1 10 0 100", "1: +I 1 77 0 100", "1: +I 1 78 0 100", "wm 500"},
                        {"+I 1 10 0 100 1 78 0 100", "+I null null null null 1 77 0 100"});
}

OperatorHarness RankHarness(bool deduplicate, bool keep_last, bool number) {
  plan::WindowRankSpec spec;
  spec.partition_keys = {0};
  spec.sort_keys = {{1, false, false}};
  spec.rank_start = 1;
  spec.rank_end = 2;
  spec.output_rank_number = number;
  spec.window_end = 3;
  spec.deduplicate = deduplicate;
  spec.keep_last = keep_last;
  spec.time_column = 2;
  return OperatorHarness(NodeOver(spec, {kTypes}, {{0}}), MakeOperator);
}

TEST(WindowRank, TopNPerWindow) {
  Lines rows = {"+I 1 10 0 100", "+I 1 30 1 100", "+I 1 20 2 100", "+I 1 30 3 100",
                "+I 1 5 0 200",  "wm 99",         "+I 1 99 0 100", "wm 500"};
  RankHarness(false, false, true).ExpectAlways(rows, {"+I 1 30 1 100 1", "+I 1 30 3 100 2", "+I 1 5 0 200 1"});
  RankHarness(false, false, false).ExpectAlways(rows, {"+I 1 30 1 100", "+I 1 30 3 100", "+I 1 5 0 200"});
}

TEST(WindowRank, Deduplicates) {
  Lines rows = {"+I 1 10 5 100", "+I 1 11 3 100", "+I 1 12 3 100", "+I 1 13 9 100", "+I 1 14 9 100", "wm 500"};
  RankHarness(true, false, false).ExpectAlways(rows, {"+I 1 11 3 100"});
  RankHarness(true, true, false).ExpectAlways(rows, {"+I 1 14 9 100"});
}

TEST(WindowRank, ManyKeysGoOutInSteps) {
  Lines rows;
  Lines expected;
  for (int i = 0; i < 50; ++i) {
    rows.push_back("+I " + std::to_string(i) + " 1 0 100");
    expected.push_back(rows.back());
  }
  rows.push_back("wm 500");
  RankHarness(false, false, false).ExpectInAnyOrder(rows, expected);
}

}  // namespace
}  // namespace millrace::operators
