// SUBSTRING, SUBSTR, LEFT and RIGHT: positions are code points from 1; negative ones count from the end.
#include "engine/functions/inference.h"
#include "engine/functions/lift.h"
#include "engine/functions/scalar/string/utf8.h"

namespace millrace::functions {

namespace {

// `length` code points from `start`, which counts from 0.
std::string_view Cut(std::string_view text, int64_t start, int64_t length) {
  if (IsAsciiText(text)) {
    if (start >= static_cast<int64_t>(text.size())) return {};
    return text.substr(static_cast<size_t>(start), static_cast<size_t>(length));
  }
  size_t from = SkipChars(text, 0, start);
  return text.substr(from, SkipChars(text, from, length) - from);
}

std::optional<std::string_view> Substring(std::string_view text, int32_t position, int32_t length) {
  if (length < 0) return std::nullopt;
  if (position > 0) return Cut(text, position - 1, length);
  if (position == 0) return Cut(text, 0, length);
  int64_t start = CharCount(text) + position;
  if (start < 0) return std::string_view();
  return Cut(text, start, length);
}

std::optional<std::string_view> SubstringToEnd(std::string_view text, int32_t position) {
  return Substring(text, position, INT32_MAX);
}

std::string_view Left(std::string_view text, int32_t length) {
  return length <= 0 ? std::string_view() : Cut(text, 0, length);
}

std::string_view Right(std::string_view text, int32_t length) {
  if (length <= 0) return {};
  int64_t count = CharCount(text);
  return length >= count ? text : Cut(text, count - length, length);
}

Result<ColumnPtr> Run(const KernelCall& call) {
  return call.args.size() == 2 ? Lift<SubstringToEnd>(call) : Lift<Substring>(call);
}

// VARCHAR of the text's length, always nullable.
template <size_t kMost>
Result<DataType> Infer(CallTypes& call) {
  bool fits = CountBetween(call, 2, kMost) && Takes(call, 0, Family::kString, DataType::String());
  for (size_t i = 1; fits && i < call.types.size(); ++i) fits = WantsFrom(call, i, Family::kInteger, DataType::Int());
  if (!fits) {
    std::string name(call.name);
    return BadArguments(call, "'" + name + "(<CHARACTER>, <INTEGER>" + (kMost == 3 ? "[, <INTEGER>])'" : ")'"));
  }
  return DataType::Varchar(call.types[0].length());
}

}  // namespace

extern const ScalarFunction kSubstring = {
    .name = "SUBSTRING",
    .aliases = {"SUBSTR"},
    .signature = "SUBSTRING(text STRING, position INT [, length INT]) -> STRING",
    .doc =
        "The characters from a position on, at most `length`. A negative position counts from the end; a negative "
        "length gives NULL.",
    .example = "SUBSTRING('abcdef' FROM -3 FOR 2)",
    .example_result = "de",
    .infer = Infer<3>,
    .kernel = Run};
extern const ScalarFunction kLeft = {.name = "LEFT",
                                     .signature = "LEFT(STRING, INT) -> STRING",
                                     .doc = "The first characters; empty for a negative count.",
                                     .example = "LEFT('Hello', 2)",
                                     .example_result = "He",
                                     .infer = Infer<2>,
                                     .kernel = Lift<Left>};
extern const ScalarFunction kRight = {.name = "RIGHT",
                                      .signature = "RIGHT(STRING, INT) -> STRING",
                                      .doc = "The last characters; empty for a negative count.",
                                      .example = "RIGHT('Hello', 3)",
                                      .example_result = "llo",
                                      .infer = Infer<2>,
                                      .kernel = Lift<Right>};

}  // namespace millrace::functions
