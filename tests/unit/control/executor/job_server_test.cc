// Names, and the socket of a job under clients that are slow, loud or gone.
#include "control/executor/local/job_server.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>

#include "control/executor/local/job_client.h"
#include "control/executor/local/run_directory.h"

namespace millrace::executor {
namespace {

namespace fs = std::filesystem;

class RunDirectoryTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "millrace_run_XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    run_ = (folder_ / "run").string();
  }
  void TearDown() override { fs::remove_all(folder_); }

  fs::path folder_;
  std::string run_;
};

TEST_F(RunDirectoryTest, NamesAreNoPaths) {
  for (const char* good : {"a", "orders-2", "A_b.c", "9"}) EXPECT_TRUE(CheckJobName(good).ok()) << good;
  for (const std::string& bad :
       {std::string(), std::string("."), std::string(".."), std::string(".hidden"), std::string("a/b"),
        std::string("../a"), std::string("a b"), std::string("ä"), std::string("a\0b", 3), std::string(65, 'a')}) {
    Status status = CheckJobName(bad);
    ASSERT_FALSE(status.ok()) << bad;
    EXPECT_EQ(status.error().code, "job.name");
    EXPECT_EQ(JobName::Take(run_, bad).error().code, "job.name");
  }
  EXPECT_FALSE(fs::exists(run_)) << "a wrong name made a folder";
}

