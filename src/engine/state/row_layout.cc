#include "engine/state/row_layout.h"

#include "base/check.h"
#include "engine/state/snapshot.h"
#include "engine/state/value_codec.h"

namespace millrace::state {
namespace {

// Bytes that hold a value of this kind; 0 for long ones.
uint32_t PackedWidth(PhysicalKind kind) {
  if (kind == PhysicalKind::kTimestamp) return 12;
  if (kind == PhysicalKind::kString || kind == PhysicalKind::kList || kind == PhysicalKind::kRow) return 0;
  return static_cast<uint32_t>(PhysicalWidth(kind));
}

}  // namespace

RowLayout::RowLayout(const std::vector<DataType>& types) : types_(types) {
  null_bytes_ = static_cast<uint32_t>((types.size() + 7) / 8);
  fixed_bytes_ = 4 + null_bytes_;
  for (const DataType& type : types) {
    kinds_.push_back(type.physical());
    uint32_t width = PackedWidth(type.physical());
    bool is_long = width == 0 && type.physical() != PhysicalKind::kNone;
    offsets_.push_back(fixed_bytes_);
    widths_.push_back(width);
    has_long_ = has_long_ || is_long;
    fixed_bytes_ += is_long ? 8 : width;
  }
}

namespace {

struct Packer {
  RowSet rows;
  uint8_t* base;
  const uint32_t* starts;
  size_t column;
  uint32_t offset;

  uint8_t* Row(int32_t i) const { return base + starts[i]; }
  void MarkNull(int32_t i) const {
    uint8_t& byte = Row(i)[4 + column / 8];
    byte = static_cast<uint8_t>(byte | (1 << (column % 8)));
  }

  // Everything was zeroed before.
  template <typename T, typename Convert>
  void Fixed(const Column& from, size_t width, Convert convert) const {
    ColumnReader<T> reader(from);
    for (int32_t i = 0; i < rows.count(); ++i) {
      if (reader.IsNull(rows[i])) {
        MarkNull(i);
        continue;
      }
      T value = convert(reader[rows[i]]);
      std::memcpy(Row(i) + offset, &value, width);
    }
  }

  void Long(int32_t i, std::string_view bytes, uint32_t* cursor) const {
    uint32_t place[2] = {*cursor, static_cast<uint32_t>(bytes.size())};
    std::memcpy(Row(i) + offset, place, sizeof(place));
    std::memcpy(Row(i) + *cursor, bytes.data(), bytes.size());
    *cursor += static_cast<uint32_t>(bytes.size());
  }

  void Strings(const Column& from, uint32_t* cursors) const {
    ColumnReader<StringRef> reader(from);
    for (int32_t i = 0; i < rows.count(); ++i) {
      if (reader.IsNull(rows[i])) {
        MarkNull(i);
      } else {
        Long(i, reader[rows[i]].view(), &cursors[i]);
      }
    }
  }

