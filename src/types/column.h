// Columns: immutable vectors of values of one type, with validity, flat, constant or dictionary encoded.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/check.h"
#include "base/memory_pool.h"
#include "types/data_type.h"
#include "types/physical.h"
#include "types/value.h"

namespace millrace {

class Column;
using ColumnPtr = std::shared_ptr<const Column>;

enum class Encoding : uint8_t {
  kFlat,        // value i is at position i
  kConstant,    // every row has the value at position 0
  kDictionary,  // row i has value indices[i] of the base column
};

namespace bits {
inline bool Get(const uint64_t* words, int32_t i) { return (words[i >> 6] >> (i & 63)) & 1; }
inline void Set(uint64_t* words, int32_t i) { words[i >> 6] |= uint64_t{1} << (i & 63); }
inline void Clear(uint64_t* words, int32_t i) { words[i >> 6] &= ~(uint64_t{1} << (i & 63)); }
inline size_t BytesFor(int32_t rows) { return static_cast<size_t>((rows + 63) / 64) * 8; }
}  // namespace bits

// Bytes of one value in a flat column (0 for kNone and kRow).
size_t PhysicalWidth(PhysicalKind kind);

// Immutable once built; shared between chunks and threads. Validity bit 1 means "not null"; a missing bitmap means no
// nulls.
class Column {
 public:
  // Everything a column is made of; built by ColumnBuilder, FlatWriter and the functions below.
  struct Parts {
    DataType type;
    int32_t size = 0;  // rows
    Encoding encoding = Encoding::kFlat;
    const void* values = nullptr;        // flat and constant: values of PhysicalWidth each
    const uint64_t* validity = nullptr;  // flat: `size` bits; constant: 1 bit
    const int32_t* indices = nullptr;    // dictionary
    std::vector<ColumnPtr> children;  // list and row types: child columns; dictionary: the base column, which is flat
    std::vector<BufferPtr> buffers;   // keep values, validity, indices and string bytes alive
  };
  explicit Column(Parts parts) : parts_(std::move(parts)) {}

  const DataType& type() const { return parts_.type; }
  int32_t size() const { return parts_.size; }
  Encoding encoding() const { return parts_.encoding; }
  const std::vector<ColumnPtr>& children() const { return parts_.children; }
  const std::vector<BufferPtr>& buffers() const { return parts_.buffers; }
  const uint64_t* validity() const { return parts_.validity; }
  const int32_t* indices() const { return parts_.indices; }
  // The flat (or constant) values of this column; not for dictionaries.
  template <typename T>
  const T* values() const {
    return static_cast<const T*>(parts_.values);
  }

  bool IsNull(int32_t row) const;
  // True only if it is known without a scan that no row is null.
  bool HasNoNulls() const;
  Value GetValue(int32_t row) const;  // slow; boxed

  // The same values under another type of the same physical kind (nullability, length, time attribute).
  ColumnPtr WithType(const DataType& type) const;

 private:
  Parts parts_;
};

// A column of `rows` times one value.
ColumnPtr MakeConstant(const DataType& type, const Value& value, int32_t rows,
                       MemoryPool* pool = MemoryPool::Process());
// Row i of the result is row `indices[i]` of `base` (a dictionary over its flat base; constants stay constant).
ColumnPtr MakeDictionary(const ColumnPtr& base, BufferPtr indices, int32_t rows);
// The same, with indices copied from a span. Flat fixed-width columns are gathered when `flatten` is set.
ColumnPtr Gather(const ColumnPtr& base, std::span<const int32_t> rows, MemoryPool* pool, bool flatten = false);
// Rows [offset, offset + count).
ColumnPtr Slice(const ColumnPtr& base, int32_t offset, int32_t count, MemoryPool* pool);
// A flat column with the same rows; `column` itself when it is flat.
ColumnPtr Flatten(const ColumnPtr& column, MemoryPool* pool);
ColumnPtr MakeFromValues(const DataType& type, std::span<const Value> values, MemoryPool* pool = MemoryPool::Process());
// Rows of all columns one after another; all of one type; string bytes are copied, so that no source buffer is kept
// alive.
ColumnPtr Concatenate(const DataType& type, std::span<const ColumnPtr> columns, MemoryPool* pool);

// Reads any encoding of a column as T without copying. Cheap to make; make one per column and chunk, outside the loop.
template <typename T>
class ColumnReader {
 public:
  explicit ColumnReader(const Column& column) {
    const Column* base = &column;
    if (column.encoding() == Encoding::kDictionary) {
      indices_ = column.indices();
      base = column.children()[0].get();
    } else if (column.encoding() == Encoding::kConstant) {
      mask_ = 0;
    }
    if (base->encoding() == Encoding::kConstant) {
      mask_ = 0;
      indices_ = nullptr;
    }
    values_ = base->template values<T>();
    validity_ = base->validity();
    if (base->type().physical() == PhysicalKind::kNone) ReadNulls();
  }

  bool MayHaveNulls() const { return validity_ != nullptr; }
  // True when row i's value is simply values()[i].
  bool IsFlat() const { return indices_ == nullptr && mask_ != 0; }
  bool IsConstant() const { return mask_ == 0; }
  int32_t Position(int32_t row) const { return indices_ != nullptr ? indices_[row] : (row & mask_); }
  bool IsNull(int32_t row) const { return validity_ != nullptr && !bits::Get(validity_, Position(row)); }
  const T& operator[](int32_t row) const { return values_[Position(row)]; }
  const T* values() const { return values_; }
  const uint64_t* validity() const { return validity_; }

