// POSITION, LOCATE and INSTR: where a text occurs in another one, in code points from 1.
#include "engine/functions/inference.h"
#include "engine/functions/lift.h"
#include "engine/functions/scalar/string/utf8.h"

namespace millrace::functions {

namespace {

// Code point index of the first occurrence at `from` or later, or -1. An empty text is found at 0, wherever one looks.
int64_t IndexOf(std::string_view text, std::string_view wanted, int64_t from) {
  if (wanted.empty()) return 0;
  size_t start = SkipChars(text, 0, from);
  size_t found = text.find(wanted, start);
  if (found == std::string_view::npos) return -1;
  return CharCount(text.substr(0, found));
}

int32_t Position(std::string_view wanted, std::string_view text, int32_t from) {
  return static_cast<int32_t>(IndexOf(text, wanted, static_cast<int64_t>(from) - 1) + 1);
}

int32_t PositionFromStart(std::string_view wanted, std::string_view text) { return Position(wanted, text, 1); }

std::string Reversed(std::string_view text) {
  std::string out(text.size(), '\0');
  size_t end = text.size();
  for (size_t i = 0; i < text.size();) {
    size_t width = std::min(Utf8Width(text[i]), text.size() - i);
    end -= width;
    text.copy(out.data() + end, width, i);
    i += width;
  }
  return out;
}

// The n-th occurrence; from the end when `start` is negative.
Result<int32_t> Instr(std::string_view text, std::string_view wanted, int32_t start, int32_t nth) {
  if (nth <= 0) {
    return UserError("function.value", "INSTR: the fourth argument must be positive, not " + std::to_string(nth),
                     "count occurrences from 1");
  }
  if (start == 0) return 0;
  if (start < 0) {
    if (start == INT32_MIN) return 0;
    MR_ASSIGN(int32_t position, Instr(Reversed(text), Reversed(wanted), -start, nth));
    if (position == 0) return 0;
    return static_cast<int32_t>(CharCount(text) + 2 - position - CharCount(wanted));
  }
  int64_t from = start;
  int64_t index = 0;
  for (int32_t i = 0; i < nth; ++i) {
    index = IndexOf(text, wanted, from - 1) + 1;
    if (index == 0) return 0;
    from = index + 1;
  }
  return static_cast<int32_t>(index);
}

Result<int32_t> InstrFirst(std::string_view text, std::string_view wanted) { return Instr(text, wanted, 1, 1); }
Result<int32_t> InstrFrom(std::string_view text, std::string_view wanted, int32_t start) {
  return Instr(text, wanted, start, 1);
}

Result<ColumnPtr> RunPosition(const KernelCall& call) {
  return call.args.size() == 2 ? Lift<PositionFromStart>(call) : Lift<Position>(call);
}

Result<ColumnPtr> RunInstr(const KernelCall& call) {
  if (call.args.size() == 2) return Lift<InstrFirst>(call);
  return call.args.size() == 3 ? Lift<InstrFrom>(call) : Lift<Instr>(call);
}

template <size_t kMost>
Result<DataType> Infer(CallTypes& call) {
  bool fits = CountBetween(call, 2, kMost);
  for (size_t i = 0; fits && i < call.types.size(); ++i) {
    fits = i < 2 ? Takes(call, i, Family::kString, DataType::String())
                 : WantsFrom(call, i, Family::kInteger, DataType::Int());
  }
  if (!fits) return BadArguments(call, "'" + std::string(call.name) + "(<CHARACTER>, <CHARACTER>[, <INTEGER>])'");
  return NullableIfArgs(call, DataType::Int());
}

}  // namespace

extern const ScalarFunction kPosition = {.name = "POSITION",
                                         .aliases = {"LOCATE"},
                                         .signature = "POSITION(wanted STRING, text STRING [, from INT]) -> INT",
                                         .doc = "Where the text is found, from 1; 0 if it is not found.",
                                         .example = "POSITION('STR' IN 'A STRING')",
                                         .example_result = "3",
                                         .infer = Infer<3>,
                                         .kernel = RunPosition};
extern const ScalarFunction kInstr = {
    .name = "INSTR",
    .signature = "INSTR(text STRING, wanted STRING [, start INT [, nth INT]]) -> INT",
    .doc = "Where the n-th occurrence is, from 1; 0 if there is none. A negative start looks from the end.",
    .example = "INSTR('Corporate Floor', 'or', -3, 2)",
    .example_result = "2",
    .infer = Infer<4>,
    .kernel = RunInstr};

}  // namespace millrace::functions
