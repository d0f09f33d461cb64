// Canonical bytes of a value: what keys are compared and hashed by, and what snapshot records are made of. Independent
// of machine, parallelism and of the width of integers.
//
// A field is one byte 0 for NULL, else one byte 1 and: BOOLEAN, TINYINT … BIGINT, DATE, TIME, intervals: the value as 8
// bytes; FLOAT 4, DOUBLE 8 bytes (every NaN has the same bits; -0.0 and 0.0 differ); DECIMAL: the unscaled value as 16
// bytes; timestamps: 8 bytes of milliseconds and 4 of nanoseconds; strings: 4 bytes of length, then the bytes; lists: 4
// bytes of length, then the fields of each element (MAP: key, value); rows: the fields. All numbers are little-endian.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/result.h"
#include "types/column.h"
#include "types/value.h"

namespace millrace::state {

template <typename T>
void PutFixed(T value, std::string& out) {
  static_assert(std::is_trivially_copyable_v<T> && std::endian::native == std::endian::little);
  out.append(reinterpret_cast<const char*>(&value), sizeof(T));
}

// Takes a number from the front of `in`; false when `in` is too short.
template <typename T>
[[nodiscard]] bool TakeFixed(std::string_view& in, T* value) {
  if (in.size() < sizeof(T)) return false;
  std::memcpy(value, in.data(), sizeof(T));
  in.remove_prefix(sizeof(T));
  return true;
}

// A text with its length in front, and back.
void PutBytes(std::string_view bytes, std::string& out);
// The same for a text that is appended to `out` between the two calls.
inline size_t BeginBytes(std::string& out) {
  PutFixed(uint32_t{0}, out);
  return out.size();
}
inline void EndBytes(size_t begun, std::string& out) {
  auto size = static_cast<uint32_t>(out.size() - begun);
  std::memcpy(out.data() + begun - sizeof(size), &size, sizeof(size));
}
[[nodiscard]] bool TakeBytes(std::string_view& in, std::string_view* bytes);

// Every NaN as the one canonical NaN.
inline float CanonicalFloat(float v) { return v == v ? v : std::bit_cast<float>(0x7FC00000U); }
inline double CanonicalDouble(double v) { return v == v ? v : std::bit_cast<double>(0x7FF8000000000000ULL); }

// Appends the field of row `row`; of every type.
void AppendField(const Column& column, int32_t row, std::string& out);
void AppendValueField(const Value& value, const DataType& type, std::string& out);
inline void AppendNullField(std::string& out) { out.push_back('\0'); }
inline void AppendIntField(int64_t value, std::string& out) {
  out.push_back('\1');
  PutFixed(value, out);
}

// Takes a field of the builder's type from the front of `in`. Fails with code "snapshot.corrupt".
Status TakeField(std::string_view& in, ColumnBuilder& out);
Result<Value> TakeValue(std::string_view& in, const DataType& type);

// A whole row, and back.
void AppendValueRow(const ValueRow& row, const std::vector<DataType>& types, std::string& out);
Result<ValueRow> TakeValueRow(std::string_view& in, const std::vector<DataType>& types);

// The failure of a record that does not hold what its state promises.
Error CorruptRecord(std::string_view what);

}  // namespace millrace::state
