#include "engine/session/savepoint.h"

#include <fmt/format.h>

#include <vector>

#include "base/file_system.h"
#include "base/random.h"
#include "base/real_path.h"

namespace millrace::engine {
namespace {

constexpr std::string_view kManifest = "MANIFEST";
constexpr std::string_view kManifestStart = "millrace snapshot ";

bool HasStepUp(std::string_view path) {
  while (!path.empty()) {
    size_t slash = path.find('/');
    if (path.substr(0, slash) == "..") return true;
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
  }
  return false;
}

Error OutsideRoot(const std::string& root, const std::string& path) {
  return UserError("savepoint.outside_root",
                   fmt::format("'{}' does not lie in '{}', where savepoints of this machine must be", path, root),
                   "name a folder in there, without '..' and without links that lead out");
}

// The names of the files that a manifest lists.
std::vector<std::string> FilesOf(std::string_view manifest) {
  constexpr std::string_view kLine = "file ";
  std::vector<std::string> names;
  while (!manifest.empty()) {
    size_t end = manifest.find('\n');
    std::string_view line = manifest.substr(0, end);
    manifest.remove_prefix(end == std::string_view::npos ? manifest.size() : end + 1);
    if (!line.starts_with(kLine)) continue;
    line.remove_prefix(kLine.size());
    std::string name(line.substr(0, line.find(' ')));
    if (!name.empty() && name.find('/') == std::string::npos) names.push_back(std::move(name));
  }
  return names;
}

}  // namespace

Result<std::string> ConfinedPath(const std::string& root, const std::string& path) {
  if (root.empty()) return path;
  if (HasStepUp(path)) return OutsideRoot(root, path);
  auto real_root = RealPath(root);
  auto real = RealPath(path);
  if (!real_root.ok() || !real.ok() || !IsWithin(*real, *real_root)) return OutsideRoot(root, path);
  return real;
}

Result<std::string> MakeSavepointFolder(const std::string& root, const std::string& directory,
                                        std::string_view job_id) {
  constexpr size_t kJobDigits = 6;
  MR_ASSIGN(std::string confined, ConfinedPath(root, directory));
  uint64_t chance = Random::EntropySeed() >> 16;
  std::string folder = JoinPath(confined, fmt::format("savepoint-{}-{:012x}", job_id.substr(0, kJobDigits), chance));
  MR_RETURN_IF_ERROR(FileSystem::Local()->MakeDirectories(folder));
  auto still = ConfinedPath(root, folder);  // a folder on the way may have become a link meanwhile
  if (still.ok()) return folder;
  static_cast<void>(FileSystem::Local()->Remove(folder));
  return still.error();
}

Status DisposeSavepoint(const std::string& path) {
  FileSystem& files = *FileSystem::Local();
  std::string manifest_path = JoinPath(path, kManifest);
  auto manifest = files.Exists(manifest_path) ? ReadFile(files, manifest_path) : Result<std::string>(std::string());
  if (!manifest.ok()) return manifest.error();
  if (!manifest->starts_with(kManifestStart)) {
    return UserError("snapshot.missing", fmt::format("'{}' is no savepoint: it has no MANIFEST of one", path),
                     "name a folder savepoint-… or chk-…");
  }
  auto lock = files.TryLock(std::string(DirectoryOf(AbsolutePath(path))));
  if (lock.ok() && *lock == nullptr) {
    return UserError("checkpoint.directory_in_use", fmt::format("'{}' is a checkpoint of a job that is running", path),
                     "stop the job first");
  }
  MR_RETURN_IF_ERROR(files.Remove(manifest_path));
  for (const std::string& name : FilesOf(*manifest)) MR_RETURN_IF_ERROR(files.Remove(JoinPath(path, name)));
  auto left = files.List(path);
  return left.ok() && left->empty() ? files.Remove(path) : Status::Ok();
}

void RemoveSnapshotFolder(const std::string& folder) {
  FileSystem& files = *FileSystem::Local();
  static_cast<void>(files.Remove(JoinPath(folder, kManifest)));
  auto listed = files.List(folder);
  if (!listed.ok()) return;
  for (const FileInfo& info : *listed) static_cast<void>(files.Remove(info.path));
  static_cast<void>(files.Remove(folder));
}

int64_t FolderBytes(const std::string& folder) {
  auto listed = FileSystem::Local()->List(folder);
  if (!listed.ok()) return 0;
  int64_t bytes = 0;
  for (const FileInfo& info : *listed) bytes += info.size_bytes;
  return bytes;
}

std::string MakeJobId(uint64_t seed) {
  Random random(seed ^ 0x6A6F62ULL);
  uint64_t high = random.Next();
  return fmt::format("{:016x}{:016x}", high, random.Next());
}

}  // namespace millrace::engine
