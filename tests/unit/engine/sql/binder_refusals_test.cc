// Statements that the binder refuses as Flink's validator does, with the place.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bound_tables.h"

namespace millrace::sql {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class BinderRefusals : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* ddl :
         {"CREATE TABLE t (a INT, b BIGINT, c STRING, ts TIMESTAMP(3), p AS PROCTIME(), WATERMARK FOR ts AS ts) WITH "
          "('connector' = 'values')",
          "CREATE TABLE r (k STRING, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'values')",
          "CREATE TABLE w (a INT, window_start TIMESTAMP(3), ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH "
          "('connector' = 'values')"}) {
      Status created = tables_.Create(ddl);
      ASSERT_TRUE(created.ok()) << created.error().ToString();
    }
  }
  BoundTables tables_;
};

TEST_F(BinderRefusals, CountOfTwoColumns) {
  EXPECT_THAT(tables_.Columns("SELECT COUNT(a, c) FROM t"), HasSubstr("at 1:8: We now only support the count of one"));
  EXPECT_THAT(tables_.Columns("SELECT COUNT(a, c) OVER (ORDER BY p) FROM t"), HasSubstr("count of one field"));
}

TEST_F(BinderRefusals, FilterBeforeOver) {
  EXPECT_THAT(tables_.Columns("SELECT SUM(a) FILTER (WHERE b > 1) OVER (ORDER BY p) FROM t"),
              HasSubstr("OVER must be applied to aggregate function"));
}

TEST_F(BinderRefusals, NullsWithoutType) {
  EXPECT_THAT(tables_.Columns("SELECT * FROM (VALUES (1, NULL), (2, 1)) AS x(a, b)"),
              HasSubstr("Illegal use of 'NULL'"));
  EXPECT_THAT(tables_.Columns("SELECT NULL AS n FROM t"), StartsWith("sql.validate at 1:8: Illegal use of 'NULL'"));
  EXPECT_TRUE(tables_.Bind("INSERT INTO r (k, v) VALUES ('a', NULL)").ok());
  EXPECT_TRUE(tables_.Bind("INSERT INTO r (k, v) SELECT c, NULL FROM t").ok());
  EXPECT_TRUE(tables_.Bind("SELECT CAST(NULL AS INT) AS n FROM t").ok());
}

TEST_F(BinderRefusals, WindowsWhoseColumnsAreThereAlready) {
  EXPECT_THAT(tables_.Columns("SELECT * FROM TABLE(TUMBLE(TABLE w, DESCRIPTOR(ts), INTERVAL '1' MINUTE))"),
              HasSubstr("Column 'window_start' is ambiguous"));
}

TEST_F(BinderRefusals, GroupWindowsWithinRollup) {
  EXPECT_THAT(tables_.Columns("SELECT COUNT(*) FROM t GROUP BY ROLLUP(TUMBLE(ts, INTERVAL '1' MINUTE), b)"),
              HasSubstr("cannot stand within GROUPING SETS"));
}

TEST_F(BinderRefusals, SystemTimeOfTheLeftTableOnly) {
  const std::string join = "SELECT * FROM t JOIN r FOR SYSTEM_TIME AS OF ";
  EXPECT_TRUE(tables_.Bind(join + "t.ts AS d ON t.c = d.k").ok());
  EXPECT_THAT(tables_.Columns(join + "CURRENT_TIMESTAMP AS d ON t.c = d.k"), HasSubstr("left table's time attribute"));
  EXPECT_THAT(tables_.Columns(join + "t.a AS d ON t.c = d.k"), HasSubstr("expects Timestamp type but is 'INT'"));
  EXPECT_THAT(tables_.Columns("SELECT * FROM t RIGHT JOIN r FOR SYSTEM_TIME AS OF t.ts AS d ON t.c = d.k"),
              HasSubstr("Unknown join type RIGHT"));
}

TEST_F(BinderRefusals, TwoColumnsOfOneMetadataKey) {
  Status status =
      tables_.Create("CREATE TABLE m (a INT METADATA, b INT METADATA FROM 'a') WITH ('connector' = 'values')");
  ASSERT_FALSE(status.ok());
  EXPECT_THAT(status.error().message, HasSubstr("The column `a` and `b` in the table are both from the same metadata"));
}

TEST_F(BinderRefusals, MatchRowtimeOfOtherColumns) {
  auto match = [](const std::string& measure, const std::string& pattern) {
    return "SELECT * FROM t MATCH_RECOGNIZE (PARTITION BY c ORDER BY ts MEASURES " + measure + " AS m PATTERN (" +
           pattern + ") DEFINE A AS A.a > 0)";
  };
  EXPECT_EQ(tables_.Columns(match("A.b + 1", "A")), "c STRING, m BIGINT");
  EXPECT_EQ(tables_.Columns(match("LAST(A.a, 1)", "A B")), "c STRING, m INT");
  EXPECT_EQ(tables_.Columns(match("SUM(B.b)", "A B")), "c STRING, m BIGINT");
  EXPECT_THAT(tables_.Columns(match("MATCH_ROWTIME()", "A")), HasSubstr("m TIMESTAMP(3)"));
  EXPECT_THAT(tables_.Columns(match("MATCH_ROWTIME(a)", "A")),
              HasSubstr("requires argument to be a row time attribute"));
  EXPECT_THAT(tables_.Columns(match("MATCH_ROWTIME(ts, a)", "A")), HasSubstr("Invalid number of arguments"));
  EXPECT_THAT(tables_.Columns(match("MATCH_ROWTIME(a + 1)", "A")), HasSubstr("requires a field reference"));
  EXPECT_THAT(tables_.Columns(match("A.b", "A B*")), HasSubstr("Greedy quantifiers are not allowed as the last"));
  EXPECT_THAT(tables_.Columns(match("A.b", "A?")), HasSubstr("can produce empty matches"));
  EXPECT_THAT(tables_.Columns(match("A.b", "A | B")), HasSubstr("branching patterns"));
  EXPECT_THAT(tables_.Columns(match("A.b", "B")), HasSubstr("Unknown pattern 'A'"));
}

}  // namespace
}  // namespace millrace::sql
