// Writing files: in progress under a hidden name, visible under the final name after the commit.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <mutex>

#include "base/random.h"
#include "engine/connectors/filesystem/filesystem_options.h"
#include "engine/connectors/sink_mode.h"
#include "types/cast.h"

namespace millrace::connectors::filesystem {
namespace {

// As Flink escapes partition values in directory names.
std::string Escape(std::string_view text) {
  std::string out;
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    bool special =
        byte < 0x20 || byte == 0x7F || std::string_view("\"#%'*/:=?\\{[]^").find(c) != std::string_view::npos;
    out += special ? fmt::format("%{:02X}", byte) : std::string(1, c);
  }
  return out;
}

class FilesWriter final : public SinkWriter {
 public:
  FilesWriter(const FilesTable& files, const ConnectorContext& context, std::string id)
      : files_(files), context_(context), id_(std::move(id)) {}

  Status Open() {
    formats::EncoderSpec spec;
    for (int32_t column : files_.stored)
      spec.schema.fields.push_back(files_.table.physical[static_cast<size_t>(column)]);
    spec.options = files_.format.options;
    spec.zone = context_.zone;
    MR_ASSIGN(encoder_, files_.format.format->make_encoder(spec));
    if (Option("sink.partition-commit.policy.kind").find("success-file") != std::string::npos) {
      success_file_ = Option("sink.partition-commit.success-file.name");
    }
    MR_ASSIGN(roll_bytes_, ParseMemorySize(Option("sink.rolling-policy.file-size")));
    return Status::Ok();
  }

  Status Write(const Chunk& chunk) override {
    Chunk stored;
    stored.size = chunk.size;
    for (int32_t column : files_.stored) stored.columns.push_back(chunk.columns[static_cast<size_t>(column)]);
    RowSet rows = chunk.rows();
    for (int32_t i = 0; i < rows.count(); ++i) {
      MR_ASSIGN(OpenFile * file, FileFor(chunk, rows[i]));
      line_.clear();
      MR_RETURN_IF_ERROR(encoder_->Encode(stored, rows[i], chunk.kind(rows[i]), line_));
      line_ += '\n';
      file->pending += line_;
      file->bytes += static_cast<int64_t>(line_.size());
      constexpr size_t kFlushBytes = 1 << 18;
      if (file->pending.size() >= kFlushBytes) MR_RETURN_IF_ERROR(Flush(*file));
    }
    return RollLargeFiles();
  }

  // What an earlier token named and nobody has committed yet is in the token again: committing twice has no effect, and
  // a token that went astray with its checkpoint loses nothing.
  Result<std::string> Prepare(bool end_of_input) override {
    while (!open_.empty()) {
      MR_RETURN_IF_ERROR(CloseFile(open_.begin()->second));
      open_.erase(open_.begin());
    }
    std::string token;
    std::lock_guard lock(prepared_mutex_);
    for (PreparedFile& file : prepared_) {
      file.in_checkpoint = file.in_checkpoint || !end_of_input;
      token += file.in_progress + "\n" + file.final_name + "\n";
    }
    return token;
  }

  Status Commit(const std::string& token) override {
    size_t at = 0;
    while (at < token.size()) {
      size_t middle = token.find('\n', at);
      size_t end = token.find('\n', middle + 1);
      if (middle == std::string::npos || end == std::string::npos) {
        return InternalError("a commit of files cannot be read");
      }
      std::string from = token.substr(at, middle - at);
      MR_RETURN_IF_ERROR(CommitFile(from, token.substr(middle + 1, end - middle - 1)));
      std::lock_guard lock(prepared_mutex_);
      std::erase_if(prepared_, [&from](const PreparedFile& file) { return file.in_progress == from; });
      at = end + 1;
    }
    return Status::Ok();
  }

  // Files that a checkpoint names stay, under their hidden names: a restored job may still commit them.
  void Abort() override {
    for (auto& [directory, file] : open_) static_cast<void>(FileSystem::Local()->Remove(file.in_progress));
    std::lock_guard lock(prepared_mutex_);
    for (const PreparedFile& file : prepared_) {
      if (!file.in_checkpoint) static_cast<void>(FileSystem::Local()->Remove(file.in_progress));
    }
    open_.clear();
    prepared_.clear();
  }

 private:
  struct OpenFile {
    std::unique_ptr<WritableFile> writer;
    std::string in_progress;
    std::string final_name;
    std::string pending;
    int64_t bytes = 0;  // written and pending
  };
  // A file that is complete and waits for its commit.
  struct PreparedFile {
    std::string in_progress;
    std::string final_name;
    bool in_checkpoint = false;
  };

  std::string Option(std::string_view key) const {
    for (const OptionSpec& spec : kOptions) {
      if (spec.key == key) return GetString(files_.table.options, spec).value_or("");
    }
    return "";
  }

  Status RollLargeFiles() {
    for (auto it = open_.begin(); it != open_.end();) {
      if (it->second.bytes < roll_bytes_) {
        ++it;
        continue;
      }
      MR_RETURN_IF_ERROR(CloseFile(it->second));
      it = open_.erase(it);
    }
    return Status::Ok();
  }

