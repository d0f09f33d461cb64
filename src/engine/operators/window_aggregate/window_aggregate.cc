// The operators of WindowAggregateSpec and of the legacy GroupWindowAggregateSpec: the same slices and sessions. Legacy
// windows also take changes, and a key whose rows were all taken back gives nothing.
#include <fmt/format.h>

#include "engine/operators/factories.h"
#include "engine/operators/window_aggregate/session_aggregate.h"
#include "engine/operators/window_aggregate/sliced_aggregate.h"

namespace millrace::operators {
namespace {

OperatorResult MakeWindowed(WindowAggregation aggregation, const plan::PhysicalNode& node) {
  bool attached = aggregation.attached_end >= 0;
  if (aggregation.window.kind == plan::WindowKind::kSession && !attached) {
    return {std::make_unique<SessionAggregate>(std::move(aggregation), InputTypes(node), node.output)};
  }
  return {std::make_unique<SlicedAggregate>(std::move(aggregation), InputTypes(node), node.output)};
}

}  // namespace

OperatorResult Make(const plan::WindowAggregateSpec& spec, const plan::PhysicalNode& node) {
  WindowAggregation aggregation{spec.window,
                                spec.keys,
                                spec.aggregates,
                                spec.properties,
                                spec.attached_start,
                                spec.attached_end,
                                !node.inputs[0].node->mode.IsInsertOnly()};
  return MakeWindowed(std::move(aggregation), node);
}

OperatorResult Make(const plan::GroupWindowAggregateSpec& spec, const plan::PhysicalNode& node) {
  if (spec.allowed_lateness_ms > 0) {
    return UserError("operator.unsupported", fmt::format("'{}': late results are not supported", node.description),
                     "leave table.exec.emit.allow-lateness unset");
  }
  WindowAggregation aggregation{spec.window, spec.keys, spec.aggregates, spec.properties, -1, -1, spec.input_retracts};
  return MakeWindowed(std::move(aggregation), node);
}

}  // namespace millrace::operators
