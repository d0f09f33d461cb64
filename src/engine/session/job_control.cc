#include "engine/session/job_control.h"

#include <chrono>
#include <utility>

namespace millrace::engine {
namespace {

constexpr size_t kFailuresKept = 16;  // as many as Flink shows

void Add(std::vector<JobFailure>& failures, const Error& error) {
  if (failures.size() == kFailuresKept) failures.erase(failures.begin());
  failures.push_back({Clock::System()->NowMillis(), error.code, error.message});
}

Error NotRunning(const JobView& view) {
  if (view.state == JobState::kRunning) return UserError("job.not_running", "the job came to its end");
  return UserError("job.not_running", "the job is " + std::string(JobStateName(view.state)) + ", not RUNNING",
                   view.state == JobState::kRestarting || view.state == JobState::kInitializing
                       ? "try again when it runs, or cancel it"
                       : "");
}

}  // namespace

std::string_view JobStateName(JobState state) {
  switch (state) {
    case JobState::kInitializing:
      return "INITIALIZING";
    case JobState::kRunning:
      return "RUNNING";
    case JobState::kRestarting:
      return "RESTARTING";
    case JobState::kCancelling:
      return "CANCELLING";
    case JobState::kCanceled:
      return "CANCELED";
    case JobState::kFinished:
      return "FINISHED";
    case JobState::kFailed:
      return "FAILED";
  }
  return "";
}

JobView JobControl::View() const {
  std::lock_guard lock(mutex_);
  JobView view = view_;
  if (job_ == nullptr) return view;
  view.operators = job_->Operators();
  view.rows_read = job_->rows_read();
  view.rows_written = job_->rows_written();
  return view;
}

Result<std::string> JobControl::Ask(JobRequest request) {
  std::unique_lock lock(mutex_);
  if (!serves_) return NotRunning(view_);
  auto pending = std::make_shared<Pending>();
  pending->request = std::move(request);
  waiting_.push_back(pending);
  asked_.notify_all();
  answered_.wait(lock, [&] { return pending->answer.has_value(); });
  return *pending->answer;
}

void JobControl::Cancel() {
  std::lock_guard lock(mutex_);
  cancelled_ = true;
  if (job_ == nullptr) return;
  EnterState(JobState::kCancelling);
  job_->Cancel();
}

void JobControl::Terminate() {
  std::lock_guard lock(mutex_);
  terminated_ = true;
  if (job_ != nullptr && holding_) job_->Cancel();
  asked_.notify_all();
}

bool JobControl::cancelled() const {
  std::lock_guard lock(mutex_);
  return cancelled_;
}

bool JobControl::terminated() const {
  std::lock_guard lock(mutex_);
  return terminated_;
}

void JobControl::Begin(JobView job) {
  std::lock_guard lock(mutex_);
  view_ = std::move(job);
  EnterState(JobState::kInitializing);
}

void JobControl::Attach(runtime::Job& job, int32_t parallelism, std::string restored_from) {
  std::lock_guard lock(mutex_);
  job_ = &job;
  view_.parallelism = parallelism;
  view_.restored_from = std::move(restored_from);
  EnterState(JobState::kRunning);
  if (cancelled_) job.Cancel();
}

void JobControl::Detach() {
  std::lock_guard lock(mutex_);
  if (job_ == nullptr) return;
  view_.operators = job_->Operators();
  view_.rows_read = job_->rows_read();
  view_.rows_written = job_->rows_written();
  job_ = nullptr;
}

void JobControl::SetState(JobState state) {
  std::lock_guard lock(mutex_);
  EnterState(state);
}

void JobControl::End(const Status& status) {
  std::lock_guard lock(mutex_);
  if (status.ok() || status.error().code == "job.stopped") {
    EnterState(JobState::kFinished);
  } else {
    EnterState(status.error().code == "job.cancelled" ? JobState::kCanceled : JobState::kFailed);
  }
}

void JobControl::NoteCheckpoint(TakenSnapshot taken) {
  std::lock_guard lock(mutex_);
  ++view_.checkpoints;
  view_.last_checkpoint = std::move(taken);
}

void JobControl::NoteSavepoint(TakenSnapshot taken) {
  std::lock_guard lock(mutex_);
  view_.last_savepoint = std::move(taken);
}

void JobControl::NoteCheckpointFailure(const Error& error) {
  std::lock_guard lock(mutex_);
  ++view_.checkpoints_failed;
  Add(view_.checkpoint_failures, error);
}

void JobControl::NoteFailure(const Error& error) {
  std::lock_guard lock(mutex_);
  Add(view_.failures, error);
}

void JobControl::NoteRestart() {
  std::lock_guard lock(mutex_);
  ++view_.restarts;
}

void JobControl::Serve(bool serves) {
  std::lock_guard lock(mutex_);
  serves_ = serves;
  if (serves) return;
  for (const auto& pending : waiting_) pending->answer = Result<std::string>(NotRunning(view_));
  waiting_.clear();
  asked_.notify_all();
  answered_.notify_all();
}

bool JobControl::serves() const {
  std::lock_guard lock(mutex_);
  return serves_;
}

void JobControl::SetHolding(bool holding) {
  std::lock_guard lock(mutex_);
  holding_ = holding;
  if (holding && terminated_ && job_ != nullptr) job_->Cancel();
}

std::shared_ptr<JobControl::Pending> JobControl::WaitForRequest(int64_t wait_ms) {
  std::unique_lock lock(mutex_);
  asked_.wait_for(lock, std::chrono::milliseconds(wait_ms),
                  [this] { return !waiting_.empty() || !serves_ || terminated_; });
  if (waiting_.empty()) return nullptr;
  std::shared_ptr<Pending> pending = waiting_.front();
  waiting_.pop_front();
  return pending;
}

void JobControl::Answer(Pending& pending, Result<std::string> answer) {
  std::lock_guard lock(mutex_);
  pending.answer = std::move(answer);
  answered_.notify_all();
}

void JobControl::EnterState(JobState state) {
  if (view_.state == state && view_.since_millis > 0) return;
  view_.state = state;
  view_.since_millis = Clock::System()->NowMillis();
}

}  // namespace millrace::engine
