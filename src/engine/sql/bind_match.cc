// MATCH_RECOGNIZE: the names and types of what it gives, and the checks that come before a plan. There is no operator
// yet: planning refuses it.
#include <fmt/format.h>

#include <algorithm>

#include "engine/sql/ast_walk.h"
#include "engine/sql/query_binder.h"

namespace millrace::sql {
namespace {

// Stands for a value that only a running match has: its type is what counts.
BoundExpr OfType(DataType type) { return functions::MakeLiteral(Value::Null(), std::move(type)); }

bool IsNavigation(Op op) { return op == Op::kFirst || op == Op::kLast || op == Op::kPrev || op == Op::kNext; }

// The variables of a pattern, each once.
Status CollectVariables(const Expr& pattern, std::set<std::string>& variables) {
  if (const auto* name = As<Identifier>(pattern)) {
    if (variables.insert(PathOf(*name).back()).second) return Status::Ok();
    return ValidationError(fmt::format("Pattern variables must be unique: '{}' stands twice", PathOf(*name).back()),
                           pattern.range);
  }
  const auto* call = As<Call>(pattern);
  if (call == nullptr) return Status::Ok();
  size_t patterns = call->op == Op::kPatternQuantifier ? 1 : call->operands.size();
  for (size_t i = 0; i < patterns; ++i) MR_RETURN_IF_ERROR(CollectVariables(*call->operands[i], variables));
  return Status::Ok();
}

int64_t BoundOf(const Expr& bound) {
  const auto* literal = As<Literal>(bound);
  auto value = literal == nullptr ? Result<int64_t>(int64_t{1}) : ParseLong(literal->text);
  if (!value.ok()) return 1;
  return literal != nullptr && literal->negative ? -*value : *value;
}

// What Flink's pattern library cannot do.
Status CheckPattern(const Expr& pattern, bool last) {
  const auto* call = As<Call>(pattern);
  if (call == nullptr) return Status::Ok();
  if (call->op == Op::kPatternConcat) {
    for (size_t i = 0; i < call->operands.size(); ++i)
      MR_RETURN_IF_ERROR(CheckPattern(*call->operands[i], last && i + 1 == call->operands.size()));
    return Status::Ok();
  }
  if (call->op != Op::kPatternQuantifier) {
    std::string_view what = call->op == Op::kPatternPermute     ? "PERMUTE patterns"
                            : call->op == Op::kPatternExclude   ? "'{-' '-}' patterns"
                            : call->op == Op::kPatternAlternate ? "branching patterns"
                                                                : "this pattern";
    return ValidationError(fmt::format("Expression not supported: CEP doesn't support {}", what), pattern.range);
  }
  if (As<Identifier>(call->operands[0].get()) == nullptr)
    return ValidationError("Expression not supported: Group patterns are not supported yet", pattern.range);
  int64_t least = BoundOf(*call->operands[1]);
  int64_t most = BoundOf(*call->operands[2]);
  const auto* mode = As<Literal>(call->operands[3].get());
  bool reluctant = mode != nullptr && mode->text == "TRUE";
  bool optional = least == 0 && most == 1;
  if (optional && reluctant)
    return ValidationError("Reluctant optional variables are not supported yet", pattern.range);
  if (last && !reluctant && !optional && least != most) {
    return ValidationError("Greedy quantifiers are not allowed as the last element of a Pattern yet", pattern.range,
                           "end the pattern with a plain variable or a reluctant quantifier");
  }
  return Status::Ok();
}

// A pattern of which nothing has to be there would match no row.
bool MayBeEmpty(const Expr& pattern) {
  const auto* call = As<Call>(pattern);
  if (call == nullptr) return false;
  if (call->op == Op::kPatternQuantifier) return BoundOf(*call->operands[1]) == 0 || MayBeEmpty(*call->operands[0]);
  return std::all_of(call->operands.begin(), call->operands.end(),
                     [](const ExprPtr& operand) { return MayBeEmpty(*operand); });
}

class MatchBinder {
 public:
  MatchBinder(const MatchRecognize& match, const Block& input, const BindContext& context)
      : match_(match), input_(input) {
    names_ = input.scope;
    scope_.context = &context;
    scope_.scope = &names_;
  }
  Result<Block> Bind(const Scope* outer);

