// Scans of one table and common sub-plans run once.
#include "engine/plan/reuse/reuse.h"

#include <set>

#include "plan_fixture.h"

namespace millrace::plan {
namespace {

class ReuseTest : public PlanTest {
 protected:
  void SetUp() override {
    Declare(
        "CREATE TABLE t (a INT, b INT, c STRING, r ROW<x INT, y STRING>) WITH ('connector' = 'filesystem', "
        "'path' = '/nowhere', 'format' = 'json')");
  }
  // How many different nodes of this kind the plan holds.
  template <typename Spec>
  static size_t Count(const PhysicalPlan& plan) {
    std::set<const PhysicalNode*> nodes;
    std::set<const PhysicalNode*> seen;
    for (const PhysicalPtr& sink : plan.sinks) Collect<Spec>(*sink, nodes, seen);
    return nodes.size();
  }
  template <typename Spec>
  static void Collect(const PhysicalNode& node, std::set<const PhysicalNode*>& nodes,
                      std::set<const PhysicalNode*>& seen) {
    if (!seen.insert(&node).second) return;
    if (std::holds_alternative<Spec>(node.spec)) nodes.insert(&node);
    for (const PhysicalInput& input : node.inputs) Collect<Spec>(*input.node, nodes, seen);
  }
};

TEST_F(ReuseTest, ScansOfOneTableReadWhatAllNeed) {
  PhysicalPlan plan = Plan({"SELECT a, c FROM t WHERE a > 1 UNION ALL SELECT b, c FROM t WHERE b > 2"});
  EXPECT_EQ(Count<SourceSpec>(plan), 1U);
  const PhysicalNode& source = *Find<SourceSpec>(plan);
  ASSERT_EQ(source.output.size(), 3U);
  EXPECT_EQ(source.output[0].name, "a");
  EXPECT_EQ(source.output[1].name, "b");
  EXPECT_EQ(source.output[2].name, "c");
}

TEST_F(ReuseTest, AFieldIsTakenOutOfTheRowThatAnotherScanReadsWhole) {
  PhysicalPlan plan = Plan({"SELECT r.x AS v FROM t UNION ALL SELECT CARDINALITY(ARRAY[r]) FROM t"});
  EXPECT_EQ(Count<SourceSpec>(plan), 1U);
  EXPECT_EQ(Find<SourceSpec>(plan)->output.size(), 1U);
  EXPECT_TRUE(Find<SourceSpec>(plan)->output[0].type.Is(TypeKind::kRow));
}

TEST_F(ReuseTest, FieldsAreReadSideBySide) {
  PhysicalPlan plan = Plan({"SELECT CAST(r.x AS STRING) AS v FROM t UNION ALL SELECT r.y FROM t"});
  EXPECT_EQ(Count<SourceSpec>(plan), 1U);
  EXPECT_EQ(Find<SourceSpec>(plan)->output.size(), 2U);
}

TEST_F(ReuseTest, OtherOptionsAreAnotherScan) {
  PhysicalPlan plan = Plan({"SELECT a FROM t UNION ALL SELECT a FROM t /*+ OPTIONS('path' = '/elsewhere') */"});
  EXPECT_EQ(Count<SourceSpec>(plan), 2U);
}

TEST_F(ReuseTest, TheOptionsTurnItOff) {
  std::string query = "SELECT a, COUNT(*) FROM t GROUP BY a UNION ALL SELECT a, COUNT(*) FROM t GROUP BY a";
  EXPECT_EQ(Count<GroupAggregateSpec>(Plan({query})), 1U);
  config_["table.optimizer.reuse-source-enabled"] = "false";
  EXPECT_EQ(Count<SourceSpec>(Plan({query})), 2U);
  EXPECT_EQ(Count<GroupAggregateSpec>(Plan({query})), 2U);
  config_["table.optimizer.reuse-source-enabled"] = "true";
  config_["table.optimizer.reuse-sub-plan-enabled"] = "false";
  EXPECT_EQ(Count<SourceSpec>(Plan({query})), 2U);
}

TEST_F(ReuseTest, WhatIsNotRepeatableIsNotShared) {
  PhysicalPlan plan = Plan({"SELECT a, RAND() FROM t UNION ALL SELECT a, RAND() FROM t"});
  EXPECT_EQ(Count<SourceSpec>(plan), 1U);
  EXPECT_EQ(Count<CalcSpec>(plan), 2U);
}

TEST_F(ReuseTest, OtherArgumentsAreOtherWork) {
  PhysicalPlan plan = Plan({"SELECT a, MAX(b) FROM t GROUP BY a UNION ALL SELECT a, MIN(b) FROM t GROUP BY a"});
  EXPECT_EQ(Count<GroupAggregateSpec>(plan), 2U);
  EXPECT_EQ(Count<SourceSpec>(plan), 1U);
}

TEST_F(ReuseTest, ConsumersThatNeedOtherChangesGetTheirOwnNode) {
  PhysicalPlan plan =
      Plan({"SELECT a, n FROM (SELECT a, COUNT(*) AS n FROM t GROUP BY a) UNION ALL "
            "SELECT MAX(a), n FROM (SELECT a, COUNT(*) AS n FROM t GROUP BY a) GROUP BY n"});
  EXPECT_EQ(Modes(*plan.sinks[0]),
            "Union[I,UA,D](GroupAggregate[I,UA](TableSourceScan[I]) "
            "GroupAggregate[I,UA,D](GroupAggregate[I,UB,UA](TableSourceScan[I])))");
  EXPECT_EQ(Count<SourceSpec>(plan), 1U);
}

TEST_F(ReuseTest, SinksOfOneSetShare) {
  Sink("first_sink", "a INT, n BIGINT", "I,UA,D");
  Sink("second_sink", "a INT, n BIGINT", "I,UA,D");
  PhysicalPlan plan = Plan({"INSERT INTO first_sink SELECT a, COUNT(*) FROM t GROUP BY a",
                            "INSERT INTO second_sink SELECT a, COUNT(*) FROM t GROUP BY a"});
  EXPECT_EQ(Count<GroupAggregateSpec>(plan), 1U);
}

TEST_F(ReuseTest, ACommonPartGivesBeforeToAllWhenOneNeedsIt) {
  Declare("CREATE VIEW v AS SELECT a, COUNT(*) AS n FROM t GROUP BY a");
  Sink("first_sink", "a INT, n BIGINT", "I,UA,D");
  Sink("second_sink", "a INT, n BIGINT", "I,UB,UA,D");
  std::vector<std::string> set{"INSERT INTO first_sink SELECT * FROM v WHERE a < 4",
                               "INSERT INTO second_sink SELECT * FROM v"};
  EXPECT_EQ(Count<GroupAggregateSpec>(Plan(set)), 2U);  // the condition goes below the aggregate
  config_["table.optimizer.reuse-optimize-block-with-digest-enabled"] = "true";
  PhysicalPlan plan = Plan(set);
  EXPECT_EQ(Count<GroupAggregateSpec>(plan), 1U);
  EXPECT_EQ(Modes(*plan.sinks[0]), "Sink(GroupAggregate[I,UB,UA](TableSourceScan[I]))");
}

TEST_F(ReuseTest, WatermarksOfSplitsStayWithTheSource) {
  Declare(
      "CREATE TABLE k (a INT, b INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '1' SECOND) WITH ("
      "'connector' = 'kafka', 'topic' = 'x', 'properties.bootstrap.servers' = 'localhost:1', 'scan.startup.mode' = "
      "'earliest-offset', 'format' = 'json')");
  PhysicalPlan plan =
      Plan({"SELECT l.a, l.n, r.m FROM (SELECT a, window_start, window_end, COUNT(*) AS n FROM "
            "TABLE(TUMBLE(TABLE k, DESCRIPTOR(ts), INTERVAL '5' SECOND)) GROUP BY a, window_start, "
            "window_end) l JOIN (SELECT b, MAX(a) AS m FROM k GROUP BY b) r ON l.a = r.b"});
  ASSERT_EQ(Count<SourceSpec>(plan), 1U);
  EXPECT_EQ(Count<WatermarkSpec>(plan), 0U);
  const auto& source = std::get<SourceSpec>(Find<SourceSpec>(plan)->spec);
  EXPECT_TRUE(source.watermark_in_source);
  ASSERT_NE(source.watermark, nullptr);
  const Schema& columns = Find<SourceSpec>(plan)->output;
  ASSERT_GE(columns.Find("ts"), 0);
  std::vector<bool> used(columns.size(), false);
  functions::CollectColumns(*source.watermark, used);
  EXPECT_TRUE(used[static_cast<size_t>(columns.Find("ts"))]);
}

TEST_F(ReuseTest, ExplainNamesWhatIsReused) {
  PhysicalPlan plan = Plan({"SELECT a, COUNT(*) FROM t GROUP BY a UNION ALL SELECT a, COUNT(*) FROM t GROUP BY a"});
  std::string text = ExplainExecution(plan);
  EXPECT_NE(text.find("(reuse_id=[1])"), std::string::npos) << text;
  EXPECT_NE(text.find("Reused(reference_id=[1])"), std::string::npos) << text;
  EXPECT_EQ(ExplainPhysical(plan, true).find("Reused"), std::string::npos);
}

}  // namespace
}  // namespace millrace::plan
