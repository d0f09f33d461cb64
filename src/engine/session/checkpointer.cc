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

std::string NewestCheckpoint(const std::string& directory) {
  auto folders = FoldersIn(directory, true);
  return folders.empty() ? std::string() : folders.back().second;
}

std::vector<std::string> ClaimedWith(const std::string& path, const std::string& directory) {
  if (DirectoryOf(path) != directory) return {path};
  std::vector<std::string> claimed;
  for (auto& [number, folder] : FoldersIn(directory, true)) claimed.push_back(std::move(folder));
  return claimed;
}

Result<FoundSnapshot> FindSnapshot(const std::string& path) {
  FoundSnapshot found;
  found.path = path;
  if (!FileSystem::Local()->Exists(JoinPath(path, kManifest))) {
    found.path = NewestCheckpoint(path);
    if (found.path.empty()) {
      return UserError("snapshot.missing", fmt::format("there is no complete checkpoint in '{}'", path),
                       "name a folder chk-<number> with a MANIFEST, or the folder that holds such");
    }
  }
  MR_ASSIGN(found.snapshot, state::JobSnapshot::ReadFrom(found.path));
  return found;
}

Result<std::unique_ptr<FileLock>> LockCheckpoints(const std::string& directory) {
  FileSystem& files = *FileSystem::Local();
  MR_RETURN_IF_ERROR(files.MakeDirectories(directory));
  MR_ASSIGN(std::unique_ptr<FileLock> lock, files.TryLock(directory));
  if (lock != nullptr) return lock;
  return UserError("checkpoint.directory_in_use", fmt::format("another job takes its checkpoints into '{}'", directory),
                   "name a folder of its own for each job");
}

Checkpointer::Checkpointer(runtime::Job& job, Options options)
    : job_(job), options_(std::move(options)), taken_(options_.taken) {
  if (options_.settings.directory.empty()) return;
  auto folders = FoldersIn(options_.settings.directory, false);
  if (!folders.empty()) next_number_ = folders.back().first + 1;
  if (options_.after_rows <= 0 && options_.settings.interval_ms <= 0) return;
  for (const auto& [number, folder] : folders) {  // what a process that was killed had not completed
    if (!FileSystem::Local()->Exists(JoinPath(folder, kManifest))) RemoveFolder(folder);
  }
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
  const int64_t pause_nanos = options_.settings.min_pause_ms * 1'000'000;
  int64_t due = Clock::System()->MonotonicNanos() + interval_nanos;
  while (!stop.load()) {
    int64_t left_ms = (due - Clock::System()->MonotonicNanos()) / 1'000'000;
    if (left_ms > 0) {
      never.wait_for(lock, std::chrono::milliseconds(std::min<int64_t>(left_ms, 20)));
      continue;
    }
    if (!TakeOne()) return;
    // Flink starts them at equal distances, and later where one takes longer or a pause is asked for.
    int64_t now = Clock::System()->MonotonicNanos();
    due = std::max({due + interval_nanos, now + pause_nanos, now});
  }
}

bool Checkpointer::TakeOne() {
  size_t kept = taken_.size();
  auto snapshot = job_.Snapshot(options_.stop, [this](state::JobSnapshot& taken) { return Persist(taken); });
  if (!snapshot.ok()) {
    if (snapshot.error().code == "checkpoint.finished") return false;
    if (taken_.size() == kept) return Bear(snapshot.error());
    job_.Fail(snapshot.error());  // it is complete, but a sink could not commit what it covers
    return false;
  }
  failures_ = 0;
  if (options_.notice) options_.notice(fmt::format("checkpoint {}", taken_.back()));
  if (options_.stop) {
    stopped_with_ = taken_.back();
    return false;
  }
  RemoveOld(static_cast<size_t>(options_.settings.retained));
  return true;
}

bool Checkpointer::Bear(const Error& error) {
  int64_t tolerable = options_.settings.tolerable_failures;
  if (++failures_ > tolerable || options_.stop) {
    job_.Fail(error);
    return false;
  }
  if (options_.notice) {
    options_.notice(fmt::format("a checkpoint failed ({} of {} in a row that are tolerated): {}", failures_, tolerable,
                                error.message));
  }
  return true;
}

Status Checkpointer::Persist(state::JobSnapshot& snapshot) {
  snapshot.SetMetadata("job", std::to_string(options_.note.job));
  snapshot.SetMetadata("statement", options_.note.statement);
  std::string folder = JoinPath(options_.settings.directory, fmt::format("{}{}", kFolderStart, next_number_++));
  Status written = FileSystem::Local()->MakeDirectories(folder);
  if (written.ok()) written = snapshot.WriteTo(folder);
  if (written.ok()) written = FileSystem::Local()->SyncDirectory(options_.settings.directory);
  if (!written.ok()) {
    RemoveFolder(folder);
    return written;
  }
  taken_.push_back(std::move(folder));
  return Status::Ok();
}

void Checkpointer::RemoveOld(size_t keep) {
  while (taken_.size() > keep) {
    RemoveFolder(taken_.front());
    taken_.erase(taken_.begin());
  }
}

runtime::Job::Persist Checkpointer::PersistEnd() {
  if (options_.settings.directory.empty() || options_.settings.interval_ms <= 0) return nullptr;
  return [this](state::JobSnapshot& snapshot) {
    thread_.reset();  // a checkpoint that is complete commits first
    return Persist(snapshot);
  };
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
