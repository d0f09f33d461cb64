// Settings that operators need, and settings that contradict each other.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "planned_query.h"

namespace millrace::plan {
namespace {

using ::testing::HasSubstr;

class ConfigChecks : public ::testing::Test {
 protected:
  void SetUp() override {
    Status created = queries_.Create(
        "CREATE TABLE t (a INT, b BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'values')");
    ASSERT_TRUE(created.ok()) << created.error().ToString();
  }
  const std::string grouped_ = "SELECT a, COUNT(*) FROM t GROUP BY a";
  const std::string tumble_ = "SELECT COUNT(*) FROM t GROUP BY TUMBLE(ts, INTERVAL '1' MINUTE)";
  const std::string session_ = "SELECT COUNT(*) FROM t GROUP BY SESSION(ts, INTERVAL '1' MINUTE)";
  const std::string table_function_ =
      "SELECT window_start, window_end, COUNT(*) FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) "
      "GROUP "
      "BY window_start, window_end";
  PlannedQueries queries_;
};

TEST_F(ConfigChecks, MiniBatchesHaveSizeAndLatency) {
  queries_.Set("table.exec.mini-batch.enabled", "true");
  EXPECT_THAT(queries_.Refusal(grouped_), HasSubstr("allow-latency' must be > 0"));
  queries_.Set("table.exec.mini-batch.allow-latency", "10 s");
  EXPECT_THAT(queries_.Refusal(grouped_), HasSubstr("mini-batch.size' , default: -1"));
  queries_.Set("table.exec.mini-batch.size", "0");
  EXPECT_THAT(queries_.Refusal(grouped_), HasSubstr("must be > 0"));
  queries_.Set("table.exec.mini-batch.size", "100");
  EXPECT_EQ(queries_.Refusal(grouped_), "ok");
  queries_.Set("table.exec.mini-batch.size", "-1");
  EXPECT_EQ(queries_.Refusal("SELECT a FROM t"), "ok");  // nothing that bundles
}

TEST_F(ConfigChecks, LateFiringFitsTheAllowedLateness) {
  queries_.Set("table.exec.emit.late-fire.enabled", "true");
  EXPECT_THAT(queries_.Refusal(tumble_), HasSubstr("needs 'table.exec.emit.allow-lateness'"));
  queries_.Set("table.exec.emit.allow-lateness", "1 s");
  EXPECT_THAT(queries_.Refusal(tumble_), HasSubstr("should not be null or negative"));
  queries_.Set("table.exec.emit.late-fire.delay", "5 s");
  EXPECT_THAT(queries_.Refusal(tumble_), HasSubstr("Allow-lateness [1000ms] should not be smaller"));
  queries_.Set("table.exec.emit.late-fire.delay", "500 ms");
  EXPECT_EQ(queries_.Refusal(tumble_), "ok");
  EXPECT_THAT(queries_.Refusal(session_), HasSubstr("Session window doesn't support EMIT"));
  EXPECT_THAT(queries_.Refusal(table_function_), HasSubstr("doesn't support early-fire and late-fire"));
}

}  // namespace
}  // namespace millrace::plan
