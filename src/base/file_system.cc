// The local file system, over POSIX calls.
#include "base/file_system.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

namespace millrace {
namespace {

Error FileError(std::string_view verb, const std::string& path) {
  int code = errno;
  char text[256];
  std::string reason = strerror_r(code, text, sizeof(text));
  std::string message = fmt::format("Cannot {} '{}': {}", verb, path, reason);
  if (code == ENOENT || code == ENOTDIR) return ExternalError("file.missing", std::move(message), "check the path");
  if (code == EACCES || code == EPERM) return ExternalError("file.io", std::move(message), "check the permissions");
  return ExternalError("file.io", std::move(message));
}

// Closes a descriptor at the end of its life.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int number() const { return number_; }
  int Release() { return std::exchange(number_, -1); }

 private:
  int number_;
};

class LocalReadableFile final : public ReadableFile {
 public:
  LocalReadableFile(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}

  Result<size_t> ReadAt(int64_t offset, void* to, size_t bytes) override {
    size_t done = 0;
    while (done < bytes) {
      ssize_t count = ::pread(descriptor_.number(), static_cast<char*>(to) + done, bytes - done,
                              offset + static_cast<int64_t>(done));
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return FileError("read", path_);
      if (count == 0) break;
      done += static_cast<size_t>(count);
    }
    return done;
  }

  void WillRead(int64_t offset, size_t bytes) override {
    static_cast<void>(::posix_fadvise(descriptor_.number(), offset, static_cast<off_t>(bytes), POSIX_FADV_WILLNEED));
  }

 private:
  std::string path_;
  Descriptor descriptor_;
};

class LocalWritableFile final : public WritableFile {
 public:
  LocalWritableFile(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}

  Status Append(std::string_view bytes) override {
    while (!bytes.empty()) {
      ssize_t count = ::write(descriptor_.number(), bytes.data(), bytes.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return FileError("write", path_);
      bytes.remove_prefix(static_cast<size_t>(count));
    }
    return Status::Ok();
  }

  Status Sync() override {
    if (::fdatasync(descriptor_.number()) != 0) return FileError("sync", path_);
    return Status::Ok();
  }

  Status Close() override {
    int number = descriptor_.Release();
    if (number >= 0 && ::close(number) != 0) return FileError("close", path_);
    return Status::Ok();
  }

 private:
  std::string path_;
  Descriptor descriptor_;
};

FileInfo InfoOf(const std::string& path, const struct stat& found) {
  int64_t millis = static_cast<int64_t>(found.st_mtim.tv_sec) * 1000 + found.st_mtim.tv_nsec / 1'000'000;
  return {path, found.st_size, millis, S_ISDIR(found.st_mode)};
}

class LocalFileLock final : public FileLock {
 public:
  explicit LocalFileLock(int descriptor) : descriptor_(descriptor) {}

 private:
  Descriptor descriptor_;  // closing it gives the lock back
};

class LocalFileSystem final : public FileSystem {
 public:
  Result<std::unique_ptr<ReadableFile>> OpenForRead(const std::string& path) override {
    int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return FileError("open", path);
    return std::unique_ptr<ReadableFile>(new LocalReadableFile(path, descriptor));
  }

  Result<std::unique_ptr<WritableFile>> OpenForWrite(const std::string& path, bool append) override {
    int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | (append ? O_APPEND : O_TRUNC), 0644);
    if (descriptor < 0) return FileError("write", path);
    return std::unique_ptr<WritableFile>(new LocalWritableFile(path, descriptor));
  }

  Result<FileInfo> Stat(const std::string& path) override {
    struct stat found {};
    if (::stat(path.c_str(), &found) != 0) return FileError("find", path);
    return InfoOf(path, found);
  }

