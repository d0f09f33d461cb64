// Arrays, maps, multisets and the rows in them: decoded into boxed values.
#include <fmt/format.h>

#include <unordered_map>

#include "engine/formats/json/json_decoder.h"
#include "engine/formats/json/map_order.h"

namespace millrace::formats::json {

const char* JsonDecoder::BadBoxed(const DataType& type, const char* start, const char* behind, Value* value) {
  constexpr size_t kQuotedMax = 64;
  if (options_.ignore_parse_errors) {
    *value = Value::Null();
    return behind;
  }
  if (field_error_ == nullptr) {
    std::string_view text(start, std::min(static_cast<size_t>(behind - start), kQuotedMax));
    field_error_ = std::make_unique<FieldError>();
    field_error_->reason = fmt::format("{} is no {}", text, type.Nullable().ToString());
  }
  return nullptr;
}

const char* JsonDecoder::ReadBoxed(const DataType& type, const char* p, int32_t depth, Value* value) {
  if (p >= reader_.end()) return reader_.Fail(p, "the text ends too early");
  if (depth > kDepthMax) return reader_.Fail(p, "brackets are nested deeper than 1,000");
  ValueKind kind = ValueKindOf(type);
  bool nested = kind == ValueKind::kCollection || kind == ValueKind::kObject;
  if (nested && *p == (type.Is(TypeKind::kArray) ? '[' : '{')) {
    if (kind == ValueKind::kObject) return ReadBoxedRow(type, p + 1, depth, value);
    if (type.Is(TypeKind::kArray)) return ReadBoxedArray(type, p + 1, depth, value);
    bool map = type.Is(TypeKind::kMap);
    return ReadBoxedMap(map ? type.key() : type.element(), map ? type.value() : DataType::Int(), p + 1, depth, value);
  }
  Token token;
  const char* behind = reader_.ReadToken(p, &token);
  if (behind == nullptr) return nullptr;
  Slot slot;
  SlotState state = SlotState::kNull;
  switch (ConvertToken(kind, type, options_, &reader_, token, &slot, &state)) {
    case Conversion::kOk:
      *value = BoxSlot(type.physical(), slot, state);
      return behind;
    case Conversion::kBadValue:
      return BadBoxed(type, p, behind, value);
    case Conversion::kBadRecord:
      return reader_.Fail(p, "a value cannot be read");
  }
  return nullptr;
}

const char* JsonDecoder::ReadBoxedArray(const DataType& type, const char* p, int32_t depth, Value* value) {
  Value::List items;
  p = SkipSpace(p, reader_.end());
  while (*p != ']') {
    if (!items.empty()) {
      if (*p != ',') return reader_.Fail(p, "a comma or a closing bracket is expected");
      p = SkipSpace(p + 1, reader_.end());
    }
    p = ReadBoxed(type.element(), p, depth + 1, &items.emplace_back());
    if (p == nullptr) return nullptr;
    p = SkipSpace(p, reader_.end());
  }
  *value = Value::Nested(std::move(items));
  return p + 1;
}

// Of equal keys the last one counts.
const char* JsonDecoder::ReadBoxedMap(const DataType& key, const DataType& element, const char* p, int32_t depth,
                                      Value* value) {
  static_cast<void>(key);  // always text
  Value::List items;
  std::unordered_map<std::string, size_t> positions;
  p = SkipSpace(p, reader_.end());
  for (bool first = true; *p != '}'; first = false) {
    if (!first) {
      if (*p != ',') return reader_.Fail(p, "a comma or a closing bracket is expected");
      p = SkipSpace(p + 1, reader_.end());
    }
    if (p >= reader_.end() || *p != '"') return reader_.Fail(p, "a key in quotes is expected");
    Token name;
    p = reader_.ReadString(p + 1, &name);
    if (p == nullptr) return nullptr;
    auto [place, added] = positions.emplace(std::string(name.text), items.size());
    if (added) {
      items.push_back(Value::String(std::string(name.text)));
      items.emplace_back();
    }
    p = reader_.SkipColon(p);
    if (p == nullptr) return nullptr;
    p = ReadBoxed(element, p, depth + 1, &items[place->second + 1]);
    if (p == nullptr) return nullptr;
    p = SkipSpace(p, reader_.end());
  }
  OrderAsHashMap(&items);
  *value = Value::Nested(std::move(items));
  return p + 1;
}

const char* JsonDecoder::ReadBoxedRow(const DataType& type, const char* p, int32_t depth, Value* value) {
  const std::vector<Field>& fields = type.fields();
  Value::List items(fields.size());
  size_t found = 0;
  p = SkipSpace(p, reader_.end());
  for (bool first = true; p != nullptr && *p != '}'; first = false) {
    if (!first) {
      if (*p != ',') return reader_.Fail(p, "a comma or a closing bracket is expected");
      p = SkipSpace(p + 1, reader_.end());
    }
    if (p >= reader_.end() || *p != '"') return reader_.Fail(p, "a key in quotes is expected");
    Token name;
    p = reader_.ReadString(p + 1, &name);
    if (p != nullptr) p = reader_.SkipColon(p);
    if (p == nullptr) return nullptr;
    size_t index = 0;
    while (index < fields.size() && fields[index].name != name.text) ++index;
    if (index < fields.size() && found < fields.size()) {
      ++found;
      p = ReadBoxed(fields[index].type, p, depth + 1, &items[index]);
    } else {
      p = reader_.SkipValue(p);
    }
    if (p != nullptr) p = SkipSpace(p, reader_.end());
  }
  if (p == nullptr) return nullptr;
  if (found < fields.size() && options_.fail_on_missing_field) {
    field_error_ = std::make_unique<FieldError>();
    field_error_->reason = "a field of a row is missing, and 'json.fail-on-missing-field' is set";
    return nullptr;
  }
  *value = Value::Nested(std::move(items));
  return p + 1;
}

}  // namespace millrace::formats::json
