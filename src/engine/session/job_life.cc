#include "engine/session/job_life.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>
#include <vector>

#include "base/clock.h"

namespace millrace::engine {
namespace {

constexpr int64_t kNanosPerMilli = 1'000'000;

// Cancelled and stopped jobs have ended as they were asked to.
bool HasFailed(const Status& status) {
  return !status.ok() && status.error().code != "job.cancelled" && status.error().code != "job.stopped";
}

Error Cancelled() { return UserError("job.cancelled", "the job was cancelled"); }

// The lock of the checkpoint directory, null when no checkpoints are taken.
Result<std::unique_ptr<FileLock>> LockFor(const JobLife& life) {
  bool takes_some = life.checkpoints.enabled() || life.checkpoint_after_rows > 0 || (life.steered && !life.batch);
  if (life.checkpoints.directory.empty() || !takes_some) return std::unique_ptr<FileLock>();
  return LockCheckpoints(life.checkpoints.directory);
}

// The starts of one job, one after the other.
class Starts {
 public:
  Starts(const JobLife& life, JobControl& control, ResultListener& listener)
      : life_(life),
        control_(control),
        listener_(listener),
        strategy_(life.restarts, life.seed),
        parallelism_(life.parallelism) {}
  ~Starts() { AnswerRescale(UserError("job.not_running", "the job did not start again")); }

  Status RunAll(std::optional<FoundSnapshot> restore);

 private:
  // Makes the job and runs it until it ends or fails.
  Status RunOnce(std::optional<FoundSnapshot>& restore);
  Result<std::unique_ptr<runtime::Job>> Make(std::optional<FoundSnapshot>& restore);
  void AnswerRescale(Result<std::string> answer);
  // What becomes of the job after it ended with `status`: nothing, when it starts again.
  std::optional<Status> AfterRun(const Status& status);
  // False when it was cancelled, or is to stop, before the time was over.
  bool WaitForStart(int64_t wait_ms) const;

  const JobLife& life_;
  JobControl& control_;
  ResultListener& listener_;
  RestartStrategy strategy_;
  int32_t parallelism_;
  int32_t former_parallelism_ = 0;  // before a rescale that is under way
  int64_t starts_ = 0;
  bool not_made_ = false;           // the first start could not be made: nothing ran
  std::string from_;                // what the next start goes on from
  std::vector<std::string> taken_;  // complete checkpoints that are kept
  std::unique_ptr<runtime::Job> job_;
  std::shared_ptr<JobControl::Pending> rescale_;  // answered when the job runs
};

void Starts::AnswerRescale(Result<std::string> answer) {
  if (rescale_ == nullptr) return;
  control_.Answer(*rescale_, std::move(answer));
  rescale_.reset();
}

Result<std::unique_ptr<runtime::Job>> Starts::Make(std::optional<FoundSnapshot>& restore) {
  auto made = life_.make_job(restore ? &restore->snapshot : nullptr, parallelism_);
  if (made.ok() || rescale_ == nullptr) return made;
  AnswerRescale(made.error());  // back to what it was
  parallelism_ = former_parallelism_;
  return life_.make_job(restore ? &restore->snapshot : nullptr, parallelism_);
}

Status Starts::RunOnce(std::optional<FoundSnapshot>& restore) {
  auto made = Make(restore);
  restore.reset();
  not_made_ = !made.ok() && starts_ == 0;
  if (!made.ok()) return made.error();
  job_ = std::move(*made);
  if (starts_ == 0 && life_.before_first) MR_RETURN_IF_ERROR(life_.before_first());
  if (!from_.empty()) listener_.OnNotice(fmt::format("going on from {}", from_));
  listener_.OnJobStart(*job_);
  Checkpointer::Options options{life_.checkpoints,
                                life_.checkpoint_after_rows,
                                life_.stop_after_checkpoint,
                                life_.note,
                                [this](const std::string& line) { listener_.OnNotice(line); },
                                taken_,
                                &control_,
                                life_.steered,
                                life_.savepoint_root,
                                life_.batch};
  Checkpointer checkpointer(*job_, std::move(options));
  control_.Attach(*job_, parallelism_, from_);
  AnswerRescale(from_);
  Status status = checkpointer.Finish(job_->Run(checkpointer.PersistEnd()));
  control_.Detach();
  taken_ = checkpointer.taken();
  if (!checkpointer.recovery().empty()) from_ = checkpointer.recovery();
  rescale_ = checkpointer.rescale();
  return status;
}

bool Starts::WaitForStart(int64_t wait_ms) const {
  constexpr int64_t kStepMs = 20;
  std::mutex mutex;
  std::condition_variable never;
  std::unique_lock lock(mutex);
  int64_t due = Clock::System()->MonotonicNanos() + wait_ms * kNanosPerMilli;
  while (!listener_.Cancelled() && !control_.cancelled() && !control_.terminated() &&
         (job_ == nullptr || !job_->cancel_asked())) {
    int64_t left_ms = (due - Clock::System()->MonotonicNanos() + kNanosPerMilli - 1) / kNanosPerMilli;
    if (left_ms <= 0) return true;
    never.wait_for(lock, std::chrono::milliseconds(std::min(left_ms, kStepMs)));
  }
  return false;
}

std::optional<Status> Starts::AfterRun(const Status& status) {
  if (rescale_ != nullptr) {
    former_parallelism_ = std::exchange(parallelism_, rescale_->request.parallelism);
    control_.SetState(JobState::kRestarting);
    return std::nullopt;
  }
  if (HasFailed(status)) control_.NoteFailure(status.error());
  if (not_made_) return status;
  std::optional<int64_t> wait_ms;
  if (HasFailed(status)) wait_ms = strategy_.OnFailure(Clock::System()->MonotonicNanos() / kNanosPerMilli);
  if (!wait_ms) {
    if (HasFailed(status) && !strategy_.Limit().empty()) listener_.OnNotice(strategy_.Limit());
    return status;
  }
  listener_.OnNotice(fmt::format("the job failed: {}; it starts again in {:.1f} s {}", status.error().message,
                                 static_cast<double>(*wait_ms) / 1000,
                                 from_.empty() ? "from the beginning" : "from " + from_));
  control_.SetState(JobState::kRestarting);
  if (!WaitForStart(*wait_ms)) {
    if (!control_.terminated() || from_.empty() || control_.cancelled()) return Status(Cancelled());
    return Status(UserError("job.stopped", fmt::format("the job stopped with '{}'", from_)));
  }
  control_.NoteRestart();
  return std::nullopt;
}

Status Starts::RunAll(std::optional<FoundSnapshot> restore) {
  if (restore) from_ = restore->path;
  if (restore && life_.checkpoints.claim) taken_ = ClaimedWith(from_, life_.checkpoints.directory);
  for (;; ++starts_) {
    if (control_.cancelled() || control_.terminated()) {
      AnswerRescale(Cancelled());
      return Cancelled();
    }
    // What cannot be made again, as a broker is away for instance, has failed like what ran.
    Status status = RunOnce(restore);
    std::optional<Status> end = AfterRun(status);
    if (job_) listener_.OnJobEnd(*job_);
    if (end) return *end;
    job_.reset();
    if (!from_.empty()) {
      MR_ASSIGN(restore, FindSnapshot(from_));
    }
  }
}

}  // namespace

Status RunToEnd(const JobLife& life, std::optional<FoundSnapshot> restore, JobControl& control,
                ResultListener& listener) {
  MR_ASSIGN(std::unique_ptr<FileLock> lock, LockFor(life));
  Starts starts(life, control, listener);
  return starts.RunAll(std::move(restore));
}

}  // namespace millrace::engine
