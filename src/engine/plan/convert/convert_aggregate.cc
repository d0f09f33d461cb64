// Aggregation: plain groups, grouping sets, windows fused with their aggregate, legacy group windows.
#include <fmt/format.h>

#include <algorithm>

#include "engine/plan/convert/convert.h"
#include "engine/plan/keys.h"
#include "engine/plan/rewrite/rewrite.h"

namespace millrace::plan {

using functions::ExprKind;
using functions::ExprPtr;

namespace {

WindowKind KindOf(sql::WindowFunction function) {
  switch (function) {
    case sql::WindowFunction::kTumble:
      return WindowKind::kTumble;
    case sql::WindowFunction::kHop:
      return WindowKind::kHop;
    case sql::WindowFunction::kCumulate:
      return WindowKind::kCumulate;
    case sql::WindowFunction::kSession:
      return WindowKind::kSession;
  }
  return WindowKind::kTumble;
}

Window MakeWindow(const sql::WindowParameters& parameters, const Schema& input, const TimeZone* zone) {
  Window window;
  window.kind = KindOf(parameters.function);
  window.size_ms = parameters.size_ms;
  window.slide_ms = parameters.slide_ms;
  window.offset_ms = parameters.offset_ms;
  window.time_column = parameters.time_column;
  const DataType& type = input[static_cast<size_t>(parameters.time_column)].type;
  window.event_time = type.time_attribute() != TimeAttribute::kProctime;
  window.ltz = type.Is(TypeKind::kTimestampLtz);
  window.zone = zone;
  return window;
}

Status CheckWindow(const Window& window, bool aggregate) {
  if (window.kind == WindowKind::kHop && aggregate && window.size_ms % window.slide_ms != 0) {
    return PlanError(fmt::format(
        "HOP table function based aggregate requires size must be an integral multiple of slide, but got size {} ms "
        "and slide {} ms",
        window.size_ms, window.slide_ms));
  }
  if (window.kind == WindowKind::kCumulate && window.size_ms % window.slide_ms != 0) {
    return PlanError(fmt::format(
        "CUMULATE table function based aggregate requires maxSize must be an integral multiple of step, but got "
        "maxSize {} ms and step {} ms",
        window.size_ms, window.slide_ms));
  }
  int64_t unit =
      window.kind == WindowKind::kHop || window.kind == WindowKind::kCumulate ? window.slide_ms : window.size_ms;
  if (std::abs(window.offset_ms) >= unit && window.offset_ms != 0) {
    return PlanError(fmt::format("a window's offset ({} ms) must be smaller than its size or slide ({} ms)",
                                 window.offset_ms, unit));
  }
  return Status::Ok();
}

Status CheckTimeAttribute(const Window& window, const Schema& input) {
  const DataType& type = input[static_cast<size_t>(window.time_column)].type;
  if (type.IsTimeAttribute()) return Status::Ok();
  return PlanError(
      fmt::format("The window function requires the timecol is a time attribute type, but is {}.", type.ToString()),
      "declare a WATERMARK on the column, or use PROCTIME()");
}

bool Retracts(const ChangelogMode& mode) { return mode.update_before || mode.update_after || mode.remove; }

ChangelogMode AggregateMode(const ChangelogMode& input) {
  ChangelogMode mode;
  mode.update_after = mode.update_before = true;
  mode.remove = Retracts(input);
  return mode;
}

std::vector<int32_t> FirstColumns(size_t count) {
  std::vector<int32_t> columns;
  for (size_t i = 0; i < count; ++i) columns.push_back(static_cast<int32_t>(i));
  return columns;
}

// Each row once per grouping set, with the columns outside the set NULL, and the set's number in a column at the end.
Planned ExpandSets(const Planned& input, const sql::AggregateRelation& aggregate) {
  ExpandSpec expand;
  Schema schema = input.node->output;
  std::vector<int32_t> keys = aggregate.keys;
  size_t width = schema.size();
  // Keys get columns of their own when an argument reads the same column, so that the argument keeps its value.
  std::vector<bool> is_argument(width, false);
  for (const functions::AggregateCall& call : aggregate.calls) {
    for (int32_t arg : call.args) is_argument[static_cast<size_t>(arg)] = true;
    if (call.filter >= 0) is_argument[static_cast<size_t>(call.filter)] = true;
  }
  for (int32_t key : keys)
    schema.fields[static_cast<size_t>(key)].type = schema.fields[static_cast<size_t>(key)].type.Nullable();
  schema.fields.push_back({"expand$id", DataType::Bigint().NotNull(), ""});
  for (size_t set = 0; set < aggregate.grouping_sets.size(); ++set) {
    std::vector<ExprPtr> exprs;
    for (size_t i = 0; i < width; ++i) {
      auto place = std::find(keys.begin(), keys.end(), static_cast<int32_t>(i));
      const DataType& type = input.node->output[i].type;
      bool in_set = true;
      if (place != keys.end()) {
        const std::vector<int32_t>& members = aggregate.grouping_sets[set];
        in_set = std::find(members.begin(), members.end(), static_cast<int32_t>(place - keys.begin())) != members.end();
      }
      exprs.push_back(in_set || is_argument[i] ? functions::MakeColumn(static_cast<int32_t>(i), type)
                                               : functions::MakeLiteral(Value::Null(), type.Nullable()));
    }
    exprs.push_back(functions::MakeLiteral(Value::Int(static_cast<int64_t>(set)), DataType::Bigint().NotNull()));
    expand.projections.push_back(std::move(exprs));
  }
  Planned planned;
  planned.node = MakeNode(std::move(expand), {ForwardInput(input)}, std::move(schema), input.node->mode);
  planned.window = input.window;
  return planned;
}

// Keys that are arguments too, as columns of their own, so that grouping sets can blank them out.
RelationPtr SeparateKeys(const Relation& relation, sql::AggregateRelation& aggregate) {
  RelationPtr input = relation.inputs[0];
  std::vector<ExprPtr> exprs = IdentityExprs(input->schema);
  Schema schema = input->schema;
  bool changed = false;
  for (int32_t& key : aggregate.keys) {
    bool shared = false;
    for (const functions::AggregateCall& call : aggregate.calls) {
      shared = shared || call.filter == key || std::find(call.args.begin(), call.args.end(), key) != call.args.end();
    }
    if (!shared) continue;
    exprs.push_back(functions::MakeColumn(key, input->schema[static_cast<size_t>(key)].type));
    schema.fields.push_back(
        {fmt::format("{}$key", input->schema[static_cast<size_t>(key)].name), exprs.back()->type, ""});
    key = static_cast<int32_t>(exprs.size()) - 1;
    changed = true;
  }
  if (!changed) return input;
  return sql::MakeRelation(sql::ProjectRelation{std::move(exprs)}, {input}, std::move(schema));
}

// Whether each group is one row, and each call gives what that row holds.
bool GroupsAreRows(const sql::AggregateRelation& aggregate, const PhysicalNode& input) {
  if (aggregate.keys.empty() || !aggregate.grouping_sets.empty()) return false;
  bool plain = std::all_of(aggregate.calls.begin(), aggregate.calls.end(), [](const functions::AggregateCall& call) {
    std::string_view name = call.function->name;
    return (name == "SUM" || name == "MIN" || name == "MAX") && call.filter < 0 && call.args.size() == 1;
  });
  return plain && std::any_of(input.unique_keys.begin(), input.unique_keys.end(),
                              [&](const auto& key) { return ContainsAll(aggregate.keys, key); });
}

// The keys and arguments themselves, in the types that the aggregate gives.
Planned WithoutAggregate(const Planned& input, const sql::AggregateRelation& aggregate, const Schema& output) {
  std::vector<int32_t> columns = aggregate.keys;
  for (const functions::AggregateCall& call : aggregate.calls) columns.push_back(call.args[0]);
  std::vector<ExprPtr> exprs;
  for (size_t i = 0; i < columns.size(); ++i) {
    const DataType& type = input.node->output[static_cast<size_t>(columns[i])].type;
    exprs.push_back(functions::MakeCast(functions::MakeColumn(columns[i], type), output[i].type));
  }
  return MakeCalc(input, nullptr, std::move(exprs), output);
}

}  // namespace

Result<Planned> Converter::ConvertWindowTvf(const Relation& relation) {
  const auto& tvf = *relation.As<sql::WindowTvfRelation>();
  MR_ASSIGN(Planned input, Convert(relation.inputs[0]));
  WindowTableFunctionSpec spec;
  spec.window = MakeWindow(tvf.window, input.node->output, context_.eval->zone);
  MR_RETURN_IF_ERROR(CheckTimeAttribute(spec.window, input.node->output));
  MR_RETURN_IF_ERROR(CheckWindow(spec.window, false));
  spec.partition_keys = tvf.partition_keys;
  bool session = spec.window.kind == WindowKind::kSession;
  if (session && context_.batch) return PlanError("Session Window TableFunction is not supported yet in batch mode.");
  Planned planned;
  auto width = static_cast<int32_t>(input.node->output.size());
  planned.window = {width, width + 1, width + 2, spec.window};
  planned.hash_keys = session ? spec.partition_keys : input.hash_keys;
  PhysicalInput edge = session ? KeyedInput(input, spec.partition_keys) : ForwardInput(input);
  planned.node = MakeNode(std::move(spec), {edge}, relation.schema, input.node->mode);
  return planned;
}

Result<Planned> Converter::ConvertAggregate(const Relation& relation) {
  const auto& aggregate = *relation.As<sql::AggregateRelation>();
  if (aggregate.group_window) return ConvertGroupWindow(relation);
  // A window function right below (through projections and filters) whose bounds are keys is computed by the aggregate
  // itself.
  const Relation* below = relation.inputs[0].get();
  std::vector<ExprPtr> exprs = IdentityExprs(below->schema);
  ExprPtr condition;
  RelationPtr source = relation.inputs[0];
  if (const auto* project = source->As<sql::ProjectRelation>()) {
    exprs = project->exprs;
    source = source->inputs[0];
  }
  if (const auto* filter = source->As<sql::FilterRelation>()) {
    condition = filter->condition;
    source = source->inputs[0];
  }
  if (source->As<sql::WindowTvfRelation>() != nullptr && aggregate.grouping_sets.empty()) {
    MR_ASSIGN(Planned fused, FuseWindow(relation, source, exprs, condition));
    if (fused.node != nullptr) return fused;
  }
  sql::AggregateRelation plain = aggregate;
  RelationPtr input_relation = plain.grouping_sets.empty() ? relation.inputs[0] : SeparateKeys(relation, plain);
  MR_ASSIGN(Planned input, Convert(input_relation));
  bool has_window = input.window.Complete() &&
                    std::find(plain.keys.begin(), plain.keys.end(), input.window.start) != plain.keys.end() &&
                    std::find(plain.keys.begin(), plain.keys.end(), input.window.end) != plain.keys.end();
  if (!has_window && GroupsAreRows(plain, *input.node)) return WithoutAggregate(input, plain, relation.schema);
  if (!plain.grouping_sets.empty()) {
    auto id = static_cast<int32_t>(input.node->output.size());
    input = ExpandSets(input, plain);
    plain.keys.push_back(id);
  }
  if (has_window && !context_.batch) {
    RelationPtr copy = sql::MakeRelation(plain, {input_relation}, relation.schema);
    return ConvertWindowAggregate(*copy, std::move(input));
  }
  GroupAggregateSpec spec;
  spec.keys = plain.keys;
  spec.aggregates = plain.calls;
  spec.input_retracts = Retracts(input.node->mode);
  spec.ttl_ms = aggregate.state_ttl_ms >= 0 ? aggregate.state_ttl_ms : context_.GetMillis("table.exec.state.ttl", 0);
  spec.mini_batch = context_.GetBool("table.exec.mini-batch.enabled", false);
  if (spec.mini_batch) {
    auto size = ParseLong(context_.Get("table.exec.mini-batch.size", "-1"));
    spec.mini_batch_size = size.ok() ? *size : -1;
  }
  for (const functions::AggregateCall& call : spec.aggregates) {
    if (spec.input_retracts && !call.function->retractable) {
      return PlanError(fmt::format("{} cannot be used over an input with updates or deletes", call.function->name));
    }
  }
  Planned planned;
  planned.hash_keys = FirstColumns(spec.keys.size());
  PhysicalInput edge = KeyedInput(input, spec.keys);
  ChangelogMode mode = context_.batch ? ChangelogMode::InsertOnly() : AggregateMode(input.node->mode);
  planned.node = MakeNode(std::move(spec), {edge}, relation.schema, mode);
  return planned;
}

// Aggregates whose input carries the bounds of an earlier window operator.
Result<Planned> Converter::ConvertWindowAggregate(const Relation& relation, Planned input) {
  const auto& aggregate = *relation.As<sql::AggregateRelation>();
  WindowAggregateSpec spec;
  spec.window = input.window.window;
  if (!spec.window.event_time) {
    return UserError("sql.unsupported",
                     "an aggregate over the windows of another processing-time window operator is not there yet");
  }
  spec.attached_start = input.window.start;
  spec.attached_end = input.window.end;
  std::vector<ExprPtr> order(relation.schema.size());
  for (size_t i = 0; i < aggregate.keys.size(); ++i) {
    int32_t key = aggregate.keys[i];
    if (key != input.window.start && key != input.window.end && key != input.window.time) spec.keys.push_back(key);
  }
  spec.aggregates = aggregate.calls;
  spec.properties = {WindowProperty::kStart, WindowProperty::kEnd, WindowProperty::kTime};
  auto key_count = static_cast<int32_t>(spec.keys.size());
  auto call_count = static_cast<int32_t>(spec.aggregates.size());
  Schema output;
  for (int32_t key : spec.keys) output.fields.push_back(input.node->output[static_cast<size_t>(key)]);
  for (const functions::AggregateCall& call : spec.aggregates) output.fields.push_back({call.name, call.type, ""});
  output.fields.push_back({"window_start", DataType::Timestamp(3).NotNull(), ""});
  output.fields.push_back({"window_end", DataType::Timestamp(3).NotNull(), ""});
  DataType time = (spec.window.ltz ? DataType::TimestampLtz(3) : DataType::Timestamp(3)).NotNull();
  output.fields.push_back({"window_time", time.WithTimeAttribute(TimeAttribute::kRowtime), ""});
  int32_t next_key = 0;
  for (size_t i = 0; i < aggregate.keys.size(); ++i) {
    int32_t key = aggregate.keys[i];
    int32_t from = next_key;
    if (key == input.window.start) {
      from = key_count + call_count;
    } else if (key == input.window.end) {
      from = key_count + call_count + 1;
    } else if (key == input.window.time) {
      from = key_count + call_count + 2;
    } else {
      ++next_key;
    }
    order[i] = functions::MakeColumn(from, output[static_cast<size_t>(from)].type);
  }
  for (size_t i = aggregate.keys.size(); i < relation.schema.size(); ++i) {
    auto from = key_count + static_cast<int32_t>(i - aggregate.keys.size());
    order[i] = functions::MakeColumn(from, output[static_cast<size_t>(from)].type);
  }
  Planned planned;
  planned.hash_keys = FirstColumns(spec.keys.size());
  planned.window = {key_count + call_count, key_count + call_count + 1, key_count + call_count + 2, spec.window};
  PhysicalInput edge = KeyedInput(input, spec.keys);
  planned.node = MakeNode(std::move(spec), {edge}, std::move(output), ChangelogMode::InsertOnly());
  return MakeCalc(planned, nullptr, std::move(order), relation.schema);
}

// TUMBLE(…) and its aggregate as one operator; an empty result when an expression needs the window's bounds row by row.
Result<Planned> Converter::FuseWindow(const Relation& relation, const RelationPtr& tvf_relation,
                                      const std::vector<ExprPtr>& exprs, const ExprPtr& condition) {
  const auto& aggregate = *relation.As<sql::AggregateRelation>();
  const auto& tvf = *tvf_relation->As<sql::WindowTvfRelation>();
  const RelationPtr& base = tvf_relation->inputs[0];
  auto width = static_cast<int32_t>(base->schema.size());
  auto bound_of = [&](int32_t column) -> int32_t {
    const functions::Expr& expr = *exprs[static_cast<size_t>(column)];
    return expr.kind == ExprKind::kColumn && expr.index >= width ? expr.index - width : -1;
  };
  bool has_start = false;
  bool has_end = false;
  std::vector<int32_t> used;  // columns of the projection that the operator reads
  for (int32_t key : aggregate.keys) {
    int32_t bound = bound_of(key);
    has_start = has_start || bound == 0;
    has_end = has_end || bound == 1;
    if (bound < 0) used.push_back(key);
  }
  std::vector<int32_t> keys = used;
  for (const functions::AggregateCall& call : aggregate.calls) {
    used.insert(used.end(), call.args.begin(), call.args.end());
    if (call.filter >= 0) used.push_back(call.filter);
  }
  bool fits = has_start && has_end && (!condition || UsesOnly(*condition, 0, width));
  for (int32_t column : used) fits = fits && UsesOnly(*exprs[static_cast<size_t>(column)], 0, width);
  if (!fits) return Planned{};
  MR_ASSIGN(Planned input, Convert(base));
  Window window = MakeWindow(tvf.window, input.node->output, context_.eval->zone);
  MR_RETURN_IF_ERROR(CheckTimeAttribute(window, input.node->output));
  MR_RETURN_IF_ERROR(CheckWindow(window, true));
  if (window.kind == WindowKind::kSession && context_.batch) {
    return PlanError("Session Window TableFunction is not supported yet in batch mode.");
  }
  // One projection makes what the operator reads: the used columns, session partition keys, the time column.
  std::vector<ExprPtr> reads;
  Schema read_schema;
  auto add = [&](const ExprPtr& expr, const std::string& name) -> int32_t {
    for (size_t i = 0; i < reads.size(); ++i) {
      if (functions::SameExpr(*reads[i], *expr)) return static_cast<int32_t>(i);
    }
    reads.push_back(expr);
    read_schema.fields.push_back({name, expr->type, ""});
    return static_cast<int32_t>(reads.size()) - 1;
  };
  auto map_column = [&](int32_t column) {
    return add(exprs[static_cast<size_t>(column)], relation.inputs[0]->schema[static_cast<size_t>(column)].name);
  };
  WindowAggregateSpec spec;
  for (int32_t key : keys) spec.keys.push_back(map_column(key));
  size_t real_keys = spec.keys.size();
  for (int32_t key : tvf.partition_keys) {
    int32_t column = add(functions::MakeColumn(key, base->schema[static_cast<size_t>(key)].type),
                         base->schema[static_cast<size_t>(key)].name);
    if (std::find(spec.keys.begin(), spec.keys.end(), column) == spec.keys.end()) spec.keys.push_back(column);
  }
  if (spec.keys.size() != real_keys) return Planned{};  // rows of several sessions meet in one group: not one operator
  if (window.kind == WindowKind::kSession && tvf.partition_keys.size() != real_keys) return Planned{};
  spec.aggregates = aggregate.calls;
  for (functions::AggregateCall& call : spec.aggregates) {
    for (int32_t& arg : call.args) arg = map_column(arg);
    if (call.filter >= 0) call.filter = map_column(call.filter);
  }
  const Field& time_field = base->schema[static_cast<size_t>(tvf.window.time_column)];
  window.time_column = add(functions::MakeColumn(tvf.window.time_column, time_field.type), time_field.name);
  spec.window = window;
  spec.properties = {WindowProperty::kStart, WindowProperty::kEnd, WindowProperty::kTime};
  input = MakeCalc(input, condition, std::move(reads), read_schema);
  auto key_count = static_cast<int32_t>(spec.keys.size());
  auto call_count = static_cast<int32_t>(spec.aggregates.size());
  Schema output;
  for (int32_t key : spec.keys) output.fields.push_back(input.node->output[static_cast<size_t>(key)]);
  for (const functions::AggregateCall& call : spec.aggregates) output.fields.push_back({call.name, call.type, ""});
  for (size_t i = base->schema.size(); i < tvf_relation->schema.size(); ++i)
    output.fields.push_back(tvf_relation->schema[i]);
  if (!window.event_time) spec.properties[2] = WindowProperty::kProctime;
  std::vector<ExprPtr> order;
  int32_t next_key = 0;
  for (size_t i = 0; i < relation.schema.size(); ++i) {
    int32_t from = key_count + static_cast<int32_t>(i - aggregate.keys.size());
    if (i < aggregate.keys.size()) {
      int32_t bound = bound_of(aggregate.keys[i]);
      from = bound >= 0 ? key_count + call_count + bound : next_key++;
    }
    order.push_back(functions::MakeColumn(from, output[static_cast<size_t>(from)].type));
  }
  Planned planned;
  planned.hash_keys = FirstColumns(spec.keys.size());
  planned.window = {key_count + call_count, key_count + call_count + 1, key_count + call_count + 2, window};
  PhysicalInput edge = KeyedInput(input, spec.keys);
  planned.node = MakeNode(std::move(spec), {edge}, std::move(output), ChangelogMode::InsertOnly());
  return MakeCalc(planned, nullptr, std::move(order), relation.schema);
}

Result<Planned> Converter::ConvertGroupWindow(const Relation& relation) {
  const auto& aggregate = *relation.As<sql::AggregateRelation>();
  MR_ASSIGN(Planned input, Convert(relation.inputs[0]));
  GroupWindowAggregateSpec spec;
  spec.window = MakeWindow(aggregate.window, input.node->output, context_.eval->zone);
  if (spec.window.kind == WindowKind::kHop && spec.window.slide_ms == spec.window.size_ms) {
    return PlanError("Unknown window type encountered: HOP whose slide equals its size", "write TUMBLE");
  }
  if (spec.window.kind == WindowKind::kSession && context_.batch)
    return PlanError("Window Session is not supported in batch mode.");
  spec.keys = aggregate.keys;
  spec.aggregates = aggregate.calls;
  spec.input_retracts = Retracts(input.node->mode);
  for (const functions::AggregateCall& call : spec.aggregates) {
    if (call.distinct && context_.batch) return PlanError("DISTINCT aggregates in windows in batch mode");
  }
  Planned planned;
  size_t first = aggregate.keys.size() + aggregate.calls.size();
  for (size_t i = 0; i < aggregate.properties.size(); ++i) {
    auto column = static_cast<int32_t>(first + i);
    switch (aggregate.properties[i]) {
      case sql::GroupWindowProperty::kStart:
        spec.properties.push_back(WindowProperty::kStart);
        planned.window.start = column;
        break;
      case sql::GroupWindowProperty::kEnd:
        spec.properties.push_back(WindowProperty::kEnd);
        planned.window.end = column;
        break;
      case sql::GroupWindowProperty::kRowtime:
        spec.properties.push_back(WindowProperty::kTime);
        break;
      case sql::GroupWindowProperty::kProctime:
        spec.properties.push_back(WindowProperty::kProctime);
        break;
    }
  }
  planned.window = {};  // legacy windows' bounds are plain columns
  planned.hash_keys = FirstColumns(spec.keys.size());
  PhysicalInput edge = KeyedInput(input, spec.keys);
  planned.node = MakeNode(std::move(spec), {edge}, relation.schema, ChangelogMode::InsertOnly());
  return planned;
}

}  // namespace millrace::plan
