// SIMILAR TO: SQL's regular expressions, turned into Java's.
#include "engine/functions/inference.h"
#include "engine/functions/lift.h"
#include "engine/functions/scalar/regex/java_regex.h"

namespace millrace::functions {

namespace {

constexpr std::string_view kJavaSpecials = "[]()|^-+*?{}$\\.";
constexpr std::string_view kSimilarSpecials = "[]()|^-+*_%?{}";
constexpr std::string_view kAnything = "(?s:.*)";

struct NamedClass {
  std::string_view sql;
  std::string_view java;
};
constexpr NamedClass kNamedClasses[] = {
    {"[:ALPHA:]", "\\p{Alpha}"}, {"[:alpha:]", "\\p{Alpha}"}, {"[:UPPER:]", "\\p{Upper}"}, {"[:upper:]", "\\p{Upper}"},
    {"[:LOWER:]", "\\p{Lower}"}, {"[:lower:]", "\\p{Lower}"}, {"[:DIGIT:]", "\\d"},        {"[:digit:]", "\\d"},
    {"[:SPACE:]", " "},          {"[:space:]", " "},          {"[:WHITESPACE:]", "\\s"},   {"[:whitespace:]", "\\s"},
    {"[:ALNUM:]", "\\p{Alnum}"}, {"[:alnum:]", "\\p{Alnum}"}};

bool In(std::string_view set, char c) { return set.find(c) != std::string_view::npos; }

Error BadPattern(std::string_view pattern, std::string_view what) {
  return UserError("regex.pattern", "Invalid " + std::string(what) + " '" + std::string(pattern.substr(0, 200)) + "'",
                   "see SIMILAR TO in the SQL reference");
}

void AppendEscaped(std::string& out, char c) {
  if (In(kSimilarSpecials, c) && In(kJavaSpecials, c)) out += '\\';
  out += c;
}

// The items between "[" and "]"; `at` is on the first of them and ends on "]" or the end.
Status AppendClass(std::string& out, std::string_view pattern, size_t& at, char escape) {
  for (; at < pattern.size() && pattern[at] != ']'; ++at) {
    char c = pattern[at];
    if (escape != '\0' && c == escape) {
      if (++at >= pattern.size()) return BadPattern(pattern, "regular expression");
      if (!In(kSimilarSpecials, pattern[at]) && pattern[at] != escape) return BadPattern(pattern, "regular expression");
      AppendEscaped(out, pattern[at]);
    } else if (c == '-' || c == '^') {
      out += c;
    } else if (pattern.substr(at).starts_with("[:")) {
      bool found = false;
      for (const NamedClass& named : kNamedClasses) {
        if (!pattern.substr(at).starts_with(named.sql)) continue;
        out += named.java;
        at += named.sql.size() - 1;
        found = true;
        break;
      }
      if (!found) return BadPattern(pattern, "regular expression");
    } else if (In(kSimilarSpecials, c)) {
      return BadPattern(pattern, "regular expression");
    } else {
      out += c;
    }
  }
  return Status();
}

Result<std::string> ToJava(std::string_view pattern, char escape) {
  std::string out;
  for (size_t at = 0; at < pattern.size(); ++at) {
    char c = pattern[at];
    if (escape != '\0' && c == escape) {
      if (++at >= pattern.size()) return BadPattern(pattern, "escape sequence");
      if (!In(kSimilarSpecials, pattern[at]) && pattern[at] != escape) return BadPattern(pattern, "escape sequence");
      AppendEscaped(out, pattern[at]);
    } else if (c == '_') {
      out += '.';
    } else if (c == '%') {
      out += kAnything;
    } else if (c == '[') {
      out += '[';
      ++at;
      MR_RETURN_IF_ERROR(AppendClass(out, pattern, at, escape));
      if (at >= pattern.size()) return BadPattern(pattern, "regular expression");
      out += ']';
    } else if (c == ']') {
      return BadPattern(pattern, "regular expression");
    } else {
      if (c == '\\' || c == '$') out += '\\';
      out += c;
    }
  }
  return out;
}

// The Java form of the latest pattern, and the compiled ones.
struct SimilarState : FunctionState {
  RegexCache cache{JavaRegex::Mode::kWhole};
  std::string pattern;
  char escape = '\0';
  std::string java;
  bool known = false;
};

std::unique_ptr<FunctionState> Prepare(const Expr& call, EvalContext& context) {
  static_cast<void>(call);
  static_cast<void>(context);
  return std::make_unique<SimilarState>();
}

Result<bool> Matches(const KernelCall& call, std::string_view text, std::string_view pattern, char escape) {
  auto& state = static_cast<SimilarState&>(*call.state);
  if (!state.known || state.pattern != pattern || state.escape != escape) {
    MR_ASSIGN(state.java, ToJava(pattern, escape));
    state.pattern = pattern;
    state.escape = escape;
    state.known = true;
  }
  JavaRegex* regex = state.cache.Get(state.java);
  if (regex == nullptr) return state.cache.error();
  return regex->Find(text, 0);
}

Result<bool> Similar(const KernelCall& call, std::string_view text, std::string_view pattern) {
  return Matches(call, text, pattern, '\0');
}

Result<bool> SimilarWithEscape(const KernelCall& call, std::string_view text, std::string_view pattern,
                               std::string_view escape) {
  if (escape.size() != 1) return BadPattern(escape, "escape character");
  return Matches(call, text, pattern, escape[0]);
}

Result<ColumnPtr> Run(const KernelCall& call) {
  return call.args.size() == 2 ? Lift<Similar>(call) : Lift<SimilarWithEscape>(call);
}

Result<DataType> Infer(CallTypes& call) {
  if (!AllStrings(call, 2, 3)) return BadArguments(call, "'<STRING> SIMILAR TO <STRING> [ESCAPE <STRING>]'");
  return NullableIfArgs(call, DataType::Boolean());
}

}  // namespace

extern const ScalarFunction kSimilarTo = {
    .name = "SIMILAR TO",
    .signature = "STRING SIMILAR TO pattern STRING [ESCAPE STRING] -> BOOLEAN",
    .doc = "TRUE if all of the text matches SQL's regular expression: _ and % as in LIKE, and | * + ? {} () [].",
    .example = "'TEST' SIMILAR TO '.EST'",
    .example_result = "TRUE",
    .infer = Infer,
    .kernel = Run,
    .prepare = Prepare};

}  // namespace millrace::functions
