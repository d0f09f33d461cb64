// A `.test` file: statements, what sources give while queries run, and what queries must give (docs/sql_tests.md).
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"

namespace millrace::sql_test {

// What happens while a query runs, in order.
struct Step {
  enum class Kind : uint8_t {
    kRows,        // `lines` into `table`: rows with kinds, "watermark …", "idle", "active"
    kCheckpoint,  // a snapshot is written; the job goes on
    kRestore,     // the job stops with a snapshot, and a new one goes on from its files at `parallelism`
    kTime,        // the clock goes on by `millis`
  };
  Kind kind = Kind::kRows;
  int32_t line = 0;  // of the directive, counted from 1
  std::string table;
  std::vector<std::string> lines;
  int32_t parallelism = 0;  // 0: as before
  int64_t millis = 0;
};

struct Block {
  enum class Kind : uint8_t { kStatementOk, kStatementError, kQuery, kQueryError };
  // kChangelog: rows and kinds in order; kRows: in any order; kTable: what is left, in any order; kOrdered: what is
  // left, in order.
  enum class Compare : uint8_t { kChangelog, kRows, kTable, kOrdered };
  Kind kind = Kind::kStatementOk;
  Compare compare = Compare::kChangelog;
  int32_t line = 0;
  std::string sql;
  std::string error;                  // a part of the message
  std::vector<std::string> expected;  // "+I[a, 1]"
  std::vector<Step> feed;             // what has been declared above it
};

struct TestFile {
  std::filesystem::path path;
  std::vector<Block> blocks;
  // "skip MODE: why" lines.
  std::vector<std::string> skipped_modes;
};

// Errors: "test.syntax" with the file and line.
Result<TestFile> ReadTestFile(const std::filesystem::path& path);

}  // namespace millrace::sql_test
