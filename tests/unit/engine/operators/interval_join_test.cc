#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <random>

#include "engine/operators/factories.h"
#include "expressions.h"
#include "operator_harness.h"

namespace millrace::operators {
namespace {

// key, id, time
const std::vector<DataType> kTypes = {DataType::Int(), DataType::Bigint(), DataType::Timestamp(3)};

struct Bounds {
  int64_t lower = -1000;
  int64_t upper = 2000;
  bool event_time = true;
  int64_t min_cleanup = 0;
};

class IntervalJoinTest : public testing::Test {
 protected:
  OperatorHarness Harness(plan::JoinType type, Bounds bounds = {}, functions::ExprPtr condition = nullptr) {
    plan::IntervalJoinSpec spec;
    spec.type = type;
    spec.left_keys = spec.right_keys = {0};
    spec.left_time = spec.right_time = 2;
    spec.lower_ms = bounds.lower;
    spec.upper_ms = bounds.upper;
    spec.event_time = bounds.event_time;
    spec.min_cleanup_ms = bounds.min_cleanup;
    spec.condition = std::move(condition);
    return OperatorHarness(NodeOver(spec, {kTypes, kTypes}, {{0}, {0}}), MakeOperator, &eval_);
  }
  // left.id < right.id
  static functions::ExprPtr LessId() {
    return Apply("<", {functions::MakeColumn(1, kTypes[1]), functions::MakeColumn(4, kTypes[1])}, DataType::Boolean());
  }
  functions::EvalContext eval_;
};

TEST_F(IntervalJoinTest, BoundsAreInclusive) {
  Lines rows = {"0: +I 1 1 5000",  "1: +I 1 10 6000", "1: +I 1 11 6001", "1: +I 1 12 3000",
                "1: +I 1 13 2999", "1: +I 2 14 5000", "0: +I 1 2 5001"};
  Harness(plan::JoinType::kInner)
      .ExpectAlways(
          rows, {"+I 1 1 5000 1 10 6000", "+I 1 1 5000 1 12 3000", "+I 1 2 5001 1 10 6000", "+I 1 2 5001 1 11 6001"});
}

TEST_F(IntervalJoinTest, OuterRowsWaitForTheWatermark) {
  // A left row waits 1000 for right rows (-lower), a right row 2000.
  Lines rows = {"0: +I 1 1 5000", "0: +I 1 2 5000", "1: +I 1 10 9000", "wm 6000", "1: +I 1 11 6000",
                "wm 6001",        "0: +I 2 3 5000", "wm 11000",        "wm 11001"};
  Lines pairs = {"+I 1 1 5000 1 11 6000", "+I 1 2 5000 1 11 6000"};
  Harness(plan::JoinType::kLeft).ExpectAlways(rows, {pairs[0], pairs[1], "+I 2 3 5000 null null null"});
  Harness(plan::JoinType::kRight).ExpectAlways(rows, {pairs[0], pairs[1], "+I null null null 1 10 9000"});
  Harness(plan::JoinType::kFull)
      .ExpectAlways(rows, {pairs[0], pairs[1], "+I 2 3 5000 null null null", "+I null null null 1 10 9000"});
}

TEST_F(IntervalJoinTest, UnmatchedRowsGoOutAtTheirTimer) {
  Lines rows = {"0: +I 1 1 5000", "wm 6000", "wm 6001", "0: +I 1 2 7000", "1: +I 1 10 9000", "wm 20000"};
  Harness(plan::JoinType::kFull)
      .ExpectAlways(rows, {"+I 1 1 5000 null null null", "+I 1 2 7000 null null null", "+I null null null 1 10 9000"});
}

TEST_F(IntervalJoinTest, LateRowsAreJoinedAndNotKept) {
  // The right row is kept until 12000; left rows that are late still find it, and go out at once without a partner.
  Lines rows = {"1: +I 1 10 10000", "wm 11500", "0: +I 1 1 9000", "0: +I 1 2 8000", "wm 12001", "0: +I 1 3 9000"};
  Harness(plan::JoinType::kFull)
      .ExpectAlways(rows, {"+I 1 1 9000 1 10 10000", "+I 1 2 8000 null null null", "+I 1 3 9000 null null null"});
}

TEST_F(IntervalJoinTest, CleanupIntervalDelays) {
  Lines rows = {"0: +I 1 1 5000", "wm 6001", "wm 6500", "wm 6501"};
  Lines padded = {"+I 1 1 5000 null null null"};
  EXPECT_EQ(Harness(plan::JoinType::kLeft, {.min_cleanup = 500}).Run({rows.begin(), rows.end() - 1}, {}), Lines{});
  Harness(plan::JoinType::kLeft, {.min_cleanup = 500}).ExpectAlways(rows, padded);
  // A row of the other side drives it out earlier.
  rows = {"0: +I 1 1 5000", "wm 6001", "1: +I 1 10 9000"};
  Harness(plan::JoinType::kLeft, {.min_cleanup = 500}).ExpectAlways(rows, padded);
}

TEST_F(IntervalJoinTest, ConditionDecidesWhoIsMatched) {
  Lines rows = {"0: +I 1 5 5000", "0: +I 1 20 5000", "1: +I 1 10 5000", "wm 20000"};
  Harness(plan::JoinType::kFull, {}, LessId())
      .ExpectAlways(rows, {"+I 1 5 5000 1 10 5000", "+I 1 20 5000 null null null"});
  rows[2] = "1: +I 1 1 5000";
  Harness(plan::JoinType::kRight, {}, LessId()).ExpectAlways(rows, {"+I null null null 1 1 5000"});
}

TEST_F(IntervalJoinTest, NullKeysFindNoPartner) {
  Lines rows = {"0: +I null 1 5000", "1: +I null 10 5000", "wm 20000"};
  Harness(plan::JoinType::kInner).ExpectAlways(rows, {});
  Harness(plan::JoinType::kFull)
      .ExpectInAnyOrder(rows, {"+I null 1 5000 null null null", "+I null null null null 10 5000"});
}

TEST_F(IntervalJoinTest, EmptyIntervalPadsAtOnce) {
  Lines rows = {"0: +I 1 1 5000", "1: +I 1 10 5000"};
  Bounds never{.lower = 1, .upper = 0};
  Harness(plan::JoinType::kInner, never).ExpectAlways(rows, {});
  Harness(plan::JoinType::kFull, never)
      .ExpectAlways(rows, {"+I 1 1 5000 null null null", "+I null null null 1 10 5000"});
}

TEST_F(IntervalJoinTest, ProcessingTime) {
  Lines rows = {"time 5000", "0: +I 1 1 0",  "time 5500", "1: +I 1 10 0", "time 6000", "1: +I 1 11 0",
                "time 6001", "1: +I 1 12 0", "time 6002", "0: +I 1 2 0",  "time 20000"};
  Bounds bounds{.event_time = false};
  Harness(plan::JoinType::kInner, bounds)
      .ExpectAlways(rows,
                    {"+I 1 1 0 1 10 0", "+I 1 1 0 1 11 0", "+I 1 2 0 1 10 0", "+I 1 2 0 1 11 0", "+I 1 2 0 1 12 0"});
}

TEST_F(IntervalJoinTest, HoldsTheWatermarkBack) {
  plan::IntervalJoinSpec spec;
  spec.lower_ms = -1000;
  spec.upper_ms = 2000;
  plan::PhysicalNode node = NodeOver(spec, {kTypes, kTypes});
  EXPECT_EQ((*MakeOperator(node))->WatermarkDelay(), 2000);
  std::get<plan::IntervalJoinSpec>(node.spec).lower_ms = -5000;
  EXPECT_EQ((*MakeOperator(node))->WatermarkDelay(), 5000);
  std::get<plan::IntervalJoinSpec>(node.spec).event_time = false;
  EXPECT_EQ((*MakeOperator(node))->WatermarkDelay(), 0);
}

// In-time rows: the result is that of a nested loop over everything, with NULLs for rows of outer sides without
// partner.
TEST_F(IntervalJoinTest, AgreesWithNestedLoops) {
  uint32_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  auto below = [&](int n) { return static_cast<int>(random() % static_cast<uint32_t>(n)); };
  struct Row {
    int side;
    std::optional<int> key;
    int id;
    int64_t time;
    std::string Text() const {
      return (key ? std::to_string(*key) : "null") + " " + std::to_string(id) + " " + std::to_string(time);
    }
  };
  for (plan::JoinType type :
       {plan::JoinType::kInner, plan::JoinType::kLeft, plan::JoinType::kRight, plan::JoinType::kFull}) {
    for (Bounds bounds : {Bounds{-5, 5}, Bounds{0, 0}, Bounds{-10, -3}, Bounds{2, 9}}) {
      bool with_condition = below(2) == 0;
      std::vector<Row> rows;
      Lines script;
      int64_t watermark = 0;
      for (int i = 0; i < 250; ++i) {
        if (below(6) == 0) {
          watermark += below(10);
          script.push_back("wm " + std::to_string(watermark));
          continue;
        }
        Row row{below(2), std::nullopt, below(50), watermark + 1 + below(25)};
        if (below(12) != 0) row.key = below(4);
        script.push_back(std::to_string(row.side) + ": +I " + row.Text());
        rows.push_back(row);
      }
      script.push_back("wm 100000");
      Lines wanted;
      std::vector<bool> matched(rows.size(), false);
      for (size_t l = 0; l < rows.size(); ++l) {
        for (size_t r = 0; rows[l].side == 0 && r < rows.size(); ++r) {
          int64_t distance = rows[l].time - rows[r].time;
          if (rows[r].side == 0 || !rows[l].key || rows[l].key != rows[r].key || distance < bounds.lower ||
              distance > bounds.upper || (with_condition && rows[l].id >= rows[r].id)) {
            continue;
          }
          matched[l] = matched[r] = true;
          wanted.push_back("+I " + rows[l].Text() + " " + rows[r].Text());
        }
      }
      for (size_t i = 0; i < rows.size(); ++i) {
        if (matched[i]) continue;
        bool left_outer = type == plan::JoinType::kLeft || type == plan::JoinType::kFull;
        bool right_outer = type == plan::JoinType::kRight || type == plan::JoinType::kFull;
        if (rows[i].side == 0 && left_outer) wanted.push_back("+I " + rows[i].Text() + " null null null");
        if (rows[i].side == 1 && right_outer) wanted.push_back("+I null null null " + rows[i].Text());
      }
      wanted = OperatorHarness::Sorted(wanted);
      auto harness = Harness(type, bounds, with_condition ? LessId() : nullptr);
      for (int32_t size : {1, 3, 2048}) {
        EXPECT_EQ(OperatorHarness::Sorted(harness.Run(script, {.chunk_rows = size, .credit = size != 3})), wanted);
      }
      for (int32_t instances : {1, 2, 3}) {
        int32_t after = below(static_cast<int>(script.size()));
        Lines got = harness.Run(script, {.chunk_rows = 7, .restore_after = after, .restored_instances = instances});
        EXPECT_EQ(OperatorHarness::Sorted(got), wanted) << "restored after " << after;
      }
    }
  }
}

}  // namespace
}  // namespace millrace::operators
