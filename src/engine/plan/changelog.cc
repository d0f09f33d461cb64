// Who emits -U: decided from the sinks down, after Flink's changelog mode inference.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "engine/plan/convert/convert.h"

namespace millrace::plan {
namespace {

bool Updates(const PhysicalNode& node) { return node.mode.update_after || node.mode.update_before; }

bool KeyCoversJoin(const JoinSpec& join, size_t input) {
  // The input's unique key contains the join key: each update of a key stays with its partner.
  const std::vector<int32_t>& keys = input == 0 ? join.left_keys : join.right_keys;
  const std::vector<int32_t>& unique = input == 0 ? join.left_unique_key : join.right_unique_key;
  JoinInputSide side = input == 0 ? join.left_side : join.right_side;
  if (side == JoinInputSide::kNoUniqueKey) return false;
  for (int32_t key : keys) {
    if (std::find(unique.begin(), unique.end(), key) == unique.end()) return false;
  }
  return true;
}

// Whether the node can give +U without -U.
bool CanOmitBefore(const PhysicalNode& node) {
  if (!Updates(node)) return true;
  if (const auto* calc = std::get_if<CalcSpec>(&node.spec))
    return !calc->condition && CanOmitBefore(*node.inputs[0].node);
  if (const auto* join = std::get_if<JoinSpec>(&node.spec)) {
    for (size_t i = 0; i < 2; ++i) {
      const PhysicalNode& input = *node.inputs[i].node;
      if (Updates(input) && (!KeyCoversJoin(*join, i) || !CanOmitBefore(input))) return false;
    }
    return true;
  }
  if (std::holds_alternative<SourceSpec>(node.spec)) return !node.mode.update_before;
  bool passes = std::holds_alternative<WatermarkSpec>(node.spec) || std::holds_alternative<UnionSpec>(node.spec) ||
                std::holds_alternative<CorrelateSpec>(node.spec) || std::holds_alternative<ExpandSpec>(node.spec) ||
                std::holds_alternative<WindowTableFunctionSpec>(node.spec);
  if (!passes) return true;
  for (const PhysicalInput& input : node.inputs) {
    if (!CanOmitBefore(*input.node)) return false;
  }
  return true;
}

// First pass: which nodes must give -U because one of their consumers asks for it.
class Inference {
 public:
  void Require(PhysicalNode& node, bool before);
  void Apply(PhysicalNode& node);

 private:
  std::map<PhysicalNode*, bool> before_;
  std::set<PhysicalNode*> applied_;
};

void Inference::Require(PhysicalNode& node, bool before) {
  auto found = before_.find(&node);
  if (found != before_.end() && (found->second || !before)) return;
  before_[&node] = before;
  for (size_t i = 0; i < node.inputs.size(); ++i) {
    PhysicalNode& input = *node.inputs[i].node;
    if (!Updates(input)) {
      Require(input, false);
      continue;
    }
    bool passes = std::holds_alternative<CalcSpec>(node.spec) || std::holds_alternative<WatermarkSpec>(node.spec) ||
                  std::holds_alternative<UnionSpec>(node.spec) || std::holds_alternative<CorrelateSpec>(node.spec) ||
                  std::holds_alternative<ExpandSpec>(node.spec) ||
                  std::holds_alternative<WindowTableFunctionSpec>(node.spec);
    bool need = true;
    if (passes) need = before || !CanOmitBefore(node);
    if (const auto* join = std::get_if<JoinSpec>(&node.spec)) need = before || !KeyCoversJoin(*join, i);
    if (std::holds_alternative<ChangelogNormalizeSpec>(node.spec)) need = false;
    Require(input, need);
  }
}

void Inference::Apply(PhysicalNode& node) {
  if (!applied_.insert(&node).second) return;
  for (PhysicalInput& input : node.inputs) Apply(*input.node);
  bool before = before_[&node];
  if (std::holds_alternative<SourceSpec>(node.spec) || std::holds_alternative<ValuesSpec>(node.spec)) return;
  if (std::holds_alternative<SinkSpec>(node.spec)) return;
  bool updates = Updates(node);
  node.mode.update_before = updates && before;
  if (auto* spec = std::get_if<GroupAggregateSpec>(&node.spec)) spec->emit_update_before = before;
  if (auto* spec = std::get_if<GroupWindowAggregateSpec>(&node.spec)) spec->emit_update_before = before;
  if (auto* spec = std::get_if<JoinSpec>(&node.spec)) spec->emit_update_before = before;
  if (auto* spec = std::get_if<LimitSpec>(&node.spec)) spec->emit_update_before = before;
  if (auto* spec = std::get_if<RankSpec>(&node.spec)) spec->emit_update_before = before;
  if (auto* spec = std::get_if<DeduplicateSpec>(&node.spec)) spec->emit_update_before = before;
  if (auto* spec = std::get_if<ChangelogNormalizeSpec>(&node.spec)) spec->emit_update_before = before;
  bool passes = std::holds_alternative<CalcSpec>(node.spec) || std::holds_alternative<WatermarkSpec>(node.spec) ||
                std::holds_alternative<UnionSpec>(node.spec) || std::holds_alternative<CorrelateSpec>(node.spec) ||
                std::holds_alternative<ExpandSpec>(node.spec) ||
                std::holds_alternative<WindowTableFunctionSpec>(node.spec);
  if (passes) {  // what comes in goes out
    ChangelogMode mode;
    for (const PhysicalInput& input : node.inputs) mode = UnionOf(mode, input.node->mode);
    node.mode = mode;
  }
}

}  // namespace

Status InferChangelog(PhysicalPlan& plan, bool explain) {
  Inference inference;
  struct Wanted {
    PhysicalNode* sink;
    ChangelogMode accepted;
  };
  std::vector<Wanted> wanted;
  for (PhysicalPtr& sink : plan.sinks) {
    auto& spec = std::get<SinkSpec>(sink->spec);
    PhysicalNode& input = *sink->inputs[0].node;
    ChangelogMode query = input.mode;
    query.update_before = query.update_after = Updates(input);
    ChangelogMode accepted = query;
    if (spec.sink != nullptr) {
      auto mode = spec.sink->AcceptedMode(query);
      if (!mode.ok()) return mode.error();
      accepted = *mode;
    } else if (explain) {
      accepted.update_before = false;
    }
    bool need_before = accepted.update_before || !spec.upsert_materialize_key.empty() || !CanOmitBefore(input);
    inference.Require(*sink, need_before);
    inference.Require(input, Updates(input) && need_before);
    wanted.push_back({sink.get(), accepted});
  }
  for (Wanted& want : wanted) {
    inference.Apply(*want.sink);
    PhysicalInput& edge = want.sink->inputs[0];
    ChangelogMode mode = edge.node->mode;
    auto& spec = std::get<SinkSpec>(want.sink->spec);
    if (mode.update_before && !want.accepted.update_before && spec.upsert_materialize_key.empty()) {
      PhysicalNode& child = *edge.node;
      mode.update_before = false;
      PhysicalPtr drop =
          MakeNode(DropUpdateBeforeSpec{}, {{edge.node, Distribution::kForward, {}}}, child.output, mode);
      drop->unique_keys = child.unique_keys;
      drop->upsert_keys = child.upsert_keys;
      edge.node = drop;
    }
    want.sink->mode = mode;
  }
  return Status::Ok();
}

}  // namespace millrace::plan
