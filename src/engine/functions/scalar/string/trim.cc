// TRIM, LTRIM and RTRIM: take away characters of a set at the ends.
#include "engine/functions/inference.h"
#include "engine/functions/lift.h"
#include "engine/functions/scalar/string/utf8.h"

namespace millrace::functions {

namespace {

bool Contains(std::string_view characters, std::string_view character) {
  for (size_t i = 0; i < characters.size(); i += Utf8Width(characters[i])) {
    if (characters.substr(i, Utf8Width(characters[i])) == character) return true;
  }
  return false;
}

std::string_view TrimLeft(std::string_view text, std::string_view characters) {
  while (!text.empty()) {
    size_t width = std::min(Utf8Width(text[0]), text.size());
    if (!Contains(characters, text.substr(0, width))) break;
    text.remove_prefix(width);
  }
  return text;
}

std::string_view TrimRight(std::string_view text, std::string_view characters) {
  while (!text.empty()) {
    size_t start = text.size() - 1;
    while (start > 0 && (static_cast<unsigned char>(text[start]) & 0xC0) == 0x80) --start;
    if (!Contains(characters, text.substr(start))) break;
    text.remove_suffix(text.size() - start);
  }
  return text;
}

std::string_view TrimBoth(std::string_view text, std::string_view characters) {
  return TrimRight(TrimLeft(text, characters), characters);
}

std::string_view Ltrim(std::string_view text) { return TrimLeft(text, " "); }
std::string_view Rtrim(std::string_view text) { return TrimRight(text, " "); }

std::string_view TrimLeading(std::string_view characters, std::string_view text) { return TrimLeft(text, characters); }
std::string_view TrimTrailing(std::string_view characters, std::string_view text) {
  return TrimRight(text, characters);
}
std::string_view TrimAround(std::string_view characters, std::string_view text) { return TrimBoth(text, characters); }

Result<ColumnPtr> RunTrim(const KernelCall& call) {
  const std::string& side = call.expr.args[0]->literal.AsString();
  KernelCall rest{call.context, call.expr, call.args.subspan(1), call.rows, call.size, call.state};
  if (side == "LEADING") return Lift<TrimLeading>(rest);
  return side == "TRAILING" ? Lift<TrimTrailing>(rest) : Lift<TrimAround>(rest);
}

Result<ColumnPtr> RunLtrim(const KernelCall& call) {
  return call.args.size() == 1 ? Lift<Ltrim>(call) : Lift<TrimLeft>(call);
}

Result<ColumnPtr> RunRtrim(const KernelCall& call) {
  return call.args.size() == 1 ? Lift<Rtrim>(call) : Lift<TrimRight>(call);
}

Result<DataType> InferTrim(CallTypes& call) {
  if (!AllStrings(call, 3, 3) || call.Literal(0) == nullptr || call.Literal(0)->IsNull()) {
    return BadArguments(call, "'TRIM([BOTH | LEADING | TRAILING] <STRING> FROM <STRING>)'");
  }
  return NullableIfArgs(call, DataType::Varchar(call.types[2].length()));
}

Result<DataType> InferSide(CallTypes& call) {
  if (!AllStrings(call, 1, 2)) {
    std::string name(call.name);
    return BadArguments(call, "'" + name + "(<CHARACTER>)', '" + name + "(<CHARACTER>, <CHARACTER>)'");
  }
  return NullableIfArgs(call, DataType::Varchar(call.types[0].length()));
}

}  // namespace

extern const ScalarFunction kTrim = {
    .name = "TRIM",
    .signature = "TRIM([BOTH | LEADING | TRAILING] [chars STRING] FROM STRING) -> STRING",
    .doc = "The text without the given characters, blanks by default, at its ends.",
    .example = "TRIM(BOTH 'ab' FROM 'abcab')",
    .example_result = "c",
    .infer = InferTrim,
    .kernel = RunTrim};
extern const ScalarFunction kLtrim = {.name = "LTRIM",
                                      .signature = "LTRIM(STRING [, chars STRING]) -> STRING",
                                      .doc = "The text without blanks, or the given characters, at its start.",
                                      .example = "LTRIM('  This ') || '.'",
                                      .example_result = "This .",
                                      .infer = InferSide,
                                      .kernel = RunLtrim};
extern const ScalarFunction kRtrim = {.name = "RTRIM",
                                      .signature = "RTRIM(STRING [, chars STRING]) -> STRING",
                                      .doc = "The text without blanks, or the given characters, at its end.",
                                      .example = "RTRIM('abcddcba', 'abc')",
                                      .example_result = "abcdd",
                                      .infer = InferSide,
                                      .kernel = RunRtrim};

}  // namespace millrace::functions
