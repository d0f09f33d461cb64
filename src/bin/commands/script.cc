#include "bin/commands/script.h"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <thread>

#include "base/random.h"
#include "engine/sql/parser.h"

namespace millrace::bin {

void AddScriptOptions(CLI::App& command, ScriptOptions& options) {
  command.add_option("file", options.file, "SQL script ('-' reads standard input)");
  command.add_option("-e,--execute", options.text, "SQL text instead of a file");
  command.add_option("-p,--parallelism", options.parallelism, "default parallelism of jobs (cores of this machine)");
  command.add_option("--threads", options.threads, "worker threads (cores of this machine)");
  command.add_option("--chunk-rows", options.chunk_rows, "rows per chunk; results do not depend on it")->group("");
  command.add_option("-D", options.settings, "a setting before the script, as key=value; may be repeated")
      ->allow_extra_args(false);
}

Result<std::string> ReadScript(const ScriptOptions& options) {
  if (!options.text.empty() && !options.file.empty()) return UserError("usage", "give either a file or -e, not both");
  if (!options.text.empty()) return options.text;
  if (options.file.empty()) return UserError("usage", "no SQL was given", "name a file, or write -e \"SELECT 1\"");
  if (options.file == "-") return std::string(std::istreambuf_iterator<char>(std::cin), {});
  std::ifstream in(options.file, std::ios::binary);
  if (!in) return UserError("file.not_found", fmt::format("the file '{}' cannot be read", options.file));
  return std::string(std::istreambuf_iterator<char>(in), {});
}

Result<std::unique_ptr<engine::Session>> MakeSession(const ScriptOptions& options) {
  auto cores = static_cast<int32_t>(std::max(1U, std::thread::hardware_concurrency()));
  engine::SessionOptions session;
  session.parallelism = options.parallelism > 0 ? options.parallelism : cores;
  session.threads = options.threads > 0 ? options.threads : cores;
  if (options.chunk_rows > 0) session.chunk_rows = options.chunk_rows;
  session.seed = Random::EntropySeed();
  auto made = std::make_unique<engine::Session>(std::move(session));
  for (const std::string& setting : options.settings) {
    size_t equals = setting.find('=');
    if (equals == std::string::npos) return UserError("usage", fmt::format("-D takes key=value, not '{}'", setting));
    MR_RETURN_IF_ERROR(made->SetOption(setting.substr(0, equals), setting.substr(equals + 1)));
  }
  return made;
}

void PrintError(const Error& error, const std::string& script, const std::string& file) {
  bool colour = isatty(STDERR_FILENO) != 0;
  const char* red = colour ? "\033[1;31m" : "";
  const char* off = colour ? "\033[0m" : "";
  std::string place;
  if (error.range.Known())
    place = fmt::format("{}:{}:{}: ", file.empty() ? "statement" : file, error.range.line, error.range.column);
  std::string text = error.range.Known() ? sql::FormatErrorWithCaret(error, script) : error.message;
  std::string line = fmt::format("{}error:{} {}{}\n", red, off, place, text);
  if (!error.hint.empty()) line += fmt::format("  hint: {}\n", error.hint);
  line += fmt::format("  code: {}\n", error.code);
  std::fputs(line.c_str(), stderr);
}

}  // namespace millrace::bin
