#include "control/executor/local/run_directory.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "base/real_path.h"

namespace millrace::executor {
namespace {

constexpr size_t kNameLengthMax = 64;

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

std::string InDirectory(const std::string& directory, const std::string& name, std::string_view ending) {
  return JoinPath(directory, name + std::string(ending));
}

// The directory, which only its owner may enter.
Status PrepareDirectory(const std::string& directory) {
  struct stat info;
  if (::stat(directory.c_str(), &info) != 0) {
    MR_RETURN_IF_ERROR(FileSystem::Local()->MakeDirectories(std::string(DirectoryOf(directory))));
    if (::mkdir(directory.c_str(), S_IRWXU) != 0 && errno != EEXIST) {
      return ExternalError("file.io", fmt::format("'{}' cannot be made: {}", directory, std::strerror(errno)),
                           "choose another folder with --run-dir or MILLRACE_RUN_DIR");
    }
    if (::stat(directory.c_str(), &info) != 0) return ExternalError("file.io", fmt::format("'{}' is gone", directory));
  }
  bool ours = S_ISDIR(info.st_mode) && info.st_uid == ::geteuid() && (info.st_mode & (S_IRWXG | S_IRWXO)) == 0;
  if (ours) return Status::Ok();
  return UserError("run_dir.unsafe", fmt::format("'{}' is no folder that only you can enter", directory),
                   fmt::format("chmod 700 '{}', or choose another with --run-dir", directory));
}

// Whoever has ended may take a moment to give its lock back.
Result<std::unique_ptr<FileLock>> TakeLock(const std::string& path) {
  constexpr int kTries = 15;
  constexpr int kPauseMs = 20;
  for (int i = 0;; ++i) {
    MR_ASSIGN(std::unique_ptr<FileLock> lock, FileSystem::Local()->TryLock(path));
    if (lock != nullptr || i == kTries) return lock;
    ::poll(nullptr, 0, kPauseMs);
  }
}

}  // namespace

Status CheckJobName(std::string_view name) {
  bool fits = !name.empty() && name.size() <= kNameLengthMax && name.front() != '.';
  for (char c : name) {
    fits = fits && (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.');
  }
  if (fits) return Status::Ok();
  return UserError(
      "job.name", fmt::format("'{}' cannot be the name of a job", name),
      fmt::format("use letters, digits, '-', '_' and '.', at most {}, and no dot in front", kNameLengthMax));
}

Result<std::string> FindRunDirectory(const std::string& chosen) {
  if (!chosen.empty()) return AbsolutePath(chosen);
  if (std::string directory = Environment("MILLRACE_RUN_DIR"); !directory.empty()) return AbsolutePath(directory);
  if (std::string directory = Environment("XDG_RUNTIME_DIR"); !directory.empty()) {
    return JoinPath(directory, "millrace");
  }
  if (std::string home = Environment("HOME"); !home.empty()) return JoinPath(home, ".local/state/millrace/run");
  return UserError("run_dir.none", "there is no folder for running jobs: neither XDG_RUNTIME_DIR nor HOME is set",
                   "name one with --run-dir or MILLRACE_RUN_DIR");
}

JobName::JobName(std::string run_directory, std::string name, std::unique_ptr<FileLock> lock)
    : run_directory_(std::move(run_directory)),
      name_(std::move(name)),
      socket_path_(SocketPath(run_directory_, name_)),
      lock_(std::move(lock)) {}

JobName::~JobName() { static_cast<void>(FileSystem::Local()->Remove(socket_path_)); }

Result<std::unique_ptr<JobName>> JobName::Take(const std::string& run_directory, const std::string& name) {
  MR_RETURN_IF_ERROR(CheckJobName(name));
  MR_RETURN_IF_ERROR(PrepareDirectory(run_directory));
  FileSystem& files = *FileSystem::Local();
  std::string lock_path = InDirectory(run_directory, name, ".lock");
  MR_ASSIGN(std::unique_ptr<WritableFile> file, files.OpenForWrite(lock_path, true));
  MR_RETURN_IF_ERROR(file->Close());
  MR_ASSIGN(std::unique_ptr<FileLock> lock, TakeLock(lock_path));
  if (lock == nullptr) {
    return UserError("job.name_in_use", fmt::format("a job with the name '{}' is running already", name),
                     fmt::format("choose another name, or end it with: millrace stop {}", name));
  }
  MR_RETURN_IF_ERROR(files.Remove(SocketPath(run_directory, name)));  // of a process that was killed
  return std::unique_ptr<JobName>(new JobName(run_directory, name, std::move(lock)));
}

Status JobName::Write(const JobReport& report) const {
  return WriteFileAtomically(*FileSystem::Local(), InDirectory(run_directory_, name_, ".json"), EncodeReport(report));
}

std::vector<std::string> KnownJobs(const std::string& run_directory) {
  constexpr std::string_view kEnding = ".json";
  std::vector<std::string> names;
  auto listed = FileSystem::Local()->List(run_directory);
  if (!listed.ok()) return names;
  for (const FileInfo& info : *listed) {
    std::string name(FileNameOf(info.path));
    if (!name.ends_with(kEnding)) continue;
    name.resize(name.size() - kEnding.size());
    if (CheckJobName(name).ok()) names.push_back(std::move(name));
  }
  return names;
}

std::string SocketPath(const std::string& run_directory, const std::string& name) {
  return InDirectory(run_directory, name, ".sock");
}

std::optional<JobReport> LastReport(const std::string& run_directory, const std::string& name) {
  auto text = ReadFile(*FileSystem::Local(), InDirectory(run_directory, name, ".json"));
  if (!text.ok()) return std::nullopt;
  auto report = DecodeReport(*text);
  return report.ok() ? std::optional<JobReport>(std::move(*report)) : std::nullopt;
}

}  // namespace millrace::executor
