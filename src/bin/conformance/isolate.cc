// Runs cases in a process of their own.
#include "bin/conformance/isolate.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>

namespace millrace::conformance {
namespace {

using Json = nlohmann::json;

constexpr int kCaseMillis = 20000;

std::string Encode(size_t index, const Verdicts& verdicts) {
  Json parts = Json::array();
  for (const auto& [part, verdict] : verdicts) parts.push_back({part, static_cast<int>(verdict.kind), verdict.why});
  return Json{{"case", index}, {"verdicts", parts}}.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Verdicts Decode(const Json& line) {
  Verdicts verdicts;
  for (const Json& part : line["verdicts"]) {
    verdicts.emplace_back(part[0].get<std::string>(),
                          Verdict{static_cast<Verdict::Kind>(part[1].get<int>()), part[2].get<std::string>()});
  }
  return verdicts;
}

void WriteAll(int file, const std::string& text) {
  for (size_t done = 0; done < text.size();) {
    ssize_t written = write(file, text.data() + done, text.size() - done);
    if (written <= 0) _exit(3);
    done += static_cast<size_t>(written);
  }
}

// The lines that a child writes; nothing at the end, or when it is silent for too long (`silent`).
class LineReader {
 public:
  explicit LineReader(int file) : file_(file) {}
  std::optional<std::string> Next(bool& silent) {
    while (true) {
      size_t end = buffer_.find('\n');
      if (end != std::string::npos) {
        std::string line = buffer_.substr(0, end);
        buffer_.erase(0, end + 1);
        return line;
      }
      pollfd ready{file_, POLLIN, 0};
      silent = poll(&ready, 1, kCaseMillis) == 0;
      if (silent) return std::nullopt;
      char bytes[65536];
      ssize_t count = read(file_, bytes, sizeof(bytes));
      if (count <= 0) return std::nullopt;
      buffer_.append(bytes, static_cast<size_t>(count));
    }
  }

 private:
  int file_;
  std::string buffer_;
};

std::string HowItEnded(int status) {
  if (WIFSIGNALED(status)) return fmt::format("the process was ended by signal {}", WTERMSIG(status));
  return fmt::format("the process ended with code {}", WEXITSTATUS(status));
}

}  // namespace

void RunIsolated(size_t count, const std::string& part, const std::function<Verdicts(size_t)>& run,
                 const std::function<void(size_t, const Verdicts&)>& take) {
  size_t next = 0;
  while (next < count) {
    int ends[2];
    if (pipe(ends) != 0) return;
    std::fflush(nullptr);
    pid_t child = fork();
    if (child == 0) {
      close(ends[0]);
      for (size_t i = next; i < count; ++i) WriteAll(ends[1], Encode(i, run(i)));
      _exit(0);
    }
    close(ends[1]);
    LineReader lines(ends[0]);
    bool silent = false;
    while (auto line = lines.Next(silent)) {
      Json decoded = Json::parse(*line, nullptr, false);
      if (decoded.is_discarded()) break;
      next = decoded["case"].get<size_t>() + 1;
      take(next - 1, Decode(decoded));
    }
    close(ends[0]);
    if (silent || child < 0) kill(child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    if (next < count) {
      std::string why = silent ? fmt::format("no answer within {} s", kCaseMillis / 1000) : HowItEnded(status);
      take(next, {{part, Verdict::Fail(std::move(why))}});
      ++next;
    }
  }
}

std::string RunSelf(const std::vector<std::string>& arguments, int seconds) {
  std::vector<char*> argv;
  std::string self = "/proc/self/exe";
  argv.push_back(self.data());
  std::vector<std::string> copies = arguments;
  for (std::string& argument : copies) argv.push_back(argument.data());
  argv.push_back(nullptr);
  std::fflush(nullptr);
  pid_t child = fork();
  if (child < 0) return "cannot start a process";
  if (child == 0) {
    execv(self.c_str(), argv.data());
    _exit(127);
  }
  int process = static_cast<int>(syscall(SYS_pidfd_open, child, 0));
  pollfd ended{process, POLLIN, 0};
  bool late = process >= 0 && poll(&ended, 1, seconds * 1000) == 0;
  if (late) kill(child, SIGKILL);
  int status = 0;
  waitpid(child, &status, 0);
  if (process >= 0) close(process);
  if (late) return fmt::format("no end within {} s", seconds);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? std::string() : HowItEnded(status);
}

}  // namespace millrace::conformance
