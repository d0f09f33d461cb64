// Columns that no one reads are not made, down to the scans.
#include <algorithm>

#include "engine/plan/rewrite/rewrite.h"

namespace millrace::plan {
namespace {

using functions::ExprKind;
using functions::ExprPtr;

// A node that makes at least the needed columns; map[old] is the new position, or -1.
struct Pruned {
  RelationPtr relation;
  std::vector<int32_t> map;
};

Pruned Prune(const RelationPtr& relation, std::vector<bool> needed);

ExprPtr Renumber(const ExprPtr& expr, const std::vector<int32_t>& map) {
  if (expr->kind == ExprKind::kColumn) return functions::MakeColumn(map[static_cast<size_t>(expr->index)], expr->type);
  if (expr->args.empty()) return expr;
  auto copy = std::make_shared<functions::Expr>(*expr);
  for (ExprPtr& arg : copy->args) arg = Renumber(arg, map);
  return copy;
}

void RenumberAll(std::vector<int32_t>& columns, const std::vector<int32_t>& map) {
  for (int32_t& column : columns) column = map[static_cast<size_t>(column)];
}

void RenumberSort(std::vector<sql::SortColumn>& keys, const std::vector<int32_t>& map) {
  for (sql::SortColumn& key : keys) key.column = map[static_cast<size_t>(key.column)];
}

void Need(std::vector<bool>& needed, const std::vector<int32_t>& columns) {
  for (int32_t column : columns) needed[static_cast<size_t>(column)] = true;
}

void NeedSort(std::vector<bool>& needed, const std::vector<sql::SortColumn>& keys) {
  for (const sql::SortColumn& key : keys) needed[static_cast<size_t>(key.column)] = true;
}

std::vector<bool> AllOf(const RelationPtr& relation) { return std::vector<bool>(relation->schema.size(), true); }

std::vector<int32_t> IdentityMap(size_t width) {
  std::vector<int32_t> map(width);
  for (size_t i = 0; i < width; ++i) map[i] = static_cast<int32_t>(i);
  return map;
}

// The schema of a node that passes its input on: the input's columns with the node's own names and types.
Schema PassedSchema(const Schema& old, const Pruned& input, size_t input_width) {
  Schema schema = input.relation->schema;
  for (size_t i = 0; i < input_width; ++i) {
    if (input.map[i] >= 0) schema.fields[static_cast<size_t>(input.map[i])] = old[i];
  }
  return schema;
}

// map for a node that appends columns [input_width, width) to its input's.
std::vector<int32_t> AppendedMap(const Pruned& input, size_t input_width, size_t width) {
  std::vector<int32_t> map = input.map;
  auto next = static_cast<int32_t>(input.relation->schema.size());
  for (size_t i = input_width; i < width; ++i) map.push_back(next++);
  return map;
}

Pruned PruneScan(const RelationPtr& relation, const std::vector<bool>& needed) {
  sql::ScanRelation scan = *relation->As<sql::ScanRelation>();
  Pruned result;
  Schema schema;
  std::vector<int32_t> columns;
  for (size_t i = 0; i < needed.size(); ++i) {
    result.map.push_back(needed[i] ? static_cast<int32_t>(columns.size()) : -1);
    if (!needed[i]) continue;
    columns.push_back(scan.pruned ? scan.columns[i] : static_cast<int32_t>(i));
    schema.fields.push_back(relation->schema[i]);
  }
  scan.pruned = true;
  scan.columns = std::move(columns);
  result.relation = sql::MakeRelation(std::move(scan), {}, std::move(schema));
  return result;
}

Pruned PruneProject(const RelationPtr& relation, const std::vector<bool>& needed) {
  const std::vector<ExprPtr>& exprs = relation->As<sql::ProjectRelation>()->exprs;
  std::vector<bool> below(relation->inputs[0]->schema.size(), false);
  for (size_t i = 0; i < exprs.size(); ++i) {
    if (needed[i]) functions::CollectColumns(*exprs[i], below);
  }
  Pruned input = Prune(relation->inputs[0], std::move(below));
  Pruned result;
  std::vector<ExprPtr> kept;
  Schema schema;
  for (size_t i = 0; i < exprs.size(); ++i) {
    result.map.push_back(needed[i] ? static_cast<int32_t>(kept.size()) : -1);
    if (!needed[i]) continue;
    kept.push_back(Renumber(exprs[i], input.map));
    schema.fields.push_back(relation->schema[i]);
  }
  result.relation = sql::MakeRelation(sql::ProjectRelation{std::move(kept)}, {input.relation}, std::move(schema));
  return result;
}

Pruned PruneAggregate(const RelationPtr& relation, const std::vector<bool>& needed) {
  sql::AggregateRelation aggregate = *relation->As<sql::AggregateRelation>();
  size_t first_call = aggregate.keys.size() + (aggregate.grouping_sets.empty() ? 0 : 1);
  size_t first_property = first_call + aggregate.calls.size();
  std::vector<bool> below(relation->inputs[0]->schema.size(), false);
  Need(below, aggregate.keys);
  Pruned result;
  Schema schema;
  std::vector<functions::AggregateCall> calls;
  bool keep_all = aggregate.keys.empty() && std::none_of(needed.begin(), needed.end(), [](bool n) { return n; });
  for (size_t i = 0; i < relation->schema.size(); ++i) {
    bool is_call = i >= first_call && i < first_property;
    bool keep = !is_call || needed[i] || keep_all;
    result.map.push_back(keep ? static_cast<int32_t>(schema.size()) : -1);
    if (!keep) continue;
    schema.fields.push_back(relation->schema[i]);
    if (!is_call) continue;
    const functions::AggregateCall& call = aggregate.calls[i - first_call];
    Need(below, call.args);
    if (call.filter >= 0) below[static_cast<size_t>(call.filter)] = true;
    calls.push_back(call);
  }
  if (aggregate.group_window) below[static_cast<size_t>(aggregate.window.time_column)] = true;
  Pruned input = Prune(relation->inputs[0], std::move(below));
  RenumberAll(aggregate.keys, input.map);
  for (functions::AggregateCall& call : calls) {
    RenumberAll(call.args, input.map);
    if (call.filter >= 0) call.filter = input.map[static_cast<size_t>(call.filter)];
  }
  if (aggregate.group_window)
    aggregate.window.time_column = input.map[static_cast<size_t>(aggregate.window.time_column)];
  aggregate.calls = std::move(calls);
  result.relation = sql::MakeRelation(std::move(aggregate), {input.relation}, std::move(schema));
  return result;
}

Pruned PruneJoin(const RelationPtr& relation, const std::vector<bool>& needed) {
  sql::JoinRelation join = *relation->As<sql::JoinRelation>();
  size_t left_width = relation->inputs[0]->schema.size();
  size_t right_width = relation->inputs[1]->schema.size();
  std::vector<bool> both = needed;
  both.resize(left_width + right_width, false);
  functions::CollectColumns(*join.condition, both);
  auto middle = both.begin() + static_cast<ptrdiff_t>(left_width);
  Pruned left = Prune(relation->inputs[0], std::vector<bool>(both.begin(), middle));
  Pruned right = Prune(relation->inputs[1], std::vector<bool>(middle, both.end()));
  auto shift = static_cast<int32_t>(left.relation->schema.size());
  std::vector<int32_t> map = left.map;
  for (int32_t position : right.map) map.push_back(position < 0 ? -1 : position + shift);
  join.condition = Renumber(join.condition, map);
  bool only_left = join.kind == sql::JoinKind::kSemi || join.kind == sql::JoinKind::kAnti;
  Schema schema = left.relation->schema;
  if (!only_left)
    schema.fields.insert(schema.fields.end(), right.relation->schema.fields.begin(),
                         right.relation->schema.fields.end());
  if (only_left) map.resize(left_width);
  for (size_t i = 0; i < map.size(); ++i) {
    if (map[i] >= 0) schema.fields[static_cast<size_t>(map[i])] = relation->schema[i];
  }
  if (!only_left) {
    // Columns that are kept below though nobody needs them still take the join's nullability.
    bool left_nullable = join.kind == sql::JoinKind::kRight || join.kind == sql::JoinKind::kFull;
    bool right_nullable = join.kind == sql::JoinKind::kLeft || join.kind == sql::JoinKind::kFull;
    for (size_t i = 0; i < schema.size(); ++i) {
      if (static_cast<int32_t>(i) < shift ? left_nullable : right_nullable)
        schema.fields[i].type = schema.fields[i].type.Nullable();
    }
  }
  return {sql::MakeRelation(std::move(join), {left.relation, right.relation}, std::move(schema)), std::move(map)};
}

Pruned PruneUnion(const RelationPtr& relation, const std::vector<bool>& needed) {
  Pruned result;
  Schema schema;
  for (size_t i = 0; i < needed.size(); ++i) {
    result.map.push_back(needed[i] ? static_cast<int32_t>(schema.size()) : -1);
    if (needed[i]) schema.fields.push_back(relation->schema[i]);
  }
  std::vector<RelationPtr> inputs;
  for (const RelationPtr& input : relation->inputs) {
    Pruned pruned = Prune(input, needed);
    std::vector<ExprPtr> exprs;
    Schema own;
    for (size_t i = 0; i < needed.size(); ++i) {
      if (!needed[i]) continue;
      exprs.push_back(functions::MakeColumn(pruned.map[i], input->schema[i].type));
      own.fields.push_back(input->schema[i]);
    }
    inputs.push_back(sql::MakeRelation(sql::ProjectRelation{std::move(exprs)}, {pruned.relation}, std::move(own)));
  }
  result.relation = sql::MakeRelation(relation->spec, std::move(inputs), std::move(schema));
  return result;
}

Pruned PruneFilter(const RelationPtr& relation, std::vector<bool> needed) {
  ExprPtr condition = relation->As<sql::FilterRelation>()->condition;
  functions::CollectColumns(*condition, needed);
  Pruned input = Prune(relation->inputs[0], std::move(needed));
  Schema schema = PassedSchema(relation->schema, input, relation->schema.size());
  return {sql::MakeRelation(sql::FilterRelation{Renumber(condition, input.map)}, {input.relation}, std::move(schema)),
          input.map};
}

Pruned PruneWatermark(const RelationPtr& relation, std::vector<bool> needed) {
  sql::WatermarkRelation watermark = *relation->As<sql::WatermarkRelation>();
  functions::CollectColumns(*watermark.watermark, needed);
  needed[static_cast<size_t>(watermark.rowtime)] = true;
  Pruned input = Prune(relation->inputs[0], std::move(needed));
  watermark.watermark = Renumber(watermark.watermark, input.map);
  watermark.rowtime = input.map[static_cast<size_t>(watermark.rowtime)];
  Schema schema = PassedSchema(relation->schema, input, relation->schema.size());
  return {sql::MakeRelation(std::move(watermark), {input.relation}, std::move(schema)), input.map};
}

Pruned PruneWindow(const RelationPtr& relation, const std::vector<bool>& needed) {
  sql::WindowTvfRelation tvf = *relation->As<sql::WindowTvfRelation>();
  size_t width = relation->inputs[0]->schema.size();
  std::vector<bool> below(needed.begin(), needed.begin() + static_cast<ptrdiff_t>(width));
  Need(below, tvf.partition_keys);
  below[static_cast<size_t>(tvf.window.time_column)] = true;
  Pruned input = Prune(relation->inputs[0], std::move(below));
  RenumberAll(tvf.partition_keys, input.map);
  tvf.window.time_column = input.map[static_cast<size_t>(tvf.window.time_column)];
  Schema schema = PassedSchema(relation->schema, input, width);
  for (size_t i = width; i < relation->schema.size(); ++i) schema.fields.push_back(relation->schema[i]);
  std::vector<int32_t> map = AppendedMap(input, width, relation->schema.size());
  return {sql::MakeRelation(std::move(tvf), {input.relation}, std::move(schema)), std::move(map)};
}

Pruned PruneSort(const RelationPtr& relation, std::vector<bool> needed) {
  sql::SortRelation sort = *relation->As<sql::SortRelation>();
  NeedSort(needed, sort.keys);
  Pruned input = Prune(relation->inputs[0], std::move(needed));
  RenumberSort(sort.keys, input.map);
  Schema schema = PassedSchema(relation->schema, input, relation->schema.size());
  return {sql::MakeRelation(std::move(sort), {input.relation}, std::move(schema)), input.map};
}

Pruned PruneOver(const RelationPtr& relation, const std::vector<bool>& needed) {
  sql::OverRelation over = *relation->As<sql::OverRelation>();
  size_t width = relation->inputs[0]->schema.size();
  std::vector<bool> below(needed.begin(), needed.begin() + static_cast<ptrdiff_t>(width));
  std::vector<sql::OverRelation::Call> calls;
  std::vector<size_t> kept;
  for (size_t i = 0; i < over.calls.size(); ++i) {
    if (!needed[width + i]) continue;
    Need(below, over.calls[i].aggregate.args);
    if (over.calls[i].aggregate.filter >= 0) below[static_cast<size_t>(over.calls[i].aggregate.filter)] = true;
    calls.push_back(over.calls[i]);
    kept.push_back(width + i);
  }
  if (calls.empty()) {
    Pruned input = Prune(relation->inputs[0], std::move(below));
    input.map.resize(relation->schema.size(), -1);
    return input;
  }
  Need(below, over.partition_keys);
  NeedSort(below, over.order_keys);
  Pruned input = Prune(relation->inputs[0], std::move(below));
  RenumberAll(over.partition_keys, input.map);
  RenumberSort(over.order_keys, input.map);
  for (sql::OverRelation::Call& call : calls) {
    RenumberAll(call.aggregate.args, input.map);
    if (call.aggregate.filter >= 0) call.aggregate.filter = input.map[static_cast<size_t>(call.aggregate.filter)];
  }
  over.calls = std::move(calls);
  Schema schema = PassedSchema(relation->schema, input, width);
  std::vector<int32_t> map = input.map;
  map.resize(relation->schema.size(), -1);
  for (size_t old : kept) {
    map[old] = static_cast<int32_t>(schema.size());
    schema.fields.push_back(relation->schema[old]);
  }
  return {sql::MakeRelation(std::move(over), {input.relation}, std::move(schema)), std::move(map)};
}

Pruned PruneRank(const RelationPtr& relation, const std::vector<bool>& needed) {
  sql::RankRelation rank = *relation->As<sql::RankRelation>();
  size_t width = relation->inputs[0]->schema.size();
  std::vector<bool> below(needed.begin(), needed.begin() + static_cast<ptrdiff_t>(width));
  Need(below, rank.partition_keys);
  NeedSort(below, rank.order_keys);
  Pruned input = Prune(relation->inputs[0], std::move(below));
  RenumberAll(rank.partition_keys, input.map);
  RenumberSort(rank.order_keys, input.map);
  bool had_rank = rank.output_rank;
  rank.output_rank = had_rank && needed[width];
  Schema schema = PassedSchema(relation->schema, input, width);
  std::vector<int32_t> map = input.map;
  if (had_rank) map.push_back(rank.output_rank ? static_cast<int32_t>(schema.size()) : -1);
  if (rank.output_rank) schema.fields.push_back(relation->schema[width]);
  return {sql::MakeRelation(std::move(rank), {input.relation}, std::move(schema)), std::move(map)};
}

Pruned PruneCorrelate(const RelationPtr& relation, const std::vector<bool>& needed) {
  sql::CorrelateRelation correlate = *relation->As<sql::CorrelateRelation>();
  size_t width = relation->inputs[0]->schema.size();
  std::vector<bool> below(needed.begin(), needed.begin() + static_cast<ptrdiff_t>(width));
  for (const ExprPtr& argument : correlate.arguments) functions::CollectColumns(*argument, below);
  Pruned input = Prune(relation->inputs[0], std::move(below));
  for (ExprPtr& argument : correlate.arguments) argument = Renumber(argument, input.map);
  Schema schema = PassedSchema(relation->schema, input, width);
  for (size_t i = width; i < relation->schema.size(); ++i) schema.fields.push_back(relation->schema[i]);
  std::vector<int32_t> map = AppendedMap(input, width, relation->schema.size());
  if (correlate.condition) correlate.condition = Renumber(correlate.condition, map);
  return {sql::MakeRelation(std::move(correlate), {input.relation}, std::move(schema)), std::move(map)};
}

// A node that needs every column of every input.
Pruned KeepAll(const RelationPtr& relation) {
  std::vector<RelationPtr> inputs;
  for (const RelationPtr& input : relation->inputs) {
    Pruned pruned = Prune(input, AllOf(input));
    std::vector<ExprPtr> exprs;
    for (size_t i = 0; i < input->schema.size(); ++i)
      exprs.push_back(functions::MakeColumn(pruned.map[i], input->schema[i].type));
    inputs.push_back(sql::MakeRelation(sql::ProjectRelation{std::move(exprs)}, {pruned.relation}, input->schema));
  }
  return {WithInputs(*relation, std::move(inputs)), IdentityMap(relation->schema.size())};
}

struct Dispatch {
  const RelationPtr& relation;
  const std::vector<bool>& needed;

