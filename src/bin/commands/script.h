// What the commands that take SQL share: where the text comes from, and options of the session.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "engine/session/session.h"

namespace millrace::bin {

class Command;

struct ScriptOptions {
  std::string file;
  std::string text;                   // -e
  int32_t parallelism = 0;            // 0: cores
  int32_t threads = 0;                // 0: cores
  int32_t chunk_rows = 0;             // 0: the default; for tests
  std::vector<std::string> settings;  // -D key=value
  std::string checkpoint_dir;
  std::string checkpoint_interval;
  std::string restore;
  bool resume = false;
  int64_t checkpoint_after_rows = 0;
  bool stop_after_checkpoint = false;
  std::string claim_mode;
  bool ignore_unclaimed = false;
  std::string savepoint_dir;
  std::string savepoint_root;
};

void AddScriptOptions(Command& command, ScriptOptions& options);
// Where checkpoints go and what to go on from.
void AddCheckpointOptions(Command& command, ScriptOptions& options);
// The SQL of -e or of the file ("-": standard input).
Result<std::string> ReadScript(const ScriptOptions& options);
// `control`: how others steer its jobs; outlives it.
Result<std::unique_ptr<engine::Session>> MakeSession(const ScriptOptions& options,
                                                     engine::JobControl* control = nullptr);
// On standard error: message, position with the line and carets, hint. In colour on a terminal.
void PrintError(const Error& error, const std::string& script, const std::string& file);

}  // namespace millrace::bin
