// FLOOR(time TO unit) and CEIL(time TO unit): the part of FLOOR and CEIL with two arguments.
#pragma once

#include "engine/functions/scalar_function.h"

namespace millrace::functions {

// Whether the call has a unit, FLOOR(x, 'DAY'); then the functions below are for it.
inline bool IsTemporalRounding(const CallTypes& call) { return call.types.size() == 2; }
inline bool IsTemporalRounding(const KernelCall& call) { return call.args.size() == 2; }

Result<DataType> InferTemporalRounding(CallTypes& call);
Result<ColumnPtr> FloorToUnit(const KernelCall& call);
Result<ColumnPtr> CeilToUnit(const KernelCall& call);

}  // namespace millrace::functions
