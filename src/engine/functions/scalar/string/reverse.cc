// REVERSE: the code points of a text from last to first.
#include <algorithm>
#include <cstring>

#include "engine/functions/inference.h"
#include "engine/functions/lift.h"
#include "engine/functions/scalar/string/utf8.h"

namespace millrace::functions {

namespace {

void Reverse(StringSink& out, std::string_view text) {
  char* start = out.Reserve(text.size());
  char* place = start + text.size();
  for (size_t i = 0; i < text.size();) {
    size_t width = std::min(Utf8Width(text[i]), text.size() - i);
    place -= width;
    std::memcpy(place, text.data() + i, width);
    i += width;
  }
  out.Commit(text.size());
}

Result<DataType> Infer(CallTypes& call) {
  if (!AllStrings(call, 1, 1)) return BadArguments(call, "'REVERSE(<CHARACTER>)'");
  return DataType::String();
}

}  // namespace

extern const ScalarFunction kReverse = {.name = "REVERSE",
                                        .signature = "REVERSE(STRING) -> STRING",
                                        .doc = "The characters in reverse order.",
                                        .example = "REVERSE('a😀b')",
                                        .example_result = "b😀a",
                                        .infer = Infer,
                                        .kernel = Lift<Reverse>};

}  // namespace millrace::functions
