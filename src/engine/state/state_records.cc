#include "engine/state/state_records.h"

#include <algorithm>

#include "engine/state/value_codec.h"

namespace millrace::state {
namespace {

constexpr size_t kFirstPieceBytes = 4096;
constexpr size_t kPieceBytes = 1024 * 1024;
constexpr size_t kRecordOverhead = 12;  // key group and two lengths

}  // namespace

std::string& StateRecords::Open(size_t record_bytes) {
  bool full = !pieces_.empty() && pieces_.back().size() + record_bytes > pieces_.back().capacity();
  if (pieces_.empty() || (full && pieces_.back().size() + record_bytes > kPieceBytes)) {
    pieces_.emplace_back().reserve(std::max(record_bytes, pieces_.size() > 1 ? kPieceBytes : kFirstPieceBytes));
  } else if (full) {  // the first piece grows up to the usual size
    pieces_.back().reserve(std::min(kPieceBytes, std::max(pieces_.back().capacity() * 2, record_bytes * 2)));
  }
  return pieces_.back();
}

void StateRecords::AddKeyed(int32_t key_group, std::string_view key, std::string_view value) {
  std::string& piece = Open(kRecordOverhead + key.size() + value.size());
  PutFixed(key_group, piece);
  PutBytes(key, piece);
  PutBytes(value, piece);
  first_group_ = std::min(first_group_, key_group);
  last_group_ = std::max(last_group_, key_group);
  ++count_;
}

void StateRecords::AddBroadcast(std::string_view value) {
  std::string& piece = Open(kRecordOverhead + value.size());
  PutFixed<int32_t>(-1, piece);
  PutBytes(value, piece);
  ++count_;
}

void StateRecords::AddPiece(std::string piece, uint64_t count, int32_t first, int32_t last) {
  pieces_.push_back(std::move(piece));
  count_ += count;
  first_group_ = std::min(first_group_, first);
  last_group_ = std::max(last_group_, last);
}

uint64_t StateRecords::bytes() const {
  uint64_t bytes = 0;
  for (const std::string& piece : pieces_) bytes += piece.size();
  return bytes;
}

bool TakeRecord(std::string_view& in, SnapshotRecord* record) {
  if (!TakeFixed(in, &record->key_group)) return false;
  record->key = {};
  if (record->key_group >= 0 && !TakeBytes(in, &record->key)) return false;
  return TakeBytes(in, &record->value);
}

}  // namespace millrace::state
