// The canonical records of accumulators in snapshots: integers, texts and values of SQL types as bytes, and back.
// Little-endian, independent of slot layout; part of the snapshot format.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/result.h"
#include "types/column.h"
#include "types/value.h"

namespace millrace::functions {

template <typename T>
void PutFixed(std::string& out, const T& value) {
  static_assert(std::is_trivially_copyable_v<T>);
  out.append(reinterpret_cast<const char*>(&value), sizeof(T));
}
void PutVarint(std::string& out, uint64_t value);
void PutBytes(std::string& out, std::string_view bytes);  // length, then the bytes
// A value of `type`; NULL too, at every depth. Equal values give equal bytes.
void PutValue(std::string& out, const Value& value, const DataType& type);
// The same bytes as PutValue(column.GetValue(row)), without boxing the common types.
void PutValueOf(std::string& out, const Column& column, int32_t row);

// Reads a record front to back. After a read beyond the end every read gives zeros, and Finish() fails.
class RecordReader {
 public:
  explicit RecordReader(std::string_view record) : rest_(record) {}

  template <typename T>
  T Fixed() {
    T value{};
    if (Need(sizeof(T))) {
      std::memcpy(&value, rest_.data(), sizeof(T));
      rest_.remove_prefix(sizeof(T));
    }
    return value;
  }
  uint64_t Varint();
  std::string_view Bytes();
  Value ReadValue(const DataType& type) { return ReadNested(type, 0); }
  bool failed() const { return failed_; }
  size_t remaining() const { return rest_.size(); }
  // Fails with code "snapshot.corrupt" unless everything was read and nothing was missing.
  Status Finish() const;

 private:
  bool Need(size_t bytes) {
    if (rest_.size() >= bytes) return true;
    failed_ = true;
    rest_ = {};
    return false;
  }
  Value ReadNested(const DataType& type, int depth);
  Value ReadItems(const DataType& type, int depth);

  std::string_view rest_;
  bool failed_ = false;
};

}  // namespace millrace::functions
