// millrace run: runs a SQL script; rows to standard output, progress and summary to standard error.
#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <csignal>
#include <memory>
#include <mutex>
#include <thread>

#include "bin/commands/command_line.h"
#include "bin/commands/commands.h"
#include "bin/commands/named_job.h"
#include "bin/commands/row_writer.h"
#include "bin/commands/script.h"
#include "engine/session/job_control.h"

namespace millrace::bin {
namespace {

constexpr int kExitCancelled = 130;   // by Ctrl-C, or by millrace cancel
constexpr int kExitTerminated = 143;  // by SIGTERM, without a last checkpoint

std::atomic<int> g_interrupts{0};
std::atomic<int> g_terminations{0};

void OnSignal(int signal) {
  bool terminate = signal == SIGTERM;
  std::atomic<int>& count = terminate ? g_terminations : g_interrupts;
  if (count.fetch_add(1) > 0) _exit(terminate ? kExitTerminated : kExitCancelled);
}

void PassSignals(engine::JobControl& control) {
  if (g_interrupts.load() > 0 && !control.cancelled()) control.Cancel();
  if (g_terminations.load() > 0 && !control.terminated()) control.Terminate();
}

// Shows a line of progress while a job runs on a terminal, and passes signals on to the job.
class Watcher {
 public:
  Watcher(runtime::Job& job, engine::JobControl& control, bool show)
      : job_(job), control_(control), show_(show), started_(Clock::System()->MonotonicNanos()) {
    thread_ = std::thread([this] { Watch(); });
  }
  ~Watcher() {
    {
      std::lock_guard lock(mutex_);
      done_ = true;
    }
    changed_.notify_all();
    thread_.join();
    if (show_) std::fputs("\r\033[K", stderr);
  }

 private:
  void Watch() {
    std::unique_lock lock(mutex_);
    int64_t last_rows = 0;
    int ticks = 0;
    while (!done_) {
      changed_.wait_for(lock, std::chrono::milliseconds(100));
      PassSignals(control_);
      if (!show_ || ++ticks % 5 != 0) continue;
      int64_t rows = job_.rows_read();
      double seconds = static_cast<double>(Clock::System()->MonotonicNanos() - started_) / 1e9;
      std::string line = fmt::format("\r\033[K{:.1f} s  read {} rows ({}/s)  wrote {} rows", seconds, rows,
                                     (rows - last_rows) * 2, job_.rows_written());
      std::fputs(line.c_str(), stderr);
      last_rows = rows;
    }
  }

  runtime::Job& job_;
  engine::JobControl& control_;
  bool show_;
  int64_t started_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool done_ = false;
  std::thread thread_;
};

class RunListener : public RowWriter {
 public:
  RunListener(RowStyle style, const engine::Session& session, engine::JobControl& control, bool show, bool notices)
      : RowWriter(style, session), control_(control), show_(show), notices_(notices) {}
  // For tests: kills the process when the first checkpoint is complete.
  void DieAfterCheckpoint() { dies_ = true; }
  void OnNotice(const std::string& text) override {
    if (dies_ && text.starts_with("checkpoint ")) {
      std::fflush(stdout);
      static_cast<void>(std::raise(SIGKILL));
    }
    if (notices_) std::fprintf(stderr, "%s%s\n", show_ ? "\r\033[K" : "", text.c_str());
  }
  void OnJobStart(runtime::Job& job) override { watcher_ = std::make_unique<Watcher>(job, control_, show_); }
  void OnJobEnd(runtime::Job& job) override {
    watcher_.reset();
    read_ += job.rows_read();
    written_ += job.rows_written();
    operators_ = job.Operators();
    ++jobs_;
  }
  bool Cancelled() const override {
    PassSignals(control_);
    return control_.cancelled();
  }
  void Summary(double seconds) const {
    if (jobs_ == 0) return;
    std::string text =
        fmt::format("{} job{} done in {:.2f} s: read {} rows ({:.0f}/s), wrote {} rows\n", jobs_, jobs_ > 1 ? "s" : "",
                    seconds, read_, seconds > 0 ? static_cast<double>(read_) / seconds : 0.0, written_);
    std::fputs(text.c_str(), stderr);
  }
  void Metrics() const {
    for (const runtime::OperatorStatus& status : operators_) {
      std::string text =
          fmt::format("  {:<60.60} x{} in {} out {} busy {:.2f} s back-pressured {:.2f} s late {}\n", status.name,
                      status.parallelism, status.rows_in, status.rows_out, static_cast<double>(status.busy_nanos) / 1e9,
                      static_cast<double>(status.back_pressured_nanos) / 1e9, status.late_rows_dropped);
      std::fputs(text.c_str(), stderr);
    }
  }

