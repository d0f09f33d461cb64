// The planner suite: statements with the DDL that binds them (scripts.README.md, section 2). Only cases of streams.
#pragma once

#include <filesystem>

#include "base/result.h"
#include "bin/conformance/suite_result.h"

namespace millrace::conformance {

// Runs every *.jsonl in `directory` (the folder planner-sql). Three parts and their sum:
//   planner.bind       the statement binds, and its columns are named as those of the root of the stored AST
//   planner.negative   (negative.jsonl) the statement or its DDL is refused, by binder or planner
//   planner.changelog  cases with `changelog_plan`: the changelog modes of our physical plan are Flink's (see
//   plan_modes.h)
Result<SuiteResults> RunPlannerSuite(const std::filesystem::path& directory);

}  // namespace millrace::conformance
