// SQL values as JSON.
#include "engine/functions/scalar/json/value_to_json.h"

#include <algorithm>
#include <cmath>

#include "engine/functions/scalar/json/json_document.h"
#include "types/date_time_text.h"
#include "types/decimal.h"
#include "types/number_text.h"

namespace millrace::functions {
namespace {

void AppendBase64(std::string_view bytes, std::string* out) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t group = 0;
    size_t count = std::min<size_t>(3, bytes.size() - i);
    for (size_t k = 0; k < 3; ++k) group = group << 8 | (k < count ? static_cast<uint8_t>(bytes[i + k]) : 0);
    for (size_t k = 0; k < 4; ++k) out->push_back(k <= count ? kDigits[group >> (18 - 6 * k) & 63] : '=');
  }
}

// BigDecimal.stripTrailingZeros().toString(): 100 is 1E+2.
void AppendStripped(int128_t value, int32_t scale, std::string* out) {
  if (value == 0) {
    out->push_back('0');
    return;
  }
  while (value % 10 == 0) {
    value /= 10;
    --scale;
  }
  if (scale >= 0) return AppendDecimalJava(out, value, scale);
  std::string digits = DecimalToText(value < 0 ? -value : value, 0);
  if (value < 0) out->push_back('-');
  out->push_back(digits[0]);
  if (digits.size() > 1) out->append(".").append(digits, 1);
  out->append("E+").append(std::to_string(static_cast<int64_t>(digits.size()) - 1 - scale));
}

// Jackson quotes what is no number.
template <typename T>
void AppendFloating(T value, std::string* out) {
  bool quoted = !std::isfinite(value);
  if (quoted) out->push_back('"');
  if constexpr (std::is_same_v<T, float>) {
    AppendFloat(out, value);
  } else {
    AppendDouble(out, value);
  }
  if (quoted) out->push_back('"');
}

void AppendStamp(Timestamp timestamp, TimestampForm form, std::string* out) {
  out->push_back('"');
  AppendTimestampForm(out, timestamp, form);
  out->push_back('"');
}

void AppendNested(const Value::List& items, const DataType& type, std::string* out) {
  if (type.Is(TypeKind::kArray)) {
    out->push_back('[');
    for (size_t i = 0; i < items.size(); ++i) {
      if (i > 0) out->push_back(',');
      AppendValueAsJson(items[i], type.element(), out);
    }
    out->push_back(']');
    return;
  }
  std::vector<JsonMember> members;
  if (type.Is(TypeKind::kRow)) {
    for (size_t i = 0; i < items.size(); ++i) {
      members.push_back({type.fields()[i].name, {}});
      AppendValueAsJson(items[i], type.fields()[i].type, &members.back().json);
    }
  } else {
    DataType value_type = type.Is(TypeKind::kMap) ? type.value() : DataType::Int();
    for (size_t i = 0; i + 1 < items.size(); i += 2) {
      members.push_back({items[i].IsNull() ? "null" : items[i].AsString(), {}});
      AppendValueAsJson(items[i + 1], value_type, &members.back().json);
    }
  }
  AppendJsonObject(std::move(members), out);
}

// Bytes of UTF-8 in the order of UTF-16: characters beyond the BMP come before U+E000 to U+FFFF.
int Rank(char c) {
  auto byte = static_cast<uint8_t>(c);
  if (byte >= 0xF0) return byte - 0xF0 + 0xEE;
  if (byte >= 0xEE) return byte + 0x10;
  return byte;
}

}  // namespace

bool JavaStringLess(std::string_view a, std::string_view b) {
  auto [x, y] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  if (y == b.end()) return false;
  if (x == a.end()) return true;
  return Rank(*x) < Rank(*y);
}

void AppendJsonObject(std::vector<JsonMember> members, std::string* out) {
  std::stable_sort(members.begin(), members.end(),
                   [](const JsonMember& a, const JsonMember& b) { return JavaStringLess(a.key, b.key); });
  out->push_back('{');
  bool first = true;
  for (size_t i = 0; i < members.size(); ++i) {
    if (i + 1 < members.size() && members[i].key == members[i + 1].key) continue;
    if (!first) out->push_back(',');
    first = false;
    AppendJsonString(members[i].key, out);
    out->push_back(':');
    out->append(members[i].json);
  }
  out->push_back('}');
}

Status CheckJsonType(const DataType& type) {
  switch (type.kind()) {
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
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampLtz:
      return Status::Ok();
    case TypeKind::kArray:
    case TypeKind::kRow:
      for (const Field& field : type.fields()) MR_RETURN_IF_ERROR(CheckJsonType(field.type));
      return Status::Ok();
    case TypeKind::kMap:
    case TypeKind::kMultiset: {
      const DataType& key = type.fields()[0].type;
      if (!key.IsString()) {
        return UserError("function.arguments",
                         "Type '" + key.ToString() +
                             "' is not supported for JSON conversion. The key type must be a character string.",
                         "CAST the map so that its keys are STRING");
      }
      return type.Is(TypeKind::kMap) ? CheckJsonType(type.value()) : Status::Ok();
    }
    case TypeKind::kDate:
    case TypeKind::kTime:
    case TypeKind::kIntervalYearMonth:
    case TypeKind::kIntervalDayTime:
    case TypeKind::kRaw:
    case TypeKind::kDescriptor:
      break;
  }
  return UserError("function.arguments",
                   "Type '" + type.ToString() + "' is not scalar or cannot be converted into JSON.",
                   "CAST the value to STRING first");
}

void AppendValueAsJson(const Value& value, const DataType& type, std::string* out) {
  if (value.IsNull()) {
    out->append("null");
    return;
  }
  switch (type.physical()) {
    case PhysicalKind::kNone:
      out->append("null");
      return;
    case PhysicalKind::kBool:
      out->append(value.AsBool() ? "true" : "false");
      return;
    case PhysicalKind::kInt8:
    case PhysicalKind::kInt16:
    case PhysicalKind::kInt32:
    case PhysicalKind::kInt64:
      return AppendInteger(out, value.AsInt());
    case PhysicalKind::kFloat:
      return AppendFloating(value.AsFloat(), out);
    case PhysicalKind::kDouble:
      return AppendFloating(value.AsDouble(), out);
    case PhysicalKind::kInt128:
      return AppendStripped(value.AsDecimal(), type.scale(), out);
    case PhysicalKind::kTimestamp:
      return AppendStamp(value.AsTimestamp(),
                         type.Is(TypeKind::kTimestampLtz) ? TimestampForm::kIsoUtc : TimestampForm::kIso, out);
    case PhysicalKind::kString:
      if (type.IsString()) return AppendJsonString(value.AsString(), out);
      out->push_back('"');
      AppendBase64(value.AsString(), out);
      out->push_back('"');
      return;
    case PhysicalKind::kList:
    case PhysicalKind::kRow:
      return AppendNested(value.AsList(), type, out);
  }
}

}  // namespace millrace::functions
