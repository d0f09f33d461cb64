// Common sub-plans become one node with several consumers.
#include <algorithm>
#include <map>

#include "engine/plan/keys.h"
#include "engine/plan/reuse/reuse.h"
#include "engine/plan/reuse/same_node.h"

namespace millrace::plan {

using functions::ExprKind;
using functions::ExprPtr;

namespace {

bool PicksColumns(const PhysicalNode& node) {
  const auto* calc = std::get_if<CalcSpec>(&node.spec);
  if (calc == nullptr || calc->condition) return false;
  return std::all_of(calc->projection.begin(), calc->projection.end(),
                     [](const ExprPtr& expr) { return expr->kind == ExprKind::kColumn; });
}

// A Calc that gives its input as it is, time attributes too.
bool ChangesNothing(const PhysicalNode& node) {
  if (!PicksColumns(node)) return false;
  const std::vector<ExprPtr>& exprs = std::get<CalcSpec>(node.spec).projection;
  const Schema& input = node.inputs[0].node->output;
  if (exprs.size() != input.size()) return false;
  for (size_t i = 0; i < exprs.size(); ++i) {
    const DataType& type = node.output[i].type;
    bool same = exprs[i]->index == static_cast<int32_t>(i) && type == input[i].type &&
                type.time_attribute() == input[i].type.time_attribute() && node.output[i].name == input[i].name;
    if (!same) return false;
  }
  return true;
}

class SubPlans {
 public:
  PhysicalPtr Shared(const PhysicalPtr& node);

 private:
  static void SkipPicks(PhysicalNode& node);

  std::map<PhysicalPtr, PhysicalPtr> done_;
  std::vector<PhysicalPtr> kept_;
};

// A Calc over one that only picks columns reads what that one reads.
void SubPlans::SkipPicks(PhysicalNode& node) {
  auto* calc = std::get_if<CalcSpec>(&node.spec);
  if (calc == nullptr || !PicksColumns(*node.inputs[0].node)) return;
  const PhysicalNode& inner = *node.inputs[0].node;
  const std::vector<ExprPtr>& picks = std::get<CalcSpec>(inner.spec).projection;
  if (calc->condition) calc->condition = functions::SubstituteColumns(calc->condition, picks);
  for (ExprPtr& expr : calc->projection) expr = functions::SubstituteColumns(expr, picks);
  node.inputs = {inner.inputs[0]};
}

PhysicalPtr SubPlans::Shared(const PhysicalPtr& node) {
  if (auto found = done_.find(node); found != done_.end()) return found->second;
  for (PhysicalInput& input : node->inputs) input.node = Shared(input.node);
  SkipPicks(*node);
  PhysicalPtr result = node;
  if (ChangesNothing(*node)) {
    result = node->inputs[0].node;
  } else {
    auto same =
        std::find_if(kept_.begin(), kept_.end(), [&](const PhysicalPtr& kept) { return SameWork(*kept, *node); });
    if (same != kept_.end()) {
      result = *same;
    } else {
      kept_.push_back(node);
    }
  }
  done_[node] = result;
  return result;
}

}  // namespace

void ShareSubPlans(PhysicalPlan& plan, std::vector<PhysicalPtr>& parts) {
  SubPlans sub_plans;
  for (PhysicalPtr& sink : plan.sinks) {
    for (PhysicalInput& input : sink->inputs) input.node = sub_plans.Shared(input.node);
  }
  for (PhysicalPtr& part : parts) part = sub_plans.Shared(part);
}

}  // namespace millrace::plan
