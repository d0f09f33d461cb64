// The functions suite.
#include "bin/conformance/functions_suite.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "bin/conformance/case_file.h"
#include "bin/conformance/case_value.h"
#include "bin/conformance/isolate.h"
#include "engine/connectors/values/values_store.h"
#include "engine/session/session.h"
#include "types/cast.h"
#include "types/date_time_text.h"

namespace millrace::conformance {
namespace {

using Json = nlohmann::json;

// The first column of what a query gave, and whether its job had started.
class FirstColumn : public engine::ResultListener {
 public:
  Status OnSchema(const Schema& schema, bool) override {
    type = schema[0].type;
    return Status::Ok();
  }
  Status OnRows(const Chunk& chunk) override {
    chunk.rows().ForEach([&](int32_t row) { values.push_back(chunk.columns[0]->GetValue(row)); });
    return Status::Ok();
  }
  void OnJobStart(runtime::Job&) override { started = true; }

  DataType type;
  std::vector<Value> values;
  bool started = false;
};

void ReplaceAll(std::string& text, std::string_view from, const std::string& to) {
  for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

// {{now:PATTERN}} as the wall clock of the session's zone.
std::string FillNow(std::string sql, const TimeZone* zone) {
  if (sql.find("{{now:") == std::string::npos) return sql;
  int64_t millis = zone->UtcToLocal(Clock::System()->NowMillis());
  std::string now;
  AppendTimestamp(&now, Timestamp{millis / 1000 * 1000, 0, 0}, 0);
  ReplaceAll(sql, "{{now:yyyy-MM-dd HH:mm:ss}}", now);
  ReplaceAll(sql, "{{now:yyyy-MM-dd}}", now.substr(0, 10));
  ReplaceAll(sql, "{{now:HH:mm:ss}}", now.substr(11));
  return sql;
}

Result<std::string> MakeOneRowTable(const Json& test, engine::Session& session) {
  std::string name = TextOf(test, "table").empty() ? "t" : TextOf(test, "table");
  auto table = std::make_shared<catalog::Table>();
  MR_ASSIGN(table->name, session.catalogs().Qualify({name}));
  std::string data_id = TextOf(test, "id");
  table->options = {{"connector", "values"}, {"data-id", data_id}, {"bounded", "true"}};
  connectors::ValuesRow row;
  for (const Json& field : test["fields"]) {
    catalog::TableColumn column;
    column.name = TextOf(field, "name");
    MR_ASSIGN(column.type, TypeFromText(TextOf(field, "type")));
    MR_ASSIGN(Value value, ValueFromJson(field["value"], column.type));
    table->columns.push_back(std::move(column));
    row.values.push_back(std::move(value));
  }
  connectors::ValuesStore::Get().Clear();
  connectors::ValuesStore::Get().Register(data_id, {row});
  MR_RETURN_IF_ERROR(session.catalogs().CreateTable(table, false));
  return name;
}

Verdict CompareError(const Json& expected, const Status& status, const FirstColumn& result) {
  if (status.ok()) {
    return Verdict::Fail(
        fmt::format("no error in {}; expected {}", TextOf(expected, "phase"), expected["message"].dump()));
  }
  std::string phase = result.started ? "runtime" : "validation";
  if (!expected.value("phase_exact", true) || phase == TextOf(expected, "phase")) return Verdict::Pass();
  return Verdict::Fail(
      fmt::format("error in {}, expected in {}: {}", phase, TextOf(expected, "phase"), status.error().ToString()));
}

Verdict CompareText(const Json& expected, const FirstColumn& result, const TimeZone* zone) {
  std::string got = ToText(result.values[0], result.type, zone);
  std::string wanted = TextOf(expected, "value");
  if (got == wanted || (expected.contains("jdk19_value") && got == TextOf(expected, "jdk19_value")))
    return Verdict::Pass();
  return Verdict::Fail(fmt::format("'{}', expected '{}'", got, wanted));
}

Verdict CompareTyped(const Json& expected, const FirstColumn& result, const TimeZone* zone) {
  std::string wanted = TextOf(expected, "type");
  if (result.type.ToString() != wanted)
    return Verdict::Fail(fmt::format("type {}, expected {}", result.type.ToString(), wanted));
  if (TextOf(expected, "kind") == "type") return Verdict::Pass();
  Result<Value> value = ValueFromJson(expected["value"], result.type);
  if (!value.ok()) return Verdict::Unsupported(value.error().ToString());
  if (SameValue(result.values[0], *value, result.type)) return Verdict::Pass();
  return Verdict::Fail(fmt::format("value {}, expected {}", ToText(result.values[0], result.type, zone),
                                   ToText(*value, result.type, zone)));
}

Verdict Compare(const Json& expected, const Status& status, const FirstColumn& result, const TimeZone* zone) {
  std::string kind = TextOf(expected, "kind");
  if (!status.ok() && status.error().code.ends_with(".unsupported"))
    return Verdict::Unsupported(status.error().ToString());
  if (kind == "error") return CompareError(expected, status, result);
  if (!status.ok()) return Verdict::Fail(status.error().ToString());
  if (result.values.size() != 1) return Verdict::Fail(fmt::format("{} rows, expected one", result.values.size()));
  if (kind == "string") return CompareText(expected, result, zone);
  if (kind == "value" || kind == "type") return CompareTyped(expected, result, zone);
  if (kind == "none") return Verdict::Pass();
  return Verdict::Unsupported("an expectation of kind " + kind);
}

Verdict RunCase(const Json& test) {
  if (test.contains("udfs") && !test["udfs"].empty()) return Verdict::Unsupported("calls user functions of Java");
  engine::SessionOptions options;
  options.threads = 0;
  engine::Session session(options);
  for (const auto& [key, value] : test["config"].items()) {
    if (Status set = session.SetOption(key, value.get<std::string>()); !set.ok())
      return Verdict::Unsupported(set.error().ToString());
  }
  if (Status set = session.SetOption("table.local-time-zone", TextOf(test, "session_time_zone")); !set.ok()) {
    return Verdict::Unsupported(set.error().ToString());
  }
  std::string sql = "SELECT " + FillNow(TextOf(test, "sql"), session.zone());
  if (!test["fields"].empty()) {
    Result<std::string> table = MakeOneRowTable(test, session);
    if (!table.ok()) return Verdict::Unsupported(table.error().ToString());
    sql += " FROM " + *table;
  }
  FirstColumn result;
  Status status = session.Execute(sql, result);
  const Json& expected = test.contains("expected_in_query") ? test["expected_in_query"] : test["expected"];
  Verdict verdict = Compare(expected, status, result, session.zone());
  if (verdict.kind != Verdict::Kind::kPass) verdict.why = sql + ": " + verdict.why;
  return verdict;
}

}  // namespace

Result<SuiteResult> RunFunctionsSuite(const std::filesystem::path& directory) {
  MR_ASSIGN(std::vector<std::filesystem::path> files, CaseFiles(directory, ".jsonl"));
  SuiteResult result;
  for (const std::filesystem::path& file : files) {
    std::string name = file.filename().string();
    fmt::print(stderr, "functions: {}\n", name);
    MR_ASSIGN(std::vector<Json> cases, ReadCases(file));
    RunIsolated(
        cases.size(), "functions",
        [&](size_t i) {
          return Verdicts{{"functions", RunCase(cases[i])}};
        },
        [&](size_t i, const Verdicts& verdicts) { result.Add(name, TextOf(cases[i], "id"), verdicts[0].second); });
  }
  return result;
}

}  // namespace millrace::conformance
