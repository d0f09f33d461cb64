// The loops of CastColumn and what the files cast_*.cc offer to cast.cc. Private to the casts.
#pragma once

#include <string>
#include <string_view>
#include <type_traits>

#include "types/cast.h"

namespace millrace::casts {

// What one conversion did.
enum class Outcome : uint8_t { kOk, kNull, kFail };

// One CastColumn call. `column` is not a dictionary or constant unless the kernel reads it through a ColumnReader.
struct Task {
  const Column& column;
  DataType to;
  RowSet rows;
  bool try_cast;
  const CastContext& context;
  std::string_view reason;  // why the last conversion failed, a sentence; set by conversions

  const DataType& from() const { return column.type(); }
};

// The error of a row that could not be cast.
Error Failure(const Task& task, int32_t row);

// Zeroes the result's values when some rows will not be written.
template <typename To>
void ClearUnselected(const Task& task, To* values) {
  if (task.rows.IsAll()) return;
  std::memset(static_cast<void*>(values), 0, sizeof(To) * static_cast<size_t>(task.column.size()));
}

// Conversions that may fail or give NULL. `convert(const From&, To*)` returns an Outcome.
template <typename From, typename To, typename Convert>
Result<ColumnPtr> ConvertRows(Task& task, Convert&& convert) {
  ColumnReader<From> reader(task.column);
  FlatWriter<To> writer(task.to, task.column.size(), task.context.pool);
  ClearUnselected(task, writer.values());
  for (int32_t i = 0; i < task.rows.count(); ++i) {
    int32_t row = task.rows[i];
    To value{};
    Outcome outcome = reader.IsNull(row) ? Outcome::kNull : convert(reader[row], &value);
    if (outcome == Outcome::kFail && !task.try_cast) return Failure(task, row);
    writer.values()[row] = value;
    if (outcome != Outcome::kOk) writer.SetNull(row);
  }
  return writer.Finish();
}

// Conversions that always succeed. `convert(From)` returns a To.
template <typename From, typename To, typename Convert>
ColumnPtr ConvertAlways(const Task& task, Convert&& convert) {
  ColumnReader<From> reader(task.column);
  FlatWriter<To> writer(task.to, task.column.size(), task.context.pool);
  To* out = writer.values();
  if (task.rows.IsAll() && reader.IsFlat()) {
    const From* in = reader.values();
    for (int32_t row = 0; row < task.rows.count(); ++row) out[row] = convert(in[row]);
    writer.CopyValidity(reader.validity());
    return writer.Finish();
  }
  ClearUnselected(task, out);
  task.rows.ForEach([&](int32_t row) {
    if (reader.IsNull(row)) {
      out[row] = To{};
      writer.SetNull(row);
    } else {
      out[row] = convert(reader[row]);
    }
  });
  return writer.Finish();
}

// Texts: `append(const From&, std::string*)` writes the text of a value.
template <typename From, typename Append>
ColumnPtr ConvertToText(const Task& task, Append&& append) {
  ColumnReader<From> reader(task.column);
  FlatWriter<StringRef> writer(task.to, task.column.size(), task.context.pool);
  StringRef* out = writer.values();
  ClearUnselected(task, out);
  std::string text;
  task.rows.ForEach([&](int32_t row) {
    out[row] = StringRef();
    if (reader.IsNull(row)) return writer.SetNull(row);
    text.clear();
    append(reader[row], &text);
    out[row] = writer.arena().Copy(text);
  });
  return writer.Finish();
}

// By target. Each gets a flat, constant or dictionary column of a scalar type that CanCast allows.
Result<ColumnPtr> ToNumber(Task& task);  // TINYINT to DOUBLE
Result<ColumnPtr> ToDecimal(Task& task);
Result<ColumnPtr> ToBoolean(Task& task);
Result<ColumnPtr> ToInterval(Task& task);
Result<ColumnPtr> ToDateTime(Task& task);  // DATE, TIME, TIMESTAMP, TIMESTAMP_LTZ
Result<ColumnPtr> ToBinary(Task& task);
Result<ColumnPtr> ToTextColumn(Task& task);  // CHAR, VARCHAR, of every source type
Result<ColumnPtr> FromText(Task& task);      // CHAR, VARCHAR to everything but texts and binaries
Result<ColumnPtr> ToNested(Task& task);      // ARRAY, MAP, MULTISET, ROW of the same kind; the column is flat

// Cuts or pads a text to CHAR(n) or VARCHAR(n); the result may point into `text` or into `*buffer`.
std::string_view FitText(std::string_view text, const DataType& to, std::string* buffer);

// Milliseconds or months of one unit of a single-field interval.
int64_t IntervalUnit(IntervalFields fields);

}  // namespace millrace::casts
