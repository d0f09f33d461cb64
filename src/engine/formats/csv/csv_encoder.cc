#include "engine/formats/csv/csv_encoder.h"

#include <algorithm>

#include "engine/formats/base64.h"
#include "engine/formats/decimal_text.h"
#include "types/date_time_text.h"
#include "types/number_text.h"

namespace millrace::formats::csv {
namespace {

// Texts that are longer (in UTF-16 units) are quoted unseen.
constexpr size_t kQuoteCheckMax = 24;

size_t Utf16Units(std::string_view text) {
  size_t units = 0;
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    units += (byte & 0xC0) == 0x80 ? 0 : (byte >= 0xF0 ? 2 : 1);
  }
  return units;
}

}  // namespace

CsvEncoder::CsvEncoder(const Schema& schema, EncodeOptions options) : schema_(schema), options_(std::move(options)) {
  int highest = std::max<int>(static_cast<unsigned char>(options_.dialect.delimiter), options_.dialect.quote);
  highest = std::max(highest, options_.dialect.escape);
  min_safe_char_ = std::max(highest, static_cast<int>('\r')) + 1;
}

Status CsvEncoder::Encode(const Chunk& chunk, int32_t row, RowKind kind, std::string& out) {
  static_cast<void>(kind);
  for (size_t i = 0; i < schema_.size(); ++i) {
    if (i > 0) out.push_back(options_.dialect.delimiter);
    Value value = chunk.columns[i]->GetValue(row);
    if (value.IsNull()) {
      out.append(options_.null_literal);
      continue;
    }
    std::string text;
    if (AppendText(schema_[i].type, value, &text)) {
      AppendCell(text, out);
    } else {
      out.append(text);
    }
  }
  return Status::Ok();
}

bool CsvEncoder::NeedsQuotes(std::string_view text) const {
  if (options_.dialect.quote < 0) return false;
  if (text.size() > kQuoteCheckMax && Utf16Units(text) > kQuoteCheckMax) return true;
  return std::ranges::any_of(text, [this](char c) {
    return static_cast<unsigned char>(c) < min_safe_char_ || static_cast<unsigned char>(c) == options_.dialect.escape;
  });
}

void CsvEncoder::AppendCell(std::string_view text, std::string& out) const {
  if (!NeedsQuotes(text)) {
    out.append(text);
    return;
  }
  auto quote = static_cast<char>(options_.dialect.quote);
  out.push_back(quote);
  for (char c : text) {
    if (c == quote || static_cast<unsigned char>(c) == options_.dialect.escape) out.push_back(c);
    out.push_back(c);
  }
  out.push_back(quote);
}

bool CsvEncoder::AppendText(const DataType& type, const Value& value, std::string* text) const {
  switch (type.kind()) {
    case TypeKind::kBoolean:
      text->append(value.AsBool() ? "true" : "false");
      return false;
    case TypeKind::kTinyint:
    case TypeKind::kSmallint:
    case TypeKind::kInt:
    case TypeKind::kBigint:
      AppendInteger(text, value.AsInt());
      return false;
    case TypeKind::kFloat:
      AppendFloat(text, value.AsFloat());
      return false;
    case TypeKind::kDouble:
      AppendDouble(text, value.AsDouble());
      return false;
    case TypeKind::kDecimal:
      AppendStrippedDecimal(text, value.AsDecimal(), type.scale(), !options_.scientific_decimals);
      return true;
    case TypeKind::kDate:
      AppendDate(text, static_cast<int32_t>(value.AsInt()));
      return true;
    case TypeKind::kTime:
      AppendSqlTime(text, static_cast<int32_t>(value.AsInt()));
      return true;
    case TypeKind::kTimestamp:
      AppendTimestampForm(text, value.AsTimestamp(), TimestampForm::kSql);
      return true;
    case TypeKind::kTimestampLtz:
      AppendTimestampForm(text, value.AsTimestamp(), TimestampForm::kSqlUtc);
      return true;
    case TypeKind::kChar:
    case TypeKind::kVarchar:
      text->append(value.AsString());
      return true;
    case TypeKind::kBinary:
    case TypeKind::kVarbinary:
      AppendBase64(text, value.AsString());
      return true;
    case TypeKind::kArray:
    case TypeKind::kRow: {
      const Value::List& items = value.AsList();
      for (size_t i = 0; i < items.size(); ++i) {
        if (i > 0) text->append(options_.array_delimiter);
        if (items[i].IsNull()) {
          text->append(options_.null_literal);
        } else {
          AppendText(type.Is(TypeKind::kRow) ? type.fields()[i].type : type.element(), items[i], text);
        }
      }
      return true;
    }
    case TypeKind::kNull:
    case TypeKind::kIntervalYearMonth:
    case TypeKind::kIntervalDayTime:
    case TypeKind::kMap:
    case TypeKind::kMultiset:
    case TypeKind::kRaw:
    case TypeKind::kDescriptor:
      return false;
  }
  return false;
}

}  // namespace millrace::formats::csv