  Status CloseFile(OpenFile& file) {
    MR_RETURN_IF_ERROR(Flush(file));
    MR_RETURN_IF_ERROR(file.writer->Sync());
    MR_RETURN_IF_ERROR(file.writer->Close());
    std::lock_guard lock(prepared_mutex_);
    prepared_.push_back({file.in_progress, file.final_name});
    return Status::Ok();
  }

  Status CommitFile(const std::string& from, const std::string& to) const {
    FileSystem* files = FileSystem::Local();
    // An earlier life has finished this commit; whoever takes the finished files away may even have moved it since.
    if (!files->Exists(from)) return Status::Ok();
    MR_RETURN_IF_ERROR(files->Rename(from, to));
    std::string directory(DirectoryOf(to));
    if (!success_file_.empty() && !files_.partitions.empty()) {
      MR_ASSIGN(auto success, files->OpenForWrite(directory + "/" + success_file_));
      MR_RETURN_IF_ERROR(success->Close());
    }
    return files->SyncDirectory(directory);
  }

  static Status Flush(OpenFile& file) {
    MR_RETURN_IF_ERROR(file.writer->Append(file.pending));
    file.pending.clear();
    return Status::Ok();
  }

  Result<OpenFile*> FileFor(const Chunk& chunk, int32_t row) {
    std::string directory = files_.path;
    for (int32_t column : files_.partitions) {
      const Field& field = files_.table.physical[static_cast<size_t>(column)];
      Value value = chunk.columns[static_cast<size_t>(column)]->GetValue(row);
      std::string text = value.IsNull() ? files_.default_partition : ToText(value, field.type, context_.zone);
      directory += "/" + Escape(field.name) + "=" + (text.empty() ? files_.default_partition : Escape(text));
    }
    auto found = open_.find(directory);
    if (found != open_.end()) return &found->second;
    MR_RETURN_IF_ERROR(FileSystem::Local()->MakeDirectories(directory));
    OpenFile file;
    // A writer that comes after a restart must not take the names of its predecessor's files.
    do {
      std::string name = fmt::format("part-{}-{}-{}", id_, context_.subtask, next_file_++);
      file.in_progress = fmt::format("{}/.{}.inprogress", directory, name);
      file.final_name = directory + "/" + name;
    } while (FileSystem::Local()->Exists(file.final_name) || FileSystem::Local()->Exists(file.in_progress));
    MR_ASSIGN(file.writer, FileSystem::Local()->OpenForWrite(file.in_progress));
    return &open_.emplace(directory, std::move(file)).first->second;
  }

  const FilesTable& files_;
  ConnectorContext context_;
  std::string id_;
  std::unique_ptr<formats::Encoder> encoder_;
  std::map<std::string, OpenFile> open_;
  std::mutex prepared_mutex_;  // commits come from another thread than rows
  std::vector<PreparedFile> prepared_;
  std::string success_file_;  // written into each committed partition; empty: none
  int64_t roll_bytes_ = INT64_MAX;
  std::string line_;
  int64_t next_file_ = 0;
};

class FilesSink final : public TableSink {
 public:
  FilesSink(FilesTable files, uint64_t seed) : files_(std::move(files)) {
    Random random(seed ^ 0x66696C6573ULL);
    uint64_t a = random.Next();
    uint64_t b = random.Next();
    id_ = fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", a >> 32, (a >> 16) & 0xFFFF, a & 0xFFFF, b >> 48,
                      b & 0xFFFFFFFFFFFFULL);
  }
  Result<ChangelogMode> AcceptedMode(const ChangelogMode& query) const override {
    if (files_.format.format->encode_mode.IsInsertOnly()) MR_RETURN_IF_ERROR(RequireInsertOnly(files_.table, query));
    return files_.format.format->encode_mode;
  }
  std::optional<int32_t> parallelism() const override { return SinkParallelism(files_.table); }
  Result<std::unique_ptr<SinkWriter>> MakeWriter(const ConnectorContext& context) override {
    auto writer = std::make_unique<FilesWriter>(files_, context, id_);
    MR_RETURN_IF_ERROR(writer->Open());
    return std::unique_ptr<SinkWriter>(std::move(writer));
  }

 private:
  FilesTable files_;
  std::string id_;
};

}  // namespace

Result<std::unique_ptr<TableSink>> MakeSink(const TableSpec& table, const ConnectorContext& context) {
  MR_ASSIGN(FilesTable files, ReadTable(table));
  if (files.format.format->make_encoder == nullptr) {
    return UserError("format.no_encoder", fmt::format("format '{}' cannot be written", files.format.format->name));
  }
  auto existing = FileSystem::Local()->Stat(files.path);
  if (existing.ok() && !existing->is_directory) {
    return UserError("file.exists",
                     fmt::format("'{}' is a file; table {} writes into a directory", files.path, table.name));
  }
  uint64_t seed = context.seed != 0 ? context.seed : Random::EntropySeed();
  return std::unique_ptr<TableSink>(std::make_unique<FilesSink>(std::move(files), seed));
}

}  // namespace millrace::connectors::filesystem
