#include "engine/operators/windows/window_rows.h"

#include "engine/operators/factories.h"

namespace millrace::operators {

WindowRows::WindowRows(const Schema& output, size_t key_count, std::vector<plan::WindowProperty> properties,
                       WindowMath math)
    : types_(TypesOf(output)), key_count_(key_count), properties_(std::move(properties)), math_(std::move(math)) {}

Result<Chunk> WindowRows::Make(const std::vector<WindowRow>& rows, const AggregateSet& aggregates, int64_t now_millis,
                               MemoryPool* pool) const {
  auto count = static_cast<int32_t>(rows.size());
  Chunk chunk;
  chunk.size = count;
  std::vector<ColumnBuilder> keys;
  std::vector<ColumnBuilder*> pointers;
  for (size_t k = 0; k < key_count_; ++k) keys.emplace_back(types_[k], pool, count);
  for (ColumnBuilder& key : keys) pointers.push_back(&key);
  std::vector<uint8_t*> slots;
  slots.reserve(rows.size());
  for (const WindowRow& row : rows) {
    MR_RETURN_IF_ERROR(state::AppendKeyColumns(row.key, pointers));
    slots.push_back(row.slot);
  }
  for (ColumnBuilder& key : keys) chunk.columns.push_back(key.Finish());
  for (size_t a = 0; a < aggregates.size(); ++a) {
    ColumnBuilder result(aggregates.calls()[a].type, pool, count);
    MR_RETURN_IF_ERROR(aggregates.Emit(a, slots.data(), count, result));
    chunk.columns.push_back(result.Finish());
  }
  for (size_t p = 0; p < properties_.size(); ++p) chunk.columns.push_back(PropertyColumn(p, rows, now_millis, pool));
  return chunk;
}

ColumnPtr WindowRows::PropertyColumn(size_t index, const std::vector<WindowRow>& rows, int64_t now_millis,
                                     MemoryPool* pool) const {
  const DataType& type = types_[types_.size() - properties_.size() + index];
  ColumnBuilder builder(type, pool, static_cast<int32_t>(rows.size()));
  bool instant = type.Is(TypeKind::kTimestampLtz);
  for (const WindowRow& row : rows) {
    int64_t millis = 0;
    switch (properties_[index]) {
      case plan::WindowProperty::kStart:
        millis = instant ? math_.ToEpoch(row.start) : row.start;
        break;
      case plan::WindowProperty::kEnd:
        millis = instant ? math_.ToEpoch(row.end) : row.end;
        break;
      case plan::WindowProperty::kTime:
        millis = instant ? math_.ToEpoch(row.end - 1) : row.end - 1;
        break;
      case plan::WindowProperty::kProctime:
        millis = now_millis;
        break;
    }
    builder.Append(Timestamp{millis, 0, 0});
  }
  return builder.Finish();
}

}  // namespace millrace::operators
