// GROUP BY, aggregate calls, grouping sets and the legacy group windows.
#include <fmt/format.h>

#include <algorithm>

#include "engine/sql/ast_walk.h"
#include "engine/sql/query_binder.h"
#include "engine/sql/query_hints.h"
#include "engine/sql/user_function.h"

namespace millrace::sql {
namespace {

std::string_view JsonAggregateName(const Expr& expr) {
  const auto* json = As<JsonCall>(expr);
  if (json == nullptr) return "";
  if (json->function == JsonCall::Function::kObjectAgg) return "JSON_OBJECTAGG";
  if (json->function == JsonCall::Function::kArrayAgg) return "JSON_ARRAYAGG";
  return "";
}

const functions::AggregateFunction* AggregateOf(const Expr& expr, const BindContext& context) {
  if (std::string_view json = JsonAggregateName(expr); !json.empty()) return functions::FindAggregateFunction(json);
  const auto* call = As<Call>(expr);
  return call == nullptr || call->over ? nullptr : AggregateFunctionOf(*call, context);
}

// TUMBLE(…), HOP(…), SESSION(…) in GROUP BY.
bool IsGroupWindow(const Expr& expr) {
  const auto* call = As<Call>(expr);
  return call != nullptr &&
         (call->op == Op::kGroupTumble || call->op == Op::kGroupHop || call->op == Op::kGroupSession);
}

// TUMBLE_START and its kin: which window, which property.
struct WindowAccess {
  bool is = false;
  Op window = Op::kGroupTumble;
  GroupWindowProperty property = GroupWindowProperty::kStart;
};
WindowAccess WindowAccessOf(const Expr& expr) {
  const auto* call = As<Call>(expr);
  if (call == nullptr || call->op != Op::kFunction) return {};
  std::string name = call->FunctionName();
  constexpr std::pair<std::string_view, Op> kWindows[] = {
      {"TUMBLE_", Op::kGroupTumble}, {"HOP_", Op::kGroupHop}, {"SESSION_", Op::kGroupSession}};
  constexpr std::pair<std::string_view, GroupWindowProperty> kProperties[] = {
      {"START", GroupWindowProperty::kStart},
      {"END", GroupWindowProperty::kEnd},
      {"ROWTIME", GroupWindowProperty::kRowtime},
      {"PROCTIME", GroupWindowProperty::kProctime}};
  for (auto [prefix, op] : kWindows) {
    for (auto [suffix, property] : kProperties) {
      if (name == fmt::format("{}{}", prefix, suffix)) return {true, op, property};
    }
  }
  return {};
}

template <typename Visit>
void VisitClauses(const Select& select, const OrderBy* order, const Visit& visit) {
  for (const AliasedExpr& item : select.items) WalkExpr(*item.expr, visit);
  if (select.having) WalkExpr(*select.having, visit);
  if (order != nullptr) {
    for (const OrderItem& key : order->keys) WalkExpr(*key.expr, visit);
  }
  // Aggregates may stand inside OVER windows: SUM(COUNT(*)) OVER (ORDER BY MAX(x)).
  for (const AliasedExpr& item : select.items) {
    WalkExpr(*item.expr, [&](const Expr& node) {
      const auto* call = As<Call>(node);
      if (call == nullptr || !call->over) return true;
      if (const auto* spec = As<WindowSpec>(call->over.get())) {
        for (const ExprPtr& key : spec->partition_by) WalkExpr(*key, visit);
        for (const OrderItem& key : spec->order_by) WalkExpr(*key.expr, visit);
      }
      return true;
    });
  }
}

// Builds the aggregate of one block.
class AggregateBuilder {
 public:
  AggregateBuilder(const BindContext& context, Block& block, const ExprScope& scope)
      : context_(context), block_(block), scope_(scope) {}

  Status AddGroupBy(const Select& select);
  Status AddCall(const Expr& node);
  Status AddWindowAccess(const Call& node, const WindowAccess& access);
  Status AddGrouping(const Call& node);
  // What a STATE_TTL hint gives, in milliseconds; -1: nothing.
  void SetTtl(int64_t ttl_ms) { ttl_ms_ = ttl_ms; }
  // The relation, and what the nodes have become.
  Status Finish(GroupKeys& keys, std::unordered_map<const Node*, BoundExpr>& replaced);

