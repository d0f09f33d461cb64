// REGEXP, REGEXP_EXTRACT and REGEXP_REPLACE.
#include "engine/functions/inference.h"
#include "engine/functions/lift.h"
#include "engine/functions/scalar/regex/java_regex.h"
#include "engine/functions/scalar/string/utf8.h"

namespace millrace::functions {

namespace {

JavaRegex* Pattern(const KernelCall& call, std::string_view pattern) {
  return static_cast<RegexCache*>(call.state)->Get(pattern);
}

// A malformed or empty pattern matches nothing.
Result<bool> Regexp(const KernelCall& call, std::string_view text, std::string_view pattern) {
  if (pattern.empty()) return false;
  JavaRegex* regex = Pattern(call, pattern);
  if (regex == nullptr) return false;
  return regex->Find(text, 0);
}

// No match, no such group and a malformed pattern all give NULL.
Result<std::optional<std::string_view>> Extract(const KernelCall& call, std::string_view text, std::string_view pattern,
                                                int64_t group) {
  JavaRegex* regex = Pattern(call, pattern);
  if (regex == nullptr) return std::optional<std::string_view>();
  MR_ASSIGN(bool found, regex->Find(text, 0));
  auto index = static_cast<int32_t>(group);
  if (!found || !regex->HasGroup(index)) return std::optional<std::string_view>();
  return std::optional<std::string_view>(text.substr(regex->start(index), regex->end(index) - regex->start(index)));
}

Result<std::optional<std::string_view>> ExtractAll(const KernelCall& call, std::string_view text,
                                                   std::string_view pattern) {
  return Extract(call, text, pattern, 0);
}

// The replacement is taken as it is, without references to groups.
Result<bool> Replace(const KernelCall& call, StringSink& out, std::string_view text, std::string_view pattern,
                     std::string_view replacement) {
  JavaRegex* regex = Pattern(call, pattern);
  if (regex == nullptr) return false;
  std::string result;
  size_t copied = 0;
  for (size_t from = 0; from <= text.size(); from = NextSearchPosition(*regex, text)) {
    MR_ASSIGN(bool found, regex->Find(text, from));
    if (!found) break;
    result.append(text.substr(copied, regex->start() - copied));
    result.append(replacement);
    copied = regex->end();
    if (static_cast<int64_t>(result.size()) > kMaxTextBytes) return TextTooLong("REGEXP_REPLACE");
  }
  if (copied == 0 && result.empty()) {
    out.AssignView(text);
    return true;
  }
  result.append(text.substr(copied));
  out.Assign(result);
  return true;
}

Result<ColumnPtr> RunExtract(const KernelCall& call) {
  return call.args.size() == 2 ? Lift<ExtractAll>(call) : Lift<Extract>(call);
}

Result<DataType> InferRegexp(CallTypes& call) {
  if (!AllStrings(call, 2, 2)) return BadArguments(call, "'REGEXP(<CHARACTER>, <CHARACTER>)'");
  return NullableIfArgs(call, DataType::Boolean());
}

Result<DataType> InferExtract(CallTypes& call) {
  bool fits = CountBetween(call, 2, 3) && Takes(call, 0, Family::kString, DataType::String()) &&
              Takes(call, 1, Family::kString, DataType::String());
  if (fits && call.types.size() == 3) fits = WantsFrom(call, 2, Family::kInteger, DataType::Bigint());
  if (!fits) return BadArguments(call, "'REGEXP_EXTRACT(<CHARACTER>, <CHARACTER>[, <INTEGER>])'");
  return DataType::String();
}

Result<DataType> InferReplace(CallTypes& call) {
  if (!AllStrings(call, 3, 3)) return BadArguments(call, "'REGEXP_REPLACE(<CHARACTER>, <CHARACTER>, <CHARACTER>)'");
  return NullableIfArgs(call, DataType::String());
}

}  // namespace

extern const ScalarFunction kRegexp = {
    .name = "REGEXP",
    .signature = "REGEXP(text STRING, pattern STRING) -> BOOLEAN",
    .doc = "TRUE if the Java regular expression is found in the text; FALSE for a malformed or empty one.",
    .example = "REGEXP('foobar', 'o+b')",
    .example_result = "TRUE",
    .infer = InferRegexp,
    .kernel = Lift<Regexp>,
    .prepare = PrepareRegex<JavaRegex::Mode::kFind>};
extern const ScalarFunction kRegexpExtract = {
    .name = "REGEXP_EXTRACT",
    .signature = "REGEXP_EXTRACT(text STRING, pattern STRING [, group INT]) -> STRING",
    .doc = "The group of the first match of the Java regular expression, 0 for all of it; NULL if there is none.",
    .example = "REGEXP_EXTRACT('foothebar', 'foo(.*?)(bar)', 2)",
    .example_result = "bar",
    .infer = InferExtract,
    .kernel = RunExtract,
    .prepare = PrepareRegex<JavaRegex::Mode::kFind>};
extern const ScalarFunction kRegexpReplace = {
    .name = "REGEXP_REPLACE",
    .signature = "REGEXP_REPLACE(text STRING, pattern STRING, replacement STRING) -> STRING",
    .doc =
        "The text with every match of the Java regular expression replaced; $1 and the like mean nothing in the "
        "replacement. NULL for a malformed pattern.",
    .example = "REGEXP_REPLACE('foobar', 'oo|ar', '')",
    .example_result = "fb",
    .infer = InferReplace,
    .kernel = Lift<Replace>,
    .prepare = PrepareRegex<JavaRegex::Mode::kFind>};

}  // namespace millrace::functions
