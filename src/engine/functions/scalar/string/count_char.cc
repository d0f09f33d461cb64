// The Nexmark benchmark's user function CountChar, found by its Java class: CREATE FUNCTION count_char AS '…CountChar'.
#include <algorithm>

#include "engine/functions/inference.h"
#include "engine/functions/lift.h"

namespace millrace::functions {

namespace {

int64_t CountChar(std::optional<std::string_view> text, std::optional<std::string_view> wanted) {
  if (!text.has_value() || !wanted.has_value() || wanted->empty()) return 0;
  return std::count(text->begin(), text->end(), wanted->front());
}

Result<DataType> Infer(CallTypes& call) {
  if (!AllStrings(call, 2, 2)) return BadArguments(call, "'count_char(s STRING, character STRING)'");
  return DataType::Bigint().NotNull();
}

}  // namespace

extern const ScalarFunction kCountChar = {
    .name = "com.github.nexmark.flink.udf.CountChar",
    .signature = "count_char(text STRING, character STRING) -> BIGINT",
    .doc = "How often the character occurs in the text; 0 for NULL. Nexmark's user function, native here.",
    .infer = Infer,
    .kernel = Lift<CountChar>};

}  // namespace millrace::functions
