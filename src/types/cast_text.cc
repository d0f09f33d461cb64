// Casts to texts and to binaries.
#include <algorithm>

#include "types/cast_kernels.h"
#include "types/date_time.h"
#include "types/date_time_text.h"
#include "types/decimal.h"
#include "types/number_text.h"
#include "types/utf8_text.h"
#include "types/value_text.h"

namespace millrace::casts {
namespace {

// Whether texts of `from` always fit into CHAR(n) or VARCHAR(n) as they are.
bool FitsAlways(const DataType& from, const DataType& to, const CastContext& context) {
  if (context.legacy || to.length() == DataType::kMaxLength) return true;
  return to.Is(TypeKind::kVarchar) && from.IsString() && from.length() <= to.length();
}

// The same rule in UTF-16 units, for the casts that Flink does over java.lang.String: of binaries and nested values.
void FitUtf16(std::string* text, const DataType& to) {
  auto length = static_cast<size_t>(to.length());
  size_t units = CountUtf16Units(*text);
  if (units > length) *text = Utf16Prefix(*text, length);
  if (units < length && to.Is(TypeKind::kChar)) text->append(length - units, ' ');
}

Result<ColumnPtr> TextToText(Task& task) {
  if (FitsAlways(task.from(), task.to, task.context)) {
    return ConvertToText<StringRef>(task, [](const StringRef& v, std::string* text) { text->append(v.view()); });
  }
  std::string buffer;
  return ConvertToText<StringRef>(
      task, [&](const StringRef& v, std::string* text) { text->append(FitText(v.view(), task.to, &buffer)); });
}

template <typename From, typename Append>
Result<ColumnPtr> Scalar(Task& task, Append&& append) {
  if (FitsAlways(task.from(), task.to, task.context)) return ConvertToText<From>(task, append);
  std::string buffer;
  return ConvertToText<From>(task, [&](const From& v, std::string* text) {
    append(v, text);
    std::string_view fitted = FitText(*text, task.to, &buffer);
    if (fitted.size() < text->size()) {
      text->resize(fitted.size());
    } else if (fitted.size() > text->size()) {
      text->swap(buffer);
    }
  });
}

template <typename From>
Result<ColumnPtr> Integer(Task& task) {
  return Scalar<From>(task, [](const From& v, std::string* text) { AppendInteger(text, v); });
}

Result<ColumnPtr> Timestamps(Task& task) {
  int32_t precision = task.from().precision();
  const TimeZone* zone = task.from().Is(TypeKind::kTimestampLtz) ? task.context.zone : nullptr;
  return Scalar<Timestamp>(task, [=](const Timestamp& v, std::string* text) {
    AppendTimestamp(text, zone == nullptr ? v : InstantToLocal(v, *zone), precision);
  });
}

Result<ColumnPtr> Binaries(Task& task) {
  bool fit = !task.context.legacy && task.to.length() != DataType::kMaxLength;
  return ConvertToText<StringRef>(task, [&task, fit](const StringRef& v, std::string* text) {
    AppendDecoded(text, v.view());
    if (fit) FitUtf16(text, task.to);
  });
}

// Boxed: texts of arrays, maps, multisets and rows.
Result<ColumnPtr> Nested(Task& task) {
  bool fit = !task.context.legacy && task.to.length() != DataType::kMaxLength;
  FlatWriter<StringRef> writer(task.to, task.column.size(), task.context.pool);
  ClearUnselected(task, writer.values());
  std::string text;
  task.rows.ForEach([&](int32_t row) {
    writer.values()[row] = StringRef();
    Value value = task.column.GetValue(row);
    if (value.IsNull()) return writer.SetNull(row);
    text.clear();
    AppendText(&text, value, task.from(), {task.context.zone, task.context.legacy});
    if (fit) FitUtf16(&text, task.to);
    writer.values()[row] = writer.arena().Copy(text);
  });
  return writer.Finish();
}

}  // namespace

std::string_view FitText(std::string_view text, const DataType& to, std::string* buffer) {
  auto length = static_cast<size_t>(to.length());
  if (text.size() > length) {  // only then can there be more code points
    size_t bytes = PrefixBytes(text, length);
    if (bytes < text.size()) return text.substr(0, bytes);
  }
  if (!to.Is(TypeKind::kChar) || to.length() == DataType::kMaxLength) return text;
  size_t points = CountCodePoints(text);
  if (points >= length) return text;
  buffer->assign(text);
  buffer->append(length - points, ' ');
  return *buffer;
}

Result<ColumnPtr> ToTextColumn(Task& task) {
  switch (task.from().kind()) {
    case TypeKind::kBoolean: {
      std::string_view yes = task.context.legacy ? "true" : "TRUE";
      std::string_view no = task.context.legacy ? "false" : "FALSE";
      return Scalar<uint8_t>(task, [=](uint8_t v, std::string* text) { text->append(v != 0 ? yes : no); });
    }
    case TypeKind::kTinyint:
      return Integer<int8_t>(task);
    case TypeKind::kSmallint:
      return Integer<int16_t>(task);
    case TypeKind::kInt:
      return Integer<int32_t>(task);
    case TypeKind::kBigint:
      return Integer<int64_t>(task);
    case TypeKind::kFloat:
      return Scalar<float>(task, [](float v, std::string* text) { AppendFloat(text, v); });
    case TypeKind::kDouble:
      return Scalar<double>(task, [](double v, std::string* text) { AppendDouble(text, v); });
    case TypeKind::kDecimal: {
      int32_t scale = task.from().scale();
      return Scalar<int128_t>(task, [scale](int128_t v, std::string* text) { AppendDecimal(text, v, scale); });
    }
    case TypeKind::kChar:
    case TypeKind::kVarchar:
      return TextToText(task);
    case TypeKind::kBinary:
    case TypeKind::kVarbinary:
      return Binaries(task);
    case TypeKind::kDate:
      return Scalar<int32_t>(task, [](int32_t v, std::string* text) { AppendDate(text, v); });
    case TypeKind::kTime:
      return Scalar<int32_t>(task, [](int32_t v, std::string* text) { AppendTime(text, v, 0); });
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampLtz:
      return Timestamps(task);
    case TypeKind::kIntervalYearMonth:
      return Scalar<int32_t>(task, [](int32_t v, std::string* text) { AppendIntervalYearMonth(text, v); });
    case TypeKind::kIntervalDayTime:
      return Scalar<int64_t>(task, [](int64_t v, std::string* text) { AppendIntervalDayTime(text, v); });
    case TypeKind::kArray:
    case TypeKind::kMap:
    case TypeKind::kMultiset:
    case TypeKind::kRow:
      return Nested(task);
    case TypeKind::kNull:
    case TypeKind::kRaw:
    case TypeKind::kDescriptor:
      return CastRefused(task.from(), task.to);
  }
  return CastRefused(task.from(), task.to);
}

// At run time a binary that may be longer than VARBINARY(n) is also padded to n; when folded it is only cut.
Result<ColumnPtr> ToBinary(Task& task) {
  auto length = static_cast<size_t>(task.to.length());
  bool limited = !task.context.legacy && task.to.length() != DataType::kMaxLength;
  bool pad = limited && (task.to.Is(TypeKind::kBinary) || (task.from().IsBinaryString() && !task.context.folded));
  if (limited && task.to.Is(TypeKind::kVarbinary) && task.from().IsBinaryString()) {
    if (task.from().length() <= task.to.length()) limited = pad = false;
  }
  return ConvertToText<StringRef>(task, [=](const StringRef& v, std::string* bytes) {
    bytes->append(v.view().substr(0, limited ? length : v.size()));
    if (pad && bytes->size() < length) bytes->append(length - bytes->size(), '\0');
  });
}

}  // namespace millrace::casts
