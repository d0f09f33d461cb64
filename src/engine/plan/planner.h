// Bound tree → physical plan: rewrite rules, then conversion to physical nodes, then changelog modes.
#pragma once

#include <string>
#include <vector>

#include "base/options.h"
#include "base/result.h"
#include "engine/functions/scalar_function.h"
#include "engine/plan/physical.h"
#include "engine/sql/relation.h"

namespace millrace::plan {

// What planning depends on. Borrowed for the call.
struct PlanContext {
  const OptionMap* config = nullptr;       // SET options
  functions::EvalContext* eval = nullptr;  // for constant folding and the session zone
  connectors::ConnectorContext connector;  // handed to sources and sinks
  bool batch = false;
  bool explain = false;  // the plan is only shown: a query's rows need no -U, as Flink's EXPLAIN has it

  // A config value, or the default.
  std::string Get(std::string_view key, std::string_view otherwise) const;
  bool GetBool(std::string_view key, bool otherwise) const;
  int64_t GetMillis(std::string_view key, int64_t otherwise) const;
};

// The rewritten bound tree of one root: what EXPLAIN shows as the optimized logical plan. With `read_on` the root is a
// part that other trees read.
Result<sql::RelationPtr> Rewrite(const sql::RelationPtr& root, const PlanContext& context, bool read_on = false);

// A job of one or more roots. A root that is no SinkRelation is a query whose rows go to the caller.
Result<PhysicalPlan> Plan(const std::vector<sql::RelationPtr>& roots, const PlanContext& context);

// EXPLAIN: one line per node; with `changelog`, each line ends in its changelog mode, as Flink prints it.
std::string ExplainPhysical(const PhysicalPlan& plan, bool changelog);
// What runs: a node with several consumers is written once, with a number, and Reused(reference_id=[…]) elsewhere.
std::string ExplainExecution(const PhysicalPlan& plan);

}  // namespace millrace::plan
