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

Result<uint32_t> EncodeDataFile(const std::string& operator_id, const SnapshotPart& part, const AppendBytes& append) {
  uint32_t crc = 0;
  auto put = [&](std::string_view bytes) -> Status {
    crc = Crc32c(bytes, crc);
    return append(bytes);
  };
  std::string head(kMagic);
  PutFixed(kSnapshotFormatVersion, head);
  PutBytes(operator_id, head);
  PutFixed(static_cast<uint32_t>(part.blocks.size()), head);
  MR_RETURN_IF_ERROR(put(head));
  for (const StateBlock& block : part.blocks) {
    head.clear();
    PutBytes(block.name, head);
    PutFixed(block.version, head);
    PutFixed(block.records.first_group(), head);
    PutFixed(block.records.last_group(), head);
    PutFixed(block.records.count(), head);
    PutFixed(block.records.bytes(), head);
    MR_RETURN_IF_ERROR(put(head));
    for (const std::string& piece : block.records.pieces()) MR_RETURN_IF_ERROR(put(piece));
  }
  std::string tail;
  PutFixed(crc, tail);
  MR_RETURN_IF_ERROR(put(tail));
  return crc;
}

namespace {

Status DecodeBlock(const std::string& file, std::string_view whole, std::string_view& left, StateBlock* block) {
  auto corrupt_at = [&](std::string_view at, const std::string& what) {
    return SnapshotCorrupt(file, static_cast<uint64_t>(at.data() - whole.data()), what);
  };
  std::string_view name;
  int32_t first_group = 0;
  int32_t last_group = 0;
  uint64_t count = 0;
  uint64_t bytes = 0;
  if (!TakeBytes(left, &name) || !TakeFixed(left, &block->version) || !TakeFixed(left, &first_group) ||
      !TakeFixed(left, &last_group) || !TakeFixed(left, &count) || !TakeFixed(left, &bytes) || left.size() < bytes) {
    return corrupt_at(left, "a state is cut short");
  }
  block->name = name;
  std::string_view records = left.substr(0, bytes);
  SnapshotRecord record;
  for (uint64_t i = 0; i < count; ++i) {
    if (!TakeRecord(records, &record)) {
      return corrupt_at(records, fmt::format("a record of '{}' is cut short", block->name));
    }
    if (record.key_group < -1 ||
        (record.key_group >= 0 && (record.key_group < first_group || record.key_group > last_group))) {
      return corrupt_at(records, fmt::format("a record of '{}' has key group {}", block->name, record.key_group));
    }
  }
  if (!records.empty()) return corrupt_at(records, "more records than were counted");
  block->records.AddPiece(std::string(left.substr(0, bytes)), count, first_group, last_group);
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
    MR_RETURN_IF_ERROR(DecodeBlock(file, bytes, left, &part->blocks.emplace_back()));
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
  StateBlock& block = part.blocks.emplace_back();
  block.name = kMetadataState;
  block.version = 1;
  for (const auto& [name, value] : metadata) {
    std::string record;
    PutBytes(name, record);
    record += value;
    block.records.AddBroadcast(record);
  }
  return part;
}

Status ReadMetadata(const std::string& file, const SnapshotPart& part, std::map<std::string, std::string>* metadata) {
  for (const StateBlock& block : part.blocks) {
    for (std::string_view piece : block.records.pieces()) {
      SnapshotRecord record;
      while (TakeRecord(piece, &record)) {
        std::string_view name;
        std::string_view value = record.value;
        if (!TakeBytes(value, &name)) return SnapshotCorrupt(file, 0, "the metadata is cut short");
        metadata->emplace(name, value);
      }
    }
  }
  return Status::Ok();
}

// Writes one part and adds its line to the manifest.
Status WriteDataFile(FileSystem& files, const std::string& directory, const std::string& name,
                     const std::string& operator_id, const SnapshotPart& part, std::string* manifest) {
  uint64_t bytes = 0;
  uint32_t crc = 0;
  auto write = [&]() -> Status {
    MR_ASSIGN(std::unique_ptr<WritableFile> file, files.OpenForWrite(JoinPath(directory, name)));
    MR_ASSIGN(crc, EncodeDataFile(operator_id, part, [&](std::string_view piece) {
                bytes += piece.size();
                return file->Append(piece);
              }));
    MR_RETURN_IF_ERROR(file->Sync());
    return file->Close();
  };
  Status written = write();
  if (!written.ok()) return AsSnapshotError(written.error());
  *manifest += fmt::format("file {} {} {:08x}\n", name, bytes, crc);
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
  MR_RETURN_IF_ERROR(
      WriteDataFile(*files, directory, "metadata.mrs", kMetadataId, MetadataPart(impl_->metadata), &manifest));
  int number = 0;
  for (const auto& [id, parts] : impl_->operators) {
    for (const auto& part : parts) {
      std::string name = fmt::format("state-{:05}.mrs", number++);
      MR_RETURN_IF_ERROR(WriteDataFile(*files, directory, name, id, *part, &manifest));
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
    auto part = std::make_shared<SnapshotPart>();
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
