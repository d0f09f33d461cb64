#include "engine/formats/csv/csv_decoder.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "engine/formats/base64.h"
#include "types/date_time.h"
#include "types/date_time_text.h"
#include "types/decimal.h"
#include "types/number_text.h"

namespace millrace::formats::csv {
namespace {

// Java's String.trim().
std::string_view TrimControls(std::string_view text) {
  while (!text.empty() && static_cast<unsigned char>(text.front()) <= ' ') text.remove_prefix(1);
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
  return text;
}

// Java's parse of an integer: a sign and digits.
template <typename T>
bool ParseInteger(std::string_view text, T* value) {
  text = TrimControls(text);
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), *value);
  return code == std::errc() && end == text.data() + text.size() && !text.empty();
}

bool IsTrue(std::string_view text) {
  text = TrimControls(text);
  constexpr std::string_view kTrue = "true";
  return text.size() == kTrue.size() &&
         std::ranges::equal(text, kTrue, [](char a, char b) { return static_cast<char>(a | 0x20) == b; });
}

// java.sql.Date.valueOf: "yyyy-[m]m-[d]d".
std::optional<int32_t> ParseSqlDate(std::string_view text) {
  size_t first = text.find('-');
  size_t second = first == std::string_view::npos ? first : text.find('-', first + 1);
  if (first != 4 || second == std::string_view::npos) return std::nullopt;
  int32_t year = 0;
  int32_t month = 0;
  int32_t day = 0;
  std::string_view month_text = text.substr(first + 1, second - first - 1);
  std::string_view day_text = text.substr(second + 1);
  auto digits = [](std::string_view part) {
    return !part.empty() && part.size() <= 2 && std::ranges::all_of(part, [](char c) { return c >= '0' && c <= '9'; });
  };
  if (!ParseInteger(text.substr(0, 4), &year) || !digits(month_text) || !digits(day_text)) return std::nullopt;
  ParseInteger(month_text, &month);
  ParseInteger(day_text, &day);
  if (month < 1 || month > 12 || day < 1 || day > 31) return std::nullopt;
  // Day 30 of February moves into March, as Java's old calendar has it.
  return static_cast<int32_t>(DaysFromCivil(year, month, day));
}

// Cuts milliseconds of the day to a precision of 0 to 3 digits.
int32_t CutMillis(int64_t nanos, int32_t precision) {
  constexpr int32_t kSteps[] = {1000, 100, 10, 1};
  auto millis = static_cast<int32_t>(nanos / 1'000'000);
  int32_t step = kSteps[std::clamp(precision, 0, 3)];
  return millis / step * step;
}

bool IsNested(const DataType& type) { return type.Is(TypeKind::kArray) || type.Is(TypeKind::kRow); }

template <typename T>
bool Take(std::optional<T> parsed, T* value) {
  if (parsed) *value = *parsed;
  return parsed.has_value();
}

}  // namespace

Status CheckType(const std::string& name, const DataType& type) {
  auto simple = [](const DataType& t) {
    return !t.Is(TypeKind::kMap) && !t.Is(TypeKind::kMultiset) && !t.Is(TypeKind::kRaw) && !t.IsInterval() &&
           !IsNested(t);
  };
  bool ok = simple(type) || IsNested(type);
  for (const Field& field : type.fields()) ok = ok && simple(field.type);
  if (!ok) {
    return UserError("format.csv.type", fmt::format("Unsupported type '{}' for field '{}'.", type.ToString(), name),
                     "in a csv file a field is a simple type, or an ARRAY or ROW of simple types");
  }
  if (type.Is(TypeKind::kTime) && type.precision() > 3) {
    return UserError("format.csv.type",
                     fmt::format("Csv does not support TIME type with precision: {}, it only supports precision 0 ~ 3.",
                                 type.precision()));
  }
  return Status::Ok();
}

CsvDecoder::CsvDecoder(const DecoderSpec& spec, DecodeOptions options)
    : options_(std::move(options)), cells_max_(spec.schema.size()), reader_(options_.dialect) {
  for (const FieldPath& path : spec.wanted) {
    const Field& field = spec.schema[static_cast<size_t>(path[0])];
    columns_.push_back({static_cast<size_t>(path[0]), field.name, field.type});
  }
  slots_.resize(columns_.size());
  states_.resize(columns_.size());
  boxed_.resize(columns_.size());
}