  Pruned operator()(const sql::ScanRelation&) const { return PruneScan(relation, needed); }
  Pruned operator()(const sql::ValuesRelation&) const { return {relation, IdentityMap(relation->schema.size())}; }
  Pruned operator()(const sql::ProjectRelation&) const { return PruneProject(relation, needed); }
  Pruned operator()(const sql::FilterRelation&) const { return PruneFilter(relation, needed); }
  Pruned operator()(const sql::WatermarkRelation&) const { return PruneWatermark(relation, needed); }
  Pruned operator()(const sql::WindowTvfRelation&) const { return PruneWindow(relation, needed); }
  Pruned operator()(const sql::AggregateRelation&) const { return PruneAggregate(relation, needed); }
  Pruned operator()(const sql::JoinRelation&) const { return PruneJoin(relation, needed); }
  Pruned operator()(const sql::CorrelateRelation&) const { return PruneCorrelate(relation, needed); }
  Pruned operator()(const sql::SetRelation&) const { return PruneUnion(relation, needed); }
  Pruned operator()(const sql::SortRelation&) const { return PruneSort(relation, needed); }
  Pruned operator()(const sql::OverRelation&) const { return PruneOver(relation, needed); }
  Pruned operator()(const sql::RankRelation&) const { return PruneRank(relation, needed); }
  Pruned operator()(const sql::TemporalRelation&) const { return KeepAll(relation); }
  Pruned operator()(const sql::MatchRelation&) const { return KeepAll(relation); }
  Pruned operator()(const sql::RefusedRelation&) const { return KeepAll(relation); }
  Pruned operator()(const sql::SinkRelation&) const { return KeepAll(relation); }
};

Pruned Prune(const RelationPtr& relation, std::vector<bool> needed) {
  return std::visit(Dispatch{relation, needed}, relation->spec);
}

}  // namespace

RelationPtr PruneColumns(const RelationPtr& root) {
  Pruned pruned = Prune(root, AllOf(root));
  std::vector<ExprPtr> exprs;
  for (size_t i = 0; i < root->schema.size(); ++i)
    exprs.push_back(functions::MakeColumn(pruned.map[i], root->schema[i].type));
  if (root->As<sql::SinkRelation>() != nullptr) return pruned.relation;
  return sql::MakeRelation(sql::ProjectRelation{std::move(exprs)}, {pruned.relation}, root->schema);
}

}  // namespace millrace::plan
