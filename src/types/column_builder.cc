// StringArena, FlatWriter and ColumnBuilder: the ways to fill a column.
#include <algorithm>

#include "types/column.h"

namespace millrace {

char* StringArena::Reserve(size_t bytes) {
  if (buffers_.empty() || buffers_.back()->size() - used_ < bytes) {
    size_t last = buffers_.empty() ? 2048 : buffers_.back()->size();
    buffers_.push_back(Buffer::Allocate(pool_, std::max(bytes, std::min<size_t>(last * 2, 1 << 20))));
    used_ = 0;
  }
  char* place = reinterpret_cast<char*>(buffers_.back()->data()) + used_;
  used_ += bytes;
  return place;
}

StringRef StringArena::Copy(std::string_view text) {
  if (text.size() <= StringRef::kInlineBytes) return StringRef(text);
  char* place = Reserve(text.size());
  std::memcpy(place, text.data(), text.size());
  return StringRef({place, text.size()});
}

std::vector<BufferPtr> StringArena::TakeBuffers() {
  used_ = 0;
  return std::exchange(buffers_, {});
}

namespace {

BufferPtr AllValid(MemoryPool* pool, int32_t rows) {
  BufferPtr validity = Buffer::Allocate(pool, bits::BytesFor(rows));
  std::memset(validity->data(), 0xFF, bits::BytesFor(rows));
  return validity;
}

void AppendBuffers(std::vector<BufferPtr>& to, const std::vector<BufferPtr>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

// Buffers that hold string bytes of a column, whatever its encoding.
void KeepStrings(std::vector<BufferPtr>& kept, const Column& column) {
  AppendBuffers(kept, column.buffers());
  if (column.encoding() == Encoding::kDictionary) AppendBuffers(kept, column.children()[0]->buffers());
}

}  // namespace

template <typename T>
void FlatWriter<T>::MakeValidity() {
  validity_ = AllValid(pool_, rows_);
}

template <typename T>
void FlatWriter<T>::KeepBuffersOf(const Column& column) {
  KeepStrings(kept_, column);
}

template <typename T>
ColumnPtr FlatWriter<T>::Finish() {
  Column::Parts parts;
  parts.type = type_;
  parts.size = rows_;
  parts.values = values_->data();
  parts.validity = validity_ ? validity_words() : nullptr;
  parts.buffers = std::move(kept_);
  AppendBuffers(parts.buffers, arena_.TakeBuffers());
  parts.buffers.push_back(std::move(values_));
  if (validity_) parts.buffers.push_back(std::move(validity_));
  return std::make_shared<const Column>(std::move(parts));
}

template class FlatWriter<uint8_t>;
template class FlatWriter<int8_t>;
template class FlatWriter<int16_t>;
template class FlatWriter<int32_t>;
template class FlatWriter<int64_t>;
template class FlatWriter<float>;
template class FlatWriter<double>;
template class FlatWriter<int128_t>;
template class FlatWriter<Timestamp>;
template class FlatWriter<StringRef>;

ColumnBuilder::ColumnBuilder(DataType type, MemoryPool* pool, int32_t capacity)
    : type_(std::move(type)),
      pool_(pool),
      width_(PhysicalWidth(type_.physical())),
      first_capacity_(std::max(capacity, 1)),
      arena_(pool) {
  if (type_.Is(TypeKind::kMultiset)) {
    children_.emplace_back(type_.element(), pool, capacity);
    children_.emplace_back(DataType::Int().NotNull(), pool, capacity);
  } else {
    for (const Field& field : type_.fields()) children_.emplace_back(field.type, pool, capacity);
  }
}

ColumnBuilder::ColumnBuilder(ColumnBuilder&&) noexcept = default;
ColumnBuilder& ColumnBuilder::operator=(ColumnBuilder&&) noexcept = default;
ColumnBuilder::~ColumnBuilder() = default;

void ColumnBuilder::Grow(int32_t least) {
  int32_t capacity = std::max({least, first_capacity_, capacity_ * 2});
  if (width_ > 0) {
    BufferPtr values = Buffer::Allocate(pool_, width_ * static_cast<size_t>(capacity));
    if (size_ > 0) std::memcpy(values->data(), values_->data(), width_ * static_cast<size_t>(size_));
    values_ = std::move(values);
  }
  if (validity_ != nullptr) {
    BufferPtr validity = AllValid(pool_, capacity);
    std::memcpy(validity->data(), validity_->data(), bits::BytesFor(size_));
    validity_ = std::move(validity);
  }
  capacity_ = capacity;
}

void ColumnBuilder::MakeValidity() { validity_ = AllValid(pool_, capacity_); }

namespace {

// A memset of a size that the compiler knows: absent ROWs of wide records make this the hottest line of a decoder.
void StoreZero(uint8_t* place, size_t width) {
  switch (width) {
    case 0:
      return;
    case 1:
      std::memset(place, 0, 1);
      return;
    case 4:
      std::memset(place, 0, 4);
      return;
    case 8:
      std::memset(place, 0, 8);
      return;
    case 16:
      std::memset(place, 0, 16);
      return;
    default:
      std::memset(place, 0, width);
  }
}

}  // namespace

void ColumnBuilder::AppendNull() {
  EnsureRoom();
  if (validity_ == nullptr) MakeValidity();
  if (width_ > 0) StoreZero(values_->data() + static_cast<size_t>(size_) * width_, width_);
  if (!children_.empty() && type_.physical() == PhysicalKind::kRow) {
    for (ColumnBuilder& child : children_) child.AppendNull();
  }
  bits::Clear(ValidityWords(), size_);
  ++size_;
}

void ColumnBuilder::AppendString(std::string_view text) { Append(arena_.Copy(text)); }

void ColumnBuilder::CloseList(int32_t length) {
  ListRef list{children_[0].size() - length, length};
  Append(list);
}

void ColumnBuilder::CloseRow() {
  EnsureRoom();
  if (validity_ != nullptr) bits::Set(ValidityWords(), size_);
  ++size_;
}

void ColumnBuilder::AppendValue(const Value& value) {
  if (value.IsNull()) return AppendNull();
  switch (type_.physical()) {
    case PhysicalKind::kNone:
      return AppendNull();
    case PhysicalKind::kBool:
      return Append(static_cast<uint8_t>(value.AsBool()));
    case PhysicalKind::kInt8:
      return Append(static_cast<int8_t>(value.AsInt()));
    case PhysicalKind::kInt16:
      return Append(static_cast<int16_t>(value.AsInt()));
    case PhysicalKind::kInt32:
      return Append(static_cast<int32_t>(value.AsInt()));
    case PhysicalKind::kInt64:
      return Append(value.AsInt());
    case PhysicalKind::kFloat:
      return Append(value.AsFloat());
    case PhysicalKind::kDouble:
      return Append(value.AsDouble());
    case PhysicalKind::kInt128:
      return Append(value.AsDecimal());
    case PhysicalKind::kTimestamp:
      return Append(value.AsTimestamp());
    case PhysicalKind::kString:
      return AppendString(value.AsString());
    case PhysicalKind::kList: {
      const Value::List& items = value.AsList();
      for (size_t i = 0; i < items.size(); ++i) children_[i % children_.size()].AppendValue(items[i]);
      return CloseList(static_cast<int32_t>(items.size() / children_.size()));
    }
    case PhysicalKind::kRow: {
      const Value::List& items = value.AsList();
      for (size_t i = 0; i < children_.size(); ++i) children_[i].AppendValue(items[i]);
      return CloseRow();
    }
  }
}

void ColumnBuilder::AppendFrom(const Column& column, int32_t row) {
  const Column* base = &column;
  int32_t position = row;
  if (base->encoding() == Encoding::kDictionary) {
    position = base->indices()[row];
    base = base->children()[0].get();
  }
  if (base->encoding() == Encoding::kConstant) position = 0;
  if (base->type().physical() == PhysicalKind::kNone ||
      (base->validity() != nullptr && !bits::Get(base->validity(), position))) {
    return AppendNull();
  }
  switch (type_.physical()) {
    case PhysicalKind::kString:
      return AppendString(base->values<StringRef>()[position].view());
    case PhysicalKind::kList: {
      ListRef list = base->values<ListRef>()[position];
      for (size_t c = 0; c < children_.size(); ++c) {
        for (int32_t i = 0; i < list.length; ++i) children_[c].AppendFrom(*base->children()[c], list.offset + i);
      }
      return CloseList(list.length);
    }
    case PhysicalKind::kRow:
      for (size_t c = 0; c < children_.size(); ++c) children_[c].AppendFrom(*base->children()[c], position);
      return CloseRow();
    case PhysicalKind::kNone:
      return AppendNull();
    case PhysicalKind::kBool:
    case PhysicalKind::kInt8:
    case PhysicalKind::kInt16:
    case PhysicalKind::kInt32:
    case PhysicalKind::kInt64:
    case PhysicalKind::kFloat:
    case PhysicalKind::kDouble:
    case PhysicalKind::kInt128:
    case PhysicalKind::kTimestamp:
      EnsureRoom();
      std::memcpy(values_->data() + static_cast<size_t>(size_) * width_,
                  base->values<uint8_t>() + static_cast<size_t>(position) * width_, width_);
      if (validity_ != nullptr) bits::Set(ValidityWords(), size_);
      ++size_;
      return;
  }
}

namespace {

template <size_t kWidth>
void CopyRows(const uint8_t* from, const int32_t* indices, std::span<const int32_t> rows, uint8_t* to) {
  for (int32_t row : rows) {
    int32_t position = indices == nullptr ? row : indices[row];
    std::memcpy(to, from + static_cast<size_t>(position) * kWidth, kWidth);
    to += kWidth;
  }
}

void CopyRows(size_t width, const uint8_t* from, const int32_t* indices, std::span<const int32_t> rows, uint8_t* to) {
  switch (width) {
    case 1:
      return CopyRows<1>(from, indices, rows, to);
    case 2:
      return CopyRows<2>(from, indices, rows, to);
    case 4:
      return CopyRows<4>(from, indices, rows, to);
    case 8:
      return CopyRows<8>(from, indices, rows, to);
    default:
      return CopyRows<16>(from, indices, rows, to);
  }
}

}  // namespace

void ColumnBuilder::AppendRows(const Column& column, std::span<const int32_t> rows) {
  const Column* base = &column;
  const int32_t* indices = nullptr;
  if (base->encoding() == Encoding::kDictionary) {
    indices = base->indices();
    base = base->children()[0].get();
  }
  PhysicalKind kind = type_.physical();
  bool fixed = width_ > 0 && kind != PhysicalKind::kList;
  if (!fixed || base->encoding() == Encoding::kConstant || base->type().physical() == PhysicalKind::kNone) {
    for (int32_t row : rows) AppendFrom(column, row);
    return;
  }
  auto count = static_cast<int32_t>(rows.size());
  if (size_ + count > capacity_) Grow(size_ + count);
  uint8_t* out = values_->data() + static_cast<size_t>(size_) * width_;
  CopyRows(width_, base->values<uint8_t>(), indices, rows, out);
  int32_t start = size_;
  size_ += count;
  bool nulls = base->validity() != nullptr;
  if (nulls && validity_ == nullptr) MakeValidity();
  for (int32_t i = 0; i < count; ++i) {
    int32_t position = indices == nullptr ? rows[static_cast<size_t>(i)] : indices[rows[static_cast<size_t>(i)]];
    bool valid = !nulls || bits::Get(base->validity(), position);
    if (validity_ == nullptr && kind != PhysicalKind::kString) break;
    if (validity_ != nullptr) {
      if (valid) {
        bits::Set(ValidityWords(), start + i);
      } else {
        bits::Clear(ValidityWords(), start + i);
        std::memset(out + static_cast<size_t>(i) * width_, 0, width_);
      }
    }
    if (kind == PhysicalKind::kString && valid) {
      auto* text = reinterpret_cast<StringRef*>(out) + i;
      if (!text->IsInline()) *text = arena_.Copy(text->view());
    }
  }
}

void ColumnBuilder::KeepBuffersOf(const Column& column) { KeepStrings(kept_, column); }

ColumnPtr ColumnBuilder::Finish() {
  Column::Parts parts;
  parts.type = type_;
  parts.size = size_;
  parts.buffers = std::exchange(kept_, {});
  AppendBuffers(parts.buffers, arena_.TakeBuffers());
  if (width_ > 0) {
    if (values_ == nullptr) Grow(1);  // an empty column has memory too
    parts.values = values_->data();
    parts.buffers.push_back(std::move(values_));
    values_ = nullptr;
  }
  if (validity_ != nullptr) {
    parts.validity = ValidityWords();
    parts.buffers.push_back(std::move(validity_));
    validity_ = nullptr;
  }
  for (ColumnBuilder& child : children_) parts.children.push_back(child.Finish());
  first_capacity_ = std::max(first_capacity_, size_);
  size_ = 0;
  capacity_ = 0;
  return std::make_shared<const Column>(std::move(parts));
}

}  // namespace millrace
