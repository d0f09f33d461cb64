// Sessions: statements one after another, scripts, settings, failures with their place.
#include "engine/session/session.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "types/cast.h"

namespace millrace::engine {
namespace {

// Keeps what statements give, as text.
class Recorder : public ResultListener {
 public:
  Status OnSchema(const Schema& schema, bool changelog) override {
    schema_ = schema;
    changelogs.push_back(changelog);
    return Status::Ok();
  }
  Status OnRows(const Chunk& chunk) override {
    chunk.rows().ForEach([&](int32_t row) {
      std::string text = std::string(RowKindText(chunk.kind(row))) + "[";
      for (size_t i = 0; i < chunk.columns.size(); ++i) {
        if (i > 0) text += ", ";
        text += ToText(chunk.columns[i]->GetValue(row), schema_[i].type);
      }
      rows.push_back(text + "]");
    });
    return refuse ? Status(ExternalError("test.refused", "no more")) : Status::Ok();
  }
  void OnMessage(const std::string& text) override { messages.push_back(text); }
  void OnJobStart(runtime::Job&) override { ++jobs_started; }
  void OnJobEnd(runtime::Job&) override { ++jobs_ended; }

  std::vector<std::string> rows;
  std::vector<std::string> messages;
  std::vector<bool> changelogs;
  int jobs_started = 0;
  int jobs_ended = 0;
  bool refuse = false;

 private:
  Schema schema_;
};

class SessionTest : public testing::Test {
 protected:
  SessionTest() : session_(SessionOptions{}) {}

  Status Run(const std::string& script) { return session_.ExecuteScript(script, recorder_); }
  std::string CodeOf(const std::string& script) {
    Status status = Run(script);
    return status.ok() ? "ok" : status.error().code;
  }

