// The inside of a JobSnapshot, and how an operator's part becomes the bytes of a data file and back. Private to this
// folder.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/state/snapshot.h"

namespace millrace::state {

constexpr uint32_t kSnapshotFormatVersion = 1;

// The records of one state, one after another: key group (int32), for keyed ones the key with its length, the value
// with its length.
struct StateBlock {
  std::string name;
  int32_t version = 0;
  int32_t first_group = INT32_MAX;  // of the keyed records; first > last when there are none
  int32_t last_group = -1;
  uint64_t count = 0;
  std::string records;
};

// What one writer wrote.
struct SnapshotPart {
  std::vector<StateBlock> blocks;
};

struct JobSnapshot::Impl {
  mutable std::mutex mutex;
  std::map<std::string, std::vector<std::unique_ptr<SnapshotPart>>> operators;
  std::map<std::string, std::string> metadata;
};

// Takes a record from the front of `in`; false when it is cut short.
bool TakeRecord(std::string_view& in, SnapshotRecord* record);

// One part as a whole file. Decode checks everything; `file` is for messages.
std::string EncodeDataFile(const std::string& operator_id, const SnapshotPart& part);
Status DecodeDataFile(const std::string& file, std::string_view bytes, std::string* operator_id, SnapshotPart* part);

Error SnapshotCorrupt(const std::string& file, uint64_t offset, const std::string& what);

}  // namespace millrace::state
