// The records of one state as a snapshot holds them: one after another, key group (int32), for keyed ones the key with
// its length, the value with its length.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace millrace::state {

struct SnapshotRecord {
  int32_t key_group = -1;  // -1: broadcast
  std::string_view key;
  std::string_view value;
};

// Written by one thread, then only read. Kept in pieces, so that it grows without being copied; no record stands in two
// of them.
class StateRecords {
 public:
  void AddKeyed(int32_t key_group, std::string_view key, std::string_view value);
  void AddBroadcast(std::string_view value);
  // A piece of encoded records as a whole, `count` of them with key groups from `first` to `last`.
  void AddPiece(std::string piece, uint64_t count, int32_t first, int32_t last);

  const std::vector<std::string>& pieces() const { return pieces_; }
  uint64_t count() const { return count_; }
  uint64_t bytes() const;
  // Of the keyed records; first > last when there are none.
  int32_t first_group() const { return first_group_; }
  int32_t last_group() const { return last_group_; }

 private:
  // The piece that the next record goes into.
  std::string& Open(size_t record_bytes);

  std::vector<std::string> pieces_;
  uint64_t count_ = 0;
  int32_t first_group_ = INT32_MAX;
  int32_t last_group_ = -1;
};

// Takes a record from the front of `in`; false when it is cut short.
bool TakeRecord(std::string_view& in, SnapshotRecord* record);

}  // namespace millrace::state
