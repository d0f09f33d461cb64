#include "engine/formats/json/json_encoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/json_text.h"
#include "engine/formats/base64.h"
#include "engine/formats/decimal_text.h"
#include "types/date_time_text.h"
#include "types/number_text.h"

namespace millrace::formats::json {
namespace {

// NaN and the infinities are no JSON numbers: they are written as texts.
template <typename T>
void WriteFloating(T value, void (*append)(std::string*, T), std::string& out) {
  bool quoted = !std::isfinite(value);
  if (quoted) out.push_back('"');
  append(&out, value);
  if (quoted) out.push_back('"');
}

// As Flink's JSON library writes bytes: characters beyond U+FFFF become two escapes.
void AppendText(std::string& out, std::string_view text) {
  constexpr unsigned char kFourBytes = 0xF0;
  size_t start = out.size();
  AppendJsonString(&out, text);
  bool any = std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= kFourBytes; });
  if (!any) return;
  std::string escaped;
  for (size_t i = start; i < out.size(); ++i) {
    auto byte = [&](size_t k) { return static_cast<uint32_t>(static_cast<unsigned char>(out[i + k])); };
    if (byte(0) < kFourBytes || i + 3 >= out.size()) {
      escaped.push_back(out[i]);
      continue;
    }
    uint32_t code =
        (((byte(0) & 7) << 18) | ((byte(1) & 0x3F) << 12) | ((byte(2) & 0x3F) << 6) | (byte(3) & 0x3F)) - 0x10000;
    escaped += fmt::format("\\u{:04X}\\u{:04X}", 0xD800 + (code >> 10), 0xDC00 + (code & 0x3FF));
    i += 3;
  }
  out.resize(start);
  out.append(escaped);
}

// The flat or constant column behind any encoding, and the position of a row in it.
const Column& Base(const Column& column, int32_t row, int32_t* position) {
  const Column* base = &column;
  *position = row;
  if (base->encoding() == Encoding::kDictionary) {
    *position = base->indices()[row];
    base = base->children()[0].get();
  }
  if (base->encoding() == Encoding::kConstant) *position = 0;
  return *base;
}

}  // namespace

JsonEncoder::Member JsonEncoder::MakeMember(const std::string& name, const DataType& type) {
  Member member;
  AppendJsonString(&member.key, name);
  member.key.push_back(':');
  member.type = type;
  member.children = MakeMembers(type.fields());
  if (type.Is(TypeKind::kMultiset)) member.children.push_back(MakeMember("count", DataType::Int()));
  return member;
}

std::vector<JsonEncoder::Member> JsonEncoder::MakeMembers(const std::vector<Field>& fields) {
  std::vector<Member> members;
  for (const Field& field : fields) members.push_back(MakeMember(field.name, field.type));
  return members;
}

JsonEncoder::JsonEncoder(const Schema& schema, EncodeOptions options)
    : options_(std::move(options)), members_(MakeMembers(schema.fields)) {}

Status JsonEncoder::Encode(const Chunk& chunk, int32_t row, RowKind kind, std::string& out) {
  static_cast<void>(kind);
  size_t size = out.size();
  Status status = WriteObject(members_, chunk.columns, row, out);
  if (!status.ok()) out.resize(size);
  return status;
}

Status JsonEncoder::WriteObject(const std::vector<Member>& members, const std::vector<ColumnPtr>& columns, int32_t row,
                                std::string& out) const {
  out.push_back('{');
  bool first = true;
  for (size_t i = 0; i < members.size(); ++i) {
    if (options_.ignore_null_fields && columns[i]->IsNull(row)) continue;
    if (!first) out.push_back(',');
    first = false;
    out.append(members[i].key);
    MR_RETURN_IF_ERROR(WriteValue(members[i], *columns[i], row, out));
  }
  out.push_back('}');
  return Status::Ok();
}

Status JsonEncoder::WriteArray(const Member& member, const Column& column, int32_t position, std::string& out) const {
  ListRef list = column.values<ListRef>()[position];
  out.push_back('[');
  for (int32_t i = 0; i < list.length; ++i) {
    if (i > 0) out.push_back(',');
    MR_RETURN_IF_ERROR(WriteValue(member.children[0], *column.children()[0], list.offset + i, out));
  }
  out.push_back(']');
  return Status::Ok();
}

