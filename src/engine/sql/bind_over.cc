// OVER windows: ranking functions and aggregates whose results are appended to the rows.
#include <fmt/format.h>

#include <algorithm>

#include "engine/sql/ast_walk.h"
#include "engine/sql/query_binder.h"
#include "engine/sql/user_function.h"
#include "types/cast.h"

namespace millrace::sql {
namespace {

bool IsRankingName(std::string_view name) {
  constexpr std::string_view kNames[] = {"ROW_NUMBER", "RANK",  "DENSE_RANK", "PERCENT_RANK",
                                         "CUME_DIST",  "NTILE", "LAG",        "LEAD"};
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

struct OverCall {
  const Call* node = nullptr;
  OverRelation window;  // without calls
  OverRelation::Call call;
  DataType type;
  std::vector<BoundExpr> args;
};

// A window as written, with what it refines merged in.
Result<WindowSpec const*> ResolveWindow(const Call& call, const Select& select) {
  const auto* spec = As<WindowSpec>(call.over.get());
  const auto* name = As<Identifier>(call.over.get());
  if (spec != nullptr && !spec->base) return spec;
  std::string wanted = name != nullptr ? PathOf(*name).back() : PathOf(*spec->base).back();
  for (const WindowSpecPtr& window : select.windows) {
    if (window->name && PathOf(*window->name).back() == wanted) return window.get();
  }
  return ValidationError(fmt::format("Window '{}' not found", wanted), call.over->range);
}

Result<int64_t> FrameOffset(const WindowBound& bound, bool rows, const BindContext& context) {
  switch (bound.type) {
    case WindowBound::Type::kUnboundedPreceding:
    case WindowBound::Type::kUnboundedFollowing:
      return -1;
    case WindowBound::Type::kCurrentRow:
      return 0;
    case WindowBound::Type::kPreceding:
    case WindowBound::Type::kFollowing:
      break;
  }
  if (!rows) return ConstantMillis(*bound.offset, context, "the bound of a RANGE frame");
  return LiteralCount(bound.offset, 0, "the bound of a ROWS frame");
}

Status ReadFrame(const WindowSpec& spec, const BindContext& context, OverRelation& window) {
  window.rows_frame = spec.rows;
  if (!spec.lower) return Status::Ok();
  window.frame_written = true;
  if (spec.lower->type == WindowBound::Type::kFollowing || spec.lower->type == WindowBound::Type::kUnboundedFollowing) {
    return ValidationError("OVER windows must start at or before the current row", spec.range);
  }
  MR_ASSIGN(window.preceding, FrameOffset(*spec.lower, spec.rows, context));
  if (!spec.upper) return Status::Ok();
  if (spec.upper->type == WindowBound::Type::kPreceding || spec.upper->type == WindowBound::Type::kUnboundedPreceding) {
    return UnsupportedError("OVER windows that end before the current row", spec.range);
  }
  MR_ASSIGN(window.following, FrameOffset(*spec.upper, spec.rows, context));
  return Status::Ok();
}

Status InferRanking(OverCall& over, const std::string& name, SourceRange range) {
  over.call.ranking = name;
  if (name == "LAG" || name == "LEAD") {
    if (over.args.empty() || over.args.size() > 3)
      return ValidationError(fmt::format("Invalid number of arguments to function '{}'", name), range);
    DataType type = over.args[0]->type;
    if (over.args.size() == 3) {
      auto common = CommonType({type, over.args[2]->type});
      if (!common.ok())
        return ValidationError(fmt::format("the default of {} has another type than its value", name), range);
      type = common->WithNullable(over.args[2]->type.nullable());  // whatever the values are
      over.type = type.WithTimeAttribute(TimeAttribute::kNone);
      return Status::Ok();
    }
    over.type = type.Nullable().WithTimeAttribute(TimeAttribute::kNone);
    return Status::Ok();
  }
  size_t wanted = name == "NTILE" ? 1 : 0;
  if (over.args.size() != wanted)
    return ValidationError(fmt::format("Invalid number of arguments to function '{}'", name), range);
  bool fraction = name == "PERCENT_RANK" || name == "CUME_DIST";
  over.type = (fraction ? DataType::Double() : DataType::Bigint()).NotNull();
  if (over.window.order_keys.empty() && name != "NTILE" && name != "ROW_NUMBER") {
    return ValidationError("RANK or DENSE_RANK functions require ORDER BY clause in window specification", range);
  }
  return Status::Ok();
}

Status InferAggregate(OverCall& over, const std::string& name, const BindContext& context, SourceRange range) {
  functions::AggregateCall& call = over.call.aggregate;
  call.function = AggregateFunctionOf(*over.node, context);
  if (call.function == nullptr) {
    if (auto refused = CannotRun(*over.node, context)) return *refused;
  }
  if (call.function == nullptr)
    return ValidationError(fmt::format("No match found for function signature {} in OVER", name), range);
  functions::CallTypes types;
  types.name = call.function->name;
  for (const BoundExpr& arg : over.args) {
    types.types.push_back(arg->type);
    types.literals.push_back(arg->kind == functions::ExprKind::kLiteral ? &arg->literal : nullptr);
  }
  if (call.function->name == "COUNT" && over.args.size() > 1)
    return ValidationError("We now only support the count of one field.", range, "count each column by itself");
  auto type = call.function->infer(types);
  if (!type.ok()) {
    Error error = type.error();
    error.range = range;
    return error;
  }
  for (size_t i = 0; i < over.args.size(); ++i) {
    if (!types.types[i].SameIgnoringNullability(over.args[i]->type)) {
      over.args[i] = functions::MakeCast(over.args[i], types.types[i].WithNullable(over.args[i]->type.nullable()));
    }
    call.literals.push_back(over.args[i]->kind == functions::ExprKind::kLiteral ? over.args[i]->literal
                                                                                : Value::Null());
    call.arg_types.push_back(over.args[i]->type);
  }
  call.type = *type;
  over.type = *type;
  return Status::Ok();
}

bool SameWindow(const OverRelation& a, const OverRelation& b) {
  if (a.partition_keys != b.partition_keys || a.rows_frame != b.rows_frame || a.preceding != b.preceding ||
      a.following != b.following || a.order_keys.size() != b.order_keys.size()) {
    return false;
  }
  for (size_t i = 0; i < a.order_keys.size(); ++i) {
    const SortColumn& x = a.order_keys[i];
    const SortColumn& y = b.order_keys[i];
    if (x.column != y.column || x.ascending != y.ascending || x.nulls_first != y.nulls_first) return false;
  }
  return true;
}

// A streaming OVER operator computes one window; a SELECT with several has no plan.
Status CheckOneWindow(const std::vector<OverCall>& overs, const BindContext& context) {
  auto mode = context.config->find("execution.runtime-mode");
  if (mode != context.config->end() && (mode->second == "batch" || mode->second == "BATCH")) return Status::Ok();
  for (const OverCall& over : overs) {
    if (SameWindow(over.window, overs[0].window)) continue;
    return ValidationError(
        "Over Agg: Unsupported use of OVER windows. All aggregates must be computed on the same window.",
        over.node->range, "compute the other windows in a query around this one, or run in batch mode");
  }
  return Status::Ok();
}

}  // namespace

Status QueryBinder::BindOverCalls(const Select& select, const OrderBy* order, SelectState& state) {
  std::vector<const Call*> nodes;
  auto collect = [&](const Expr& node) {
    const auto* call = As<Call>(node);
    if (call == nullptr || !call->over) return true;
    nodes.push_back(call);
    return false;
  };
  for (const AliasedExpr& item : select.items) WalkExpr(*item.expr, collect);
  if (order != nullptr) {
    for (const OrderItem& key : order->keys) WalkExpr(*key.expr, collect);
  }
  std::vector<OverCall> overs;
  for (const Call* node : nodes) {
    OverCall over;
    over.node = node;
    if (node->filter) {
      return ValidationError("OVER must be applied to aggregate function: FILTER cannot stand before OVER", node->range,
                             "put the condition into the argument: SUM(CASE WHEN … THEN x END) OVER (…)");
    }
    MR_ASSIGN(const WindowSpec* spec, ResolveWindow(*node, select));
    MR_RETURN_IF_ERROR(ReadFrame(*spec, context_, over.window));
    std::vector<BoundExpr> needed;
    for (const ExprPtr& key : spec->partition_by) {
      MR_ASSIGN(BoundExpr bound, BindExpr(*key, state.scope));
      needed.push_back(std::move(bound));
    }
    for (const OrderItem& key : spec->order_by) {
      MR_ASSIGN(BoundExpr bound, BindExpr(*key.expr, state.scope));
      needed.push_back(std::move(bound));
    }
    std::vector<int32_t> positions;
    state.block.relation = AppendExprs(state.block.relation, needed, positions);
    for (size_t i = 0; i < positions.size(); ++i) {
      if (i < spec->partition_by.size()) {
        over.window.partition_keys.push_back(positions[i]);
      } else {
        const OrderItem& key = spec->order_by[i - spec->partition_by.size()];
        over.window.order_keys.push_back({positions[i], !key.descending, key.nulls_first.value_or(!key.descending)});
      }
    }
    for (const ExprPtr& operand : node->operands) {
      if (const auto* star = As<Identifier>(operand.get()); star != nullptr && star->star) continue;
      MR_ASSIGN(BoundExpr bound, BindExpr(*operand, state.scope));
      over.args.push_back(std::move(bound));
    }
    std::string name = node->FunctionName();
    if (IsRankingName(name)) {
      MR_RETURN_IF_ERROR(InferRanking(over, name, node->range));
    } else {
      MR_RETURN_IF_ERROR(InferAggregate(over, name, context_, node->range));
      over.call.aggregate.distinct = node->quantifier == SetQuantifier::kDistinct;
    }
    positions.clear();
    state.block.relation = AppendExprs(state.block.relation, over.args, positions);
    over.call.aggregate.args.assign(positions.begin(), positions.end());
    overs.push_back(std::move(over));
  }
  MR_RETURN_IF_ERROR(CheckOneWindow(overs, context_));
  std::vector<bool> done(overs.size(), false);
  for (size_t i = 0; i < overs.size(); ++i) {
    if (done[i]) continue;
    OverRelation relation = overs[i].window;
    Schema schema = state.block.relation->schema;
    std::vector<size_t> members;
    for (size_t j = i; j < overs.size(); ++j) {
      if (done[j] || !SameWindow(overs[i].window, overs[j].window)) continue;
      done[j] = true;
      members.push_back(j);
      overs[j].call.aggregate.type = overs[j].type;
      overs[j].call.aggregate.name = fmt::format("w0$o{}", schema.size());
      schema.fields.push_back({overs[j].call.aggregate.name, overs[j].type, ""});
      relation.calls.push_back(overs[j].call);
    }
    size_t base = state.block.relation->schema.size();
    state.block.relation = MakeRelation(std::move(relation), {state.block.relation}, std::move(schema));
    for (size_t k = 0; k < members.size(); ++k) {
      state.scope.replaced[overs[members[k]].node] = ColumnOf(state.block.relation, static_cast<int32_t>(base + k));
    }
  }
  return Status::Ok();
}

}  // namespace millrace::sql