Error CsvDecoder::RecordError(std::string_view record, std::string_view reason) const {
  constexpr size_t kQuotedMax = 256;
  while (record.ends_with('\n') || record.ends_with('\r')) record.remove_suffix(1);
  std::string text(record.substr(0, kQuotedMax));
  if (record.size() > kQuotedMax) text += "…";
  return UserError("format.csv.malformed", fmt::format("Failed to deserialize CSV row '{}': {}", text, reason),
                   "'csv.ignore-parse-errors' = 'true' makes such a field NULL and skips such a row");
}

Status CsvDecoder::Decode(std::string_view record, const BufferPtr& keeper, ChunkBuilder& out) {
  size_t position = 0;
  switch (reader_.Read(record, true, &position)) {
    case ReadStatus::kRecord:
      return AppendRow(record, keeper, out);
    case ReadStatus::kEnd:
    case ReadStatus::kIncomplete:
      return Status::Ok();
    case ReadStatus::kMalformed:
      if (options_.ignore_parse_errors) return Status::Ok();
      return RecordError(record, reader_.error());
  }
  return Status::Ok();
}

Result<Decoder::LinesResult> CsvDecoder::DecodeLines(std::string_view block, bool end_of_input, const BufferPtr& keeper,
                                                     ChunkBuilder& out, int64_t* failed_line) {
  LinesResult done;
  while (!out.full() && done.bytes < block.size()) {
    size_t position = done.bytes;
    ReadStatus read = reader_.Read(block, end_of_input, &position);
    if (read == ReadStatus::kIncomplete) break;
    std::string_view record = block.substr(done.bytes, position - done.bytes);
    Status status;
    if (read == ReadStatus::kRecord) status = AppendRow(record, keeper, out);
    if (read == ReadStatus::kMalformed && !options_.ignore_parse_errors) status = RecordError(record, reader_.error());
    if (!status.ok()) {
      *failed_line = done.lines;
      return std::move(status).error();
    }
    done.bytes = position;
    done.lines += std::ranges::count(record, '\n');
  }
  return done;
}

Status CsvDecoder::AppendRow(std::string_view record, const BufferPtr& keeper, ChunkBuilder& out) {
  if (!simdjson::validate_utf8(record.data(), record.size())) {
    if (options_.ignore_parse_errors) return Status::Ok();
    return RecordError("…", "invalid UTF-8");
  }
  const std::vector<Cell>& cells = reader_.cells();
  size_t count = cells.size();
  // One empty cell behind a trailing delimiter is forgiven.
  if (count == cells_max_ + 1 && TrimControls(cells.back().text).empty()) --count;
  if (count > cells_max_) {
    if (options_.ignore_parse_errors) return Status::Ok();
    return RecordError(record, fmt::format("Too many entries: expected at most {}", cells_max_));
  }
  if (columns_.size() > count && !options_.ignore_parse_errors) {
    return RecordError(record,
                       fmt::format("Row length mismatch. {} fields expected but was {}.", columns_.size(), count));
  }
  texts_.clear();
  for (size_t i = 0; i < columns_.size(); ++i) {
    states_[i] = SlotState::kMissing;
    if (columns_[i].cell < count) MR_RETURN_IF_ERROR(ConvertCell(columns_[i], cells[columns_[i].cell], i));
  }
  bool refer = keeper != nullptr;
  for (size_t i = 0; i < columns_.size(); ++i) {
    PhysicalKind physical = columns_[i].type.physical();
    if (refer && physical == PhysicalKind::kString) out.column(i).KeepBuffer(keeper);
    AppendSlot(physical, slots_[i], states_[i], boxed_[i], refer, out.column(i));
  }
  out.EndRow(RowKind::kInsert);
  return Status::Ok();
}

Status CsvDecoder::ConvertCell(const Column& column, const Cell& cell, size_t index) {
  SlotState& state = states_[index];
  bool ok = true;
  if (IsNested(column.type)) {
    ok = ConvertList(column.type, cell.text, &boxed_[index]);
    state = boxed_[index].IsNull() ? SlotState::kNull : SlotState::kSet;
  } else if (options_.null_literal && cell.text == *options_.null_literal) {
    state = SlotState::kNull;
  } else {
    ok = ConvertValue(column.type, cell.text, &slots_[index], &state);
    if (ok && cell.copied && state == SlotState::kSet) state = SlotState::kSetCopy;
  }
  if (ok) return Status::Ok();
  state = SlotState::kNull;
  if (options_.ignore_parse_errors) return Status::Ok();
  return RecordError(cell.text,
                     fmt::format("field '{}': this is no {}", column.name, column.type.Nullable().ToString()));
}

