// Dispatch, and the nodes that need little thought.
#include "engine/plan/convert/convert.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/plan/config_checks.h"
#include "engine/plan/determinism.h"
#include "engine/plan/keys.h"
#include "engine/plan/reuse/parts.h"
#include "engine/plan/rewrite/rewrite.h"

namespace millrace::plan {

using functions::ExprKind;
using functions::ExprPtr;

std::string PlanContext::Get(std::string_view key, std::string_view otherwise) const {
  auto found = config->find(key);
  return found == config->end() ? std::string(otherwise) : found->second;
}

bool PlanContext::GetBool(std::string_view key, bool otherwise) const {
  std::string value = Get(key, otherwise ? "true" : "false");
  return value == "true" || value == "TRUE" || value == "True";
}

int64_t PlanContext::GetMillis(std::string_view key, int64_t otherwise) const {
  auto found = config->find(key);
  if (found == config->end()) return otherwise;
  auto parsed = ParseDuration(found->second);
  return parsed.ok() ? parsed->count() : otherwise;
}

Error PlanError(std::string message, std::string hint) {
  return UserError("plan.refused", std::move(message), std::move(hint));
}

PhysicalPtr MakeNode(NodeSpec spec, std::vector<PhysicalInput> inputs, Schema output, ChangelogMode mode) {
  auto node = std::make_shared<PhysicalNode>();
  node->spec = std::move(spec);
  node->inputs = std::move(inputs);
  node->output = std::move(output);
  node->mode = mode;
  DeriveKeys(*node);
  return node;
}

ChangelogMode UnionOf(const ChangelogMode& a, const ChangelogMode& b) {
  return {a.insert || b.insert, a.update_before || b.update_before, a.update_after || b.update_after,
          a.remove || b.remove};
}

ChangelogMode AllChanges() { return ChangelogMode::All(); }

PhysicalInput ForwardInput(const Planned& input) { return {input.node, Distribution::kForward, {}}; }

PhysicalInput KeyedInput(const Planned& input, const std::vector<int32_t>& keys) {
  if (keys.empty()) return {input.node, Distribution::kSingleton, {}};
  if (input.hash_keys == keys) return ForwardInput(input);
  return {input.node, Distribution::kHash, keys};
}

std::vector<SortKey> SortKeysOf(const std::vector<sql::SortColumn>& keys) {
  std::vector<SortKey> result;
  for (const sql::SortColumn& key : keys) result.push_back({key.column, key.ascending, key.nulls_first});
  return result;
}

namespace {

// new position of each input column that the projection passes on unchanged; -1 for others.
std::vector<int32_t> PassedColumns(const std::vector<ExprPtr>& projection, size_t input_width) {
  std::vector<int32_t> map(input_width, -1);
  for (size_t i = 0; i < projection.size(); ++i) {
    const functions::Expr& expr = *projection[i];
    if (expr.kind == ExprKind::kColumn && map[static_cast<size_t>(expr.index)] < 0) {
      map[static_cast<size_t>(expr.index)] = static_cast<int32_t>(i);
    }
  }
  return map;
}

int32_t Mapped(const std::vector<int32_t>& map, int32_t column) {
  return column < 0 ? -1 : map[static_cast<size_t>(column)];
}

bool IsIdentity(const std::vector<ExprPtr>& projection, const Schema& input, const Schema& output) {
  if (projection.size() != input.size()) return false;
  for (size_t i = 0; i < projection.size(); ++i) {
    if (projection[i]->kind != ExprKind::kColumn || projection[i]->index != static_cast<int32_t>(i)) return false;
    if (!(input[i].type == output[i].type)) return false;
  }
  return true;
}

// A Calc that picks or renames columns, and no more.
bool OnlyPicksColumns(const PhysicalNode& node) {
  const auto* calc = std::get_if<CalcSpec>(&node.spec);
  if (calc == nullptr || calc->condition) return false;
  return std::all_of(calc->projection.begin(), calc->projection.end(),
                     [](const ExprPtr& expr) { return expr->kind == ExprKind::kColumn; });
}

}  // namespace

WindowColumns MapWindow(const WindowColumns& window, const std::vector<ExprPtr>& projection) {
  int32_t width = std::max({window.start, window.end, window.time, -1}) + 1;
  for (const ExprPtr& expr : projection) {
    if (expr->kind == ExprKind::kColumn) width = std::max(width, expr->index + 1);
  }
  std::vector<int32_t> map = PassedColumns(projection, static_cast<size_t>(width));
  WindowColumns mapped = window;
  mapped.start = Mapped(map, window.start);
  mapped.end = Mapped(map, window.end);
  mapped.time = Mapped(map, window.time);
  return mapped;
}

Planned MakeCalc(const Planned& input, ExprPtr condition, std::vector<ExprPtr> projection, Schema output) {
  if (!condition && IsIdentity(projection, input.node->output, output)) {
    Planned same = input;
    bool renamed = false;
    for (size_t i = 0; i < output.size(); ++i) {
      renamed = renamed || output[i].name != input.node->output[i].name ||
                output[i].type.time_attribute() != input.node->output[i].type.time_attribute();
    }
    if (!renamed) return same;
  }
  Planned result;
  std::vector<int32_t> map = PassedColumns(projection, input.node->output.size());
  result.window = MapWindow(input.window, projection);
  for (int32_t key : input.hash_keys) result.hash_keys.push_back(map[static_cast<size_t>(key)]);
  if (std::find(result.hash_keys.begin(), result.hash_keys.end(), -1) != result.hash_keys.end())
    result.hash_keys.clear();
  PhysicalPtr below = input.node;
  if (OnlyPicksColumns(*below)) {
    const std::vector<ExprPtr>& inner = std::get<CalcSpec>(below->spec).projection;
    if (condition) condition = functions::SubstituteColumns(condition, inner);
    for (ExprPtr& expr : projection) expr = functions::SubstituteColumns(expr, inner);
    below = below->inputs[0].node;
  }
  ChangelogMode mode = below->mode;
  result.node = MakeNode(CalcSpec{std::move(condition), std::move(projection)},
                         {{std::move(below), Distribution::kForward, {}}}, std::move(output), mode);
  return result;
}

Result<Planned> Converter::Convert(const RelationPtr& relation) {
  if (auto found = done_.find(relation); found != done_.end()) return found->second;
  MR_ASSIGN(Planned planned, Dispatch(relation));
  done_[relation] = planned;
  return planned;
}

Result<Planned> Converter::Dispatch(const RelationPtr& relation) {
  struct Visitor {
    Converter& converter;
    const RelationPtr& relation;
    Result<Planned> operator()(const sql::ScanRelation&) const { return converter.ConvertScan(*relation); }
    Result<Planned> operator()(const sql::ValuesRelation&) const { return converter.ConvertValues(*relation); }
    Result<Planned> operator()(const sql::ProjectRelation&) const { return converter.ConvertCalc(relation); }
    Result<Planned> operator()(const sql::FilterRelation&) const { return converter.ConvertCalc(relation); }
    Result<Planned> operator()(const sql::WatermarkRelation&) const { return converter.ConvertWatermark(*relation); }
    Result<Planned> operator()(const sql::WindowTvfRelation&) const { return converter.ConvertWindowTvf(*relation); }
    Result<Planned> operator()(const sql::AggregateRelation&) const { return converter.ConvertAggregate(*relation); }
    Result<Planned> operator()(const sql::JoinRelation&) const { return converter.ConvertJoin(*relation); }
    Result<Planned> operator()(const sql::CorrelateRelation&) const { return converter.ConvertCorrelate(*relation); }
    Result<Planned> operator()(const sql::SetRelation&) const { return converter.ConvertUnion(*relation); }
    Result<Planned> operator()(const sql::SortRelation&) const { return converter.ConvertSort(*relation); }
    Result<Planned> operator()(const sql::OverRelation&) const { return converter.ConvertOver(*relation); }
    Result<Planned> operator()(const sql::RankRelation&) const { return converter.ConvertRank(*relation); }
    Result<Planned> operator()(const sql::TemporalRelation&) const { return converter.ConvertTemporal(*relation); }
    Result<Planned> operator()(const sql::MatchRelation&) const { return converter.ConvertMatch(*relation); }
    Result<Planned> operator()(const sql::RefusedRelation& refused) const { return refused.error; }
    Result<Planned> operator()(const sql::SinkRelation&) const { return InternalError("a sink within a plan"); }
  };
  return std::visit(Visitor{*this, relation}, relation->spec);
}

Result<Planned> Converter::ConvertValues(const Relation& relation) {
  Planned planned;
  planned.node =
      MakeNode(ValuesSpec{relation.As<sql::ValuesRelation>()->rows}, {}, relation.schema, ChangelogMode::InsertOnly());
  return planned;
}

Result<Planned> Converter::ConvertCalc(const RelationPtr& relation) {
  const auto* project = relation->As<sql::ProjectRelation>();
  const Relation* below = relation.get();
  ExprPtr condition;
  std::vector<ExprPtr> projection;
  if (project != nullptr) {
    projection = project->exprs;
    below = relation->inputs[0].get();
  }
  RelationPtr source = project != nullptr ? relation->inputs[0] : relation;
  if (const auto* filter = below->As<sql::FilterRelation>()) {
    condition = filter->condition;
    source = below->inputs[0];
  }
  if (project == nullptr) projection = IdentityExprs(relation->schema);
  if (source->As<sql::ScanRelation>() != nullptr) {
    MR_ASSIGN(Planned nested, ConvertNestedScan(*source, condition, projection, relation->schema));
    if (nested.node != nullptr) return nested;
  }
  MR_ASSIGN(Planned input, Convert(source));
  return MakeCalc(input, std::move(condition), std::move(projection), relation->schema);
}

Result<Planned> Converter::ConvertUnion(const Relation& relation) {
  Planned planned;
  std::vector<PhysicalInput> inputs;
  ChangelogMode mode;
  for (const RelationPtr& input : relation.inputs) {
    MR_ASSIGN(Planned side, Convert(input));
    mode = UnionOf(mode, side.node->mode);
    inputs.push_back(ForwardInput(side));
  }
  planned.node = MakeNode(UnionSpec{}, std::move(inputs), relation.schema, mode);
  return planned;
}

Result<Planned> Converter::ConvertCorrelate(const Relation& relation) {
  const auto& correlate = *relation.As<sql::CorrelateRelation>();
  MR_ASSIGN(Planned input, Convert(relation.inputs[0]));
  Planned planned;
  planned.window = input.window;
  planned.hash_keys = input.hash_keys;
  planned.node =
      MakeNode(CorrelateSpec{correlate.function, correlate.arguments, correlate.left_outer, correlate.condition},
               {ForwardInput(input)}, relation.schema, input.node->mode);
  return planned;
}

namespace {

// Common parts of several sinks, converted; the trees with scans in their places.
Result<std::vector<RelationPtr>> ConvertParts(const std::vector<RelationPtr>& roots, const PlanContext& context,
                                              Converter& converter, std::vector<PhysicalPtr>& parts) {
  CutTrees cut = CutCommonParts(roots);
  for (const Part& part : cut.parts) {
    MR_ASSIGN(RelationPtr rewritten, Rewrite(part.relation, context, true));
    MR_ASSIGN(Planned planned, converter.Convert(rewritten));
    parts.push_back(OnlyPicksColumns(*planned.node) ? planned.node->inputs[0].node : planned.node);
    converter.SetPart(part.table, std::move(planned));
  }
  return std::move(cut.roots);
}

}  // namespace

Result<PhysicalPlan> Plan(const std::vector<RelationPtr>& given, const PlanContext& context) {
  PhysicalPlan plan;
  plan.batch = context.batch;
  Converter converter(context);
  std::vector<RelationPtr> roots = given;
  std::vector<PhysicalPtr> parts;
  if (roots.size() > 1 && context.GetBool("table.optimizer.reuse-optimize-block-with-digest-enabled", false)) {
    MR_ASSIGN(roots, ConvertParts(given, context, converter, parts));
  }
  for (const RelationPtr& root : roots) {
    MR_ASSIGN(RelationPtr rewritten, Rewrite(root, context));
    MR_ASSIGN(PhysicalPtr sink, converter.ConvertRoot(rewritten));
    plan.sinks.push_back(std::move(sink));
  }
  if (context.GetBool("table.optimizer.reuse-sub-plan-enabled", true)) {
    if (context.GetBool("table.optimizer.reuse-source-enabled", true))
      MR_RETURN_IF_ERROR(ShareScans(plan, converter.scans(), context));
    ShareSubPlans(plan, parts);
  }
  MR_RETURN_IF_ERROR(InferChangelog(plan, parts, context.explain));
  MR_RETURN_IF_ERROR(CheckConfig(plan, context));
  if (!context.batch && context.Get("table.optimizer.non-deterministic-update.strategy", "IGNORE") == "TRY_RESOLVE") {
    MetadataColumns metadata;
    for (const ScanOrigin& scan : converter.scans()) {
      const auto* source = std::get_if<SourceSpec>(&scan.node->spec);
      if (source != nullptr) metadata[source->source.get()] = scan.metadata.size();
    }
    MR_RETURN_IF_ERROR(CheckDeterminism(plan, metadata));
  }
  DescribeNodes(plan);
  return plan;
}

}  // namespace millrace::plan
