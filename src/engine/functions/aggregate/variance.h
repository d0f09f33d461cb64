// The variances and deviations: which of the four, and the accumulator over decimals.
#pragma once

#include <memory>

#include "engine/functions/aggregate_function.h"

namespace millrace::functions {

struct VarianceKind {
  bool sample = false;     // divides by n - 1
  bool deviation = false;  // the root of the variance
};

std::unique_ptr<Aggregator> MakeDecimalVariance(const DataType& type, VarianceKind kind);

}  // namespace millrace::functions
