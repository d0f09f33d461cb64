// Values of table programs' rows.
#include "bin/conformance/program_value.h"

#include <fmt/format.h>

#include <cstdlib>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

#include "types/date_time_text.h"
#include "types/decimal.h"

namespace millrace::conformance {
namespace {

using Json = nlohmann::json;

Error BadValue(const Json& json, const DataType& type) {
  return ExternalError("conformance.value", fmt::format("{} is no value of {}", json.dump(), type.ToString()));
}

Timestamp CutTo(Timestamp time, int32_t precision) {
  int64_t unit = 1;
  for (int32_t i = precision; i < 9; ++i) unit *= 10;
  int64_t nanos = (time.millis % 1000 + 1000) % 1000 * 1000000 + time.nanos;
  int64_t kept = nanos / unit * unit;
  int64_t seconds = time.millis - (time.millis % 1000 + 1000) % 1000;
  return Timestamp{seconds + kept / 1000000, static_cast<int32_t>(kept % 1000000), 0};
}

double NumberOf(const Json& json) {
  if (json.is_number()) return json.get<double>();
  std::string text = json.is_string() ? json.get<std::string>() : "";
  if (text == "Infinity") return std::numeric_limits<double>::infinity();
  if (text == "-Infinity") return -std::numeric_limits<double>::infinity();
  return std::strtod(text.c_str(), nullptr);
}

std::optional<Value> TextValue(const std::string& text, const DataType& type) {
  if (type.IsString()) return Value::String(text);
  switch (type.kind()) {
    case TypeKind::kDecimal: {
      int128_t value = 0;
      if (ParseDecimal(text, type.precision(), type.scale(), &value) != DecimalParse::kOk) return std::nullopt;
      return Value::Decimal(value);
    }
    case TypeKind::kDate: {
      auto days = ParseIsoDate(text);
      return days ? std::optional(Value::Int(*days)) : std::nullopt;
    }
    case TypeKind::kTime: {
      auto nanos = ParseIsoTime(text);
      return nanos ? std::optional(Value::Int(*nanos / 1000000)) : std::nullopt;
    }
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampLtz: {
      auto time =
          ParseTimestampForm(text, type.Is(TypeKind::kTimestamp) ? TimestampForm::kIso : TimestampForm::kIsoUtc);
      return time ? std::optional(Value::Time(CutTo(*time, type.precision()))) : std::nullopt;
    }
    case TypeKind::kBinary:
    case TypeKind::kVarbinary: {
      std::string bytes;
      for (size_t i = 0; i + 1 < text.size(); i += 2) {
        bytes += static_cast<char>(std::strtol(text.substr(i, 2).c_str(), nullptr, 16));
      }
      return Value::String(bytes);
    }
    case TypeKind::kNull:
    case TypeKind::kBoolean:
    case TypeKind::kTinyint:
    case TypeKind::kSmallint:
    case TypeKind::kInt:
    case TypeKind::kBigint:
    case TypeKind::kFloat:
    case TypeKind::kDouble:
    case TypeKind::kChar:
    case TypeKind::kVarchar:
    case TypeKind::kIntervalYearMonth:
    case TypeKind::kIntervalDayTime:
    case TypeKind::kArray:
    case TypeKind::kMap:
    case TypeKind::kMultiset:
    case TypeKind::kRow:
    case TypeKind::kRaw:
    case TypeKind::kDescriptor:
      return std::nullopt;
  }
  return std::nullopt;
}

Result<Value> NestedValue(const Json& json, const DataType& type) {
  Value::List items;
  const std::vector<Field>& fields = type.fields();
  for (size_t i = 0; i < json.size(); ++i) {
    if (type.Is(TypeKind::kMap)) {
      MR_ASSIGN(Value key, ProgramValue(json[i][0], type.key()));
      MR_ASSIGN(Value value, ProgramValue(json[i][1], type.value()));
      items.push_back(std::move(key));
      items.push_back(std::move(value));
      continue;
    }
    size_t field = type.Is(TypeKind::kRow) ? i : 0;
    if (field >= fields.size()) break;
    MR_ASSIGN(Value item, ProgramValue(json[i], fields[field].type));
    items.push_back(std::move(item));
  }
  return Value::Nested(std::move(items));
}

}  // namespace

Result<Value> ProgramValue(const Json& json, const DataType& type) {
  if (json.is_null()) return Value::Null();
  if (json.is_boolean())
    return type.Is(TypeKind::kBoolean) ? Result<Value>(Value::Bool(json.get<bool>())) : BadValue(json, type);
  const Json& value = json.is_object() ? json["v"] : json;
  if (value.is_array()) {
    bool fits = type.Is(TypeKind::kArray) || type.Is(TypeKind::kMap) || type.Is(TypeKind::kRow);
    return fits ? NestedValue(value, type) : BadValue(json, type);
  }
  if (type.IsInteger() && value.is_number_integer()) return Value::Int(value.get<int64_t>());
  if (type.Is(TypeKind::kDouble)) return Value::Double(NumberOf(value));
  if (type.Is(TypeKind::kFloat)) return Value::Float(static_cast<float>(NumberOf(value)));
  std::optional<Value> text;
  if (value.is_string()) text = TextValue(value.get<std::string>(), type);
  if (value.is_number() && type.Is(TypeKind::kDecimal)) text = TextValue(value.dump(), type);
  if (!text) return BadValue(json, type);
  return *text;
}

}  // namespace millrace::conformance
