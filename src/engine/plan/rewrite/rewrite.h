// Rewrite rules over the bound tree. Each takes and gives a tree of the same meaning and the same columns.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "engine/plan/planner.h"

namespace millrace::plan {

using sql::Relation;
using sql::RelationPtr;

// Constants evaluated, in every expression. An unconditional failing constant is an error, as in Flink.
Result<RelationPtr> FoldConstantsIn(const RelationPtr& root, const PlanContext& context);
// Projections over projections become one; projections that change nothing go away; filters over filters become one.
RelationPtr MergeProjections(const RelationPtr& root);
// Filters move towards the scans: through projections, unions, joins (where the join's kind allows), window functions.
RelationPtr PushFilters(const RelationPtr& root);
// A filter on ROW_NUMBER() OVER (…) becomes a RankRelation.
RelationPtr RecognizeRank(const RelationPtr& root);
// INTERSECT, EXCEPT, UNION DISTINCT as unions, aggregates and row replication; and DISTINCT set operations as
// aggregates.
Result<RelationPtr> ExpandSetOperations(const RelationPtr& root);
// Watermarks that no operator of the tree looks at are not made; with `read_on`, what reads the tree may look at them.
RelationPtr DropUnusedWatermarks(const RelationPtr& root, bool read_on);
// Constants leave the group keys.
RelationPtr PullUpConstants(const RelationPtr& root);
// Distinct aggregates in two steps, where the option asks for it.
RelationPtr SplitDistinct(const RelationPtr& root, const PlanContext& context);
// Columns that no one reads are not made.
RelationPtr PruneColumns(const RelationPtr& root);

// Fields of ROW columns are taken out below watermarks, as near to the scans as can be.
RelationPtr NarrowRows(const RelationPtr& root);

// The kind of a join below `conditions` (over left ++ right), which may reject the rows that an outer join pads.
sql::JoinKind NarrowJoin(sql::JoinKind kind, const std::vector<functions::ExprPtr>& conditions, int32_t left_width,
                         int32_t width);

// ---- for rules ----
// A column, or a field within one: {3, {0}} is field 0 of column 3.
struct FieldAccess {
  int32_t column = 0;
  std::vector<int32_t> path;
  auto operator<=>(const FieldAccess&) const = default;
};
// What an expression reads, as columns and fields of them; with `exprs`, the expression of each.
void CollectFieldAccesses(const functions::ExprPtr& expr, std::vector<FieldAccess>& out,
                          std::vector<functions::ExprPtr>* exprs);
functions::ExprPtr ReplaceFieldAccesses(const functions::ExprPtr& expr, const std::map<FieldAccess, int32_t>& columns);
RelationPtr WithInputs(const Relation& relation, std::vector<RelationPtr> inputs);
void SplitAnd(const functions::ExprPtr& expr, std::vector<functions::ExprPtr>& out);
RelationPtr FilterOver(const RelationPtr& input, std::vector<functions::ExprPtr> conditions);
// Columns shifted by `by`.
functions::ExprPtr ShiftColumns(const functions::ExprPtr& expr, int32_t by);
bool UsesOnly(const functions::Expr& expr, int32_t first, int32_t last);  // columns within [first, last)
std::vector<functions::ExprPtr> IdentityExprs(const Schema& schema);

}  // namespace millrace::plan
