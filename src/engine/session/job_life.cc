#include "engine/session/job_life.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <vector>

#include "base/clock.h"

namespace millrace::engine {
namespace {

constexpr int64_t kNanosPerMilli = 1'000'000;

// True when the time is over; false when it was cancelled before. `failed`: null when not even a job could be made.
bool WaitForStart(const runtime::Job* failed, const ResultListener& listener, int64_t wait_ms) {
  constexpr int64_t kStepMs = 20;
  std::mutex mutex;
  std::condition_variable never;
  std::unique_lock lock(mutex);
  int64_t due = Clock::System()->MonotonicNanos() + wait_ms * kNanosPerMilli;
  while (!listener.Cancelled() && (failed == nullptr || !failed->cancel_asked())) {
    int64_t left_ms = (due - Clock::System()->MonotonicNanos() + kNanosPerMilli - 1) / kNanosPerMilli;
    if (left_ms <= 0) return true;
    never.wait_for(lock, std::chrono::milliseconds(std::min(left_ms, kStepMs)));
  }
  return false;
}

// Cancelled and stopped jobs have ended as they were asked to.
bool HasFailed(const Status& status) {
  return !status.ok() && status.error().code != "job.cancelled" && status.error().code != "job.stopped";
}

// The lock of the checkpoint directory, null when no checkpoints are taken.
Result<std::unique_ptr<FileLock>> LockFor(const JobLife& life) {
  bool takes_some = life.checkpoints.enabled() || life.checkpoint_after_rows > 0;
  if (life.checkpoints.directory.empty() || !takes_some) return std::unique_ptr<FileLock>();
  return LockCheckpoints(life.checkpoints.directory);
}

// Runs a job that was made. `taken`: its complete checkpoints that are kept, before and after.
Status RunOnce(runtime::Job& job, const JobLife& life, ResultListener& listener, std::vector<std::string>& taken) {
  Checkpointer::Options options{life.checkpoints,
                                life.checkpoint_after_rows,
                                life.stop_after_checkpoint,
                                life.note,
                                [&listener](const std::string& line) { listener.OnNotice(line); },
                                taken};
  listener.OnJobStart(job);
  Checkpointer checkpointer(job, std::move(options));
  Status status = checkpointer.Finish(job.Run(checkpointer.PersistEnd()));
  taken = checkpointer.taken();
  return status;
}

}  // namespace

Status RunToEnd(const JobLife& life, std::optional<FoundSnapshot> restore, ResultListener& listener) {
  MR_ASSIGN(std::unique_ptr<FileLock> lock, LockFor(life));
  RestartStrategy strategy(life.restarts, life.seed);
  std::string from = restore ? restore->path : "";
  std::vector<std::string> taken;
  if (restore && life.checkpoints.claim) taken = ClaimedWith(from, life.checkpoints.directory);
  for (int64_t starts = 0;; ++starts) {
    auto made = life.make_job(restore ? &restore->snapshot : nullptr);
    restore.reset();
    if (!made.ok() && starts == 0) return made.error();
    std::unique_ptr<runtime::Job> job = made.ok() ? std::move(*made) : nullptr;
    if (starts == 0 && life.before_first) MR_RETURN_IF_ERROR(life.before_first());
    if (job && !from.empty()) listener.OnNotice(fmt::format("going on from {}", from));
    // What cannot be made again, as a broker is away for instance, has failed like what ran.
    Status status = job ? RunOnce(*job, life, listener, taken) : Status(made.error());
    std::optional<int64_t> wait_ms;
    if (HasFailed(status)) wait_ms = strategy.OnFailure(Clock::System()->MonotonicNanos() / kNanosPerMilli);
    if (!wait_ms) {
      if (HasFailed(status) && !strategy.Limit().empty()) listener.OnNotice(strategy.Limit());
      if (job) listener.OnJobEnd(*job);
      return status;
    }
    if (!taken.empty()) from = taken.back();
    listener.OnNotice(fmt::format("the job failed: {}; it starts again in {:.1f} s {}", status.error().message,
                                  static_cast<double>(*wait_ms) / 1000,
                                  from.empty() ? "from the beginning" : "from " + from));
    bool start = WaitForStart(job.get(), listener, *wait_ms);
    if (job) listener.OnJobEnd(*job);
    if (!start) return UserError("job.cancelled", "the job was cancelled");
    job.reset();
    if (!from.empty()) {
      MR_ASSIGN(restore, FindSnapshot(from));
    }
  }
}

}  // namespace millrace::engine
