// A job as others see and steer it while it runs: what it is doing, what became of its checkpoints, why it failed, and
// requests to it (savepoint, stop, rescale, cancel).
//
// One object lasts as long as its session and shows the session's present job, or its last. Others ask from any thread;
// the job's life (job_life, checkpointer) answers.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "engine/runtime/job.h"

namespace millrace::engine {

// Flink's JobStatus, as far as a job here can be in it.
enum class JobState : uint8_t { kInitializing, kRunning, kRestarting, kCancelling, kCanceled, kFinished, kFailed };
// "RUNNING"
std::string_view JobStateName(JobState state);

// Something that went wrong, and when (ms since 1970).
struct JobFailure {
  int64_t at_millis = 0;
  std::string code;
  std::string message;
};

// A checkpoint or savepoint that is complete.
struct TakenSnapshot {
  std::string path;
  int64_t at_millis = 0;  // when it was begun
  int64_t duration_ms = 0;
  int64_t bytes = 0;
};

struct JobView {
  std::string job_id;
  int64_t number = 0;  // of the script's jobs, from 1; 0: none has started
  JobState state = JobState::kInitializing;
  int64_t since_millis = 0;
  std::string statement;
  int32_t parallelism = 0;
  std::string checkpoint_directory;  // empty: it takes no checkpoints
  std::string restored_from;         // what its present start went on from; empty: it started afresh
  std::vector<runtime::OperatorStatus> operators;
  int64_t rows_read = 0;
  int64_t rows_written = 0;
  int64_t checkpoints = 0;  // complete
  int64_t checkpoints_failed = 0;
  std::optional<TakenSnapshot> last_checkpoint;
  std::optional<TakenSnapshot> last_savepoint;
  std::vector<JobFailure> checkpoint_failures;  // the newest of them, oldest first
  int64_t restarts = 0;
  std::vector<JobFailure> failures;  // why it failed, each time; the newest of them, oldest first
};

struct JobRequest {
  enum class Kind : uint8_t { kSavepoint, kStop, kRescale };
  Kind kind = Kind::kSavepoint;
  std::string directory;    // where the savepoint goes; empty: as configured (kStop: or a checkpoint)
  bool drain = false;       // kStop: the maximum watermark first
  int32_t parallelism = 0;  // kRescale
};

// Thread-safe.
class JobControl {
 public:
  // A request on its way.
  struct Pending {
    JobRequest request;
    std::optional<Result<std::string>> answer;
  };

  // ---- for others ----
  JobView View() const;
  // Blocks until the request is done, or refused: the savepoint or checkpoint that was made. Errors: "job.not_running"
  // (it starts, restarts or has ended), and those of the request.
  Result<std::string> Ask(JobRequest request);
  // The job, and those that the session would run after it, are not wanted any more.
  void Cancel();
  // The job stops with a last checkpoint where it takes some, else it is cancelled.
  void Terminate();
  bool cancelled() const;
  bool terminated() const;

  // ---- for the job's life ----
  void Begin(JobView job);
  // The job runs, and is valid until Detach.
  void Attach(runtime::Job& job, int32_t parallelism, std::string restored_from);
  void Detach();
  void SetState(JobState state);
  // It has ended as `status` says ("job.stopped" and "job.cancelled" are no failures).
  void End(const Status& status);
  void NoteCheckpoint(TakenSnapshot taken);
  void NoteSavepoint(TakenSnapshot taken);
  void NoteCheckpointFailure(const Error& error);
  void NoteFailure(const Error& error);
  void NoteRestart();
  // From when on requests are taken, until they are not any more: then those that wait are refused.
  void Serve(bool serves);
  bool serves() const;
  // While nothing but cancelling reaches the job.
  void SetHolding(bool holding);
  // The next request; null after that time, or when none are taken.
  std::shared_ptr<Pending> WaitForRequest(int64_t wait_ms);
  void Answer(Pending& pending, Result<std::string> answer);

 private:
  void EnterState(JobState state);  // under the mutex

  mutable std::mutex mutex_;
  std::condition_variable asked_;
  std::condition_variable answered_;
  JobView view_;
  runtime::Job* job_ = nullptr;
  bool serves_ = false;
  bool holding_ = false;
  bool cancelled_ = false;
  bool terminated_ = false;
  std::deque<std::shared_ptr<Pending>> waiting_;
};

}  // namespace millrace::engine
