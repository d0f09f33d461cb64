// Functions that stand only over an OVER window of a stream, as aggregates over its frame: ROW_NUMBER and LAG.
#pragma once

#include <string_view>

#include "engine/functions/aggregate_function.h"

namespace millrace::functions {

// Null when a stream has no such function. ROW_NUMBER counts over ROWS, LAG looks back over RANGE. LAG's arguments:
// value, offset (INT), default; the last two may be absent.
const AggregateFunction* FindOverFunction(std::string_view name);

}  // namespace millrace::functions
