// REPEAT and REPLACE.
#include <cstring>

#include "engine/functions/inference.h"
#include "engine/functions/lift.h"
#include "engine/functions/scalar/string/utf8.h"

namespace millrace::functions {

namespace {

Status Repeat(StringSink& out, std::string_view text, int32_t times) {
  int64_t bytes = static_cast<int64_t>(text.size()) * std::max(times, 0);
  if (bytes > kMaxTextBytes) return TextTooLong("REPEAT");
  char* place = out.Reserve(static_cast<size_t>(bytes));
  for (int64_t at = 0; at < bytes; at += static_cast<int64_t>(text.size())) {
    std::memcpy(place + at, text.data(), text.size());
  }
  out.Commit(static_cast<size_t>(bytes));
  return Status();
}

// An empty text to look for is found before every code point and at the end, as in Java.
std::string ReplaceEmpty(std::string_view text, std::string_view with) {
  std::string out(with);
  for (size_t i = 0; i < text.size();) {
    size_t width = std::min(Utf8Width(text[i]), text.size() - i);
    out.append(text.substr(i, width));
    out.append(with);
    i += width;
  }
  return out;
}

Status Replace(StringSink& out, std::string_view text, std::string_view old, std::string_view with) {
  if (old.empty()) {
    out.Assign(ReplaceEmpty(text, with));
    return Status();
  }
  size_t found = text.find(old);
  if (found == std::string_view::npos) {
    out.AssignView(text);
    return Status();
  }
  size_t count = 0;
  for (size_t at = found; at != std::string_view::npos; at = text.find(old, at + old.size())) ++count;
  size_t bytes = text.size() - count * old.size() + count * with.size();
  if (static_cast<int64_t>(bytes) > kMaxTextBytes) return TextTooLong("REPLACE");
  char* start = out.Reserve(bytes);
  char* place = start;
  size_t from = 0;
  for (; found != std::string_view::npos; found = text.find(old, from)) {
    std::memcpy(place, text.data() + from, found - from);
    place += found - from;
    std::memcpy(place, with.data(), with.size());
    place += with.size();
    from = found + old.size();
  }
  std::memcpy(place, text.data() + from, text.size() - from);
  out.Commit(bytes);
  return Status();
}

Result<DataType> InferRepeat(CallTypes& call) {
  if (!CountBetween(call, 2, 2) || !Takes(call, 0, Family::kString, DataType::String()) ||
      !WantsFrom(call, 1, Family::kInteger, DataType::Int())) {
    return BadArguments(call, "'REPEAT(<CHARACTER>, <INTEGER>)'");
  }
  return NullableIfArgs(call, DataType::String());
}

Result<DataType> InferReplace(CallTypes& call) {
  if (!AllStrings(call, 3, 3)) return BadArguments(call, "'REPLACE(<CHARACTER>, <CHARACTER>, <CHARACTER>)'");
  return NullableIfArgs(call, DataType::String());
}

}  // namespace

extern const ScalarFunction kRepeat = {.name = "REPEAT",
                                       .signature = "REPEAT(STRING, INT) -> STRING",
                                       .doc = "The text that many times; empty for a negative number.",
                                       .example = "REPEAT('ab', 3)",
                                       .example_result = "ababab",
                                       .infer = InferRepeat,
                                       .kernel = Lift<Repeat>};
extern const ScalarFunction kReplace = {
    .name = "REPLACE",
    .signature = "REPLACE(text STRING, old STRING, new STRING) -> STRING",
    .doc = "The text with every occurrence of the old text replaced by the new one.",
    .example = "REPLACE('ababab', 'abab', 'z')",
    .example_result = "zab",
    .infer = InferReplace,
    .kernel = Lift<Replace>};

}  // namespace millrace::functions
