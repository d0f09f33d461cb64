#include "engine/state/key_encoder.h"

#include <cstring>

#include "engine/state/value_codec.h"

namespace millrace::state {
namespace {

constexpr uint64_t kSeed = 0x9E3779B97F4A7C15ULL;
constexpr uint64_t kLengthFactor = 0xA0761D6478BD642FULL;
constexpr uint64_t kWordFactor = 0xE7037ED1A0B428DBULL;
constexpr uint64_t kTailFactor = 0x8EBC6AF09C88C6E3ULL;
constexpr uint64_t kLastMask = 0x589965CC75374CC3ULL;
constexpr uint64_t kLastFactor = 0x1D8E4E27C47D124FULL;

// 128-bit product folded to 64 bits.
inline uint64_t Fold(uint64_t a, uint64_t b) {
  uint128_t product = static_cast<uint128_t>(a) * b;
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

inline uint64_t HashStart(uint64_t length) { return kSeed ^ (length * kLengthFactor); }
inline uint64_t HashWord(uint64_t h, uint64_t word) { return Fold(h ^ word, kWordFactor); }
inline uint64_t HashEnd(uint64_t h, uint64_t tail) {
  h = Fold(h ^ tail, kTailFactor);
  return Fold(h ^ kLastMask, kLastFactor);
}

// Of the canonical bytes 01 v0…v7 (9 bytes).
inline uint64_t HashOne(int64_t value) {
  auto v = static_cast<uint64_t>(value);
  return HashEnd(HashWord(HashStart(9), 1 | (v << 8)), v >> 56);
}

// Of 01 a0…a7 01 b0…b7 (18 bytes).
inline uint64_t HashTwo(int64_t first, int64_t second) {
  auto a = static_cast<uint64_t>(first);
  auto b = static_cast<uint64_t>(second);
  uint64_t h = HashWord(HashStart(18), 1 | (a << 8));
  h = HashWord(h, (a >> 56) | (uint64_t{1} << 8) | (b << 16));
  return HashEnd(h, b >> 48);
}

bool IsIntegerKind(PhysicalKind kind) {
  return kind == PhysicalKind::kBool || kind == PhysicalKind::kInt8 || kind == PhysicalKind::kInt16 ||
         kind == PhysicalKind::kInt32 || kind == PhysicalKind::kInt64;
}

template <typename T>
void LoadTyped(const Column& column, RowSet rows, int64_t* out, uint8_t* nulls, uint8_t null_bit) {
  ColumnReader<T> reader(column);
  int32_t n = rows.count();
  if (!reader.MayHaveNulls()) {
    if (reader.IsFlat() && rows.IsAll()) {
      const T* values = reader.values();
      for (int32_t i = 0; i < n; ++i) out[i] = values[i];
    } else {
      for (int32_t i = 0; i < n; ++i) out[i] = reader[rows[i]];
    }
    return;
  }
  for (int32_t i = 0; i < n; ++i) {
    int32_t row = rows[i];
    bool null = reader.IsNull(row);
    out[i] = null ? 0 : reader[row];
    nulls[i] = static_cast<uint8_t>(nulls[i] | (null ? null_bit : 0));
  }
}

void LoadIntegers(const Column& column, RowSet rows, int64_t* out, uint8_t* nulls, uint8_t null_bit) {
  switch (column.type().physical()) {
    case PhysicalKind::kBool:
      return LoadTyped<uint8_t>(column, rows, out, nulls, null_bit);
    case PhysicalKind::kInt8:
      return LoadTyped<int8_t>(column, rows, out, nulls, null_bit);
    case PhysicalKind::kInt16:
      return LoadTyped<int16_t>(column, rows, out, nulls, null_bit);
    case PhysicalKind::kInt32:
      return LoadTyped<int32_t>(column, rows, out, nulls, null_bit);
    case PhysicalKind::kInt64:
      return LoadTyped<int64_t>(column, rows, out, nulls, null_bit);
    case PhysicalKind::kNone:
    case PhysicalKind::kFloat:
    case PhysicalKind::kDouble:
    case PhysicalKind::kInt128:
    case PhysicalKind::kTimestamp:
    case PhysicalKind::kString:
    case PhysicalKind::kList:
    case PhysicalKind::kRow:
      return;
  }
}

}  // namespace

uint64_t KeyHash(std::string_view bytes) {
  uint64_t h = HashStart(bytes.size());
  const char* at = bytes.data();
  size_t left = bytes.size();
  while (left >= 8) {
    uint64_t word;
    std::memcpy(&word, at, 8);
    h = HashWord(h, word);
    at += 8;
    left -= 8;
  }
  uint64_t tail = 0;
  if (left > 0) std::memcpy(&tail, at, left);
  return HashEnd(h, tail);
}

uint64_t HashOf(const KeyView& key) {
  if (key.shape == KeyShape::kBytes) return KeyHash(key.bytes);
  if (key.nulls == 0) return key.shape == KeyShape::kInt64 ? HashOne(key.first) : HashTwo(key.first, key.second);
  std::string bytes;
  AppendKeyBytes(key, bytes);
  return KeyHash(bytes);
}

KeyShape ShapeOf(std::span<const DataType> types) {
  if (types.empty() || types.size() > 2) return KeyShape::kBytes;
  for (const DataType& type : types) {
    if (!IsIntegerKind(type.physical())) return KeyShape::kBytes;
  }
  return types.size() == 1 ? KeyShape::kInt64 : KeyShape::kTwoInt64;
}

KeyView KeyBatch::View(int32_t i) const {
  auto at = static_cast<size_t>(i);
  KeyView view;
  view.shape = shape;
  view.hash = hashes[at];
  if (shape == KeyShape::kBytes) {
    view.bytes = Bytes(i);
    return view;
  }
  view.nulls = nulls[at];
  view.first = first[at];
  if (shape == KeyShape::kTwoInt64) view.second = second[at];
  return view;
}

KeyEncoder::KeyEncoder(std::vector<int32_t> columns, std::vector<DataType> types, bool extra_integer)
    : columns_(std::move(columns)), types_(std::move(types)), extra_integer_(extra_integer) {
  if (extra_integer_) types_.push_back(DataType::Bigint().NotNull());
  shape_ = ShapeOf(types_);
}

void KeyEncoder::Encode(std::span<const ColumnPtr> chunk_columns, RowSet rows, KeyBatch& out) const {
  MR_DCHECK(!extra_integer_);
  EncodeWith(chunk_columns, rows, nullptr, out);
}

void KeyEncoder::EncodeWith(std::span<const ColumnPtr> chunk_columns, RowSet rows, const int64_t* extra,
                            KeyBatch& out) const {
  out.shape = shape_;
  out.count = rows.count();
  out.hashes.resize(static_cast<size_t>(out.count));
  if (shape_ == KeyShape::kBytes) {
    EncodeBytes(chunk_columns, rows, extra, out);
  } else {
    EncodeIntegers(chunk_columns, rows, extra, out);
  }
}

void KeyEncoder::EncodeIntegers(std::span<const ColumnPtr> chunk_columns, RowSet rows, const int64_t* extra,
                                KeyBatch& out) const {
  auto n = static_cast<size_t>(out.count);
  out.first.resize(n);
  out.nulls.assign(n, 0);
  if (shape_ == KeyShape::kTwoInt64) out.second.resize(n);
  for (size_t c = 0; c < types_.size(); ++c) {
    int64_t* to = c == 0 ? out.first.data() : out.second.data();
    if (c < columns_.size()) {
      const Column& column = *chunk_columns[static_cast<size_t>(columns_[c])];
      LoadIntegers(column, rows, to, out.nulls.data(), static_cast<uint8_t>(1 << c));
    } else {
      std::memcpy(to, extra, n * sizeof(int64_t));
    }
  }
  if (shape_ == KeyShape::kInt64) {
    for (size_t i = 0; i < n; ++i) out.hashes[i] = HashOne(out.first[i]);
  } else {
    for (size_t i = 0; i < n; ++i) out.hashes[i] = HashTwo(out.first[i], out.second[i]);
  }
  for (size_t i = 0; i < n; ++i) {
    if (out.nulls[i] != 0) out.hashes[i] = HashOf(out.View(static_cast<int32_t>(i)));
  }
}

namespace {

// Writes canonical bytes column by column: sizes are known first, then each row has a cursor.
struct BytesWriter {
  RowSet rows;
  uint32_t* sizes;  // first pass: bytes of each row so far
  char* base;       // second pass
  uint32_t* cursors;

