// Checkpoints of a running job.
#include "engine/session/checkpointer.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <condition_variable>
#include <mutex>

#include "base/clock.h"
#include "base/file_system.h"
#include "engine/session/savepoint.h"

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

// What a request is answered that came too late.
Error CameToItsEnd() { return UserError("job.not_running", "the job came to its end first"); }

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
  const CheckpointSettings& settings = options_.settings;
  bool takes_some = !settings.directory.empty() && (options_.after_rows > 0 || settings.interval_ms > 0);
  if (!settings.directory.empty()) {
    auto folders = FoldersIn(settings.directory, false);
    if (!folders.empty()) next_number_ = folders.back().first + 1;
    for (const auto& [number, folder] : folders) {  // what a process that was killed had not completed
      bool complete = FileSystem::Local()->Exists(JoinPath(folder, kManifest));
      if (takes_some && !complete) RemoveSnapshotFolder(folder);
    }
  }
  if (!takes_some && !options_.steered) return;
  if (options_.steered) options_.control->Serve(true);
  thread_ = std::make_unique<BackgroundThread>([this](const std::atomic<bool>& stop) { Work(stop); });
}

Checkpointer::~Checkpointer() = default;

void Checkpointer::Work(const std::atomic<bool>& stop) {
  if (options_.after_rows > 0 && !options_.settings.directory.empty()) {
    options_.control->SetHolding(true);
    bool held = job_.WaitForHold();
    options_.control->SetHolding(false);
    if (!held || !TakeOne()) return;
    job_.Resume();
  }
  WorkUntilEnd(stop);
}

void Checkpointer::WorkUntilEnd(const std::atomic<bool>& stop) {
  constexpr int64_t kNanosPerMilli = 1'000'000;
  constexpr int64_t kStepMs = 20;
  bool by_time = options_.settings.enabled();
  if (!by_time && !options_.steered) return;
  const int64_t interval_nanos = options_.settings.interval_ms * kNanosPerMilli;
  const int64_t pause_nanos = options_.settings.min_pause_ms * kNanosPerMilli;
  std::mutex mutex;
  std::condition_variable never;
  std::unique_lock lock(mutex);
  int64_t due = Clock::System()->MonotonicNanos() + interval_nanos;
  while (!stop.load()) {
    int64_t left_ms = by_time ? (due - Clock::System()->MonotonicNanos()) / kNanosPerMilli : kStepMs;
    int64_t wait_ms = std::clamp<int64_t>(left_ms, 0, kStepMs);
    if (options_.steered) {
      std::shared_ptr<JobControl::Pending> pending = options_.control->WaitForRequest(wait_ms);
      if (pending && !Serve(pending)) return;
      if (options_.control->terminated()) return Terminate();
      if (!options_.control->serves()) return;
    } else if (wait_ms > 0) {
      never.wait_for(lock, std::chrono::milliseconds(wait_ms));
    }
    if (!by_time || left_ms > 0) continue;
    if (!TakeOne()) return;
    // Flink starts them at equal distances, and later where one takes longer or a pause is asked for.
    int64_t now = Clock::System()->MonotonicNanos();
    due = std::max({due + interval_nanos, now + pause_nanos, now});
  }
}

Result<TakenSnapshot> Checkpointer::TakeInto(runtime::SnapshotRequest request, const std::vector<std::string>& folders,
                                             bool* durable) {
  TakenSnapshot taken;
  taken.path = folders.front();
  taken.at_millis = Clock::System()->NowMillis();
  int64_t started = Clock::System()->MonotonicNanos();
  request.timeout_ms = options_.settings.timeout_ms;
  auto snapshot = job_.Snapshot(request, [&](state::JobSnapshot& made) -> Status {
    for (const std::string& folder : folders) MR_RETURN_IF_ERROR(Persist(made, folder));
    *durable = true;
    return Status::Ok();
  });
  if (!*durable) {
    for (const std::string& folder : folders) RemoveSnapshotFolder(folder);
  }
  if (!snapshot.ok()) return snapshot.error();
  taken.duration_ms = (Clock::System()->MonotonicNanos() - started) / 1'000'000;
  taken.bytes = FolderBytes(taken.path);
  return taken;
}

