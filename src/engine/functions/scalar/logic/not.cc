// NOT of a three-valued BOOLEAN.
#include "engine/functions/inference.h"
#include "engine/functions/lift.h"

namespace millrace::functions {

namespace {

bool Not(bool value) { return !value; }

Result<DataType> Infer(CallTypes& call) {
  if (!CountBetween(call, 1, 1) || !Takes(call, 0, Family::kBoolean, DataType::Boolean())) {
    return BadArguments(call, "'NOT <BOOLEAN>'");
  }
  return NullableIfArgs(call, DataType::Boolean());
}

}  // namespace

extern const ScalarFunction kNot = {.name = "NOT",
                                    .signature = "NOT BOOLEAN -> BOOLEAN",
                                    .doc = "TRUE for FALSE, FALSE for TRUE, NULL for NULL.",
                                    .example = "NOT 1 = 2",
                                    .example_result = "TRUE",
                                    .infer = Infer,
                                    .kernel = LiftTotal<Not>};

}  // namespace millrace::functions
