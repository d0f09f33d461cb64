// Checkpoints of a session's jobs: settings, folders, and going on from them.
#include "engine/session/checkpointer.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "engine/session/session.h"
#include "types/cast.h"

namespace millrace::engine {
namespace {

namespace fs = std::filesystem;

OptionMap Config(std::initializer_list<std::pair<const std::string, std::string>> entries) { return {entries}; }

TEST(CheckpointSettings, AreFlinksOptions) {
  auto settings = ReadCheckpointSettings(Config({{"execution.checkpointing.dir", "file:///tmp/x"},
                                                 {"execution.checkpointing.interval", "10 s"},
                                                 {"execution.checkpointing.num-retained", "3"},
                                                 {"execution.state-recovery.path", "/tmp/y"}}));
  ASSERT_TRUE(settings.ok()) << settings.error().ToString();
  EXPECT_EQ(settings->directory, "/tmp/x");
  EXPECT_EQ(settings->interval_ms, 10'000);
  EXPECT_EQ(settings->retained, 3);
  EXPECT_EQ(settings->restore_path, "/tmp/y");
  settings = ReadCheckpointSettings(Config({{"state.checkpoints.dir", "/a"}, {"execution.savepoint.path", "b"}}));
  ASSERT_TRUE(settings.ok());
  EXPECT_EQ(settings->directory, "/a");
  EXPECT_EQ(settings->restore_path, "b");
  EXPECT_EQ(settings->interval_ms, 0);
  EXPECT_EQ(settings->timeout_ms, 600'000);
  settings =
      ReadCheckpointSettings(Config({{"state.savepoints.dir", "/old"}, {"execution.checkpointing.timeout", "2 min"}}));
  ASSERT_TRUE(settings.ok());
  EXPECT_EQ(settings->savepoint_directory, "/old");
  EXPECT_EQ(settings->timeout_ms, 120'000);
  settings = ReadCheckpointSettings(
      Config({{"state.savepoints.dir", "/old"}, {"execution.checkpointing.savepoint-dir", "file:///new/"}}));
  ASSERT_TRUE(settings.ok());
  EXPECT_EQ(settings->savepoint_directory, "/new");
}

TEST(CheckpointSettings, NameTheOptionThatIsWrong) {
  const std::vector<std::pair<std::string, std::string>> wrong{
      {"execution.checkpointing.interval", "soon"},
      {"execution.checkpointing.interval", "1 ms"},
      {"execution.checkpointing.num-retained", "0"},
      {"execution.checkpointing.timeout", "0 s"},
      {"execution.checkpointing.savepoint-dir", "s3://bucket/x"},
      {"execution.checkpointing.dir", "s3://bucket/x"},
      {"execution.state-recovery.ignore-unclaimed-state", "maybe"},
      {"execution.state-recovery.claim-mode", "perhaps"},
      {"execution.checkpointing.min-pause", "-1 s"},
      {"execution.checkpointing.tolerable-failed-checkpoints", "-1"},
  };
  for (const auto& [key, value] : wrong) {
    auto settings = ReadCheckpointSettings(Config({{key, value}}));
    ASSERT_FALSE(settings.ok()) << key;
    EXPECT_EQ(settings.error().code, "option.value");
    EXPECT_NE(settings.error().message.find(key), std::string::npos) << settings.error().message;
  }
}

class CheckpointTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "millrace_checkpoint_XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    std::ofstream input(folder_ / "in.json");
    for (int i = 0; i < 100; ++i) input << "{\"k\":" << i % 3 << ",\"v\":" << i << "}\n";
  }
  void TearDown() override { fs::remove_all(folder_); }

  // The final rows of the query, run with these options; what it ended with is in `code`.
  std::vector<std::string> Run(SessionOptions options, const OptionMap& config, std::string* code) {
    class Rows : public ResultListener {
     public:
      Status OnRows(const Chunk& chunk) override {
        chunk.rows().ForEach([&](int32_t row) {
          std::string text(RowKindText(chunk.kind(row)));
          for (const ColumnPtr& column : chunk.columns) text += " " + ToText(column->GetValue(row), column->type());
          rows.push_back(text);
        });
        return Status::Ok();
      }
      void OnNotice(const std::string& text) override { notices.push_back(text); }
      std::vector<std::string> rows;
      std::vector<std::string> notices;
    } rows;
    Session session(std::move(options));
    for (const auto& [key, value] : config) EXPECT_TRUE(session.SetOption(key, value).ok());
    Status status = session.ExecuteScript("CREATE TABLE t (k INT, v INT) WITH ('connector' = 'filesystem', 'path' = '" +
                                              (folder_ / "in.json").string() +
                                              "', 'format' = 'json'); SELECT k, SUM(v) AS s FROM t GROUP BY k",
                                          rows);
    *code = status.ok() ? "ok" : status.error().code;
    notices_ = rows.notices;
    return rows.rows;
  }

  fs::path folder_;
  std::vector<std::string> notices_;
};

TEST_F(CheckpointTest, TwoLivesGiveTheChangesOfOne) {
  std::string code;
  SessionOptions small;
  small.chunk_rows = 1;
  std::vector<std::string> whole = Run(small, {}, &code);
  ASSERT_EQ(code, "ok");
  SessionOptions first = small;
  first.checkpoint_after_rows = 40;
  first.stop_after_checkpoint = true;
  std::string state = (folder_ / "state").string();
  std::vector<std::string> rows = Run(first, {{"execution.checkpointing.dir", state}}, &code);
  EXPECT_EQ(code, "job.stopped");
  EXPECT_EQ(notices_, std::vector<std::string>{"checkpoint " + state + "/chk-1"});
  EXPECT_LT(rows.size(), whole.size());
  std::vector<std::string> rest = Run(small, {{"execution.state-recovery.path", state}}, &code);
  EXPECT_EQ(code, "ok");
  rows.insert(rows.end(), rest.begin(), rest.end());
  EXPECT_EQ(rows, whole);
}

TEST_F(CheckpointTest, AFinishedJobLeavesNoCheckpoint) {
  std::string code;
  SessionOptions options;
  options.chunk_rows = 1;
  options.checkpoint_after_rows = 40;
  std::string state = (folder_ / "state").string();
  Run(options, {{"execution.checkpointing.dir", state}}, &code);
  EXPECT_EQ(code, "ok");
  EXPECT_EQ(notices_.size(), 1U);
  EXPECT_TRUE(fs::is_empty(state));
}

TEST_F(CheckpointTest, TheNewestCompleteCheckpointIsFound) {
  fs::path state = folder_ / "state";
  for (int number : {2, 10}) {
    state::JobSnapshot snapshot;
    snapshot.SetMetadata("job", std::to_string(number));
    fs::create_directories(state / ("chk-" + std::to_string(number)));
    ASSERT_TRUE(snapshot.WriteTo((state / ("chk-" + std::to_string(number))).string()).ok());
  }
  fs::create_directories(state / "chk-11");  // a crash came before its manifest
  auto found = FindSnapshot(state.string());
  ASSERT_TRUE(found.ok()) << found.error().ToString();
  EXPECT_EQ(found->snapshot.Metadata("job"), "10");
  EXPECT_EQ(FindSnapshot((state / "chk-2").string())->snapshot.Metadata("job"), "2");
  EXPECT_EQ(FindSnapshot(folder_.string()).error().code, "snapshot.missing");
}

TEST_F(CheckpointTest, WhatAJobClaimsGoesWithIt) {
  std::string code;
  SessionOptions first;
  first.chunk_rows = 1;
  first.checkpoint_after_rows = 40;
  first.stop_after_checkpoint = true;
  std::string state = (folder_ / "state").string();
  for (const char* mode : {"NO_CLAIM", "CLAIM"}) {
    Run(first, {{"execution.checkpointing.dir", state}}, &code);
    ASSERT_EQ(code, "job.stopped");
    fs::create_directories(folder_ / "state" / "chk-77");  // without a manifest: left by a crash
    Run({},
        {{"execution.checkpointing.dir", state},
         {"execution.checkpointing.interval", "1 h"},
         {"execution.state-recovery.path", state},
         {"execution.state-recovery.claim-mode", mode}},
        &code);
    EXPECT_EQ(code, "ok");
    EXPECT_FALSE(fs::exists(folder_ / "state" / "chk-77"));
    EXPECT_EQ(fs::is_empty(state), std::string(mode) == "CLAIM");
  }
}

TEST_F(CheckpointTest, StateThatNoOperatorClaimsIsAnError) {
  std::string code;
  state::JobSnapshot snapshot;
  auto writer = snapshot.Writer("other-operator#0");
  ASSERT_TRUE(writer->BeginState("x", 1).ok());
  ASSERT_TRUE(writer->BroadcastRecord("1").ok());
  fs::path state = folder_ / "state";
  fs::create_directories(state);
  ASSERT_TRUE(snapshot.WriteTo(state.string()).ok());
  Run({}, {{"execution.state-recovery.path", state.string()}}, &code);
  EXPECT_EQ(code, "snapshot.unclaimed");
  Run({},
      {{"execution.state-recovery.path", state.string()}, {"execution.state-recovery.ignore-unclaimed-state", "true"}},
      &code);
  EXPECT_EQ(code, "ok");
}

}  // namespace
}  // namespace millrace::engine
