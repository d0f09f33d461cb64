// The parser suite: texts that Flink's parser takes or refuses, with their unparsed form.
#pragma once

#include <filesystem>

#include "base/result.h"
#include "bin/conformance/suite_result.h"

namespace millrace::conformance {

// Runs every case of every *.jsonl in `directory` (the folder parser-sql). A case passes if parsing agrees with what
// Flink's parser did
// (`runtime.parses`), the unparsed text is the same, the check after parsing refuses what Flink's refuses, and, where
// the case gives the range of the error, ours is the same.
Result<SuiteResult> RunParserSuite(const std::filesystem::path& directory);

}  // namespace millrace::conformance
