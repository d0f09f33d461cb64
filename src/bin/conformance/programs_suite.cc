// The suite of table programs.
#include "bin/conformance/programs_suite.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "bin/conformance/case_file.h"
#include "bin/conformance/isolate.h"
#include "bin/conformance/program_phase.h"

namespace millrace::conformance {
namespace {

using Json = nlohmann::json;

constexpr int kPhaseSeconds = 20;
constexpr int64_t kFirstStart = 1'700'006'400'000;  // a midnight, so that windows of processing time begin with the run
constexpr int64_t kDay = 86'400'000;
constexpr int64_t kBetweenPhases = 30 * kDay;  // Flink's stored savepoints are long past as well

std::vector<std::string> TextsOf(const Json& json, const char* key) {
  auto found = json.find(key);
  return found == json.end() || found->is_null() ? std::vector<std::string>() : found->get<std::vector<std::string>>();
}

Json ToJson(const std::map<std::string, SinkRows>& sinks) {
  Json json = Json::object();
  for (const auto& [name, rows] : sinks) {
    json[name] = Json::array();
    for (const SinkRow& row : rows) json[name].push_back({row.kind, row.fields, row.key});
  }
  return json;
}

std::map<std::string, SinkRows> FromJson(const Json& json) {
  std::map<std::string, SinkRows> sinks;
  for (const auto& [name, rows] : json.items()) {
    for (const Json& row : rows)
      sinks[name].push_back({row[0].get<std::string>(), row[1].get<std::string>(), row[2].get<std::string>()});
  }
  return sinks;
}

const Json* FindProgram(const Json& file, const std::string& uid) {
  for (const Json& program : file["programs"]) {
    if (TextOf(program, "uid") == uid) return &program;
  }
  return nullptr;
}

// How a program is run, by its harness.
struct Plan {
  std::string first_ddl;
  bool with_config = true;
  bool restores = false;
  bool second_open = false;
};

Plan PlanOf(const Json& program) {
  std::string harness = TextOf(program["mode"], "harness");
  std::string after = TextOf(program["mode"], "after_restore");
  if (harness == "query_operation_execution") return {"combined", false, false, false};
  if (harness == "restore" && after != "NO_RESTORE") return {"before_restore", true, true, after == "INFINITE"};
  return {"single_run", true, false, false};
}

Verdict CompareSink(const Json& sink, const SinkRows& rows, bool by_text) {
  std::vector<std::string> expected = TextsOf(sink, "consumed");
  bool materialized = TextOf(sink, "test_data") == "materialized";
  if (by_text) {  // the query-operation tests look at the strings instead
    materialized = true;
    for (const std::string& row : expected) materialized = materialized && row.starts_with("+I");
  }
  bool has_key = sink["primary_key"].is_array() && !sink["primary_key"].empty();
  std::vector<std::string> got = Sorted(materialized ? Materialized(rows, has_key) : Changelog(rows));
  expected = Sorted(std::move(expected));
  if (got == expected) return Verdict::Pass();
  std::vector<std::string> missing;
  std::vector<std::string> surplus;
  std::set_difference(expected.begin(), expected.end(), got.begin(), got.end(), std::back_inserter(missing));
  std::set_difference(got.begin(), got.end(), expected.begin(), expected.end(), std::back_inserter(surplus));
  return Verdict::Fail(fmt::format("{}: missing [{}], surplus [{}]", TextOf(sink, "name"), fmt::join(missing, "; "),
                                   fmt::join(surplus, "; ")));
}

Verdict CompareSinks(const Json& program, const std::map<std::string, SinkRows>& sinks) {
  bool by_text = TextOf(program["mode"], "harness") == "query_operation_execution";
  for (const Json& step : program["setup"]) {
    if (TextOf(step, "kind") != "sink") continue;
    auto found = sinks.find(TextOf(step, "name"));
    Verdict verdict = CompareSink(step, found == sinks.end() ? SinkRows() : found->second, by_text);
    if (verdict.kind != Verdict::Kind::kPass) return verdict;
  }
  return Verdict::Pass();
}

Result<Json> ReadOutcome(const std::filesystem::path& file, const std::string& phase, const std::string& ended) {
  if (!ended.empty()) return InternalError(fmt::format("{}: {}", phase, ended));
  MR_ASSIGN(Json outcome, ReadJson(file));
  if (outcome.contains("error"))
    return UserError(TextOf(outcome, "code"), fmt::format("{}: {}", phase, TextOf(outcome, "error")));
  return outcome;
}

// Runs both phases in `directory`. Rows of all sinks, those of the first phase first.
Result<std::map<std::string, SinkRows>> RunPhases(const std::filesystem::path& file, const Json& program,
                                                  const std::filesystem::path& directory) {
  Plan plan = PlanOf(program);
  std::filesystem::path first = directory / "first.json";
  std::string uid = TextOf(program, "uid");
  std::string ended = RunSelf({"--program-phase", "first", file.string(), uid, directory.string()}, kPhaseSeconds);
  MR_ASSIGN(Json outcome, ReadOutcome(first, plan.restores ? "before the restore" : "run", ended));
  std::map<std::string, SinkRows> sinks = FromJson(outcome["sinks"]);
  if (!plan.restores) return sinks;
  ended = RunSelf({"--program-phase", "second", file.string(), uid, directory.string()}, kPhaseSeconds);
  MR_ASSIGN(outcome, ReadOutcome(directory / "second.json", "after the restore", ended));
  for (auto& [name, rows] : FromJson(outcome["sinks"])) sinks[name].insert(sinks[name].end(), rows.begin(), rows.end());
  return sinks;
}

Verdict RunProgram(const std::filesystem::path& file, const Json& program, const std::filesystem::path& scratch) {
  std::filesystem::path directory = scratch / TextOf(program, "uid");
  std::error_code code;
  std::filesystem::create_directories(directory, code);
  auto sinks = RunPhases(file, program, directory);
  std::filesystem::remove_all(directory, code);
  if (sinks.ok()) return CompareSinks(program, *sinks);
  bool unsupported = sinks.error().code.ends_with(".unsupported");
  return unsupported ? Verdict::Unsupported(sinks.error().ToString()) : Verdict::Fail(sinks.error().ToString());
}

// The options of a phase.
Result<PhaseOptions> OptionsOf(const Json& program, bool second, const std::filesystem::path& directory) {
  Plan plan = PlanOf(program);
  PhaseOptions options;
  options.ddl = second ? "after_restore" : plan.first_ddl;
  options.with_config = plan.with_config;
  options.open_ended = second ? plan.second_open : plan.restores;
  options.take_snapshot = !second && plan.restores;
  options.start_millis = kFirstStart;
  for (const Json& step : program["setup"]) {
    if (TextOf(step, "kind") != "sink") continue;
    options.expected[TextOf(step, "name")] = TextsOf(step, second ? "consumed" : "consumed_before_restore");
  }
  if (!second) return options;
  MR_ASSIGN(Json first, ReadJson(directory / "first.json"));
  options.earlier = FromJson(first["sinks"]);
  options.start_millis = (first["end_millis"].get<int64_t>() / kDay + 1) * kDay + kBetweenPhases;
  return options;
}

Result<Json> RunOnePhase(const std::filesystem::path& file, const std::string& uid, bool second,
                         const std::filesystem::path& directory) {
  MR_ASSIGN(Json all, ReadJson(file));
  const Json* program = FindProgram(all, uid);
  if (program == nullptr) return InternalError("no such program");
  MR_ASSIGN(PhaseOptions options, OptionsOf(*program, second, directory));
  state::JobSnapshot restored;
  std::string snapshot = (directory / "snapshot").string();
  if (second) {
    MR_ASSIGN(restored, state::JobSnapshot::ReadFrom(snapshot));
    options.restore = &restored;
  }
  MR_ASSIGN(PhaseResult result, RunPhase(*program, options));
  if (options.take_snapshot) MR_RETURN_IF_ERROR(result.snapshot.WriteTo(snapshot));
  return Json{{"sinks", ToJson(result.sinks)}, {"end_millis", result.end_millis}};
}

}  // namespace

int RunProgramPhase(const std::vector<std::string>& arguments) {
  if (arguments.size() != 4) return 2;
  bool second = arguments[0] == "second";
  std::filesystem::path directory = arguments[3];
  Result<Json> outcome = RunOnePhase(arguments[1], arguments[2], second, directory);
  Json json = outcome.ok() ? *outcome : Json{{"error", outcome.error().ToString()}, {"code", outcome.error().code}};
  std::ofstream stream(directory / (second ? "second.json" : "first.json"));
  stream << json.dump(-1, ' ', false, Json::error_handler_t::replace);
  return 0;
}

Result<SuiteResult> RunProgramsSuite(const std::filesystem::path& directory) {
  MR_ASSIGN(std::vector<std::filesystem::path> files, CaseFiles(directory, ".json"));
  std::string scratch = (std::filesystem::temp_directory_path() / "millrace_conformance_XXXXXX").string();
  if (mkdtemp(scratch.data()) == nullptr)
    return ExternalError("conformance.directory", "cannot make a temporary directory");
  SuiteResult result;
  for (const std::filesystem::path& file : files) {
    MR_ASSIGN(Json all, ReadJson(file));
    if (!all.contains("programs")) continue;
    std::string name = file.filename().string();
    fmt::print(stderr, "table-programs: {}\n", name);
    for (const Json& program : all["programs"]) {
      if (!program["flags"].value("plain_sql", false) || !program["execute"]["sql"].is_array()) continue;
      result.Add(name, TextOf(program, "uid"), RunProgram(std::filesystem::absolute(file), program, scratch));
    }
  }
  std::error_code ignored;
  std::filesystem::remove_all(scratch, ignored);
  return result;
}

}  // namespace millrace::conformance
