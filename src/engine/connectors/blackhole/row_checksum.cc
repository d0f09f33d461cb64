#include "engine/connectors/blackhole/row_checksum.h"

#include <bit>
#include <cmath>
#include <cstring>

namespace millrace::connectors {
namespace {

constexpr uint64_t kFactor = 0x9E3779B97F4A7C15ULL;
constexpr uint64_t kNullWord = 0xA5A5A5A5A5A5A5A5ULL;

uint64_t Mix(uint64_t hash, uint64_t word) {
  uint64_t x = (hash ^ word) * kFactor;
  return x ^ (x >> 32);
}

uint64_t MixDouble(uint64_t hash, double value) {
  return Mix(hash, std::isnan(value) ? 0x7FF8000000000000ULL : std::bit_cast<uint64_t>(value));
}

uint64_t MixText(uint64_t hash, std::string_view text) {
  size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    uint64_t word;
    std::memcpy(&word, text.data() + at, 8);
    hash = Mix(hash, word);
  }
  if (at < text.size()) {
    uint64_t word = 0;
    std::memcpy(&word, text.data() + at, text.size() - at);
    hash = Mix(hash, word);
  }
  return Mix(hash, text.size());
}

template <typename T, typename F>
void MixColumn(const Column& column, RowSet rows, std::vector<uint64_t>& hashes, const F& mix) {
  ColumnReader<T> reader(column);
  for (int32_t i = 0; i < rows.count(); ++i) {
    int32_t row = rows[i];
    uint64_t& hash = hashes[static_cast<size_t>(i)];
    hash = reader.IsNull(row) ? Mix(hash, kNullWord) : mix(hash, reader[row]);
  }
}

template <typename T>
void MixIntegers(const Column& column, RowSet rows, std::vector<uint64_t>& hashes) {
  MixColumn<T>(column, rows, hashes,
               [](uint64_t hash, T value) { return Mix(hash, static_cast<uint64_t>(static_cast<int64_t>(value))); });
}

void MixNulls(RowSet rows, std::vector<uint64_t>& hashes) {
  for (int32_t i = 0; i < rows.count(); ++i)
    hashes[static_cast<size_t>(i)] = Mix(hashes[static_cast<size_t>(i)], kNullWord);
}

void MixAny(const Column& column, RowSet rows, std::vector<uint64_t>& hashes) {
  switch (column.type().physical()) {
    case PhysicalKind::kNone:
      return MixNulls(rows, hashes);
    case PhysicalKind::kBool:
      return MixColumn<uint8_t>(column, rows, hashes, [](uint64_t hash, uint8_t value) { return Mix(hash, value); });
    case PhysicalKind::kInt8:
      return MixIntegers<int8_t>(column, rows, hashes);
    case PhysicalKind::kInt16:
      return MixIntegers<int16_t>(column, rows, hashes);
    case PhysicalKind::kInt32:
      return MixIntegers<int32_t>(column, rows, hashes);
    case PhysicalKind::kInt64:
      return MixIntegers<int64_t>(column, rows, hashes);
    case PhysicalKind::kFloat:
      return MixColumn<float>(column, rows, hashes, [](uint64_t hash, float value) { return MixDouble(hash, value); });
    case PhysicalKind::kDouble:
      return MixColumn<double>(column, rows, hashes, MixDouble);
    case PhysicalKind::kInt128: {
      bool wide = column.type().precision() > 18;
      return MixColumn<int128_t>(column, rows, hashes, [wide](uint64_t hash, int128_t value) {
        hash = Mix(hash, static_cast<uint64_t>(value));
        return wide ? Mix(hash, static_cast<uint64_t>(value >> 64)) : hash;
      });
    }
    case PhysicalKind::kTimestamp:
      return MixColumn<Timestamp>(column, rows, hashes, [](uint64_t hash, const Timestamp& value) {
        return Mix(Mix(hash, static_cast<uint64_t>(value.millis)), static_cast<uint64_t>(value.nanos));
      });
    case PhysicalKind::kString:
      return MixColumn<StringRef>(column, rows, hashes,
                                  [](uint64_t hash, const StringRef& value) { return MixText(hash, value.view()); });
    case PhysicalKind::kList:
    case PhysicalKind::kRow:
      return MixNulls(rows, hashes);  // nested types have no rule yet; every row counts the same
  }
}

}  // namespace

void RowChecksum::Add(const Chunk& chunk) {
  RowSet rows = chunk.rows();
  hashes_.assign(static_cast<size_t>(rows.count()), kFactor);
  for (const ColumnPtr& column : chunk.columns) MixAny(*column, rows, hashes_);
  for (int32_t i = 0; i < rows.count(); ++i) {
    uint64_t hash = hashes_[static_cast<size_t>(i)];
    sum_ += IsAddition(chunk.kind(rows[i])) ? hash : -hash;
  }
}

}  // namespace millrace::connectors
