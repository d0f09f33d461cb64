// SPLIT_INDEX and SPLIT: parts of a text between separators, empty ones included.
#include <emmintrin.h>

#include <bit>
#include <cstring>

#include "engine/functions/inference.h"
#include "engine/functions/lift.h"
#include "engine/functions/scalar/string/utf8.h"

namespace millrace::functions {

namespace {

bool IsBlank(char c) { return c == ' ' || (c >= '\t' && c <= '\r') || (c >= 0x1C && c <= 0x1F); }

// Part `index` of a text that is not empty, between bytes `separator`: 16 bytes at a time, as the parts of a path are
// short.
std::optional<std::string_view> PartAtByte(std::string_view text, char separator, int32_t index) {
  constexpr size_t kBlock = 16;
  const __m128i wanted = _mm_set1_epi8(separator);
  size_t start = 0;
  for (size_t at = 0; at < text.size(); at += kBlock) {
    size_t bytes = std::min(kBlock, text.size() - at);
    __m128i block = _mm_setzero_si128();
    std::memcpy(&block, text.data() + at, bytes);
    auto hits = static_cast<uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(block, wanted))) & ((1U << bytes) - 1);
    for (; hits != 0; hits &= hits - 1) {
      size_t end = at + static_cast<size_t>(std::countr_zero(hits));
      if (index-- == 0) return text.substr(start, end - start);
      start = end + 1;
    }
  }
  if (index != 0) return std::nullopt;
  return text.substr(start);
}

// Part `index` of the text. An empty separator stands for any single white space, as Flink's library has it.
std::optional<std::string_view> Part(std::string_view text, std::string_view separator, int32_t index) {
  if (index < 0 || text.empty()) return std::nullopt;
  if (separator.size() == 1) return PartAtByte(text, separator[0], index);
  size_t start = 0;
  while (true) {
    size_t end = start;
    size_t width = separator.size();
    if (separator.empty()) {
      while (end < text.size() && !IsBlank(text[end])) ++end;
      width = 1;
    } else {
      end = std::min(text.find(separator, start), text.size());
    }
    if (index == 0) return text.substr(start, end - start);
    if (end >= text.size()) return std::nullopt;
    --index;
    start = end + width;
  }
}

std::optional<std::string_view> PartByCode(std::string_view text, int32_t code, int32_t index) {
  if (code > 255 || code < 1) return std::nullopt;
  if (code < 128) {
    char separator = static_cast<char>(code);
    return Part(text, {&separator, 1}, index);
  }
  char separator[2] = {static_cast<char>(0xC0 | (code >> 6)), static_cast<char>(0x80 | (code & 0x3F))};
  return Part(text, {separator, 2}, index);
}

Result<ColumnPtr> RunIndex(const KernelCall& call) {
  return call.args[1]->type().IsString() ? Lift<Part>(call) : Lift<PartByCode>(call);
}

Result<DataType> InferIndex(CallTypes& call) {
  bool fits =
      CountBetween(call, 3, 3) && Takes(call, 0, Family::kString, DataType::String()) &&
      (Takes(call, 1, Family::kString, DataType::String()) || WantsFrom(call, 1, Family::kInteger, DataType::Int())) &&
      WantsFrom(call, 2, Family::kInteger, DataType::Int());
  if (!fits) {
    return BadArguments(call,
                        "'SPLIT_INDEX(<CHARACTER>, <CHARACTER>, <INTEGER>)', "
                        "'SPLIT_INDEX(<CHARACTER>, <INTEGER>, <INTEGER>)'");
  }
  return DataType::String();
}

// Every part; an empty separator splits into characters.
void AppendParts(ColumnBuilder& items, std::string_view text, std::string_view separator, int32_t* count) {
  *count = 0;
  if (text.empty()) return;
  if (separator.empty()) {
    for (size_t i = 0; i < text.size(); i += Utf8Width(text[i]), ++*count) {
      items.AppendString(text.substr(i, Utf8Width(text[i])));
    }
    return;
  }
  size_t start = 0;
  while (true) {
    size_t end = text.find(separator, start);
    ++*count;
    if (end == std::string_view::npos) {
      items.AppendString(text.substr(start));
      return;
    }
    items.AppendString(text.substr(start, end - start));
    start = end + separator.size();
  }
}

Result<ColumnPtr> RunSplit(const KernelCall& call) {
  ColumnReader<StringRef> texts(*call.args[0]);
  ColumnReader<StringRef> separators(*call.args[1]);
  ColumnBuilder builder(call.expr.type, call.context.pool, call.size);
  call.rows.ForEach([&](int32_t row) {
    while (builder.size() < row) builder.AppendNull();
    if (texts.IsNull(row) || separators.IsNull(row)) {
      builder.AppendNull();
      return;
    }
    int32_t count = 0;
    AppendParts(builder.child(0), texts[row].view(), separators[row].view(), &count);
    builder.CloseList(count);
  });
  while (builder.size() < call.size) builder.AppendNull();
  return builder.Finish();
}

Result<DataType> InferSplit(CallTypes& call) {
  if (!AllStrings(call, 2, 2)) return BadArguments(call, "'SPLIT(<CHARACTER_STRING>, <CHARACTER_STRING>)'");
  return NullableIfArgs(call, DataType::Array(DataType::String()));
}

}  // namespace

extern const ScalarFunction kSplitIndex = {
    .name = "SPLIT_INDEX",
    .signature = "SPLIT_INDEX(text STRING, separator STRING, index INT) -> STRING",
    .doc =
        "The part of that index, from 0, between the separators; NULL if there is none. The separator may also be the "
        "code of a character.",
    .example = "SPLIT_INDEX('a,b,c', ',', 1)",
    .example_result = "b",
    .infer = InferIndex,
    .kernel = RunIndex};
extern const ScalarFunction kSplit = {.name = "SPLIT",
                                      .signature = "SPLIT(text STRING, separator STRING) -> ARRAY<STRING>",
                                      .doc = "All parts between the separators; of an empty text none.",
                                      .example = "SPLIT('a,b,,c', ',')",
                                      .example_result = "[a, b, , c]",
                                      .infer = InferSplit,
                                      .kernel = RunSplit};

}  // namespace millrace::functions
