// The functions suite: scalar functions, expressions and casts (functions.README.md).
#pragma once

#include <filesystem>

#include "base/result.h"
#include "bin/conformance/suite_result.h"

namespace millrace::conformance {

// Runs every case of every *.jsonl in `directory` (the folder functions/cases): SELECT <sql> as a job over a one-row
// table of the `values` connector with real columns. Where real Flink's answer to a query differs from what its own
// test expects
// (`expected_in_query`), that answer counts. Values and types are compared exactly; of errors the phase is compared.
Result<SuiteResult> RunFunctionsSuite(const std::filesystem::path& directory);

}  // namespace millrace::conformance
