// Jobs whose plan has a producer with several consumers: one scan that feeds both sides of a join.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <thread>

#include "engine/connectors/values/values_store.h"
#include "engine/session/session.h"
#include "engine/sql/parser.h"

namespace millrace::engine {
namespace {

using connectors::ValuesRow;
using connectors::ValuesStore;

constexpr std::string_view kSource =
    "CREATE TABLE t (k INT, v INT) WITH ('connector' = 'values', 'data-id' = 'shared', 'terminating' = '{}')";
constexpr std::string_view kSink =
    "CREATE TABLE o (k INT, n BIGINT, s INT) WITH ('connector' = 'values', 'sink-insert-only' = 'false')";
constexpr std::string_view kQuery =
    "INSERT INTO o SELECT l.k, l.n, r.s FROM (SELECT k, COUNT(*) AS n FROM t GROUP BY k) l JOIN (SELECT k, SUM(v) AS s "
    "FROM t WHERE v > 1 GROUP BY k) r ON l.k = r.k";
constexpr int32_t kRows = 3000;

class SharedScanTest : public ::testing::Test {
 protected:
  void SetUp() override { ValuesStore::Get().Clear(); }
  void TearDown() override { ValuesStore::Get().Clear(); }

  static void Give(int32_t rows) {
    std::vector<ValuesRow> given;
    for (int32_t i = 0; i < rows; ++i) given.push_back({RowKind::kInsert, {Value::Int(i % 7), Value::Int(i % 5)}});
    ValuesStore::Get().Register("shared", std::move(given));
  }
  static void Prepare(Session& session, bool terminating) {
    ResultListener ignore;
    std::string source(kSource);
    source.replace(source.find("{}"), 2, terminating ? "true" : "false");
    ASSERT_TRUE(session.Execute(source, ignore).ok());
    ASSERT_TRUE(session.Execute(std::string(kSink), ignore).ok());
  }
  static std::unique_ptr<runtime::Job> MakeJob(Session& session) {
    auto statement = sql::ParseStatement(kQuery);
    EXPECT_TRUE(statement.ok());
    auto root = session.Bind(**statement, std::string(kQuery));
    EXPECT_TRUE(root.ok());
    auto job = session.MakeJob({*root}, nullptr);
    EXPECT_TRUE(job.ok());
    return std::move(*job);
  }
  // What the sink holds after all changes so far, by k.
  static void Apply(std::map<int64_t, std::vector<int64_t>>& table) {
    for (const ValuesRow& row : ValuesStore::Get().Content("default_catalog.default_database.o").raw) {
      bool adds = row.kind == RowKind::kInsert || row.kind == RowKind::kUpdateAfter;
      int64_t key = row.values[0].AsInt();
      if (adds) table[key] = {row.values[1].AsInt(), row.values[2].AsInt()};
      if (row.kind == RowKind::kDelete) table.erase(key);
    }
  }
  static std::map<int64_t, std::vector<int64_t>> Expected() {
    std::map<int64_t, std::vector<int64_t>> table;
    for (int32_t i = 0; i < kRows; ++i) {
      std::vector<int64_t>& row = table.try_emplace(i % 7, std::vector<int64_t>{0, 0}).first->second;
      ++row[0];
      if (i % 5 > 1) row[1] += i % 5;
    }
    return table;
  }
  static size_t Sources(const runtime::Job& job) {
    auto operators = job.Operators();
    return static_cast<size_t>(std::count_if(operators.begin(), operators.end(), [](const auto& status) {
      return status.name.starts_with("TableSourceScan");
    }));
  }
};

TEST_F(SharedScanTest, BothSidesOfAJoinReadOneScan) {
  for (int32_t chunk_rows : {1, 64, 2048}) {
    SCOPED_TRACE(chunk_rows);
    ValuesStore::Get().Clear();
    Give(kRows);
    SessionOptions options;
    options.chunk_rows = chunk_rows;
    Session session(options);
    Prepare(session, true);
    auto job = MakeJob(session);
    EXPECT_EQ(Sources(*job), 1U);
    ASSERT_TRUE(job->Run().ok());
    EXPECT_EQ(job->rows_read(), kRows);
    std::map<int64_t, std::vector<int64_t>> table;
    Apply(table);
    EXPECT_EQ(table, Expected());
  }
}

TEST_F(SharedScanTest, SeveralSubtasksOnSeveralThreadsGiveTheSame) {
  Give(kRows);
  SessionOptions options;
  options.parallelism = 3;
  options.threads = 2;
  options.chunk_rows = 16;
  Session session(options);
  Prepare(session, true);
  auto job = MakeJob(session);
  ASSERT_TRUE(job->Run().ok());
  std::map<int64_t, std::vector<int64_t>> table;
  Apply(table);
  EXPECT_EQ(table, Expected());
}

TEST_F(SharedScanTest, ASnapshotHoldsBothConsumersAtOnePlace) {
  std::map<int64_t, std::vector<int64_t>> table;
  SessionOptions options;
  options.chunk_rows = 8;
  state::JobSnapshot snapshot;
  Give(kRows / 3);
  {
    Session session(options);
    Prepare(session, false);
    auto job = MakeJob(session);
    Status ended;
    std::thread runs([&] { ended = job->Run(); });
    job->WaitUntilQuiet();
    auto taken = job->Snapshot(true);
    runs.join();
    ASSERT_TRUE(taken.ok()) << taken.error().ToString();
    ASSERT_TRUE(ended.ok());
    snapshot = std::move(*taken);
    Apply(table);
  }
  Give(kRows);
  options.restore = &snapshot;
  options.parallelism = 2;
  Session session(options);
  Prepare(session, true);
  auto job = MakeJob(session);
  ASSERT_TRUE(job->Run().ok());
  EXPECT_EQ(job->rows_read(), kRows - kRows / 3);
  Apply(table);
  EXPECT_EQ(table, Expected());
}

}  // namespace
}  // namespace millrace::engine
