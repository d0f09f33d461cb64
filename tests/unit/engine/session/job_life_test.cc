// Jobs that fail and start again, with real files: what is in the table at the end is there once.
#include "engine/session/job_life.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "engine/session/session.h"
#include "engine/sql/parser.h"

namespace millrace::engine {
namespace {

namespace fs = std::filesystem;

class RestartTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "millrace_restart_XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    fs::create_directories(folder_ / "in");
  }
  void TearDown() override { fs::remove_all(folder_); }

  // Rows `from` to `to` - 1; the row `broken` is no JSON.
  void WriteInput(const std::string& name, int from, int to, int broken = -1) const {
    std::ofstream out(folder_ / "in" / name, std::ios::trunc);
    for (int i = from; i < to; ++i) out << (i == broken ? "{broken" : "{\"v\":" + std::to_string(i) + "}") << "\n";
  }

  // Copies the rows of `in` to `out`; `on_notice` hears what is said meanwhile.
  Status Copy(const OptionMap& config, const std::function<void(const std::string&)>& on_notice) {
    class Listener : public ResultListener {
     public:
      explicit Listener(const std::function<void(const std::string&)>& on_notice) : on_notice_(on_notice) {}
      void OnNotice(const std::string& text) override { on_notice_(text); }

     private:
      const std::function<void(const std::string&)>& on_notice_;
    } listener(on_notice);
    SessionOptions options;
    options.chunk_rows = 1;
    options.checkpoint_after_rows = checkpoint_after_rows_;
    Session session(std::move(options));
    for (const auto& [key, value] : config) EXPECT_TRUE(session.SetOption(key, value).ok());
    std::string columns = " (v INT) WITH ('connector' = 'filesystem', 'format' = 'json', 'path' = '";
    return session.ExecuteScript("CREATE TABLE source" + columns + (folder_ / "in").string() + "');" +
                                     "CREATE TABLE target" + columns + (folder_ / "out").string() + "');" +
                                     "INSERT INTO target SELECT v FROM source",
                                 listener);
  }

  std::vector<std::string> Output() const {
    std::vector<std::string> lines;
    if (!fs::exists(folder_ / "out")) return lines;
    for (const auto& entry : fs::recursive_directory_iterator(folder_ / "out")) {
      if (!entry.is_regular_file() || entry.path().filename().string().starts_with(".")) continue;
      std::ifstream in(entry.path());
      for (std::string line; std::getline(in, line);) lines.push_back(line);
    }
    std::sort(lines.begin(), lines.end());
    return lines;
  }

  static std::vector<std::string> Rows(int count) {
    std::vector<std::string> lines;
    for (int i = 0; i < count; ++i) lines.push_back("{\"v\":" + std::to_string(i) + "}");
    std::sort(lines.begin(), lines.end());
    return lines;
  }

  std::string State() const { return (folder_ / "state").string(); }

  fs::path folder_;
  int64_t checkpoint_after_rows_ = 0;
};

TEST_F(RestartTest, GoesOnFromItsCheckpointAndWritesEachRowOnce) {
  WriteInput("a.json", 0, 50);
  WriteInput("b.json", 50, 100, 80);
  checkpoint_after_rows_ = 60;
  std::vector<std::string> notices;
  Status status = Copy({{"execution.checkpointing.dir", State()},
                        {"restart-strategy.type", "fixed-delay"},
                        {"restart-strategy.fixed-delay.attempts", "3"},
                        {"restart-strategy.fixed-delay.delay", "1 ms"}},
                       [&](const std::string& notice) {
                         notices.push_back(notice);
                         if (notice.starts_with("the job failed")) WriteInput("b.json", 50, 100);
                       });
  ASSERT_TRUE(status.ok()) << status.error().ToString();
  EXPECT_EQ(Output(), Rows(100));
  ASSERT_GE(notices.size(), 3U);
  EXPECT_EQ(notices[0], "checkpoint " + State() + "/chk-1");
  EXPECT_NE(notices[1].find("from " + State() + "/chk-1"), std::string::npos) << notices[1];
  EXPECT_EQ(notices[2], "going on from " + State() + "/chk-1");
  EXPECT_TRUE(fs::is_empty(folder_ / "state")) << "a job that came to its end leaves no checkpoint";
}

