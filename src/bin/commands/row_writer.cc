#include "bin/commands/row_writer.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdio>

#include "types/cast.h"

namespace millrace::bin {

std::string JsonQuote(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      out += fmt::format("\\u{:04x}", byte);
    } else {
      out += c;
    }
  }
  return out + '"';
}

Status RowWriter::OnSchema(const Schema& schema, bool changelog) {
  static_cast<void>(changelog);
  schema_ = schema;
  return Status::Ok();
}

void RowWriter::AppendPlain(const Chunk& chunk, int32_t row, std::string& out) const {
  out += RowKindText(chunk.kind(row));
  out += '[';
  for (size_t i = 0; i < chunk.columns.size(); ++i) {
    if (i > 0) out += ", ";
    Value value = chunk.columns[i]->GetValue(row);
    out += value.IsNull() ? "null" : ToRowText(value, schema_[i].type);
  }
  out += "]\n";
}

namespace {

// A value as JSON: numbers and booleans as such, everything else as Flink's text.
std::string JsonValue(const Value& value, const DataType& type, const TimeZone* zone) {
  if (value.IsNull()) return "null";
  if (type.Is(TypeKind::kBoolean)) return value.AsBool() ? "true" : "false";
  if (type.IsInteger()) return std::to_string(value.AsInt());
  if (type.Is(TypeKind::kDecimal)) return ToText(value, type, zone);
  if (type.IsApproximateNumeric()) {
    double number = type.Is(TypeKind::kFloat) ? static_cast<double>(value.AsFloat()) : value.AsDouble();
    std::string text = ToText(value, type, zone);
    return std::isfinite(number) ? text : JsonQuote(text);
  }
  const bool list = type.Is(TypeKind::kArray) || type.Is(TypeKind::kRow);
  if (!list) return JsonQuote(ToText(value, type, zone));
  std::string text = type.Is(TypeKind::kArray) ? "[" : "{";
  const Value::List& items = value.AsList();
  for (size_t i = 0; i < items.size(); ++i) {
    if (i > 0) text += ",";
    if (type.Is(TypeKind::kRow)) text += JsonQuote(type.fields()[i].name) + ":";
    text += JsonValue(items[i], type.Is(TypeKind::kArray) ? type.element() : type.fields()[i].type, zone);
  }
  return text + (type.Is(TypeKind::kArray) ? "]" : "}");
}

}  // namespace

void RowWriter::AppendJson(const Chunk& chunk, int32_t row, std::string& out) const {
  out += fmt::format("{{\"op\":\"{}\",\"row\":{{", RowKindText(chunk.kind(row)));
  for (size_t i = 0; i < chunk.columns.size(); ++i) {
    if (i > 0) out += ",";
    out +=
        JsonQuote(schema_[i].name) + ":" + JsonValue(chunk.columns[i]->GetValue(row), schema_[i].type, session_.zone());
  }
  out += "}}\n";
}

namespace {

// As Flink's client shows a value: bytes as x'0aff', everything else as text.
std::string ClientText(const Value& value, const DataType& type, const TimeZone* zone) {
  if (!type.IsBinaryString()) return ToText(value, type, zone);
  std::string text = "x'";
  for (char c : value.AsString()) text += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return text + "'";
}

}  // namespace

void RowWriter::AppendText(const Chunk& chunk, int32_t row, std::string& out) const {
  out += fmt::format("{{\"kind\":\"{}\",\"row\":[", RowKindText(chunk.kind(row)));
  for (size_t i = 0; i < chunk.columns.size(); ++i) {
    if (i > 0) out += ",";
    Value value = chunk.columns[i]->GetValue(row);
    out += value.IsNull() ? "null" : JsonQuote(ClientText(value, schema_[i].type, session_.zone()));
  }
  out += "]}\n";
}

Status RowWriter::OnRows(const Chunk& chunk) {
  std::string out;
  chunk.rows().ForEach([&](int32_t row) {
    switch (style_) {
      case RowStyle::kPlain:
        AppendPlain(chunk, row, out);
        break;
      case RowStyle::kJson:
        AppendJson(chunk, row, out);
        break;
      case RowStyle::kText:
        AppendText(chunk, row, out);
        break;
    }
  });
  rows_ += chunk.row_count();
  if (std::fwrite(out.data(), 1, out.size(), stdout) != out.size()) {
    return ExternalError("output.closed", "standard output was closed by its reader");
  }
  std::fflush(stdout);
  return Status::Ok();
}

void RowWriter::OnMessage(const std::string& text) {
  if (text != "OK") std::fprintf(stdout, "%s\n", text.c_str());
}

}  // namespace millrace::bin