TEST_F(RunDirectoryTest, ANameIsHadOnceAtATime) {
  auto first = JobName::Take(run_, "orders");
  ASSERT_TRUE(first.ok()) << first.error().ToString();
  struct stat info {};
  ASSERT_EQ(stat(run_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0700U);
  EXPECT_EQ(JobName::Take(run_, "orders").error().code, "job.name_in_use");
  EXPECT_TRUE(JobName::Take(run_, "payments").ok());
  first->reset();
  EXPECT_TRUE(JobName::Take(run_, "orders").ok());
}

TEST_F(RunDirectoryTest, AFolderThatOthersCanEnterIsRefused) {
  fs::create_directory(run_);
  fs::permissions(run_, fs::perms(0755));
  EXPECT_EQ(JobName::Take(run_, "orders").error().code, "run_dir.unsafe");
  fs::permissions(run_, fs::perms(0700));
  EXPECT_TRUE(JobName::Take(run_, "orders").ok());
}

TEST_F(RunDirectoryTest, AJobThatLeftNoLastWordWasKilled) {
  {
    auto name = JobName::Take(run_, "orders");
    ASSERT_TRUE(name.ok());
    JobReport report;
    report.name = "orders";
    report.state = "RUNNING";
    ASSERT_TRUE((*name)->Write(report).ok());
  }
  auto job = DescribeJob(run_, "orders");
  ASSERT_TRUE(job.ok()) << job.error().ToString();
  EXPECT_EQ(job->state, "FAILED");
  ASSERT_EQ(job->failures.size(), 1U);
  EXPECT_EQ(job->failures[0].code, "job.killed");
  EXPECT_TRUE(ListJobs(run_, false).empty());
  EXPECT_EQ(ListJobs(run_, true).size(), 1U);
  EXPECT_EQ(DescribeJob(run_, "payments").error().code, "job.not_found");
  EXPECT_EQ(CallJob(run_, "orders", JobCall{}).error().code, "job.not_found");
  EXPECT_EQ(CallJob(run_, "../orders", JobCall{}).error().code, "job.name");
}

// A server whose savepoints are made when the test says so.
class ServerTest : public RunDirectoryTest {
 protected:
  void Start(ServerLimits limits = {}) {
    fs::create_directory(run_);
    auto server = JobServer::Start(
        SocketPath(run_, "orders"), [this](const JobCall& call) { return Answer(call); }, limits);
    ASSERT_TRUE(server.ok()) << server.error().ToString();
    server_ = std::move(*server);
  }

  JobAnswer Answer(const JobCall& call) {
    JobAnswer answer;
    if (call.op == JobOp::kStatus) {
      answer.job = JobReport{};
      answer.job->state = "RUNNING";
    }
    if (!TakesTime(call.op)) return answer;
    std::unique_lock lock(mutex_);
    ++asked_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return done_; });
    answer.path = call.directory + "/savepoint-1";
    return answer;
  }

  void WaitUntilAsked() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return asked_ > 0; });
  }

  void Finish() {
    std::lock_guard lock(mutex_);
    done_ = true;
    changed_.notify_all();
  }

  int Connect() const {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::string path = SocketPath(run_, "orders");
    path.copy(address.sun_path, sizeof(address.sun_path) - 1);
    int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
    EXPECT_EQ(::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
    return socket;
  }

  // Sends, and reads until the server closes the connection or `lines` lines have come.
  static std::string Talk(int socket, std::string_view text, int lines) {
    while (!text.empty()) {
      ssize_t sent = ::send(socket, text.data(), text.size(), MSG_NOSIGNAL);
      if (sent <= 0) break;
      text.remove_prefix(static_cast<size_t>(sent));
    }
    std::string got;
    char c = 0;
    while (lines > 0 && ::recv(socket, &c, 1, 0) == 1) {
      got += c;
      if (c == '\n') --lines;
    }
    return got;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  int asked_ = 0;
  bool done_ = false;
  std::unique_ptr<JobServer> server_;
};

TEST_F(ServerTest, TheSocketIsForItsOwnerOnly) {
  Start();
  EXPECT_EQ(fs::status(SocketPath(run_, "orders")).permissions(), fs::perms(0600));
  auto job = DescribeJob(run_, "orders");
  ASSERT_TRUE(job.ok()) << job.error().ToString();
  EXPECT_EQ(job->state, "RUNNING");
}

TEST_F(ServerTest, AnswersOthersWhileOneWaits) {
  Start();
  Result<JobAnswer> made = JobAnswer{};
  std::thread waiting([&] { made = CallJob(run_, "orders", {JobOp::kSavepoint, "/s"}); });
  WaitUntilAsked();
  EXPECT_TRUE(DescribeJob(run_, "orders").ok());
  Finish();
  waiting.join();
  ASSERT_TRUE(made.ok()) << made.error().ToString();
  EXPECT_EQ(made->path, "/s/savepoint-1");
}

TEST_F(ServerTest, AClientThatGoesAwayWhileItWaitsIsForgotten) {
  Start();
  int socket = Connect();
  Talk(socket, EncodeCall({JobOp::kSavepoint, "/s"}) + "\n", 0);
  WaitUntilAsked();
  ::close(socket);
  Finish();
  EXPECT_TRUE(DescribeJob(run_, "orders").ok());
}

TEST_F(ServerTest, RubbishIsAnsweredAndTheNextLineToo) {
  Start();
  int socket = Connect();
  std::string got = Talk(socket, "\x01\x02\xFF rubbish\n\n{\"v\":1,\"op\":\"status\"}\n", 2);
  EXPECT_NE(got.find("protocol.request"), std::string::npos) << got;
  EXPECT_NE(got.find("RUNNING"), std::string::npos) << got;
  ::close(socket);
}

TEST_F(ServerTest, MegabytesWithoutALineAreCutOff) {
  Start();
  int socket = Connect();
  std::string got = Talk(socket, std::string(8 << 20, 'x'), 2);  // the server hangs up: no second line comes
  EXPECT_TRUE(got.empty() || got.find("protocol.too_long") != std::string::npos) << got;
  ::close(socket);
  EXPECT_TRUE(DescribeJob(run_, "orders").ok());
}

TEST_F(ServerTest, HalfARequestIsNotWaitedForLong) {
  ServerLimits limits;
  limits.idle_ms = 50;
  Start(limits);
  int socket = Connect();
  EXPECT_EQ(Talk(socket, "{\"v\":1,", 1), "");
  ::close(socket);
}

TEST_F(ServerTest, ManyConnectionsLeaveRoomAgain) {
  ServerLimits limits;
  limits.connections = 4;
  limits.idle_ms = 100;
  Start(limits);
  std::vector<int> sockets;
  for (int i = 0; i < 10; ++i) sockets.push_back(Connect());
  EXPECT_TRUE(DescribeJob(run_, "orders").ok());  // once the first are closed for saying nothing
  for (int socket : sockets) ::close(socket);
}

TEST_F(ServerTest, TheLastAnswerIsGivenBeforeTheEnd) {
  Start();
  int socket = Connect();
  Talk(socket, EncodeCall({JobOp::kStop, "/s"}) + "\n", 0);
  WaitUntilAsked();
  Finish();
  server_.reset();
  EXPECT_NE(Talk(socket, "", 1).find("/s/savepoint-1"), std::string::npos);
  ::close(socket);
}

}  // namespace
}  // namespace millrace::executor
