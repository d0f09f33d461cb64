// One run of a table program: tables, rows, statements, and what the sinks got (table_programs.README.md, sections 3 to
// 6).
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/state/snapshot.h"

namespace millrace::conformance {

// A row that a sink received: its kind, its fields as Flink prints them, and those of the primary key alone.
struct SinkRow {
  std::string kind;
  std::string fields;
  std::string key;
};
using SinkRows = std::vector<SinkRow>;

struct PhaseOptions {
  std::string ddl;  // "before_restore", "after_restore", "single_run" or "combined": which of the DDL variants
  bool with_config = true;
  bool open_ended = false;  // the sources stay open: stop when the sinks hold what is expected, or nothing more comes
  bool take_snapshot = false;
  const state::JobSnapshot* restore = nullptr;
  int64_t start_millis = 0;  // of the run's clock, which then goes ten times as fast as the wall
  int32_t parallelism = 1;
  // Per sink: rows received earlier (from before the restore), and the rows expected at the end of this run, those
  // included.
  std::map<std::string, SinkRows> earlier;
  std::map<std::string, std::vector<std::string>> expected;
};

struct PhaseResult {
  std::map<std::string, SinkRows> sinks;  // received in this run
  int64_t end_millis = 0;
  state::JobSnapshot snapshot;
};

// Runs the program's statements. Blocks until the job has ended or was stopped.
Result<PhaseResult> RunPhase(const nlohmann::json& program, const PhaseOptions& options);

// What the expectation of a sink is compared with: the raw changelog, or the rows that are left.
std::vector<std::string> Changelog(const SinkRows& rows);
std::vector<std::string> Materialized(const SinkRows& rows, bool has_key);
// Sorted copies, for comparison without order.
std::vector<std::string> Sorted(std::vector<std::string> rows);

}  // namespace millrace::conformance
