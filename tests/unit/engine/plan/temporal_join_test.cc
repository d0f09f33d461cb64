// Joins FOR SYSTEM_TIME AS OF: what Flink's planner asks of them, before there is an operator.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "planned_query.h"

namespace millrace::plan {
namespace {

using ::testing::HasSubstr;

class TemporalJoins : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* ddl :
         {"CREATE TABLE orders (amount INT, currency STRING, ts TIMESTAMP(3), p AS PROCTIME(), WATERMARK FOR ts AS ts) "
          "WITH ('connector' = 'values')",
          "CREATE TABLE rates (currency STRING, rate INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts, PRIMARY KEY "
          "(currency) NOT ENFORCED) WITH ('connector' = 'values', 'disable-lookup' = 'true')",
          "CREATE TABLE no_key (currency STRING, rate INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH "
          "('connector' = 'values', 'disable-lookup' = 'true')",
          "CREATE TABLE no_time (currency STRING, rate INT, PRIMARY KEY (currency) NOT ENFORCED) WITH "
          "('connector' = 'values', 'disable-lookup' = 'true')",
          "CREATE TABLE instants (currency STRING, ts TIMESTAMP_LTZ(3), WATERMARK FOR ts AS ts, PRIMARY KEY (currency) "
          "NOT ENFORCED) WITH ('connector' = 'values', 'disable-lookup' = 'true')",
          "CREATE VIEW cheap AS SELECT * FROM rates WHERE rate < 10",
          "CREATE TABLE dim (id INT, name STRING) WITH ('connector' = 'values')"}) {
      Status created = queries_.Create(ddl);
      ASSERT_TRUE(created.ok()) << created.error().ToString();
    }
  }
  std::string Event(const std::string& table, const std::string& condition) {
    return queries_.Refusal("SELECT * FROM orders AS o JOIN " + table + " FOR SYSTEM_TIME AS OF o.ts AS r ON " +
                            condition);
  }
  std::string Lookup(const std::string& condition) {
    return queries_.Refusal("SELECT * FROM orders AS o LEFT JOIN dim FOR SYSTEM_TIME AS OF o.p AS d ON " + condition);
  }
  PlannedQueries queries_;
};

TEST_F(TemporalJoins, CompareTheKeyOfTheVersionedTable) {
  EXPECT_THAT(Event("rates", "o.currency = r.currency"),
              HasSubstr("sql.unsupported: a temporal join is not there yet"));
  EXPECT_THAT(Event("rates", "o.amount = r.rate"), HasSubstr("primary key [currency] must be included"));
  EXPECT_THAT(Event("no_key", "o.currency = r.currency"), HasSubstr("requires primary key in versioned table"));
  EXPECT_THAT(Event("rates", "TRUE"), HasSubstr("join key in Temporal Table Join can not be empty"));
}

TEST_F(TemporalJoins, HaveTheSameEventTimeOnBothSides) {
  EXPECT_THAT(Event("no_time", "o.currency = r.currency"), HasSubstr("no row time attribute can be found"));
  EXPECT_THAT(Event("instants", "o.currency = r.currency"), HasSubstr("requires same rowtime type"));
}

TEST_F(TemporalJoins, TakeNoFilterOnVersions) {
  EXPECT_THAT(Event("cheap", "o.currency = r.currency"), HasSubstr("Filter is not allowed for right changelog input"));
}

TEST_F(TemporalJoins, ByProcessingTimeAreLookUps) {
  EXPECT_THAT(Lookup("o.amount = d.id"), HasSubstr("a lookup join is not there yet"));
  EXPECT_THAT(Lookup("d.id = 3"), HasSubstr("a lookup join is not there yet"));
  EXPECT_THAT(Lookup("TRUE"), HasSubstr("requires an equality condition on fields of table"));
  EXPECT_THAT(Lookup("o.amount = d.id + 1"), HasSubstr("requires an equality condition on fields of table"));
  EXPECT_THAT(Lookup("o.amount IS NOT DISTINCT FROM d.id"), HasSubstr("IS NOT DISTINCT FROM"));
  EXPECT_THAT(Lookup("o.amount = d.id OR (o.amount IS NULL AND d.id IS NULL)"), HasSubstr("IS NOT DISTINCT FROM"));
  EXPECT_THAT(queries_.Refusal("SELECT * FROM orders AS o JOIN rates FOR SYSTEM_TIME AS OF o.p AS r ON o.currency = "
                               "r.currency"),
              HasSubstr("Processing-time temporal join is not supported yet"));
}

TEST_F(TemporalJoins, AreRefusedAtTheirPlace) {
  auto plan = queries_.Plan("SELECT *\nFROM orders AS o\nJOIN dim FOR SYSTEM_TIME AS OF o.p AS d ON TRUE");
  ASSERT_FALSE(plan.ok());
  EXPECT_EQ(plan.error().range.line, 3);
  EXPECT_FALSE(plan.error().hint.empty());
}

TEST_F(TemporalJoins, MatchesOrderByTimeAndTakeInsertsOnly) {
  auto match = [](const std::string& table, const std::string& order) {
    return "SELECT * FROM " + table + " MATCH_RECOGNIZE (ORDER BY " + order +
           " MEASURES A.currency AS c PATTERN (A) DEFINE A AS A.currency = 'x')";
  };
  EXPECT_THAT(queries_.Refusal(match("orders", "ts")), HasSubstr("MATCH_RECOGNIZE is not there yet"));
  EXPECT_THAT(queries_.Refusal(match("orders", "amount")), HasSubstr("either rowtime or proctime"));
  EXPECT_THAT(queries_.Refusal(match("orders", "ts DESC")), HasSubstr("must be ascending on time"));
  Status created = queries_.Create(
      "CREATE TABLE cdc (currency STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'values', "
      "'changelog-mode' = 'I,UA,UB,D')");
  ASSERT_TRUE(created.ok());
  EXPECT_THAT(queries_.Refusal(match("cdc", "ts")), HasSubstr("doesn't support consuming update and delete changes"));
}

}  // namespace
}  // namespace millrace::plan
