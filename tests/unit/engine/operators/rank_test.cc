#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <sstream>

#include "base/random.h"
#include "engine/operators/factories.h"
#include "operator_harness.h"

namespace millrace::operators {
namespace {

// category, id, price
const std::vector<DataType> kTypes = {DataType::String(), DataType::Bigint(), DataType::Int()};

plan::RankSpec TopN(int64_t n, plan::RankStrategy strategy, bool number) {
  plan::RankSpec spec;
  spec.partition_keys = {0};
  spec.sort_keys = {{2, true, true}};
  spec.rank_end = n;
  spec.strategy = strategy;
  spec.output_rank_number = number;
  spec.unique_key = {0, 1};
  return spec;
}

OperatorHarness Harness(const plan::RankSpec& spec) {
  return OperatorHarness(NodeOver(spec, {kTypes}, {{0}}),
                         [spec](const plan::PhysicalNode& n) { return Make(spec, n); });
}

const Lines kBooks = {"+I book 1 12",  "+I book 2 19",  "+I book 4 11",
                      "+I fruit 4 33", "+I fruit 3 44", "+I fruit 5 22"};

TEST(Rank, AppendWithNumber) {
  Harness(TopN(2, plan::RankStrategy::kAppend, true))
      .ExpectAlways(kBooks, {"+I book 1 12 1", "+I book 2 19 2", "-U book 1 12 1", "+U book 4 11 1", "-U book 2 19 2",
                             "+U book 1 12 2", "+I fruit 4 33 1", "+I fruit 3 44 2", "-U fruit 4 33 1",
                             "+U fruit 5 22 1", "-U fruit 3 44 2", "+U fruit 4 33 2"});
}

TEST(Rank, AppendWithoutNumber) {
  Harness(TopN(2, plan::RankStrategy::kAppend, false))
      .ExpectAlways(kBooks, {"+I book 1 12", "+I book 2 19", "-D book 2 19", "+I book 4 11", "+I fruit 4 33",
                             "+I fruit 3 44", "-D fruit 3 44", "+I fruit 5 22"});
}

TEST(Rank, AppendKeepsTheFirstOfEqualRows) {
  Lines rows = {"+I a 1 5", "+I a 2 5", "+I a 3 5", "+I a 4 4", "+I a 5 null"};
  Harness(TopN(2, plan::RankStrategy::kAppend, false))
      .ExpectAlways(rows, {"+I a 1 5", "+I a 2 5", "-D a 2 5", "+I a 4 4", "-D a 1 5", "+I a 5 null"});
}

TEST(Rank, AppendWithOffset) {
  plan::RankSpec spec = TopN(3, plan::RankStrategy::kAppend, false);
  spec.rank_start = 2;
  Harness(spec).ExpectAlways(
      {"+I a 1 10", "+I a 2 20", "+I a 3 5", "+I a 4 30", "+I a 5 1"},
      {"+I a 2 20", "-U a 2 20", "+U a 1 10", "+I a 2 20", "-U a 1 10", "+U a 3 5", "-U a 2 20", "+U a 1 10"});
}

TEST(Rank, DescendingAndVariableEnd) {
  plan::RankSpec spec = TopN(0, plan::RankStrategy::kAppend, true);
  spec.sort_keys = {{2, false, false}};
  spec.rank_end_column = 1;
  Harness(spec).ExpectAlways({"+I a 2 10", "+I a 9 20", "+I a 9 30", "+I b 1 1"},
                             {"+I a 2 10 1", "-U a 2 10 1", "+U a 9 20 1", "+I a 2 10 2", "-U a 9 20 1", "+U a 9 30 1",
                              "-U a 2 10 2", "+U a 9 20 2", "+I b 1 1 1"});
}

TEST(Rank, Top1) {
  plan::RankSpec spec = TopN(1, plan::RankStrategy::kAppend, true);
  Lines rows = {"+I a 1 10", "+I a 2 20", "+I a 3 10", "+I a 4 5", "+I b 1 7"};
  Harness(spec).ExpectAlways(rows, {"+I a 1 10 1", "-U a 1 10 1", "+U a 4 5 1", "+I b 1 7 1"});
  spec.emit_update_before = false;
  spec.output_rank_number = false;
  Harness(spec).ExpectAlways(rows, {"+I a 1 10", "+U a 4 5", "+I b 1 7"});
}

TEST(Rank, UpdateWithNumber) {
  Lines rows = {"+I a 1 50", "+I a 2 40", "+I a 3 30", "+U a 1 35", "+U a 1 35",
                "+U a 1 10", "+I a 4 5",  "+U a 2 40", "+U a 2 1"};
  Lines expected = {"+I a 1 50 1", "-U a 1 50 1", "+U a 2 40 1", "+I a 1 50 2", "-U a 2 40 1", "+U a 3 30 1",
                    "-U a 1 50 2", "+U a 2 40 2", "+I a 1 50 3",
                    // 50 → 35: from the third place to the second; the old row is taken back before the new one comes.
                    "-U a 2 40 2", "-U a 1 50 3", "+U a 1 35 2", "+U a 2 40 3", "-U a 1 35 2", "+U a 1 35 2",
                    "-U a 3 30 1", "-U a 1 35 2", "+U a 1 10 1", "+U a 3 30 2"};
  for (const char* line : {"-U a 1 10 1", "+U a 4 5 1", "-U a 3 30 2", "+U a 1 10 2", "-U a 2 40 3", "+U a 3 30 3"}) {
    expected.push_back(line);
  }
  // Row 2 is out; unchanged it stays out, then it comes in first.
  for (const char* line : {"-U a 4 5 1", "+U a 2 1 1", "-U a 1 10 2", "+U a 4 5 2", "-U a 3 30 3", "+U a 1 10 3"}) {
    expected.push_back(line);
  }
  Harness(TopN(3, plan::RankStrategy::kUpdate, true)).ExpectAlways(rows, expected);
}

TEST(Rank, UpdateWithoutNumber) {
  Lines rows = {"+I a 1 50", "+I a 2 40", "+I a 3 30", "+U a 2 35", "+U a 2 35", "+U a 1 10"};
  Harness(TopN(2, plan::RankStrategy::kUpdate, false))
      .ExpectAlways(rows, {"+I a 1 50", "+I a 2 40", "-D a 1 50", "+I a 3 30", "-U a 2 40", "+U a 2 35", "-U a 2 35",
                           "+U a 2 35", "-D a 2 35", "+I a 1 10"});
}

TEST(Rank, RetractWithNumber) {
  Lines rows = {"+I a 1 10", "+I a 2 20", "+I a 3 30", "-D a 1 10", "-D a 9 9",
                "-U a 3 30", "+U a 3 5",  "-D a 2 20", "-D a 3 5"};
  Harness(TopN(2, plan::RankStrategy::kRetract, true))
      .ExpectAlways(rows, {"+I a 1 10 1", "+I a 2 20 2", "-U a 1 10 1", "+U a 2 20 1", "-U a 2 20 2", "+U a 3 30 2",
                           "-D a 3 30 2", "-U a 2 20 1", "+U a 3 5 1", "+I a 2 20 2", "-D a 2 20 2", "-D a 3 5 1"});
}

TEST(Rank, RetractWithoutNumber) {
  Lines rows = {"+I a 1 10", "+I a 2 20", "+I a 3 30", "+I a 4 15", "-D a 3 30",
                "-D a 1 10", "-D a 9 9",  "-D a 4 15", "-D a 2 20"};
  Harness(TopN(2, plan::RankStrategy::kRetract, false))
      .ExpectAlways(rows, {"+I a 1 10", "+I a 2 20", "-D a 2 20", "+I a 4 15", "-D a 1 10", "+I a 2 20", "-D a 4 15",
                           "-D a 2 20"});
}

TEST(Rank, FirstRowsPass) {
  plan::RankSpec spec = TopN(3, plan::RankStrategy::kAppend, true);
  spec.sort_keys.clear();
  spec.rank_start = 2;
  Harness(spec).ExpectAlways({"+I a 1 9", "+I a 2 8", "+I b 1 1", "+I a 3 7", "+I a 4 6"},
                             {"+I a 2 8 2", "+I a 3 7 3"});
}

TEST(Rank, BatchSendsFinalRows) {
  for (plan::RankStrategy strategy : {plan::RankStrategy::kAppend, plan::RankStrategy::kRetract}) {
    Lines lines = Harness(TopN(2, strategy, true)).Run(kBooks, {.chunk_rows = 3, .credit = false, .batch = true});
    EXPECT_EQ(OperatorHarness::Sorted(lines),
              (Lines{"+I book 1 12 2", "+I book 4 11 1", "+I fruit 4 33 2", "+I fruit 5 22 1"}));
  }
  Lines top1 = Harness(TopN(1, plan::RankStrategy::kAppend, false)).Run(kBooks, {.batch = true});
  EXPECT_EQ(OperatorHarness::Sorted(top1), (Lines{"+I book 4 11", "+I fruit 5 22"}));
}

TEST(Rank, TtlForgetsPartitions) {
  plan::RankSpec spec = TopN(1, plan::RankStrategy::kAppend, false);
  spec.ttl_ms = 10;
  Lines rows = {"+I a 1 5", "time 9", "+I a 2 6", "time 10", "+I a 3 7"};
  Harness(spec).ExpectAlways(rows, {"+I a 1 5", "+I a 3 7"});
  spec.rank_end = 2;
  Harness(spec).ExpectAlways({"+I a 1 5", "time 9", "+I a 2 6", "time 18", "+I a 3 4", "time 28", "+I a 4 9"},
                             {"+I a 1 5", "+I a 2 6", "-D a 2 6", "+I a 3 4", "+I a 4 9"});
}

// What a changelog leaves behind, as a sorted multiset.
Lines Materialise(const Lines& changes) {
  std::map<std::string, int> table;
  for (const std::string& line : changes) {
    int sign = line.starts_with("+") ? 1 : -1;
    table[line.substr(3)] += sign;
  }
  Lines rows;
  for (const auto& [row, count] : table) {
    EXPECT_GE(count, 0) << row;
    for (int i = 0; i < count; ++i) rows.push_back(row);
  }
  return rows;
}

// Random changes against sorting everything at the end; large enough for several blocks of rows.
TEST(Rank, RetractAgainstAModel) {
  for (bool number : {false, true}) {
    Random random(11);
    std::vector<std::pair<int, int>> rows;  // price, id
    Lines script;
    for (int i = 0; i < 3000; ++i) {
      if (!rows.empty() && random.Below(3) == 0) {
        auto at = static_cast<std::ptrdiff_t>(random.Below(rows.size()));
        auto [price, id] = rows[static_cast<size_t>(at)];
        script.push_back("-D a " + std::to_string(id) + " " + std::to_string(price));
        rows.erase(rows.begin() + at);
      } else {
        int price = static_cast<int>(random.Below(500));
        rows.emplace_back(price, i);
        script.push_back("+I a " + std::to_string(i) + " " + std::to_string(price));
      }
    }
    std::stable_sort(rows.begin(), rows.end());
    Lines expected;
    for (size_t i = 0; i < 20; ++i) {
      std::string row = "a " + std::to_string(rows[i].second) + " " + std::to_string(rows[i].first);
      expected.push_back(number ? row + " " + std::to_string(i + 1) : row);
    }
    std::sort(expected.begin(), expected.end());
    plan::RankSpec spec = TopN(20, plan::RankStrategy::kRetract, number);
    EXPECT_EQ(Materialise(Harness(spec).Run(script, {})), expected);
    EXPECT_EQ(Materialise(Harness(spec).Run(script, {.chunk_rows = 7, .credit = false, .restore_after = 1700})),
              expected);
  }
}

}  // namespace
}  // namespace millrace::operators
