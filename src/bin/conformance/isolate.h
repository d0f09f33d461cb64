// Runs cases in a process of their own, so that one that crashes or hangs costs that case only.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "bin/conformance/suite_result.h"

namespace millrace::conformance {

// Answers of one case, by part of the suite.
using Verdicts = std::vector<std::pair<std::string, Verdict>>;

// Calls `run` for 0 to count - 1 in child processes, and `take` in this one with what each gave. A case whose process
// dies, or that takes longer than 20 s, gets a failure under `part`. The caller has no other threads.
void RunIsolated(size_t count, const std::string& part, const std::function<Verdicts(size_t)>& run,
                 const std::function<void(size_t, const Verdicts&)>& take);

// Runs this program with `arguments` and waits up to `seconds`; kills it then. Empty: it ended with code 0; else what
// happened.
std::string RunSelf(const std::vector<std::string>& arguments, int seconds);

}  // namespace millrace::conformance
