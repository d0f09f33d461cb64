// The suite of table programs: sources with rows, statements, expected changelogs, before and after a restore
// (table_programs.README.md).
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "bin/conformance/suite_result.h"

namespace millrace::conformance {

// Runs the programs flagged `plain_sql` of every *.json in `directory` (the folder table-programs). Each run of a
// program is a process of its own: the first stops with a snapshot that it writes to files, the second reads them and
// goes on. A program passes if every sink holds what Flink's test expects, as a multiset of rows in Flink's text form.
Result<SuiteResult> RunProgramsSuite(const std::filesystem::path& directory);

// The second process of a program: `arguments` are those that RunProgramsSuite gave. Returns the exit code.
int RunProgramPhase(const std::vector<std::string>& arguments);

}  // namespace millrace::conformance