bool CsvDecoder::ConvertValue(const DataType& type, std::string_view text, Slot* slot, SlotState* state) {
  *state = SlotState::kSet;
  switch (type.kind()) {
    case TypeKind::kBoolean:
      slot->boolean = IsTrue(text) ? 1 : 0;
      return true;
    case TypeKind::kTinyint:
      return ParseInteger(text, &slot->int8);
    case TypeKind::kSmallint:
      return ParseInteger(text, &slot->int16);
    case TypeKind::kInt:
      return ParseInteger(text, &slot->int32);
    case TypeKind::kBigint:
      return ParseInteger(text, &slot->int64);
    case TypeKind::kFloat:
      return Take(ParseFloat(TrimControls(text)), &slot->float32);
    case TypeKind::kDouble:
      return Take(ParseDouble(TrimControls(text)), &slot->float64);
    case TypeKind::kDecimal: {
      int128_t value = 0;
      DecimalParse parse = ParseDecimal(text, type.precision(), type.scale(), &value);
      if (parse == DecimalParse::kOverflow) *state = SlotState::kNull;
      slot->decimal = value;
      return parse != DecimalParse::kMalformed;
    }
    case TypeKind::kDate:
      return Take(ParseSqlDate(text), &slot->int32);
    case TypeKind::kTime: {
      std::optional<int64_t> nanos = ParseIsoTime(text);
      slot->int32 = CutMillis(nanos.value_or(0), type.precision());
      return nanos.has_value();
    }
    case TypeKind::kTimestamp:
      return Take(ParseTimestampForm(TrimControls(text), TimestampForm::kSql), &slot->timestamp);
    case TypeKind::kTimestampLtz:
      return Take(ParseTimestampForm(TrimControls(text), TimestampForm::kSqlUtc), &slot->timestamp);
    case TypeKind::kChar:
    case TypeKind::kVarchar:
      slot->string = StringRef(text);
      return true;
    case TypeKind::kBinary:
    case TypeKind::kVarbinary: {
      std::string bytes;
      if (!DecodeBase64(text, &bytes)) return false;
      texts_.push_back(std::move(bytes));
      slot->string = StringRef(texts_.back());
      *state = SlotState::kSetCopy;
      return true;
    }
    case TypeKind::kNull:
    case TypeKind::kIntervalYearMonth:
    case TypeKind::kIntervalDayTime:
    case TypeKind::kArray:
    case TypeKind::kMap:
    case TypeKind::kMultiset:
    case TypeKind::kRow:
    case TypeKind::kRaw:
    case TypeKind::kDescriptor:
      *state = SlotState::kNull;
      return true;
  }
  return false;
}

bool CsvDecoder::ConvertItem(const DataType& type, std::string_view text, Value* value) {
  if (options_.null_literal && text == *options_.null_literal) return true;
  Slot slot;
  SlotState state = SlotState::kNull;
  if (!ConvertValue(type, text, &slot, &state)) return options_.ignore_parse_errors;
  *value = BoxSlot(type.physical(), slot, state);
  return true;
}

// The items of an ARRAY or the fields of a ROW, between array delimiters; a blank text has none.
bool CsvDecoder::ConvertList(const DataType& type, std::string_view text, Value* value) {
  std::vector<std::string_view> parts;
  if (!TrimControls(text).empty()) {
    const std::string& delimiter = options_.array_delimiter;
    for (size_t start = 0;;) {
      size_t stop = delimiter.empty() ? std::string_view::npos : text.find(delimiter, start);
      parts.push_back(text.substr(start, stop == std::string_view::npos ? stop : stop - start));
      if (stop == std::string_view::npos) break;
      start = stop + delimiter.size();
    }
  }
  bool row = type.Is(TypeKind::kRow);
  *value = Value::Null();
  if (row && parts.empty()) return true;
  size_t count = row ? type.fields().size() : parts.size();
  if (row && count > parts.size() && !options_.ignore_parse_errors) return false;
  Value::List items(count);
  for (size_t i = 0; i < count && i < parts.size(); ++i) {
    if (!ConvertItem(row ? type.fields()[i].type : type.element(), parts[i], &items[i])) return false;
  }
  *value = Value::Nested(std::move(items));
  return true;
}

}  // namespace millrace::formats::csv
