// Types and values of the function cases.
#include "bin/conformance/case_value.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <optional>

#include "engine/sql/binder.h"
#include "engine/sql/parser.h"
#include "types/date_time_text.h"
#include "types/decimal.h"

namespace millrace::conformance {
namespace {

using Json = nlohmann::json;

Error BadValue(const Json& json, const DataType& type) {
  return ExternalError("conformance.value", fmt::format("{} is no value of {}", json.dump(), type.ToString()));
}

std::optional<std::string> BytesFromHex(const std::string& hex) {
  if (hex.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  for (size_t i = 0; i < hex.size(); i += 2) {
    char* end = nullptr;
    std::string pair = hex.substr(i, 2);
    bytes += static_cast<char>(std::strtol(pair.c_str(), &end, 16));
    if (*end != '\0') return std::nullopt;
  }
  return bytes;
}

std::optional<Value> IntegerFromJson(const Json& json) {
  if (json.is_number_integer()) return Value::Int(json.get<int64_t>());
  if (!json.is_string()) return std::nullopt;
  const auto& text = json.get_ref<const std::string&>();
  char* end = nullptr;
  int64_t value = std::strtoll(text.c_str(), &end, 10);
  if (text.empty() || *end != '\0') return std::nullopt;
  return Value::Int(value);
}

std::optional<Value> TextValue(const std::string& text, const DataType& type) {
  switch (type.kind()) {
    case TypeKind::kFloat:
      return Value::Float(std::strtof(text.c_str(), nullptr));
    case TypeKind::kDouble:
      return Value::Double(std::strtod(text.c_str(), nullptr));
    case TypeKind::kDecimal: {
      int128_t value = 0;
      if (ParseDecimal(text, type.precision(), type.scale(), &value) != DecimalParse::kOk) return std::nullopt;
      return Value::Decimal(value);
    }
    case TypeKind::kChar:
    case TypeKind::kVarchar:
      return Value::String(text);
    case TypeKind::kBinary:
    case TypeKind::kVarbinary: {
      std::optional<std::string> bytes = BytesFromHex(text);
      return bytes ? std::optional<Value>(Value::String(std::move(*bytes))) : std::nullopt;
    }
    case TypeKind::kDate: {
      std::optional<int32_t> days = ParseIsoDate(text);
      return days ? std::optional<Value>(Value::Int(*days)) : std::nullopt;
    }
    case TypeKind::kTime: {
      std::optional<int64_t> nanos = ParseSqlTime(text);
      return nanos ? std::optional<Value>(Value::Int(*nanos / 1000000)) : std::nullopt;
    }
    case TypeKind::kTimestamp: {
      std::optional<Timestamp> time = ParseTimestampForm(text, TimestampForm::kSql);
      return time ? std::optional<Value>(Value::Time(*time)) : std::nullopt;
    }
    case TypeKind::kTimestampLtz: {
      std::optional<Timestamp> time = ParseTimestampForm(text, TimestampForm::kIsoUtc);
      return time ? std::optional<Value>(Value::Time(*time)) : std::nullopt;
    }
    case TypeKind::kBigint:
      return IntegerFromJson(Json(text));
    case TypeKind::kNull:
    case TypeKind::kBoolean:
    case TypeKind::kTinyint:
    case TypeKind::kSmallint:
    case TypeKind::kInt:
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

Result<Value> NestedFromJson(const Json& json, const DataType& type) {
  if (!json.is_array()) return BadValue(json, type);
  Value::List items;
  bool row = type.Is(TypeKind::kRow);
  if (row && json.size() != type.fields().size()) return BadValue(json, type);
  for (size_t i = 0; i < json.size(); ++i) {
    if (row || type.Is(TypeKind::kArray)) {
      MR_ASSIGN(Value item, ValueFromJson(json[i], type.fields()[row ? i : 0].type));
      items.push_back(std::move(item));
      continue;
    }
    if (!json[i].is_array() || json[i].size() != 2) return BadValue(json, type);
    MR_ASSIGN(Value first, ValueFromJson(json[i][0], type.fields()[0].type));
    MR_ASSIGN(Value second, ValueFromJson(json[i][1], type.Is(TypeKind::kMap) ? type.value() : DataType::Int()));
    items.push_back(std::move(first));
    items.push_back(std::move(second));
  }
  return Value::Nested(std::move(items));
}

// Keys and values of a map, or elements and counts of a multiset, in any order.
bool SamePairs(const Value::List& a, const Value::List& b, const DataType& key, const DataType& value) {
  if (a.size() != b.size()) return false;
  std::vector<bool> used(b.size(), false);
  for (size_t i = 0; i < a.size(); i += 2) {
    bool found = false;
    for (size_t j = 0; j < b.size() && !found; j += 2) {
      if (used[j] || !SameValue(a[i], b[j], key) || !SameValue(a[i + 1], b[j + 1], value)) continue;
      found = used[j] = true;
    }
    if (!found) return false;
  }
  return true;
}

}  // namespace

Result<DataType> TypeFromText(const std::string& text) {
  if (text == "NULL") return DataType::Null();
  constexpr std::string_view kNotNull = " NOT NULL";
  size_t suffix = text.ends_with(kNotNull) ? kNotNull.size() : 0;
  // In the place of a CAST's type intervals may stand, which no column's type can be.
  MR_ASSIGN(sql::ExprPtr cast, sql::ParseExpression("CAST(NULL AS " + text.substr(0, text.size() - suffix) + ")"));
  MR_ASSIGN(DataType type, sql::BindType(*static_cast<const sql::Cast&>(*cast).type));
  return type.WithNullable(suffix == 0);
}

Result<Value> ValueFromJson(const Json& json, const DataType& type) {
  if (json.is_null()) return Value::Null();
  switch (type.physical()) {
    case PhysicalKind::kBool:
      if (!json.is_boolean()) return BadValue(json, type);
      return Value::Bool(json.get<bool>());
    case PhysicalKind::kList:
    case PhysicalKind::kRow:
      return NestedFromJson(json, type);
    case PhysicalKind::kNone:
      return BadValue(json, type);
    case PhysicalKind::kInt8:
    case PhysicalKind::kInt16:
    case PhysicalKind::kInt32:
    case PhysicalKind::kInt64:
    case PhysicalKind::kFloat:
    case PhysicalKind::kDouble:
    case PhysicalKind::kInt128:
    case PhysicalKind::kTimestamp:
    case PhysicalKind::kString:
      break;
  }
  std::optional<Value> value;
  if (json.is_string()) {
    value = TextValue(json.get<std::string>(), type);
  } else {
    value = type.IsInteger() || type.IsInterval() ? IntegerFromJson(json) : std::nullopt;
  }
  if (!value) return BadValue(json, type);
  return *value;
}

bool SameValue(const Value& a, const Value& b, const DataType& type) {
  if (a.IsNull() || b.IsNull()) return a.IsNull() && b.IsNull();
  switch (type.kind()) {
    case TypeKind::kMap:
      return SamePairs(a.AsList(), b.AsList(), type.key(), type.value());
    case TypeKind::kMultiset:
      return SamePairs(a.AsList(), b.AsList(), type.element(), DataType::Int());
    case TypeKind::kArray:
    case TypeKind::kRow: {
      const Value::List& x = a.AsList();
      const Value::List& y = b.AsList();
      if (x.size() != y.size()) return false;
      for (size_t i = 0; i < x.size(); ++i) {
        if (!SameValue(x[i], y[i], type.fields()[type.Is(TypeKind::kRow) ? i : 0].type)) return false;
      }
      return true;
    }
    case TypeKind::kNull:
    case TypeKind::kBoolean:
    case TypeKind::kTinyint:
    case TypeKind::kSmallint:
    case TypeKind::kInt:
    case TypeKind::kBigint:
    case TypeKind::kFloat:
    case TypeKind::kDouble:
    case TypeKind::kDecimal:
    case TypeKind::kChar:
    case TypeKind::kVarchar:
    case TypeKind::kBinary:
    case TypeKind::kVarbinary:
    case TypeKind::kDate:
    case TypeKind::kTime:
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampLtz:
    case TypeKind::kIntervalYearMonth:
    case TypeKind::kIntervalDayTime:
    case TypeKind::kRaw:
    case TypeKind::kDescriptor:
      return a == b;
  }
  return false;
}

}  // namespace millrace::conformance
