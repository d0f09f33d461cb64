// Functions that stand only over an OVER window of a stream, as aggregates over its frame: ROW_NUMBER and LAG.
#pragma once

#include <string_view>

#include "engine/functions/aggregate_function.h"

namespace millrace::functions {

// Null when a stream has no such function. ROW_NUMBER counts over ROWS, LAG looks back over RANGE. LAG's arguments:
// value, offset (INT), default; the last two may be absent.
const AggregateFunction* FindOverFunction(std::string_view name);

// What stands for a NULL where LAG or LEAD have a default that is NOT NULL, so that their type is NOT NULL whatever the
// values are: -1, FALSE, '' (what Flink's code holds for a NULL); of other types NULL.
Value StandInForNull(const DataType& type);

}  // namespace millrace::functions
