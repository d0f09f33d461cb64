#include "engine/formats/raw/raw_format.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace millrace::formats {
namespace {

const std::array<OptionSpec, 2>& Options() {
  static const std::array<OptionSpec, 2> options = {{
      {.key = "charset", .default_value = "UTF-8", .doc = "How text is encoded: UTF-8, US-ASCII or ISO-8859-1."},
      {.key = "endianness",
       .default_value = "big-endian",
       .doc = "Byte order of numbers: big-endian or little-endian."},
  }};
  return options;
}

enum class Charset : uint8_t { kUtf8, kAscii, kLatin1 };

struct RawOptions {
  DataType type;
  Charset charset = Charset::kUtf8;
  bool big_endian = true;
};

std::string Upper(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return text;
}

Result<RawOptions> MakeOptions(const Schema& schema, const OptionMap& options) {
  if (schema.size() != 1) {
    std::string names;
    for (const Field& field : schema.fields)
      names += (names.empty() ? "`" : ", `") + field.name + "` " + field.type.ToString();
    return UserError(
        "format.raw.schema",
        fmt::format(
            "The 'raw' format only supports single physical column. However the defined schema contains multiple "
            "physical columns: [{}]",
            names));
  }
  RawOptions raw;
  raw.type = schema[0].type;
  switch (raw.type.physical()) {
    case PhysicalKind::kBool:
    case PhysicalKind::kInt8:
    case PhysicalKind::kInt16:
    case PhysicalKind::kInt32:
    case PhysicalKind::kInt64:
    case PhysicalKind::kFloat:
    case PhysicalKind::kDouble:
    case PhysicalKind::kString:
      break;
    case PhysicalKind::kNone:
    case PhysicalKind::kInt128:
    case PhysicalKind::kTimestamp:
    case PhysicalKind::kList:
    case PhysicalKind::kRow:
      return UserError("format.raw.type",
                       fmt::format("The 'raw' format doesn't supports '{}' as column type.", raw.type.ToString()));
  }
  if (raw.type.IsDateTime() || raw.type.IsInterval()) {
    return UserError("format.raw.type",
                     fmt::format("The 'raw' format doesn't supports '{}' as column type.", raw.type.ToString()));
  }
  std::string charset = Upper(GetString(options, Options()[0]).value_or(""));
  if (charset == "US-ASCII" || charset == "ASCII") {
    raw.charset = Charset::kAscii;
  } else if (charset == "ISO-8859-1" || charset == "LATIN1") {
    raw.charset = Charset::kLatin1;
  } else if (charset != "UTF-8" && charset != "UTF8") {
    return UserError("option.value", fmt::format("Unsupported 'raw.charset' name: {}.", charset),
                     "supported are UTF-8, US-ASCII and ISO-8859-1");
  }
  std::string order = Upper(GetString(options, Options()[1]).value_or(""));
  if (order != "BIG-ENDIAN" && order != "LITTLE-ENDIAN") {
    return UserError("option.value", fmt::format("Unsupported endianness name: {}.", order),
                     "Valid values of 'raw.endianness' option are 'big-endian' and 'little-endian'.");
  }
  raw.big_endian = order == "BIG-ENDIAN";
  return raw;
}

// Bytes of a number in the wanted order; the machine is little-endian.
template <typename T>
T Swapped(T value, bool big_endian) {
  auto bytes = std::bit_cast<std::array<char, sizeof(T)>>(value);
  if (big_endian) std::ranges::reverse(bytes);
  return std::bit_cast<T>(bytes);
}

class RawDecoder final : public Decoder {
 public:
  RawDecoder(RawOptions options, bool wanted) : options_(std::move(options)), wanted_(wanted) {}

  Status Decode(std::string_view record, const BufferPtr& keeper, ChunkBuilder& out) override {
    size_t width = PhysicalWidth(options_.type.physical());
    bool text = options_.type.physical() == PhysicalKind::kString;
    if (!text && record.size() != width) {
      return UserError("format.raw.size", fmt::format("Size of data received for deserializing {} type is not {}.",
                                                      options_.type.Nullable().ToString(), width));
    }
    if (wanted_ && text) AppendText(record, keeper, out.column(0));
    if (wanted_ && !text) AppendNumber(record.data(), out.column(0));
    out.EndRow(RowKind::kInsert);
    return Status::Ok();
  }

 private:
  template <typename T>
  T Load(const char* bytes) const {
    T value;
    std::memcpy(&value, bytes, sizeof(T));
    return Swapped(value, options_.big_endian);
  }

