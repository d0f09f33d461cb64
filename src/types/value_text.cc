// Texts of boxed values: SQL's, and those of Java's Row.toString.
#include "types/value_text.h"

#include "types/cast.h"
#include "types/date_time.h"
#include "types/date_time_text.h"
#include "types/decimal.h"
#include "types/number_text.h"
#include "types/utf8_text.h"

namespace millrace {
namespace {

const DataType& CountType() {
  static const DataType type = DataType::Int().NotNull();
  return type;
}

// Calls `append` for the items of a nested value, with `separator` between elements and `equals` between key and value.
template <typename Append>
void AppendItems(std::string* out, const Value::List& items, const DataType& type, std::string_view separator,
                 Append&& append) {
  bool pairs = type.Is(TypeKind::kMap) || type.Is(TypeKind::kMultiset);
  for (size_t i = 0; i < items.size(); ++i) {
    if (i > 0) out->append(pairs && i % 2 == 1 ? "=" : separator);
    if (type.Is(TypeKind::kRow)) {
      append(items[i], type.fields()[i].type);
    } else if (type.Is(TypeKind::kMap)) {
      append(items[i], i % 2 == 0 ? type.key() : type.value());
    } else if (type.Is(TypeKind::kMultiset)) {
      append(items[i], i % 2 == 0 ? type.element() : CountType());
    } else {
      append(items[i], type.element());
    }
  }
}

void AppendNested(std::string* out, const Value& value, const DataType& type, const TextStyle& style) {
  bool row = type.Is(TypeKind::kRow);
  out->push_back(row ? '(' : (type.Is(TypeKind::kArray) ? '[' : '{'));
  std::string_view separator = row && style.legacy ? "," : ", ";
  AppendItems(out, value.AsList(), type, separator,
              [&](const Value& item, const DataType& item_type) { AppendText(out, item, item_type, style); });
  out->push_back(row ? ')' : (type.Is(TypeKind::kArray) ? ']' : '}'));
}

// java.time.Period's toString: "P1Y2M", "P0D".
void AppendPeriod(std::string* out, int64_t months, IntervalFields fields) {
  int64_t years = fields == IntervalFields::kMonth ? 0 : months / 12;
  int64_t rest = months - years * 12;
  out->push_back('P');
  if (years != 0) {
    AppendInteger(out, years);
    out->push_back('Y');
  }
  if (rest != 0) {
    AppendInteger(out, rest);
    out->push_back('M');
  }
  if (months == 0) out->append("0D");
}

// java.time.Duration's toString: "PT36H1M0.5S", "PT0S".
void AppendDuration(std::string* out, int64_t millis) {
  int64_t seconds = millis / 1000;
  int64_t fraction = millis % 1000;
  out->append("PT");
  if (millis == 0) return static_cast<void>(out->append("0S"));
  if (seconds / 3600 != 0) {
    AppendInteger(out, seconds / 3600);
    out->push_back('H');
  }
  if (seconds / 60 % 60 != 0) {
    AppendInteger(out, seconds / 60 % 60);
    out->push_back('M');
  }
  if (seconds % 60 == 0 && fraction == 0) return;
  if (millis < 0 && seconds % 60 == 0) out->push_back('-');
  AppendInteger(out, seconds % 60);
  if (fraction != 0) {
    std::string digits = std::to_string(1000 + (fraction < 0 ? -fraction : fraction)).substr(1);
    digits.erase(digits.find_last_not_of('0') + 1);
    out->append("." + digits);
  }
  out->push_back('S');
}

void AppendSignedBytes(std::string* out, std::string_view bytes) {
  out->push_back('[');
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (i > 0) out->append(", ");
    AppendInteger(out, static_cast<signed char>(bytes[i]));
  }
  out->push_back(']');
}

}  // namespace

