// fuzz-modules: state
// Any bytes as a snapshot's data file or manifest, with checksums that are right, so that what stands behind them is
// reached: a snapshot that can be read can be written and read again, any other gives a coded error.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/file_system.h"
#include "engine/state/crc32c.h"
#include "engine/state/snapshot.h"

namespace millrace::state {
namespace {

// One folder of files in memory.
class MemoryFiles final : public FileSystem {
 public:
  std::map<std::string, std::string> files;

  Result<std::unique_ptr<ReadableFile>> OpenForRead(const std::string& path) override {
    auto found = files.find(path);
    if (found == files.end()) return Missing(path);
    return std::unique_ptr<ReadableFile>(std::make_unique<Reader>(found->second));
  }
  Result<std::unique_ptr<WritableFile>> OpenForWrite(const std::string& path, bool append) override {
    if (!append) files[path].clear();
    return std::unique_ptr<WritableFile>(std::make_unique<Writer>(files[path]));
  }
  Result<FileInfo> Stat(const std::string& path) override {
    auto found = files.find(path);
    if (found == files.end()) return Missing(path);
    return FileInfo{path, static_cast<int64_t>(found->second.size()), 0, false};
  }
  Result<std::vector<FileInfo>> List(const std::string&) override { return std::vector<FileInfo>(); }
  Status MakeDirectories(const std::string&) override { return Status::Ok(); }
  Status Rename(const std::string& from, const std::string& to) override {
    files[to] = std::move(files[from]);
    files.erase(from);
    return Status::Ok();
  }
  Status Remove(const std::string& path) override {
    files.erase(path);
    return Status::Ok();
  }
  Result<std::unique_ptr<FileLock>> TryLock(const std::string&) override { return std::make_unique<FileLock>(); }
  Status SyncDirectory(const std::string&) override { return Status::Ok(); }

 private:
  class Reader final : public ReadableFile {
   public:
    explicit Reader(const std::string& text) : text_(text) {}
    Result<size_t> ReadAt(int64_t offset, void* to, size_t bytes) override {
      auto at = static_cast<size_t>(offset);
      if (at >= text_.size()) return size_t{0};
      size_t count = std::min(bytes, text_.size() - at);
      std::memcpy(to, text_.data() + at, count);
      return count;
    }

   private:
    const std::string& text_;
  };
  class Writer final : public WritableFile {
   public:
    explicit Writer(std::string& text) : text_(text) {}
    Status Append(std::string_view bytes) override {
      text_ += bytes;
      return Status::Ok();
    }
    Status Sync() override { return Status::Ok(); }
    Status Close() override { return Status::Ok(); }

   private:
    std::string& text_;
  };
  static Error Missing(const std::string& path) { return ExternalError("file.missing", path); }
};

std::string WithChecksum(std::string body) {
  uint32_t crc = Crc32c(body);
  body.append(reinterpret_cast<const char*>(&crc), sizeof(crc));
  return body;
}

std::string ManifestOf(const std::string& lines) {
  std::string text = "millrace snapshot 1\n" + lines;
  return text + fmt::format("end {:08x}\n", Crc32c(text));
}

void ReadTwice(MemoryFiles& files) {
  auto snapshot = JobSnapshot::ReadFrom("s", &files);
  if (!snapshot.ok()) {
    if (!snapshot.error().code.starts_with("snapshot.")) std::abort();
    return;
  }
  if (!snapshot->WriteTo("t", &files).ok()) std::abort();
  auto again = JobSnapshot::ReadFrom("t", &files);
  if (!again.ok() || again->OperatorIds() != snapshot->OperatorIds()) std::abort();
  if (again->Summaries().size() != snapshot->Summaries().size()) std::abort();
}

}  // namespace
}  // namespace millrace::state

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using millrace::state::MemoryFiles;
  if (size == 0) return 0;
  std::string body(reinterpret_cast<const char*>(data + 1), size - 1);
  MemoryFiles files;
  if (data[0] % 2 == 0) {
    std::string file = millrace::state::WithChecksum("MRSTATE\n" + body);
    files.files["s/x"] = file;
    files.files["s/MANIFEST"] =
        millrace::state::ManifestOf(fmt::format("file x {} {:08x}\n", file.size(), millrace::state::Crc32c(file)));
  } else {
    files.files["s/MANIFEST"] = millrace::state::ManifestOf(body);
  }
  millrace::state::ReadTwice(files);
  return 0;
}
