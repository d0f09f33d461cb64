// Arithmetic with intervals: the part of "+", "-" and "*" that has a time or an interval among its arguments.
#pragma once

#include "engine/functions/scalar_function.h"

namespace millrace::functions {

// Whether a call with two arguments is for the functions below. A time minus a time is, too, and is refused there.
bool IsIntervalArithmetic(const CallTypes& call);
bool IsIntervalArithmetic(const KernelCall& call);

// The operator is call.name: "+", "-" or "*".
Result<DataType> InferIntervalArithmetic(CallTypes& call);

// time + interval, interval + time, interval + interval
Result<ColumnPtr> IntervalPlus(const KernelCall& call);
// time - interval, interval - interval
Result<ColumnPtr> IntervalMinus(const KernelCall& call);
// interval * number, number * interval
Result<ColumnPtr> IntervalTimes(const KernelCall& call);

}  // namespace millrace::functions
