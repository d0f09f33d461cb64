// Query hints: what they may hold and which tables they may name.
#include <gtest/gtest.h>

#include "bound_tables.h"

namespace millrace::sql {
namespace {

class QueryHints : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* ddl : {"CREATE TABLE a (id INT, x BIGINT, p AS PROCTIME()) WITH ('connector' = 'values')",
                            "CREATE TABLE b (id INT, y BIGINT) WITH ('connector' = 'values')",
                            "CREATE VIEW v AS SELECT id AS vid, y FROM b"}) {
      Status created = tables_.Create(ddl);
      ASSERT_TRUE(created.ok()) << created.error().ToString();
    }
  }
  // What is said of SELECT <hints> * FROM a JOIN b; "ok" when it is bound.
  std::string Join(const std::string& hints) {
    auto bound = tables_.Bind("SELECT /*+ " + hints + " */ * FROM a JOIN b ON a.id = b.id");
    return bound.ok() ? "ok" : bound.error().message;
  }
  std::string Lookup(const std::string& options) {
    auto bound = tables_.Bind("SELECT /*+ LOOKUP(" + options +
                              ") */ * FROM a JOIN b FOR SYSTEM_TIME AS OF a.p AS d ON a.id = d.id");
    return bound.ok() ? "ok" : bound.error().message;
  }
  bool Says(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

  BoundTables tables_;
};

TEST_F(QueryHints, StateTtlNamesInputsOfTheSelect) {
  EXPECT_EQ(Join("STATE_TTL('a' = '1d', 'b' = '2h')"), "ok");
  EXPECT_EQ(Join("STATE_TTL('default_catalog.default_database.a' = '1d')"), "ok");
  EXPECT_EQ(Join("state_ttl('a' = '1d')"), "ok");
  EXPECT_TRUE(Says(Join("STATE_TTL('a' = '1d', 'c' = '2h')"), "cannot match the name of input tables or views: `c`"));
  EXPECT_TRUE(Says(Join("STATE_TTL()"), "expecting at least one key-value options"));
  EXPECT_TRUE(Says(Join("STATE_TTL(a, b)"), "only support key-value options"));
  EXPECT_TRUE(Says(Join("STATE_TTL('a' = '1 fortnight')"), "is no duration"));
  // Neither joins nor groups: the hint has nothing to stand on, and Flink leaves it out.
  EXPECT_TRUE(tables_.Bind("SELECT /*+ STATE_TTL('zz' = '1d') */ id FROM a").ok());
  EXPECT_FALSE(tables_.Bind("SELECT /*+ STATE_TTL('zz' = '1d') */ COUNT(*) FROM a").ok());
  // Tables within another query are not inputs of this one.
  EXPECT_FALSE(
      tables_.Bind("SELECT /*+ STATE_TTL('b' = '1d') */ * FROM a JOIN (SELECT b.* FROM b) AS t ON a.id = t.id").ok());
}

TEST_F(QueryHints, StateTtlReachesTheJoinAndTheAggregate) {
  auto join = tables_.Bind("SELECT /*+ STATE_TTL('a' = '1d', 'w' = '2h') */ * FROM a JOIN v AS w ON a.id = w.vid");
  ASSERT_TRUE(join.ok()) << join.error().ToString();
  const auto* made = (*join)->inputs[0]->As<JoinRelation>();
  ASSERT_NE(made, nullptr);
  EXPECT_EQ(made->left_ttl_ms, 86'400'000);
  EXPECT_EQ(made->right_ttl_ms, 7'200'000);
  auto grouped = tables_.Bind("SELECT /*+ STATE_TTL('a' = '3s') */ id, COUNT(*) FROM a GROUP BY id");
  ASSERT_TRUE(grouped.ok()) << grouped.error().ToString();
  const auto* aggregate = (*grouped)->inputs[0]->As<AggregateRelation>();
  ASSERT_NE(aggregate, nullptr);
  EXPECT_EQ(aggregate->state_ttl_ms, 3'000);
}

TEST_F(QueryHints, LookupOptionsAreReadable) {
  EXPECT_EQ(Lookup("'table' = 'd'"), "ok");
  EXPECT_EQ(Lookup("'table' = 'd', 'async' = 'true', 'capacity' = '10', 'timeout' = '30 s'"), "ok");
  EXPECT_EQ(Lookup("'table' = 'd', 'retry-predicate' = 'lookup_miss', 'retry-strategy' = 'fixed_delay', "
                   "'fixed-delay' = '10s', 'max-attempts' = '3'"),
            "ok");
  EXPECT_TRUE(Says(Lookup("'tableName' = 'd'"), "the required option 'table' is missing"));
  EXPECT_TRUE(Says(Lookup("'table' = 'x'"), "cannot match the name"));
  EXPECT_TRUE(Says(Lookup("'table' = 'd', 'async' = 'yes'"), "Could not parse value 'yes' for key 'async'"));
  EXPECT_TRUE(Says(Lookup("'table' = 'd', 'timeout' = '300 si'"), "for key 'timeout'"));
  EXPECT_TRUE(Says(Lookup("'table' = 'd', 'max-attempts' = '100.0'"), "for key 'max-attempts'"));
  EXPECT_TRUE(Says(Lookup("'table' = 'd', 'retry-strategy' = 'fixed-delay'"), "for key 'retry-strategy'"));
  EXPECT_TRUE(Says(Lookup("'table' = 'd', 'max-attempts' = '3'"), "both null or all not null"));
  EXPECT_TRUE(Says(Lookup("'table' = 'd', 'async' = 'true', 'capacity' = '0'"), "should be positive"));
  EXPECT_TRUE(Says(Lookup("'table' = 'd', 'retry-predicate' = 'exception', 'retry-strategy' = 'fixed_delay', "
                          "'fixed-delay' = '10s', 'max-attempts' = '3'"),
                   "unsupported retry-predicate"));
}

TEST_F(QueryHints, MustBeKnown) {
  EXPECT_EQ(Join("BROADCAST(a)"), "ok");
  EXPECT_TRUE(Says(Join("BROADCAST()"), "at least one table"));
  EXPECT_TRUE(Says(Join("SHUFFLE_HASH(c)"), "cannot match the name"));
  auto unknown = tables_.Bind("SELECT /*+ BRODCAST(a) */ * FROM a JOIN b ON a.id = b.id");
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().hint, "did you mean BROADCAST?");
  EXPECT_EQ(unknown.error().range.column, 12);
}

TEST_F(QueryHints, OptionsAreForTables) {
  EXPECT_TRUE(tables_.Bind("SELECT * FROM b /*+ OPTIONS('bounded' = 'true') */").ok());
  EXPECT_TRUE(Says(tables_.Columns("SELECT * FROM v /*+ OPTIONS('k' = 'v') */"), "cannot be enriched"));
  EXPECT_TRUE(Says(tables_.Columns("SELECT * FROM b /*+ OPTIONS(k) */"), "non empty key value options"));
  tables_.config()["table.dynamic-table-options.enabled"] = "false";
  EXPECT_TRUE(Says(tables_.Columns("SELECT * FROM b /*+ OPTIONS('k' = 'v') */"), "is allowed only when"));
}

}  // namespace
}  // namespace millrace::sql
