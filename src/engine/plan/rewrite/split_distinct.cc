// COUNT(DISTINCT x) in two steps, for skewed groups (table.optimizer.distinct-agg.split.enabled): groups are split into
// buckets by a hash of x, and the buckets' results are put together.
#include <fmt/format.h>

#include <algorithm>

#include "engine/plan/rewrite/rewrite.h"

namespace millrace::plan {
namespace {

using functions::AggregateCall;
using functions::AggregateFunction;
using functions::ExprPtr;

// What puts the buckets' results of a function together; null when it cannot be split.
const AggregateFunction* FinalOf(const AggregateFunction& function) {
  std::string_view name = function.name;
  if (name == "COUNT") return functions::FindAggregateFunction("$SUM0");
  bool same = name == "SUM" || name == "$SUM0" || name == "MIN" || name == "MAX" || name == "FIRST_VALUE" ||
              name == "LAST_VALUE";
  return same ? &function : nullptr;
}

bool CanMerge(const AggregateCall& call) {
  return call.function->name != "FIRST_VALUE" && call.function->name != "LAST_VALUE";
}

// Windows are aggregated by operators of their own.
bool StandsOverWindow(const Relation& relation) {
  if (relation.As<sql::WindowTvfRelation>() != nullptr) return true;
  bool passes = relation.As<sql::ProjectRelation>() != nullptr || relation.As<sql::FilterRelation>() != nullptr ||
                relation.As<sql::AggregateRelation>() != nullptr;
  return passes && StandsOverWindow(*relation.inputs[0]);
}

// The columns that buckets are made by: what all distinct calls are over. Empty: there is nothing to split.
std::vector<int32_t> BucketColumns(const sql::AggregateRelation& aggregate, const Relation& input) {
  const auto* project = input.As<sql::ProjectRelation>();
  auto same = [&](int32_t a, int32_t b) {
    return a == b || (project != nullptr && functions::SameExpr(*project->exprs[static_cast<size_t>(a)],
                                                                *project->exprs[static_cast<size_t>(b)]));
  };
  std::vector<int32_t> columns;
  for (const AggregateCall& call : aggregate.calls) {
    if (FinalOf(*call.function) == nullptr) return {};
    if (!call.distinct) continue;
    std::vector<int32_t> own;
    for (int32_t column : call.args) {
      bool key = std::any_of(aggregate.keys.begin(), aggregate.keys.end(), [&](int32_t k) { return same(column, k); });
      if (!key) own.push_back(column);
    }
    if (own.empty() || (!columns.empty() && own != columns)) return {};
    columns = std::move(own);
  }
  return columns;
}

// The input with MOD(HASH_CODE(column), buckets) for each of the columns at its end.
RelationPtr WithBuckets(const RelationPtr& input, const std::vector<int32_t>& columns, int64_t buckets) {
  const functions::ScalarFunction* hash = functions::FindScalarFunction("HASH_CODE");
  const functions::ScalarFunction* mod = functions::FindScalarFunction("MOD");
  if (hash == nullptr || mod == nullptr) return nullptr;
  std::vector<ExprPtr> exprs = IdentityExprs(input->schema);
  Schema schema = input->schema;
  ExprPtr count = functions::MakeLiteral(Value::Int(buckets), DataType::Int().NotNull());
  for (int32_t column : columns) {
    const DataType& type = input->schema[static_cast<size_t>(column)].type;
    DataType bucket = DataType::Int().WithNullable(type.nullable());
    ExprPtr code = functions::MakeCall(hash, {functions::MakeColumn(column, type)}, bucket);
    exprs.push_back(functions::MakeCall(mod, {std::move(code), count}, bucket));
    schema.fields.push_back({fmt::format("$f{}", schema.size()), bucket, ""});
  }
  return sql::MakeRelation(sql::ProjectRelation{std::move(exprs)}, {input}, std::move(schema));
}

struct Settings {
  int64_t buckets = 1024;
  bool incremental = false;  // bundles are aggregated in steps without changes between them, where they can be merged
};

RelationPtr Split(const Relation& relation, const RelationPtr& input, const Settings& settings) {
  const auto& aggregate = *relation.As<sql::AggregateRelation>();
  if (settings.incremental && std::all_of(aggregate.calls.begin(), aggregate.calls.end(), CanMerge)) return nullptr;
  if (aggregate.group_window || !aggregate.grouping_sets.empty() || StandsOverWindow(*input)) return nullptr;
  std::vector<int32_t> columns = BucketColumns(aggregate, *input);
  if (columns.empty()) return nullptr;
  RelationPtr bucketed = WithBuckets(input, columns, settings.buckets);
  if (bucketed == nullptr) return nullptr;
  size_t keys = aggregate.keys.size();
  sql::AggregateRelation partial = aggregate;
  Schema partial_schema;
  for (size_t i = 0; i < keys; ++i) partial_schema.fields.push_back(relation.schema[i]);
  for (size_t i = input->schema.size(); i < bucketed->schema.size(); ++i) {
    partial.keys.push_back(static_cast<int32_t>(i));
    partial_schema.fields.push_back(bucketed->schema[i]);
  }
  sql::AggregateRelation final;
  for (size_t i = 0; i < keys; ++i) final.keys.push_back(static_cast<int32_t>(i));
  final.state_ttl_ms = aggregate.state_ttl_ms;
  for (const AggregateCall& call : aggregate.calls) {
    AggregateCall together = call;
    together.function = FinalOf(*call.function);
    together.args = {static_cast<int32_t>(partial_schema.size())};
    together.arg_types = {call.type};
    together.literals = {Value::Null()};
    together.distinct = false;
    together.filter = -1;
    final.calls.push_back(std::move(together));
    partial_schema.fields.push_back({call.name, call.type, ""});
  }
  RelationPtr parts = sql::MakeRelation(std::move(partial), {bucketed}, std::move(partial_schema));
  return sql::MakeRelation(std::move(final), {parts}, relation.schema);
}

RelationPtr SplitAll(const RelationPtr& root, const Settings& settings) {
  std::vector<RelationPtr> inputs;
  for (const RelationPtr& input : root->inputs) inputs.push_back(SplitAll(input, settings));
  if (root->As<sql::AggregateRelation>() != nullptr) {
    if (RelationPtr split = Split(*root, inputs[0], settings); split != nullptr) return split;
  }
  return WithInputs(*root, std::move(inputs));
}

}  // namespace

RelationPtr SplitDistinct(const RelationPtr& root, const PlanContext& context) {
  if (context.batch || !context.GetBool("table.optimizer.distinct-agg.split.enabled", false)) return root;
  auto buckets = ParseLong(context.Get("table.optimizer.distinct-agg.split.bucket-num", "1024"));
  Settings settings;
  if (buckets.ok() && *buckets > 0) settings.buckets = *buckets;
  settings.incremental = context.GetBool("table.exec.mini-batch.enabled", false) &&
                         context.Get("table.optimizer.agg-phase-strategy", "AUTO") != "ONE_PHASE" &&
                         context.GetBool("table.optimizer.incremental-agg-enabled", true);
  return SplitAll(root, settings);
}

}  // namespace millrace::plan
