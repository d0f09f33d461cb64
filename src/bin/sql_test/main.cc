// millrace_sql_test: runs the `.test` files of tests/sql (docs/sql_tests.md). Ends with "N passed, N failed".
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <map>

#include "bin/commands/command_line.h"
#include "bin/sql_test/test_file.h"
#include "bin/sql_test/test_job.h"

namespace millrace::sql_test {
namespace {

constexpr unsigned kFileSeconds = 60;

std::vector<Mode> AllModes() {
  return {{"plain", 1, kDefaultChunkRows, Mode::Restore::kNone},
          {"chunk1", 1, 1, Mode::Restore::kNone},
          {"parallel2", 2, kDefaultChunkRows, Mode::Restore::kNone},
          {"parallel3", 3, kDefaultChunkRows, Mode::Restore::kNone},
          {"restore", 1, kDefaultChunkRows, Mode::Restore::kSame},
          {"rescale", 1, kDefaultChunkRows, Mode::Restore::kRescale}};
}

// The rows that are left after all changes, each with its number of times; in the order of their arrival.
std::vector<std::string> FinalTable(const std::vector<std::string>& rows) {
  std::vector<std::string> left;
  for (const std::string& row : rows) {
    std::string fields = row.substr(2);
    if (row[0] == '+') {
      left.push_back(fields);
    } else if (auto found = std::find(left.rbegin(), left.rend(), fields); found != left.rend()) {
      left.erase(std::next(found).base());
    } else {
      left.push_back("surplus " + row);  // taken back, but never given
    }
  }
  return left;
}

std::string Difference(const Block& block, const Mode& mode, std::vector<std::string> actual) {
  std::vector<std::string> expected = block.expected;
  bool table = block.compare == Block::Compare::kTable || block.compare == Block::Compare::kOrdered || !mode.ordered();
  if (table) {
    expected = FinalTable(expected);
    actual = FinalTable(actual);
  }
  bool in_order = block.compare == Block::Compare::kOrdered || (block.compare == Block::Compare::kChangelog && !table);
  if (!in_order) {
    std::sort(expected.begin(), expected.end());
    std::sort(actual.begin(), actual.end());
  }
  if (expected == actual) return {};
  std::string text = table ? "the table is not the expected one:\n" : "the changes are not the expected ones:\n";
  for (size_t i = 0; i < std::max(expected.size(), actual.size()); ++i) {
    std::string want = i < expected.size() ? expected[i] : "(nothing)";
    std::string have = i < actual.size() ? actual[i] : "(nothing)";
    text += fmt::format("    {} {:<40} | {}\n", want == have ? ' ' : '!', want, have);
  }
  return text;
}

// A table without WITH is one that the test feeds.
std::string WithConnector(std::string sql) {
  std::string upper = sql;
  std::transform(upper.begin(), upper.end(), upper.begin(), [](unsigned char c) { return std::toupper(c); });
  bool table = upper.starts_with("CREATE TABLE") || upper.starts_with("CREATE TEMPORARY TABLE");
  if (!table || upper.find("WITH (") != std::string::npos || upper.find("LIKE ") != std::string::npos) return sql;
  bool marks = upper.find("SOURCE_WATERMARK()") != std::string::npos;
  return sql + (marks ? " WITH ('connector' = 'feed', 'source-watermark' = 'true')" : " WITH ('connector' = 'feed')");
}

class FileRun {
 public:
  FileRun(const TestFile& file, const Mode& mode, std::string scratch)
      : file_(file), mode_(mode), scratch_(std::move(scratch)), session_(Options()) {}

  // What is wrong, or nothing.
  std::string Run() {
    for (const Block& block : file_.blocks) {
      std::string wrong = RunBlock(block);
      if (!wrong.empty()) return fmt::format("{}:{}: {}", file_.path.string(), block.line, wrong);
    }
    return {};
  }

 private:
  engine::SessionOptions Options() {
    engine::SessionOptions options;
    options.parallelism = mode_.parallelism;
    options.threads = 2;
    options.chunk_rows = mode_.chunk_rows;
    options.clock = &clock_;
    options.seed = 1;
    options.print_line = [](std::string_view) {};
    return options;
  }

  std::string RunBlock(const Block& block) {
    switch (block.kind) {
      case Block::Kind::kStatementOk:
      case Block::Kind::kStatementError: {
        Status status = FeedAll(block.feed, session_);
        engine::ResultListener ignore;
        if (status.ok()) status = session_.Execute(WithConnector(block.sql), ignore);
        if (block.kind == Block::Kind::kStatementOk) return status.ok() ? std::string() : status.error().ToString();
        return CheckError(block, status);
      }
      case Block::Kind::kQuery: {
        auto rows = RunQuery(block, mode_, scratch_, clock_, session_);
        return rows.ok() ? Difference(block, mode_, std::move(*rows)) : rows.error().ToString();
      }
      case Block::Kind::kQueryError: {
        auto rows = RunQuery(block, mode_, scratch_, clock_, session_);
        return CheckError(block, rows.ok() ? Status::Ok() : Status(rows.error()));
      }
    }
    return {};
  }

