// Group keys that are constants leave the aggregate: GROUP BY a, 'x' groups by a, and 'x' is put beside the result. One
// key stays at least, since an aggregate without keys would be a global one.
#include "engine/plan/rewrite/rewrite.h"

namespace millrace::plan {
namespace {

using functions::ExprKind;
using functions::ExprPtr;

RelationPtr PullUp(const Relation& relation, const RelationPtr& input) {
  const auto& aggregate = *relation.As<sql::AggregateRelation>();
  const auto* project = input->As<sql::ProjectRelation>();
  if (project == nullptr || aggregate.group_window || !aggregate.grouping_sets.empty()) return nullptr;
  std::vector<ExprPtr> constants(aggregate.keys.size());
  size_t left = aggregate.keys.size();
  for (size_t i = 0; i < aggregate.keys.size() && left > 1; ++i) {
    const ExprPtr& expr = project->exprs[static_cast<size_t>(aggregate.keys[i])];
    if (expr->kind != ExprKind::kLiteral || !(expr->type == relation.schema[i].type)) continue;
    constants[i] = expr;
    --left;
  }
  if (left == aggregate.keys.size()) return nullptr;
  sql::AggregateRelation fewer = aggregate;
  fewer.keys.clear();
  Schema schema;
  std::vector<ExprPtr> exprs;
  for (size_t i = 0; i < relation.schema.size(); ++i) {
    if (i < constants.size() && constants[i] != nullptr) {
      exprs.push_back(constants[i]);
      continue;
    }
    if (i < constants.size()) fewer.keys.push_back(aggregate.keys[i]);
    exprs.push_back(functions::MakeColumn(static_cast<int32_t>(schema.size()), relation.schema[i].type));
    schema.fields.push_back(relation.schema[i]);
  }
  RelationPtr grouped = sql::MakeRelation(std::move(fewer), {input}, std::move(schema));
  return sql::MakeRelation(sql::ProjectRelation{std::move(exprs)}, {grouped}, relation.schema);
}

}  // namespace

RelationPtr PullUpConstants(const RelationPtr& root) {
  std::vector<RelationPtr> inputs;
  for (const RelationPtr& input : root->inputs) inputs.push_back(PullUpConstants(input));
  if (root->As<sql::AggregateRelation>() != nullptr) {
    if (RelationPtr pulled = PullUp(*root, inputs[0]); pulled != nullptr) return pulled;
  }
  return WithInputs(*root, std::move(inputs));
}

}  // namespace millrace::plan
