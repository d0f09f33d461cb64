// millrace functions: the reference of the built-in functions.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "bin/commands/command_line.h"
#include "bin/commands/commands.h"
#include "bin/commands/row_writer.h"
#include "engine/functions/aggregate_function.h"
#include "engine/functions/scalar_function.h"

namespace millrace::bin {
namespace {

struct Entry {
  std::string name, kind, signature, doc, example, result;
};

std::vector<Entry> Entries() {
  std::vector<Entry> entries;
  for (const auto* f : functions::AllScalarFunctions()) {
    entries.push_back({std::string(f->name), "scalar", std::string(f->signature), std::string(f->doc),
                       std::string(f->example), std::string(f->example_result)});
  }
  for (const auto* f : functions::AllAggregateFunctions()) {
    entries.push_back({std::string(f->name), "aggregate", std::string(f->signature), std::string(f->doc),
                       std::string(f->example), std::string(f->example_result)});
  }
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.name < b.name; });
  return entries;
}

void Print(const Entry& e, bool json) {
  std::string text;
  if (json) {
    text = fmt::format("{{\"name\":{},\"kind\":{},\"signature\":{},\"doc\":{},\"example\":{},\"result\":{}}}\n",
                       JsonQuote(e.name), JsonQuote(e.kind), JsonQuote(e.signature), JsonQuote(e.doc),
                       JsonQuote(e.example), JsonQuote(e.result));
  } else {
    text = fmt::format("{}\n    {}\n", e.signature.empty() ? e.name : e.signature, e.doc);
    if (!e.example.empty()) text += fmt::format("    {} → {}\n", e.example, e.result);
  }
  std::fputs(text.c_str(), stdout);
}

}  // namespace

void AddFunctions(Command& program) {
  struct Options {
    std::string filter;
    bool json = false;
  };
  auto options = std::make_shared<Options>();
  Command command =
      program.Add("functions",
                  "List the built-in functions with signature and example.\n\n  millrace functions SPLIT_INDEX\n\n"
                  "Exit codes: 0 done, 2 wrong usage.");
  command.Option("name", &options->filter, "only functions whose name contains this");
  command.Flag("--json", options->json, "one JSON object a function");
  command.OnRun([options] {
    std::string filter = options->filter;
    for (char& c : filter) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    for (const Entry& entry : Entries()) {
      if (entry.name.find(filter) != std::string::npos) Print(entry, options->json);
    }
    return 0;
  });
}

}  // namespace millrace::bin
