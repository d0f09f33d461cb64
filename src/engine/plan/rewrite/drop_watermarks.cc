// Watermarks are made only where something downstream looks at event time.
#include "engine/plan/rewrite/rewrite.h"

namespace millrace::plan {
namespace {

using functions::ExprPtr;

bool AsksForWatermark(const functions::Expr& expr) {
  if (expr.kind == functions::ExprKind::kCall && expr.function->name == "CURRENT_WATERMARK") return true;
  for (const ExprPtr& arg : expr.args) {
    if (AsksForWatermark(*arg)) return true;
  }
  return false;
}

bool IsRowtime(const Schema& schema, int32_t column) {
  return schema[static_cast<size_t>(column)].type.time_attribute() == TimeAttribute::kRowtime;
}

bool OrdersByRowtime(const std::vector<sql::SortColumn>& keys, const Schema& schema) {
  return !keys.empty() && IsRowtime(schema, keys[0].column);
}

// How many bounds a join's condition sets to the row time of one side by that of the other: two make an interval join
// (whether it is one is decided later), with fewer nothing waits for a watermark.
int CountTimeBounds(const functions::Expr& condition, const Schema& left, const Schema& right) {
  int bounds = 0;
  if (condition.kind == functions::ExprKind::kAnd) {
    for (const ExprPtr& arg : condition.args) bounds += CountTimeBounds(*arg, left, right);
    return bounds;
  }
  std::vector<bool> used(left.size() + right.size(), false);
  functions::CollectColumns(condition, used);
  bool sides[2] = {false, false};
  for (size_t i = 0; i < used.size(); ++i) {
    bool of_left = i < left.size();
    auto column = static_cast<int32_t>(of_left ? i : i - left.size());
    if (used[i] && IsRowtime(of_left ? left : right, column)) sides[of_left ? 0 : 1] = true;
  }
  if (!sides[0] || !sides[1]) return 0;
  std::string_view name = condition.kind == functions::ExprKind::kCall ? condition.function->name : "";
  bool one_bound = name == "<" || name == "<=" || name == ">" || name == ">=";
  return one_bound ? 1 : 2;
}

// Whether a node itself depends on the watermarks of its input.
struct LooksAtEventTime {
  const Relation& relation;
  const Schema& input() const { return relation.inputs[0]->schema; }

  bool operator()(const sql::ScanRelation&) const { return false; }
  bool operator()(const sql::ValuesRelation&) const { return false; }
  bool operator()(const sql::ProjectRelation& project) const {
    for (const ExprPtr& expr : project.exprs) {
      if (AsksForWatermark(*expr)) return true;
    }
    return false;
  }
  bool operator()(const sql::FilterRelation& filter) const { return AsksForWatermark(*filter.condition); }
  bool operator()(const sql::WatermarkRelation&) const { return false; }
  bool operator()(const sql::WindowTvfRelation&) const { return true; }
  bool operator()(const sql::AggregateRelation& aggregate) const { return aggregate.group_window; }
  bool operator()(const sql::JoinRelation& join) const {
    return CountTimeBounds(*join.condition, relation.inputs[0]->schema, relation.inputs[1]->schema) >= 2;
  }
  bool operator()(const sql::CorrelateRelation&) const { return false; }
  bool operator()(const sql::SetRelation&) const { return false; }
  bool operator()(const sql::SortRelation& sort) const { return OrdersByRowtime(sort.keys, input()); }
  bool operator()(const sql::OverRelation& over) const { return OrdersByRowtime(over.order_keys, input()); }
  bool operator()(const sql::RankRelation&) const { return false; }
  bool operator()(const sql::TemporalRelation&) const { return true; }
  bool operator()(const sql::MatchRelation&) const { return true; }
  bool operator()(const sql::RefusedRelation&) const { return true; }
  bool operator()(const sql::SinkRelation& sink) const {
    return sink.table->options.contains("sink.partition-commit.trigger");
  }
};

RelationPtr Drop(const RelationPtr& relation, bool needed) {
  needed = needed || std::visit(LooksAtEventTime{*relation}, relation->spec);
  std::vector<RelationPtr> inputs;
  for (const RelationPtr& input : relation->inputs) inputs.push_back(Drop(input, needed));
  if (relation->As<sql::WatermarkRelation>() != nullptr && !needed) {
    // The column keeps its time attribute: it decides how plans above are made.
    return sql::MakeRelation(sql::ProjectRelation{IdentityExprs(inputs[0]->schema)}, inputs, relation->schema);
  }
  return WithInputs(*relation, std::move(inputs));
}

}  // namespace

RelationPtr DropUnusedWatermarks(const RelationPtr& root, bool read_on) { return Drop(root, read_on); }

}  // namespace millrace::plan
