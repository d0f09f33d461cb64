// Updates must come with the values that their rows came with.
#include "plan_fixture.h"

namespace millrace::plan {
namespace {

class DeterminismTest : public PlanTest {
 protected:
  void SetUp() override {
    config_["table.optimizer.non-deterministic-update.strategy"] = "TRY_RESOLVE";
    Source("cdc", "a INT PRIMARY KEY NOT ENFORCED, b BIGINT, c STRING", "I,UB,UA,D");
    Source("plain", "a INT, b BIGINT, c STRING");
    Sink("keyed", "a INT PRIMARY KEY NOT ENFORCED, b BIGINT, c STRING", "I,UA,D");
    Sink("all_rows", "a INT, b BIGINT, c STRING", "I,UB,UA,D");
  }
  bool Planned(const std::string& statement) { return TryPlan({statement}).ok(); }
  static constexpr std::string_view kNow = "DATE_FORMAT(CURRENT_TIMESTAMP, 'yyMMdd')";
};

TEST_F(DeterminismTest, ASinkThatFindsRowsByAllColumnsRefusesUnsteadyOnes) {
  EXPECT_FALSE(Planned(fmt::format("INSERT INTO all_rows SELECT a, b, {} FROM cdc", kNow)));
  EXPECT_TRUE(Planned("INSERT INTO all_rows SELECT a, b, c FROM cdc"));
  EXPECT_TRUE(Planned(fmt::format("INSERT INTO all_rows SELECT a, b, {} FROM plain", kNow)));
}

TEST_F(DeterminismTest, ASinkThatFindsRowsByKeyTakesThem) {
  EXPECT_TRUE(Planned(fmt::format("INSERT INTO keyed SELECT a, b, {} FROM cdc", kNow)));
}

TEST_F(DeterminismTest, AGroupOfChangesNeedsSteadyInput) {
  EXPECT_FALSE(Planned(
      fmt::format("INSERT INTO keyed SELECT a, COUNT(*), d FROM (SELECT a, {} AS d FROM cdc) GROUP BY a, d", kNow)));
  EXPECT_TRUE(
      Planned(fmt::format("INSERT INTO keyed SELECT a, COUNT(*), MAX(d) FROM (SELECT a, {} AS d FROM plain) GROUP "
                          "BY a",
                          kNow)));
}

TEST_F(DeterminismTest, AConditionOverChangesMustBeSteady) {
  EXPECT_FALSE(Planned("INSERT INTO all_rows SELECT a, b, c FROM cdc WHERE b > UNIX_TIMESTAMP() - 100"));
}

TEST_F(DeterminismTest, MetadataOfASourceOfChangesAreNotSteady) {
  Declare(
      "CREATE TABLE meta (a INT PRIMARY KEY NOT ENFORCED, m BIGINT METADATA, c STRING) WITH ('connector' = 'values', "
      "'changelog-mode' = 'I,UB,UA,D', 'readable-metadata' = 'm:BIGINT')");
  EXPECT_FALSE(Planned("INSERT INTO all_rows SELECT a, m, c FROM meta"));
  EXPECT_TRUE(Planned("INSERT INTO keyed SELECT a, m, c FROM meta"));
  config_["table.exec.source.cdc-events-duplicate"] = "true";
  EXPECT_TRUE(Planned("INSERT INTO all_rows SELECT a, m, c FROM meta"));
}

TEST_F(DeterminismTest, ByDefaultNothingIsChecked) {
  config_.clear();
  EXPECT_TRUE(Planned(fmt::format("INSERT INTO all_rows SELECT a, b, {} FROM cdc", kNow)));
}

}  // namespace
}  // namespace millrace::plan
