// Filters move towards the scans.
#include "engine/plan/rewrite/rewrite.h"

namespace millrace::plan {
namespace {

using functions::ExprKind;
using functions::ExprPtr;

RelationPtr Push(const RelationPtr& relation, std::vector<ExprPtr> conditions);

bool AllDeterministic(const std::vector<ExprPtr>& exprs) {
  for (const ExprPtr& expr : exprs) {
    if (!functions::IsDeterministic(*expr)) return false;
  }
  return true;
}

RelationPtr PushThroughProject(const RelationPtr& relation, std::vector<ExprPtr> conditions) {
  const std::vector<ExprPtr>& exprs = relation->As<sql::ProjectRelation>()->exprs;
  std::vector<ExprPtr> below;
  std::vector<ExprPtr> above;
  for (ExprPtr& condition : conditions) {
    std::vector<bool> used(exprs.size(), false);
    functions::CollectColumns(*condition, used);
    bool repeatable = functions::IsDeterministic(*condition);
    for (size_t i = 0; i < exprs.size(); ++i)
      repeatable = repeatable && (!used[i] || functions::IsDeterministic(*exprs[i]));
    if (repeatable) {
      below.push_back(functions::SubstituteColumns(condition, exprs));
    } else {
      above.push_back(std::move(condition));
    }
  }
  RelationPtr input = Push(relation->inputs[0], std::move(below));
  return FilterOver(WithInputs(*relation, {input}), std::move(above));
}

RelationPtr PushThroughJoin(const RelationPtr& relation, std::vector<ExprPtr> conditions) {
  sql::JoinRelation join = *relation->As<sql::JoinRelation>();
  auto left_width = static_cast<int32_t>(relation->inputs[0]->schema.size());
  auto width = left_width + static_cast<int32_t>(relation->inputs[1]->schema.size());
  join.kind = NarrowJoin(join.kind, conditions, left_width, width);
  bool to_left = join.kind != sql::JoinKind::kRight && join.kind != sql::JoinKind::kFull;
  bool to_right = join.kind == sql::JoinKind::kInner || join.kind == sql::JoinKind::kRight;
  std::vector<ExprPtr> left;
  std::vector<ExprPtr> right;
  std::vector<ExprPtr> above;
  std::vector<ExprPtr> on;
  SplitAnd(join.condition, on);
  std::vector<ExprPtr> kept;
  for (ExprPtr& condition : conditions) {
    bool deterministic = functions::IsDeterministic(*condition);
    if (deterministic && to_left && UsesOnly(*condition, 0, left_width)) {
      left.push_back(std::move(condition));
    } else if (deterministic && to_right && UsesOnly(*condition, left_width, width)) {
      right.push_back(ShiftColumns(condition, -left_width));
    } else if (deterministic && join.kind == sql::JoinKind::kInner) {
      kept.push_back(std::move(condition));
    } else {
      above.push_back(std::move(condition));
    }
  }
  // Conditions of ON that read one side only: a side that is not preserved may be filtered before.
  bool on_left =
      join.kind == sql::JoinKind::kInner || join.kind == sql::JoinKind::kRight || join.kind == sql::JoinKind::kSemi;
  bool on_right = join.kind != sql::JoinKind::kRight && join.kind != sql::JoinKind::kFull;
  for (ExprPtr& condition : on) {
    bool constant = UsesOnly(*condition, 0, 0);
    if (!constant && on_left && UsesOnly(*condition, 0, left_width)) {
      left.push_back(std::move(condition));
    } else if (!constant && on_right && UsesOnly(*condition, left_width, width)) {
      right.push_back(ShiftColumns(condition, -left_width));
    } else {
      kept.push_back(std::move(condition));
    }
  }
  join.condition = functions::MakeAnd(std::move(kept));
  RelationPtr a = Push(relation->inputs[0], std::move(left));
  RelationPtr b = Push(relation->inputs[1], std::move(right));
  return FilterOver(sql::MakeRelation(std::move(join), {a, b}, relation->schema), std::move(above));
}

// Conditions on the columns that the node passes through unchanged, at positions below `width`, go below it.
RelationPtr PushBelow(const RelationPtr& relation, std::vector<ExprPtr> conditions, int32_t width) {
  std::vector<ExprPtr> below;
  std::vector<ExprPtr> above;
  for (ExprPtr& condition : conditions) {
    bool can = functions::IsDeterministic(*condition) && UsesOnly(*condition, 0, width);
    (can ? below : above).push_back(std::move(condition));
  }
  std::vector<RelationPtr> inputs;
  for (const RelationPtr& input : relation->inputs) inputs.push_back(Push(input, below));
  return FilterOver(WithInputs(*relation, std::move(inputs)), std::move(above));
}

RelationPtr PushThroughAggregate(const RelationPtr& relation, std::vector<ExprPtr> conditions) {
  const auto& aggregate = *relation->As<sql::AggregateRelation>();
  bool plain = aggregate.grouping_sets.empty() && !aggregate.keys.empty();
  std::vector<ExprPtr> below;
  std::vector<ExprPtr> above;
  std::vector<ExprPtr> key_columns;
  for (int32_t key : aggregate.keys) {
    key_columns.push_back(functions::MakeColumn(key, relation->inputs[0]->schema[static_cast<size_t>(key)].type));
  }
  auto key_count = static_cast<int32_t>(aggregate.keys.size());
  for (ExprPtr& condition : conditions) {
    bool can = plain && functions::IsDeterministic(*condition) && UsesOnly(*condition, 0, key_count) &&
               !UsesOnly(*condition, 0, 0);
    if (can) {
      below.push_back(functions::SubstituteColumns(condition, key_columns));
    } else {
      above.push_back(std::move(condition));
    }
  }
  RelationPtr input = Push(relation->inputs[0], std::move(below));
  return FilterOver(WithInputs(*relation, {input}), std::move(above));
}

RelationPtr Push(const RelationPtr& relation, std::vector<ExprPtr> conditions) {
  if (const auto* filter = relation->As<sql::FilterRelation>()) {
    std::vector<ExprPtr> own;
    SplitAnd(filter->condition, own);
    own.insert(own.end(), conditions.begin(), conditions.end());
    return Push(relation->inputs[0], std::move(own));
  }
  if (relation->As<sql::ProjectRelation>() != nullptr) return PushThroughProject(relation, std::move(conditions));
  if (relation->As<sql::JoinRelation>() != nullptr) return PushThroughJoin(relation, std::move(conditions));
  if (relation->As<sql::AggregateRelation>() != nullptr) return PushThroughAggregate(relation, std::move(conditions));
  if (const auto* set = relation->As<sql::SetRelation>();
      set != nullptr && set->kind == sql::SetKind::kUnion && AllDeterministic(conditions)) {
    return PushBelow(relation, std::move(conditions), static_cast<int32_t>(relation->schema.size()));
  }
  if (relation->As<sql::WindowTvfRelation>() != nullptr || relation->As<sql::CorrelateRelation>() != nullptr) {
    return PushBelow(relation, std::move(conditions), static_cast<int32_t>(relation->inputs[0]->schema.size()));
  }
  std::vector<RelationPtr> inputs;
  for (const RelationPtr& input : relation->inputs) inputs.push_back(Push(input, {}));
  return FilterOver(WithInputs(*relation, std::move(inputs)), std::move(conditions));
}

}  // namespace

RelationPtr PushFilters(const RelationPtr& root) { return Push(root, {}); }

}  // namespace millrace::plan
