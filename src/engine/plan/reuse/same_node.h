// When two nodes of a plan do the same.
#pragma once

#include "engine/plan/physical.h"

namespace millrace::plan {

// Same work over the very same inputs, so that one node can stand for both. Never true of sinks, sources and what is
// not repeatable, such as a projection of RAND().
bool SameWork(const PhysicalNode& a, const PhysicalNode& b);

}  // namespace millrace::plan
