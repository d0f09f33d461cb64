// Which results have changed: the comparison that decides whether an update goes out.
#pragma once

#include <cstdint>
#include <span>

#include "types/column.h"

namespace millrace::operators {

// Sets changed[i] where row before[i] and row after[i] of the column differ; leaves the others. As Flink's generated
// equaliser: NULL equals NULL, FLOAT and DOUBLE compare as numbers (NaN differs from itself, 0.0 equals -0.0),
// everything else by value.
void MarkChanged(const Column& column, std::span<const int32_t> before, std::span<const int32_t> after,
                 uint8_t* changed);

}  // namespace millrace::operators
