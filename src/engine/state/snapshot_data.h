// The inside of a JobSnapshot, and how an operator's part becomes the bytes of a data file and back. Private to this
// folder.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
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

struct StateBlock {
  std::string name;
  int32_t version = 0;
  StateRecords records;
};

// What one writer wrote. Blocks stay where they are.
struct SnapshotPart {
  std::deque<StateBlock> blocks;
};

struct JobSnapshot::Impl {
  mutable std::mutex mutex;
  std::map<std::string, std::vector<std::shared_ptr<SnapshotPart>>> operators;
  std::map<std::string, std::string> metadata;
};

// One part as a whole file, given to `append` piece by piece. Decode checks everything; `file` is for messages.
using AppendBytes = std::function<Status(std::string_view bytes)>;
// Gives the checksum of all bytes.
Result<uint32_t> EncodeDataFile(const std::string& operator_id, const SnapshotPart& part, const AppendBytes& append);
Status DecodeDataFile(const std::string& file, std::string_view bytes, std::string* operator_id, SnapshotPart* part);

Error SnapshotCorrupt(const std::string& file, uint64_t offset, const std::string& what);

}  // namespace millrace::state
