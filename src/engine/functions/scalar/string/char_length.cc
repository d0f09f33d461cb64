// CHAR_LENGTH: code points of a text.
#include "engine/functions/inference.h"
#include "engine/functions/lift.h"
#include "engine/functions/scalar/string/utf8.h"

namespace millrace::functions {

namespace {

int32_t Length(std::string_view text) { return static_cast<int32_t>(CharCount(text)); }

Result<DataType> Infer(CallTypes& call) {
  if (!AllStrings(call, 1, 1)) return BadArguments(call, "'CHAR_LENGTH(<CHARACTER>)'");
  return NullableIfArgs(call, DataType::Int());
}

}  // namespace

extern const ScalarFunction kCharLength = {.name = "CHAR_LENGTH",
                                           .aliases = {"CHARACTER_LENGTH"},
                                           .signature = "CHAR_LENGTH(STRING) -> INT",
                                           .doc = "The number of characters (Unicode code points).",
                                           .example = "CHAR_LENGTH('a😀b')",
                                           .example_result = "3",
                                           .infer = Infer,
                                           .kernel = Lift<Length>};

}  // namespace millrace::functions
