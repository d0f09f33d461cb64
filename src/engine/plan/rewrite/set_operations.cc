// INTERSECT, EXCEPT and the DISTINCT forms, in terms of unions, aggregates and joins.
#include <fmt/format.h>

#include "engine/plan/rewrite/rewrite.h"

namespace millrace::plan {
namespace {

using functions::ExprPtr;

RelationPtr Distinct(const RelationPtr& input) {
  sql::AggregateRelation aggregate;
  for (size_t i = 0; i < input->schema.size(); ++i) aggregate.keys.push_back(static_cast<int32_t>(i));
  return sql::MakeRelation(std::move(aggregate), {input}, input->schema);
}

// What Distinct() makes, or SELECT DISTINCT of all columns.
bool IsDistinct(const Relation& relation) {
  const auto* aggregate = relation.As<sql::AggregateRelation>();
  if (aggregate == nullptr || !aggregate->calls.empty() || aggregate->group_window ||
      !aggregate->grouping_sets.empty()) {
    return false;
  }
  if (aggregate->keys.size() != relation.inputs[0]->schema.size()) return false;
  for (size_t i = 0; i < aggregate->keys.size(); ++i) {
    if (aggregate->keys[i] != static_cast<int32_t>(i)) return false;
  }
  return true;
}

// Rows of left for which right has an equal row (NULLs equal), or has none.
Result<RelationPtr> SemiJoin(const RelationPtr& left, const RelationPtr& right, bool anti) {
  const functions::ScalarFunction* equal = functions::FindScalarFunction("IS NOT DISTINCT FROM");
  if (equal == nullptr) return InternalError("IS NOT DISTINCT FROM is missing");
  std::vector<ExprPtr> conditions;
  auto shift = static_cast<int32_t>(left->schema.size());
  for (size_t i = 0; i < left->schema.size(); ++i) {
    auto column = static_cast<int32_t>(i);
    conditions.push_back(functions::MakeCall(equal,
                                             {functions::MakeColumn(column, left->schema[i].type),
                                              functions::MakeColumn(column + shift, right->schema[i].type)},
                                             DataType::Boolean().NotNull()));
  }
  sql::JoinRelation join{anti ? sql::JoinKind::kAnti : sql::JoinKind::kSemi, functions::MakeAnd(std::move(conditions)),
                         -1, -1};
  return sql::MakeRelation(std::move(join), {left, right}, left->schema);
}

ExprPtr BigintLiteral(int64_t value) { return functions::MakeLiteral(Value::Int(value), DataType::Bigint().NotNull()); }

RelationPtr WithCounters(const RelationPtr& input, const Schema& schema, int64_t left, int64_t right) {
  std::vector<ExprPtr> exprs = IdentityExprs(input->schema);
  exprs.push_back(BigintLiteral(left));
  exprs.push_back(BigintLiteral(right));
  return sql::MakeRelation(sql::ProjectRelation{std::move(exprs)}, {input}, schema);
}

// The ALL forms: how often each row stands left and right, then as many copies as the operation says.
Result<RelationPtr> CountedRows(const Relation& set, const RelationPtr& left, const RelationPtr& right) {
  bool intersect = set.As<sql::SetRelation>()->kind == sql::SetKind::kIntersect;
  Schema counted = set.schema;
  counted.fields.push_back({"vcol_left", DataType::Bigint().NotNull(), ""});
  counted.fields.push_back({"vcol_right", DataType::Bigint().NotNull(), ""});
  RelationPtr both =
      sql::MakeRelation(sql::SetRelation{sql::SetKind::kUnion, true},
                        {WithCounters(left, counted, 1, 0), WithCounters(right, counted, 0, 1)}, counted);
  const functions::AggregateFunction* sum = functions::FindAggregateFunction("SUM");
  const functions::TableFunction* replicate = functions::FindTableFunction("REPLICATE_ROWS");
  const functions::ScalarFunction* minus = functions::FindScalarFunction("-");
  const functions::ScalarFunction* least = functions::FindScalarFunction("LEAST");
  if (sum == nullptr || replicate == nullptr || minus == nullptr || least == nullptr) {
    return UserError("sql.unsupported", "INTERSECT ALL and EXCEPT ALL", "leave out ALL, or use a join");
  }
  sql::AggregateRelation aggregate;
  auto width = static_cast<int32_t>(set.schema.size());
  for (int32_t i = 0; i < width; ++i) aggregate.keys.push_back(i);
  for (int32_t i = 0; i < 2; ++i) {
    functions::AggregateCall call;
    call.function = sum;
    call.args = {width + i};
    call.arg_types = {DataType::Bigint().NotNull()};
    call.literals = {Value::Null()};
    call.type = DataType::Bigint().NotNull();
    call.name = fmt::format("sum{}", i);
    aggregate.calls.push_back(std::move(call));
  }
  RelationPtr sums = sql::MakeRelation(std::move(aggregate), {both}, counted);
  ExprPtr a = functions::MakeColumn(width, DataType::Bigint().NotNull());
  ExprPtr b = functions::MakeColumn(width + 1, DataType::Bigint().NotNull());
  ExprPtr count = functions::MakeCall(intersect ? least : minus, {a, b}, DataType::Bigint().NotNull());
  sql::CorrelateRelation correlate;
  correlate.function = replicate;
  correlate.arguments = {count};
  Schema wide = counted;
  wide.fields.push_back({"EXPR$0", DataType::Bigint().NotNull(), ""});
  RelationPtr rows = sql::MakeRelation(std::move(correlate), {sums}, wide);
  std::vector<ExprPtr> exprs = IdentityExprs(set.schema);
  return sql::MakeRelation(sql::ProjectRelation{std::move(exprs)}, {rows}, set.schema);
}

}  // namespace

Result<RelationPtr> ExpandSetOperations(const RelationPtr& root) {
  std::vector<RelationPtr> inputs;
  for (const RelationPtr& input : root->inputs) {
    MR_ASSIGN(RelationPtr expanded, ExpandSetOperations(input));
    inputs.push_back(std::move(expanded));
  }
  const auto* set = root->As<sql::SetRelation>();
  if (set == nullptr) return WithInputs(*root, std::move(inputs));
  if (set->kind == sql::SetKind::kUnion) {
    for (RelationPtr& input : inputs) {  // duplicates go away above anyway
      while (!set->all && IsDistinct(*input)) input = input->inputs[0];
    }
    RelationPtr all = sql::MakeRelation(sql::SetRelation{sql::SetKind::kUnion, true}, std::move(inputs), root->schema);
    return set->all ? all : Distinct(all);
  }
  if (set->all) return CountedRows(*root, inputs[0], inputs[1]);
  MR_ASSIGN(RelationPtr kept, SemiJoin(inputs[0], inputs[1], set->kind == sql::SetKind::kExcept));
  return Distinct(kept);
}

}  // namespace millrace::plan