  template <typename T>
  void FixedSizes(const Column& column, uint32_t bytes) const {
    ColumnReader<T> reader(column);
    for (int32_t i = 0; i < rows.count(); ++i) sizes[i] += reader.IsNull(rows[i]) ? 1 : 1 + bytes;
  }

  template <typename T, typename Convert>
  void WriteFixed(const Column& column, Convert convert) const {
    ColumnReader<T> reader(column);
    for (int32_t i = 0; i < rows.count(); ++i) {
      char* to = base + cursors[i];
      if (reader.IsNull(rows[i])) {
        *to = 0;
        cursors[i] += 1;
        continue;
      }
      auto value = convert(reader[rows[i]]);
      *to = 1;
      std::memcpy(to + 1, &value, sizeof(value));
      cursors[i] += 1 + static_cast<uint32_t>(sizeof(value));
    }
  }

  void StringSizes(const Column& column) const {
    ColumnReader<StringRef> reader(column);
    for (int32_t i = 0; i < rows.count(); ++i) sizes[i] += reader.IsNull(rows[i]) ? 1 : 5 + reader[rows[i]].size();
  }

  void WriteStrings(const Column& column) const {
    ColumnReader<StringRef> reader(column);
    for (int32_t i = 0; i < rows.count(); ++i) {
      char* to = base + cursors[i];
      if (reader.IsNull(rows[i])) {
        *to = 0;
        cursors[i] += 1;
        continue;
      }
      const StringRef& text = reader[rows[i]];
      uint32_t size = text.size();
      *to = 1;
      std::memcpy(to + 1, &size, sizeof(size));
      std::memcpy(to + 5, text.data(), size);
      cursors[i] += 5 + size;
    }
  }
};

struct TimestampBytes {
  char bytes[12];
};

void AddSizes(const BytesWriter& writer, const Column& column) {
  switch (column.type().physical()) {
    case PhysicalKind::kBool:
      return writer.FixedSizes<uint8_t>(column, 8);
    case PhysicalKind::kInt8:
      return writer.FixedSizes<int8_t>(column, 8);
    case PhysicalKind::kInt16:
      return writer.FixedSizes<int16_t>(column, 8);
    case PhysicalKind::kInt32:
      return writer.FixedSizes<int32_t>(column, 8);
    case PhysicalKind::kInt64:
      return writer.FixedSizes<int64_t>(column, 8);
    case PhysicalKind::kFloat:
      return writer.FixedSizes<float>(column, 4);
    case PhysicalKind::kDouble:
      return writer.FixedSizes<double>(column, 8);
    case PhysicalKind::kInt128:
      return writer.FixedSizes<int128_t>(column, 16);
    case PhysicalKind::kTimestamp:
      return writer.FixedSizes<Timestamp>(column, 12);
    case PhysicalKind::kString:
      return writer.StringSizes(column);
    case PhysicalKind::kNone:
    case PhysicalKind::kList:
    case PhysicalKind::kRow: {
      std::string field;
      for (int32_t i = 0; i < writer.rows.count(); ++i) {
        field.clear();
        AppendField(column, writer.rows[i], field);
        writer.sizes[i] += static_cast<uint32_t>(field.size());
      }
      return;
    }
  }
}

void WriteColumn(const BytesWriter& writer, const Column& column) {
  auto widen = [](auto v) { return static_cast<int64_t>(v); };
  switch (column.type().physical()) {
    case PhysicalKind::kBool:
      return writer.WriteFixed<uint8_t>(column, widen);
    case PhysicalKind::kInt8:
      return writer.WriteFixed<int8_t>(column, widen);
    case PhysicalKind::kInt16:
      return writer.WriteFixed<int16_t>(column, widen);
    case PhysicalKind::kInt32:
      return writer.WriteFixed<int32_t>(column, widen);
    case PhysicalKind::kInt64:
      return writer.WriteFixed<int64_t>(column, widen);
    case PhysicalKind::kFloat:
      return writer.WriteFixed<float>(column, CanonicalFloat);
    case PhysicalKind::kDouble:
      return writer.WriteFixed<double>(column, CanonicalDouble);
    case PhysicalKind::kInt128:
      return writer.WriteFixed<int128_t>(column, [](int128_t v) { return v; });
    case PhysicalKind::kTimestamp:
      return writer.WriteFixed<Timestamp>(column, [](const Timestamp& v) {
        TimestampBytes out;
        std::memcpy(out.bytes, &v.millis, 8);
        std::memcpy(out.bytes + 8, &v.nanos, 4);
        return out;
      });
    case PhysicalKind::kString:
      return writer.WriteStrings(column);
    case PhysicalKind::kNone:
    case PhysicalKind::kList:
    case PhysicalKind::kRow: {
      std::string field;
      for (int32_t i = 0; i < writer.rows.count(); ++i) {
        field.clear();
        AppendField(column, writer.rows[i], field);
        std::memcpy(writer.base + writer.cursors[i], field.data(), field.size());
        writer.cursors[i] += static_cast<uint32_t>(field.size());
      }
      return;
    }
  }
}

}  // namespace

void KeyEncoder::EncodeBytes(std::span<const ColumnPtr> chunk_columns, RowSet rows, const int64_t* extra,
                             KeyBatch& out) const {
  auto n = static_cast<size_t>(out.count);
  // offsets[i + 1] first gathers the size of key i; then, one place to the left, it is the write cursor of key i, which
  // ends at the start of key i + 1.
  out.offsets.assign(n + 1, extra_integer_ ? 9 : 0);
  out.offsets[0] = 0;
  BytesWriter writer{rows, out.offsets.data() + 1, nullptr, nullptr};
  for (int32_t column : columns_) AddSizes(writer, *chunk_columns[static_cast<size_t>(column)]);
  uint32_t end = 0;
  for (size_t i = 0; i < n; ++i) {
    uint32_t size = out.offsets[i + 1];
    out.offsets[i + 1] = end;
    end += size;
  }
  out.arena.resize(end);
  writer.base = out.arena.data();
  writer.cursors = out.offsets.data() + 1;
  for (int32_t column : columns_) WriteColumn(writer, *chunk_columns[static_cast<size_t>(column)]);
  if (extra_integer_) {
    for (size_t i = 0; i < n; ++i) {
      char* to = writer.base + writer.cursors[i];
      *to = 1;
      std::memcpy(to + 1, &extra[i], 8);
      writer.cursors[i] += 9;
    }
  }
  for (size_t i = 0; i < n; ++i) out.hashes[i] = KeyHash(out.Bytes(static_cast<int32_t>(i)));
}

void AppendKeyBytes(const KeyView& key, std::string& out) {
  if (key.shape == KeyShape::kBytes) {
    out.append(key.bytes);
    return;
  }
  (key.nulls & 1) != 0 ? AppendNullField(out) : AppendIntField(key.first, out);
  if (key.shape == KeyShape::kInt64) return;
  (key.nulls & 2) != 0 ? AppendNullField(out) : AppendIntField(key.second, out);
}

Result<KeyView> ParseKey(KeyShape shape, std::string_view bytes) {
  KeyView key;
  key.shape = shape;
  key.hash = KeyHash(bytes);
  if (shape == KeyShape::kBytes) {
    key.bytes = bytes;
    return key;
  }
  int fields = shape == KeyShape::kInt64 ? 1 : 2;
  for (int i = 0; i < fields; ++i) {
    uint8_t present = 0;
    int64_t& value = i == 0 ? key.first : key.second;
    if (!TakeFixed(bytes, &present)) return CorruptRecord("a key is cut short");
    if (present == 0) {
      key.nulls = static_cast<uint8_t>(key.nulls | (1 << i));
    } else if (!TakeFixed(bytes, &value)) {
      return CorruptRecord("a key is cut short");
    }
  }
  if (!bytes.empty()) return CorruptRecord("a key is too long");
  return key;
}

namespace {

void AppendInteger(int64_t value, ColumnBuilder& out) {
  switch (PhysicalWidth(out.type().physical())) {
    case 1:
      return out.Append(static_cast<int8_t>(value));
    case 2:
      return out.Append(static_cast<int16_t>(value));
    case 4:
      return out.Append(static_cast<int32_t>(value));
    default:
      return out.Append(value);
  }
}

}  // namespace

Status AppendKeyColumns(const KeyView& key, std::span<ColumnBuilder* const> builders) {
  if (key.shape == KeyShape::kBytes) {
    std::string_view bytes = key.bytes;
    for (ColumnBuilder* builder : builders) MR_RETURN_IF_ERROR(TakeField(bytes, *builder));
    return Status::Ok();
  }
  for (size_t i = 0; i < builders.size(); ++i) {
    if ((key.nulls >> i & 1) != 0) {
      builders[i]->AppendNull();
    } else {
      AppendInteger(i == 0 ? key.first : key.second, *builders[i]);
    }
  }
  return Status::Ok();
}

int64_t ExtraOf(const KeyView& key) {
  if (key.shape == KeyShape::kInt64) return key.first;
  if (key.shape == KeyShape::kTwoInt64) return key.second;
  int64_t extra;
  std::memcpy(&extra, key.bytes.data() + key.bytes.size() - sizeof(extra), sizeof(extra));
  return extra;
}

KeyView WithExtra(const KeyView& key, int64_t extra, std::string& storage) {
  KeyView changed = key;
  if (key.shape == KeyShape::kInt64) {
    changed.first = extra;
  } else if (key.shape == KeyShape::kTwoInt64) {
    changed.second = extra;
  } else {
    storage.assign(key.bytes);
    std::memcpy(storage.data() + storage.size() - sizeof(extra), &extra, sizeof(extra));
    changed.bytes = storage;
  }
  changed.hash = HashOf(changed);
  return changed;
}

Result<KeyView> WithoutExtra(const KeyView& key, KeyShape shape, std::string& storage) {
  storage.clear();
  AppendKeyBytes(key, storage);
  constexpr size_t kExtraField = 9;
  return ParseKey(shape, std::string_view(storage).substr(0, storage.size() - kExtraField));
}

void KeyGroupsOfHashes(std::span<const uint64_t> hashes, int32_t max_parallelism, std::vector<int32_t>& out) {
  out.resize(hashes.size());
  for (size_t i = 0; i < hashes.size(); ++i) out[i] = KeyGroupOf(hashes[i], max_parallelism);
}

void ComputeKeyGroups(const Chunk& chunk, std::span<const int32_t> keys, int32_t max_parallelism,
                      std::vector<int32_t>& out) {
  std::vector<DataType> types;
  types.reserve(keys.size());
  for (int32_t key : keys) types.push_back(chunk.columns[static_cast<size_t>(key)]->type());
  KeyEncoder encoder({keys.begin(), keys.end()}, std::move(types));
  static thread_local KeyBatch batch;
  encoder.Encode(chunk.columns, chunk.rows(), batch);
  KeyGroupsOfHashes(batch.hashes, max_parallelism, out);
}

}  // namespace millrace::state
