// Which nodes give -U: the forms that Flink 1.20 prints with EXPLAIN CHANGELOG_MODE.
#include "plan_fixture.h"

namespace millrace::plan {
namespace {

class ChangelogTest : public PlanTest {
 protected:
  void SetUp() override {
    Source("t", "a INT, b INT, c STRING");
    Source("s", "k INT, v INT");
  }
};

TEST_F(ChangelogTest, AnAggregateForAReaderThatDoesNotCareLeavesOutBefore) {
  EXPECT_EQ(Modes("SELECT a, COUNT(*) FROM t GROUP BY a"), "GroupAggregate[I,UA](TableSourceScan[I])");
}

TEST_F(ChangelogTest, AnAggregateOverAnAggregateGetsBefore) {
  EXPECT_EQ(Modes("SELECT n, COUNT(*) FROM (SELECT a, COUNT(*) AS n FROM t GROUP BY a) GROUP BY n"),
            "GroupAggregate[I,UA,D](GroupAggregate[I,UB,UA](TableSourceScan[I]))");
}

TEST_F(ChangelogTest, AConditionAboveUpdatesNeedsBefore) {
  EXPECT_EQ(Modes("SELECT * FROM (SELECT a, COUNT(*) AS n FROM t GROUP BY a) WHERE n < 10"),
            "GroupAggregate[I,UB,UA](TableSourceScan[I])");
}

TEST_F(ChangelogTest, DistinctCountsAsUpdating) {
  EXPECT_EQ(Modes("SELECT DISTINCT a FROM t"), "GroupAggregate[I,UA](TableSourceScan[I])");
}

TEST_F(ChangelogTest, BeforeIsDroppedRightAboveTheScanThatGivesIt) {
  Source("cdc", "a INT, b INT", "I,UB,UA,D");
  EXPECT_EQ(Modes("SELECT b FROM cdc"), "DropUpdateBefore[I,UA,D](TableSourceScan[I,UB,UA,D])");
  EXPECT_EQ(Modes("SELECT b FROM cdc WHERE a > 1"), "TableSourceScan[I,UB,UA,D]");
}

TEST_F(ChangelogTest, AnUpsertSourceIsCompletedByItsKeyThoughNobodyReadsIt) {
  Source("ups", "id INT PRIMARY KEY NOT ENFORCED, v INT", "UA,D");
  PhysicalPlan plan = Plan({"SELECT v FROM ups"});
  EXPECT_EQ(Modes(*plan.sinks[0]), "ChangelogNormalize[I,UA,D](TableSourceScan[UA,D])");
  const auto& normalize = std::get<ChangelogNormalizeSpec>(Find<ChangelogNormalizeSpec>(plan)->spec);
  ASSERT_EQ(normalize.unique_key.size(), 1U);
  EXPECT_EQ(Find<ChangelogNormalizeSpec>(plan)->output[static_cast<size_t>(normalize.unique_key[0])].name, "id");
  EXPECT_EQ(plan.sinks[0]->output.size(), 1U);
}

TEST_F(ChangelogTest, AnUpsertSourceWithoutKeyIsRefused) {
  Source("ups", "id INT, v INT", "UA,D");
  EXPECT_FALSE(TryPlan({"SELECT v FROM ups"}).ok());
}

TEST_F(ChangelogTest, AConditionAboveANormalisedStreamNeedsBefore) {
  Source("ups", "id INT PRIMARY KEY NOT ENFORCED, v INT", "UA,D");
  EXPECT_EQ(Modes("SELECT * FROM ups WHERE v > 3"), "ChangelogNormalize[I,UB,UA,D](TableSourceScan[UA,D])");
}

TEST_F(ChangelogTest, RepeatedEventsAreNormalisedWhenTheOptionSaysSo) {
  Source("cdc", "id INT PRIMARY KEY NOT ENFORCED, v INT", "I,UB,UA,D");
  config_["table.exec.source.cdc-events-duplicate"] = "true";
  EXPECT_EQ(Modes("SELECT * FROM cdc"),
            "ChangelogNormalize[I,UA,D](DropUpdateBefore[I,UA,D](TableSourceScan[I,UB,UA,D]))");
}

TEST_F(ChangelogTest, AJoinByTheKeyOfItsInputsNeedsNoBefore) {
  std::string left = "(SELECT a, SUM(b) AS b FROM t GROUP BY a)";
  std::string right = "(SELECT k, SUM(v) AS v FROM s GROUP BY k)";
  EXPECT_EQ(Modes(fmt::format("SELECT l.b, r.v FROM {} l JOIN {} r ON l.a = r.k", left, right)),
            "Join[I,UA](GroupAggregate[I,UA](TableSourceScan[I]) GroupAggregate[I,UA](TableSourceScan[I]))");
  EXPECT_EQ(Modes(fmt::format("SELECT l.b, r.v FROM {} l JOIN {} r ON l.b = r.v", left, right)),
            "Join[I,UB,UA](GroupAggregate[I,UB,UA](TableSourceScan[I]) GroupAggregate[I,UB,UA](TableSourceScan[I]))");
  EXPECT_EQ(Modes(fmt::format("SELECT l.b, r.v FROM {} l LEFT JOIN s r ON l.a = r.k AND l.b > r.v", left)),
            "Join[I,UA,D](GroupAggregate[I,UA](TableSourceScan[I]) TableSourceScan[I])");
}

TEST_F(ChangelogTest, AUnionPassesOnWhatItsUpdatingInputsGive) {
  EXPECT_EQ(Modes("SELECT a, SUM(b) FROM t GROUP BY a UNION ALL SELECT k, v FROM s"),
            "Union[I,UA](GroupAggregate[I,UA](TableSourceScan[I]) TableSourceScan[I])");
}

TEST_F(ChangelogTest, ASinkKeyThatIsNoUpsertKeyNeedsBefore) {
  Sink("by_a", "a INT, n BIGINT, PRIMARY KEY (a) NOT ENFORCED", "I,UA,D");
  Sink("by_both", "a INT, n BIGINT, PRIMARY KEY (a, n) NOT ENFORCED", "I,UA,D");
  Sink("by_n", "a INT, n BIGINT, PRIMARY KEY (n) NOT ENFORCED", "I,UA,D");
  std::string query = "SELECT a, COUNT(*) AS n FROM t GROUP BY a";
  EXPECT_EQ(Modes("INSERT INTO by_a " + query), "Sink(GroupAggregate[I,UA](TableSourceScan[I]))");
  EXPECT_EQ(Modes("INSERT INTO by_both " + query), "Sink(GroupAggregate[I,UB,UA](TableSourceScan[I]))");
  EXPECT_EQ(Modes("INSERT INTO by_n " + query), "Sink(GroupAggregate[I,UB,UA](TableSourceScan[I]))");
}

TEST_F(ChangelogTest, ASinkMaterialisesWhenItsKeyHoldsNoUpsertKey) {
  Sink("by_both", "a INT, n BIGINT, PRIMARY KEY (a, n) NOT ENFORCED", "I,UA,D");
  Sink("by_n", "a INT, n BIGINT, PRIMARY KEY (n) NOT ENFORCED", "I,UA,D");
  std::string query = "SELECT a, COUNT(*) AS n FROM t GROUP BY a";
  auto materialises = [&](const std::string& sink) {
    PhysicalPlan plan = Plan({fmt::format("INSERT INTO {} {}", sink, query)});
    return !std::get<SinkSpec>(plan.sinks[0]->spec).upsert_materialize_key.empty();
  };
  EXPECT_FALSE(materialises("by_both"));
  EXPECT_TRUE(materialises("by_n"));
  config_["table.exec.sink.upsert-materialize"] = "NONE";
  EXPECT_FALSE(materialises("by_n"));
  config_["table.exec.sink.upsert-materialize"] = "FORCE";
  EXPECT_TRUE(materialises("by_both"));
}

TEST_F(ChangelogTest, ASinkThatKnowsNoUpdatesRefusesThem) {
  Sink("plain", "a INT, n BIGINT", "I");
  auto plan = TryPlan({"INSERT INTO plain SELECT a, COUNT(*) FROM t GROUP BY a"});
  ASSERT_FALSE(plan.ok());
  EXPECT_EQ(plan.error().code, "sink.changelog");
}

TEST_F(ChangelogTest, ARankRunsByKeyWhenItsInputOnlyImproves) {
  auto query = [](std::string_view value, std::string_view order) {
    return fmt::format(
        "SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY a ORDER BY {1}) AS r FROM (SELECT a, b, {0} AS x "
        "FROM "
        "t GROUP BY a, b)) WHERE r <= 3",
        value, order);
  };
  auto strategy = [&](const std::string& text) {
    return std::get<RankSpec>(Find<RankSpec>(Plan({text}))->spec).strategy;
  };
  EXPECT_EQ(strategy(query("COUNT(*)", "x DESC")), RankStrategy::kUpdate);
  EXPECT_EQ(strategy(query("COUNT(*)", "x")), RankStrategy::kRetract);
  EXPECT_EQ(strategy(query("MIN(b)", "x")), RankStrategy::kUpdate);
  EXPECT_EQ(strategy(query("AVG(b)", "x DESC")), RankStrategy::kRetract);
  EXPECT_EQ(strategy("SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY a ORDER BY b) AS r FROM t) WHERE r < 4"),
            RankStrategy::kAppend);
  EXPECT_EQ(Modes(query("COUNT(*)", "x DESC")), "Rank[I,UA,D](GroupAggregate[I,UA](TableSourceScan[I]))");
  EXPECT_EQ(Modes(query("COUNT(*)", "x")), "Rank[I,UA,D](GroupAggregate[I,UB,UA](TableSourceScan[I]))");
}

TEST_F(ChangelogTest, StatementsOfOneSetArePlannedEachForItself) {
  Sink("sums", "total BIGINT", "I,UA,D");
  Sink("leasts", "least INT", "I,UB,UA,D");
  PhysicalPlan plan = Plan({"INSERT INTO sums SELECT COUNT(*) FROM t", "INSERT INTO leasts SELECT MIN(b) FROM t"});
  EXPECT_EQ(Modes(*plan.sinks[0]), "Sink(GroupAggregate[I,UA](TableSourceScan[I]))");
  EXPECT_EQ(Modes(*plan.sinks[1]), "Sink(GroupAggregate[I,UB,UA](TableSourceScan[I]))");
}

}  // namespace
}  // namespace millrace::plan
