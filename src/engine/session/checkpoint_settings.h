// What a session's configuration says about checkpoints: Flink's options.
// https://nightlies.apache.org/flink/flink-docs-release-1.20/docs/deployment/config/#checkpointing
#pragma once

#include <cstdint>
#include <string>

#include "base/options.h"
#include "base/result.h"

namespace millrace::engine {

struct CheckpointSettings {
  std::string directory;            // 'execution.checkpointing.dir' or 'state.checkpoints.dir'; empty: no checkpoints
  int64_t interval_ms = 0;          // 'execution.checkpointing.interval'; 0: none by time
  int64_t timeout_ms = 600'000;     // 'execution.checkpointing.timeout': one that takes longer is abandoned
  int64_t min_pause_ms = 0;         // 'execution.checkpointing.min-pause': from one's end to the next one's start
  int64_t tolerable_failures = 0;   // 'execution.checkpointing.tolerable-failed-checkpoints', one after the other
  int64_t retained = 1;             // 'execution.checkpointing.num-retained' or 'state.checkpoints.num-retained'
  std::string savepoint_directory;  // 'execution.checkpointing.savepoint-dir' or 'state.savepoints.dir'
  std::string restore_path;         // 'execution.state-recovery.path' or 'execution.savepoint.path'
  bool claim = false;               // 'execution.state-recovery.claim-mode' is CLAIM: what is restored is the job's own
  bool ignore_unclaimed = false;    // 'execution.state-recovery.ignore-unclaimed-state'

  bool enabled() const { return !directory.empty() && interval_ms > 0; }
};

// A plain path out of a path or a file:// address, without slashes at its end. `what`: the option's name, for messages.
Result<std::string> LocalFolder(const std::string& what, const std::string& address);

// Errors: "option.value" with the option's name.
Result<CheckpointSettings> ReadCheckpointSettings(const OptionMap& config);

}  // namespace millrace::engine
