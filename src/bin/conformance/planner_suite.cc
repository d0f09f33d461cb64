// The planner suite.
#include "bin/conformance/planner_suite.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "bin/conformance/case_file.h"
#include "bin/conformance/isolate.h"
#include "bin/conformance/plan_modes.h"
#include "bin/conformance/plan_text.h"
#include "engine/session/session.h"
#include "engine/sql/parser.h"

namespace millrace::conformance {
namespace {

using Json = nlohmann::json;

// Not there yet, or a user function of Java that cannot run here.
bool IsUnsupported(const Error& error) { return error.code.ends_with(".unsupported") || error.code == "function.user"; }

bool HasItems(const Json& test, const char* key) {
  auto found = test.find(key);
  return found != test.end() && !found->is_null() && !found->empty();
}

std::vector<std::string> StatementsOf(const Json& test) {
  if (!TextOf(test, "sql").empty()) return {TextOf(test, "sql")};
  std::vector<std::string> statements;
  if (HasItems(test, "statements")) statements = test["statements"].get<std::vector<std::string>>();
  return statements;
}

// Flink's connector of this name exists in its tests only; `values` stands in for it. executeSql() takes a statement
// with its semicolon.
std::string WithStandIns(std::string ddl) {
  while (!ddl.empty() && (ddl.back() == ';' || std::isspace(static_cast<unsigned char>(ddl.back())) != 0))
    ddl.pop_back();
  for (auto [from, to] : {std::pair("'COLLECTION'", "'values'"), std::pair("'is-bounded'", "'bounded'")}) {
    size_t at = ddl.find(from);
    if (at != std::string::npos && (from[1] != 'i' || ddl.find("'values'") != std::string::npos)) {
      ddl.replace(at, std::string_view(from).size(), to);
    }
  }
  return ddl;
}

// The names of the tables that Flink's test registers as legacy upsert sinks: they take updates without -U.
std::set<std::string> UpsertSinks(const Json& test) {
  std::set<std::string> names;
  if (!HasItems(test, "table_info")) return names;
  for (const Json& info : test["table_info"]) {
    if (info.is_object() && TextOf(info, "sink_kind") == "upsert") names.insert(TextOf(info, "name"));
  }
  return names;
}

bool HasViewOfTable(const Json& test) {
  if (!HasItems(test, "table_info")) return false;
  return std::any_of(test["table_info"].begin(), test["table_info"].end(), [](const Json& info) {
    return info.is_object() && TextOf(info, "origin") == "createTemporaryView";
  });
}

std::string AsUpsertSink(std::string ddl, const std::set<std::string>& upsert_sinks) {
  constexpr std::string_view kAnyChange = "'sink-insert-only' = 'false'";
  size_t option = ddl.find(kAnyChange);
  for (const std::string& name : upsert_sinks) {
    if (option == std::string::npos || !ddl.starts_with(fmt::format("CREATE TABLE `{}`", name))) continue;
    return ddl.replace(option, kAnyChange.size(), "'sink-changelog-mode-enforced' = 'I,UA,D'");
  }
  return ddl;
}

// The case's user functions, by their classes. One that the runner has no double of is refused when it is called.
Status DeclareFunctions(const Json& test, engine::Session& session) {
  if (!HasItems(test, "functions")) return Status::Ok();
  engine::ResultListener ignore;
  for (const Json& function : test["functions"]) {
    MR_RETURN_IF_ERROR(session.Execute(
        fmt::format("CREATE TEMPORARY SYSTEM FUNCTION {} AS '{}'", TextOf(function, "name"), TextOf(function, "class")),
        ignore));
  }
  return Status::Ok();
}

// Options, functions and tables of the case.
Status SetUp(const Json& test, engine::Session& session) {
  if (HasItems(test, "config")) {
    for (const auto& [key, value] : test["config"].items()) {
      MR_RETURN_IF_ERROR(session.SetOption(key, value.is_string() ? value.get<std::string>() : value.dump()));
    }
  }
  MR_RETURN_IF_ERROR(DeclareFunctions(test, session));
  if (!HasItems(test, "tables")) return Status::Ok();
  // Flink's test makes its views of Table objects, whose trees are shared by all that read them.
  constexpr const char* kShareParts = "table.optimizer.reuse-optimize-block-with-digest-enabled";
  if (HasViewOfTable(test)) MR_RETURN_IF_ERROR(session.SetOption(kShareParts, "true"));
  engine::ResultListener ignore;
  std::set<std::string> upsert_sinks = UpsertSinks(test);
  for (const Json& table : test["tables"]) {
    std::string ddl = AsUpsertSink(WithStandIns(table.get<std::string>()), upsert_sinks);
    Status status = session.Execute(ddl, ignore);
    if (!status.ok()) {
      Error error = status.error();
      error.message = fmt::format("{} (in {:.60})", error.message, ddl);
      return error;
    }
  }
  return Status::Ok();
}

Result<std::vector<sql::RelationPtr>> BindAll(const std::vector<std::string>& statements, engine::Session& session) {
  std::vector<sql::RelationPtr> roots;
  for (const std::string& text : statements) {
    MR_ASSIGN(sql::StatementPtr statement, sql::ParseStatement(text));
    MR_RETURN_IF_ERROR(sql::ValidateStatement(*statement));
    bool has_plan = sql::As<sql::QueryStatement>(*statement) != nullptr || sql::As<sql::Insert>(*statement) != nullptr;
    if (!has_plan) {  // DDL and the like: what it does is all that can be checked
      engine::ResultListener ignore;
      MR_RETURN_IF_ERROR(session.Execute(WithStandIns(text), ignore));
      continue;
    }
    MR_ASSIGN(sql::RelationPtr root, session.Bind(*statement, text));
    roots.push_back(std::move(root));
  }
  return roots;
}

Verdict RefusedVerdict(const Error& error) {
  return IsUnsupported(error) ? Verdict::Unsupported(error.ToString()) : Verdict::Fail(error.ToString());
}

// Columns of a scan: what the source gives. Where Flink's table has native time attributes or is a legacy one, its scan
// gives computed columns too.
std::optional<std::vector<std::string>> ScanColumns(const PlanNode& scan, const Json& test, engine::Session& session) {
  std::string name = ScannedTable(scan);
  catalog::TablePtr table = session.catalogs().FindTable(std::vector<std::string>{name});
  if (table == nullptr || table->is_view) return std::nullopt;
  bool all = false;
  if (HasItems(test, "table_info")) {
    for (const Json& info : test["table_info"]) {
      if (info.is_object() && TextOf(info, "name") == name)
        all = FlagOf(info, "native_time") || FlagOf(info, "legacy_source");
    }
  }
  std::vector<std::string> names;
  for (const catalog::TableColumn& column : table->columns) {
    if (all || column.kind != catalog::ColumnKind::kComputed) names.push_back(column.name);
  }
  return names;
}

// A legacy sink names its columns as its table does, others as the query does.
std::vector<std::string> NamesOf(const sql::Relation& root, const PlanNode& expected) {
  bool of_query = root.As<sql::SinkRelation>() != nullptr && expected.name != "LogicalLegacySink";
  const sql::Relation& rows = of_query ? *root.inputs[0] : root;
  std::vector<std::string> names;
  for (const Field& field : rows.schema.fields) names.push_back(field.name);
  return names;
}

Verdict CompareNames(const Json& test, const std::vector<sql::RelationPtr>& roots, engine::Session& session) {
  std::vector<PlanNode> expected = ParsePlan(TextOf(test, "ast"));
  if (expected.size() != roots.size()) {
    return Verdict::Unsupported(
        fmt::format("the stored plan has {} roots for {} statements", expected.size(), roots.size()));
  }
  for (size_t i = 0; i < roots.size(); ++i) {
    auto names = ColumnNames(expected[i], [&](const PlanNode& scan) { return ScanColumns(scan, test, session); });
    if (!names) return Verdict::Unsupported("the stored plan does not name its columns");
    std::vector<std::string> ours = NamesOf(*roots[i], expected[i]);
    if (*names == ours) continue;
    return Verdict::Fail(fmt::format("columns [{}], expected [{}]", fmt::join(ours, ", "), fmt::join(*names, ", ")));
  }
  return Verdict::Pass();
}

Verdict CheckBind(const Json& test) {
  std::vector<std::string> statements = StatementsOf(test);
  if (statements.empty()) return Verdict::Unsupported("a Table API program without SQL text");
  engine::Session session({});
  if (Status ready = SetUp(test, session); !ready.ok()) return RefusedVerdict(ready.error());
  auto roots = BindAll(statements, session);
  if (!roots.ok()) return RefusedVerdict(roots.error());
  return CompareNames(test, *roots, session);
}

// Plans as EXPLAIN CHANGELOG_MODE does.
Result<std::string> PlanWithModes(const Json& test, engine::Session& session) {
  MR_RETURN_IF_ERROR(SetUp(test, session));
  MR_ASSIGN(std::vector<sql::RelationPtr> roots, BindAll(StatementsOf(test), session));
  MR_ASSIGN(plan::PhysicalPlan plan, session.PlanRoots(roots, engine::Session::PlanFor::kExplain));
  return plan::ExplainPhysical(plan, true);
}

Verdict CheckChangelog(const Json& test) {
  if (StatementsOf(test).empty()) return Verdict::Unsupported("a Table API program without SQL text");
  engine::Session session({});
  // Flink's test stops before the operators are made, which is where Flink asks for the size of mini-batches.
  if (Status set = session.SetOption("table.exec.mini-batch.size", "1000"); !set.ok())
    return Verdict::Fail(set.error().ToString());
  Result<std::string> plan = PlanWithModes(test, session);
  if (!plan.ok()) return RefusedVerdict(plan.error());
  std::optional<std::string> difference = CompareModes(*plan, TextOf(test, "changelog_plan"));
  return difference ? Verdict::Fail(*difference) : Verdict::Pass();
}

// Refused means: for a reason, not because we cannot do it yet.
Verdict CheckNegative(const Json& test) {
  engine::Session session({});
  Result<std::string> plan = PlanWithModes(test, session);
  std::string expected =
      HasItems(test, "expected_messages") ? test["expected_messages"][0].get<std::string>() : std::string();
  if (plan.ok()) return Verdict::Fail(fmt::format("planned, should be refused: {:.200}", expected));
  if (IsUnsupported(plan.error()))
    return Verdict::Unsupported(fmt::format("{}; Flink: {:.200}", plan.error().ToString(), expected));
  return Verdict::Pass();
}

Verdicts RunCase(const Json& test, bool negative) {
  if (negative) return {{"planner.negative", CheckNegative(test)}};
  Verdicts verdicts{{"planner.bind", CheckBind(test)}};
  if (!TextOf(test, "changelog_plan").empty()) verdicts.emplace_back("planner.changelog", CheckChangelog(test));
  return verdicts;
}

}  // namespace

Result<SuiteResults> RunPlannerSuite(const std::filesystem::path& directory) {
  MR_ASSIGN(std::vector<std::filesystem::path> files, CaseFiles(directory, ".jsonl"));
  std::map<std::string, SuiteResult> parts;
  SuiteResult sum;
  for (const std::filesystem::path& file : files) {
    std::string name = file.filename().string();
    fmt::print(stderr, "planner: {}\n", name);
    MR_ASSIGN(std::vector<Json> cases, ReadCases(file));
    std::erase_if(cases, [](const Json& test) { return !FlagOf(test, "stream"); });
    bool negative = name == "negative.jsonl";
    RunIsolated(
        cases.size(), negative ? "planner.negative" : "planner.bind",
        [&](size_t i) { return RunCase(cases[i], negative); },
        [&](size_t i, const Verdicts& verdicts) {
          for (const auto& [part, verdict] : verdicts) {
            parts[part].Add(name, TextOf(cases[i], "id"), verdict);
            sum.Count(verdict);
          }
        });
  }
  SuiteResults results;
  for (const char* part : {"planner.bind", "planner.negative", "planner.changelog"})
    results.emplace_back(part, std::move(parts[part]));
  results.emplace_back("planner", std::move(sum));
  return results;
}

}  // namespace millrace::conformance
