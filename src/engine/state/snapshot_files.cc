// JobSnapshot as a folder: one data file per part, one for the metadata, and MANIFEST, which is written last and names
// them all.
//
// A data file: "MRSTATE\n", format version (uint32), operator id, number of states (uint32); per state its name,
// version, first and last key group (int32 each), number of records and their bytes (uint64 each) and the records; at
// the end the CRC-32C of everything before. The manifest is text: a first line with the format version, a line per file
// with its length and checksum, and a last line with the checksum of the lines before it.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdio>

#include "base/file_system.h"
#include "engine/state/crc32c.h"
#include "engine/state/snapshot_data.h"
#include "engine/state/value_codec.h"

namespace millrace::state {
namespace {

constexpr std::string_view kMagic = "MRSTATE\n";
constexpr std::string_view kManifestStart = "millrace snapshot ";
constexpr const char* kManifestName = "MANIFEST";

// Errors of files, as errors of snapshots.
Error AsSnapshotError(Error error) {
  error.code = "snapshot.io";
  return error;
}

Status WriteSynced(FileSystem& files, const std::string& path, std::string_view bytes) {
  auto write = [&]() -> Status {
    MR_ASSIGN(std::unique_ptr<WritableFile> file, files.OpenForWrite(path));
    MR_RETURN_IF_ERROR(file->Append(bytes));
    MR_RETURN_IF_ERROR(file->Sync());
    return file->Close();
  };
  Status status = write();
  return status.ok() ? status : Status(AsSnapshotError(status.error()));
}

Result<std::string> ReadWhole(FileSystem& files, const std::string& path) {
  Result<std::string> bytes = ReadFile(files, path);
  if (!bytes.ok()) return AsSnapshotError(bytes.error());
  return bytes;
}

Error NewerVersion(const std::string& file, uint64_t version) {
  return ExternalError(
      "snapshot.version",
      fmt::format("'{}' has snapshot format {}; this program reads up to {}", file, version, kSnapshotFormatVersion),
      "restore it with the version of millrace that wrote it, or a later one");
}

}  // namespace

Error SnapshotCorrupt(const std::string& file, uint64_t offset, const std::string& what) {
  return ExternalError("snapshot.corrupt", fmt::format("'{}' is damaged at byte {}: {}", file, offset, what),
                       "restore from another snapshot");
}

std::string EncodeDataFile(const std::string& operator_id, const SnapshotPart& part) {
  std::string out(kMagic);
  PutFixed(kSnapshotFormatVersion, out);
  PutBytes(operator_id, out);
  PutFixed(static_cast<uint32_t>(part.blocks.size()), out);
  for (const StateBlock& block : part.blocks) {
    PutBytes(block.name, out);
    PutFixed(block.version, out);
    PutFixed(block.first_group, out);
    PutFixed(block.last_group, out);
    PutFixed(block.count, out);
    PutFixed(static_cast<uint64_t>(block.records.size()), out);
    out += block.records;
  }
  PutFixed(Crc32c(out), out);
  return out;
}

namespace {

Status DecodeBlock(const std::string& file, std::string_view whole, std::string_view& left, StateBlock* block) {
  auto offset = [&] { return static_cast<uint64_t>(left.data() - whole.data()); };
  std::string_view name;
  uint64_t bytes = 0;
  if (!TakeBytes(left, &name) || !TakeFixed(left, &block->version) || !TakeFixed(left, &block->first_group) ||
      !TakeFixed(left, &block->last_group) || !TakeFixed(left, &block->count) || !TakeFixed(left, &bytes) ||
      left.size() < bytes) {
    return SnapshotCorrupt(file, offset(), "a state is cut short");
  }
  block->name = name;
  std::string_view records = left.substr(0, bytes);
  block->records = records;
  SnapshotRecord record;
  for (uint64_t i = 0; i < block->count; ++i) {
    if (!TakeRecord(records, &record)) {
      return SnapshotCorrupt(file, static_cast<uint64_t>(records.data() - whole.data()),
                             fmt::format("a record of '{}' is cut short", block->name));
    }
    if (record.key_group < -1 ||
        (record.key_group >= 0 && (record.key_group < block->first_group || record.key_group > block->last_group))) {
      return SnapshotCorrupt(file, static_cast<uint64_t>(records.data() - whole.data()),
                             fmt::format("a record of '{}' has key group {}", block->name, record.key_group));
    }
  }
  if (!records.empty()) {
    return SnapshotCorrupt(file, static_cast<uint64_t>(records.data() - whole.data()),
                           "more records than were counted");
  }
  left.remove_prefix(bytes);
  return Status::Ok();
}

}  // namespace

Status DecodeDataFile(const std::string& file, std::string_view bytes, std::string* operator_id, SnapshotPart* part) {
  if (!bytes.starts_with(kMagic)) return SnapshotCorrupt(file, 0, "this is no snapshot file");
  std::string_view left = bytes.substr(kMagic.size());
  uint32_t version = 0;
  if (!TakeFixed(left, &version)) return SnapshotCorrupt(file, kMagic.size(), "the file is cut short");
  if (version > kSnapshotFormatVersion) return NewerVersion(file, version);
  if (left.size() < sizeof(uint32_t)) return SnapshotCorrupt(file, bytes.size(), "the file is cut short");
  uint32_t stored = 0;
  std::string_view tail = left.substr(left.size() - sizeof(stored));
  left.remove_suffix(sizeof(stored));
  static_cast<void>(TakeFixed(tail, &stored));
  if (Crc32c(bytes.substr(0, bytes.size() - sizeof(stored))) != stored) {
    return SnapshotCorrupt(file, bytes.size() - sizeof(stored), "the checksum does not match");
  }
  std::string_view id;
  uint32_t states = 0;
  if (!TakeBytes(left, &id) || !TakeFixed(left, &states)) {
    return SnapshotCorrupt(file, static_cast<uint64_t>(left.data() - bytes.data()), "the operator id is cut short");
  }
  *operator_id = id;
  for (uint32_t i = 0; i < states; ++i) {
    StateBlock block;
    MR_RETURN_IF_ERROR(DecodeBlock(file, bytes, left, &block));
    part->blocks.push_back(std::move(block));
  }
  if (!left.empty()) {
    return SnapshotCorrupt(file, static_cast<uint64_t>(left.data() - bytes.data()), "there is more than the states");
  }
  return Status::Ok();
}

namespace {

// Operator ids may hold any character; metadata travels as a part of its own.
constexpr const char* kMetadataId = "";
constexpr const char* kMetadataState = "metadata";

SnapshotPart MetadataPart(const std::map<std::string, std::string>& metadata) {
  SnapshotPart part;
  StateBlock block;
  block.name = kMetadataState;
  block.version = 1;
  for (const auto& [name, value] : metadata) {
    std::string record;
    PutBytes(name, record);
    record += value;
    PutFixed<int32_t>(-1, block.records);
    PutBytes(record, block.records);
    ++block.count;
  }
  part.blocks.push_back(std::move(block));
  return part;
}

Status ReadMetadata(const std::string& file, const SnapshotPart& part, std::map<std::string, std::string>* metadata) {
  for (const StateBlock& block : part.blocks) {
    std::string_view left = block.records;
    SnapshotRecord record;
    while (TakeRecord(left, &record)) {
      std::string_view name;
      std::string_view value = record.value;
      if (!TakeBytes(value, &name)) return SnapshotCorrupt(file, 0, "the metadata is cut short");
      metadata->emplace(name, value);
    }
  }
  return Status::Ok();
}

Status WriteDataFile(FileSystem& files, const std::string& directory, const std::string& name, const std::string& bytes,
                     std::string* manifest) {
  MR_RETURN_IF_ERROR(WriteSynced(files, JoinPath(directory, name), bytes));
  *manifest += fmt::format("file {} {} {:08x}\n", name, bytes.size(), Crc32c(bytes));
  return Status::Ok();
}

struct ManifestEntry {
  std::string file;
  uint64_t bytes = 0;
  uint32_t crc = 0;
};

// The lines of a manifest whose own checksum is right.
Result<std::vector<ManifestEntry>> ParseManifest(const std::string& path, std::string_view text) {
  if (!text.starts_with(kManifestStart)) return SnapshotCorrupt(path, 0, "this is no snapshot manifest");
  uint64_t version = 0;
  std::from_chars(text.data() + kManifestStart.size(), text.data() + text.size(), version);
  if (version > kSnapshotFormatVersion) return NewerVersion(path, version);
  size_t last = text.rfind("end ");
  if (last == std::string_view::npos || !text.ends_with('\n')) {
    return SnapshotCorrupt(path, text.size(), "the manifest is cut short");
  }
  uint32_t crc = 0;
  std::from_chars(text.data() + last + 4, text.data() + text.size(), crc, 16);
  if (version == 0 || crc != Crc32c(text.substr(0, last))) {
    return SnapshotCorrupt(path, last, "the checksum does not match");
  }
  std::vector<ManifestEntry> entries;
  size_t at = text.find('\n') + 1;
  while (at < last) {
    size_t end = text.find('\n', at);
    std::string line(text.substr(at, end - at));
    ManifestEntry entry;
    char name[64];
    unsigned long long bytes = 0;  // NOLINT: sscanf's type
    if (std::sscanf(line.c_str(), "file %63s %llu %x", name, &bytes, &entry.crc) != 3) {
      return SnapshotCorrupt(path, at, "unknown line '" + line + "'");
    }
    entry.file = name;
    entry.bytes = bytes;
    if (entry.file.find('/') != std::string::npos) return SnapshotCorrupt(path, at, "a file outside of the folder");
    entries.push_back(entry);
    at = end + 1;
  }
  return entries;
}

}  // namespace

Status JobSnapshot::WriteTo(const std::string& directory, FileSystem* files) const {
  std::lock_guard lock(impl_->mutex);
  Status made = files->MakeDirectories(directory);
  if (!made.ok()) return AsSnapshotError(made.error());
  std::string manifest_path = JoinPath(directory, kManifestName);
  if (files->Exists(manifest_path)) {
    return ExternalError("snapshot.io", fmt::format("'{}' already holds a snapshot", directory),
                         "choose another folder; a snapshot is never changed");
  }
  std::string manifest = fmt::format("{}{}\n", kManifestStart, kSnapshotFormatVersion);
  std::string metadata = EncodeDataFile(kMetadataId, MetadataPart(impl_->metadata));
  MR_RETURN_IF_ERROR(WriteDataFile(*files, directory, "metadata.mrs", metadata, &manifest));
  int number = 0;
  for (const auto& [id, parts] : impl_->operators) {
    for (const auto& part : parts) {
      std::string name = fmt::format("state-{:05}.mrs", number++);
      MR_RETURN_IF_ERROR(WriteDataFile(*files, directory, name, EncodeDataFile(id, *part), &manifest));
    }
  }
  manifest += fmt::format("end {:08x}\n", Crc32c(manifest));
  std::string temporary = manifest_path + ".tmp";
  MR_RETURN_IF_ERROR(WriteSynced(*files, temporary, manifest));
  auto publish = [&]() -> Status {
    MR_RETURN_IF_ERROR(files->SyncDirectory(directory));
    MR_RETURN_IF_ERROR(files->Rename(temporary, manifest_path));
    return files->SyncDirectory(directory);
  };
  Status published = publish();
  return published.ok() ? published : Status(AsSnapshotError(published.error()));
}

Result<JobSnapshot> JobSnapshot::ReadFrom(const std::string& directory, FileSystem* files) {
  std::string manifest_path = JoinPath(directory, kManifestName);
  MR_ASSIGN(std::string manifest, ReadWhole(*files, manifest_path));
  MR_ASSIGN(std::vector<ManifestEntry> entries, ParseManifest(manifest_path, manifest));
  JobSnapshot snapshot;
  for (const ManifestEntry& entry : entries) {
    std::string path = JoinPath(directory, entry.file);
    MR_ASSIGN(std::string bytes, ReadWhole(*files, path));
    auto part = std::make_unique<SnapshotPart>();
    std::string id;
    MR_RETURN_IF_ERROR(DecodeDataFile(path, bytes, &id, part.get()));
    if (bytes.size() != entry.bytes || Crc32c(bytes) != entry.crc) {
      return SnapshotCorrupt(path, std::min<uint64_t>(bytes.size(), entry.bytes), "it is not the file of the manifest");
    }
    if (id == kMetadataId) {
      MR_RETURN_IF_ERROR(ReadMetadata(path, *part, &snapshot.impl_->metadata));
    } else {
      snapshot.impl_->operators[id].push_back(std::move(part));
    }
  }
  return snapshot;
}

}  // namespace millrace::state