void AppendText(std::string* out, const Value& value, const DataType& type, const TextStyle& style) {
  if (value.IsNull()) return static_cast<void>(out->append(style.legacy ? "null" : "NULL"));
  switch (type.kind()) {
    case TypeKind::kBoolean:
      out->append(value.AsBool() ? (style.legacy ? "true" : "TRUE") : (style.legacy ? "false" : "FALSE"));
      return;
    case TypeKind::kTinyint:
    case TypeKind::kSmallint:
    case TypeKind::kInt:
    case TypeKind::kBigint:
      return AppendInteger(out, value.AsInt());
    case TypeKind::kFloat:
      return AppendFloat(out, value.AsFloat());
    case TypeKind::kDouble:
      return AppendDouble(out, value.AsDouble());
    case TypeKind::kDecimal:
      return AppendDecimal(out, value.AsDecimal(), type.scale());
    case TypeKind::kChar:
    case TypeKind::kVarchar:
      return static_cast<void>(out->append(value.AsString()));
    case TypeKind::kBinary:
    case TypeKind::kVarbinary:
      return AppendDecoded(out, value.AsString());
    case TypeKind::kDate:
      return AppendDate(out, static_cast<int32_t>(value.AsInt()));
    case TypeKind::kTime:
      return AppendTime(out, static_cast<int32_t>(value.AsInt()), 0);
    case TypeKind::kTimestamp:
      return AppendTimestamp(out, value.AsTimestamp(), type.precision());
    case TypeKind::kTimestampLtz:
      return AppendTimestamp(out, InstantToLocal(value.AsTimestamp(), *style.zone), type.precision());
    case TypeKind::kIntervalYearMonth:
      return AppendIntervalYearMonth(out, static_cast<int32_t>(value.AsInt()));
    case TypeKind::kIntervalDayTime:
      return AppendIntervalDayTime(out, value.AsInt());
    case TypeKind::kArray:
    case TypeKind::kMap:
    case TypeKind::kMultiset:
    case TypeKind::kRow:
      return AppendNested(out, value, type, style);
    case TypeKind::kNull:
    case TypeKind::kRaw:
    case TypeKind::kDescriptor:
      return;
  }
}

void AppendRowText(std::string* out, const Value& value, const DataType& type) {
  if (value.IsNull()) return static_cast<void>(out->append("null"));
  switch (type.kind()) {
    case TypeKind::kBoolean:
      return static_cast<void>(out->append(value.AsBool() ? "true" : "false"));
    case TypeKind::kDecimal:
      return AppendDecimalJava(out, value.AsDecimal(), type.scale());
    case TypeKind::kBinary:
    case TypeKind::kVarbinary:
      return AppendSignedBytes(out, value.AsString());
    case TypeKind::kDate:
      return AppendJavaLocalDate(out, static_cast<int32_t>(value.AsInt()));
    case TypeKind::kTime:
      return AppendJavaLocalTime(out, value.AsInt() * 1000000);
    case TypeKind::kTimestamp:
      return AppendJavaLocalDateTime(out, value.AsTimestamp());
    case TypeKind::kTimestampLtz:
      return AppendJavaInstant(out, value.AsTimestamp());
    case TypeKind::kIntervalYearMonth:
      return AppendPeriod(out, value.AsInt(), type.interval_fields());
    case TypeKind::kIntervalDayTime:
      return AppendDuration(out, value.AsInt());
    case TypeKind::kArray:
    case TypeKind::kMap:
    case TypeKind::kMultiset:
    case TypeKind::kRow: {
      bool row = type.Is(TypeKind::kRow);
      bool array = type.Is(TypeKind::kArray);
      out->append(row ? "+I[" : (array ? "[" : "{"));
      AppendItems(out, value.AsList(), type, ", ",
                  [out](const Value& item, const DataType& item_type) { AppendRowText(out, item, item_type); });
      out->append(row || array ? "]" : "}");
      return;
    }
    case TypeKind::kTinyint:
    case TypeKind::kSmallint:
    case TypeKind::kInt:
    case TypeKind::kBigint:
    case TypeKind::kFloat:
    case TypeKind::kDouble:
    case TypeKind::kChar:
    case TypeKind::kVarchar:
    case TypeKind::kNull:
    case TypeKind::kRaw:
    case TypeKind::kDescriptor:
      return AppendText(out, value, type, {});
  }
}

std::string ToText(const Value& value, const DataType& type, const TimeZone* zone) {
  std::string text;
  AppendText(&text, value, type, {zone, false});
  return text;
}

std::string ToRowText(const Value& value, const DataType& type) {
  std::string text;
  AppendRowText(&text, value, type);
  return text;
}

}  // namespace millrace
