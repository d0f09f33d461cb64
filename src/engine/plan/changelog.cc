// Who emits -U: decided from the sinks down, by the rules of Flink 1.20's changelog mode inference.
//
// A node is asked for updates in one form: without -U, with it, or none when it makes no updates. It answers with
// itself (or a copy) so set, over inputs that were asked in turn, or says that it cannot; then its consumer asks
// again, with -U. Kinds of changes (insert, update, delete) are known before, since they follow from the inputs.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "engine/plan/convert/convert.h"
#include "engine/plan/keys.h"
#include "engine/plan/monotonicity.h"

namespace millrace::plan {
namespace {

enum class UpdateKind : uint8_t { kNone, kOnlyAfter, kBeforeAndAfter };

bool HasUpdates(const PhysicalNode& node) { return node.mode.update_after || node.mode.update_before; }
UpdateKind OnlyAfterOrNone(const PhysicalNode& node) {
  return HasUpdates(node) ? UpdateKind::kOnlyAfter : UpdateKind::kNone;
}
UpdateKind BeforeAndAfterOrNone(const PhysicalNode& node) {
  return HasUpdates(node) ? UpdateKind::kBeforeAndAfter : UpdateKind::kNone;
}
UpdateKind KindOf(const ChangelogMode& mode) {
  if (!mode.update_after) return UpdateKind::kNone;
  return mode.update_before ? UpdateKind::kBeforeAndAfter : UpdateKind::kOnlyAfter;
}

// Nodes that hand changes on as they come.
bool PassesChanges(const NodeSpec& spec) {
  return std::holds_alternative<CalcSpec>(spec) || std::holds_alternative<WatermarkSpec>(spec) ||
         std::holds_alternative<CorrelateSpec>(spec) || std::holds_alternative<ExpandSpec>(spec) ||
         std::holds_alternative<WindowTableFunctionSpec>(spec) || std::holds_alternative<ReplicateRowsSpec>(spec) ||
         std::holds_alternative<UnionSpec>(spec);
}

// Whether each update of a row meets the same partners: then its -U can be left out.
bool KeyHoldsJoinKey(const JoinSpec& join, const PhysicalNode& node, size_t side) {
  const std::vector<int32_t>& join_keys = side == 0 ? join.left_keys : join.right_keys;
  KeySets keys = UpsertKeysWithin(node.inputs[side], join_keys);
  return std::any_of(keys.begin(), keys.end(),
                     [&](const std::vector<int32_t>& key) { return ContainsAll(key, join_keys); });
}

void SetEmitUpdateBefore(NodeSpec& spec, bool before) {
  if (auto* group = std::get_if<GroupAggregateSpec>(&spec)) group->emit_update_before = before;
  if (auto* window = std::get_if<GroupWindowAggregateSpec>(&spec)) window->emit_update_before = before;
  if (auto* join = std::get_if<JoinSpec>(&spec)) join->emit_update_before = before;
  if (auto* limit = std::get_if<LimitSpec>(&spec)) limit->emit_update_before = before;
  if (auto* rank = std::get_if<RankSpec>(&spec)) rank->emit_update_before = before;
  if (auto* dedup = std::get_if<DeduplicateSpec>(&spec)) dedup->emit_update_before = before;
  if (auto* normalize = std::get_if<ChangelogNormalizeSpec>(&spec)) normalize->emit_update_before = before;
}

using Nodes = std::set<const PhysicalNode*>;

class Inference {
 public:
  // Nodes in `with_before` give their updates with -U only.
  explicit Inference(const Nodes& with_before) : with_before_(with_before) {}
  // `node` as it gives updates of this kind; null when it cannot.
  PhysicalPtr Satisfy(const PhysicalPtr& node, UpdateKind kind);
  // The node that an answer was made from.
  const PhysicalNode* OriginOf(const PhysicalNode& answer) const {
    auto found = origins_.find(&answer);
    return found == origins_.end() ? nullptr : found->second;
  }

 private:
  struct RankChoice {
    RankStrategy strategy;
    std::vector<int32_t> unique_key;
  };

