// Reading files: one split a file, in blocks, decoded straight into columns.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "engine/connectors/filesystem/filesystem_options.h"
#include "engine/connectors/filesystem/path_pattern.h"
#include "types/cast.h"

namespace millrace::connectors::filesystem {
namespace {

constexpr size_t kBlockBytes = 1 << 20;
constexpr size_t kMaxRecordBytes = size_t{1} << 30;

// What readers deliver: wanted columns of the files, and how they and the constants of a file make up a chunk.
struct Projection {
  std::vector<formats::FieldPath> decoded;  // paths in the format's schema
  std::vector<int32_t> physical;            // wanted physical columns, in order
  std::vector<int32_t> metadata;            // wanted metadata columns, in order
};

// "%3D" back to "=", as partition directory names are escaped.
std::string Unescape(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    auto hex = [](char c) { return c <= '9' ? c - '0' : (c | 32) - 'a' + 10; };
    if (text[i] == '%' && i + 2 < text.size() && std::isxdigit(static_cast<unsigned char>(text[i + 1])) != 0 &&
        std::isxdigit(static_cast<unsigned char>(text[i + 2])) != 0) {
      out += static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

class FilesReader final : public SourceReader {
 public:
  FilesReader(const FilesTable& files, Projection projection, const ConnectorContext& context)
      : files_(files), projection_(std::move(projection)), context_(context) {}

  Status Open() {
    formats::DecoderSpec spec;
    for (int32_t column : files_.stored)
      spec.schema.fields.push_back(files_.table.physical[static_cast<size_t>(column)]);
    spec.wanted = projection_.decoded;
    spec.options = files_.format.options;
    spec.zone = context_.zone;
    spec.pool = context_.pool;
    types_ = formats::WantedTypes(spec.schema, spec.wanted);
    MR_ASSIGN(decoder_, files_.format.format->make_decoder(spec));
    return Status::Ok();
  }

  Status AddSplit(const Split& split) override {
    split_ = split;
    MR_ASSIGN(info_, FileSystem::Local()->Stat(split.id));
    MR_ASSIGN(file_, FileSystem::Local()->OpenForRead(split.id));
    read_offset_ = 0;
    if (!split.state.empty()) {
      MR_ASSIGN(read_offset_, ParseLong(split.state));
    }
    consumed_ = read_offset_;
    begin_ = end_ = 0;
    at_end_ = false;
    finished_ = false;
    buffer_ = nullptr;
    return MakeConstants();
  }

  Result<PollResult> Poll() override {
    PollResult result;
    if (file_ == nullptr) {
      result.status = PollStatus::kEnd;
      return result;
    }
    ChunkBuilder builder(types_, context_.pool, context_.chunk_rows);
    while (!builder.full()) {
      if (begin_ == end_ && at_end_) break;
      MR_ASSIGN(bool progressed, DecodeSome(builder));
      if (!progressed) MR_RETURN_IF_ERROR(ReadBlock());
    }
    if (builder.empty()) {
      file_ = nullptr;
      finished_ = true;
      result.status = PollStatus::kEnd;
      return result;
    }
    result.status = PollStatus::kRows;
    result.chunk = Complete(builder.Finish());
    return result;
  }

  std::vector<Split> SnapshotSplits() override {
    if (split_.id.empty() || finished_) return {};
    return {{split_.id, std::to_string(consumed_)}};
  }

 private:
  // False when a whole record is not there yet.
  Result<bool> DecodeSome(ChunkBuilder& builder) {
    if (begin_ == end_) return false;
    std::string_view block(reinterpret_cast<const char*>(buffer_->data()) + begin_, end_ - begin_);
    int64_t failed_line = 0;
    auto done = decoder_->DecodeLines(block, at_end_, buffer_, builder, &failed_line);
    if (!done.ok()) return AtLine(done.error(), failed_line);
    begin_ += done->bytes;
    consumed_ += static_cast<int64_t>(done->bytes);
    return done->bytes > 0 || builder.full();
  }

  // A buffer that no column refers to: fresh memory costs more than what is read into it.
  BufferPtr FreeBuffer(size_t bytes) {
    constexpr size_t kBuffersMax = 8;
    for (const BufferPtr& buffer : buffers_) {
      if (buffer->size() < bytes || buffer.use_count() > 1) continue;
      // Whoever let go of it last, in another thread, has read what it wanted: counting the copy is an acquiring
      // read-modify-write in libstdc++.
      return buffer;
    }
    BufferPtr buffer = Buffer::Allocate(context_.pool, bytes);
    if (buffers_.size() < kBuffersMax && bytes <= kBlockBytes + formats::kKeeperPaddingBytes)
      buffers_.push_back(buffer);
    return buffer;
  }

  // The next block behind what is left of the last one.
  Status ReadBlock() {
    size_t rest = end_ - begin_;
    if (rest > kMaxRecordBytes) {
      return UserError("format.record", fmt::format("{}: a record at byte {} is longer than {} bytes", split_.id,
                                                    consumed_, kMaxRecordBytes));
    }
    size_t room = std::max(kBlockBytes, rest * 2);
    BufferPtr next = FreeBuffer(room + formats::kKeeperPaddingBytes);
    if (rest > 0) std::memcpy(next->data(), buffer_->data() + begin_, rest);
    MR_ASSIGN(size_t read, file_->ReadAt(read_offset_, next->data() + rest, room - rest));
    std::memset(next->data() + rest + read, 0, formats::kKeeperPaddingBytes);
    read_offset_ += static_cast<int64_t>(read);
    at_end_ = read == 0;
    file_->WillRead(read_offset_, kBlockBytes);
    buffer_ = std::move(next);
    begin_ = 0;
    end_ = rest + read;
    return Status::Ok();
  }

  // The error with the file and the line, counted from the file's beginning.
  Error AtLine(Error error, int64_t line_in_block) {
    int64_t line = 1 + line_in_block;
    std::string part(kBlockBytes, '\0');
    for (int64_t at = 0; at < consumed_;) {
      auto read = file_->ReadAt(at, part.data(), static_cast<size_t>(std::min<int64_t>(consumed_ - at, kBlockBytes)));
      if (!read.ok() || *read == 0) break;
      line += std::count(part.begin(), part.begin() + static_cast<ptrdiff_t>(*read), '\n');
      at += static_cast<int64_t>(*read);
    }
    error.message = fmt::format("{}, line {}: {}", split_.id, line, error.message);
    return error;
  }

  // Partition values out of the path, and metadata.
  Status MakeConstants() {
    constants_.clear();
    for (int32_t column : projection_.physical) {
      const Field& field = files_.table.physical[static_cast<size_t>(column)];
      bool partition = std::find(files_.partitions.begin(), files_.partitions.end(), column) != files_.partitions.end();
      if (!partition) {
        constants_.push_back(nullptr);
        continue;
      }
      MR_ASSIGN(Value value, PartitionValue(field));
      constants_.push_back(MakeConstant(field.type, value, 1));
    }
    for (int32_t column : projection_.metadata) {
      const std::string& key = files_.table.metadata[static_cast<size_t>(column)].key;
      Value value = Value::String(split_.id);
      DataType type = DataType::String().NotNull();
      if (key == "file.name") value = Value::String(std::string(FileNameOf(split_.id)));
      if (key == "file.size") {
        value = Value::Int(info_.size_bytes);
        type = DataType::Bigint().NotNull();
      }
      if (key == "file.modification-time") {
        value = Value::Time({info_.modified_millis, 0, 0});
        type = DataType::TimestampLtz(3).NotNull();
      }
      constants_.push_back(MakeConstant(type, value, 1));
    }
    return Status::Ok();
  }

  Result<Value> PartitionValue(const Field& field) {
    std::string step = "/" + field.name + "=";
    size_t at = split_.id.rfind(step);
    if (at == std::string::npos) {
      return UserError("file.partition", fmt::format("the path '{}' has no directory '{}=…' for the partition column",
                                                     split_.id, field.name));
    }
    size_t start = at + step.size();
    std::string text = Unescape(split_.id.substr(start, split_.id.find('/', start) - start));
    if (text == files_.default_partition) return Value::Null();
    CastContext cast;
    cast.zone = context_.zone;
    return CastValue(Value::String(text), DataType::String(), field.type, cast);
  }

  Chunk Complete(Chunk decoded) {
    if (projection_.metadata.empty() && files_.partitions.empty()) return decoded;
    Chunk chunk;
    chunk.size = decoded.size;
    chunk.kinds = decoded.kinds;
    size_t next = 0;
    for (const ColumnPtr& constant : constants_) {
      if (constant == nullptr) {
        chunk.columns.push_back(decoded.columns[next++]);
      } else {
        chunk.columns.push_back(MakeConstant(constant->type(), constant->GetValue(0), chunk.size, context_.pool));
      }
    }
    return chunk;
  }

  const FilesTable& files_;
  Projection projection_;
  ConnectorContext context_;
  std::unique_ptr<formats::Decoder> decoder_;
  std::vector<DataType> types_;
  Split split_;
  FileInfo info_;
  std::unique_ptr<ReadableFile> file_;
  std::vector<BufferPtr> buffers_;  // for blocks; some are in use by columns
  BufferPtr buffer_;
  size_t begin_ = 0;
  size_t end_ = 0;
  int64_t read_offset_ = 0;
  int64_t consumed_ = 0;  // the position for snapshots
  bool at_end_ = false;
  bool finished_ = false;
  std::vector<ColumnPtr> constants_;  // by output column; null: decoded
};

class FilesSource final : public TableSource {
 public:
  explicit FilesSource(FilesTable files) : files_(std::move(files)) {
    for (int32_t i = 0; i < static_cast<int32_t>(files_.table.physical.size()); ++i) physical_.push_back(i);
    for (int32_t i = 0; i < static_cast<int32_t>(files_.table.metadata.size()); ++i) metadata_.push_back(i);
  }
  ChangelogMode changelog_mode() const override { return files_.format.format->decode_mode; }
  bool bounded() const override { return !files_.table.options.contains("source.monitor-interval"); }
  bool ApplyProjection(const std::vector<int32_t>& physical, const std::vector<int32_t>& metadata) override {
    physical_ = physical;
    metadata_ = metadata;
    nested_.clear();
    return true;
  }
  bool ApplyNestedProjection(const std::vector<std::vector<int32_t>>& paths) override {
    if (!files_.format.format->nested_projection || !files_.partitions.empty()) return false;
    nested_ = paths;
    return true;
  }
  Result<std::vector<Split>> EnumerateSplits(int32_t) override {
    auto regex = files_.table.options.find("source.path.regex-pattern");
    MR_ASSIGN(std::vector<FileInfo> found,
              FindFiles(*FileSystem::Local(), files_.path, regex == files_.table.options.end() ? "" : regex->second));
    std::vector<Split> splits;
    for (const FileInfo& file : found) splits.push_back({file.path, ""});
    return splits;
  }
  int64_t discovery_interval_ms() const override {
    auto interval = files_.table.options.find("source.monitor-interval");
    if (interval == files_.table.options.end()) return 0;
    auto parsed = ParseDuration(interval->second);
    return parsed.ok() ? parsed->count() : 0;
  }
  bool one_split_at_a_time() const override { return true; }

  Result<std::unique_ptr<SourceReader>> MakeReader(const ConnectorContext& context) override {
    Projection projection{{}, physical_, metadata_};
    if (!nested_.empty()) {
      projection.decoded = nested_;
    } else {
      for (int32_t column : physical_) {
        auto stored = std::find(files_.stored.begin(), files_.stored.end(), column);
        if (stored != files_.stored.end())
          projection.decoded.push_back({static_cast<int32_t>(stored - files_.stored.begin())});
      }
    }
    auto reader = std::make_unique<FilesReader>(files_, std::move(projection), context);
    MR_RETURN_IF_ERROR(reader->Open());
    return std::unique_ptr<SourceReader>(std::move(reader));
  }

 private:
  FilesTable files_;
  std::vector<int32_t> physical_;
  std::vector<int32_t> metadata_;
  std::vector<formats::FieldPath> nested_;
};

}  // namespace

Result<std::unique_ptr<TableSource>> MakeSource(const TableSpec& table, const ConnectorContext&) {
  MR_ASSIGN(FilesTable files, ReadTable(table));
  if (files.format.format->make_decoder == nullptr) {
    return UserError("format.no_decoder", fmt::format("format '{}' cannot be read", files.format.format->name));
  }
  return std::unique_ptr<TableSource>(std::make_unique<FilesSource>(std::move(files)));
}

}  // namespace millrace::connectors::filesystem
