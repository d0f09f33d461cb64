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
    // Interval joins compare two row times; whether this is one is decided later.
    std::vector<bool> used(relation.inputs[0]->schema.size() + relation.inputs[1]->schema.size(), false);
    functions::CollectColumns(*join.condition, used);
    for (size_t i = 0; i < used.size(); ++i) {
      bool left = i < relation.inputs[0]->schema.size();
      const Schema& side = relation.inputs[left ? 0 : 1]->schema;
      size_t column = left ? i : i - relation.inputs[0]->schema.size();
      if (used[i] && IsRowtime(side, static_cast<int32_t>(column))) return true;
    }
    return false;
  }
  bool operator()(const sql::CorrelateRelation&) const { return false; }
  bool operator()(const sql::SetRelation&) const { return false; }
  bool operator()(const sql::SortRelation& sort) const { return OrdersByRowtime(sort.keys, input()); }
  bool operator()(const sql::OverRelation& over) const { return OrdersByRowtime(over.order_keys, input()); }
  bool operator()(const sql::RankRelation&) const { return false; }
  bool operator()(const sql::TemporalRelation&) const { return true; }
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
