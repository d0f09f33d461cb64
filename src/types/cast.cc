// CAST of values and columns: identity, encodings, and the way to the kernels.
#include "types/cast.h"

#include <vector>

#include "types/cast_kernels.h"
#include "types/value_text.h"

namespace millrace {
namespace casts {

Error Failure(const Task& task, int32_t row) {
  std::string text;
  AppendText(&text, task.column.GetValue(row), task.from(), {task.context.zone, false});
  std::string message = "Cannot parse '" + text + "' as " + task.to.Nullable().ToString() + ".";
  if (!task.to.Is(TypeKind::kBoolean)) message += " For input string: '" + text + "'. " + std::string(task.reason);
  return UserError("cast.failed", std::move(message), "TRY_CAST gives NULL instead");
}

namespace {

// Whether every value of `from` already is a value of `to`. Names of ROW fields and nullability do not matter.
bool IsIdentity(const DataType& from, const DataType& to, const CastContext& context) {
  if (from.IsInterval() && to.IsInterval()) return from.interval_fields() == to.interval_fields();
  if (from.SameIgnoringNullability(to)) return true;
  if (context.legacy && ((from.IsString() && to.IsString()) || (from.IsBinaryString() && to.IsBinaryString())))
    return true;
  if (from.IsString() && to.Is(TypeKind::kVarchar)) return from.length() <= to.length();
  if (from.IsBinaryString() && to.Is(TypeKind::kVarbinary)) return from.length() <= to.length();
  if (from.kind() != to.kind() || from.fields().empty() || from.fields().size() != to.fields().size()) return false;
  for (size_t i = 0; i < from.fields().size(); ++i) {
    if (!IsIdentity(from.fields()[i].type, to.fields()[i].type, context)) return false;
  }
  return true;
}

Result<ColumnPtr> Convert(Task& task) {
  if (task.from().IsString() && !task.to.IsString() && !task.to.IsBinaryString()) return FromText(task);
  switch (task.to.kind()) {
    case TypeKind::kBoolean:
      return ToBoolean(task);
    case TypeKind::kTinyint:
    case TypeKind::kSmallint:
    case TypeKind::kInt:
    case TypeKind::kBigint:
    case TypeKind::kFloat:
    case TypeKind::kDouble:
      return ToNumber(task);
    case TypeKind::kDecimal:
      return ToDecimal(task);
    case TypeKind::kChar:
    case TypeKind::kVarchar:
      return ToTextColumn(task);
    case TypeKind::kBinary:
    case TypeKind::kVarbinary:
      return ToBinary(task);
    case TypeKind::kDate:
    case TypeKind::kTime:
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampLtz:
      return ToDateTime(task);
    case TypeKind::kIntervalYearMonth:
    case TypeKind::kIntervalDayTime:
      return ToInterval(task);
    case TypeKind::kArray:
    case TypeKind::kMap:
    case TypeKind::kMultiset:
    case TypeKind::kRow:
      return ToNested(task);
    case TypeKind::kNull:
    case TypeKind::kRaw:
    case TypeKind::kDescriptor:
      return CastRefused(task.from(), task.to);
  }
  return CastRefused(task.from(), task.to);
}

// A constant column: one row is cast.
Result<ColumnPtr> CastConstant(const ColumnPtr& column, const DataType& to, bool try_cast, const CastContext& context) {
  ColumnPtr one = MakeFromValues(column->type(), std::vector<Value>{column->GetValue(0)}, context.pool);
  Task task{*one, to, RowSet::All(1), try_cast, context, {}};
  MR_ASSIGN(ColumnPtr result, Convert(task));
  return MakeConstant(to, result->GetValue(0), column->size(), context.pool);
}

// A dictionary that is not larger than its rows: the base values in use are cast, the indices stay.
Result<ColumnPtr> CastDictionary(const ColumnPtr& column, const DataType& to, RowSet rows, bool try_cast,
                                 const CastContext& context) {
  const ColumnPtr& base = column->children()[0];
  std::vector<bool> used(static_cast<size_t>(base->size()), false);
  rows.ForEach([&](int32_t row) { used[static_cast<size_t>(column->indices()[row])] = true; });
  std::vector<int32_t> positions;
  for (size_t i = 0; i < used.size(); ++i) {
    if (used[i]) positions.push_back(static_cast<int32_t>(i));
  }
  Task task{*base, to, RowSet::Of(positions), try_cast, context, {}};
  MR_ASSIGN(ColumnPtr result, Convert(task));
  Column::Parts parts;
  parts.type = to;
  parts.size = column->size();
  parts.encoding = Encoding::kDictionary;
  parts.indices = column->indices();
  parts.children = {std::move(result)};
  parts.buffers = column->buffers();
  return std::make_shared<const Column>(std::move(parts));
}

}  // namespace
}  // namespace casts

Result<ColumnPtr> CastColumn(const ColumnPtr& column, const DataType& to, RowSet rows, bool try_cast,
                             const CastContext& context) {
  const DataType& from = column->type();
  if (!CanCast(from, to)) return CastRefused(from, to);
  if (from.Is(TypeKind::kNull) || rows.count() == 0)
    return MakeConstant(to, Value::Null(), column->size(), context.pool);
  if (casts::IsIdentity(from, to, context)) return column->WithType(to);
  // Legacy casts give NULL where others fail.
  bool null_on_failure = try_cast || context.legacy;
  if (column->encoding() == Encoding::kConstant) return casts::CastConstant(column, to, null_on_failure, context);
  bool nested = from.IsCollection() || from.Is(TypeKind::kRow);
  if (column->encoding() == Encoding::kDictionary && column->children()[0]->size() <= rows.count()) {
    return casts::CastDictionary(column, to, rows, null_on_failure, context);
  }
  ColumnPtr source = nested ? Flatten(column, context.pool) : column;
  casts::Task task{*source, to, rows, null_on_failure, context, {}};
  return casts::Convert(task);
}

Result<Value> CastValue(const Value& value, const DataType& from, const DataType& to, const CastContext& context) {
  if (!CanCast(from, to)) return CastRefused(from, to);
  if (value.IsNull()) return Value::Null();
  ColumnPtr one = MakeFromValues(from, std::vector<Value>{value}, context.pool);
  MR_ASSIGN(ColumnPtr result, CastColumn(one, to, RowSet::All(1), false, context));
  return result->GetValue(0);
}

}  // namespace millrace
