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
#include "base/options.h"
#include "base/result.h"
#include "engine/runtime/job.h"
#include "engine/state/snapshot.h"

namespace millrace::engine {

struct CheckpointSettings {
  std::string directory;          // 'execution.checkpointing.dir' or 'state.checkpoints.dir'; empty: no checkpoints
  int64_t interval_ms = 0;        // 'execution.checkpointing.interval'; 0: none by time
  int64_t retained = 1;           // 'execution.checkpointing.num-retained' or 'state.checkpoints.num-retained'
  std::string restore_path;       // 'execution.state-recovery.path' or 'execution.savepoint.path'
  bool ignore_unclaimed = false;  // 'execution.state-recovery.ignore-unclaimed-state'
};

// Reads Flink's options. Errors: "option.value" with the option's name.
Result<CheckpointSettings> ReadCheckpointSettings(const OptionMap& config);

// The snapshot at `path`: a checkpoint's folder, or a checkpoint directory, of which the newest is taken. Errors:
// "snapshot.missing", and those of JobSnapshot::ReadFrom.
struct FoundSnapshot {
  std::string path;
  state::JobSnapshot snapshot;
};
Result<FoundSnapshot> FindSnapshot(const std::string& path);

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
  };
  Checkpointer(runtime::Job& job, Options options);
  ~Checkpointer();

  // Call after the job has ended with `status`. A job that came to its end leaves no checkpoint. Ok, or what the
  // job ended with, or code "job.stopped" when it stopped with a checkpoint.
  Status Finish(Status status);

 private:
  void Work(const std::atomic<bool>& stop);
  // False: no more checkpoints.
  bool TakeOne();
  Status Persist(state::JobSnapshot& snapshot);
  void RemoveOld(size_t keep);

  runtime::Job& job_;
  Options options_;
  int64_t next_number_ = 1;
  std::vector<std::string> taken_;  // folders of this run, oldest first
  std::string stopped_with_;
  std::unique_ptr<BackgroundThread> thread_;
};

}  // namespace millrace::engine
