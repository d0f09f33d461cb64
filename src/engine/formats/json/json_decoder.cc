#include "engine/formats/json/json_decoder.h"

#include <fmt/format.h>

#include <algorithm>

#include "types/date_time_text.h"

namespace millrace::formats::json {
namespace {

constexpr size_t kQuotedTextMax = 256;

std::string Shorten(std::string_view text) {
  if (text.size() <= kQuotedTextMax) return std::string(text);
  size_t cut = kQuotedTextMax;
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80) --cut;
  return fmt::format("{}… ({} bytes)", text.substr(0, cut), text.size());
}

// The columns of an output and of its children that may refer to a record's bytes.
void KeepBuffer(const OutputPlan& output, const BufferPtr& keeper, ColumnBuilder& column) {
  if (output.physical == PhysicalKind::kString) column.KeepBuffer(keeper);
  for (size_t i = 0; i < output.children.size(); ++i) KeepBuffer(output.children[i], keeper, column.child(i));
}

}  // namespace

JsonDecoder::JsonDecoder(std::unique_ptr<DecodePlan> plan, const DecodeOptions& options, MemoryPool* pool)
    : plan_(std::move(plan)),
      options_(options),
      pool_(pool),
      slots_(static_cast<size_t>(plan_->slots)),
      states_(static_cast<size_t>(plan_->slots)),
      boxed_(static_cast<size_t>(plan_->slots)) {}

Status JsonDecoder::Decode(std::string_view record, const BufferPtr& keeper, ChunkBuilder& out) {
  if (record.empty()) return Status::Ok();
  refer_ = keeper != nullptr;
  if (!refer_) {
    size_t needed = record.size() + kKeeperPaddingBytes;
    if (scratch_ == nullptr || scratch_->size() < needed) scratch_ = Buffer::Allocate(pool_, needed * 2);
    std::memcpy(scratch_->data(), record.data(), record.size());
    record = {reinterpret_cast<const char*>(scratch_->data()), record.size()};
  }
  if (!ParseRecord(record)) [[unlikely]] {
    if (options_.ignore_parse_errors) return Status::Ok();
    return FailedRecord(record);
  }
  if (refer_ && (keeper.get() != kept_ || kept_by_ != &out || out.empty())) KeepInColumns(keeper, out);
  for (size_t i = 0; i < plan_->outputs.size(); ++i) Emit(plan_->outputs[i], out.column(i));
  out.EndRow(RowKind::kInsert);
  return Status::Ok();
}

void JsonDecoder::KeepInColumns(const BufferPtr& keeper, ChunkBuilder& out) {
  for (size_t i = 0; i < plan_->outputs.size(); ++i) KeepBuffer(plan_->outputs[i], keeper, out.column(i));
  kept_ = keeper.get();
  kept_by_ = &out;
}

Status JsonDecoder::FailedRecord(std::string_view record) {
  std::string text = Shorten(record);
  if (field_error_ != nullptr) {
    return UserError(
        "format.json.value",
        fmt::format("Failed to deserialize JSON '{}': field '{}': {}", text, field_error_->path, field_error_->reason),
        "'json.ignore-parse-errors' = 'true' makes such a field NULL");
  }
  return UserError("format.json.malformed",
                   fmt::format("Failed to deserialize JSON '{}': {}", text, reader_.FailureText()),
                   "'json.ignore-parse-errors' = 'true' skips such a record");
}

bool JsonDecoder::ParseRecord(std::string_view record) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  const char* p = record.data();
  reader_.Start(p, p + record.size());
  if (field_error_ != nullptr) field_error_ = nullptr;
  if (record.starts_with(kByteOrderMark)) p += kByteOrderMark.size();
  p = SkipSpace(p, reader_.end());
  if (p >= reader_.end() || *p != '{') {
    reader_.Fail(p, "a JSON object is expected");
    return false;
  }
  std::fill(states_.begin(), states_.end(), SlotState::kMissing);
  p = ParseObject(plan_->root, p + 1, 1);
  if (p == nullptr) return false;
  if (p > reader_.end()) {
    reader_.Fail(reader_.end(), "the text ends too early");
    return false;
  }
  return true;
}