  Recorder recorder_;
  Session session_;
};

using Rows = std::vector<std::string>;

TEST_F(SessionTest, AQueryGivesItsRowsAndIsOneJob) {
  ASSERT_TRUE(Run("SELECT k, SUM(v) FROM (VALUES ('a', 1), ('a', 2)) AS t(k, v) GROUP BY k").ok());
  EXPECT_EQ(recorder_.rows, (Rows{"+I[a, 1]", "-U[a, 1]", "+U[a, 3]"}));
  EXPECT_EQ(recorder_.jobs_started, 1);
  EXPECT_EQ(recorder_.jobs_ended, 1);
  EXPECT_EQ(recorder_.changelogs, std::vector<bool>{true});
}

TEST_F(SessionTest, StatementsShareCatalogAndSettings) {
  ASSERT_TRUE(Run("CREATE VIEW v AS SELECT 1 AS a; CREATE TEMPORARY VIEW w AS SELECT a + 1 AS b FROM v").ok());
  ASSERT_TRUE(Run("SELECT b FROM w").ok());
  EXPECT_EQ(recorder_.rows, Rows{"+I[2]"});
  EXPECT_EQ(recorder_.messages, (Rows{"OK", "OK"}));
}

TEST_F(SessionTest, AScriptStopsAtItsFirstFailureWithThePlaceInTheScript) {
  Status status = Run("SELECT 1;\n\n  SELECT nothing;\nSELECT 2;");
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().range.line, 3);
  EXPECT_EQ(status.error().range.column, 10);
  EXPECT_EQ(recorder_.rows, Rows{"+I[1]"});
}

TEST_F(SessionTest, SettingsAreCheckedAndListed) {
  EXPECT_EQ(CodeOf("SET 'execution.runtime-mode' = 'sometimes'"), "option.value");
  EXPECT_EQ(CodeOf("SET 'parallelism.default' = '0'"), "option.value");
  EXPECT_EQ(CodeOf("SET 'table.local-time-zone' = 'Mars/Base'"), "time_zone.unknown");
  EXPECT_EQ(CodeOf("SET 'sql-client.execution.result-mode' = 'pictures'"), "option.value");
  EXPECT_TRUE(session_.config().empty());
  ASSERT_TRUE(Run("SET 'a.b' = 'c'; SET").ok());
  EXPECT_EQ(recorder_.rows, Rows{"+I[a.b, c]"});
  EXPECT_FALSE(recorder_.changelogs.back());
}

TEST_F(SessionTest, ResetTakesBackOneSettingOrAll) {
  ASSERT_TRUE(Run("SET 'a' = '1'; SET 'b' = '2'; RESET 'a'").ok());
  EXPECT_EQ(session_.config().size(), 1U);
  ASSERT_TRUE(Run("SET 'table.local-time-zone' = 'Asia/Shanghai'").ok());
  EXPECT_EQ(session_.zone()->name(), "Asia/Shanghai");
  ASSERT_TRUE(Run("RESET").ok());
  EXPECT_TRUE(session_.config().empty());
  EXPECT_EQ(session_.zone(), TimeZone::Utc());
}

TEST_F(SessionTest, BatchModeGivesFinalResultsOnly) {
  ASSERT_TRUE(Run("SET 'execution.runtime-mode' = 'batch'; SELECT COUNT(*) FROM (VALUES 1, 2, 3) AS t(x)").ok());
  EXPECT_EQ(recorder_.rows, Rows{"+I[3]"});
  EXPECT_FALSE(recorder_.changelogs.back());
}

TEST_F(SessionTest, AStatementSetIsOneJob) {
  std::vector<std::string> lines;
  session_.options().print_line = [&](std::string_view line) { lines.emplace_back(line); };
  ASSERT_TRUE(Run("CREATE TABLE p (a INT) WITH ('connector' = 'print'); BEGIN STATEMENT SET; INSERT INTO p SELECT 1;"
                  "INSERT INTO p SELECT 2; END;")
                  .ok());
  std::sort(lines.begin(), lines.end());
  EXPECT_EQ(lines, (Rows{"+I[1]", "+I[2]"}));
  EXPECT_EQ(recorder_.jobs_started, 1);
}

TEST_F(SessionTest, StatementSetsHoldInsertsOnlyAndMustEnd) {
  EXPECT_EQ(CodeOf("BEGIN STATEMENT SET; SELECT 1; END;"), "sql.validate");
  Session fresh{SessionOptions{}};
  EXPECT_EQ(fresh.ExecuteScript("BEGIN STATEMENT SET;", recorder_).error().code, "sql.validate");
  EXPECT_EQ(fresh.ExecuteScript("END;", recorder_).error().code, "sql.validate");
}

TEST_F(SessionTest, CreateTableAsLeavesNoTableWhenItFails) {
  EXPECT_EQ(CodeOf("CREATE TABLE c WITH ('connector' = 'blackhole') AS SELECT 1 / x AS y FROM (VALUES 0) AS t(x)"),
            "arithmetic.divide_by_zero");
  EXPECT_EQ(session_.catalogs().FindTable(std::vector<std::string>{"c"}), nullptr);
  ASSERT_TRUE(Run("CREATE TABLE c WITH ('connector' = 'blackhole') AS SELECT 1 AS y").ok());
  EXPECT_NE(session_.catalogs().FindTable(std::vector<std::string>{"c"}), nullptr);
}

TEST_F(SessionTest, AListenerThatRefusesRowsEndsTheJob) {
  recorder_.refuse = true;
  EXPECT_EQ(CodeOf("SELECT 1"), "test.refused");
  EXPECT_EQ(recorder_.jobs_ended, 1);
}

TEST_F(SessionTest, ShowAndDescribeGiveTables) {
  ASSERT_TRUE(Run("CREATE TABLE t (a INT NOT NULL, b STRING, PRIMARY KEY (a) NOT ENFORCED) WITH ('connector' = "
                  "'blackhole'); CREATE VIEW v AS SELECT 1 AS x")
                  .ok());
  ASSERT_TRUE(Run("SHOW TABLES").ok());
  EXPECT_EQ(recorder_.rows, (Rows{"+I[t]", "+I[v]"}));
  recorder_.rows.clear();
  ASSERT_TRUE(Run("SHOW TABLES LIKE 't%'; SHOW VIEWS; SHOW CURRENT DATABASE").ok());
  EXPECT_EQ(recorder_.rows, (Rows{"+I[t]", "+I[v]", "+I[default_database]"}));
  recorder_.rows.clear();
  ASSERT_TRUE(Run("DESCRIBE t").ok());
  EXPECT_EQ(recorder_.rows, (Rows{"+I[a, INT, FALSE, PRI(a), NULL, NULL]", "+I[b, STRING, TRUE, NULL, NULL, NULL]"}));
  EXPECT_EQ(CodeOf("DESCRIBE nothing"), "catalog.not_found");
  EXPECT_EQ(recorder_.jobs_started, 0);
}

TEST_F(SessionTest, ExplainGivesAPlanAndRunsNothing) {
  ASSERT_TRUE(Run("EXPLAIN SELECT k, COUNT(*) FROM (VALUES 'a') AS t(k) GROUP BY k").ok());
  ASSERT_EQ(recorder_.messages.size(), 1U);
  EXPECT_NE(recorder_.messages[0].find("GroupAggregate(groupBy=["), std::string::npos) << recorder_.messages[0];
  EXPECT_EQ(recorder_.jobs_started, 0);
}

}  // namespace
}  // namespace millrace::engine
