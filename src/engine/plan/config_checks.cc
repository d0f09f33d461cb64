#include "engine/plan/config_checks.h"

#include <fmt/format.h>

#include <set>

namespace millrace::plan {
namespace {

constexpr std::string_view kEarlyFire = "table.exec.emit.early-fire.enabled";
constexpr std::string_view kLateFire = "table.exec.emit.late-fire.enabled";
constexpr std::string_view kEarlyDelay = "table.exec.emit.early-fire.delay";
constexpr std::string_view kLateDelay = "table.exec.emit.late-fire.delay";
constexpr std::string_view kLateness = "table.exec.emit.allow-lateness";
constexpr std::string_view kBatchSize = "table.exec.mini-batch.size";
constexpr std::string_view kBatchLatency = "table.exec.mini-batch.allow-latency";

Error BadSetting(std::string message, std::string hint) {
  return UserError("option.value", std::move(message), std::move(hint));
}

// Mini-batches close on a size and on a latency; both must be there.
Status CheckMiniBatch(const PlanContext& context) {
  if (!context.GetBool("table.exec.mini-batch.enabled", false)) return Status::Ok();
  if (context.GetMillis(kBatchLatency, 0) <= 0) {
    return BadSetting(fmt::format("Key: '{}' must be > 0 when mini-batch is enabled", kBatchLatency),
                      fmt::format("SET '{}' = '2 s'", kBatchLatency));
  }
  auto size = ParseLong(context.Get(kBatchSize, "-1"));
  if (size.ok() && *size > 0) return Status::Ok();
  return BadSetting(fmt::format("Key: '{}' , default: -1 (fallback keys: []) must be > 0.", kBatchSize),
                    fmt::format("SET '{}' = '5000'", kBatchSize));
}

Status CheckDelay(const PlanContext& context, std::string_view enabled, std::string_view delay) {
  if (!context.GetBool(enabled, false) || context.GetMillis(delay, -1) >= 0) return Status::Ok();
  return BadSetting(fmt::format("'{}' should not be null or negative value when '{}' is set", delay, enabled),
                    fmt::format("SET '{}' = '1 min'", delay));
}

// Legacy group windows may fire early and late.
Status CheckEmit(const GroupWindowAggregateSpec& spec, const PlanContext& context) {
  bool early = context.GetBool(kEarlyFire, false);
  bool late = context.GetBool(kLateFire, false);
  if (spec.window.kind == WindowKind::kSession && (early || late)) {
    return BadSetting("Session window doesn't support EMIT strategy currently.",
                      fmt::format("RESET '{}' and '{}'", kEarlyFire, kLateFire));
  }
  int64_t lateness = context.GetMillis(kLateness, context.GetMillis("table.exec.state.ttl", 0));
  if (late && spec.window.event_time && lateness <= 0) {
    return BadSetting(fmt::format("'{}' needs '{}'", kLateFire, kLateness), fmt::format("SET '{}' = '1 h'", kLateness));
  }
  MR_RETURN_IF_ERROR(CheckDelay(context, kEarlyFire, kEarlyDelay));
  MR_RETURN_IF_ERROR(CheckDelay(context, kLateFire, kLateDelay));
  int64_t delay = context.GetMillis(kLateDelay, 0);
  if (!late || delay <= lateness) return Status::Ok();
  return BadSetting(fmt::format("Allow-lateness [{}ms] should not be smaller than Late-fire delay [{}ms] when enable "
                                "late-fire emit strategy.",
                                lateness, delay),
                    fmt::format("make '{}' at least '{}'", kLateness, kLateDelay));
}

Status CheckWindowFunction(const PlanContext& context) {
  if (!context.GetBool(kEarlyFire, false) && !context.GetBool(kLateFire, false)) return Status::Ok();
  return BadSetting(fmt::format("Currently, window table function based aggregate doesn't support early-fire and "
                                "late-fire configuration '{}' and '{}'.",
                                kEarlyFire, kLateFire),
                    "RESET them, or use GROUP BY TUMBLE(…)");
}

Status CheckNode(const PhysicalNode& node, const PlanContext& context) {
  if (const auto* window = std::get_if<GroupWindowAggregateSpec>(&node.spec)) return CheckEmit(*window, context);
  if (std::holds_alternative<WindowAggregateSpec>(node.spec)) return CheckWindowFunction(context);
  bool bundles = std::holds_alternative<GroupAggregateSpec>(node.spec) || std::holds_alternative<JoinSpec>(node.spec);
  return bundles ? CheckMiniBatch(context) : Status::Ok();
}

Status CheckTree(const PhysicalNode& node, const PlanContext& context, std::set<const PhysicalNode*>& seen) {
  if (!seen.insert(&node).second) return Status::Ok();
  MR_RETURN_IF_ERROR(CheckNode(node, context));
  for (const PhysicalInput& input : node.inputs) MR_RETURN_IF_ERROR(CheckTree(*input.node, context, seen));
  return Status::Ok();
}

}  // namespace

Status CheckConfig(const PhysicalPlan& plan, const PlanContext& context) {
  if (context.batch) return Status::Ok();
  std::set<const PhysicalNode*> seen;
  for (const PhysicalPtr& sink : plan.sinks) MR_RETURN_IF_ERROR(CheckTree(*sink, context, seen));
  return Status::Ok();
}

}  // namespace millrace::plan
