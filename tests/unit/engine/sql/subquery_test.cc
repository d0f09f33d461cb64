// Sub-queries in every position: bound to joins, with the columns of the outer query.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bound_tables.h"

namespace millrace::sql {
namespace {

using ::testing::HasSubstr;

class Subqueries : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* ddl : {"CREATE TABLE l (a INT, b BIGINT, c STRING) WITH ('connector' = 'values')",
                            "CREATE TABLE r (d INT, e BIGINT, f STRING) WITH ('connector' = 'values')"}) {
      Status created = tables_.Create(ddl);
      ASSERT_TRUE(created.ok()) << created.error().ToString();
    }
  }
  std::string Tree(const std::string& sql) {
    auto bound = tables_.Bind(sql);
    return bound.ok() ? RelationText(**bound) : BoundTables::Text(bound.error());
  }
  BoundTables tables_;
};

TEST_F(Subqueries, ConditionsBecomeSemiAndAntiJoins) {
  EXPECT_THAT(Tree("SELECT a FROM l WHERE a IN (SELECT d FROM r)"), HasSubstr("joinType=[semi]"));
  EXPECT_THAT(Tree("SELECT a FROM l WHERE a NOT IN (SELECT d FROM r)"), HasSubstr("joinType=[anti]"));
  // NOT (x OR y) is NOT x AND NOT y: each a condition of its own.
  std::string tree = Tree("SELECT a FROM l WHERE NOT (b > 10 OR NOT EXISTS (SELECT d FROM r WHERE d = a))");
  EXPECT_THAT(tree, HasSubstr("joinType=[semi]"));
  EXPECT_THAT(Tree("SELECT a FROM l WHERE NOT (b > 10 OR EXISTS (SELECT d FROM r))"), HasSubstr("joinType=[anti]"));
}

TEST_F(Subqueries, BelowOrAndCaseTheyAreCounted) {
  EXPECT_EQ(tables_.Columns("SELECT a FROM l WHERE b > 10 OR a IN (SELECT d FROM r WHERE r.e = l.b)"), "a INT");
  EXPECT_EQ(tables_.Columns("SELECT a, a IN (SELECT d FROM r) AS hit FROM l"), "a INT, hit BOOLEAN");
  EXPECT_EQ(tables_.Columns("SELECT EXISTS (SELECT 1 FROM r WHERE r.d = l.a) AS hit FROM l"), "hit BOOLEAN NOT NULL");
  EXPECT_EQ(tables_.Columns("SELECT b FROM l WHERE (CASE WHEN a NOT IN (SELECT d FROM r) THEN 1 ELSE 2 END) IN "
                            "(SELECT d FROM r WHERE l.c = r.f)"),
            "b BIGINT");
  EXPECT_THAT(tables_.Columns("SELECT a FROM l WHERE b > 1 OR a IN (SELECT d FROM r WHERE r.e < l.b)"),
              HasSubstr("sql.unsupported"));
}

TEST_F(Subqueries, ConditionsPassOuterJoinsBelowThem) {
  EXPECT_EQ(tables_.Columns("SELECT c FROM l WHERE b IN (WITH x AS (SELECT e, f FROM r WHERE l.a = r.d) "
                            "SELECT y.e FROM x LEFT JOIN r AS y ON x.f = y.f)"),
            "c STRING");
}

TEST_F(Subqueries, ExistsAsksForRowsOnly) {
  EXPECT_EQ(
      tables_.Columns("SELECT a FROM l WHERE EXISTS (SELECT MAX(r.e) OVER () FROM r WHERE l.c = r.f GROUP BY r.e)"),
      "a INT");
}

TEST_F(Subqueries, LateralWithLimitIsATopN) {
  std::string tree = Tree(
      "SELECT a, e FROM (SELECT DISTINCT a FROM l) x, LATERAL (SELECT e, f FROM r WHERE d = x.a ORDER BY "
      "f DESC LIMIT 3) y");
  EXPECT_THAT(tree, HasSubstr("LogicalRank(ROW_NUMBER, partition=[{2}]"));
  // Flink has names for these, and no plan.
  EXPECT_EQ(tables_.Columns("SELECT a, e FROM l, LATERAL (SELECT e FROM r WHERE d = l.a ORDER BY e OFFSET 1 ROWS FETCH "
                            "NEXT 2 ROWS ONLY)"),
            "a INT, e BIGINT");
  EXPECT_THAT(Tree("SELECT a, e FROM l, LATERAL (SELECT e FROM r WHERE d = l.a)"), HasSubstr("joinType=[inner]"));
  EXPECT_THAT(Tree("SELECT a, y.n FROM l LEFT JOIN LATERAL (SELECT COUNT(*) AS n FROM r WHERE d = l.a) y ON TRUE"),
              HasSubstr("joinType=[left]"));
}

}  // namespace
}  // namespace millrace::sql
