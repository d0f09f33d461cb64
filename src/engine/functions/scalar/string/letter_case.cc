// UPPER, LOWER and INITCAP.
#include <unicode/ucasemap.h>

#include "engine/functions/inference.h"
#include "engine/functions/lift.h"
#include "engine/functions/scalar/string/utf8.h"

namespace millrace::functions {

namespace {

using IcuMapping = int32_t (*)(const UCaseMap*, char*, int32_t, const char*, int32_t, UErrorCode*);

// One per call site, so that no thread shares it.
struct CaseMap : FunctionState {
  CaseMap() { map = ucasemap_open("", 0, &status); }
  ~CaseMap() override { ucasemap_close(map); }
  UErrorCode status = U_ZERO_ERROR;
  UCaseMap* map = nullptr;
};

std::unique_ptr<FunctionState> Prepare(const Expr& call, EvalContext& context) {
  static_cast<void>(call);
  static_cast<void>(context);
  return std::make_unique<CaseMap>();
}

Status MapByIcu(const KernelCall& call, StringSink& out, std::string_view text, IcuMapping mapping) {
  const auto& state = static_cast<const CaseMap&>(*call.state);
  if (U_FAILURE(state.status)) return InternalError("no case mapping: " + std::string(u_errorName(state.status)));
  size_t room = text.size() * 3 + 16;  // no mapping makes a text longer than that
  if (room > static_cast<size_t>(INT32_MAX)) return TextTooLong(call.expr.function->name);
  char* place = out.Reserve(room);
  UErrorCode status = U_ZERO_ERROR;
  int32_t size =
      mapping(state.map, place, static_cast<int32_t>(room), text.data(), static_cast<int32_t>(text.size()), &status);
  if (U_FAILURE(status)) return InternalError("case mapping failed: " + std::string(u_errorName(status)));
  out.Commit(static_cast<size_t>(size));
  return Status();
}

template <bool kUpper>
Status Change(const KernelCall& call, StringSink& out, std::string_view text) {
  if (!IsAsciiText(text)) return MapByIcu(call, out, text, kUpper ? ucasemap_utf8ToUpper : ucasemap_utf8ToLower);
  char* place = out.Reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    bool other = kUpper ? (c >= 'a' && c <= 'z') : (c >= 'A' && c <= 'Z');
    place[i] = static_cast<char>(other ? c ^ 0x20 : c);
  }
  out.Commit(text.size());
  return Status();
}

// Words are runs of ASCII letters and digits; other characters are as they are.
void Capitalize(StringSink& out, std::string_view text) {
  char* place = out.Reserve(text.size());
  bool start = true;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    bool lower = c >= 'a' && c <= 'z';
    bool upper = c >= 'A' && c <= 'Z';
    bool digit = c >= '0' && c <= '9';
    if ((start && lower) || (!start && upper)) {
      place[i] = static_cast<char>(c ^ 0x20);
    } else {
      place[i] = c;
    }
    start = !lower && !upper && !digit;
  }
  out.Commit(text.size());
}

Result<DataType> Infer(CallTypes& call) {
  if (!AllStrings(call, 1, 1)) return BadArguments(call, "'" + std::string(call.name) + "(<CHARACTER>)'");
  return call.types[0];
}

}  // namespace

extern const ScalarFunction kUpper = {.name = "UPPER",
                                      .signature = "UPPER(STRING) -> STRING",
                                      .doc = "The text in upper case.",
                                      .example = "UPPER('straße')",
                                      .example_result = "STRASSE",
                                      .infer = Infer,
                                      .kernel = Lift<Change<true>>,
                                      .prepare = Prepare};
extern const ScalarFunction kLower = {.name = "LOWER",
                                      .signature = "LOWER(STRING) -> STRING",
                                      .doc = "The text in lower case.",
                                      .example = "LOWER('Ärger')",
                                      .example_result = "ärger",
                                      .infer = Infer,
                                      .kernel = Lift<Change<false>>,
                                      .prepare = Prepare};
extern const ScalarFunction kInitcap = {.name = "INITCAP",
                                        .signature = "INITCAP(STRING) -> STRING",
                                        .doc = "Each word with a capital first and small other ASCII letters.",
                                        .example = "INITCAP('hello wORLD-foo')",
                                        .example_result = "Hello World-Foo",
                                        .infer = Infer,
                                        .kernel = Lift<Capitalize>};

}  // namespace millrace::functions
