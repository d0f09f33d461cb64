// Equality of nodes, spec by spec.
#include "engine/plan/reuse/same_node.h"

#include <algorithm>

namespace millrace::plan {

using functions::ExprPtr;

namespace {

bool Same(const ExprPtr& a, const ExprPtr& b) {
  if (a == nullptr || b == nullptr) return a == b;
  return functions::SameExpr(*a, *b) && functions::IsDeterministic(*a);
}

bool Same(const std::vector<ExprPtr>& a, const std::vector<ExprPtr>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const ExprPtr& x, const ExprPtr& y) { return Same(x, y); });
}

bool Same(const AggregateCall& a, const AggregateCall& b) {
  return a.function == b.function && a.args == b.args && a.arg_types == b.arg_types && a.literals == b.literals &&
         a.distinct == b.distinct && a.ignore_nulls == b.ignore_nulls && a.filter == b.filter && a.type == b.type;
}

bool Same(const std::vector<AggregateCall>& a, const std::vector<AggregateCall>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const AggregateCall& x, const AggregateCall& y) { return Same(x, y); });
}

bool Same(const Window& a, const Window& b) {
  return a.kind == b.kind && a.size_ms == b.size_ms && a.slide_ms == b.slide_ms && a.offset_ms == b.offset_ms &&
         a.event_time == b.event_time && a.time_column == b.time_column && a.ltz == b.ltz && a.zone == b.zone;
}

bool Same(const std::vector<SortKey>& a, const std::vector<SortKey>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const SortKey& x, const SortKey& y) {
    return x.column == y.column && x.ascending == y.ascending && x.nulls_first == y.nulls_first;
  });
}

// What the inference of changelog modes settles is not compared: it comes later.
struct SameSpec {
  const NodeSpec& other;
  template <typename T>
  const T& To(const T&) const {
    return std::get<T>(other);
  }