  static std::string CheckError(const Block& block, const Status& status) {
    if (status.ok()) return fmt::format("must fail with '{}', but did not", block.error);
    std::string text = status.error().ToString();
    if (text.find(block.error) != std::string::npos && !status.error().code.ends_with(".unsupported")) return {};
    return fmt::format("must fail with '{}', but failed with '{}' (code {})", block.error, text, status.error().code);
  }

  const TestFile& file_;
  const Mode& mode_;
  std::string scratch_;
  StepClock clock_;
  engine::Session session_;
};

// Which of the modes the file is run in. A sampled file's mode is fixed by its name.
std::vector<Mode> ModesOf(const std::string& wanted, const std::filesystem::path& path) {
  std::vector<Mode> modes = AllModes();
  if (wanted == "sampled") {
    uint32_t hash = 2166136261U;
    for (char c : path.filename().string()) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
    return {modes[1 + hash % (modes.size() - 1)]};
  }
  std::erase_if(modes, [&](const Mode& mode) {
    return wanted == "all" ? false : wanted == "others" ? mode.name == "plain" : mode.name != wanted;
  });
  return modes;
}

struct Totals {
  int passed = 0;
  int failed = 0;
  int skipped = 0;
};

void RunFile(const std::filesystem::path& path, const std::string& wanted, Totals& totals) {
  auto file = ReadTestFile(path);
  if (!file.ok()) {
    fmt::print("FAILED {}\n", file.error().message);
    ++totals.failed;
    return;
  }
  for (const Mode& mode : ModesOf(wanted, path)) {
    const auto& skips = file->skipped_modes;
    if (std::find(skips.begin(), skips.end(), mode.name) != skips.end()) {
      fmt::print("SKIPPED: {} [{}]\n", path.string(), mode.name);
      ++totals.skipped;
      continue;
    }
    std::string scratch = (std::filesystem::temp_directory_path() / "millrace_sql_test_XXXXXX").string();
    if (mkdtemp(scratch.data()) == nullptr) {
      fmt::print("FAILED {}: no temporary folder can be made\n", path.string());
      ++totals.failed;
      return;
    }
    fmt::print(stderr, "{} [{}]\n", path.string(), mode.name);  // whoever waits for a hang sees where
    alarm(kFileSeconds);
    std::string wrong = FileRun(*file, mode, scratch).Run();
    alarm(0);
    std::error_code ignored;
    std::filesystem::remove_all(scratch, ignored);
    if (wrong.empty()) {
      ++totals.passed;
    } else {
      ++totals.failed;
      fmt::print("FAILED [{}] {}\n", mode.name, wrong);
    }
  }
}

int RunFiles(const std::vector<std::string>& paths, const std::string& mode) {
  std::vector<std::filesystem::path> files;
  for (const std::string& path : paths) {
    if (!std::filesystem::is_directory(path)) {
      files.emplace_back(path);
      continue;
    }
    for (const auto& entry : std::filesystem::recursive_directory_iterator(path)) {
      if (entry.path().extension() == ".test") files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  Totals totals;
  for (const std::filesystem::path& file : files) RunFile(file, mode, totals);
  std::string skipped = totals.skipped > 0 ? fmt::format(", {} skipped", totals.skipped) : "";
  fmt::print("{} passed, {} failed{}\n", totals.passed, totals.failed, skipped);
  return totals.failed > 0 || totals.passed == 0 ? 1 : 0;
}

}  // namespace
}  // namespace millrace::sql_test

int main(int argc, char** argv) {
  std::vector<std::string> paths;
  std::string mode = "plain";
  return millrace::bin::RunCommandLine(
      argc, argv, "Runs SQL tests: files, or folders of files that end in .test (docs/sql_tests.md).", "millrace 0.1.0",
      [&](millrace::bin::Command& program) {
        program.Option("paths", &paths, "files and folders");
        program.Need("paths");
        program.WordOption(
            "--mode", mode,
            {"plain", "chunk1", "parallel2", "parallel3", "restore", "rescale", "all", "others", "sampled"},
            "all; others: all but plain; sampled: one of the others for each file, by its name");
        program.OnRun([&] { return millrace::sql_test::RunFiles(paths, mode); });
      });
}
