// Checkpoints of a running job: when they are taken, where they are kept, and which one a job goes on from.
//
// A checkpoint is the folder `chk-<number>` in the checkpoint directory, complete once its MANIFEST is there. Numbers
// grow, also over restarts; the oldest are removed beyond the number to keep. When a job has come to its end its
// checkpoints are removed, as Flink removes those of finished jobs; those of a failed or cancelled job stay.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/background_thread.h"
#include "base/file_system.h"
#include "base/result.h"
#include "engine/runtime/job.h"
#include "engine/session/checkpoint_settings.h"
#include "engine/session/job_control.h"
#include "engine/state/snapshot.h"

namespace millrace::engine {

// The snapshot at `path`: a checkpoint's folder, or a checkpoint directory, of which the newest is taken. Errors:
// "snapshot.missing", and those of JobSnapshot::ReadFrom.
struct FoundSnapshot {
  std::string path;
  state::JobSnapshot snapshot;
};
Result<FoundSnapshot> FindSnapshot(const std::string& path);
// The folder of the newest complete checkpoint in a checkpoint directory; empty: there is none.
std::string NewestCheckpoint(const std::string& directory);
// What a job takes over with the snapshot at `path`, oldest first: all complete checkpoints of `directory` when it lies
// there, else this one.
std::vector<std::string> ClaimedWith(const std::string& path, const std::string& directory);

// One process at a time takes checkpoints into a directory. Errors: "checkpoint.directory_in_use".
Result<std::unique_ptr<FileLock>> LockCheckpoints(const std::string& directory);

// What is written beside the state.
struct CheckpointNote {
  int64_t job = 1;  // which job of the session, counted from 1: those before it are done
  std::string statement;
};

// Takes checkpoints of one job, and savepoints when someone asks, from a thread of its own. Make it before Job::Run and
// end it with Finish after Run; the job and the control outlive it.
class Checkpointer {
 public:
  struct Options {
    CheckpointSettings settings;
    int64_t after_rows = 0;  // one checkpoint when the sources have given that many rows (JobOptions::hold_after_rows)
    bool stop = false;       // the job stops with its first checkpoint
    CheckpointNote note;
    std::function<void(const std::string&)> notice;  // from the checkpointer's thread; may be null
    std::vector<std::string> taken = {};             // by earlier starts of the same job, oldest first
    JobControl* control = nullptr;                   // what became of checkpoints is told to it
    bool steered = false;                            // its requests are served
    std::string savepoint_root = {};                 // see SessionOptions
    bool batch = false;                              // no savepoints, as in Flink
  };
  Checkpointer(runtime::Job& job, Options options);
  ~Checkpointer();

  // Makes the snapshot of the job's end durable, as Job::Run wants it; null when no checkpoints are taken. No
  // checkpoint is taken after it.
  runtime::Job::Persist PersistEnd();
  // Call after the job has ended with `status`. A job that came to its end, or was drained, leaves no checkpoint. Ok,
  // or what the job ended with, or code "job.stopped" when it stopped with a snapshot.
  Status Finish(Status status);
  // The folders of the job's complete checkpoints that are kept, oldest first. Not while its thread works.
  const std::vector<std::string>& taken() const { return taken_; }
  // What a new start goes on from: the newest checkpoint, or the savepoint whose commits had begun; empty: nothing.
  std::string recovery() const;
  // The request to rescale for which the job stopped; null: there is none.
  std::shared_ptr<JobControl::Pending> rescale() const { return rescale_; }

 private:
  void Work(const std::atomic<bool>& stop);
  void WorkUntilEnd(const std::atomic<bool>& stop);
  // The functions below give false when the job ends: no more checkpoints.
  bool TakeOne();
  bool Serve(const std::shared_ptr<JobControl::Pending>& pending);
  bool ServeSavepoint(JobControl::Pending& pending);
  bool ServeStop(JobControl::Pending& pending);
  bool ServeRescale(const std::shared_ptr<JobControl::Pending>& pending);
  void Terminate();
  // A checkpoint has failed with `error`. False: the job fails with it.
  bool Bear(const Error& error);
  // Takes a snapshot into these folders. `durable`: it is complete in all of them, whatever failed then.
  Result<TakenSnapshot> TakeInto(runtime::SnapshotRequest request, const std::vector<std::string>& folders,
                                 bool* durable);
  // Stops the job with a snapshot in `savepoint` (empty: none) and, where the job takes some, a checkpoint.
  Result<std::string> StopWith(const std::string& savepoint, bool drain);
  Result<std::string> NewSavepoint(const std::string& directory) const;
  Status Persist(state::JobSnapshot& snapshot, const std::string& folder) const;
  std::string NextFolder();
  void RemoveOld(size_t keep);

  runtime::Job& job_;
  Options options_;
  int64_t next_number_ = 1;
  std::vector<std::string> taken_;
  std::string stopped_with_;
  bool drained_ = false;
  std::string committed_savepoint_;  // its sinks have begun to commit
  std::shared_ptr<JobControl::Pending> rescale_;
  int64_t failures_ = 0;  // checkpoints that failed since the last complete one
  std::unique_ptr<BackgroundThread> thread_;
};

}  // namespace millrace::engine
