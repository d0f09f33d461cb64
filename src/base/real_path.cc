#include "base/real_path.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>

#include "base/file_system.h"

namespace millrace {

std::string AbsolutePath(const std::string& path) {
  if (path.starts_with('/')) return path;
  char buffer[PATH_MAX];
  const char* current = ::getcwd(buffer, sizeof(buffer));
  return JoinPath(current != nullptr ? current : "/", path);
}

Result<std::string> RealPath(const std::string& path) {
  std::string there = AbsolutePath(path);
  while (there.size() > 1 && there.ends_with('/')) there.pop_back();
  std::string behind;  // what is not there yet
  struct stat info;
  while (there != "/" && ::lstat(there.c_str(), &info) != 0) {
    if (errno != ENOENT) return ExternalError("file.io", fmt::format("'{}': {}", path, std::strerror(errno)));
    behind = behind.empty() ? std::string(FileNameOf(there)) : JoinPath(FileNameOf(there), behind);
    there = std::string(DirectoryOf(there));
  }
  char buffer[PATH_MAX];
  if (::realpath(there.c_str(), buffer) == nullptr) {
    const char* code = errno == ENOENT ? "file.missing" : "file.io";
    return ExternalError(code, fmt::format("'{}' cannot be followed: {}", there, std::strerror(errno)));
  }
  return behind.empty() ? std::string(buffer) : JoinPath(buffer, behind);
}

bool IsWithin(const std::string& real_path, const std::string& folder) {
  if (folder == "/" || real_path == folder) return true;
  return real_path.size() > folder.size() && real_path.starts_with(folder) && real_path[folder.size()] == '/';
}

}  // namespace millrace
