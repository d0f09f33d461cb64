// millrace_conformance: runs Flink's own test cases, stored as data, against the engine.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "bin/conformance/flink_test_functions.h"
#include "bin/conformance/functions_suite.h"
#include "bin/conformance/parser_suite.h"
#include "bin/conformance/planner_suite.h"
#include "bin/conformance/programs_suite.h"
#include "bin/conformance/suite_result.h"

namespace millrace::conformance {
namespace {

constexpr int kExitDone = 0;
constexpr int kExitUsage = 2;
constexpr int kExitFailed = 1;

constexpr const char* kUsage =
    "usage: millrace_conformance DIR [--suite functions|parser|planner|table-programs] [--json FILE] [--quiet]\n"
    "Runs the cases in DIR (a folder like functions/, parser-sql/, or their parent) and prints pass, fail and\n"
    "unsupported per suite, then the failures. --suite may be repeated; without it all suites that DIR has are run.\n"
    "  --json FILE   also writes the counts and every failure as JSON\n"
    "  --quiet       counts only\n"
    "Exit codes: 0 all suites ran (whatever their result), 1 a suite could not be read, 2 wrong usage.\n";

struct Options {
  std::filesystem::path directory;
  std::vector<std::string> suites;
  std::string json_file;
  bool quiet = false;
};

struct Suite {
  const char* name;
  const char* folder;  // in the directory of all data
  Result<SuiteResults> (*run)(const std::filesystem::path& directory);
};

template <Result<SuiteResult> (*kRun)(const std::filesystem::path&)>
Result<SuiteResults> One(const char* name, const std::filesystem::path& directory) {
  MR_ASSIGN(SuiteResult result, kRun(directory));
  SuiteResults results;
  results.emplace_back(name, std::move(result));
  return results;
}

constexpr Suite kSuites[] = {
    {"functions", "functions/cases",
     [](const std::filesystem::path& d) { return One<RunFunctionsSuite>("functions", d); }},
    {"parser", "parser-sql", [](const std::filesystem::path& d) { return One<RunParserSuite>("parser", d); }},
    {"planner", "planner-sql", RunPlannerSuite},
    {"table-programs", "table-programs",
     [](const std::filesystem::path& d) { return One<RunProgramsSuite>("table-programs", d); }},
};

std::optional<Options> ParseArguments(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    std::string argument = argv[i];
    bool has_value = i + 1 < argc;
    if (argument == "--quiet") {
      options.quiet = true;
    } else if (argument == "--suite" && has_value) {
      options.suites.emplace_back(argv[++i]);
    } else if (argument == "--json" && has_value) {
      options.json_file = argv[++i];
    } else if (!argument.starts_with("-") && options.directory.empty()) {
      options.directory = argument;
    } else {
      return std::nullopt;
    }
  }
  if (options.directory.empty()) return std::nullopt;
  for (const std::string& name : options.suites) {
    bool known = false;
    for (const Suite& suite : kSuites) known = known || name == suite.name;
    if (!known) return std::nullopt;
  }
  return options;
}

// Where a suite's cases lie: below DIR, or DIR itself when it is that suite's folder; empty when there are none.
std::filesystem::path FolderOf(const Suite& suite, const std::filesystem::path& directory) {
  std::error_code ignored;
  std::filesystem::path folder(suite.folder);
  for (const auto& candidate : {directory / folder, directory / folder.filename()}) {
    if (std::filesystem::is_directory(candidate, ignored)) return candidate;
  }
  std::filesystem::path name = std::filesystem::absolute(directory, ignored).lexically_normal();
  if (!name.has_filename()) name = name.parent_path();
  return name.filename() == folder.filename() ? directory : std::filesystem::path();
}

void Print(const SuiteResults& results, bool quiet) {
  for (const auto& [name, result] : results) {
    for (const SuiteFailure& failure : result.failures) {
      if (!quiet) fmt::print("{} {}: {}\n", name, failure.id, failure.why);
    }
  }
  for (const auto& [name, result] : results) {
    auto line = [](const std::string& label, const SuiteCount& count) {
      fmt::print("{:<50} {:>5} pass {:>5} fail {:>5} unsupported  {:5.1f} %\n", label, count.pass, count.fail,
                 count.unsupported, count.total() == 0 ? 0.0 : 100.0 * count.pass / count.total());
    };
    if (result.per_file.size() > 1) {
      for (const auto& [file, count] : result.per_file) line("  " + file, count);
    }
    line(name, result.count);
  }
}

void WriteJson(const SuiteResults& results, const std::string& file) {
  nlohmann::json suites = nlohmann::json::object();
  nlohmann::json failures = nlohmann::json::array();
  for (const auto& [name, result] : results) {
    suites[name] = {
        {"pass", result.count.pass}, {"fail", result.count.fail}, {"unsupported", result.count.unsupported}};
    for (const SuiteFailure& failure : result.failures) {
      failures.push_back({{"suite", name}, {"id", failure.id}, {"why", failure.why}});
    }
  }
  std::ofstream stream(file);
  stream << nlohmann::json{{"suites", suites}, {"failures", failures}}.dump(1, ' ', false,
                                                                            nlohmann::json::error_handler_t::replace)
         << "\n";
}

int Run(const Options& options) {
  SuiteResults all;
  bool failed = false;
  for (const Suite& suite : kSuites) {
    bool named = std::find(options.suites.begin(), options.suites.end(), suite.name) != options.suites.end();
    if (!options.suites.empty() && !named) continue;
    std::filesystem::path folder = FolderOf(suite, options.directory);
    if (folder.empty()) {
      fmt::print(stderr, "{} has no cases of the suite {}\n", options.directory.string(), suite.name);
      failed = failed || named;
      continue;
    }
    Result<SuiteResults> results = suite.run(folder);
    if (!results.ok()) {
      fmt::print(stderr, "{}\n", results.error().ToString());
      failed = true;
      continue;
    }
    for (auto& result : *results) all.push_back(std::move(result));
  }
  Print(all, options.quiet);
  if (!options.json_file.empty()) WriteJson(all, options.json_file);
  return failed || all.empty() ? kExitFailed : kExitDone;
}

}  // namespace
}  // namespace millrace::conformance

int main(int argc, char** argv) {
  if (argc > 1 &&
      std::string_view(argv[1]) == "--program-phase") {  // a process that the suite of table programs starts
    return millrace::conformance::RunProgramPhase({argv + 2, argv + argc});
  }
  std::optional<millrace::conformance::Options> options = millrace::conformance::ParseArguments(argc, argv);
  if (!options) {
    fmt::print(stderr, "{}", millrace::conformance::kUsage);
    return millrace::conformance::kExitUsage;
  }
  millrace::functions::SetExtraFunctions(&millrace::conformance::FlinkTestFunctions());
  return millrace::conformance::Run(*options);
}
