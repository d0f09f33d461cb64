// millrace list, status, stop, cancel, rescale, savepoint create and dispose: running jobs, reached by their names.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/real_path.h"
#include "bin/commands/command_line.h"
#include "bin/commands/commands.h"
#include "bin/commands/script.h"
#include "control/executor/local/job_client.h"
#include "control/executor/local/run_directory.h"
#include "engine/session/savepoint.h"

namespace millrace::bin {
namespace {

using executor::JobReport;

constexpr int kExitNotFound = 3;

struct JobOptions {
  std::string name;
  std::string run_directory;
  std::string directory;  // of a savepoint
  std::string root;       // that it must lie in
  int32_t parallelism = 0;
  bool drain = false;
  bool all = false;
  bool json = false;
};

int Fail(const Error& error, bool json) {
  if (json) {
    executor::JobAnswer answer;
    answer.error = error;
    fmt::print("{}\n", executor::EncodeAnswer(answer));
  } else {
    PrintError(error, "", "");
  }
  return error.code == "job.not_found" ? kExitNotFound : 1;
}

std::string Ago(int64_t at_millis) {
  if (at_millis <= 0) return "";
  int64_t seconds = std::max<int64_t>(0, (Clock::System()->NowMillis() - at_millis) / 1000);
  constexpr int64_t kMinute = 60;
  constexpr int64_t kHour = 3600;
  constexpr int64_t kDay = 86400;
  if (seconds < kMinute) return fmt::format("{} s", seconds);
  if (seconds < kHour) return fmt::format("{} min", seconds / kMinute);
  if (seconds < kDay) return fmt::format("{} h {} min", seconds / kHour, seconds % kHour / kMinute);
  return fmt::format("{} d {} h", seconds / kDay, seconds % kDay / kHour);
}

std::string Moment(int64_t at_millis) {
  std::time_t seconds = at_millis / 1000;
  std::tm parts{};
  if (at_millis <= 0 || ::gmtime_r(&seconds, &parts) == nullptr) return "-";
  char text[32];
  std::strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &parts);
  return fmt::format("{}.{:03}Z", text, at_millis % 1000);
}

// The state, in its colour on a terminal; `width` without the colour.
std::string State(const std::string& state, size_t width = 0) {
  std::string text = fmt::format("{:<{}}", state, width);
  if (isatty(STDOUT_FILENO) == 0 || std::getenv("NO_COLOR") != nullptr) return text;
  const char* colour = "33";
  if (state == "RUNNING" || state == "FINISHED") colour = "32";
  if (state == "FAILED") colour = "31";
  return fmt::format("\033[{}m{}\033[0m", colour, text);
}

// The first line of a statement, cut to what a line has room for.
std::string Short(const std::string& statement, size_t length) {
  std::string line;
  for (char c : statement) line += c == '\n' || c == '\t' ? ' ' : c;
  if (line.size() <= length) return line;
  size_t cut = length - 1;
  while (cut > 0 && (static_cast<unsigned char>(line[cut]) & 0xC0U) == 0x80U) --cut;  // whole characters
  return line.substr(0, cut) + "…";
}

Result<std::string> RunDirectory(const JobOptions& options) {
  return executor::FindRunDirectory(options.run_directory);
}

int List(const JobOptions& options) {
  auto directory = RunDirectory(options);
  if (!directory.ok()) return Fail(directory.error(), options.json);
  std::vector<JobReport> jobs = executor::ListJobs(*directory, options.all);
  if (options.json) {
    std::string text;
    for (const JobReport& job : jobs) text += (text.empty() ? "" : ",") + executor::EncodeReport(job);
    fmt::print("{{\"ok\":true,\"jobs\":[{}]}}\n", text);
    return 0;
  }
  if (jobs.empty()) {
    std::fprintf(stderr, "no job is running (millrace run JOB.sql --name NAME starts one)\n");
    return 0;
  }
  constexpr size_t kStatementLength = 60;
  fmt::print("{:<20} {:<12} {:<12} {:>11} {:>14} {:>14}  {}\n", "name", "state", "since", "parallelism", "read",
             "written", "statement");
  for (const JobReport& job : jobs) {
    fmt::print("{:<20} {} {:<12} {:>11} {:>14} {:>14}  {}\n", job.name, State(job.state, 12), Ago(job.since),
               job.parallelism, job.rows_read, job.rows_written, Short(job.statement, kStatementLength));
  }
  return 0;
}

void PrintSnapshot(const char* what, const std::optional<executor::SnapshotReport>& taken) {
  if (!taken) return;
  fmt::print("  {:<18} {}  ({} ago, took {} ms, {} bytes)\n", what, taken->path, Ago(taken->at), taken->duration_ms,
             taken->bytes);
}

void PrintFailures(const char* title, const std::vector<executor::FailureReport>& failures) {
  if (failures.empty()) return;
  fmt::print("\n{}\n", title);
  for (const executor::FailureReport& failure : failures) {
    fmt::print("  {}  {}  {}\n", Moment(failure.at), failure.code, failure.message);
  }
}

void PrintReport(const JobReport& job) {
  fmt::print("{}  {} since {} ({})\n", job.name, State(job.state), Moment(job.since), Ago(job.since));
  fmt::print("  {:<18} {}\n  {:<18} {}\n", "job", job.id, "process", job.pid);
  fmt::print("  {:<18} {}\n", "parallelism", job.parallelism);
  fmt::print("  {:<18} {} read, {} written\n", "rows", job.rows_read, job.rows_written);
  if (!job.restored_from.empty()) fmt::print("  {:<18} {}\n", "went on from", job.restored_from);
  fmt::print("  {:<18} {} complete, {} failed{}\n", "checkpoints", job.checkpoints, job.checkpoints_failed,
             job.checkpoint_directory.empty() ? " (none are taken: no --checkpoint-dir)" : "");
  PrintSnapshot("last checkpoint", job.last_checkpoint);
  PrintSnapshot("last savepoint", job.last_savepoint);
  fmt::print("  {:<18} {}\n", "restarts", job.restarts);
  fmt::print("\n{}\n", job.statement);
  if (!job.operators.empty()) {
    fmt::print("\n{:<50} {:>4} {:>12} {:>12} {:>9} {:>9} {:>8}  {}\n", "operator", "x", "in", "out", "busy ms",
               "blocked", "late", "watermark");
  }
  for (const executor::OperatorReport& report : job.operators) {
    std::string watermark = report.watermark ? Moment(*report.watermark) : "-";
    if (report.watermark && *report.watermark == INT64_MAX) watermark = "the end";
    fmt::print("{:<50} {:>4} {:>12} {:>12} {:>9} {:>9} {:>8}  {}\n", Short(report.name, 50), report.parallelism,
               report.rows_in, report.rows_out, report.busy_ms, report.back_pressured_ms, report.late_rows, watermark);
  }
  PrintFailures("failures", job.failures);
  PrintFailures("failed checkpoints", job.checkpoint_failures);
}

int ShowStatus(const JobOptions& options) {
  auto directory = RunDirectory(options);
  auto job = directory.ok() ? executor::DescribeJob(*directory, options.name) : Result<JobReport>(directory.error());
  if (!job.ok()) return Fail(job.error(), options.json);
  if (options.json) {
    executor::JobAnswer answer;
    answer.job = std::move(*job);
    fmt::print("{}\n", executor::EncodeAnswer(answer));
  } else {
    PrintReport(*job);
  }
  return 0;
}

// Asks, and says in a sentence what was done: `done` with the path where it has a {}.
int Call(const JobOptions& options, executor::JobCall call, bool until_gone, const char* done) {
  if (!options.directory.empty()) {
    bool address = options.directory.find(':') != std::string::npos && options.directory.starts_with("file:");
    call.directory = AbsolutePath(address ? options.directory.substr(options.directory.find('/')) : options.directory);
  }
  auto directory = RunDirectory(options);
  auto answer = directory.ok() ? executor::CallJob(*directory, options.name, call, until_gone)
                               : Result<executor::JobAnswer>(directory.error());
  if (!answer.ok()) return Fail(answer.error(), options.json);
  if (options.json) {
    fmt::print("{}\n", executor::EncodeAnswer(*answer));
  } else {
    fmt::print("{}{}\n", done, answer->path);
  }
  return 0;
}

int Dispose(const JobOptions& options) {
  std::string root = options.root;
  if (root.empty()) {
    const char* set = std::getenv("MILLRACE_SAVEPOINT_ROOT");
    root = set != nullptr ? set : "";
  }
  auto path = engine::ConfinedPath(root, options.directory);
  Status status = path.ok() ? engine::DisposeSavepoint(*path) : Status(path.error());
  if (!status.ok()) return Fail(status.error(), options.json);
  executor::JobAnswer answer;
  answer.path = options.directory;
  fmt::print("{}\n", options.json ? executor::EncodeAnswer(answer) : "removed " + options.directory);
  return 0;
}

// What the commands for a running job have in common.
void AddJobOptions(Command& command, JobOptions& options, bool with_name = true) {
  if (with_name) {
    command.Option("name", &options.name, "the job's name, as given to millrace run --name");
    command.Need("name");
  }
  command.Option(
      "--run-dir", &options.run_directory,
      "where running jobs are found (MILLRACE_RUN_DIR, XDG_RUNTIME_DIR/millrace, ~/.local/state/millrace/run)");
  command.Flag("--json", options.json, "one JSON object, also for errors");
}

}  // namespace

