// TO_BASE64 and FROM_BASE64.
#include <array>

#include "engine/functions/inference.h"
#include "engine/functions/lift.h"

namespace millrace::functions {

namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::array<int8_t, 256> MakeDecoder() {
  std::array<int8_t, 256> values{};
  for (int8_t& value : values) value = -1;
  for (size_t i = 0; i < kAlphabet.size(); ++i)
    values[static_cast<unsigned char>(kAlphabet[i])] = static_cast<int8_t>(i);
  return values;
}
constexpr std::array<int8_t, 256> kDecoder = MakeDecoder();

void Encode(StringSink& out, std::string_view bytes) {
  size_t size = (bytes.size() + 2) / 3 * 4;
  char* place = out.Reserve(size);
  size_t at = 0;
  for (size_t i = 0; i < bytes.size(); i += 3) {
    size_t left = std::min<size_t>(3, bytes.size() - i);
    uint32_t group = 0;
    for (size_t k = 0; k < 3; ++k) group = group << 8 | (k < left ? static_cast<unsigned char>(bytes[i + k]) : 0);
    for (size_t k = 0; k < 4; ++k) place[at++] = k <= left ? kAlphabet[(group >> (18 - 6 * k)) & 63] : '=';
  }
  out.Commit(size);
}

Error Malformed(std::string_view text) {
  std::string shown(text.substr(0, 50));
  return UserError("function.base64", "FROM_BASE64: '" + shown + "' is not base64 text",
                   "base64 has the characters A-Z a-z 0-9 + / and up to two = at its end");
}

Status Decode(StringSink& out, std::string_view text) {
  std::string_view body = text;
  size_t padding = 0;
  while (padding < 2 && !body.empty() && body.back() == '=') {
    body.remove_suffix(1);
    ++padding;
  }
  // Padding may be left out, but what is there must be right.
  if (body.size() % 4 == 1 || (padding > 0 && text.size() % 4 != 0)) return Malformed(text);
  char* place = out.Reserve(body.size() * 3 / 4 + 3);
  size_t at = 0;
  uint32_t group = 0;
  for (size_t i = 0; i < body.size(); ++i) {
    int8_t value = kDecoder[static_cast<unsigned char>(body[i])];
    if (value < 0) return Malformed(text);
    group = group << 6 | static_cast<uint32_t>(value);
    if (i % 4 != 3) continue;
    for (int shift = 16; shift >= 0; shift -= 8) place[at++] = static_cast<char>(group >> shift);
    group = 0;
  }
  size_t rest = body.size() % 4;
  if (rest >= 2) place[at++] = static_cast<char>(rest == 2 ? group >> 4 : group >> 10);
  if (rest == 3) place[at++] = static_cast<char>(group >> 2);
  out.Commit(at);
  return Status();
}

Result<DataType> Infer(CallTypes& call) {
  if (!CountBetween(call, 1, 1) || !Takes(call, 0, Family::kText, DataType::String())) {
    return BadArguments(call, "'" + std::string(call.name) + "(<STRING>)'");
  }
  return NullableIfArgs(call, DataType::String());
}

}  // namespace

extern const ScalarFunction kToBase64 = {.name = "TO_BASE64",
                                         .signature = "TO_BASE64(STRING | BYTES) -> STRING",
                                         .doc = "The bytes in base64.",
                                         .example = "TO_BASE64('hello world')",
                                         .example_result = "aGVsbG8gd29ybGQ=",
                                         .infer = Infer,
                                         .kernel = Lift<Encode>};
extern const ScalarFunction kFromBase64 = {.name = "FROM_BASE64",
                                           .signature = "FROM_BASE64(STRING | BYTES) -> STRING",
                                           .doc = "The text of which this is the base64 form; fails if it is none.",
                                           .example = "FROM_BASE64('aGVsbG8gd29ybGQ=')",
                                           .example_result = "hello world",
                                           .infer = Infer,
                                           .kernel = Lift<Decode>};

}  // namespace millrace::functions
