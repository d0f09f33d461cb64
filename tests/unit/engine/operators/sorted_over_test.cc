#include <gtest/gtest.h>

#include <random>
#include <tuple>

#include "aggregate_calls.h"
#include "engine/operators/factories.h"
#include "operator_harness.h"

namespace millrace::operators {
namespace {

// key, value, time
const std::vector<DataType> kTypes = {DataType::Int(), DataType::Bigint(), DataType::Timestamp(3)};

struct Frame {
  bool rows = false;
  int64_t preceding = -1;
  int64_t following = 0;
  int32_t order = 1;
};

Lines RunBatch(Lines rows, const Frame& frame, std::vector<functions::AggregateCall> calls,
               std::vector<std::string> ranks, OperatorHarness::Mode mode = {}) {
  plan::OverAggregateSpec spec;
  spec.partition_keys = {0};
  if (frame.order >= 0) spec.order_keys = {{frame.order, true, true}};
  spec.rows_frame = frame.rows;
  spec.preceding = frame.preceding;
  spec.following = frame.following;
  spec.aggregates = std::move(calls);
  spec.rankings = std::move(ranks);
  mode.batch = true;
  return OperatorHarness(NodeOver(spec, {kTypes}, {{0}}), MakeOperator).Run(rows, mode);
}

functions::AggregateCall Rank(DataType type, std::vector<int32_t> args = {}) {
  functions::AggregateCall call;
  call.type = std::move(type);
  call.args = std::move(args);
  return call;
}

const Lines kRows = {"+I 2 7 0", "+I 1 30 0", "+I 1 10 0", "+I 1 20 0", "+I 1 10 0", "+I 1 null 0"};

TEST(SortedOver, RankingFunctions) {
  DataType number = DataType::Bigint().NotNull();
  std::vector<functions::AggregateCall> calls = {Rank(number), Rank(number), Rank(number), Rank(DataType::Double()),
                                                 Rank(DataType::Double())};
  Lines wanted = {"+I 1 null 0 1 1 1 0 0.2",  "+I 1 10 0 2 2 2 0.25 0.6", "+I 1 10 0 3 2 2 0.25 0.6",
                  "+I 1 20 0 4 4 3 0.75 0.8", "+I 1 30 0 5 5 4 1 1",      "+I 2 7 0 1 1 1 0 1"};
  std::vector<std::string> names = {"ROW_NUMBER", "RANK", "DENSE_RANK", "PERCENT_RANK", "CUME_DIST"};
  for (int32_t size : {1, 2, 2048}) {
    EXPECT_EQ(RunBatch(kRows, {}, calls, names, {.chunk_rows = size, .credit = size != 2}), wanted);
  }
  EXPECT_EQ(RunBatch(kRows, {}, calls, names, {.restore_after = 3}), wanted);
  EXPECT_EQ(OperatorHarness::Sorted(RunBatch(kRows, {}, calls, names, {.restore_after = 3, .restored_instances = 2})),
            OperatorHarness::Sorted(wanted));
}

TEST(SortedOver, LagAndLead) {
  std::vector<functions::AggregateCall> calls = {Rank(DataType::Bigint(), {1}), Rank(DataType::Bigint(), {1})};
  EXPECT_EQ(RunBatch(kRows, {}, calls, {"LAG", "LEAD"}),
            (Lines{"+I 1 null 0 null 10", "+I 1 10 0 null 10", "+I 1 10 0 10 20", "+I 1 20 0 10 30",
                   "+I 1 30 0 20 null", "+I 2 7 0 null null"}));
}

TEST(SortedOver, Frames) {
  auto sums = [](Frame frame) {
    Lines sums;
    for (const std::string& line : RunBatch({"+I 1 1 1000", "+I 1 2 2000", "+I 1 4 2000", "+I 1 8 5000"}, frame,
                                            {Call("SUM", {1}, kTypes)}, {""})) {
      sums.push_back(line.substr(line.rfind(' ') + 1));
    }
    return sums;
  };
  EXPECT_EQ(sums({.order = 2}), (Lines{"1", "7", "7", "15"}));
  EXPECT_EQ(sums({.rows = true, .order = 2}), (Lines{"1", "3", "7", "15"}));
  EXPECT_EQ(sums({.following = -1, .order = -1}), (Lines{"15", "15", "15", "15"}));
  EXPECT_EQ(sums({.rows = true, .preceding = 1, .following = 1, .order = 2}), (Lines{"3", "7", "14", "12"}));
  EXPECT_EQ(sums({.rows = true, .preceding = 0, .following = -1, .order = 2}), (Lines{"15", "14", "12", "8"}));
  EXPECT_EQ(sums({.preceding = 1000, .order = 2}), (Lines{"1", "7", "7", "8"}));
  EXPECT_EQ(sums({.preceding = 0, .following = 3000, .order = 2}), (Lines{"7", "14", "14", "8"}));
}

// Every frame added up anew from the sorted partition.
TEST(SortedOver, AgreesWithTheModel) {
  uint32_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  auto below = [&](int n) { return static_cast<int>(random() % static_cast<uint32_t>(n)); };
  struct Row {
    int64_t key, value, time;
  };
  for (int round = 0; round < 40; ++round) {
    Frame frame{.rows = below(2) == 0, .preceding = below(5) - 1, .following = below(5) - 1, .order = 2};
    std::vector<Row> rows;
    Lines script;
    for (int i = 0; i < 60; ++i) {
      rows.push_back({below(3), below(100), below(15)});
      script.push_back("+I " + std::to_string(rows.back().key) + " " + std::to_string(rows.back().value) + " " +
                       std::to_string(rows.back().time));
    }
    std::stable_sort(rows.begin(), rows.end(),
                     [](const Row& a, const Row& b) { return std::tie(a.key, a.time) < std::tie(b.key, b.time); });
    Lines wanted;
    for (size_t i = 0; i < rows.size(); ++i) {
      int64_t sum = 0;
      int64_t max = INT64_MIN;
      for (size_t j = 0; j < rows.size(); ++j) {
        if (rows[j].key != rows[i].key) continue;
        int64_t distance = frame.rows ? static_cast<int64_t>(j) - static_cast<int64_t>(i) : rows[j].time - rows[i].time;
        bool starts = frame.preceding < 0 || distance >= -frame.preceding;
        bool ends = frame.following < 0 || distance <= frame.following;
        if (!starts || !ends) continue;
        sum += rows[j].value;
        max = std::max(max, rows[j].value);
      }
      wanted.push_back("+I " + std::to_string(rows[i].key) + " " + std::to_string(rows[i].value) + " " +
                       std::to_string(rows[i].time) + " " + std::to_string(sum) + " " + std::to_string(max));
    }
    std::vector<functions::AggregateCall> calls = {Call("SUM", {1}, kTypes), Call("MAX", {1}, kTypes)};
    std::string what = std::string(frame.rows ? "ROWS " : "RANGE ") + std::to_string(frame.preceding) + " " +
                       std::to_string(frame.following);
    for (int32_t size : {1, 7, 2048}) {
      EXPECT_EQ(RunBatch(script, frame, calls, {"", ""}, {.chunk_rows = size, .credit = size != 7}), wanted) << what;
    }
    OperatorHarness::Mode mode{.restore_after = below(60), .restored_instances = 2};
    EXPECT_EQ(OperatorHarness::Sorted(RunBatch(script, frame, calls, {"", ""}, mode)), OperatorHarness::Sorted(wanted))
        << what;
  }
}

}  // namespace
}  // namespace millrace::operators
