// Reads `.test` files.
#include "bin/sql_test/test_file.h"

#include <fmt/format.h>

#include <fstream>

#include "base/options.h"

namespace millrace::sql_test {
namespace {

std::string Trim(std::string_view text) {
  size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t\r") - first + 1));
}

// "rows into t" with "rows into " gives "t".
bool TakeStart(const std::string& line, std::string_view start, std::string& rest) {
  if (!line.starts_with(start)) return false;
  rest = Trim(std::string_view(line).substr(start.size()));
  return true;
}

class Parser {
 public:
  Parser(const std::filesystem::path& path, std::vector<std::string> lines) : lines_(std::move(lines)) {
    file_.path = path;
  }

  Result<TestFile> Parse() {
    while (at_ < lines_.size()) {
      std::string line = Trim(lines_[at_]);
      if (line.empty() || line[0] == '#') {
        ++at_;
        continue;
      }
      MR_RETURN_IF_ERROR(ParseBlock(line));
    }
    if (file_.blocks.empty()) return Wrong("the file holds no statement and no query");
    return std::move(file_);
  }

 private:
  Error Wrong(const std::string& what) const {
    return UserError("test.syntax", fmt::format("{}:{}: {}", file_.path.string(), at_ + 1, what));
  }

  Status ParseBlock(const std::string& line) {
    std::string rest;
    if (line == "statement ok" || TakeStart(line, "statement error", rest)) return ParseStatement(line, rest);
    if (TakeStart(line, "query ", rest)) return ParseQuery(rest);
    if (TakeStart(line, "skip ", rest)) {
      size_t colon = rest.find(':');
      if (colon == std::string::npos) return Wrong("'skip MODE: why' must say why");
      file_.skipped_modes.push_back(rest.substr(0, colon));
      ++at_;
      return Status::Ok();
    }
    return ParseStep(line);
  }

  Status ParseStep(const std::string& line) {
    Step step;
    step.line = static_cast<int32_t>(at_ + 1);
    std::string rest;
    if (line == "clear") {
      feed_.clear();
      ++at_;
      return Status::Ok();
    }
    if (TakeStart(line, "rows into ", rest)) {
      step.table = rest;
      for (++at_; at_ < lines_.size() && !Trim(lines_[at_]).empty(); ++at_) step.lines.push_back(Trim(lines_[at_]));
      feed_.push_back(std::move(step));
      return Status::Ok();
    }
    if (line == "checkpoint") {
      step.kind = Step::Kind::kCheckpoint;
    } else if (line == "restore" || TakeStart(line, "restore parallelism=", rest)) {
      step.kind = Step::Kind::kRestore;
      if (!rest.empty()) {
        auto parallelism = ParseLong(rest);
        if (!parallelism.ok() || *parallelism < 1) return Wrong("restore parallelism=N takes a number from 1");
        step.parallelism = static_cast<int32_t>(*parallelism);
      }
    } else if (TakeStart(line, "time +", rest)) {
      auto duration = ParseDuration(rest);
      if (!duration.ok()) return Wrong("time + takes a duration such as '5 s'");
      step.kind = Step::Kind::kTime;
      step.millis = duration->count();
    } else {
      return Wrong(fmt::format("'{}' is no directive", line));
    }
    ++at_;
    feed_.push_back(std::move(step));
    return Status::Ok();
  }

  // The SQL up to an empty line or "----".
  std::string TakeSql() {
    std::string sql;
    for (++at_; at_ < lines_.size(); ++at_) {
      std::string line = Trim(lines_[at_]);
      if (line.empty() || line == "----") break;
      sql += (sql.empty() ? "" : "\n") + lines_[at_];
    }
    while (!sql.empty() && (sql.back() == ';' || sql.back() == ' ')) sql.pop_back();
    return sql;
  }

  Status ParseStatement(const std::string& line, const std::string& error) {
    Block block;
    block.line = static_cast<int32_t>(at_ + 1);
    block.kind = line == "statement ok" ? Block::Kind::kStatementOk : Block::Kind::kStatementError;
    block.error = error;
    if (block.kind == Block::Kind::kStatementError && error.empty())
      return Wrong("'statement error' needs a part of the message");
    block.sql = TakeSql();
    return Add(std::move(block));
  }

  Status ParseQuery(const std::string& how) {
    Block block;
    block.line = static_cast<int32_t>(at_ + 1);
    block.kind = Block::Kind::kQuery;
    if (how == "changelog") {
      block.compare = Block::Compare::kChangelog;
    } else if (how == "rows") {
      block.compare = Block::Compare::kRows;
    } else if (how == "table") {
      block.compare = Block::Compare::kTable;
    } else if (how == "ordered") {
      block.compare = Block::Compare::kOrdered;
    } else if (TakeStart(how, "error ", block.error) && !block.error.empty()) {
      block.kind = Block::Kind::kQueryError;
    } else {
      return Wrong("'query' is followed by changelog, rows, table, ordered, or error and a part of the message");
    }
    block.sql = TakeSql();
    if (block.kind == Block::Kind::kQuery) {
      if (at_ >= lines_.size() || Trim(lines_[at_]) != "----") return Wrong("a query ends with a line '----'");
      for (++at_; at_ < lines_.size() && !Trim(lines_[at_]).empty(); ++at_) block.expected.push_back(Trim(lines_[at_]));
    }
    return Add(std::move(block));
  }

  Status Add(Block block) {
    if (block.sql.empty()) return Wrong("there is no SQL below this directive");
    block.feed = feed_;
    file_.blocks.push_back(std::move(block));
    return Status::Ok();
  }

  std::vector<std::string> lines_;
  size_t at_ = 0;
  TestFile file_;
  std::vector<Step> feed_;
};

}  // namespace

Result<TestFile> ReadTestFile(const std::filesystem::path& path) {
  std::ifstream in(path);
  if (!in) return UserError("test.syntax", fmt::format("'{}' cannot be read", path.string()));
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return Parser(path, std::move(lines)).Parse();
}

}  // namespace millrace::sql_test
