// MakeOperator: from a node of the plan to its operator.
#include <fmt/format.h>

#include <variant>

#include "engine/operators/factories.h"

namespace millrace::operators {
namespace {

Error NoOperator(const plan::PhysicalNode& node) {
  return UserError("operator.unsupported", fmt::format("'{}' cannot run yet", node.description),
                   "rewrite the query without it, or deploy it to Flink");
}

template <typename Spec>
concept HasOperator = requires(const Spec& spec, const plan::PhysicalNode& node) {
  Make(spec, node);
};

}  // namespace

Result<std::unique_ptr<Operator>> MakeOperator(const plan::PhysicalNode& node) {
  return std::visit(
      [&node](const auto& spec) -> OperatorResult {
        if constexpr (HasOperator<std::decay_t<decltype(spec)>>) {
          return Make(spec, node);
        } else {
          return NoOperator(node);
        }
      },
      node.spec);
}

}  // namespace millrace::operators
