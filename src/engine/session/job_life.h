// One job from its first start to its end: checkpoints while it works, and new starts after failures, each from the
// newest checkpoint.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "engine/runtime/job.h"
#include "engine/session/checkpoint_settings.h"
#include "engine/session/checkpointer.h"
#include "engine/session/job_control.h"
#include "engine/session/restart_strategy.h"
#include "engine/session/result_listener.h"

namespace millrace::engine {

struct JobLife {
  // Makes the job, once for each start. `restore`: what it goes on from; null: it starts afresh.
  std::function<Result<std::unique_ptr<runtime::Job>>(const state::JobSnapshot* restore, int32_t parallelism)> make_job;
  int32_t parallelism = 1;               // of its first start
  std::function<Status()> before_first;  // once, when the first job is made; may be null
  CheckpointSettings checkpoints;
  RestartSettings restarts;
  int64_t checkpoint_after_rows = 0;   // see SessionOptions
  bool stop_after_checkpoint = false;  // see SessionOptions
  CheckpointNote note;
  uint64_t seed = 0;
  std::string savepoint_root;  // see SessionOptions
  bool batch = false;
  bool steered = false;  // requests of `control` are served
};

// Blocks until the job has come to its end, was stopped or cancelled, or failed and does not start again; gives the
// last cause. While it waits for a new start the failed job can still be cancelled. A job that is rescaled stops with a
// checkpoint and starts again from it at the parallelism that was asked for.
Status RunToEnd(const JobLife& life, std::optional<FoundSnapshot> restore, JobControl& control,
                ResultListener& listener);

}  // namespace millrace::engine
