// Checkpoints of a running job.
#include "engine/session/checkpointer.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <condition_variable>
#include <mutex>

#include "base/clock.h"
#include "base/file_system.h"

namespace millrace::engine {
namespace {

constexpr std::string_view kFolderStart = "chk-";
constexpr std::string_view kManifest = "MANIFEST";

// The value of the first of these options that is set.
std::string FirstOf(const OptionMap& config, std::initializer_list<std::string_view> keys, std::string* key) {
  for (std::string_view candidate : keys) {
    auto found = config.find(candidate);
    if (found == config.end()) continue;
    *key = std::string(candidate);
    return found->second;
  }
  return {};
}

// A path out of a path or a file:// address.
Result<std::string> LocalPath(const std::string& key, const std::string& value) {
  size_t scheme = value.find("://");
  if (scheme == std::string::npos) return value.starts_with("file:/") ? value.substr(5) : value;
  if (value.starts_with("file:///")) return value.substr(7);
  return UserError("option.value",
                   fmt::format("'{}' is '{}': only folders of this machine can hold checkpoints", key, value),
                   "give a path, or file:///path");
}

// The number of "chk-17"; 0 when it is none.
int64_t NumberOf(std::string_view folder) {
  if (!folder.starts_with(kFolderStart)) return 0;
  folder.remove_prefix(kFolderStart.size());
  int64_t number = 0;
  auto [end, code] = std::from_chars(folder.data(), folder.data() + folder.size(), number);
  return code == std::errc() && end == folder.data() + folder.size() ? number : 0;
}

// Checkpoint folders with their numbers, the oldest first; those without a manifest too when `complete` is false.
std::vector<std::pair<int64_t, std::string>> FoldersIn(const std::string& directory, bool complete) {
  std::vector<std::pair<int64_t, std::string>> folders;
  auto listed = FileSystem::Local()->List(directory);
  if (!listed.ok()) return folders;
  for (const FileInfo& info : *listed) {
    int64_t number = NumberOf(FileNameOf(info.path));
    if (number <= 0 || !info.is_directory) continue;
    if (complete && !FileSystem::Local()->Exists(JoinPath(info.path, kManifest))) continue;
    folders.emplace_back(number, info.path);
  }
  std::sort(folders.begin(), folders.end());
  return folders;
}

// The manifest goes first, so that what is left after a crash is no checkpoint.
void RemoveFolder(const std::string& folder) {
  FileSystem& files = *FileSystem::Local();
  static_cast<void>(files.Remove(JoinPath(folder, kManifest)));
  auto listed = files.List(folder);
  if (!listed.ok()) return;
  for (const FileInfo& info : *listed) static_cast<void>(files.Remove(info.path));
  static_cast<void>(files.Remove(folder));
}

}  // namespace

Result<CheckpointSettings> ReadCheckpointSettings(const OptionMap& config) {
  CheckpointSettings settings;
  std::string key;
  std::string value = FirstOf(config, {"execution.checkpointing.dir", "state.checkpoints.dir"}, &key);
  MR_ASSIGN(settings.directory, LocalPath(key, value));
  value = FirstOf(config, {"execution.state-recovery.path", "execution.savepoint.path"}, &key);
  MR_ASSIGN(settings.restore_path, LocalPath(key, value));
  value = FirstOf(config, {"execution.checkpointing.interval"}, &key);
  if (!value.empty()) {
    auto parsed = ParseDuration(value);
    if (!parsed.ok() || parsed->count() < 10) {
      return UserError("option.value",
                       fmt::format("'{}' must be a time of at least 10 ms such as '10 s', not '{}'", key, value));
    }
    settings.interval_ms = parsed->count();
  }
  value = FirstOf(config, {"execution.checkpointing.num-retained", "state.checkpoints.num-retained"}, &key);
  if (!value.empty()) {
    auto parsed = ParseLong(value);
    if (!parsed.ok() || *parsed < 1) {
      return UserError("option.value", fmt::format("'{}' must be a whole number from 1, not '{}'", key, value));
    }
    settings.retained = *parsed;
  }
  value = FirstOf(
      config, {"execution.state-recovery.ignore-unclaimed-state", "execution.savepoint.ignore-unclaimed-state"}, &key);
  if (!value.empty()) {
    auto parsed = ParseBooleanOption(value);
    if (!parsed.ok()) return UserError("option.value", fmt::format("'{}' must be true or false, not '{}'", key, value));
    settings.ignore_unclaimed = *parsed;
  }
  return settings;
}

Result<FoundSnapshot> FindSnapshot(const std::string& path) {
  FoundSnapshot found;
  found.path = path;
  if (!FileSystem::Local()->Exists(JoinPath(path, kManifest))) {
    auto folders = FoldersIn(path, true);
    if (folders.empty()) {
      return UserError("snapshot.missing", fmt::format("there is no complete checkpoint in '{}'", path),
                       "name a folder chk-<number> with a MANIFEST, or the folder that holds such");
    }
    found.path = folders.back().second;
  }
  MR_ASSIGN(found.snapshot, state::JobSnapshot::ReadFrom(found.path));
  return found;
}

Checkpointer::Checkpointer(runtime::Job& job, Options options) : job_(job), options_(std::move(options)) {
  if (options_.settings.directory.empty()) return;
  auto folders = FoldersIn(options_.settings.directory, false);
  if (!folders.empty()) next_number_ = folders.back().first + 1;
  if (options_.after_rows <= 0 && options_.settings.interval_ms <= 0) return;
  thread_ = std::make_unique<BackgroundThread>([this](const std::atomic<bool>& stop) { Work(stop); });
}

Checkpointer::~Checkpointer() = default;

void Checkpointer::Work(const std::atomic<bool>& stop) {
  if (options_.after_rows > 0) {
    if (!job_.WaitForHold() || !TakeOne()) return;
    job_.Resume();
  }
  if (options_.settings.interval_ms <= 0) return;
  std::mutex mutex;
  std::condition_variable never;
  std::unique_lock lock(mutex);
  const int64_t interval_nanos = options_.settings.interval_ms * 1'000'000;
  int64_t due = Clock::System()->MonotonicNanos() + interval_nanos;
  while (!stop.load()) {
    int64_t left_ms = (due - Clock::System()->MonotonicNanos()) / 1'000'000;
    if (left_ms > 0) {
      never.wait_for(lock, std::chrono::milliseconds(std::min<int64_t>(left_ms, 20)));
      continue;
    }
    if (!TakeOne()) return;
    due = Clock::System()->MonotonicNanos() + interval_nanos;
  }
}

bool Checkpointer::TakeOne() {
  auto snapshot = job_.Snapshot(options_.stop, [this](state::JobSnapshot& taken) { return Persist(taken); });
  if (!snapshot.ok()) {
    if (snapshot.error().code != "checkpoint.finished") job_.Fail(snapshot.error());
    return false;
  }
  if (options_.notice) options_.notice(fmt::format("checkpoint {}", taken_.back()));
  if (options_.stop) {
    stopped_with_ = taken_.back();
    return false;
  }
  RemoveOld(static_cast<size_t>(options_.settings.retained));
  return true;
}

Status Checkpointer::Persist(state::JobSnapshot& snapshot) {
  snapshot.SetMetadata("job", std::to_string(options_.note.job));
  snapshot.SetMetadata("statement", options_.note.statement);
  std::string folder = JoinPath(options_.settings.directory, fmt::format("{}{}", kFolderStart, next_number_++));
  MR_RETURN_IF_ERROR(FileSystem::Local()->MakeDirectories(folder));
  MR_RETURN_IF_ERROR(snapshot.WriteTo(folder));
  taken_.push_back(std::move(folder));
  return FileSystem::Local()->SyncDirectory(options_.settings.directory);
}

void Checkpointer::RemoveOld(size_t keep) {
  while (taken_.size() > keep) {
    RemoveFolder(taken_.front());
    taken_.erase(taken_.begin());
  }
}

Status Checkpointer::Finish(Status status) {
  thread_.reset();
  if (!status.ok()) return status;
  if (!stopped_with_.empty()) {
    return UserError("job.stopped", fmt::format("the job stopped with the checkpoint '{}'", stopped_with_));
  }
  bool had_none = taken_.empty();
  RemoveOld(0);
  if (options_.after_rows > 0 && had_none && options_.notice) {
    options_.notice(fmt::format("job {} ended before its sources had given {} rows: no checkpoint was taken",
                                options_.note.job, options_.after_rows));
  }
  return Status::Ok();
}

}  // namespace millrace::engine