  void Nested(const Column& from, uint32_t* cursors) const {
    std::string field;
    for (int32_t i = 0; i < rows.count(); ++i) {
      if (from.IsNull(rows[i])) {
        MarkNull(i);
        continue;
      }
      field.clear();
      AppendField(from, rows[i], field);
      Long(i, field, &cursors[i]);
    }
  }
};

void PackColumn(const Packer& packer, const Column& from, uint32_t* cursors) {
  auto same = [](auto v) { return v; };
  switch (from.type().physical()) {
    case PhysicalKind::kNone:
      for (int32_t i = 0; i < packer.rows.count(); ++i) packer.MarkNull(i);
      return;
    case PhysicalKind::kBool:
      return packer.Fixed<uint8_t>(from, 1, same);
    case PhysicalKind::kInt8:
      return packer.Fixed<int8_t>(from, 1, same);
    case PhysicalKind::kInt16:
      return packer.Fixed<int16_t>(from, 2, same);
    case PhysicalKind::kInt32:
      return packer.Fixed<int32_t>(from, 4, same);
    case PhysicalKind::kInt64:
      return packer.Fixed<int64_t>(from, 8, same);
    case PhysicalKind::kFloat:
      return packer.Fixed<float>(from, 4, CanonicalFloat);
    case PhysicalKind::kDouble:
      return packer.Fixed<double>(from, 8, CanonicalDouble);
    case PhysicalKind::kInt128:
      return packer.Fixed<int128_t>(from, 16, same);
    case PhysicalKind::kTimestamp:
      return packer.Fixed<Timestamp>(from, 12, same);
    case PhysicalKind::kString:
      return packer.Strings(from, cursors);
    case PhysicalKind::kList:
    case PhysicalKind::kRow:
      return packer.Nested(from, cursors);
  }
}

void AddLongSizes(const Column& from, RowSet rows, uint32_t* sizes) {
  if (from.type().physical() == PhysicalKind::kString) {
    ColumnReader<StringRef> reader(from);
    for (int32_t i = 0; i < rows.count(); ++i) {
      if (!reader.IsNull(rows[i])) sizes[i] += reader[rows[i]].size();
    }
    return;
  }
  std::string field;
  for (int32_t i = 0; i < rows.count(); ++i) {
    if (from.IsNull(rows[i])) continue;
    field.clear();
    AppendField(from, rows[i], field);
    sizes[i] += static_cast<uint32_t>(field.size());
  }
}

}  // namespace

void RowLayout::Encode(std::span<const ColumnPtr> columns, RowSet rows, RowBatch& out) const {
  auto n = static_cast<size_t>(rows.count());
  std::vector<uint32_t> sizes(n, fixed_bytes_);
  for (size_t c = 0; has_long_ && c < types_.size(); ++c) {
    if (IsLong(c) && kinds_[c] != PhysicalKind::kNone) AddLongSizes(*columns[c], rows, sizes.data());
  }
  out.offsets.resize(n);
  uint32_t end = 0;
  for (size_t i = 0; i < n; ++i) {
    out.offsets[i] = end;
    end += sizes[i];
  }
  out.bytes.assign(end, 0);
  for (size_t i = 0; i < n; ++i) {
    std::memcpy(out.bytes.data() + out.offsets[i], &sizes[i], sizeof(uint32_t));
    sizes[i] = fixed_bytes_;  // from here on: where the next long field goes
  }
  for (size_t c = 0; c < types_.size(); ++c) {
    Packer packer{rows, out.bytes.data(), out.offsets.data(), c, offsets_[c]};
    PackColumn(packer, *columns[c], sizes.data());
  }
}

int64_t RowLayout::GetInteger(const uint8_t* row, size_t column) const {
  switch (widths_[column]) {
    case 1:
      return kinds_[column] == PhysicalKind::kBool ? Get<uint8_t>(row, column) : Get<int8_t>(row, column);
    case 2:
      return Get<int16_t>(row, column);
    case 4:
      return Get<int32_t>(row, column);
    default:
      return Get<int64_t>(row, column);
  }
}

bool RowLayout::FieldEquals(const uint8_t* a, const uint8_t* b, size_t column) const {
  if (IsNull(a, column) != IsNull(b, column)) return false;
  if (IsLong(column)) return GetString(a, column) == GetString(b, column);
  return std::memcmp(Field(a, column), Field(b, column), widths_[column]) == 0;
}

bool RowLayout::FieldsEqual(const uint8_t* a, const uint8_t* b, std::span<const int32_t> columns) const {
  for (int32_t column : columns) {
    if (!FieldEquals(a, b, static_cast<size_t>(column))) return false;
  }
  return true;
}

uint64_t RowLayout::HashFields(const uint8_t* row, std::span<const int32_t> columns) const {
  uint64_t hash = 0;
  for (int32_t number : columns) {
    auto column = static_cast<size_t>(number);
    std::string_view bytes = IsLong(column)
                                 ? GetString(row, column)
                                 : std::string_view(reinterpret_cast<const char*>(Field(row, column)), widths_[column]);
    hash = (hash << 7 | hash >> 57) * 0x9E3779B97F4A7C15ULL ^ KeyHash(bytes) ^ (IsNull(row, column) ? 1 : 0);
  }
  return hash;
}

namespace {

template <typename T>
void AppendFixedColumn(const RowLayout& layout, size_t column, const uint8_t* const* rows, int32_t count,
                       ColumnBuilder& out) {
  for (int32_t i = 0; i < count; ++i) {
    if (rows[i] == nullptr || layout.IsNull(rows[i], column)) {
      out.AppendNull();
    } else {
      out.Append(layout.Get<T>(rows[i], column));
    }
  }
}

}  // namespace

void RowLayout::AppendColumn(size_t column, const uint8_t* const* rows, int32_t count, ColumnBuilder& out) const {
  switch (kinds_[column]) {
    case PhysicalKind::kNone:
      for (int32_t i = 0; i < count; ++i) out.AppendNull();
      return;
    case PhysicalKind::kBool:
    case PhysicalKind::kInt8:
      return AppendFixedColumn<uint8_t>(*this, column, rows, count, out);
    case PhysicalKind::kInt16:
      return AppendFixedColumn<int16_t>(*this, column, rows, count, out);
    case PhysicalKind::kInt32:
    case PhysicalKind::kFloat:
      return AppendFixedColumn<int32_t>(*this, column, rows, count, out);
    case PhysicalKind::kInt64:
    case PhysicalKind::kDouble:
      return AppendFixedColumn<int64_t>(*this, column, rows, count, out);
    case PhysicalKind::kInt128:
      return AppendFixedColumn<int128_t>(*this, column, rows, count, out);
    case PhysicalKind::kTimestamp:
    case PhysicalKind::kString:
    case PhysicalKind::kList:
    case PhysicalKind::kRow:
      break;
  }
  for (int32_t i = 0; i < count; ++i) {
    if (rows[i] == nullptr || IsNull(rows[i], column)) {
      out.AppendNull();
    } else if (kinds_[column] == PhysicalKind::kTimestamp) {
      out.Append(GetTimestamp(rows[i], column));
    } else if (kinds_[column] == PhysicalKind::kString) {
      out.AppendString(GetString(rows[i], column));
    } else {
      std::string_view field = GetString(rows[i], column);
      Status taken = TakeField(field, out);
      MR_CHECK(taken.ok());  // Encode wrote it; rows of snapshots are checksummed
    }
  }
}

void RowLayout::AppendTo(const uint8_t* const* rows, int32_t count, size_t first_column, ChunkBuilder& out) const {
  for (size_t c = 0; c < types_.size(); ++c) AppendColumn(c, rows, count, out.column(first_column + c));
}

bool RowLayout::IsPlausible(std::string_view bytes) const {
  const auto* row = reinterpret_cast<const uint8_t*>(bytes.data());
  if (bytes.size() < fixed_bytes_ || PackedSize(row) != bytes.size()) return false;
  for (size_t c = 0; c < types_.size(); ++c) {
    if (!IsLong(c) || kinds_[c] == PhysicalKind::kNone || IsNull(row, c)) continue;
    if (uint64_t{Get<uint32_t>(row, c)} + LoadLength(row, c) > bytes.size()) return false;
  }
  return true;
}

}  // namespace millrace::state
