// Monotonicity under updates, node by node.
#include "engine/plan/monotonicity.h"

#include <algorithm>

#include "engine/plan/column_bounds.h"

namespace millrace::plan {

using functions::Expr;
using functions::ExprKind;
using functions::ExprPtr;

namespace {

using Columns = MonotonicityQuery::Columns;

Columns Filled(size_t width, Monotonicity value) { return std::vector<Monotonicity>(width, value); }

bool AllConstant(const Columns& columns) {
  return columns.has_value() &&
         std::all_of(columns->begin(), columns->end(), [](Monotonicity m) { return m == Monotonicity::kConstant; });
}
bool HasUpdate(const Columns& columns) { return columns.has_value() && !AllConstant(columns); }

const Expr& WithoutCasts(const Expr& expr) { return expr.kind == ExprKind::kCast ? WithoutCasts(*expr.args[0]) : expr; }

// Whether a row for which the condition holds may fall out of it by an update.
bool MayTurnFalse(const Expr& expr, const std::vector<Monotonicity>& input) {
  auto changes = [&](const Expr& e) {
    return e.kind == ExprKind::kColumn && input[static_cast<size_t>(e.index)] != Monotonicity::kConstant;
  };
  if (expr.kind == ExprKind::kColumn) return changes(expr);
  if (expr.kind == ExprKind::kAnd || expr.kind == ExprKind::kOr) {
    return std::any_of(expr.args.begin(), expr.args.end(),
                       [&](const ExprPtr& arg) { return MayTurnFalse(WithoutCasts(*arg), input); });
  }
  if (expr.kind != ExprKind::kCall) return false;
  std::string_view name = expr.function->name;
  bool more = name == ">" || name == ">=";
  bool less = name == "<" || name == "<=";
  bool equal = name == "=" || name == "<>" || name == "IN" || name == "NOT IN";
  for (const ExprPtr& arg : expr.args) {
    const Expr& plain = WithoutCasts(*arg);
    if (!changes(plain)) continue;
    Monotonicity column = input[static_cast<size_t>(plain.index)];
    if (more) return column != Monotonicity::kIncreasing;
    if (less) return column != Monotonicity::kDecreasing;
    if (equal) return true;
  }
  bool one = name == "NOT" || name == "IS NOT TRUE" || name == "IS TRUE" || name == "IS NOT NULL" || name == "IS NULL";
  return one && expr.args.size() == 1 && MayTurnFalse(WithoutCasts(*expr.args[0]), input);
}

Columns OfCalc(const CalcSpec& calc, const Columns& input) {
  if (!input) return std::nullopt;
  if (AllConstant(input)) return Filled(calc.projection.size(), Monotonicity::kConstant);
  if (calc.condition && MayTurnFalse(WithoutCasts(*calc.condition), *input))
    return Filled(calc.projection.size(), Monotonicity::kNone);
  std::vector<Monotonicity> result;
  for (const ExprPtr& expr : calc.projection) {
    const Expr& plain = WithoutCasts(*expr);
    bool column = plain.kind == ExprKind::kColumn;
    result.push_back(column ? (*input)[static_cast<size_t>(plain.index)] : Monotonicity::kNone);
  }
  return result;
}

// Nodes that make no updates of their own.
Columns OfPassing(const Columns& input, size_t width) {
  if (!input) return std::nullopt;
  return Filled(width, AllConstant(input) ? Monotonicity::kConstant : Monotonicity::kNone);
}

bool AllConstantAt(const Columns& columns, const std::vector<int32_t>& positions) {
  return columns.has_value() && std::all_of(positions.begin(), positions.end(), [&](int32_t position) {
           return (*columns)[static_cast<size_t>(position)] == Monotonicity::kConstant;
         });
}

// Over rows that are only added.
Monotonicity OfCall(const AggregateCall& call, const PhysicalNode& input) {
  std::string_view name = call.function->name;
  if (name == "COUNT") return Monotonicity::kIncreasing;
  if (name == "MAX") return Monotonicity::kIncreasing;
  if (name == "MIN") return Monotonicity::kDecreasing;
  if (name != "SUM" && name != "SUM0" && name != "$SUM0") return Monotonicity::kNone;
  ColumnBounds bounds = BoundsOf(input, call.args[0], call.filter);
  if (bounds.lower && *bounds.lower >= 0) return Monotonicity::kIncreasing;
  if (!bounds.lower && bounds.upper && *bounds.upper <= 0) return Monotonicity::kDecreasing;
  return Monotonicity::kNone;
}

Columns OfAggregate(const GroupAggregateSpec& aggregate, const Columns& input, const PhysicalNode& node) {
  if (!AllConstantAt(input, aggregate.keys)) return std::nullopt;
  std::vector<Monotonicity> result(aggregate.keys.size(), Monotonicity::kConstant);
  for (const AggregateCall& call : aggregate.aggregates) {
    Monotonicity own = OfCall(call, *node.inputs[0].node);
    if (HasUpdate(input) && !call.args.empty()) {
      bool follows = call.args.size() == 1 &&
                     (call.function->name == "COUNT" || (*input)[static_cast<size_t>(call.args[0])] == own);
      if (!follows) own = Monotonicity::kNone;
    }
    result.push_back(own);
  }
  return result;
}

// A rank's row of a place is replaced only by a better one.
Columns OfRank(const std::vector<int32_t>& partition, const std::vector<SortKey>& order, bool number, Columns input,
               const PhysicalNode& node) {
  if (!AllConstantAt(input, partition)) return std::nullopt;
  size_t width = node.output.size();
  std::vector<Monotonicity> result(width, Monotonicity::kNone);
  for (int32_t column : partition) result[static_cast<size_t>(column)] = Monotonicity::kConstant;
  if (number) result[width - 1] = Monotonicity::kConstant;
  if (order.empty()) return result;
  auto first = static_cast<size_t>(order[0].column);
  Monotonicity of_input = node.output[first].type.IsTimeAttribute() ? Monotonicity::kIncreasing : (*input)[first];
  result[first] = Monotonicity::kNone;
  bool constant = of_input == Monotonicity::kConstant;
  if (!order[0].ascending && (constant || of_input == Monotonicity::kIncreasing))
    result[first] = Monotonicity::kIncreasing;
  if (order[0].ascending && (constant || of_input == Monotonicity::kDecreasing))
    result[first] = Monotonicity::kDecreasing;
  return result;
}

Columns OfJoin(JoinType type, const std::vector<int32_t>& left_keys, const std::vector<int32_t>& right_keys,
               bool only_equalities, const Columns& left, const Columns& right) {
  // Outer joins take their padded rows back: Flink forgets that and then keeps stale rows, so this differs on purpose.
  bool updates = HasUpdate(left) || HasUpdate(right);
  bool known = (type == JoinType::kInner || type == JoinType::kSemi) && AllConstantAt(left, left_keys) &&
               AllConstantAt(right, right_keys) && (!updates || only_equalities);
  if (!known) return std::nullopt;
  if (type == JoinType::kSemi) return left;
  std::vector<Monotonicity> both = *left;
  both.insert(both.end(), right->begin(), right->end());
  return both;
}

struct Visitor {
  MonotonicityQuery& query;
  const PhysicalNode& node;