void AddJobs(Command& program) {
  auto options = std::make_shared<JobOptions>();
  Command list = program.Add("list",
                             "List running jobs.\n\n"
                             "  millrace list\n"
                             "  millrace list --all --json       also those that have ended\n\n"
                             "Exit codes: 0 done, 1 failed, 2 wrong usage.");
  AddJobOptions(list, *options, false);
  list.Flag("--all", options->all, "also jobs that have ended, as they ended");
  list.OnRun([options] { return List(*options); });

  Command status = program.Add("status",
                               "Show a job: its state, operators, checkpoints, and why it failed.\n\n"
                               "  millrace status orders\n"
                               "  millrace status orders --json\n\n"
                               "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 there is no such job.");
  AddJobOptions(status, *options);
  status.OnRun([options] { return ShowStatus(*options); });

  Command stop =
      program.Add("stop",
                  "Stop a job with a savepoint, or with a last checkpoint when no folder is named or set.\n\n"
                  "  millrace stop orders                            with a last checkpoint\n"
                  "  millrace stop orders --savepoint /savepoints\n"
                  "  millrace stop orders --savepoint /savepoints --drain   for good: windows fire first\n\n"
                  "Exit codes: 0 stopped, 1 failed (the job goes on), 2 wrong usage, 3 there is no such job.");
  AddJobOptions(stop, *options);
  stop.Option("--savepoint", &options->directory, "the folder in which the savepoint is made");
  stop.Flag("--drain", options->drain, "send the maximum watermark first, so that windows and timers fire");
  stop.OnRun([options] {
    executor::JobCall call;
    call.op = executor::JobOp::kStop;
    call.drain = options->drain;
    return Call(*options, call, true, "stopped with ");
  });

  Command cancel = program.Add("cancel",
                               "Cancel a job. Its checkpoints stay.\n\n"
                               "  millrace cancel orders\n\n"
                               "Exit codes: 0 cancelled, 1 failed, 2 wrong usage, 3 there is no such job.");
  AddJobOptions(cancel, *options);
  cancel.OnRun([options] {
    executor::JobCall call;
    call.op = executor::JobOp::kCancel;
    return Call(*options, call, true, "cancelled");
  });

  Command rescale = program.Add("rescale",
                                "Let a job go on at another parallelism, from a checkpoint that it takes now.\n\n"
                                "  millrace rescale orders 4\n\n"
                                "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 there is no such job.");
  AddJobOptions(rescale, *options);
  rescale.Option("parallelism", &options->parallelism, "the new parallelism");
  rescale.Need("parallelism");
  rescale.OnRun([options] {
    executor::JobCall call;
    call.op = executor::JobOp::kRescale;
    call.parallelism = options->parallelism;
    return Call(*options, call, false, "goes on from ");
  });
}

