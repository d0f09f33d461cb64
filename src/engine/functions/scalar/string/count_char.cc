// The Nexmark benchmark's user function CountChar, found by its Java class: CREATE FUNCTION count_char AS '…CountChar'.
#include <algorithm>
#include <bit>
#include <cstring>

#include "engine/functions/inference.h"
#include "engine/functions/lift.h"

namespace millrace::functions {

namespace {

constexpr uint64_t kLowBits = 0x7F7F7F7F7F7F7F7FULL;

// How many of the 8 bytes are zero.
int ZeroBytes(uint64_t word) { return std::popcount(~(((word & kLowBits) + kLowBits) | word | kLowBits)); }

int64_t CountChar(std::optional<std::string_view> text, std::optional<std::string_view> wanted) {
  if (!text.has_value() || !wanted.has_value() || wanted->empty()) return 0;
  const char* data = text->data();
  size_t size = text->size();
  uint64_t pattern = static_cast<unsigned char>(wanted->front()) * 0x0101010101010101ULL;
  int64_t count = 0;
  for (; size >= 8; data += 8, size -= 8) {
    uint64_t word;
    std::memcpy(&word, data, 8);
    count += ZeroBytes(word ^ pattern);
  }
  return count + std::count(data, data + size, wanted->front());
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
