// MIN and MAX over inputs with retractions.
#pragma once

#include <memory>

#include "engine/functions/aggregate_function.h"

namespace millrace::functions {

// Keeps every value with its count, in order. `type` is one that MIN and MAX take.
std::unique_ptr<Aggregator> MakeRetractableBest(const DataType& type, bool max, MemoryPool* pool);

}  // namespace millrace::functions
