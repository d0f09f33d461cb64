// Fields of rows as columns.
#pragma once

#include "engine/functions/scalar_function.h"

namespace millrace::functions {

// Field `index` of `rows`, with the size and the type of the call: shares the child's values, null where the row is.
Result<ColumnPtr> FieldColumn(const Column& rows, size_t index, const KernelCall& call);

}  // namespace millrace::functions