const char* JsonDecoder::ParseObject(ObjectPlan& plan, const char* p, int32_t depth) {
  const char* end = reader_.end();
  p = SkipSpace(p, end);
  uint16_t index = plan.first;
  int32_t previous = -1;
  int32_t found = 0;
  if (*p == '}') {
    ++p;
  } else {
    for (;;) {
      // Flink's reader stops to look at keys once it has met as many as are wanted.
      if (found == plan.wanted) {
        p = reader_.SkipMembers(p);
        break;
      }
      if (p >= end) return reader_.Fail(p, "the text ends too early");
      const FieldPlan& field = plan.fields[index];
      if (StartsWith(p, field.token) && field.token.size <= KeyToken::kBytes) [[likely]] {
        p += field.token.size;
      } else {
        p = ReadKey(plan, p, previous, &index);
        if (p == nullptr) return nullptr;
      }
      if (p[0] == ':' && static_cast<unsigned char>(p[1]) > ' ') [[likely]] {
        ++p;
      } else {
        p = reader_.SkipColon(p);
        if (p == nullptr) return nullptr;
      }
      p = ParseValue(plan, index, p, depth);
      if (p == nullptr) [[unlikely]]
        return nullptr;
      const FieldPlan& read = plan.fields[index];
      if (read.kind != ValueKind::kSkip) ++found;
      previous = index;
      index = read.next;
      if (*p != ',' && *p != '}') p = SkipSpace(p, end);
      if (*p == '}') {
        ++p;
        break;
      }
      if (*p != ',') return reader_.Fail(p, "a comma or a closing bracket is expected");
      ++p;
      if (*p != '"') p = SkipSpace(p, end);
    }
  }
  if (p != nullptr && options_.fail_on_missing_field && found < plan.wanted) [[unlikely]] {
    field_error_ = std::make_unique<FieldError>();
    for (int32_t i = 0; i < plan.wanted; ++i) {
      const FieldPlan& field = plan.fields[static_cast<size_t>(i)];
      bool missing = field.slot >= 0 && states_[static_cast<size_t>(field.slot)] == SlotState::kMissing;
      if (missing || field_error_->path.empty()) field_error_->path = plan.texts[static_cast<size_t>(i)].path;
      if (missing) break;
    }
    field_error_->reason = "it is missing, and 'json.fail-on-missing-field' is set";
    return nullptr;
  }
  return p;
}

const char* JsonDecoder::ReadKey(ObjectPlan& plan, const char* p, int32_t previous, uint16_t* predicted) {
  if (*p != '"') return reader_.Fail(p, "a key in quotes is expected");
  Token key;
  p = reader_.ReadString(p + 1, &key);
  if (p == nullptr) return nullptr;
  auto it = plan.by_name.find(key.text);
  uint16_t index = it != plan.by_name.end() ? it->second : plan.Learn(key.text);
  (previous < 0 ? plan.first : plan.fields[static_cast<size_t>(previous)].next) = index;
  *predicted = index;
  return p;
}

const char* JsonDecoder::ParseValue(ObjectPlan& plan, uint16_t index, const char* p, int32_t depth) {
  const FieldPlan& field = plan.fields[index];
  switch (field.kind) {
    case ValueKind::kSkip:
      if (*p == '"') return reader_.SkipString(p + 1);
      return reader_.SkipValue(p);
    case ValueKind::kInt64: {
      int64_t value;
      const char* behind = ScanShortInteger(p, &value);
      if (behind == nullptr) [[unlikely]]
        return ParseGeneral(plan, index, p);
      slots_[static_cast<size_t>(field.slot)].int64 = value;
      states_[static_cast<size_t>(field.slot)] = SlotState::kSet;
      return behind;
    }
    case ValueKind::kInt32: {
      int64_t value;
      const char* behind = ScanShortInteger(p, &value);
      if (behind == nullptr || value != static_cast<int32_t>(value)) [[unlikely]]
        return ParseGeneral(plan, index, p);
      slots_[static_cast<size_t>(field.slot)].int32 = static_cast<int32_t>(value);
      states_[static_cast<size_t>(field.slot)] = SlotState::kSet;
      return behind;
    }
    case ValueKind::kString: {
      if (*p != '"') return ParseGeneral(plan, index, p);
      uint32_t non_ascii = 0;
      const char* stop = FindQuoteOrBackslash(p + 1, reader_.end(), &non_ascii);
      if (stop >= reader_.end() || *stop != '"' || non_ascii != 0) [[unlikely]]
        return ParseGeneral(plan, index, p);
      slots_[static_cast<size_t>(field.slot)].string = StringRef({p + 1, static_cast<size_t>(stop - p - 1)});
      states_[static_cast<size_t>(field.slot)] = SlotState::kSet;
      return stop + 1;
    }
    case ValueKind::kTimestamp: {
      const char* behind = ParseTimestamp(field, p);
      return behind != nullptr ? behind : ParseGeneral(plan, index, p);
    }
    case ValueKind::kObject:
      return ParseNested(plan, index, p, depth);
    case ValueKind::kCollection:
      return ParseCollection(plan, index, p);
    case ValueKind::kNull:
    case ValueKind::kBoolean:
    case ValueKind::kInt8:
    case ValueKind::kInt16:
    case ValueKind::kFloat:
    case ValueKind::kDouble:
    case ValueKind::kDecimal:
    case ValueKind::kBytes:
    case ValueKind::kDate:
    case ValueKind::kTime:
    case ValueKind::kTimestampLtz:
      return ParseGeneral(plan, index, p);
  }
  return nullptr;
}

