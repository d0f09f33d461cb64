// millrace_conformance DIRECTORY: runs the parser suite over DIRECTORY/parser-sql and prints pass, fail and unsupported
// per file, then the failures.
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>

#include "bin/conformance/parser_suite.h"

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: millrace_conformance DIRECTORY [--quiet]\n");
    return 2;
  }
  std::filesystem::path directory = argv[1];
  if (std::filesystem::exists(directory / "parser-sql")) directory /= "parser-sql";
  millrace::Result<millrace::conformance::SuiteResult> result = millrace::conformance::RunParserSuite(directory);
  if (!result.ok()) {
    fmt::print(stderr, "{}\n", result.error().ToString());
    return 2;
  }
  bool quiet = argc > 2 && std::string_view(argv[2]) == "--quiet";
  if (!quiet) {
    for (const auto& failure : result->failures) fmt::print("{}: {}\n", failure.id, failure.why);
  }
  for (const auto& [file, count] : result->per_file) {
    fmt::print("{:<45} {:>5} pass {:>4} fail {:>4} unsupported  {:.1f} %\n", file, count.pass, count.fail,
               count.unsupported, count.total() == 0 ? 0.0 : 100.0 * count.pass / count.total());
  }
  fmt::print("parser: {} pass, {} fail, {} unsupported\n", result->count.pass, result->count.fail,
             result->count.unsupported);
  return 0;
}
