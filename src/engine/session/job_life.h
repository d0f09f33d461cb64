// One job from its first start to its end: checkpoints while it works, and new starts after failures, each from the
// newest checkpoint.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "base/result.h"
#include "engine/runtime/job.h"
#include "engine/session/checkpoint_settings.h"
#include "engine/session/checkpointer.h"
#include "engine/session/restart_strategy.h"
#include "engine/session/result_listener.h"

namespace millrace::engine {

struct JobLife {
  // Makes the job, once for each start. `restore`: what it goes on from; null: it starts afresh.
  std::function<Result<std::unique_ptr<runtime::Job>>(const state::JobSnapshot* restore)> make_job;
  std::function<Status()> before_first;  // once, when the first job is made; may be null
  CheckpointSettings checkpoints;
  RestartSettings restarts;
  int64_t checkpoint_after_rows = 0;   // see SessionOptions
  bool stop_after_checkpoint = false;  // see SessionOptions
  CheckpointNote note;
  uint64_t seed = 0;
};

// Blocks until the job has come to its end, was stopped or cancelled, or failed and does not start again; gives the
// last cause. While it waits for a new start the failed job can still be cancelled.
Status RunToEnd(const JobLife& life, std::optional<FoundSnapshot> restore, ResultListener& listener);

}  // namespace millrace::engine
