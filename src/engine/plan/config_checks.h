// Settings that only some operators look at, and that must fit together for those.
#pragma once

#include "engine/plan/planner.h"

namespace millrace::plan {

// Fails with "option.value" when the plan holds an operator whose settings contradict each other: sizes of
// mini-batches, early and late firing of windows. The rules are Flink 1.20's.
Status CheckConfig(const PhysicalPlan& plan, const PlanContext& context);

}  // namespace millrace::plan