  Result<std::vector<FileInfo>> List(const std::string& directory) override {
    std::unique_ptr<DIR, int (*)(DIR*)> handle(::opendir(directory.c_str()), ::closedir);
    if (handle == nullptr) return FileError("list", directory);
    std::vector<FileInfo> entries;
    errno = 0;
    while (const dirent* entry = ::readdir(handle.get())) {
      std::string_view name = entry->d_name;
      if (name == "." || name == "..") continue;
      std::string path = JoinPath(directory, name);
      struct stat found {};
      // A file that went away since readdir() is no error.
      if (::stat(path.c_str(), &found) == 0) entries.push_back(InfoOf(path, found));
      errno = 0;
    }
    if (errno != 0) return FileError("list", directory);
    std::ranges::sort(entries, {}, &FileInfo::path);
    return entries;
  }

  Status MakeDirectories(const std::string& path) override {
    for (size_t slash = path.find('/', 1);; slash = path.find('/', slash + 1)) {
      std::string part = path.substr(0, slash);
      if (!part.empty() && ::mkdir(part.c_str(), 0755) != 0 && errno != EEXIST)
        return FileError("create the directory", part);
      if (slash == std::string::npos) return Status::Ok();
    }
  }

  Status Rename(const std::string& from, const std::string& to) override {
    if (::rename(from.c_str(), to.c_str()) != 0) return FileError(fmt::format("rename to '{}' the file", to), from);
    return Status::Ok();
  }

  Status Remove(const std::string& path) override {
    if (std::remove(path.c_str()) != 0 && errno != ENOENT) return FileError("remove", path);
    return Status::Ok();
  }

  Result<std::unique_ptr<FileLock>> TryLock(const std::string& path) override {
    Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (descriptor.number() < 0) return FileError("lock", path);
    if (::flock(descriptor.number(), LOCK_EX | LOCK_NB) != 0) {
      if (errno == EWOULDBLOCK) return std::unique_ptr<FileLock>();
      return FileError("lock", path);
    }
    return std::unique_ptr<FileLock>(std::make_unique<LocalFileLock>(descriptor.Release()));
  }

  Status SyncDirectory(const std::string& path) override {
    Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (descriptor.number() < 0 || ::fsync(descriptor.number()) != 0) return FileError("sync", path);
    return Status::Ok();
  }
};

}  // namespace

FileSystem* FileSystem::Local() {
  static FileSystem* files = new LocalFileSystem();
  return files;
}

Result<std::string> ReadFile(FileSystem& files, const std::string& path) {
  MR_ASSIGN(std::unique_ptr<ReadableFile> file, files.OpenForRead(path));
  constexpr size_t kStepBytes = 1 << 16;
  std::string text;
  for (;;) {
    size_t size = text.size();
    text.resize(size + kStepBytes);
    MR_ASSIGN(size_t count, file->ReadAt(static_cast<int64_t>(size), text.data() + size, kStepBytes));
    text.resize(size + count);
    if (count < kStepBytes) return text;
  }
}

Status WriteFileAtomically(FileSystem& files, const std::string& path, std::string_view text) {
  std::string next = path + ".new";
  MR_ASSIGN(std::unique_ptr<WritableFile> file, files.OpenForWrite(next));
  MR_RETURN_IF_ERROR(file->Append(text));
  MR_RETURN_IF_ERROR(file->Sync());
  MR_RETURN_IF_ERROR(file->Close());
  MR_RETURN_IF_ERROR(files.Rename(next, path));
  return files.SyncDirectory(std::string(DirectoryOf(path)));
}

std::string JoinPath(std::string_view directory, std::string_view name) {
  if (directory.empty() || name.starts_with('/')) return std::string(name);
  std::string path(directory);
  if (!path.ends_with('/')) path += '/';
  path += name;
  return path;
}

std::string_view DirectoryOf(std::string_view path) {
  size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return ".";
  return path.substr(0, std::max<size_t>(slash, 1));
}

std::string_view FileNameOf(std::string_view path) {
  size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

}  // namespace millrace
