#include "control/executor/local/job_client.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>

#include "base/clock.h"
#include "control/executor/local/run_directory.h"
#include "control/executor/local/unix_socket.h"

namespace millrace::executor {
namespace {

constexpr int64_t kNanosPerMilli = 1'000'000;
constexpr int64_t kAnswerMs = 10'000;
constexpr int64_t kGoneMs = 30'000;
constexpr size_t kAnswerBytesMax = 64 * 1024 * 1024;

Error NotFound(const std::string& run_directory, const std::string& name) {
  return UserError("job.not_found", fmt::format("no job with the name '{}' is running", name),
                   fmt::format("'millrace list' shows those in '{}'", run_directory));
}

enum class Came : uint8_t { kSomething, kEnd, kNothing };

// Adds what comes to `in`. `wait_ms`: negative: as long as it takes.
Came Receive(const Descriptor& socket, int64_t wait_ms, std::string& in) {
  pollfd polled{socket.number(), POLLIN, 0};
  int ready = ::poll(&polled, 1, static_cast<int>(wait_ms));
  if (ready < 0 && errno == EINTR) return Came::kSomething;
  if (ready <= 0) return Came::kNothing;
  char buffer[1 << 16];
  ssize_t got = ::recv(socket.number(), buffer, sizeof(buffer), 0);
  if (got < 0 && errno == EINTR) return Came::kSomething;
  if (got <= 0) return Came::kEnd;
  in.append(buffer, static_cast<size_t>(got));
  return Came::kSomething;
}

bool Send(const Descriptor& socket, std::string_view line) {
  while (!line.empty()) {
    ssize_t sent = ::send(socket.number(), line.data(), line.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return false;
    line.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

Result<std::string> ReadLine(const Descriptor& socket, const std::string& name, int64_t wait_ms) {
  std::string in;
  while (in.find('\n') == std::string::npos) {
    Came came = Receive(socket, wait_ms, in);
    if (came == Came::kEnd) {
      return ExternalError("job.gone", fmt::format("the job '{}' ended before it answered", name),
                           "see what it wrote to its standard error");
    }
    if (came == Came::kNothing || in.size() > kAnswerBytesMax) {
      return ExternalError("job.no_answer", fmt::format("the job '{}' does not answer", name));
    }
  }
  return in.substr(0, in.find('\n'));
}

void WaitUntilGone(const Descriptor& socket) {
  int64_t due = Clock::System()->MonotonicNanos() + kGoneMs * kNanosPerMilli;
  std::string ignored;
  while (true) {
    int64_t left_ms = (due - Clock::System()->MonotonicNanos()) / kNanosPerMilli;
    if (left_ms <= 0 || Receive(socket, left_ms, ignored) != Came::kSomething) return;
    ignored.clear();
  }
}

}  // namespace

Result<JobAnswer> CallJob(const std::string& run_directory, const std::string& name, const JobCall& call,
                          bool until_gone) {
  MR_RETURN_IF_ERROR(CheckJobName(name));
  auto socket = ConnectTo(SocketPath(run_directory, name));
  if (!socket.ok()) return NotFound(run_directory, name);
  if (!Send(*socket, EncodeCall(call) + "\n")) return NotFound(run_directory, name);
  MR_ASSIGN(std::string line, ReadLine(*socket, name, TakesTime(call.op) ? -1 : kAnswerMs));
  MR_ASSIGN(JobAnswer answer, DecodeAnswer(line));
  if (answer.error) return *answer.error;
  if (until_gone) WaitUntilGone(*socket);
  return answer;
}

bool IsEnd(const std::string& state) { return state == "FINISHED" || state == "CANCELED" || state == "FAILED"; }

Result<JobReport> DescribeJob(const std::string& run_directory, const std::string& name) {
  auto answer = CallJob(run_directory, name, JobCall{});
  if (answer.ok() && answer->job) return *answer->job;
  if (!answer.ok() && answer.error().code != "job.not_found" && answer.error().code != "job.gone") {
    return answer.error();
  }
  std::optional<JobReport> last = LastReport(run_directory, name);
  if (!last) return NotFound(run_directory, name);
  if (!IsEnd(last->state)) {
    last->state = "FAILED";
    last->failures.push_back({0, "job.killed", "its process ended without a last word: it was killed, or crashed"});
  }
  return *last;
}

std::vector<JobReport> ListJobs(const std::string& run_directory, bool ended) {
  std::vector<JobReport> jobs;
  for (const std::string& name : KnownJobs(run_directory)) {
    auto job = DescribeJob(run_directory, name);
    if (job.ok() && (ended || !IsEnd(job->state))) jobs.push_back(std::move(*job));
  }
  return jobs;
}

}  // namespace millrace::executor