 private:
  // A column of type NULL has no memory; it reads as a null constant.
  void ReadNulls() {
    static constexpr uint64_t kNoneValid = 0;
    static const T kValue{};
    validity_ = &kNoneValid;
    values_ = &kValue;
    indices_ = nullptr;
    mask_ = 0;
  }

  const T* values_ = nullptr;
  const uint64_t* validity_ = nullptr;
  const int32_t* indices_ = nullptr;
  int32_t mask_ = -1;
};

// Grows the bytes of long strings of a column that is being written.
class StringArena {
 public:
  explicit StringArena(MemoryPool* pool) : pool_(pool) {}
  // Room for `bytes`; stays at its place until the arena's buffers are released.
  char* Reserve(size_t bytes);
  // Gives back the unused tail of the last Reserve().
  void Shrink(size_t unused_bytes) { used_ -= unused_bytes; }
  StringRef Copy(std::string_view text);
  std::vector<BufferPtr> TakeBuffers();

 private:
  MemoryPool* pool_;
  std::vector<BufferPtr> buffers_;
  size_t used_ = 0;
};

// Writes a flat column of fixed-width values at any position, in any order; a row that is neither Set() nor SetNull()
// is not null and has an unspecified value. For kernels: one per result column. For strings write StringRef values
// whose bytes are in arena() or in buffers that are kept.
template <typename T>
class FlatWriter {
 public:
  FlatWriter(const DataType& type, int32_t rows, MemoryPool* pool)
      : type_(type),
        rows_(rows),
        pool_(pool),
        arena_(pool),
        values_(Buffer::Allocate(pool, sizeof(T) * static_cast<size_t>(rows))) {}

  T* values() { return reinterpret_cast<T*>(values_->data()); }
  void Set(int32_t row, const T& value) {
    values()[row] = value;
    if (validity_ != nullptr) bits::Set(validity_words(), row);
  }
  void SetNull(int32_t row) {
    values()[row] = T{};
    if (validity_ == nullptr) MakeValidity();
    bits::Clear(validity_words(), row);
  }
  // Makes the nulls those of a flat column of the same size, given by its bitmap (null: there are none).
  void CopyValidity(const uint64_t* validity) {
    if (validity == nullptr) return;
    if (validity_ == nullptr) MakeValidity();
    std::memcpy(validity_words(), validity, bits::BytesFor(rows_));
  }
  // A bitmap to write to directly; all rows start valid.
  uint64_t* MutableValidity() {
    if (validity_ == nullptr) MakeValidity();
    return validity_words();
  }
  StringArena& arena() { return arena_; }
  // Keeps the buffers of a source column alive whose strings the result refers to.
  void KeepBuffersOf(const Column& column);

  ColumnPtr Finish();

 private:
  uint64_t* validity_words() { return reinterpret_cast<uint64_t*>(validity_->data()); }
  void MakeValidity();

  DataType type_;
  int32_t rows_;
  MemoryPool* pool_;
  StringArena arena_;
  BufferPtr values_;
  BufferPtr validity_;
  std::vector<BufferPtr> kept_;
};

// Appends rows one after another; of every type, nested too. For decoders, exchange, operators that make rows.
class ColumnBuilder {
 public:
  ColumnBuilder(DataType type, MemoryPool* pool, int32_t capacity = 2048);
  ColumnBuilder(ColumnBuilder&&) noexcept;
  ColumnBuilder& operator=(ColumnBuilder&&) noexcept;
  ~ColumnBuilder();

  const DataType& type() const { return type_; }
  int32_t size() const { return size_; }

  void AppendNull();
  template <typename T>
  void Append(const T& value) {  // fixed-width physical type of this column; T must match PhysicalWidth
    MR_DCHECK(sizeof(T) == width_);
    EnsureRoom();
    std::memcpy(values_->data() + static_cast<size_t>(size_) * sizeof(T), &value, sizeof(T));
    if (validity_ != nullptr) bits::Set(ValidityWords(), size_);
    ++size_;
  }
  void AppendString(std::string_view text);  // copies long strings
  // A string whose bytes outlive the column by other means (see KeepBuffersOf).
  void AppendStringRef(StringRef text) { Append(text); }
  void AppendValue(const Value& value);  // boxed, slow, any type
  // Row `row` of a column of the same physical type; strings are copied.
  void AppendFrom(const Column& column, int32_t row);
  // The same for several rows in that order; much faster than one by one.
  void AppendRows(const Column& column, std::span<const int32_t> rows);
  // Nested types: append the children first (`child(i)`), then close the row. For lists `length` elements were
  // appended.
  ColumnBuilder& child(size_t index) { return children_[index]; }
  void CloseList(int32_t length);
  void CloseRow();  // each child has grown by one

  void KeepBuffersOf(const Column& column);
  // Keeps a buffer alive to whose bytes appended StringRefs refer.
  void KeepBuffer(const BufferPtr& buffer) {
    if (kept_.empty() || kept_.back() != buffer) kept_.push_back(buffer);
  }
  // The column; the builder is empty afterwards and may be used again.
  ColumnPtr Finish();

 private:
  void EnsureRoom() {
    if (size_ == capacity_) Grow(size_ + 1);
  }
  void Grow(int32_t least);
  void MakeValidity();
  uint64_t* ValidityWords() { return reinterpret_cast<uint64_t*>(validity_->data()); }

  DataType type_;
  MemoryPool* pool_;
  size_t width_;
  int32_t size_ = 0;
  int32_t capacity_ = 0;  // rows that there is memory for; none before the first row
  int32_t first_capacity_;
  BufferPtr values_;
  BufferPtr validity_;
  StringArena arena_;
  std::vector<ColumnBuilder> children_;
  std::vector<BufferPtr> kept_;
};

}  // namespace millrace
