#include "engine/formats/json/json_convert.h"

#include <charconv>
#include <cmath>
#include <optional>

#include "engine/formats/base64.h"
#include "engine/formats/json/json_compact.h"
#include "types/date_time_text.h"
#include "types/decimal.h"
#include "types/number_text.h"

namespace millrace::formats::json {
namespace {

// Java's String.trim().
std::string_view TrimControls(std::string_view text) {
  while (!text.empty() && static_cast<unsigned char>(text.front()) <= ' ') text.remove_prefix(1);
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
  return text;
}

// Java's Long.parseLong: a sign and digits.
std::optional<int64_t> ParseJavaLong(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return std::nullopt;
  }
  int64_t value = 0;
  auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool IsNumber(const Token& token) { return token.kind == TokenKind::kInteger || token.kind == TokenKind::kDecimal; }
bool IsContainer(const Token& token) { return token.kind == TokenKind::kObject || token.kind == TokenKind::kArray; }

// An integer in [minimum, maximum]; fractions of numbers are cut off when `cut_fraction`.
std::optional<int64_t> ToInteger(const Token& token, int64_t minimum, int64_t maximum, bool cut_fraction) {
  std::optional<int64_t> value;
  if (token.kind == TokenKind::kDecimal) {
    if (!cut_fraction) return std::nullopt;
    std::optional<double> number = ParseDouble(token.text);
    if (!number || !(*number >= static_cast<double>(minimum)) || !(*number <= static_cast<double>(maximum)))
      return std::nullopt;
    if (*number >= 0x1p63) return INT64_MAX;  // as Java's cast
    value = static_cast<int64_t>(*number);
  } else if (token.kind == TokenKind::kInteger) {
    value = ParseJavaLong(token.text);
  } else if (token.kind == TokenKind::kString) {
    value = ParseJavaLong(TrimControls(token.text));
  }
  if (!value || *value < minimum || *value > maximum) return std::nullopt;
  return value;
}

Conversion Done(bool ok, SlotState* state) {
  if (!ok) return Conversion::kBadValue;
  *state = SlotState::kSet;
  return Conversion::kOk;
}

Conversion ConvertInteger(ValueKind kind, const Token& token, Slot* slot, SlotState* state) {
  std::optional<int64_t> value;
  if (kind == ValueKind::kInt8) {
    value = ToInteger(token, INT8_MIN, INT8_MAX, false);
    slot->int8 = static_cast<int8_t>(value.value_or(0));
  } else if (kind == ValueKind::kInt16) {
    value = ToInteger(token, INT16_MIN, INT16_MAX, false);
    slot->int16 = static_cast<int16_t>(value.value_or(0));
  } else if (kind == ValueKind::kInt32) {
    value = ToInteger(token, INT32_MIN, INT32_MAX, true);
    slot->int32 = static_cast<int32_t>(value.value_or(0));
  } else {
    value = ToInteger(token, INT64_MIN, INT64_MAX, true);
    slot->int64 = value.value_or(0);
  }
  return Done(value.has_value(), state);
}

Conversion ConvertBoolean(const Token& token, Slot* slot, SlotState* state) {
  bool value = token.kind == TokenKind::kTrue;
  if (token.kind == TokenKind::kString) {
    std::string_view text = TrimControls(token.text);
    constexpr std::string_view kTrue = "true";
    value = text.size() == kTrue.size();
    for (size_t i = 0; value && i < kTrue.size(); ++i) value = (text[i] | 0x20) == kTrue[i];
  }
  slot->boolean = value ? 1 : 0;
  return Done(true, state);
}

Conversion ConvertFloating(ValueKind kind, const Token& token, Slot* slot, SlotState* state) {
  if (token.kind != TokenKind::kString && !IsNumber(token)) return Conversion::kBadValue;
  std::string_view text = TrimControls(token.text);
  if (kind == ValueKind::kFloat) {
    std::optional<float> value = ParseFloat(text);
    slot->float32 = value.value_or(0);
    return Done(value.has_value(), state);
  }
  std::optional<double> value = ParseDouble(text);
  slot->float64 = value.value_or(0);
  return Done(value.has_value(), state);
}

// Too many digits give NULL, not an error.
Conversion ConvertDecimal(const DataType& type, const Token& token, Slot* slot, SlotState* state) {
  if (token.kind != TokenKind::kString && !IsNumber(token)) return Conversion::kBadValue;
  int128_t value = 0;
  switch (ParseDecimal(TrimControls(token.text), type.precision(), type.scale(), &value)) {
    case DecimalParse::kOk:
      slot->decimal = value;
      return Done(true, state);
    case DecimalParse::kOverflow:
      *state = SlotState::kNull;
      return Conversion::kOk;
    case DecimalParse::kMalformed:
      return Conversion::kBadValue;
  }
  return Conversion::kBadValue;
}

Conversion ConvertString(JsonReader* reader, const Token& token, Slot* slot, SlotState* state) {
  std::string_view text = token.text;
  bool copied = token.copied;
  if (IsContainer(token)) {
    std::string compact;
    if (!AppendCompactJson(&compact, token.text)) return Conversion::kBadRecord;
    text = reader->Keep(std::move(compact));
    copied = true;
  }
  slot->string = StringRef(text);
  *state = copied ? SlotState::kSetCopy : SlotState::kSet;
  return Conversion::kOk;
}

// The literals true and false count as the texts "true" and "false". Flink's reader decodes while it reads: a text that
// ends behind the first of four characters, or a character outside ASCII, leaves it astray and costs the whole record.
Conversion ConvertBytes(JsonReader* reader, const Token& token, Slot* slot, SlotState* state) {
  if (IsNumber(token) || IsContainer(token)) return Conversion::kBadValue;
  std::string bytes;
  size_t failed_at = 0;
  if (!DecodeBase64(token.text, &bytes, &failed_at)) {
    bool ends_in_group = failed_at == token.text.size() && token.text.size() % 4 == 1;
    bool outside_ascii = failed_at < token.text.size() && static_cast<unsigned char>(token.text[failed_at]) >= 0x80;
    return ends_in_group || outside_ascii ? Conversion::kBadRecord : Conversion::kBadValue;
  }
  slot->string = StringRef(reader->Keep(std::move(bytes)));
  *state = SlotState::kSetCopy;
  return Conversion::kOk;
}

Conversion ConvertTemporal(ValueKind kind, const DecodeOptions& options, const Token& token, Slot* slot,
                           SlotState* state) {
  if (token.kind != TokenKind::kString) return Conversion::kBadValue;
  if (kind == ValueKind::kDate) {
    std::optional<int32_t> days = ParseIsoDate(token.text);
    slot->int32 = days.value_or(0);
    return Done(days.has_value(), state);
  }
  if (kind == ValueKind::kTime) {
    std::optional<int64_t> nanos = ParseSqlTime(token.text);
    slot->int32 = static_cast<int32_t>(nanos.value_or(0) / 1'000'000'000 * 1000);  // the fraction is dropped
    return Done(nanos.has_value(), state);
  }
  TimestampForm form = options.iso_timestamps ? TimestampForm::kIso : TimestampForm::kSql;
  if (kind == ValueKind::kTimestampLtz) form = options.iso_timestamps ? TimestampForm::kIsoUtc : TimestampForm::kSqlUtc;
  std::optional<Timestamp> value = ParseTimestampForm(token.text, form);
  slot->timestamp = value.value_or(Timestamp{});
  return Done(value.has_value(), state);
}

}  // namespace

Conversion ConvertToken(ValueKind kind, const DataType& type, const DecodeOptions& options, JsonReader* reader,
                        const Token& token, Slot* slot, SlotState* state) {
  if (token.kind == TokenKind::kNull) {
    *state = SlotState::kNull;
    return Conversion::kOk;
  }
  switch (kind) {
    case ValueKind::kSkip:
    case ValueKind::kNull:
      *state = SlotState::kNull;
      return Conversion::kOk;
    case ValueKind::kBoolean:
      return ConvertBoolean(token, slot, state);
    case ValueKind::kInt8:
    case ValueKind::kInt16:
    case ValueKind::kInt32:
    case ValueKind::kInt64:
      return ConvertInteger(kind, token, slot, state);
    case ValueKind::kFloat:
    case ValueKind::kDouble:
      return ConvertFloating(kind, token, slot, state);
    case ValueKind::kDecimal:
      return ConvertDecimal(type, token, slot, state);
    case ValueKind::kString:
      return ConvertString(reader, token, slot, state);
    case ValueKind::kBytes:
      return ConvertBytes(reader, token, slot, state);
    case ValueKind::kDate:
    case ValueKind::kTime:
    case ValueKind::kTimestamp:
    case ValueKind::kTimestampLtz:
      return ConvertTemporal(kind, options, token, slot, state);
    case ValueKind::kCollection:
    case ValueKind::kObject:
      return Conversion::kBadValue;
  }
  return Conversion::kBadValue;
}

}  // namespace millrace::formats::json
