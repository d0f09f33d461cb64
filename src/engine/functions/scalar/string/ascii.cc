// ASCII and CHR; BIN and HEX.
#include "engine/functions/inference.h"
#include "engine/functions/lift.h"

namespace millrace::functions {

namespace {

// The first byte, signed.
int32_t Ascii(std::string_view text) {
  return text.empty() ? 0 : static_cast<int32_t>(static_cast<signed char>(text[0]));
}

void Chr(StringSink& out, int64_t code) {
  if (code < 0) {
    out.Assign("");
    return;
  }
  auto low = static_cast<unsigned char>(code & 0xFF);
  char bytes[2] = {static_cast<char>(low), 0};
  if (low >= 0x80) {
    bytes[0] = static_cast<char>(0xC0 | (low >> 6));
    bytes[1] = static_cast<char>(0x80 | (low & 0x3F));
  }
  out.Assign({bytes, low >= 0x80 ? size_t{2} : size_t{1}});
}

// Digits of the 64 bits in base 2^shift, without leading zeros.
void WriteDigits(StringSink& out, uint64_t bits, int shift) {
  char digits[64];
  size_t start = sizeof(digits);
  do {
    digits[--start] = "0123456789ABCDEF"[bits & ((uint64_t{1} << shift) - 1)];
    bits >>= shift;
  } while (bits != 0);
  out.Assign({digits + start, sizeof(digits) - start});
}

void Bin(StringSink& out, int64_t value) { WriteDigits(out, static_cast<uint64_t>(value), 1); }
void HexOfInteger(StringSink& out, int64_t value) { WriteDigits(out, static_cast<uint64_t>(value), 4); }

void HexOfText(StringSink& out, std::string_view text) {
  char* place = out.Reserve(text.size() * 2);
  for (size_t i = 0; i < text.size(); ++i) {
    auto byte = static_cast<unsigned char>(text[i]);
    place[2 * i] = "0123456789ABCDEF"[byte >> 4];
    place[2 * i + 1] = "0123456789ABCDEF"[byte & 15];
  }
  out.Commit(text.size() * 2);
}

Result<ColumnPtr> RunHex(const KernelCall& call) {
  return call.args[0]->type().IsString() ? Lift<HexOfText>(call) : Lift<HexOfInteger>(call);
}

Result<DataType> InferAscii(CallTypes& call) {
  if (!AllStrings(call, 1, 1)) return BadArguments(call, "'ASCII(<CHARACTER>)'");
  return NullableIfArgs(call, DataType::Int());
}

Result<DataType> InferInteger(CallTypes& call) {
  if (!CountBetween(call, 1, 1) || !WantsFrom(call, 0, Family::kInteger, DataType::Bigint())) {
    return BadArguments(call, "'" + std::string(call.name) + "(<INTEGER>)'");
  }
  return call.name == "CHR" ? DataType::String() : NullableIfArgs(call, DataType::String());
}

Result<DataType> InferHex(CallTypes& call) {
  if (!CountBetween(call, 1, 1) || (!WantsFrom(call, 0, Family::kInteger, DataType::Bigint()) &&
                                    !Takes(call, 0, Family::kString, DataType::String()))) {
    return BadArguments(call, "'HEX(<INTEGER>)', 'HEX(<CHARACTER>)'");
  }
  return NullableIfArgs(call, DataType::String());
}

}  // namespace

extern const ScalarFunction kAscii = {
    .name = "ASCII",
    .signature = "ASCII(STRING) -> INT",
    .doc = "The first byte of the text in UTF-8, as a signed number; 0 if it is empty.",
    .example = "ASCII('abc')",
    .example_result = "97",
    .infer = InferAscii,
    .kernel = Lift<Ascii>};
extern const ScalarFunction kChr = {.name = "CHR",
                                    .signature = "CHR(BIGINT) -> STRING",
                                    .doc = "The character with that code modulo 256; empty for a negative number.",
                                    .example = "CHR(353)",
                                    .example_result = "a",
                                    .infer = InferInteger,
                                    .kernel = Lift<Chr>};
extern const ScalarFunction kBin = {.name = "BIN",
                                    .signature = "BIN(BIGINT) -> STRING",
                                    .doc = "The integer in binary digits.",
                                    .example = "BIN(12)",
                                    .example_result = "1100",
                                    .infer = InferInteger,
                                    .kernel = Lift<Bin>};
extern const ScalarFunction kHex = {.name = "HEX",
                                    .signature = "HEX(BIGINT) -> STRING, HEX(STRING) -> STRING",
                                    .doc = "The integer, or the bytes of the text, in hexadecimal digits.",
                                    .example = "HEX('hello,world')",
                                    .example_result = "68656C6C6F2C776F726C64",
                                    .infer = InferHex,
                                    .kernel = RunHex};

}  // namespace millrace::functions