 private:
  using Sets = std::vector<std::vector<size_t>>;

  Result<size_t> AddKey(const Expr& expr);
  Result<Sets> ElementSets(const Expr& element);
  Status AddGroupWindow(const Call& call);
  int32_t AddInput(const BoundExpr& expr);
  Status AddArguments(const Expr& node, functions::AggregateCall& call, functions::CallTypes& types);

  const BindContext& context_;
  Block& block_;
  const ExprScope& scope_;
  std::vector<BoundExpr> keys_;
  Sets sets_{{}};
  std::vector<BoundExpr> inputs_;  // arguments and filters, after the keys
  std::vector<functions::AggregateCall> calls_;
  std::vector<std::pair<const Node*, size_t>> call_nodes_;
  int64_t ttl_ms_ = -1;
  const Call* window_call_ = nullptr;
  WindowParameters window_;
  BoundExpr window_time_;
  std::vector<GroupWindowProperty> properties_;
  std::vector<std::pair<const Node*, size_t>> property_nodes_;
  std::vector<std::pair<const Call*, std::vector<size_t>>> grouping_nodes_;
};

Result<size_t> AggregateBuilder::AddKey(const Expr& expr) {
  if (IsGroupWindow(expr)) {
    return ValidationError("A group window cannot stand within GROUPING SETS, ROLLUP or CUBE", expr.range,
                           "write it beside them, or use a window table function: FROM TABLE(TUMBLE(…))");
  }
  MR_ASSIGN(BoundExpr bound, BindExpr(expr, scope_));
  for (size_t i = 0; i < keys_.size(); ++i) {
    if (functions::SameExpr(*keys_[i], *bound)) return i;
  }
  keys_.push_back(std::move(bound));
  return keys_.size() - 1;
}

Result<AggregateBuilder::Sets> AggregateBuilder::ElementSets(const Expr& element) {
  const auto* call = As<Call>(element);
  const auto* list = As<ExprList>(element);
  auto parts_of = [&](const Expr& part) -> Result<std::vector<size_t>> {
    std::vector<size_t> keys;
    const auto* row = As<Call>(part);
    const auto* inner = As<ExprList>(part);
    const std::vector<ExprPtr>* items =
        inner != nullptr ? &inner->items : (row != nullptr && row->op == Op::kRow ? &row->operands : nullptr);
    if (items == nullptr) {
      MR_ASSIGN(size_t key, AddKey(part));
      keys.push_back(key);
      return keys;
    }
    for (const ExprPtr& item : *items) {
      MR_ASSIGN(size_t key, AddKey(*item));
      keys.push_back(key);
    }
    return keys;
  };
  if (call != nullptr && call->op == Op::kGroupingSets) {
    Sets sets;
    for (const ExprPtr& operand : call->operands) {
      MR_ASSIGN(Sets inner, ElementSets(*operand));
      sets.insert(sets.end(), inner.begin(), inner.end());
    }
    return sets;
  }
  if (call != nullptr && (call->op == Op::kRollup || call->op == Op::kCube)) {
    std::vector<std::vector<size_t>> parts;
    for (const ExprPtr& operand : call->operands) {
      MR_ASSIGN(std::vector<size_t> part, parts_of(*operand));
      parts.push_back(std::move(part));
    }
    constexpr size_t kMaxCube = 12;
    if (call->op == Op::kCube && parts.size() > kMaxCube)
      return ValidationError("CUBE takes at most 12 columns", call->range);
    Sets sets;
    if (call->op == Op::kRollup) {
      for (size_t count = parts.size() + 1; count-- > 0;) {
        std::vector<size_t> set;
        for (size_t i = 0; i < count; ++i) set.insert(set.end(), parts[i].begin(), parts[i].end());
        sets.push_back(std::move(set));
      }
      return sets;
    }
    for (size_t mask = (size_t{1} << parts.size()); mask-- > 0;) {
      std::vector<size_t> set;
      for (size_t i = 0; i < parts.size(); ++i) {
        if ((mask >> (parts.size() - 1 - i)) & 1) set.insert(set.end(), parts[i].begin(), parts[i].end());
      }
      sets.push_back(std::move(set));
    }
    return sets;
  }
  if (list != nullptr || (call != nullptr && call->op == Op::kRow)) {
    MR_ASSIGN(std::vector<size_t> set, parts_of(element));
    return Sets{set};
  }
  MR_ASSIGN(size_t key, AddKey(element));
  return Sets{{key}};
}

Status AggregateBuilder::AddGroupWindow(const Call& call) {
  if (window_call_ != nullptr) return ValidationError("Only one group window is supported in GROUP BY", call.range);
  window_call_ = &call;
  MR_ASSIGN(window_time_, BindExpr(*call.operands[0], scope_));
  if (!window_time_->type.IsTimeAttribute()) {
    return ValidationError(
        "Window aggregate can only be defined over a time attribute column, but the time column is of type " +
            window_time_->type.ToString(),
        call.operands[0]->range);
  }
  auto millis = [&](size_t i) { return ConstantMillis(*call.operands[i], context_, "the size of a group window"); };
  bool hop = call.op == Op::kGroupHop;
  window_.function =
      hop ? WindowFunction::kHop : (call.op == Op::kGroupTumble ? WindowFunction::kTumble : WindowFunction::kSession);
  MR_ASSIGN(int64_t first, millis(1));
  window_.size_ms = first;
  if (hop) {
    window_.slide_ms = first;
    MR_ASSIGN(window_.size_ms, millis(2));
  }
  if (call.operands.size() > (hop ? 3U : 2U)) {
    return ValidationError("group windows with an offset or alignment are not supported", call.range);
  }
  if (window_.size_ms <= 0) return ValidationError("the size of a group window must be positive", call.range);
  return Status::Ok();
}

Status AggregateBuilder::AddGroupBy(const Select& select) {
  for (const ExprPtr& element : select.group_by) {
    if (IsGroupWindow(*element)) {
      MR_RETURN_IF_ERROR(AddGroupWindow(static_cast<const Call&>(*element)));
      continue;
    }
    MR_ASSIGN(Sets sets, ElementSets(*element));
    Sets product;
    for (const auto& a : sets_) {
      for (const auto& b : sets) {
        std::vector<size_t> joined = a;
        joined.insert(joined.end(), b.begin(), b.end());
        product.push_back(std::move(joined));
      }
    }
    sets_ = std::move(product);
  }
  for (auto& set : sets_) {
    std::sort(set.begin(), set.end());
    set.erase(std::unique(set.begin(), set.end()), set.end());
  }
  if (select.group_distinct) {
    std::sort(sets_.begin(), sets_.end());
    sets_.erase(std::unique(sets_.begin(), sets_.end()), sets_.end());
  }
  return Status::Ok();
}

int32_t AggregateBuilder::AddInput(const BoundExpr& expr) {
  for (size_t i = 0; i < inputs_.size(); ++i) {
    if (functions::SameExpr(*inputs_[i], *expr) && functions::IsDeterministic(*expr)) return static_cast<int32_t>(i);
  }
  inputs_.push_back(expr);
  return static_cast<int32_t>(inputs_.size() - 1);
}

namespace {

// The first argument of a JSON aggregate: what becomes of NULLs, and RAW when the values are JSON text already.
BoundExpr JsonAggregateSymbol(const JsonCall& call, const functions::Expr& value) {
  bool array = call.function == JsonCall::Function::kArrayAgg;
  bool absent = call.null_clause == JsonCall::NullClause::kAbsentOnNull ||
                (array && call.null_clause == JsonCall::NullClause::kUnspecified);
  std::string symbol(absent ? "ABSENT" : "NULL");
  bool is_call = value.kind == functions::ExprKind::kCall;
  if (is_call && (value.function->name == "JSON_OBJECT" || value.function->name == "JSON_ARRAY")) symbol += " RAW";
  auto length = static_cast<int32_t>(symbol.size());
  return functions::MakeLiteral(Value::String(std::move(symbol)), DataType::Char(length).NotNull());
}

}  // namespace

Status AggregateBuilder::AddArguments(const Expr& node, functions::AggregateCall& call, functions::CallTypes& types) {
  std::vector<BoundExpr> bound;
  const auto* json = As<JsonCall>(node);
  const std::vector<ExprPtr>& operands = json != nullptr ? json->operands : static_cast<const Call&>(node).operands;
  for (const ExprPtr& operand : operands) {
    if (const auto* star = As<Identifier>(operand.get()); star != nullptr && star->star) continue;
    MR_ASSIGN(BoundExpr argument, BindExpr(*operand, scope_));
    bound.push_back(std::move(argument));
  }
  if (call.function->name == "COUNT" && bound.size() > 1) {
    return ValidationError("We now only support the count of one field.", node.range,
                           "count each column in a COUNT of its own, or COUNT(*)");
  }
  if (json != nullptr) bound.insert(bound.begin(), JsonAggregateSymbol(*json, *bound.back()));
  for (const BoundExpr& argument : bound) {
    types.types.push_back(argument->type);
    types.literals.push_back(argument->kind == functions::ExprKind::kLiteral ? &argument->literal : nullptr);
  }
  auto type = call.function->infer(types);
  if (!type.ok()) {
    Error error = type.error();
    error.range = node.range;
    return error;
  }
  call.type = *type;
  for (size_t i = 0; i < bound.size(); ++i) {
    BoundExpr argument = bound[i];
    if (i < types.types.size() && !types.types[i].SameIgnoringNullability(argument->type)) {
      argument = functions::MakeCast(argument, types.types[i].WithNullable(argument->type.nullable()));
    }
    call.literals.push_back(argument->kind == functions::ExprKind::kLiteral ? argument->literal : Value::Null());
    call.arg_types.push_back(argument->type);
    call.args.push_back(AddInput(argument));
  }
  return Status::Ok();
}

Status AggregateBuilder::AddCall(const Expr& node) {
  functions::AggregateCall call;
  call.function = AggregateOf(node, context_);
  const auto* written = As<Call>(node);
  functions::CallTypes types;
  types.name = call.function->name;
  MR_RETURN_IF_ERROR(AddArguments(node, call, types));
  if (written != nullptr) {
    call.distinct = written->quantifier == SetQuantifier::kDistinct;
    call.ignore_nulls = written->null_treatment == NullTreatment::kIgnoreNulls;
    if (!written->within_group.empty())
      return UnsupportedError(fmt::format("{} WITHIN GROUP", call.function->name), node.range);
    if (!written->order_by.empty()) return UnsupportedError("ORDER BY inside of an aggregate", node.range);
    if (written->filter) {
      MR_ASSIGN(BoundExpr filter, BindCondition(*written->filter, scope_, "FILTER"));
      call.filter = AddInput(filter);
    }
  }
  // Over an empty group, or where FILTER may leave nothing, what is not a count is NULL.
  if (!call.function->never_null && (keys_.empty() || call.filter >= 0 || sets_.size() > 1)) {
    call.type = call.type.Nullable();
  }
  for (size_t i = 0; i < calls_.size(); ++i) {
    const functions::AggregateCall& other = calls_[i];
    if (other.function == call.function && other.args == call.args && other.distinct == call.distinct &&
        other.filter == call.filter && other.type == call.type) {
      call_nodes_.emplace_back(&node, i);
      return Status::Ok();
    }
  }
  call.name = fmt::format("EXPR${}", calls_.size());
  call_nodes_.emplace_back(&node, calls_.size());
  calls_.push_back(std::move(call));
  return Status::Ok();
}

Status AggregateBuilder::AddWindowAccess(const Call& node, const WindowAccess& access) {
  bool matches = window_call_ != nullptr && window_call_->op == access.window;
  if (matches) {  // its arguments must be those of the window
    MR_ASSIGN(BoundExpr time, BindExpr(*node.operands[0], scope_));
    matches = functions::SameExpr(*time, *window_time_);
  }
  if (!matches) {
    return ValidationError(
        fmt::format(
            "Call to auxiliary group function '{}' must have matching call to group function in GROUP BY clause",
            node.FunctionName()),
        node.range);
  }
  auto place = std::find(properties_.begin(), properties_.end(), access.property);
  property_nodes_.emplace_back(&node, static_cast<size_t>(place - properties_.begin()));
  if (place == properties_.end()) properties_.push_back(access.property);
  return Status::Ok();
}

Status AggregateBuilder::AddGrouping(const Call& node) {
  if (node.FunctionName() == "GROUP_ID") {
    Sets different = sets_;
    std::sort(different.begin(), different.end());
    if (std::unique(different.begin(), different.end()) != different.end()) {
      return ValidationError("GROUPING SETS are currently not supported: GROUP_ID over equal grouping sets", node.range,
                             "name each grouping set once");
    }
  }
  std::vector<size_t> keys;
  for (const ExprPtr& operand : node.operands) {
    MR_ASSIGN(BoundExpr bound, BindExpr(*operand, scope_));
    size_t key = 0;
    while (key < keys_.size() && !functions::SameExpr(*keys_[key], *bound)) ++key;
    if (key == keys_.size())
      return ValidationError("Argument to GROUPING operator must be a grouped expression", operand->range);
    keys.push_back(key);
  }
  grouping_nodes_.emplace_back(&node, std::move(keys));
  return Status::Ok();
}

DataType PropertyType(GroupWindowProperty property, const DataType& time) {
  switch (property) {
    case GroupWindowProperty::kStart:
    case GroupWindowProperty::kEnd:
      return DataType::Timestamp(3).NotNull();
    case GroupWindowProperty::kRowtime:
      return (time.Is(TypeKind::kTimestampLtz) ? DataType::TimestampLtz(3) : DataType::Timestamp(3))
          .NotNull()
          .WithTimeAttribute(TimeAttribute::kRowtime);
    case GroupWindowProperty::kProctime:
      return DataType::TimestampLtz(3).NotNull().WithTimeAttribute(TimeAttribute::kProctime);
  }
  return DataType::Timestamp(3);
}

// GROUPING(a, b) of each set: a bit per argument, 1 where the set leaves it out.
int64_t GroupingBits(const std::vector<size_t>& keys, const std::vector<size_t>& set) {
  int64_t bits = 0;
  for (size_t key : keys) bits = bits * 2 + (std::find(set.begin(), set.end(), key) == set.end() ? 1 : 0);
  return bits;
}

Status AggregateBuilder::Finish(GroupKeys& keys, std::unordered_map<const Node*, BoundExpr>& replaced) {
  std::vector<BoundExpr> exprs = keys_;
  auto base = static_cast<int32_t>(keys_.size());
  exprs.insert(exprs.end(), inputs_.begin(), inputs_.end());
  if (window_time_) exprs.push_back(window_time_);
  std::vector<std::string> names;
  for (size_t i = 0; i < exprs.size(); ++i) {
    bool column = exprs[i]->kind == functions::ExprKind::kColumn &&
                  exprs[i]->index < static_cast<int32_t>(block_.relation->schema.size());
    names.push_back(column ? block_.relation->schema[static_cast<size_t>(exprs[i]->index)].name
                           : fmt::format("$f{}", i));
  }
  names = UniqueNames(std::move(names));
  RelationPtr input = ProjectRelationOf(block_.relation, exprs, names);
  AggregateRelation aggregate;
  Schema schema;
  bool many = sets_.size() > 1;
  for (size_t i = 0; i < keys_.size(); ++i) {
    aggregate.keys.push_back(static_cast<int32_t>(i));
    bool everywhere = std::all_of(sets_.begin(), sets_.end(),
                                  [&](const auto& set) { return std::find(set.begin(), set.end(), i) != set.end(); });
    DataType type = everywhere ? keys_[i]->type : keys_[i]->type.Nullable();
    keys.exprs.push_back(keys_[i]);
    keys.columns.push_back(static_cast<int32_t>(i));
    keys.types.push_back(type);
    schema.fields.push_back({names[i], type, ""});
  }
  if (many) {
    schema.fields.push_back({"expand$id", DataType::Bigint().NotNull(), ""});
    for (const auto& set : sets_) aggregate.grouping_sets.emplace_back(set.begin(), set.end());
  }
  size_t first_call = schema.size();
  for (functions::AggregateCall& call : calls_) {
    for (int32_t& arg : call.args) arg += base;
    if (call.filter >= 0) call.filter += base;
    schema.fields.push_back({call.name, call.type, ""});
  }
  size_t first_property = schema.size();
  for (GroupWindowProperty property : properties_) {
    schema.fields.push_back(
        {fmt::format("w${}", schema.size() - first_property), PropertyType(property, window_time_->type), ""});
  }
  if (window_call_ != nullptr) {
    if (many) return UnsupportedError("grouping sets with a group window", window_call_->range);
    aggregate.group_window = true;
    aggregate.window = window_;
    aggregate.window.time_column = static_cast<int32_t>(exprs.size()) - 1;
    aggregate.properties = properties_;
  }
  aggregate.calls = calls_;
  aggregate.state_ttl_ms = ttl_ms_;
  block_.relation = MakeRelation(std::move(aggregate), {input}, schema);
  for (auto [node, index] : call_nodes_)
    replaced[node] = ColumnOf(block_.relation, static_cast<int32_t>(first_call + index));
  for (auto [node, index] : property_nodes_)
    replaced[node] = ColumnOf(block_.relation, static_cast<int32_t>(first_property + index));
  for (const auto& [node, arguments] : grouping_nodes_) {
    BoundExpr value =
        functions::MakeLiteral(Value::Int(GroupingBits(arguments, sets_.back())), DataType::Bigint().NotNull());
    if (many) {
      std::vector<BoundExpr> branches;
      for (size_t set = 0; set + 1 < sets_.size(); ++set) {
        BoundExpr id = ColumnOf(block_.relation, static_cast<int32_t>(keys_.size()));
        BoundExpr number = functions::MakeLiteral(Value::Int(static_cast<int64_t>(set)), DataType::Bigint().NotNull());
        MR_ASSIGN(BoundExpr is_set, BindNamedCall("=", {id, number}, node->range));
        branches.push_back(is_set);
        branches.push_back(
            functions::MakeLiteral(Value::Int(GroupingBits(arguments, sets_[set])), DataType::Bigint().NotNull()));
      }
      branches.push_back(value);
      MR_ASSIGN(value, MakeCase(std::move(branches), node->range));
    }
    replaced[node] = value;
  }
  return Status::Ok();
}

bool IsGrouping(const Expr& expr) {
  const auto* call = As<Call>(expr);
  if (call == nullptr || call->op != Op::kFunction) return false;
  std::string name = call->FunctionName();
  return name == "GROUPING" || name == "GROUPING_ID" || name == "GROUP_ID";
}

}  // namespace

bool IsAggregateCall(const Expr& expr, const BindContext& context) { return AggregateOf(expr, context) != nullptr; }

Status QueryBinder::BindAggregate(const Select& select, const OrderBy* order, SelectState& state) {
  std::vector<const Expr*> calls;
  std::vector<const Call*> accesses;
  std::vector<const Call*> groupings;
  VisitClauses(select, order, [&](const Expr& node) {
    if (AggregateOf(node, context_) != nullptr) {
      calls.push_back(&node);
      return false;
    }
    if (WindowAccessOf(node).is) accesses.push_back(static_cast<const Call*>(&node));
    if (IsGrouping(node)) groupings.push_back(static_cast<const Call*>(&node));
    return true;
  });
  state.aggregated = select.grouped || !calls.empty() || select.having || !groupings.empty() || !accesses.empty();
  if (!state.aggregated) return Status::Ok();
  AggregateBuilder builder(context_, state.block, state.scope);
  MR_RETURN_IF_ERROR(builder.AddGroupBy(select));
  for (const Expr* call : calls) MR_RETURN_IF_ERROR(builder.AddCall(*call));
  for (const Call* access : accesses) MR_RETURN_IF_ERROR(builder.AddWindowAccess(*access, WindowAccessOf(*access)));
  for (const Call* grouping : groupings) MR_RETURN_IF_ERROR(builder.AddGrouping(*grouping));
  if (hints_ != nullptr && select.from) builder.SetTtl(HintedTtl(*hints_, *select.from, *context_.catalogs));
  MR_RETURN_IF_ERROR(builder.Finish(state.keys, state.scope.replaced));
  state.scope.keys = &state.keys;
  return Status::Ok();
}

}  // namespace millrace::sql
