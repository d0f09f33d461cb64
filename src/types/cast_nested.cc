// Casts of arrays, maps, multisets and rows: their children are cast, the shape stays.
#include <optional>
#include <vector>

#include "types/cast_kernels.h"

namespace millrace::casts {
namespace {

DataType ChildType(const DataType& type, size_t child) {
  if (type.Is(TypeKind::kMultiset)) return child == 0 ? type.element() : DataType::Int().NotNull();
  return type.fields()[child].type;
}

bool IsValid(const Column& column, int32_t row) {
  return column.validity() == nullptr || bits::Get(column.validity(), row);
}

// The positions in the children that the given rows use.
std::vector<int32_t> ChildRows(const Column& column, const RowSet& rows) {
  std::vector<int32_t> used;
  if (column.type().Is(TypeKind::kRow)) {
    rows.ForEach([&](int32_t row) {
      if (IsValid(column, row)) used.push_back(row);
    });
    return used;
  }
  const auto* lists = column.values<ListRef>();
  std::vector<bool> seen(static_cast<size_t>(column.children()[0]->size()), false);
  rows.ForEach([&](int32_t row) {
    if (!IsValid(column, row)) return;
    for (int32_t i = 0; i < lists[row].length; ++i) seen[static_cast<size_t>(lists[row].offset + i)] = true;
  });
  for (size_t i = 0; i < seen.size(); ++i) {
    if (seen[i]) used.push_back(static_cast<int32_t>(i));
  }
  return used;
}

// The column with its children cast, for rows none of which may fail.
Result<ColumnPtr> CastChildren(const Task& task, const RowSet& rows) {
  Column::Parts parts;
  parts.type = task.to;
  parts.size = task.column.size();
  parts.values = task.column.values<void>();
  parts.validity = task.column.validity();
  parts.buffers = task.column.buffers();
  std::vector<int32_t> used = ChildRows(task.column, rows);
  size_t count = task.to.Is(TypeKind::kRow) ? task.to.fields().size() : task.column.children().size();
  for (size_t i = 0; i < count; ++i) {
    MR_ASSIGN(ColumnPtr child,
              CastColumn(task.column.children()[i], ChildType(task.to, i), RowSet::Of(used), false, task.context));
    parts.children.push_back(std::move(child));
  }
  return std::make_shared<const Column>(std::move(parts));
}

}  // namespace

Result<ColumnPtr> ToNested(Task& task) {
  Result<ColumnPtr> all = CastChildren(task, task.rows);
  if (all.ok() || !task.try_cast || all.error().code != "cast.failed") return all;
  // Some row fails as a whole: keep those that do not. Each is tried on its own, copied out of its column.
  std::vector<int32_t> good;
  task.rows.ForEach([&](int32_t row) {
    ColumnBuilder builder(task.from(), task.context.pool, 1);
    builder.AppendFrom(task.column, row);
    ColumnPtr one = builder.Finish();
    Task alone{*one, task.to, RowSet::All(1), false, task.context, {}};
    if (CastChildren(alone, alone.rows).ok()) good.push_back(row);
  });
  MR_ASSIGN(ColumnPtr result, CastChildren(task, RowSet::Of(good)));
  Column::Parts parts;
  parts.type = task.to;
  parts.size = result->size();
  parts.values = result->values<void>();
  parts.children = result->children();
  parts.buffers = result->buffers();
  BufferPtr validity = Buffer::Allocate(task.context.pool, bits::BytesFor(result->size()));
  auto* words = reinterpret_cast<uint64_t*>(validity->data());
  std::memset(words, 0, bits::BytesFor(result->size()));
  for (int32_t row : good) {
    if (IsValid(*result, row)) bits::Set(words, row);
  }
  parts.validity = words;
  parts.buffers.push_back(std::move(validity));
  return std::make_shared<const Column>(std::move(parts));
}

}  // namespace millrace::casts