  PhysicalPtr Make(const PhysicalPtr& node, UpdateKind kind);
  PhysicalPtr MakeSource(const PhysicalPtr& node, UpdateKind kind);
  PhysicalPtr MakeJoin(const PhysicalPtr& node, const JoinSpec& join, UpdateKind kind);
  PhysicalPtr MakePassing(const PhysicalPtr& node, UpdateKind kind);
  PhysicalPtr MakeRank(const PhysicalPtr& node, const RankSpec& rank, UpdateKind kind);
  // All inputs asked for `kinds[i]`; null when one cannot.
  std::optional<std::vector<PhysicalInput>> Inputs(const PhysicalNode& node, const std::vector<UpdateKind>& kinds);
  PhysicalPtr Finish(const PhysicalPtr& node, std::vector<PhysicalInput> inputs, UpdateKind kind);
  std::vector<RankChoice> Strategies(const PhysicalNode& node, const RankSpec& rank);

  const Nodes& with_before_;
  std::map<std::pair<const PhysicalNode*, UpdateKind>, PhysicalPtr> done_;
  std::map<const PhysicalNode*, const PhysicalNode*> origins_;
  MonotonicityQuery monotonicity_;
};

PhysicalPtr Inference::Satisfy(const PhysicalPtr& node, UpdateKind kind) {
  std::pair<const PhysicalNode*, UpdateKind> asked{node.get(), kind};
  if (auto found = done_.find(asked); found != done_.end()) return found->second;
  PhysicalPtr made = Make(node, kind);
  done_[asked] = made;
  if (made != nullptr) origins_[made.get()] = node.get();
  return made;
}

PhysicalPtr Inference::Make(const PhysicalPtr& node, UpdateKind kind) {
  const NodeSpec& spec = node->spec;
  if (HasUpdates(*node) != (kind != UpdateKind::kNone)) return nullptr;
  if (kind == UpdateKind::kOnlyAfter && with_before_.contains(node.get())) return nullptr;
  if (std::holds_alternative<SourceSpec>(spec)) return MakeSource(node, kind);
  if (const auto* join = std::get_if<JoinSpec>(&spec)) return MakeJoin(node, *join, kind);
  if (const auto* rank = std::get_if<RankSpec>(&spec)) return MakeRank(node, *rank, kind);
  if (PassesChanges(spec)) return MakePassing(node, kind);
  std::vector<UpdateKind> kinds;
  bool normalizes = std::holds_alternative<ChangelogNormalizeSpec>(spec);
  for (const PhysicalInput& input : node->inputs)
    kinds.push_back(normalizes ? OnlyAfterOrNone(*input.node) : BeforeAndAfterOrNone(*input.node));
  auto inputs = Inputs(*node, kinds);
  return inputs ? Finish(node, std::move(*inputs), kind) : nullptr;
}

std::optional<std::vector<PhysicalInput>> Inference::Inputs(const PhysicalNode& node,
                                                            const std::vector<UpdateKind>& kinds) {
  std::vector<PhysicalInput> inputs;
  for (size_t i = 0; i < node.inputs.size(); ++i) {
    PhysicalPtr input = Satisfy(node.inputs[i].node, kinds[i]);
    if (input == nullptr) return std::nullopt;
    inputs.push_back({std::move(input), node.inputs[i].distribution, node.inputs[i].hash_keys});
  }
  return inputs;
}

PhysicalPtr Inference::Finish(const PhysicalPtr& node, std::vector<PhysicalInput> inputs, UpdateKind kind) {
  auto copy = std::make_shared<PhysicalNode>(*node);
  copy->inputs = std::move(inputs);
  bool before = kind == UpdateKind::kBeforeAndAfter;
  copy->mode.update_before = before;
  SetEmitUpdateBefore(copy->spec, before);
  return copy;
}

// A source gives what it gives; what -U it has too many is dropped right above it.
PhysicalPtr Inference::MakeSource(const PhysicalPtr& node, UpdateKind kind) {
  UpdateKind own = KindOf(node->mode);
  if (own == kind) return node;
  if (own != UpdateKind::kBeforeAndAfter || kind != UpdateKind::kOnlyAfter) return nullptr;
  ChangelogMode mode = node->mode;
  mode.update_before = false;
  return MakeNode(DropUpdateBeforeSpec{}, {{node, Distribution::kForward, {}}}, node->output, mode);
}

PhysicalPtr Inference::MakeJoin(const PhysicalPtr& node, const JoinSpec& join, UpdateKind kind) {
  std::vector<UpdateKind> kinds;
  for (size_t i = 0; i < node->inputs.size(); ++i) {
    const PhysicalNode& input = *node->inputs[i].node;
    if (kind != UpdateKind::kOnlyAfter) {
      kinds.push_back(BeforeAndAfterOrNone(input));
      continue;
    }
    if (HasUpdates(input) && !KeyHoldsJoinKey(join, *node, i)) return nullptr;
    kinds.push_back(OnlyAfterOrNone(input));
  }
  auto inputs = Inputs(*node, kinds);
  return inputs ? Finish(node, std::move(*inputs), kind) : nullptr;
}

PhysicalPtr Inference::MakePassing(const PhysicalPtr& node, UpdateKind kind) {
  // After a condition nobody knows whether an update's former row was there: it must come as -U.
  const auto* calc = std::get_if<CalcSpec>(&node->spec);
  if (kind == UpdateKind::kOnlyAfter && calc != nullptr && calc->condition) return nullptr;
  std::vector<UpdateKind> kinds;
  for (const PhysicalInput& input : node->inputs) kinds.push_back(HasUpdates(*input.node) ? kind : UpdateKind::kNone);
  auto inputs = Inputs(*node, kinds);
  return inputs ? Finish(node, std::move(*inputs), kind) : nullptr;
}

// The ways in which a rank can run, the best first.
std::vector<Inference::RankChoice> Inference::Strategies(const PhysicalNode& node, const RankSpec& rank) {
  const PhysicalInput& input = node.inputs[0];
  if (input.node->mode.IsInsertOnly()) return {{RankStrategy::kAppend, rank.unique_key}};
  RankChoice retract{RankStrategy::kRetract, rank.unique_key};
  const std::vector<int32_t>* key = nullptr;
  KeySets keys = UpsertKeysWithin(input, rank.partition_keys);
  for (const std::vector<int32_t>& candidate : keys) {
    bool fits = ContainsAll(candidate, rank.partition_keys);
    if (fits && (key == nullptr || candidate.size() < key->size())) key = &candidate;
  }
  const MonotonicityQuery::Columns& columns = monotonicity_.Of(*input.node);
  if (key == nullptr || !columns || rank.sort_keys.empty()) return {retract};
  bool improves = std::all_of(rank.sort_keys.begin(), rank.sort_keys.end(), [&](const SortKey& sort) {
    Monotonicity column = (*columns)[static_cast<size_t>(sort.column)];
    return column == Monotonicity::kConstant ||
           column == (sort.ascending ? Monotonicity::kDecreasing : Monotonicity::kIncreasing);
  });
  if (!improves) return {retract};
  return {{RankStrategy::kUpdate, *key}, retract};
}

PhysicalPtr Inference::MakeRank(const PhysicalPtr& node, const RankSpec& rank, UpdateKind kind) {
  const PhysicalNode& input = *node->inputs[0].node;
  for (const RankChoice& choice : Strategies(*node, rank)) {
    UpdateKind needed = choice.strategy == RankStrategy::kUpdate ? OnlyAfterOrNone(input) : BeforeAndAfterOrNone(input);
    auto inputs = Inputs(*node, {needed});
    if (!inputs) continue;
    PhysicalPtr made = Finish(node, std::move(*inputs), kind);
    auto& spec = std::get<RankSpec>(made->spec);
    spec.strategy = choice.strategy;
    spec.unique_key = choice.unique_key;
    return made;
  }
  return nullptr;
}

// Changes of a kind that the sink does not know at all are refused.
Status CheckKinds(const SinkSpec& spec, const ChangelogMode& query, const ChangelogMode& accepted) {
  bool updates = query.HasUpdates() && !accepted.HasUpdates();
  bool deletes = query.remove && !accepted.remove;
  if (!updates && !deletes) return Status::Ok();
  std::string kinds = updates && deletes ? "update and delete" : updates ? "update" : "delete";
  return UserError("sink.changelog",
                   fmt::format("Table sink '{}' doesn't support consuming {} changes", spec.table, kinds));
}

// The forms of updates that a sink takes, the best first.
Result<std::vector<UpdateKind>> TakenBy(const SinkSpec& spec, const PhysicalNode& input, bool explain) {
  std::vector<UpdateKind> either{UpdateKind::kOnlyAfter, UpdateKind::kBeforeAndAfter};
  std::vector<UpdateKind> both{UpdateKind::kBeforeAndAfter};
  ChangelogMode query = input.mode;
  query.update_before = query.update_after = HasUpdates(input);
  UpdateKind taken = explain ? UpdateKind::kOnlyAfter : UpdateKind::kBeforeAndAfter;
  if (spec.sink != nullptr) {
    MR_ASSIGN(ChangelogMode accepted, spec.sink->AcceptedMode(query));
    MR_RETURN_IF_ERROR(CheckKinds(spec, query, accepted));
    taken = KindOf(accepted);
  }
  if (!HasUpdates(input)) return std::vector<UpdateKind>{UpdateKind::kNone};
  if (taken != UpdateKind::kOnlyAfter) return both;
  // A sink with a key that is not the one by which changes are ordered must see what each update replaces.
  bool ordered = spec.primary_key.empty() || std::find(input.upsert_keys.begin(), input.upsert_keys.end(),
                                                       spec.primary_key) != input.upsert_keys.end();
  return ordered ? either : both;
}

Status InferSink(PhysicalNode& sink, Inference& inference, bool explain) {
  const auto& spec = std::get<SinkSpec>(sink.spec);
  PhysicalInput& input = sink.inputs[0];
  MR_ASSIGN(std::vector<UpdateKind> kinds, TakenBy(spec, *input.node, explain));
  for (UpdateKind kind : kinds) {
    PhysicalPtr satisfied = inference.Satisfy(input.node, kind);
    if (satisfied == nullptr) continue;
    input.node = std::move(satisfied);
    sink.mode = input.node->mode;
    return Status::Ok();
  }
  return PlanError(fmt::format("the query's updates cannot be given as {} takes them",
                               spec.table.empty() ? "its reader" : fmt::format("table '{}'", spec.table)));
}

// The shared nodes that are asked for -U somewhere below `node`.
void CollectBefore(const PhysicalNode& node, const Inference& inference, const Nodes& shared, Nodes& asked) {
  const PhysicalNode* origin = inference.OriginOf(node);
  if (node.mode.update_before && shared.contains(origin)) asked.insert(origin);
  for (const PhysicalInput& input : node.inputs) CollectBefore(*input.node, inference, shared, asked);
}

}  // namespace

Status InferChangelog(PhysicalPlan& plan, const std::vector<PhysicalPtr>& parts, bool explain) {
  std::vector<PhysicalPtr> originals;  // what was asked is known by its address
  for (const PhysicalPtr& sink : plan.sinks) originals.push_back(sink->inputs[0].node);
  Nodes shared;
  for (const PhysicalPtr& part : parts) shared.insert(part.get());
  Nodes with_before;
  while (true) {
    Inference inference(with_before);
    Nodes asked = with_before;
    for (size_t i = 0; i < plan.sinks.size(); ++i) {
      plan.sinks[i]->inputs[0].node = originals[i];
      MR_RETURN_IF_ERROR(InferSink(*plan.sinks[i], inference, explain));
      if (!shared.empty()) CollectBefore(*plan.sinks[i], inference, shared, asked);
    }
    if (asked.size() == with_before.size()) return Status::Ok();
    with_before = std::move(asked);
  }
}

}  // namespace millrace::plan
