#include "engine/session/checkpoint_settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "engine/session/config_option.h"

namespace millrace::engine {
namespace {

Result<std::string> LocalPath(const GivenOption& option) { return LocalFolder(option.key, option.value); }

// LEGACY is as NO_CLAIM: no state is written as a difference to what was restored.
Result<bool> IsClaim(const GivenOption& option) {
  if (option.key.empty()) return false;
  std::string mode = option.value;
  std::transform(mode.begin(), mode.end(), mode.begin(), [](unsigned char c) { return std::toupper(c); });
  if (mode == "CLAIM") return true;
  if (mode == "NO_CLAIM" || mode == "LEGACY") return false;
  return UserError("option.value",
                   fmt::format("'{}' must be CLAIM, NO_CLAIM or LEGACY, not '{}'", option.key, option.value));
}

}  // namespace

Result<std::string> LocalFolder(const std::string& what, const std::string& address) {
  std::string path = address;
  if (path.starts_with("file:///")) {
    path.erase(0, std::string_view("file://").size());
  } else if (path.starts_with("file:/")) {
    path.erase(0, std::string_view("file:").size());
  } else if (path.find("://") != std::string::npos) {
    return UserError(
        "option.value",
        fmt::format("'{}' is '{}': only folders of this machine can hold checkpoints and savepoints", what, path),
        "give a path, or file:///path");
  }
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

Result<CheckpointSettings> ReadCheckpointSettings(const OptionMap& config) {
  constexpr int64_t kLeastIntervalMs = 10;
  constexpr int64_t kTimeoutMs = 600'000;
  CheckpointSettings settings;
  MR_ASSIGN(settings.directory,
            LocalPath(FindOption(config, {"execution.checkpointing.dir", "state.checkpoints.dir"})));
  MR_ASSIGN(settings.savepoint_directory,
            LocalPath(FindOption(config, {"execution.checkpointing.savepoint-dir", "state.savepoints.dir"})));
  MR_ASSIGN(settings.restore_path,
            LocalPath(FindOption(config, {"execution.state-recovery.path", "execution.savepoint.path"})));
  MR_ASSIGN(settings.interval_ms, DurationOption(config, {"execution.checkpointing.interval"}, 0, kLeastIntervalMs));
  MR_ASSIGN(settings.timeout_ms,
            DurationOption(config, {"execution.checkpointing.timeout"}, kTimeoutMs, kLeastIntervalMs));
  MR_ASSIGN(settings.min_pause_ms, DurationOption(config, {"execution.checkpointing.min-pause"}, 0, 0));
  MR_ASSIGN(settings.tolerable_failures,
            WholeOption(config, {"execution.checkpointing.tolerable-failed-checkpoints"}, 0, 0));
  MR_ASSIGN(settings.retained,
            WholeOption(config, {"execution.checkpointing.num-retained", "state.checkpoints.num-retained"}, 1, 1));
  MR_ASSIGN(settings.claim,
            IsClaim(FindOption(config, {"execution.state-recovery.claim-mode", "execution.savepoint-restore-mode"})));
  MR_ASSIGN(settings.ignore_unclaimed, FlagOption(config,
                                                  {"execution.state-recovery.ignore-unclaimed-state",
                                                   "execution.savepoint.ignore-unclaimed-state"},
                                                  false));
  return settings;
}

}  // namespace millrace::engine