  void AppendNumber(const char* bytes, ColumnBuilder& column) const {
    switch (PhysicalWidth(options_.type.physical())) {
      case 1:
        return column.Append(options_.type.Is(TypeKind::kBoolean) ? static_cast<int8_t>(*bytes != 0)
                                                                  : static_cast<int8_t>(*bytes));
      case 2:
        return column.Append(Load<int16_t>(bytes));
      case 4:
        return column.Append(Load<int32_t>(bytes));
      default:
        return column.Append(Load<int64_t>(bytes));
    }
  }

  void AppendText(std::string_view record, const BufferPtr& keeper, ColumnBuilder& column) const {
    if (options_.charset == Charset::kUtf8 || options_.type.IsBinaryString()) {
      if (keeper == nullptr) return column.AppendString(record);
      column.KeepBuffer(keeper);
      return column.AppendStringRef(StringRef(record));
    }
    std::string text;
    for (char c : record) {
      auto code = static_cast<unsigned char>(c);
      if (code < 0x80) {
        text.push_back(c);
      } else if (options_.charset == Charset::kAscii) {
        text.append("\xEF\xBF\xBD");  // U+FFFD, as Java decodes it
      } else {
        text.push_back(static_cast<char>(0xC0 | (code >> 6)));
        text.push_back(static_cast<char>(0x80 | (code & 0x3F)));
      }
    }
    column.AppendString(text);
  }

  RawOptions options_;
  bool wanted_;
};

class RawEncoder final : public Encoder {
 public:
  explicit RawEncoder(RawOptions options) : options_(std::move(options)) {}

  // NULL is written as nothing.
  Status Encode(const Chunk& chunk, int32_t row, RowKind kind, std::string& out) override {
    static_cast<void>(kind);
    Value value = chunk.columns[0]->GetValue(row);
    if (value.IsNull()) return Status::Ok();
    switch (options_.type.physical()) {
      case PhysicalKind::kBool:
        out.push_back(value.AsBool() ? '\1' : '\0');
        break;
      case PhysicalKind::kInt8:
        out.push_back(static_cast<char>(value.AsInt()));
        break;
      case PhysicalKind::kInt16:
        Store(static_cast<int16_t>(value.AsInt()), out);
        break;
      case PhysicalKind::kInt32:
        Store(static_cast<int32_t>(value.AsInt()), out);
        break;
      case PhysicalKind::kInt64:
        Store(value.AsInt(), out);
        break;
      case PhysicalKind::kFloat:
        Store(value.AsFloat(), out);
        break;
      case PhysicalKind::kDouble:
        Store(value.AsDouble(), out);
        break;
      case PhysicalKind::kString:
        AppendText(value.AsString(), out);
        break;
      case PhysicalKind::kNone:
      case PhysicalKind::kInt128:
      case PhysicalKind::kTimestamp:
      case PhysicalKind::kList:
      case PhysicalKind::kRow:
        return InternalError("raw encoder: unexpected type");
    }
    return Status::Ok();
  }

 private:
  template <typename T>
  void Store(T value, std::string& out) const {
    auto bytes = std::bit_cast<std::array<char, sizeof(T)>>(Swapped(value, options_.big_endian));
    out.append(bytes.data(), bytes.size());
  }

  // What the charset does not have becomes '?', as Java encodes it.
  void AppendText(std::string_view text, std::string& out) const {
    if (options_.charset == Charset::kUtf8 || options_.type.IsBinaryString()) {
      out.append(text);
      return;
    }
    for (size_t i = 0; i < text.size(); ++i) {
      auto code = static_cast<unsigned char>(text[i]);
      if (code < 0x80) {
        out.push_back(text[i]);
      } else if ((code & 0xC0) == 0x80) {
        continue;  // the rest of a character that was written
      } else if (options_.charset == Charset::kLatin1 && (code == 0xC2 || code == 0xC3) && i + 1 < text.size()) {
        out.push_back(static_cast<char>(((code & 3) << 6) | (static_cast<unsigned char>(text[i + 1]) & 0x3F)));
      } else {
        out.push_back('?');
      }
    }
  }

  RawOptions options_;
};

Result<std::unique_ptr<Decoder>> MakeDecoder(const DecoderSpec& spec) {
  MR_ASSIGN(RawOptions options, MakeOptions(spec.schema, spec.options));
  return std::unique_ptr<Decoder>(new RawDecoder(std::move(options), !spec.wanted.empty()));
}

Result<std::unique_ptr<Encoder>> MakeEncoder(const EncoderSpec& spec) {
  MR_ASSIGN(RawOptions options, MakeOptions(spec.schema, spec.options));
  return std::unique_ptr<Encoder>(new RawEncoder(std::move(options)));
}

}  // namespace

const Format& RawFormat() {
  static const Format format = {
      .name = "raw", .options = Options(), .make_decoder = &MakeDecoder, .make_encoder = &MakeEncoder};
  return format;
}

}  // namespace millrace::formats
