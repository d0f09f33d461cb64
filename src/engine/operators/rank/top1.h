// Top-1 over input that is insert-only or whose rows only get better: the best row of each partition. A better row goes
// out as -U and +U; one that is equal in its sort key does not count, whatever its other columns are (so does Flink).
#pragma once

#include <memory>
#include <vector>

#include "engine/operators/operator.h"

namespace millrace::operators {

std::unique_ptr<Operator> MakeTop1(const plan::RankSpec& spec, std::vector<DataType> types);

}  // namespace millrace::operators