TEST_F(RestartTest, AJobWhoseLastCommitsFailOnlyFinishesThem) {
  WriteInput("a.json", 0, 50);
  fs::path in_the_way;
  {
    ResultListener ignore;
    Session session{SessionOptions()};
    std::string columns = " (v INT) WITH ('connector' = 'filesystem', 'format' = 'json', 'path' = '";
    ASSERT_TRUE(session.Execute("CREATE TABLE source" + columns + (folder_ / "in").string() + "')", ignore).ok());
    ASSERT_TRUE(session.Execute("CREATE TABLE target" + columns + (folder_ / "out").string() + "')", ignore).ok());
    const std::string insert = "INSERT INTO target SELECT v FROM source";
    auto statement = sql::ParseStatement(insert);
    ASSERT_TRUE(statement.ok());
    auto root = session.Bind(**statement, insert);
    ASSERT_TRUE(root.ok());
    auto job = session.MakeJob({*root}, nullptr);
    ASSERT_TRUE(job.ok());
    Status status = (*job)->Run([&](state::JobSnapshot& snapshot) {
      std::string pending = fs::directory_iterator(folder_ / "out")->path().filename().string();
      EXPECT_TRUE(pending.starts_with(".part-") && pending.ends_with(".inprogress")) << pending;
      in_the_way = folder_ / "out" / pending.substr(1, pending.rfind('.') - 1);
      fs::create_directory(in_the_way);
      return snapshot.WriteTo(State());
    });
    EXPECT_FALSE(status.ok());
  }
  fs::remove(in_the_way);
  EXPECT_EQ(Output(), Rows(0));
  WriteInput("b.json", 50, 60);  // nothing is read any more
  for (int time = 0; time < 2; ++time) {
    Status status = Copy({{"execution.state-recovery.path", State()}}, [](const std::string&) {});
    ASSERT_TRUE(status.ok()) << status.error().ToString();
    EXPECT_EQ(Output(), Rows(50));
  }
}

TEST_F(RestartTest, StartsAfreshWithoutACheckpoint) {
  WriteInput("a.json", 0, 20, 10);
  int starts = 1;
  Status status = Copy({{"restart-strategy.type", "fixed-delay"}, {"restart-strategy.fixed-delay.delay", "0 ms"}},
                       [&](const std::string& notice) {
                         if (!notice.starts_with("the job failed")) return;
                         EXPECT_NE(notice.find("from the beginning"), std::string::npos) << notice;
                         ++starts;
                         WriteInput("a.json", 0, 20);
                       });
  ASSERT_TRUE(status.ok()) << status.error().ToString();
  EXPECT_EQ(starts, 2);
  EXPECT_EQ(Output(), Rows(20));
}

TEST_F(RestartTest, AJobThatCannotBeMadeAgainHasFailedToo) {
  WriteInput("a.json", 0, 20, 10);
  std::vector<std::string> notices;
  Status status = Copy({{"restart-strategy.type", "fixed-delay"},
                        {"restart-strategy.fixed-delay.attempts", "2"},
                        {"restart-strategy.fixed-delay.delay", "0 ms"}},
                       [&](const std::string& notice) {
                         notices.push_back(notice);
                         if (notices.size() == 1) fs::remove_all(folder_ / "in");
                         if (notices.size() != 2) return;
                         fs::create_directories(folder_ / "in");
                         WriteInput("a.json", 0, 20);
                       });
  ASSERT_TRUE(status.ok()) << status.error().ToString();
  EXPECT_EQ(notices.size(), 2U);
  EXPECT_EQ(Output(), Rows(20));
}

TEST_F(RestartTest, GivesUpWithTheCauseAndLeavesNothingHalfWritten) {
  WriteInput("a.json", 0, 20, 10);
  std::vector<std::string> notices;
  Status status = Copy({{"restart-strategy.type", "fixed-delay"},
                        {"restart-strategy.fixed-delay.attempts", "2"},
                        {"restart-strategy.fixed-delay.delay", "0 ms"}},
                       [&](const std::string& notice) { notices.push_back(notice); });
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, "format.json.malformed");
  ASSERT_EQ(notices.size(), 3U);
  EXPECT_EQ(notices.back(), "the restart strategy fixed-delay allows 2 restarts");
  EXPECT_TRUE(Output().empty());
}

TEST_F(RestartTest, ACheckpointThatFailsIsBorneAsOftenAsTolerated) {
  WriteInput("a.json", 0, 20);
  checkpoint_after_rows_ = 5;
  fs::create_directories(State());
  std::ofstream(folder_ / "state" / "chk-1") << "a file where the checkpoint's folder should be";
  OptionMap config{{"execution.checkpointing.dir", State()}};
  Status status = Copy(config, [](const std::string&) {});
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, "snapshot.io");
  EXPECT_TRUE(Output().empty());

  config["execution.checkpointing.tolerable-failed-checkpoints"] = "1";
  std::vector<std::string> notices;
  status = Copy(config, [&](const std::string& notice) { notices.push_back(notice); });
  ASSERT_TRUE(status.ok()) << status.error().ToString();
  ASSERT_FALSE(notices.empty());
  EXPECT_TRUE(notices[0].starts_with("a checkpoint failed (1 of 1 in a row that are tolerated)")) << notices[0];
  EXPECT_EQ(Output(), Rows(20));
}

TEST_F(RestartTest, ADirectoryTakesTheCheckpointsOfOneJobAtATime) {
  auto first = LockCheckpoints(State());
  ASSERT_TRUE(first.ok()) << first.error().ToString();
  auto second = LockCheckpoints(State());
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, "checkpoint.directory_in_use");
  first->reset();
  EXPECT_TRUE(LockCheckpoints(State()).ok());
}

}  // namespace
}  // namespace millrace::engine
