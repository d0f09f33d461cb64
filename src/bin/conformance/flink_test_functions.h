// Flink's own test functions, as far as planning sees them: names, arguments, types, whether they are deterministic.
// They have no bodies; a case that would run one fails.
#pragma once

#include "engine/functions/extra_functions.h"

namespace millrace::conformance {

const functions::ExtraFunctions& FlinkTestFunctions();

}  // namespace millrace::conformance