Status JsonEncoder::WriteMap(const Member& member, const Column& column, int32_t position, std::string& out) const {
  ListRef list = column.values<ListRef>()[position];
  const Column& keys = *column.children()[0];
  out.push_back('{');
  bool first = true;
  for (int32_t i = list.offset; i < list.offset + list.length; ++i) {
    int32_t at = 0;
    const Column& base = Base(keys, i, &at);
    bool null = base.IsNull(at);
    if (null && options_.null_key_mode == MapNullKeyMode::kDrop) continue;
    if (null && options_.null_key_mode == MapNullKeyMode::kFail) {
      return UserError("format.json.null_key", "JSON format doesn't support to serialize map data with null keys",
                       "drop such entries or write them under a literal key: 'json.map-null-key.mode'");
    }
    if (!first) out.push_back(',');
    first = false;
    AppendText(out, null ? std::string_view(options_.null_key_literal) : base.values<StringRef>()[at].view());
    out.push_back(':');
    MR_RETURN_IF_ERROR(WriteValue(member.children[1], *column.children()[1], i, out));
  }
  out.push_back('}');
  return Status::Ok();
}

void JsonEncoder::WriteTimestamp(const Member& member, Timestamp value, std::string& out) const {
  TimestampForm form = options_.iso_timestamps ? TimestampForm::kIso : TimestampForm::kSql;
  if (member.type.Is(TypeKind::kTimestampLtz))
    form = options_.iso_timestamps ? TimestampForm::kIsoUtc : TimestampForm::kSqlUtc;
  out.push_back('"');
  AppendTimestampForm(&out, value, form);
  out.push_back('"');
}

Status JsonEncoder::WriteValue(const Member& member, const Column& column, int32_t row, std::string& out) const {
  int32_t at = 0;
  const Column& base = Base(column, row, &at);
  if (base.IsNull(at)) {
    out.append("null");
    return Status::Ok();
  }
  switch (base.type().physical()) {
    case PhysicalKind::kNone:
      out.append("null");
      break;
    case PhysicalKind::kBool:
      out.append(base.values<uint8_t>()[at] != 0 ? "true" : "false");
      break;
    case PhysicalKind::kInt8:
      AppendInteger(&out, base.values<int8_t>()[at]);
      break;
    case PhysicalKind::kInt16:
      AppendInteger(&out, base.values<int16_t>()[at]);
      break;
    case PhysicalKind::kInt32:
      if (member.type.Is(TypeKind::kDate) || member.type.Is(TypeKind::kTime)) {
        out.push_back('"');
        int32_t value = base.values<int32_t>()[at];
        // The fraction of a time is dropped.
        member.type.Is(TypeKind::kDate) ? AppendDate(&out, value) : AppendSqlTime(&out, value / 1000 * 1000);
        out.push_back('"');
      } else {
        AppendInteger(&out, base.values<int32_t>()[at]);
      }
      break;
    case PhysicalKind::kInt64:
      AppendInteger(&out, base.values<int64_t>()[at]);
      break;
    case PhysicalKind::kFloat:
      WriteFloating(base.values<float>()[at], &AppendFloat, out);
      break;
    case PhysicalKind::kDouble:
      WriteFloating(base.values<double>()[at], &AppendDouble, out);
      break;
    case PhysicalKind::kInt128:
      AppendStrippedDecimal(&out, base.values<int128_t>()[at], base.type().scale(), options_.plain_decimals);
      break;
    case PhysicalKind::kTimestamp:
      WriteTimestamp(member, base.values<Timestamp>()[at], out);
      break;
    case PhysicalKind::kString:
      if (member.type.IsString()) {
        AppendText(out, base.values<StringRef>()[at].view());
      } else {
        out.push_back('"');
        AppendBase64(&out, base.values<StringRef>()[at].view());
        out.push_back('"');
      }
      break;
    case PhysicalKind::kList:
      return member.type.Is(TypeKind::kArray) ? WriteArray(member, base, at, out) : WriteMap(member, base, at, out);
    case PhysicalKind::kRow:
      return WriteObject(member.children, base.children(), at, out);
  }
  return Status::Ok();
}

}  // namespace millrace::formats::json