 private:
  engine::JobControl& control_;
  bool show_;
  bool notices_;
  bool dies_ = false;
  std::unique_ptr<Watcher> watcher_;
  std::vector<runtime::OperatorStatus> operators_;
  int64_t read_ = 0;
  int64_t written_ = 0;
  int jobs_ = 0;
};

struct RunOptions {
  ScriptOptions script;
  bool json = false;
  bool text_rows = false;
  bool metrics = false;
  bool quiet = false;
  bool kill_after_checkpoint = false;
  std::string name;
  std::string run_directory;
};

int ExitCode(const Status& status, const RunOptions& options, const std::string& script) {
  if (status.ok()) return 0;
  if (status.error().code == "job.stopped") {
    if (!options.quiet) std::fprintf(stderr, "%s\n", status.error().message.c_str());
    return 0;
  }
  if (status.error().code == "job.cancelled") {
    std::fputs("cancelled\n", stderr);
    return g_terminations.load() > 0 ? kExitTerminated : kExitCancelled;
  }
  PrintError(status.error(), script, options.script.file);
  return 1;
}

// The last word on a run, also when it came to no job.
void Conclude(engine::JobControl& control, const Status& status) {
  control.End(status);
  bool told = !control.View().failures.empty();
  if (control.View().state == engine::JobState::kFailed && !told) control.NoteFailure(status.error());
}

int Run(const RunOptions& options) {
  auto script = ReadScript(options.script);
  if (!script.ok()) {
    PrintError(script.error(), "", options.script.file);
    return 2;
  }
  engine::JobControl control;
  auto session = MakeSession(options.script, &control);
  if (!session.ok()) {
    PrintError(session.error(), *script, options.script.file);
    return 2;
  }
  std::unique_ptr<NamedJob> named;
  if (!options.name.empty()) {
    auto started = NamedJob::Start(options.run_directory, options.name, control);
    if (!started.ok()) {
      PrintError(started.error(), "", "");
      return 1;
    }
    named = std::move(*started);
  }
  std::signal(SIGINT, OnSignal);
  std::signal(SIGTERM, OnSignal);
  std::signal(SIGPIPE, SIG_IGN);
  bool terminal = isatty(STDERR_FILENO) != 0 && !options.quiet;
  RowStyle style = options.json ? RowStyle::kJson : (options.text_rows ? RowStyle::kText : RowStyle::kPlain);
  RunListener listener(style, **session, control, terminal && isatty(STDOUT_FILENO) == 0, !options.quiet);
  if (options.kill_after_checkpoint) listener.DieAfterCheckpoint();
  int64_t started = Clock::System()->MonotonicNanos();
  Status status = (*session)->ExecuteScript(*script, listener);
  double seconds = static_cast<double>(Clock::System()->MonotonicNanos() - started) / 1e9;
  Conclude(control, status);
  if (!status.ok()) return ExitCode(status, options, *script);
  if (terminal) listener.Summary(seconds);
  if (options.metrics) listener.Metrics();
  return 0;
}

}  // namespace

void AddRun(Command& program) {
  auto options = std::make_shared<RunOptions>();
  Command command =
      program.Add("run",
                  "Run a SQL script: rows to standard output, progress to standard error.\n\n"
                  "  millrace run job.sql\n"
                  "  millrace run -e \"SELECT 1\" --json\n"
                  "  millrace run job.sql --parallelism 4 -D table.local-time-zone=Asia/Shanghai\n"
                  "  millrace run job.sql --checkpoint-dir state --restore state\n"
                  "  millrace run job.sql --name orders --checkpoint-dir state --resume\n\n"
                  "A job with a name can be reached: millrace list, status, stop, cancel, rescale,\n"
                  "savepoint create. SIGTERM stops a job with a last checkpoint where it takes some, and\n"
                  "cancels it otherwise; a second one kills it.\n\n"
                  "Exit codes: 0 done, or stopped with a checkpoint or savepoint, 1 failed, 2 wrong usage,\n"
                  "130 cancelled, 143 ended by SIGTERM without a checkpoint.");
  AddScriptOptions(command, options->script);
  AddCheckpointOptions(command, options->script);
  command.Option("--name", &options->name, "a name by which the job can be reached while it runs");
  command.Option(
      "--run-dir", &options->run_directory,
      "where running jobs are found (MILLRACE_RUN_DIR, XDG_RUNTIME_DIR/millrace, ~/.local/state/millrace/run)");
  command.Flag("--json", options->json, "one JSON object a row: {\"op\":\"+I\",\"row\":{…}}");
  command.Flag("--text-rows", options->text_rows, "rows as the goldens hold them", kHiddenOption);
  command.Flag("--kill-after-checkpoint", options->kill_after_checkpoint,
               "the process kills itself (SIGKILL) when its first checkpoint is complete", kHiddenOption);
  command.Flag("--metrics", options->metrics, "per operator: rows, busy and back-pressured time, late rows");
  command.Flag("-q,--quiet", options->quiet, "no progress and no summary");
  command.OnRun([options] { return Run(*options); });
}

}  // namespace millrace::bin