void AddSavepointActions(Command& savepoint) {
  auto options = std::make_shared<JobOptions>();
  Command create =
      savepoint.Add("create",
                    "Make a savepoint of a running job, which goes on.\n\n"
                    "  millrace savepoint create orders /savepoints\n"
                    "  millrace savepoint create orders     in its execution.checkpointing.savepoint-dir\n\n"
                    "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 there is no such job.");
  AddJobOptions(create, *options);
  create.Option("directory", &options->directory, "the folder in which it is made");
  create.OnRun([options] {
    executor::JobCall call;
    call.op = executor::JobOp::kSavepoint;
    return Call(*options, call, false, "");
  });

  Command dispose = savepoint.Add("dispose",
                                  "Remove a savepoint, or a checkpoint that no running job uses.\n\n"
                                  "  millrace savepoint dispose /savepoints/savepoint-1a2b3c-0123456789ab\n\n"
                                  "Exit codes: 0 done, 1 failed, 2 wrong usage.");
  dispose.Option("path", &options->directory, "the savepoint's folder");
  dispose.Need("path");
  dispose.Option("--savepoint-root", &options->root, "it must lie in this folder (MILLRACE_SAVEPOINT_ROOT)");
  dispose.Flag("--json", options->json, "one JSON object, also for errors");
  dispose.OnRun([options] { return Dispose(*options); });
}

}  // namespace millrace::bin