  bool operator()(const SourceSpec&) const { return false; }
  bool operator()(const ValuesSpec&) const { return false; }
  bool operator()(const SinkSpec&) const { return false; }
  bool operator()(const DropUpdateBeforeSpec&) const { return true; }
  bool operator()(const UnionSpec&) const { return true; }
  bool operator()(const CalcSpec& a) const {
    const CalcSpec& b = To(a);
    return Same(a.condition, b.condition) && Same(a.projection, b.projection);
  }
  bool operator()(const WatermarkSpec& a) const {
    const WatermarkSpec& b = To(a);
    return a.rowtime == b.rowtime && Same(a.watermark, b.watermark) && a.idle_timeout_ms == b.idle_timeout_ms &&
           a.emit_interval_ms == b.emit_interval_ms;
  }
  bool operator()(const GroupAggregateSpec& a) const {
    const GroupAggregateSpec& b = To(a);
    return a.keys == b.keys && Same(a.aggregates, b.aggregates) && a.input_retracts == b.input_retracts &&
           a.ttl_ms == b.ttl_ms && a.mini_batch == b.mini_batch && a.mini_batch_size == b.mini_batch_size &&
           a.mini_batch_latency_ms == b.mini_batch_latency_ms;
  }
  bool operator()(const WindowAggregateSpec& a) const {
    const WindowAggregateSpec& b = To(a);
    return Same(a.window, b.window) && a.keys == b.keys && Same(a.aggregates, b.aggregates) &&
           a.properties == b.properties && a.attached_start == b.attached_start && a.attached_end == b.attached_end;
  }
  bool operator()(const GroupWindowAggregateSpec& a) const {
    const GroupWindowAggregateSpec& b = To(a);
    return Same(a.window, b.window) && a.keys == b.keys && Same(a.aggregates, b.aggregates) &&
           a.properties == b.properties && a.input_retracts == b.input_retracts &&
           a.allowed_lateness_ms == b.allowed_lateness_ms;
  }
  bool operator()(const WindowTableFunctionSpec& a) const {
    const WindowTableFunctionSpec& b = To(a);
    return Same(a.window, b.window) && a.partition_keys == b.partition_keys;
  }
  bool operator()(const JoinSpec& a) const {
    const JoinSpec& b = To(a);
    return a.type == b.type && a.left_keys == b.left_keys && a.right_keys == b.right_keys &&
           a.null_equal == b.null_equal && Same(a.condition, b.condition) && a.left_side == b.left_side &&
           a.right_side == b.right_side && a.left_unique_key == b.left_unique_key &&
           a.right_unique_key == b.right_unique_key && a.left_ttl_ms == b.left_ttl_ms &&
           a.right_ttl_ms == b.right_ttl_ms;
  }
  bool operator()(const WindowJoinSpec& a) const {
    const WindowJoinSpec& b = To(a);
    return a.type == b.type && a.left_keys == b.left_keys && a.right_keys == b.right_keys &&
           Same(a.condition, b.condition) && a.left_window_start == b.left_window_start &&
           a.left_window_end == b.left_window_end && a.right_window_start == b.right_window_start &&
           a.right_window_end == b.right_window_end && a.ltz == b.ltz && a.zone == b.zone;
  }
  bool operator()(const IntervalJoinSpec& a) const {
    const IntervalJoinSpec& b = To(a);
    return a.type == b.type && a.left_keys == b.left_keys && a.right_keys == b.right_keys &&
           Same(a.condition, b.condition) && a.event_time == b.event_time && a.left_time == b.left_time &&
           a.right_time == b.right_time && a.lower_ms == b.lower_ms && a.upper_ms == b.upper_ms;
  }
  bool operator()(const SortSpec& a) const {
    const SortSpec& b = To(a);
    return Same(a.keys, b.keys) && a.time_sorted == b.time_sorted && a.offset == b.offset && a.limit == b.limit;
  }
  bool operator()(const LimitSpec& a) const {
    const LimitSpec& b = To(a);
    return a.offset == b.offset && a.limit == b.limit && a.input_retracts == b.input_retracts;
  }
  bool operator()(const RankSpec& a) const {
    const RankSpec& b = To(a);
    return a.sort_limit == b.sort_limit && a.partition_keys == b.partition_keys && Same(a.sort_keys, b.sort_keys) &&
           a.rank_start == b.rank_start && a.rank_end == b.rank_end && a.rank_end_column == b.rank_end_column &&
           a.output_rank_number == b.output_rank_number && a.ttl_ms == b.ttl_ms;
  }
  bool operator()(const DeduplicateSpec& a) const {
    const DeduplicateSpec& b = To(a);
    return a.keys == b.keys && a.time_column == b.time_column && a.keep_last == b.keep_last &&
           a.emit_insert == b.emit_insert && a.ttl_ms == b.ttl_ms;
  }
  bool operator()(const WindowRankSpec& a) const {
    const WindowRankSpec& b = To(a);
    return a.partition_keys == b.partition_keys && Same(a.sort_keys, b.sort_keys) && a.rank_start == b.rank_start &&
           a.rank_end == b.rank_end && a.output_rank_number == b.output_rank_number && a.window_end == b.window_end &&
           a.deduplicate == b.deduplicate && a.keep_last == b.keep_last && a.time_column == b.time_column &&
           a.ltz == b.ltz && a.zone == b.zone;
  }
  bool operator()(const ChangelogNormalizeSpec& a) const {
    const ChangelogNormalizeSpec& b = To(a);
    return a.unique_key == b.unique_key && a.ttl_ms == b.ttl_ms;
  }
  bool operator()(const ExpandSpec& a) const {
    const ExpandSpec& b = To(a);
    return std::equal(a.projections.begin(), a.projections.end(), b.projections.begin(), b.projections.end(),
                      [](const std::vector<ExprPtr>& x, const std::vector<ExprPtr>& y) { return Same(x, y); });
  }
  bool operator()(const CorrelateSpec& a) const {
    const CorrelateSpec& b = To(a);
    return a.function == b.function && Same(a.arguments, b.arguments) && a.left_outer == b.left_outer &&
           Same(a.condition, b.condition);
  }
  bool operator()(const OverAggregateSpec& a) const {
    const OverAggregateSpec& b = To(a);
    return a.partition_keys == b.partition_keys && Same(a.order_keys, b.order_keys) && a.event_time == b.event_time &&
           a.rows_frame == b.rows_frame && a.preceding == b.preceding && Same(a.aggregates, b.aggregates);
  }
  bool operator()(const ReplicateRowsSpec& a) const { return a.count_column == To(a).count_column; }
};

bool SameInput(const PhysicalInput& a, const PhysicalInput& b) {
  return a.node == b.node && a.distribution == b.distribution && a.hash_keys == b.hash_keys;
}

// Names do not matter, but types do: time attributes among them.
bool SameTypes(const Schema& a, const Schema& b) {
  return std::equal(a.fields.begin(), a.fields.end(), b.fields.begin(), b.fields.end(),
                    [](const Field& x, const Field& y) {
                      return x.type == y.type && x.type.time_attribute() == y.type.time_attribute();
                    });
}

}  // namespace

bool SameWork(const PhysicalNode& a, const PhysicalNode& b) {
  if (a.spec.index() != b.spec.index() || !SameTypes(a.output, b.output)) return false;
  if (!std::equal(a.inputs.begin(), a.inputs.end(), b.inputs.begin(), b.inputs.end(), SameInput)) return false;
  return a.mode == b.mode && std::visit(SameSpec{b.spec}, a.spec);
}

}  // namespace millrace::plan