  const Columns& In(size_t i = 0) const { return query.Of(*node.inputs[i].node); }
  size_t Width() const { return node.output.size(); }
  // Keys never change, all else may.
  Columns ByKey(const std::vector<int32_t>& keys) const {
    std::vector<Monotonicity> result(Width(), Monotonicity::kNone);
    for (int32_t key : keys) result[static_cast<size_t>(key)] = Monotonicity::kConstant;
    return result;
  }

  Columns operator()(const SourceSpec&) const {
    return Filled(Width(), node.mode.IsInsertOnly() ? Monotonicity::kConstant : Monotonicity::kNone);
  }
  Columns operator()(const ValuesSpec&) const { return std::nullopt; }
  Columns operator()(const CalcSpec& calc) const { return OfCalc(calc, In()); }
  Columns operator()(const WatermarkSpec&) const { return OfPassing(In(), Width()); }
  Columns operator()(const GroupAggregateSpec& aggregate) const { return OfAggregate(aggregate, In(), node); }
  Columns operator()(const WindowAggregateSpec&) const { return std::nullopt; }
  Columns operator()(const GroupWindowAggregateSpec&) const {
    bool appends = AllConstant(In()) && !node.mode.update_after;
    return appends ? Filled(Width(), Monotonicity::kConstant) : std::nullopt;
  }
  Columns operator()(const WindowTableFunctionSpec&) const { return std::nullopt; }
  Columns operator()(const JoinSpec& join) const {
    return OfJoin(join.type, join.left_keys, join.right_keys, join.condition == nullptr, In(0), In(1));
  }
  Columns operator()(const WindowJoinSpec& join) const {
    return OfJoin(join.type, join.left_keys, join.right_keys, join.condition == nullptr, In(0), In(1));
  }
  Columns operator()(const IntervalJoinSpec&) const { return Filled(Width(), Monotonicity::kConstant); }
  Columns operator()(const SortSpec&) const { return std::nullopt; }
  Columns operator()(const LimitSpec&) const { return std::nullopt; }
  Columns operator()(const RankSpec& rank) const {
    if (rank.sort_limit) return std::nullopt;
    return OfRank(rank.partition_keys, rank.sort_keys, rank.output_rank_number, In(), node);
  }
  Columns operator()(const DeduplicateSpec& dedup) const {
    if (!AllConstant(In())) return std::nullopt;
    bool first_only = !dedup.keep_last && dedup.time_column < 0;
    return first_only ? Filled(Width(), Monotonicity::kConstant) : ByKey(dedup.keys);
  }
  Columns operator()(const WindowRankSpec& rank) const {
    if (rank.deduplicate) return std::nullopt;
    return OfRank(rank.partition_keys, rank.sort_keys, rank.output_rank_number, In(), node);
  }
  Columns operator()(const ChangelogNormalizeSpec& normalize) const { return ByKey(normalize.unique_key); }
  Columns operator()(const DropUpdateBeforeSpec&) const { return OfPassing(In(), Width()); }
  Columns operator()(const ExpandSpec&) const { return OfPassing(In(), Width()); }
  Columns operator()(const CorrelateSpec&) const { return OfPassing(In(), Width()); }
  Columns operator()(const OverAggregateSpec&) const { return Filled(Width(), Monotonicity::kConstant); }
  Columns operator()(const UnionSpec&) const {
    Columns first = In(0);
    bool same = true;
    for (size_t i = 0; i < node.inputs.size(); ++i) {
      if (!In(i)) return std::nullopt;
      same = same && In(i) == first;
    }
    return same ? first : Filled(Width(), Monotonicity::kNone);
  }
  Columns operator()(const ReplicateRowsSpec&) const { return std::nullopt; }
  Columns operator()(const SinkSpec&) const { return std::nullopt; }
};

}  // namespace

const MonotonicityQuery::Columns& MonotonicityQuery::Of(const PhysicalNode& node) {
  if (auto found = done_.find(&node); found != done_.end()) return found->second;
  Columns columns = std::visit(Visitor{*this, node}, node.spec);
  return done_[&node] = std::move(columns);
}

}  // namespace millrace::plan
