// Rules that change the shape of aggregates.
#include "plan_fixture.h"

namespace millrace::plan {
namespace {

class RewriteTest : public PlanTest {
 protected:
  void SetUp() override { Source("t", "a INT, b INT, c STRING"); }
};

TEST_F(RewriteTest, ConstantGroupKeysLeaveTheAggregate) {
  PhysicalPlan plan = Plan({"SELECT a, k, COUNT(*) FROM (SELECT a, 'x' AS k FROM t) GROUP BY a, k"});
  EXPECT_EQ(std::get<GroupAggregateSpec>(Find<GroupAggregateSpec>(plan)->spec).keys.size(), 1U);
  EXPECT_EQ(plan.sinks[0]->output.size(), 3U);
}

TEST_F(RewriteTest, TheLastKeyStaysThoughItIsConstant) {
  PhysicalPlan plan = Plan({"SELECT k, COUNT(*) FROM (SELECT 'x' AS k FROM t) GROUP BY k"});
  EXPECT_EQ(std::get<GroupAggregateSpec>(Find<GroupAggregateSpec>(plan)->spec).keys.size(), 1U);
}

TEST_F(RewriteTest, GroupsOfOneRowNeedNoAggregate) {
  std::string counts = "(SELECT a, b, COUNT(*) AS n FROM t GROUP BY a, b)";
  EXPECT_EQ(Modes("SELECT DISTINCT a, b, n FROM " + counts), "GroupAggregate[I,UA](TableSourceScan[I])");
  EXPECT_EQ(Modes("SELECT b, a, MAX(n) FROM " + counts + " GROUP BY b, a"), "GroupAggregate[I,UA](TableSourceScan[I])");
  EXPECT_EQ(Modes("SELECT b, MAX(n) FROM " + counts + " GROUP BY b"),
            "GroupAggregate[I,UA,D](GroupAggregate[I,UB,UA](TableSourceScan[I]))");
  EXPECT_EQ(Modes("SELECT a, b, COUNT(n) FROM " + counts + " GROUP BY a, b"),
            "GroupAggregate[I,UA,D](GroupAggregate[I,UB,UA](TableSourceScan[I]))");
}

TEST_F(RewriteTest, AConditionThatRejectsPaddedRowsMakesAnInnerJoin) {
  auto type = [&](const std::string& kind, const std::string& condition) {
    PhysicalPlan plan =
        Plan({fmt::format("SELECT x.a, y.b FROM t x {} JOIN t y ON x.a = y.a WHERE {}", kind, condition)});
    return std::get<JoinSpec>(Find<JoinSpec>(plan)->spec).type;
  };
  EXPECT_EQ(type("LEFT", "y.b > 3"), JoinType::kInner);
  EXPECT_EQ(type("LEFT", "x.b > 3"), JoinType::kLeft);
  EXPECT_EQ(type("LEFT", "y.b IS NULL"), JoinType::kLeft);
  EXPECT_EQ(type("LEFT", "y.b + 1 > 3 OR y.c IS NOT NULL"), JoinType::kInner);
  EXPECT_EQ(type("LEFT", "y.b > 3 OR x.b > 3"), JoinType::kLeft);
  EXPECT_EQ(type("RIGHT", "x.b = 3"), JoinType::kInner);
  EXPECT_EQ(type("FULL", "x.b = 3"), JoinType::kLeft);
  EXPECT_EQ(type("FULL", "y.b = 3"), JoinType::kRight);
  EXPECT_EQ(type("FULL", "y.b = x.b"), JoinType::kInner);
}

TEST_F(RewriteTest, AJoinThatBoundsTimeOnOneSideOnlyNeedsNoWatermark) {
  Declare(
      "CREATE TABLE e (k INT, ts TIMESTAMP(3), until TIMESTAMP(3), WATERMARK FOR ts AS ts) "
      "WITH ('connector' = 'values')");
  auto watermarks = [&](const std::string& condition) {
    PhysicalPlan plan = Plan({"SELECT x.k, y.until FROM e x JOIN e y ON x.k = y.k AND " + condition});
    return Find<WatermarkSpec>(plan) != nullptr;
  };
  EXPECT_FALSE(watermarks("x.ts BETWEEN y.ts AND y.until"));
  EXPECT_TRUE(watermarks("x.ts BETWEEN y.ts AND y.ts + INTERVAL '5' SECOND"));
}

TEST_F(RewriteTest, AUnionRemovesDuplicatesOnce) {
  EXPECT_EQ(Modes("SELECT a FROM t UNION SELECT b FROM t UNION SELECT a + b FROM t"),
            "GroupAggregate[I,UA](Union[I](Union[I](TableSourceScan[I] TableSourceScan[I]) TableSourceScan[I]))");
}

TEST_F(RewriteTest, DistinctCountsAreSplitWhereTheOptionAsksForIt) {
  std::string query = "SELECT a, COUNT(DISTINCT b), MAX(b), COUNT(*) FROM t GROUP BY a";
  EXPECT_EQ(Modes(query), "GroupAggregate[I,UA](TableSourceScan[I])");
  config_["table.optimizer.distinct-agg.split.enabled"] = "true";
  EXPECT_EQ(Modes(query), "GroupAggregate[I,UA,D](GroupAggregate[I,UB,UA](TableSourceScan[I]))");
  PhysicalPlan plan = Plan({query});
  const PhysicalNode& final = *Find<GroupAggregateSpec>(plan);
  EXPECT_EQ(std::get<GroupAggregateSpec>(final.spec).keys.size(), 1U);
  const PhysicalNode* partial = FindIn<GroupAggregateSpec>(*final.inputs[0].node);
  ASSERT_NE(partial, nullptr);
  EXPECT_EQ(std::get<GroupAggregateSpec>(partial->spec).keys.size(), 2U);
}

TEST_F(RewriteTest, WhatCannotBePutTogetherIsNotSplit) {
  config_["table.optimizer.distinct-agg.split.enabled"] = "true";
  EXPECT_EQ(Modes("SELECT a, COUNT(DISTINCT b), AVG(b) FROM t GROUP BY a"), "GroupAggregate[I,UA](TableSourceScan[I])");
  EXPECT_EQ(Modes("SELECT a, COUNT(DISTINCT a) FROM t GROUP BY a"), "GroupAggregate[I,UA](TableSourceScan[I])");
}

}  // namespace
}  // namespace millrace::plan
