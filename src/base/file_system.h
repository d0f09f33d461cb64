// Files come in through here, so that tests and a simulation can stand between. Errors: "file.missing", "file.io", with
// the path.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace millrace {

struct FileInfo {
  std::string path;
  int64_t size_bytes = 0;
  int64_t modified_millis = 0;  // since 1970-01-01T00:00:00Z
  bool is_directory = false;
};

// An open file to read from. Not thread-safe.
class ReadableFile {
 public:
  virtual ~ReadableFile() = default;
  // Reads up to `bytes` at `offset`; fewer only at the end of the file (0: the end).
  virtual Result<size_t> ReadAt(int64_t offset, void* to, size_t bytes) = 0;
  // These bytes will be read soon; a hint.
  virtual void WillRead(int64_t offset, size_t bytes) { static_cast<void>(offset), static_cast<void>(bytes); }
};

// A file that is being written. Closed by the destructor, without an error report: call Close() to know.
class WritableFile {
 public:
  virtual ~WritableFile() = default;
  virtual Status Append(std::string_view bytes) = 0;
  // What was appended survives a crash of the machine.
  virtual Status Sync() = 0;
  virtual Status Close() = 0;
};

// Held by one process at a time; given back by the destructor, and by the end of the process.
class FileLock {
 public:
  virtual ~FileLock() = default;
};

// Thread-safe. Paths are plain paths, without "file://".
class FileSystem {
 public:
  virtual ~FileSystem() = default;
  virtual Result<std::unique_ptr<ReadableFile>> OpenForRead(const std::string& path) = 0;
  // Creates the file, or empties it; with `append` it writes behind what is there.
  virtual Result<std::unique_ptr<WritableFile>> OpenForWrite(const std::string& path, bool append = false) = 0;
  virtual Result<FileInfo> Stat(const std::string& path) = 0;
  // What is directly in a directory, sorted by path.
  virtual Result<std::vector<FileInfo>> List(const std::string& directory) = 0;
  // The directory and those above it; without effect if it is there.
  virtual Status MakeDirectories(const std::string& path) = 0;
  // Replaces `to` in one step.
  virtual Status Rename(const std::string& from, const std::string& to) = 0;
  // A file or an empty directory; without effect if it is not there.
  virtual Status Remove(const std::string& path) = 0;
  // Takes the lock of a file or directory. Null: it is held, by another process or by this one.
  virtual Result<std::unique_ptr<FileLock>> TryLock(const std::string& path) = 0;
  // The names in a directory (made, renamed, removed) survive a crash of the machine.
  virtual Status SyncDirectory(const std::string& path) = 0;

  bool Exists(const std::string& path) { return Stat(path).ok(); }

  // The machine's files. Never destroyed.
  static FileSystem* Local();
};

// The whole of a file as text.
Result<std::string> ReadFile(FileSystem& files, const std::string& path);
// Writes a file so that after a crash it holds either all of `text` or what it held before.
Status WriteFileAtomically(FileSystem& files, const std::string& path, std::string_view text);

// "a/b" and "c" → "a/b/c". An absolute `name` stands for itself.
std::string JoinPath(std::string_view directory, std::string_view name);
// "a/b/c" → "a/b"; "c" → "."; "/c" → "/".
std::string_view DirectoryOf(std::string_view path);
// "a/b/c" → "c".
std::string_view FileNameOf(std::string_view path);

}  // namespace millrace
