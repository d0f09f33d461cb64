// The parser suite.
#include "bin/conformance/parser_suite.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "bin/conformance/case_file.h"
#include "bin/conformance/isolate.h"
#include "engine/sql/parser.h"
#include "engine/sql/unparser.h"

namespace millrace::conformance {
namespace {

using Json = nlohmann::json;

// What our parser did with a text.
struct Outcome {
  std::optional<Error> parse_error;
  std::vector<std::string> unparsed;
  std::optional<Error> validate_error;
};

Outcome ParseCase(const std::string& kind, const std::string& text) {
  Outcome outcome;
  if (kind == "expression") {
    Result<sql::ExprPtr> expr = sql::ParseExpression(text);
    if (!expr.ok()) {
      outcome.parse_error = expr.error();
    } else {
      outcome.unparsed.push_back(sql::Unparse(**expr));
    }
    return outcome;
  }
  if (kind == "statement_list") {
    Result<std::vector<sql::StatementWithText>> script = sql::ParseScript(text);
    if (!script.ok()) {
      outcome.parse_error = script.error();
      return outcome;
    }
    for (const sql::StatementWithText& statement : *script)
      outcome.unparsed.push_back(sql::Unparse(*statement.statement));
    return outcome;
  }
  Result<sql::StatementPtr> statement = sql::ParseGrammarStatement(text);
  if (!statement.ok()) {
    outcome.parse_error = statement.error();
    return outcome;
  }
  outcome.unparsed.push_back(sql::Unparse(*sql::WithKeysNotNull(*statement)));
  Status valid = sql::ValidateStatement(**statement);
  if (!valid.ok()) outcome.validate_error = valid.error();
  return outcome;
}

// Offset in characters of a line and a column.
int64_t OffsetOf(const std::string& text, int32_t line, int32_t column) {
  int64_t offset = 0;
  int32_t at = 1;
  for (size_t i = 0; i < text.size() && at < line; ++i) {
    if ((static_cast<uint8_t>(text[i]) & 0xc0) != 0x80) ++offset;
    if (text[i] == '\n' || (text[i] == '\r' && (i + 1 >= text.size() || text[i + 1] != '\n'))) ++at;
  }
  return offset + column - 1;
}

std::optional<std::string> CompareRange(const Json& expected, const SourceRange& range, const std::string& text) {
  int64_t begin = OffsetOf(text, range.line, range.column);
  int64_t end = OffsetOf(text, range.end_line, range.end_column) + 1;
  if (expected[0] == begin && expected[1] == end) return std::nullopt;
  return fmt::format("error range [{}, {}], expected {}", begin, end, expected.dump());
}

std::optional<std::string> CheckIdentifier(const Json& test) {
  Result<std::vector<std::string>> parts = sql::ParseTableApiIdentifier(test["sql"].get<std::string>());
  if (!test["parses"].get<bool>()) return parts.ok() ? std::optional<std::string>("parses, should not") : std::nullopt;
  if (!parts.ok()) return parts.error().ToString();
  if (Json(*parts) == test["expected"]) return std::nullopt;
  return fmt::format("got {}", Json(*parts).dump());
}

std::optional<std::string> CheckRefused(const Json& test, const Outcome& outcome) {
  if (!outcome.parse_error) return "parses, should not: " + fmt::format("{}", fmt::join(outcome.unparsed, "; "));
  if (!outcome.parse_error->range.Known()) return "the error has no position";
  // Texts of other dialects have the position that their dialect gives.
  bool other_dialect = test.contains("default_config") && !test["default_config"].get<bool>();
  auto range = test.find("error_range");
  if (test.value("outcome", "") != "fails" || other_dialect || range == test.end() || range->is_null())
    return std::nullopt;
  auto wrong = CompareRange(*range, outcome.parse_error->range, test["sql"].get<std::string>());
  return wrong ? std::optional<std::string>(*wrong + "; " + outcome.parse_error->ToString()) : std::nullopt;
}

// Why the case fails; nothing if it passes.
std::optional<std::string> CheckCase(const Json& test) {
  std::string kind = test.value("kind", "statement");
  if (kind == "table_api_identifier") return CheckIdentifier(test);
  const Json& runtime = test["runtime"];
  Outcome outcome = ParseCase(kind, test["sql"].get<std::string>());
  if (!runtime["parses"].get<bool>()) return CheckRefused(test, outcome);
  if (outcome.parse_error) return outcome.parse_error->ToString();
  if (auto expected = runtime.find("unparsed"); expected != runtime.end() && !expected->is_null()) {
    Json got =
        expected->is_array() ? Json(outcome.unparsed) : Json(outcome.unparsed.empty() ? "" : outcome.unparsed[0]);
    if (got != *expected) return fmt::format("unparsed {}, expected {}", got.dump(), expected->dump());
  }
  bool refused = runtime.contains("validate_fails");
  if (refused && !outcome.validate_error)
    return "valid, should be refused: " + runtime["validate_fails"].get<std::string>();
  if (!refused && outcome.validate_error) return "refused: " + outcome.validate_error->ToString();
  return std::nullopt;
}

Verdict RunCase(const Json& test) {
  bool comparable = test.contains("runtime") || test.value("kind", "") == "table_api_identifier";
  if (!comparable) return Verdict::Unsupported("the case does not say what Flink's parser does");
  std::optional<std::string> why = CheckCase(test);
  return why ? Verdict::Fail(*why) : Verdict::Pass();
}

}  // namespace

Result<SuiteResult> RunParserSuite(const std::filesystem::path& directory) {
  MR_ASSIGN(std::vector<std::filesystem::path> files, CaseFiles(directory, ".jsonl"));
  SuiteResult result;
  for (const std::filesystem::path& file : files) {
    std::string name = file.filename().string();
    MR_ASSIGN(std::vector<Json> cases, ReadCases(file));
    RunIsolated(
        cases.size(), "parser",
        [&](size_t i) {
          return Verdicts{{"parser", RunCase(cases[i])}};
        },
        [&](size_t i, const Verdicts& verdicts) { result.Add(name, TextOf(cases[i], "id"), verdicts[0].second); });
  }
  return result;
}

}  // namespace millrace::conformance
