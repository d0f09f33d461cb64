// Snapshots: what an operator writes at a checkpoint and reads at a restore. Canonical records, independent of
// parallelism.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/file_system.h"
#include "base/result.h"
#include "engine/state/state_records.h"

namespace millrace::state {

class KeyedTable;

constexpr int32_t kDefaultMaxParallelism = 128;

// Key groups [first, last] that a subtask owns. Flink's rule: subtask i of p gets the groups g with g * p / max == i.
struct KeyGroupRange {
  int32_t first = 0;
  int32_t last = kDefaultMaxParallelism - 1;
  bool Contains(int32_t group) const { return group >= first && group <= last; }
};
KeyGroupRange KeyGroupsOf(int32_t subtask, int32_t parallelism, int32_t max_parallelism);
inline int32_t SubtaskOf(int32_t key_group, int32_t parallelism, int32_t max_parallelism) {
  return key_group * parallelism / max_parallelism;
}

// The named hash of keys that partitioning and state use; part of the snapshot format. Equal for integers of equal
// value whatever their width. `bytes` is the canonical encoding of a key (see key_encoder.h).
uint64_t KeyHash(std::string_view bytes);
inline int32_t KeyGroupOf(uint64_t hash, int32_t max_parallelism) {
  return static_cast<int32_t>(((hash >> 32) * static_cast<uint64_t>(max_parallelism)) >> 32);
}

// Receives the state of one operator instance. Records of one state stand together; keyed records carry their key
// group.
class SnapshotWriter {
 public:
  virtual ~SnapshotWriter() = default;
  // Starts a state; `version` is that of its record layout.
  virtual Status BeginState(std::string_view name, int32_t version) = 0;
  virtual Status KeyedRecord(int32_t key_group, std::string_view key, std::string_view value) = 0;
  // Not keyed: on restore every instance sees all of them (split positions, watermarks).
  virtual Status BroadcastRecord(std::string_view value) = 0;
  // The entries of a table as they are now, as records of the state begun last: `save` is called once for each and adds
  // its records. kInUse: the writer of a running job may do that little by little, while the table is used; what `save`
  // may refer to, and what the table's user has to care for, is said at KeyedTable::StartSave.
  enum class SaveTime : uint8_t { kAtOnce, kInUse };
  using SaveEntry = std::function<void(const uint8_t* entry, StateRecords& records)>;
  virtual Status Entries(KeyedTable& table, SaveTime time, SaveEntry save) = 0;
};

// Tables that are being saved while they are used. Owned by one operator's stage; not thread-safe. The tables outlive
// their turn in it.
class TableSaves {
 public:
  bool done() const { return tables_.empty(); }
  void Add(KeyedTable& table) { tables_.push_back(&table); }
  // Saves some more entries, about `entries` of them. True: all is saved.
  bool SaveMore(int32_t entries);
  // Nobody wants what is not saved yet.
  void Drop();

 private:
  std::vector<KeyedTable*> tables_;
};

// Gives back the records of one operator instance: keyed records of its key groups, broadcast records of all former
// instances.
class SnapshotReader {
 public:
  virtual ~SnapshotReader() = default;
  // Version of the state, or -1 when the snapshot has no such state.
  virtual int32_t StateVersion(std::string_view name) const = 0;
  virtual Status ForEach(std::string_view name, const std::function<Status(const SnapshotRecord&)>& visit) = 0;
};

// What a snapshot holds of one state of one operator, over all instances that wrote it.
struct StateSummary {
  std::string operator_id;
  std::string name;
  int32_t version = 0;    // of the record layout
  int32_t instances = 0;  // that wrote records
  int64_t records = 0;
  int64_t bytes = 0;
  KeyGroupRange groups{0, -1};  // of the keyed records; first > last when there are none
};

// A snapshot of a job: operator id → state name → records. Written to and read from one directory: immutable data
// files, and a manifest (format version, CRC32C of each file) that is written last.
class JobSnapshot {
 public:
  JobSnapshot();
  ~JobSnapshot();
  JobSnapshot(JobSnapshot&&) noexcept;
  JobSnapshot& operator=(JobSnapshot&&) noexcept;

  // A writer for one subtask of an operator. Thread-safe among different writers. Tables are put into `saves`, and what
  // they hold into the snapshot as they are saved, which may go on when the writer and the snapshot are gone; null:
  // they are saved at once.
  std::unique_ptr<SnapshotWriter> Writer(const std::string& operator_id, TableSaves* saves = nullptr);
  // Null when the snapshot has nothing of that operator.
  std::unique_ptr<SnapshotReader> Reader(const std::string& operator_id, KeyGroupRange range) const;
  std::vector<std::string> OperatorIds() const;
  // States with records, by operator and name.
  std::vector<StateSummary> Summaries() const;
  // Free text that travels with the snapshot: the SQL, the plan.
  void SetMetadata(const std::string& name, std::string value);
  std::string Metadata(const std::string& name) const;

  // Both verify and report code "snapshot.corrupt" / "snapshot.version" / "snapshot.io" with file and offset.
  Status WriteTo(const std::string& directory, FileSystem* files = FileSystem::Local()) const;
  static Result<JobSnapshot> ReadFrom(const std::string& directory, FileSystem* files = FileSystem::Local());

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace millrace::state
