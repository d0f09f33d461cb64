// Queries planned over tables declared by DDL.
#pragma once

#include <map>
#include <string>

#include "../sql/bound_tables.h"
#include "engine/plan/planner.h"

namespace millrace::plan {

class PlannedQueries {
 public:
  Status Create(const std::string& ddl) { return tables_.Create(ddl); }

  Result<PhysicalPlan> Plan(const std::string& sql, bool explain = true) {
    MR_ASSIGN(sql::RelationPtr root, tables_.Bind(sql));
    PlanContext context;
    context.config = &tables_.config();
    context.eval = &tables_.eval();
    context.batch = batch_;
    context.explain = explain;
    return plan::Plan({root}, context);
  }

  // "ok", or the message with which the query is refused.
  std::string Refusal(const std::string& sql) {
    Result<PhysicalPlan> plan = Plan(sql);
    return plan.ok() ? "ok" : plan.error().code + ": " + plan.error().message;
  }

  void Set(const std::string& key, const std::string& value) { tables_.config()[key] = value; }
  void SetBatch() { batch_ = true; }

 private:
  sql::BoundTables tables_;
  bool batch_ = false;
};

}  // namespace millrace::plan