bool Checkpointer::TakeOne() {
  std::string folder = NextFolder();
  bool durable = false;
  runtime::SnapshotRequest request;
  request.stop = options_.stop;
  auto snapshot = TakeInto(request, {folder}, &durable);
  if (durable) taken_.push_back(folder);
  if (!snapshot.ok()) {
    if (snapshot.error().code == "checkpoint.finished") return false;
    if (!durable) return Bear(snapshot.error());
    job_.Fail(snapshot.error());  // it is complete, but a sink could not commit what it covers
    return false;
  }
  failures_ = 0;
  options_.control->NoteCheckpoint(*snapshot);
  if (options_.notice) options_.notice(fmt::format("checkpoint {}", folder));
  if (options_.stop) {
    stopped_with_ = folder;
    return false;
  }
  RemoveOld(static_cast<size_t>(options_.settings.retained));
  return true;
}

bool Checkpointer::Bear(const Error& error) {
  int64_t tolerable = options_.settings.tolerable_failures;
  options_.control->NoteCheckpointFailure(error);
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

bool Checkpointer::Serve(const std::shared_ptr<JobControl::Pending>& pending) {
  if (options_.batch) {
    options_.control->Answer(*pending, UserError("savepoint.batch", "a job in batch mode has no savepoints",
                                                 "let it come to its end, or cancel it"));
    return true;
  }
  switch (pending->request.kind) {
    case JobRequest::Kind::kSavepoint:
      return ServeSavepoint(*pending);
    case JobRequest::Kind::kStop:
      return ServeStop(*pending);
    case JobRequest::Kind::kRescale:
      return ServeRescale(pending);
  }
  return true;
}

Result<std::string> Checkpointer::NewSavepoint(const std::string& directory) const {
  std::string where = options_.settings.savepoint_directory;
  if (!directory.empty()) {
    MR_ASSIGN(where, LocalFolder("savepoint directory", directory));
  }
  if (where.empty()) {
    return UserError("savepoint.no_directory", "there is no folder for the savepoint",
                     "name one, or set 'execution.checkpointing.savepoint-dir' for the job");
  }
  return MakeSavepointFolder(options_.savepoint_root, where, options_.control->View().job_id);
}

bool Checkpointer::ServeSavepoint(JobControl::Pending& pending) {
  auto folder = NewSavepoint(pending.request.directory);
  if (!folder.ok()) {
    options_.control->Answer(pending, folder.error());
    return true;
  }
  bool durable = false;
  runtime::SnapshotRequest request;
  request.commit = false;
  auto taken = TakeInto(request, {*folder}, &durable);
  if (taken.ok()) {
    options_.control->NoteSavepoint(*taken);
    if (options_.notice) options_.notice(fmt::format("savepoint {}", *folder));
  }
  bool ended = !taken.ok() && taken.error().code == "checkpoint.finished";
  Result<std::string> answer = *folder;
  if (!taken.ok()) answer = ended ? CameToItsEnd() : taken.error();
  options_.control->Answer(pending, std::move(answer));
  return !ended;
}

Result<std::string> Checkpointer::StopWith(const std::string& savepoint, bool drain) {
  // The checkpoint beside the savepoint is for --resume, and for a crash while sinks commit.
  std::string checkpoint = options_.settings.directory.empty() ? std::string() : NextFolder();
  std::vector<std::string> folders;
  for (const std::string& folder : {savepoint, checkpoint}) {
    if (!folder.empty()) folders.push_back(folder);
  }
  runtime::SnapshotRequest request;
  request.stop = true;
  request.drain = drain;
  bool durable = false;
  auto taken = TakeInto(request, folders, &durable);
  if (durable && !checkpoint.empty()) taken_.push_back(checkpoint);
  if (durable) committed_savepoint_ = folders.front();
  if (!taken.ok()) {
    if (taken.error().code == "checkpoint.finished") return CameToItsEnd();
    Error error = taken.error();
    if (durable) error.hint = fmt::format("'{}' is complete: a start from it finishes the commits", folders.front());
    // A drained source has said that nothing more comes, and cannot take it back.
    if (durable || drain) job_.Fail(error);
    return error;
  }
  if (savepoint.empty()) {
    options_.control->NoteCheckpoint(*taken);
  } else {
    options_.control->NoteSavepoint(*taken);
  }
  if (options_.notice)
    options_.notice(fmt::format("{} {}", savepoint.empty() ? "checkpoint" : "savepoint", taken->path));
  RemoveOld(static_cast<size_t>(options_.settings.retained));
  drained_ = drain;
  stopped_with_ = taken->path;
  return taken->path;
}

bool Checkpointer::ServeStop(JobControl::Pending& pending) {
  Result<std::string> folder = std::string();
  bool only_checkpoint = pending.request.directory.empty() && options_.settings.savepoint_directory.empty() &&
                         !options_.settings.directory.empty();
  if (!only_checkpoint) folder = NewSavepoint(pending.request.directory);
  if (folder.ok()) folder = StopWith(*folder, pending.request.drain);
  bool goes_on = !folder.ok() && folder.error().code != "job.not_running";
  options_.control->Answer(pending, std::move(folder));
  return goes_on;
}

bool Checkpointer::ServeRescale(const std::shared_ptr<JobControl::Pending>& pending) {
  Result<std::string> folder = std::string();
  int32_t parallelism = pending->request.parallelism;
  if (options_.settings.directory.empty()) {
    folder = UserError("rescale.no_checkpoints", "the job takes no checkpoints, so that it cannot go on from one",
                       "start it with --checkpoint-dir DIR");
  } else if (parallelism < 1 || parallelism > state::kDefaultMaxParallelism) {
    folder = UserError("rescale.parallelism", fmt::format("the parallelism must be from 1 to {}, not {}",
                                                          state::kDefaultMaxParallelism, parallelism));
  } else {
    folder = StopWith("", false);
  }
  if (folder.ok()) {
    rescale_ = pending;  // answered when the job runs again
    return false;
  }
  bool goes_on = folder.error().code != "job.not_running";
  options_.control->Answer(*pending, std::move(folder));
  return goes_on;
}

void Checkpointer::Terminate() {
  if (options_.settings.directory.empty() || options_.batch) return job_.Cancel();
  auto stopped = StopWith("", false);
  if (stopped.ok() || stopped.error().code == "job.not_running") return;
  if (options_.notice) options_.notice(fmt::format("no last checkpoint could be taken: {}", stopped.error().message));
  job_.Cancel();
}

Status Checkpointer::Persist(state::JobSnapshot& snapshot, const std::string& folder) const {
  snapshot.SetMetadata("job", std::to_string(options_.note.job));
  snapshot.SetMetadata("statement", options_.note.statement);
  MR_RETURN_IF_ERROR(FileSystem::Local()->MakeDirectories(folder));
  MR_RETURN_IF_ERROR(snapshot.WriteTo(folder));
  return FileSystem::Local()->SyncDirectory(std::string(DirectoryOf(folder)));
}

std::string Checkpointer::NextFolder() {
  return JoinPath(options_.settings.directory, fmt::format("{}{}", kFolderStart, next_number_++));
}

void Checkpointer::RemoveOld(size_t keep) {
  while (taken_.size() > keep) {
    RemoveSnapshotFolder(taken_.front());
    taken_.erase(taken_.begin());
  }
}

runtime::Job::Persist Checkpointer::PersistEnd() {
  if (options_.settings.directory.empty() || options_.settings.interval_ms <= 0) return nullptr;
  return [this](state::JobSnapshot& snapshot) -> Status {
    options_.control->Serve(false);
    thread_.reset();  // a checkpoint that is complete commits first
    std::string folder = NextFolder();
    Status written = Persist(snapshot, folder);
    if (!written.ok()) {
      RemoveSnapshotFolder(folder);
      return written;
    }
    taken_.push_back(std::move(folder));
    return Status::Ok();
  };
}

std::string Checkpointer::recovery() const { return taken_.empty() ? committed_savepoint_ : taken_.back(); }

Status Checkpointer::Finish(Status status) {
  options_.control->Serve(false);
  thread_.reset();
  if (!status.ok()) return status;
  if (!stopped_with_.empty()) {
    if (drained_) RemoveOld(0);
    return UserError("job.stopped", fmt::format("the job stopped with '{}'", stopped_with_));
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