 private:
  Status CheckShape();
  Result<int32_t> Column(const Expr& expr, std::string_view clause);
  Result<BoundExpr> BindValue(const Expr& expr);
  Status Replace(const Expr& expr);
  Result<DataType> AggregateType(const Call& call);
  Result<DataType> RowtimeType(const Call& call);

  const MatchRecognize& match_;
  const Block& input_;
  Scope names_;
  ExprScope scope_;
  DataType order_type_;
};

Result<int32_t> MatchBinder::Column(const Expr& expr, std::string_view clause) {
  MR_ASSIGN(BoundExpr bound, BindExpr(expr, scope_));
  if (bound->kind == functions::ExprKind::kColumn) return bound->index;
  return ValidationError(fmt::format("{} of MATCH_RECOGNIZE takes columns", clause), expr.range);
}

Result<DataType> MatchBinder::RowtimeType(const Call& call) {
  if (call.operands.size() > 1) {
    return ValidationError("Invalid number of arguments to function 'MATCH_ROWTIME'. Was expecting 0 or 1 arguments",
                           call.range, "write MATCH_ROWTIME() or MATCH_ROWTIME(rowtime_column)");
  }
  if (call.operands.empty()) {
    if (order_type_.Is(TypeKind::kTimestampLtz) && order_type_.time_attribute() == TimeAttribute::kRowtime) {
      return ValidationError(
          "MATCH_ROWTIME(rowtimeField) should be used when input stream contains rowtime attribute with TIMESTAMP_LTZ "
          "type",
          call.range, "pass the rowtime attribute to MATCH_ROWTIME");
    }
    return DataType::Timestamp(3).NotNull().WithTimeAttribute(TimeAttribute::kRowtime);
  }
  if (As<Identifier>(call.operands[0].get()) == nullptr) {
    return ValidationError(
        "The function MATCH_ROWTIME requires a field reference as argument, but actual argument is not a simple field "
        "reference",
        call.operands[0]->range, "name the rowtime attribute");
  }
  MR_ASSIGN(BoundExpr argument, BindExpr(*call.operands[0], scope_));
  if (argument->type.time_attribute() == TimeAttribute::kRowtime) return argument->type;
  return ValidationError(
      fmt::format("The function MATCH_ROWTIME requires argument to be a row time attribute type, but is '{}'",
                  argument->type.ToString()),
      call.operands[0]->range, "name the column that has the WATERMARK");
}

Result<DataType> MatchBinder::AggregateType(const Call& call) {
  if (call.quantifier == SetQuantifier::kDistinct) {
    return ValidationError(fmt::format("DISTINCT cannot stand in {} of MATCH_RECOGNIZE", call.FunctionName()),
                           call.range);
  }
  const functions::AggregateFunction* function = functions::FindAggregateFunction(call.FunctionName());
  functions::CallTypes types;
  types.name = function->name;
  for (const ExprPtr& operand : call.operands) {
    const auto* star = As<Identifier>(operand.get());
    if (star != nullptr && star->star) continue;
    MR_ASSIGN(BoundExpr argument, BindExpr(*operand, scope_));
    types.types.push_back(argument->type);
    types.literals.push_back(nullptr);
  }
  auto type = function->infer(types);
  if (type.ok()) return *type;
  Error error = type.error();
  error.range = call.range;
  return error;
}

// Calls that mean something only within a match become values of their type.
Status MatchBinder::Replace(const Expr& expr) {
  const auto* call = As<Call>(expr);
  if (call == nullptr) return Status::Ok();
  if (call->op == Op::kRunning || call->op == Op::kFinal || IsNavigation(call->op)) {
    MR_ASSIGN(BoundExpr value, BindValue(*call->operands[0]));
    scope_.replaced[call] = OfType(value->type);
    return Status::Ok();
  }
  if (call->op == Op::kClassifier) {
    scope_.replaced[call] = OfType(DataType::String().NotNull());
    return Status::Ok();
  }
  if (call->op == Op::kMatchNumber) {
    scope_.replaced[call] = OfType(DataType::Bigint().NotNull());
    return Status::Ok();
  }
  if (call->op != Op::kFunction) return Status::Ok();
  std::string name = call->FunctionName();
  if (name == "MATCH_ROWTIME") {
    MR_ASSIGN(DataType type, RowtimeType(*call));
    scope_.replaced[call] = OfType(std::move(type));
  } else if (name == "MATCH_PROCTIME") {
    if (!call->operands.empty())
      return ValidationError("Invalid number of arguments to function 'MATCH_PROCTIME'", call->range);
    scope_.replaced[call] = OfType(DataType::TimestampLtz(3).NotNull().WithTimeAttribute(TimeAttribute::kProctime));
  } else if (functions::FindAggregateFunction(name) != nullptr) {
    MR_ASSIGN(DataType type, AggregateType(*call));
    scope_.replaced[call] = OfType(type.Nullable());
  }
  return Status::Ok();
}

Result<BoundExpr> MatchBinder::BindValue(const Expr& expr) {
  Status status;
  WalkExpr(expr, [&](const Expr& node) {
    if (!status.ok()) return false;
    status = Replace(node);
    return status.ok() && !scope_.replaced.contains(&node);
  });
  MR_RETURN_IF_ERROR(status);
  return BindExpr(expr, scope_);
}

Status MatchBinder::CheckShape() {
  if (match_.rows_per_match == MatchRecognize::RowsPerMatch::kAllRows)
    return ValidationError("All rows per match mode is not supported yet", match_.range, "write ONE ROW PER MATCH");
  MR_RETURN_IF_ERROR(CollectVariables(*match_.pattern, names_.variables));
  for (const MatchRecognize::Subset& subset : match_.subsets) names_.variables.insert(PathOf(*subset.name).back());
  MR_RETURN_IF_ERROR(CheckPattern(*match_.pattern, true));
  if (MayBeEmpty(*match_.pattern)) {
    return ValidationError("Patterns that can produce empty matches are not supported", match_.pattern->range,
                           "there must be at least one variable that is not optional");
  }
  if (match_.skip_variable && !names_.variables.contains(PathOf(*match_.skip_variable).back())) {
    return ValidationError(fmt::format("Unknown pattern '{}'", PathOf(*match_.skip_variable).back()),
                           match_.skip_variable->range);
  }
  for (const AliasedExpr& definition : match_.definitions) {
    std::string name = PathOf(*definition.alias).back();
    if (!names_.variables.contains(name))
      return ValidationError(fmt::format("Unknown pattern '{}'", name), definition.alias->range);
  }
  return Status::Ok();
}

Result<Block> MatchBinder::Bind(const Scope* outer) {
  MR_RETURN_IF_ERROR(CheckShape());
  MatchRelation match;
  match.range = match_.range;
  Schema schema;
  for (const ExprPtr& key : match_.partition_by) {
    MR_ASSIGN(int32_t column, Column(*key, "PARTITION BY"));
    match.partition_keys.push_back(column);
    schema.fields.push_back(input_.relation->schema[static_cast<size_t>(column)]);
  }
  for (const OrderItem& key : match_.order_by) {
    MR_ASSIGN(int32_t column, Column(*key.expr, "ORDER BY"));
    match.order_keys.push_back({column, !key.descending, key.nulls_first.value_or(!key.descending)});
  }
  if (!match.order_keys.empty())
    order_type_ = input_.relation->schema[static_cast<size_t>(match.order_keys[0].column)].type;
  for (const AliasedExpr& definition : match_.definitions) {
    MR_ASSIGN(BoundExpr condition, BindValue(*definition.expr));
    if (!condition->type.Is(TypeKind::kBoolean))
      return ValidationError("DEFINE clause must be a condition", definition.expr->range);
  }
  for (const AliasedExpr& measure : match_.measures) {
    MR_ASSIGN(BoundExpr value, BindValue(*measure.expr));
    std::string name = PathOf(*measure.alias).back();
    if (schema.Find(name) >= 0) {
      return ValidationError(fmt::format("Columns ambiguously defined: {{{}}}", name), measure.alias->range,
                             "give the measure another name");
    }
    schema.fields.push_back({std::move(name), value->type, ""});
  }
  RelationPtr relation = MakeRelation(std::move(match), {input_.relation}, std::move(schema));
  return Block{relation, ScopeOf(*relation, {}, outer)};
}

}  // namespace

Result<Block> QueryBinder::BindMatch(const MatchRecognize& match, const Scope* outer) {
  MR_ASSIGN(Block input, BindFrom(*match.table, outer));
  return MatchBinder(match, input, context_).Bind(outer);
}

}  // namespace millrace::sql
