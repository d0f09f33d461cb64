#include "engine/operators/sink/sink_constraints.h"

#include <fmt/format.h>

#include "types/utf8_text.h"

namespace millrace::operators {
namespace {

// The first `points` code points.
std::string_view CutText(std::string_view text, size_t points) {
  size_t at = 0;
  for (; at < text.size(); ++at) {
    bool starts_point = (static_cast<uint8_t>(text[at]) & 0xC0) != 0x80;
    if (starts_point && points-- == 0) break;
  }
  return text.substr(0, at);
}

}  // namespace

SinkConstraints::SinkConstraints(const plan::PhysicalNode& node)
    : spec_(std::get<plan::SinkSpec>(node.spec)), schema_(node.output) {
  for (size_t c = 0; spec_.sink == nullptr && c < schema_.size(); ++c) {
    const DataType& type = schema_[c].type;
    if (type.physical() == PhysicalKind::kTimestamp && type.precision() <= 3) millis_.push_back(c);
  }
  for (size_t c = 0; spec_.enforce_lengths && c < schema_.size(); ++c) {
    const DataType& type = schema_[c].type;
    if (type.physical() == PhysicalKind::kString && type.length() < INT32_MAX) limited_.push_back(c);
  }
}

Status SinkConstraints::Apply(Chunk& chunk, MemoryPool* pool) const {
  MR_RETURN_IF_ERROR(EnforceNotNull(chunk));
  for (size_t column : limited_) chunk.columns[column] = WithLength(column, chunk, pool);
  for (size_t column : millis_) chunk.columns[column] = InMillis(chunk.columns[column], pool);
  return Status::Ok();
}

ColumnPtr SinkConstraints::InMillis(const ColumnPtr& column, MemoryPool* pool) {
  ColumnReader<Timestamp> times(*column);
  bool exact = true;
  for (int32_t row = 0; exact && row < column->size(); ++row) exact = times.IsNull(row) || times[row].nanos == 0;
  if (exact) return column;
  ColumnBuilder builder(column->type(), pool, column->size());
  for (int32_t row = 0; row < column->size(); ++row) {
    if (times.IsNull(row)) {
      builder.AppendNull();
    } else {
      builder.Append(Timestamp{times[row].millis, 0, 0});
    }
  }
  return builder.Finish();
}

Status SinkConstraints::EnforceNotNull(Chunk& chunk) const {
  for (size_t c = 0; c < spec_.not_null.size(); ++c) {
    if (!spec_.not_null[c] || chunk.columns[c]->HasNoNulls()) continue;
    auto kept = std::make_shared<std::vector<int32_t>>();
    chunk.rows().ForEach([&](int32_t row) {
      if (!chunk.columns[c]->IsNull(row)) kept->push_back(row);
    });
    if (static_cast<int32_t>(kept->size()) == chunk.row_count()) continue;
    if (!spec_.drop_null_rows) {
      return UserError(
          "sink.not_null",
          fmt::format("Column '{}' is NOT NULL, however, a null value is being written into it.", schema_[c].name),
          "set 'table.exec.sink.not-null-enforcer' = 'DROP' to leave such rows out");
    }
    chunk.selection = std::move(kept);
  }
  return Status::Ok();
}

ColumnPtr SinkConstraints::WithLength(size_t column, const Chunk& chunk, MemoryPool* pool) const {
  const DataType& type = schema_[column].type;
  auto length = static_cast<size_t>(type.length());
  bool bytes = type.IsBinaryString();
  bool pads = type.Is(TypeKind::kChar) || type.Is(TypeKind::kBinary);
  ColumnReader<StringRef> texts(*chunk.columns[column]);
  ColumnBuilder builder(type, pool, chunk.size);
  std::string padded;
  for (int32_t row = 0; row < chunk.size; ++row) {
    if (texts.IsNull(row)) {
      builder.AppendNull();
      continue;
    }
    std::string_view text = texts[row].view();
    size_t size = bytes ? text.size() : CountCodePoints(text);
    if (size > length) {
      builder.AppendString(bytes ? text.substr(0, length) : CutText(text, length));
    } else if (pads && size < length) {
      padded.assign(text);
      padded.append(length - size, bytes ? '\0' : ' ');
      builder.AppendString(padded);
    } else {
      builder.AppendString(text);
    }
  }
  return builder.Finish();
}

}  // namespace millrace::operators