// "yyyy-MM-dd HH:mm:ss" with up to 8 fraction digits; null leaves it to the general way.
const char* JsonDecoder::ParseTimestamp(const FieldPlan& field, const char* p) {
  constexpr int32_t kNanosOfDigits[] = {1'000'000'000, 100'000'000, 10'000'000, 1'000'000, 100'000,
                                        10'000,        1'000,       100,        10};
  constexpr size_t kDateChars = 10;
  if (*p != '"' || p[11] != (options_.iso_timestamps ? 'T' : ' ')) return nullptr;
  int32_t time_millis = ScanTimeOfDay(p + 12);
  if (time_millis < 0) return nullptr;
  const char* stop = p + 20;
  int64_t nanos = 0;
  if (*stop == '.') {
    uint64_t word = Load8(stop + 1);
    int digits = DigitCount(word);
    if (digits == 0) return nullptr;
    nanos = static_cast<int64_t>(DigitsValue(word, digits)) * kNanosOfDigits[digits];
    stop += 1 + digits;
  }
  if (*stop != '"' || stop >= reader_.end()) return nullptr;
  if (std::memcmp(p + 1, cached_date_, kDateChars) != 0) {
    std::string_view text(p + 1, kDateChars);
    std::optional<int32_t> days = ParseIsoDate(text);
    if (!days) return nullptr;
    std::memcpy(cached_date_, text.data(), kDateChars);
    cached_date_millis_ = static_cast<int64_t>(*days) * 86'400'000;
  }
  Slot& slot = slots_[static_cast<size_t>(field.slot)];
  slot.timestamp =
      Timestamp{cached_date_millis_ + time_millis + nanos / 1'000'000, static_cast<int32_t>(nanos % 1'000'000), 0};
  states_[static_cast<size_t>(field.slot)] = SlotState::kSet;
  return stop + 1;
}

void JsonDecoder::ClearSlots(const ObjectPlan& plan) {
  std::fill(states_.begin() + plan.first_slot, states_.begin() + plan.last_slot, SlotState::kMissing);
}

const char* JsonDecoder::ParseNested(ObjectPlan& plan, uint16_t index, const char* p, int32_t depth) {
  const FieldPlan field = plan.fields[index];
  ObjectPlan& object = *field.object;
  if (*p == 'n') {
    ClearSlots(object);
    if (field.slot < 0) return reader_.SkipValue(p);
    return ParseGeneral(plan, index, p);
  }
  if (*p != '{') {
    ClearSlots(object);
    const char* behind = reader_.SkipValue(p);
    return behind == nullptr ? nullptr : BadValue(plan, index, p, behind);
  }
  if (depth >= kDepthMax) return reader_.Fail(p, "brackets are nested deeper than 1,000");
  if (field.slot >= 0) {
    // The same key came before: what it held counts no more.
    if (states_[static_cast<size_t>(field.slot)] != SlotState::kMissing) ClearSlots(object);
    states_[static_cast<size_t>(field.slot)] = SlotState::kSet;
  }
  return ParseObject(object, p + 1, depth + 1);
}

const char* JsonDecoder::BadValue(ObjectPlan& plan, uint16_t index, const char* start, const char* behind) {
  const FieldPlan& field = plan.fields[index];
  if (options_.ignore_parse_errors) {
    if (field.slot >= 0) states_[static_cast<size_t>(field.slot)] = SlotState::kNull;
    return behind;
  }
  if (field_error_ == nullptr) {
    std::string_view text(start, static_cast<size_t>(std::max(std::min(behind, reader_.end()), start) - start));
    field_error_ = std::make_unique<FieldError>();
    field_error_->path = plan.texts[index].path;
    field_error_->reason = fmt::format("{} is no {}", Shorten(text), plan.texts[index].type.Nullable().ToString());
  }
  return nullptr;
}

const char* JsonDecoder::ParseGeneral(ObjectPlan& plan, uint16_t index, const char* p) {
  Token token;
  const char* behind = reader_.ReadToken(p, &token);
  if (behind == nullptr) return nullptr;
  const FieldPlan& field = plan.fields[index];
  auto slot = static_cast<size_t>(field.slot);
  switch (ConvertToken(field.kind, plan.texts[index].type, options_, &reader_, token, &slots_[slot], &states_[slot])) {
    case Conversion::kOk:
      return behind;
    case Conversion::kBadValue:
      return BadValue(plan, index, p, behind);
    case Conversion::kBadRecord:
      return reader_.Fail(p, "a value cannot be read");
  }
  return nullptr;
}

const char* JsonDecoder::ParseCollection(ObjectPlan& plan, uint16_t index, const char* p) {
  const FieldPlan& field = plan.fields[index];
  auto slot = static_cast<size_t>(field.slot);
  const char* behind = ReadBoxed(plan.texts[index].type, p, 1, &boxed_[slot]);
  if (behind == nullptr) {
    if (field_error_ != nullptr) field_error_->path = plan.texts[index].path;
    return nullptr;
  }
  states_[slot] = boxed_[slot].IsNull() ? SlotState::kNull : SlotState::kSet;
  return behind;
}

void JsonDecoder::Emit(const OutputPlan& output, ColumnBuilder& column) {
  auto index = static_cast<size_t>(output.slot);
  if (output.physical != PhysicalKind::kRow || states_[index] != SlotState::kSet) {
    return AppendSlot(output.physical, slots_[index], states_[index], boxed_[index], refer_, column);
  }
  for (size_t i = 0; i < output.children.size(); ++i) Emit(output.children[i], column.child(i));
  column.CloseRow();
}

}  // namespace millrace::formats::json
