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

// Takes checkpoints of one job from a thread of its own. Make it before Job::Run and end it with Finish after Run; the
// job outlives it.
class Checkpointer {
 public:
  struct Options {
    CheckpointSettings settings;
    int64_t after_rows = 0;  // one checkpoint when the sources have given that many rows (JobOptions::hold_after_rows)
    bool stop = false;       // the job stops with its first checkpoint
    CheckpointNote note;
    std::function<void(const std::string&)> notice;  // from the checkpointer's thread; may be null
    std::vector<std::string> taken = {};             // by earlier starts of the same job, oldest first
  };
  Checkpointer(runtime::Job& job, Options options);
  ~Checkpointer();

  // Makes the snapshot of the job's end durable, as Job::Run wants it; null when no checkpoints are taken. No
  // checkpoint is taken after it.
  runtime::Job::Persist PersistEnd();
  // Call after the job has ended with `status`. A job that came to its end leaves no checkpoint. Ok, or what the
  // job ended with, or code "job.stopped" when it stopped with a checkpoint.
  Status Finish(Status status);
  // The folders of the job's complete checkpoints that are kept, oldest first. Not while its thread works.
  const std::vector<std::string>& taken() const { return taken_; }

 private:
  void Work(const std::atomic<bool>& stop);
  // False: no more checkpoints.
  bool TakeOne();
  // A checkpoint has failed with `error`. False: the job fails with it.
  bool Bear(const Error& error);
  Status Persist(state::JobSnapshot& snapshot);
  void RemoveOld(size_t keep);

  runtime::Job& job_;
  Options options_;
  int64_t next_number_ = 1;
  std::vector<std::string> taken_;
  std::string stopped_with_;
  int64_t failures_ = 0;  // checkpoints that failed since the last complete one
  std::unique_ptr<BackgroundThread> thread_;
};

}  // namespace millrace::engine
