// Columns put together from parts of others: the results of CASE and COALESCE; constants of another size.
#include "engine/functions/evaluator_program.h"

namespace millrace::functions {

namespace {

template <typename T>
ColumnPtr MergeFixed(const DataType& type, std::span<const MergePiece> pieces, int32_t size, MemoryPool* pool) {
  FlatWriter<T> writer(type, size, pool);
  T* out = writer.values();
  for (const MergePiece& piece : pieces) {
    if (piece.column->type().physical() == PhysicalKind::kNone) {
      for (int32_t row : piece.rows) writer.SetNull(row);
      continue;
    }
    ColumnReader<T> reader(*piece.column);
    for (int32_t row : piece.rows) out[row] = reader[row];
    if (reader.MayHaveNulls()) {
      for (int32_t row : piece.rows) {
        if (reader.IsNull(row)) writer.SetNull(row);
      }
    }
    if constexpr (std::is_same_v<T, StringRef>) writer.KeepBuffersOf(*piece.column);
  }
  return writer.Finish();
}

ColumnPtr MergeNested(const DataType& type, std::span<const MergePiece> pieces, int32_t size, MemoryPool* pool) {
  std::vector<const Column*> from(static_cast<size_t>(size), nullptr);
  for (const MergePiece& piece : pieces) {
    for (int32_t row : piece.rows) from[static_cast<size_t>(row)] = piece.column.get();
  }
  ColumnBuilder builder(type, pool, size);
  for (int32_t row = 0; row < size; ++row) {
    const Column* column = from[static_cast<size_t>(row)];
    if (column == nullptr || column->IsNull(row)) {
      builder.AppendNull();
    } else {
      builder.AppendFrom(*column, row);
    }
  }
  return builder.Finish();
}

}  // namespace

ColumnPtr MergePieces(const DataType& type, std::span<const MergePiece> pieces, int32_t size, MemoryPool* pool) {
  if (pieces.empty()) return MakeConstant(type, Value::Null(), size, pool);
  if (pieces.size() == 1) {
    if (pieces[0].column->type().physical() == type.physical()) return pieces[0].column;
    return MakeConstant(type, Value::Null(), size, pool);
  }
  switch (type.physical()) {
    case PhysicalKind::kNone:
      return MakeConstant(type, Value::Null(), size, pool);
    case PhysicalKind::kBool:
      return MergeFixed<uint8_t>(type, pieces, size, pool);
    case PhysicalKind::kInt8:
      return MergeFixed<int8_t>(type, pieces, size, pool);
    case PhysicalKind::kInt16:
      return MergeFixed<int16_t>(type, pieces, size, pool);
    case PhysicalKind::kInt32:
      return MergeFixed<int32_t>(type, pieces, size, pool);
    case PhysicalKind::kInt64:
      return MergeFixed<int64_t>(type, pieces, size, pool);
    case PhysicalKind::kFloat:
      return MergeFixed<float>(type, pieces, size, pool);
    case PhysicalKind::kDouble:
      return MergeFixed<double>(type, pieces, size, pool);
    case PhysicalKind::kInt128:
      return MergeFixed<int128_t>(type, pieces, size, pool);
    case PhysicalKind::kTimestamp:
      return MergeFixed<Timestamp>(type, pieces, size, pool);
    case PhysicalKind::kString:
      return MergeFixed<StringRef>(type, pieces, size, pool);
    case PhysicalKind::kList:
    case PhysicalKind::kRow:
      return MergeNested(type, pieces, size, pool);
  }
  return nullptr;
}

ColumnPtr ResizeConstant(const ColumnPtr& constant, int32_t rows) {
  if (constant->size() == rows) return constant;
  Column::Parts parts;
  parts.type = constant->type();
  parts.size = rows;
  parts.encoding = Encoding::kConstant;
  parts.values = constant->values<void>();
  parts.validity = constant->validity();
  parts.children = constant->children();
  parts.buffers = constant->buffers();
  return std::make_shared<const Column>(std::move(parts));
}

ColumnPtr ConstantOfFirstRow(const ColumnPtr& column, int32_t rows, MemoryPool* pool) {
  if (column->encoding() == Encoding::kDictionary) return ConstantOfFirstRow(Flatten(column, pool), rows, pool);
  Column::Parts parts;
  parts.type = column->type();
  parts.size = rows;
  parts.encoding = Encoding::kConstant;
  parts.values = column->values<void>();
  parts.validity = column->validity();
  parts.children = column->children();
  parts.buffers = column->buffers();
  return std::make_shared<const Column>(std::move(parts));
}

}  // namespace millrace::functions
