// ENCODE and DECODE: text to bytes of a character set, and back.
#include <unicode/ucnv.h>

#include <algorithm>

#include "engine/functions/inference.h"
#include "engine/functions/lift.h"
#include "engine/functions/scalar/string/utf8.h"

namespace millrace::functions {

namespace {

// The converter of the latest character set. UTF-16 without an order is big-endian with a mark, as Java's.
struct Charset : FunctionState {
  ~Charset() override { ucnv_close(converter); }
  UConverter* converter = nullptr;
  std::string name;
  bool is_utf8 = false;
  bool is_utf16 = false;
};

std::unique_ptr<FunctionState> Prepare(const Expr& call, EvalContext& context) {
  static_cast<void>(call);
  static_cast<void>(context);
  return std::make_unique<Charset>();
}

Status Use(Charset& charset, std::string_view name) {
  if (charset.name == name && (charset.converter != nullptr || charset.is_utf8)) return Status();
  ucnv_close(charset.converter);
  charset.converter = nullptr;
  charset.name = name;
  std::string upper(name);
  std::transform(upper.begin(), upper.end(), upper.begin(), [](unsigned char c) { return std::toupper(c); });
  charset.is_utf8 = upper == "UTF-8" || upper == "UTF8";
  charset.is_utf16 = upper == "UTF-16" || upper == "UTF16";
  if (charset.is_utf8) return Status();
  UErrorCode status = U_ZERO_ERROR;
  charset.converter = ucnv_open(charset.is_utf16 ? "UTF-16BE" : upper.c_str(), &status);
  if (name.empty() || U_FAILURE(status)) {
    ucnv_close(charset.converter);
    charset.converter = nullptr;
    return UserError("function.charset", "unsupported character set '" + std::string(name) + "'",
                     "take one of US-ASCII, ISO-8859-1, UTF-8, UTF-16BE, UTF-16LE, UTF-16");
  }
  status = U_ZERO_ERROR;
  ucnv_setSubstChars(charset.converter, "?", 1, &status);  // not allowed for UTF-16, which needs none
  return Status();
}

Status Encode(const KernelCall& call, StringSink& out, std::string_view text, std::string_view name) {
  auto& charset = static_cast<Charset&>(*call.state);
  MR_RETURN_IF_ERROR(Use(charset, name));
  if (charset.is_utf8) {
    out.AssignView(text);
    return Status();
  }
  std::u16string units = ToUtf16(text);
  size_t room = units.size() * 4 + 16;
  std::string bytes(room, '\0');
  UErrorCode status = U_ZERO_ERROR;
  int32_t size = ucnv_fromUChars(charset.converter, bytes.data(), static_cast<int32_t>(room), units.data(),
                                 static_cast<int32_t>(units.size()), &status);
  if (U_FAILURE(status)) return UserError("function.charset", "the text has no form in '" + std::string(name) + "'");
  bytes.resize(static_cast<size_t>(size));
  if (charset.is_utf16 && !bytes.empty()) bytes.insert(0, "\xFE\xFF");
  out.Assign(bytes);
  return Status();
}

Status Decode(const KernelCall& call, StringSink& out, std::string_view bytes, std::string_view name) {
  auto& charset = static_cast<Charset&>(*call.state);
  MR_RETURN_IF_ERROR(Use(charset, name));
  if (charset.is_utf8) {
    out.Assign(ToUtf8(ToUtf16(bytes)));
    return Status();
  }
  std::string swapped;
  if (charset.is_utf16 && bytes.starts_with("\xFE\xFF")) {
    bytes.remove_prefix(2);
  } else if (charset.is_utf16 && bytes.starts_with("\xFF\xFE")) {
    swapped = bytes.substr(2);
    for (size_t i = 0; i + 1 < swapped.size(); i += 2) std::swap(swapped[i], swapped[i + 1]);
    bytes = swapped;
  }
  std::u16string units(bytes.size() * 2 + 16, u'\0');
  UErrorCode status = U_ZERO_ERROR;
  int32_t size = ucnv_toUChars(charset.converter, units.data(), static_cast<int32_t>(units.size()), bytes.data(),
                               static_cast<int32_t>(bytes.size()), &status);
  if (U_FAILURE(status)) return UserError("function.charset", "the bytes are no text in '" + std::string(name) + "'");
  units.resize(static_cast<size_t>(size));
  out.Assign(ToUtf8(units));
  return Status();
}

Result<DataType> InferEncode(CallTypes& call) {
  if (!AllStrings(call, 2, 2)) return BadArguments(call, "'ENCODE(<CHARACTER>, <CHARACTER>)'");
  return DataType::Binary(1);  // Flink's type, which does not cut the value
}

Result<DataType> InferDecode(CallTypes& call) {
  if (!CountBetween(call, 2, 2) || !Takes(call, 0, Family::kBinary, DataType::Bytes()) ||
      !Takes(call, 1, Family::kString, DataType::String())) {
    return BadArguments(call, "'DECODE(<BINARY>, <CHARACTER>)'");
  }
  return DataType::String();
}

}  // namespace

extern const ScalarFunction kEncode = {.name = "ENCODE",
                                       .signature = "ENCODE(text STRING, charset STRING) -> BINARY",
                                       .doc = "The bytes of the text in a character set.",
                                       .example = "DECODE(ENCODE('中国', 'UTF-16LE'), 'UTF-16LE')",
                                       .example_result = "中国",
                                       .infer = InferEncode,
                                       .kernel = Lift<Encode>,
                                       .prepare = Prepare};
extern const ScalarFunction kDecode = {.name = "DECODE",
                                       .signature = "DECODE(bytes BINARY, charset STRING) -> STRING",
                                       .doc = "The text that the bytes are in a character set.",
                                       .example = "DECODE(x'61C3A4', 'UTF-8')",
                                       .example_result = "aä",
                                       .infer = InferDecode,
                                       .kernel = Lift<Decode>,
                                       .prepare = Prepare};

}  // namespace millrace::functions
