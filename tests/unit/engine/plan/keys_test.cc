// Unique keys, upsert keys and monotonicity of plan nodes.
#include "engine/plan/keys.h"

#include "engine/plan/monotonicity.h"
#include "plan_fixture.h"

namespace millrace::plan {
namespace {

class KeysTest : public PlanTest {
 protected:
  void SetUp() override {
    Source("t", "a INT, b INT, c STRING");
    Source("keyed", "id INT PRIMARY KEY NOT ENFORCED, x INT, y INT");
  }
  // Of what the query's sink gets.
  KeySets UpsertKeys(const std::string& query) {
    PhysicalPlan plan = Plan({query});
    KeySets keys = plan.sinks[0]->inputs[0].node->upsert_keys;
    std::sort(keys.begin(), keys.end());
    return keys;
  }
};

TEST_F(KeysTest, AProjectionKeepsKeysThatItPassesOnWhole) {
  EXPECT_EQ(UpsertKeys("SELECT x, id FROM keyed"), (KeySets{{1}}));
  EXPECT_EQ(UpsertKeys("SELECT x FROM keyed"), KeySets{});
  EXPECT_EQ(UpsertKeys("SELECT id + 1 FROM keyed"), KeySets{});
  EXPECT_EQ(UpsertKeys("SELECT CAST(id AS BIGINT) FROM keyed"), (KeySets{{0}}));
  EXPECT_EQ(UpsertKeys("SELECT CAST(id AS TINYINT) FROM keyed"), KeySets{});
}

TEST_F(KeysTest, AColumnPassedOnTwiceMakesTwoKeys) {
  EXPECT_EQ(UpsertKeys("SELECT id, id AS again FROM keyed"), (KeySets{{0}, {1}}));
}

TEST_F(KeysTest, GroupsAreKeysAndAGlobalAggregateHasOneRow) {
  EXPECT_EQ(UpsertKeys("SELECT a, b, COUNT(*) FROM t GROUP BY a, b"), (KeySets{{0, 1}}));
  EXPECT_EQ(UpsertKeys("SELECT COUNT(*) FROM t"), (KeySets{{}}));
}

TEST_F(KeysTest, AShuffleByOtherColumnsUndoesTheOrder) {
  // The right side is unique on the join key, so each left row has one partner; but the join spreads rows by x.
  EXPECT_EQ(UpsertKeys("SELECT k.id, r.id FROM keyed k JOIN keyed r ON k.x = r.id"), KeySets{});
  EXPECT_EQ(UpsertKeys("SELECT k.id, r.x FROM keyed k JOIN keyed r ON k.id = r.id"), (KeySets{{0}}));
}

TEST_F(KeysTest, RanksAreKeyedByPartitionAndNumber) {
  std::string rank = "(SELECT a, b, ROW_NUMBER() OVER (PARTITION BY a ORDER BY b) AS r FROM t)";
  EXPECT_EQ(UpsertKeys("SELECT * FROM " + rank + " WHERE r <= 2"), (KeySets{{0, 2}}));
  EXPECT_EQ(UpsertKeys("SELECT a, b FROM " + rank + " WHERE r = 1"), (KeySets{{0}}));
  EXPECT_EQ(UpsertKeys("SELECT a, b FROM " + rank + " WHERE r <= 2"), KeySets{});
}

TEST_F(KeysTest, AUnionHasNoKey) {
  EXPECT_EQ(UpsertKeys("SELECT id, x FROM keyed UNION ALL SELECT id, y FROM keyed"), KeySets{});
}

TEST_F(KeysTest, MonotonicityFollowsTheAggregate) {
  PhysicalPlan plan = Plan({"SELECT a, COUNT(*), MAX(b), MIN(b), AVG(b), SUM(b) FROM t GROUP BY a"});
  MonotonicityQuery query;
  const auto& columns = query.Of(*Find<GroupAggregateSpec>(plan));
  ASSERT_TRUE(columns.has_value());
  EXPECT_EQ(*columns,
            (std::vector<Monotonicity>{Monotonicity::kConstant, Monotonicity::kIncreasing, Monotonicity::kIncreasing,
                                       Monotonicity::kDecreasing, Monotonicity::kNone, Monotonicity::kNone}));
}

TEST_F(KeysTest, ASumGrowsWhenAConditionKeepsItsColumnAboveZero) {
  PhysicalPlan plan = Plan({"SELECT a, SUM(b) FROM t WHERE b >= 0 GROUP BY a"});
  MonotonicityQuery query;
  const auto& columns = query.Of(*Find<GroupAggregateSpec>(plan));
  ASSERT_TRUE(columns.has_value());
  EXPECT_EQ((*columns)[1], Monotonicity::kIncreasing);
}

TEST_F(KeysTest, DeletesLeaveNothingToSay) {
  PhysicalPlan plan = Plan({"SELECT n, COUNT(*) FROM (SELECT a, COUNT(*) AS n FROM t GROUP BY a) GROUP BY n"});
  MonotonicityQuery query;
  EXPECT_FALSE(query.Of(*Find<GroupAggregateSpec>(plan)).has_value());
}

TEST_F(KeysTest, OuterJoinsTakeRowsBack) {
  PhysicalPlan plan = Plan({"SELECT * FROM t LEFT JOIN keyed ON a = id"});
  MonotonicityQuery query;
  EXPECT_FALSE(query.Of(*Find<JoinSpec>(plan)).has_value());
}

}  // namespace
}  // namespace millrace::plan
