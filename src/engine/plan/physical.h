// The physical plan: what runs. The planner makes it, EXPLAIN shows it, the runtime makes operators of it.
// Every node is one struct; PhysicalNode::spec says which. Columns are positions in the input's schema (joins: left,
// then right).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/connectors/connector.h"
#include "engine/functions/aggregate_function.h"
#include "engine/functions/expression.h"
#include "engine/functions/table_function.h"
#include "types/data_type.h"

namespace millrace::plan {

using connectors::ChangelogMode;
using functions::AggregateCall;
using functions::ExprPtr;

// How rows reach an input of a node.
enum class Distribution : uint8_t {
  kForward,     // stay in their subtask
  kHash,        // by key group of `hash_keys`
  kSingleton,   // all to one subtask
  kRoundRobin,  // spread, order does not matter
};

struct SourceSpec {
  std::shared_ptr<connectors::TableSource> source;
  std::string table;  // catalog.database.table
  bool watermark_in_source =
      false;          // the WatermarkSpec below belongs to each split (see TableSource::watermark_per_split)
  ExprPtr watermark;  // over the source's output columns; null unless watermark_in_source
  int32_t rowtime = -1;
  int64_t idle_timeout_ms = 0;  // table.exec.source.idle-timeout; 0: never idle
};

struct ValuesSpec {
  std::vector<ValueRow> rows;
};

// Filter and projection in one: rows for which `condition` is TRUE, as `projection`.
struct CalcSpec {
  ExprPtr condition;  // null: all rows
  std::vector<ExprPtr> projection;
};

struct WatermarkSpec {
  int32_t rowtime = 0;
  ExprPtr watermark;  // TIMESTAMP or TIMESTAMP_LTZ; NULL gives no watermark
  int64_t idle_timeout_ms = 0;
  int64_t emit_interval_ms = 200;  // of event time: a new watermark follows the row that brings it this much further
};

struct GroupAggregateSpec {
  std::vector<int32_t> keys;  // empty: one global group
  std::vector<AggregateCall> aggregates;
  bool input_retracts = false;     // the input has -U or -D
  bool emit_update_before = true;  // -U before each +U
  int64_t ttl_ms = 0;
  bool mini_batch = false;
  int64_t mini_batch_size = 0;        // rows after which a bundle is closed
  int64_t mini_batch_latency_ms = 0;  // wall-clock time after its first row at which a bundle is closed; 0: none
};
// Output: keys, then aggregates. COUNT of rows is kept when the input retracts; a group whose count is 0 is deleted
// (-D).

enum class WindowKind : uint8_t { kTumble, kHop, kCumulate, kSession };

struct Window {
  WindowKind kind = WindowKind::kTumble;
  int64_t size_ms = 0;   // TUMBLE, HOP: size; CUMULATE: maximum size; SESSION: gap
  int64_t slide_ms = 0;  // HOP: slide; CUMULATE: step
  int64_t offset_ms = 0;
  bool event_time = true;    // else processing time
  int32_t time_column = -1;  // of the input
  bool ltz = false;          // time_column is TIMESTAMP_LTZ: windows are aligned to local time of the session zone
  const TimeZone* zone = TimeZone::Utc();
};

// What a windowed aggregate or window table function appends to its output, in this order, each as its type says.
enum class WindowProperty : uint8_t { kStart, kEnd, kTime, kProctime };

// TUMBLE/HOP/CUMULATE/SESSION(TABLE …) followed by GROUP BY window_start, window_end, keys.
struct WindowAggregateSpec {
  Window window;
  std::vector<int32_t> keys;  // for SESSION they hold the PARTITION BY columns too
  std::vector<AggregateCall> aggregates;
  std::vector<WindowProperty> properties;
  // The input carries window_start/window_end of an earlier window operator (cascaded): its rows belong to that window
  // as it is.
  int32_t attached_start = -1;
  int32_t attached_end = -1;
};
// Output: keys, aggregates, properties.

// GROUP BY TUMBLE/HOP/SESSION(time, …): the legacy windows. Takes retractions.
struct GroupWindowAggregateSpec {
  Window window;
  std::vector<int32_t> keys;
  std::vector<AggregateCall> aggregates;
  std::vector<WindowProperty> properties;
  bool input_retracts = false;
  bool emit_update_before = true;
  int64_t allowed_lateness_ms = 0;
};

// A window table function that is not fused into an aggregate: each row once per window, with window_start, window_end,
// window_time.
struct WindowTableFunctionSpec {
  Window window;
  std::vector<int32_t> partition_keys;  // SESSION
};

enum class JoinType : uint8_t { kInner, kLeft, kRight, kFull, kSemi, kAnti };

// What is known of a join side's unique keys; decides the state's layout.
enum class JoinInputSide : uint8_t {
  kJoinKeyIsUnique,  // at most one row per join key
  kHasUniqueKey,     // rows are identified by unique_key
  kNoUniqueKey,      // a multiset of rows
};

struct JoinSpec {
  JoinType type = JoinType::kInner;
  std::vector<int32_t> left_keys;   // equal in number; none: cross join, one group
  std::vector<int32_t> right_keys;  // positions in the right input
  std::vector<bool> null_equal;     // per key: IS NOT DISTINCT FROM
  ExprPtr condition;                // over left ++ right; null: none
  JoinInputSide left_side = JoinInputSide::kNoUniqueKey;
  JoinInputSide right_side = JoinInputSide::kNoUniqueKey;
  std::vector<int32_t> left_unique_key;
  std::vector<int32_t> right_unique_key;
  bool emit_update_before = true;
  int64_t left_ttl_ms = 0;
  int64_t right_ttl_ms = 0;
};
// Output: left ++ right (semi and anti: left). Append-only unless outer, anti or an input retracts.

struct WindowJoinSpec {
  JoinType type = JoinType::kInner;
  std::vector<int32_t> left_keys;
  std::vector<int32_t> right_keys;
  ExprPtr condition;
  int32_t left_window_start = -1, left_window_end = -1;
  int32_t right_window_start = -1, right_window_end = -1;
  bool ltz = false;  // the windows' time attribute is TIMESTAMP_LTZ
  const TimeZone* zone = TimeZone::Utc();
};

struct IntervalJoinSpec {
  JoinType type = JoinType::kInner;
  std::vector<int32_t> left_keys, right_keys;
  std::vector<bool> null_equal;  // per key: IS NOT DISTINCT FROM
  ExprPtr condition;             // over left ++ right
  bool event_time = true;
  int32_t left_time = -1, right_time = -1;
  int64_t lower_ms = 0, upper_ms = 0;  // left.time in [right.time + lower, right.time + upper]
  int64_t min_cleanup_ms = 0;          // table.exec.interval-join.min-cleanup-interval
};

struct SortKey {
  int32_t column = 0;
  bool ascending = true;
  bool nulls_first = true;
};

// ORDER BY of a bounded input, or (time_sorted) of a stream by its ascending time attribute first; both with optional
// LIMIT.
struct SortSpec {
  std::vector<SortKey> keys;
  bool time_sorted = false;
  int64_t offset = 0;
  int64_t limit = -1;  // -1: none
};

struct LimitSpec {
  int64_t offset = 0;
  int64_t limit = -1;
  bool input_retracts = false;
  bool emit_update_before = true;
};

enum class RankStrategy : uint8_t {
  kAppend,   // insert-only input
  kUpdate,   // input updates by unique_key and the sort key only improves
  kRetract,  // any changes
};

// Top-N: rows with rank_start <= ROW_NUMBER() <= rank_end per partition; RANK and DENSE_RANK are refused on streams.
struct RankSpec {
  bool sort_limit = false;  // ORDER BY … LIMIT
  std::vector<int32_t> partition_keys;
  std::vector<SortKey> sort_keys;
  int64_t rank_start = 1;
  int64_t rank_end = 0;
  int32_t rank_end_column = -1;     // variable rank end (WHERE rownum <= col); else -1
  bool output_rank_number = false;  // appended as BIGINT
  RankStrategy strategy = RankStrategy::kAppend;
  std::vector<int32_t> unique_key;  // of the input, for kUpdate and kRetract
  bool emit_update_before = true;
  int64_t ttl_ms = 0;
};

// ROW_NUMBER() … = 1 ordered by a time attribute.
struct DeduplicateSpec {
  std::vector<int32_t> keys;
  int32_t time_column = -1;  // -1: processing time (arrival order)
  bool keep_last = false;
  bool emit_update_before = true;
  bool emit_insert = true;  // +I for the first row of a key (else +U, when -U is not wanted and the sink upserts)
  int64_t ttl_ms = 0;
};

// Top-N or deduplication per window: emits when the window ends.
struct WindowRankSpec {
  std::vector<int32_t> partition_keys;
  std::vector<SortKey> sort_keys;
  int64_t rank_start = 1;
  int64_t rank_end = 0;
  bool output_rank_number = false;
  int32_t window_end = -1;
  bool deduplicate = false;  // keeps one row by time_column
  bool keep_last = false;
  int32_t time_column = -1;
  bool ltz = false;
  const TimeZone* zone = TimeZone::Utc();
};

// Makes complete changes (-U with all columns) of an upsert stream; drops repeated keys' needless changes.
struct ChangelogNormalizeSpec {
  std::vector<int32_t> unique_key;
  bool emit_update_before = true;
  int64_t ttl_ms = 0;
};

struct DropUpdateBeforeSpec {};

// GROUPING SETS: each row once per set, columns outside the set NULL, with the set's id as a BIGINT column at the end.
struct ExpandSpec {
  std::vector<std::vector<ExprPtr>> projections;
};

// CROSS/LEFT JOIN UNNEST(…) or LATERAL TABLE(f(…)). Output: input ++ function columns.
struct CorrelateSpec {
  const functions::TableFunction* function = nullptr;
  std::vector<ExprPtr> arguments;  // over the input
  bool left_outer = false;
  ExprPtr condition;  // over the output; null: none
};

// OVER (PARTITION BY … ORDER BY time …) aggregates.
struct OverAggregateSpec {
  std::vector<int32_t> partition_keys;
  std::vector<SortKey> order_keys;
  bool event_time = true;
  bool rows_frame = false;                // else RANGE
  int64_t preceding = -1;                 // rows, or milliseconds; -1: unbounded
  int64_t ttl_ms = 0;                     // of keys; a bounded RANGE forgets by itself
  int64_t following = 0;                  // batch: rows or milliseconds; -1: unbounded
  std::vector<AggregateCall> aggregates;  // appended to the input's columns
  std::vector<std::string> rankings;      // batch: per aggregate RANK, LEAD … with a null `function`, else empty
};

struct UnionSpec {};

// INTERSECT / EXCEPT are planned as joins and aggregates; this replicates rows as their BIGINT count column says.
struct ReplicateRowsSpec {
  int32_t count_column = 0;
};

struct SinkSpec {
  std::shared_ptr<connectors::TableSink> sink;  // null: the rows of a SELECT go to the caller
  std::string table;
  std::vector<bool> not_null;                   // columns to enforce (table.exec.sink.not-null-enforcer)
  bool drop_null_rows = false;                  // enforcer DROP instead of ERROR
  std::vector<int32_t> primary_key;             // of the table, as columns of the input, sorted; empty: none
  std::vector<int32_t> upsert_materialize_key;  // the sink's primary key when upserts must be materialised; else empty
  std::vector<int32_t> input_upsert_key;        // of the input, then; may be empty
  int64_t ttl_ms = 0;                           // of the rows that are materialised
  bool enforce_lengths = false;                 // table.exec.sink.type-length-enforcer is TRIM_PAD
  bool blackhole = false;
};

using NodeSpec = std::variant<SourceSpec, ValuesSpec, CalcSpec, WatermarkSpec, GroupAggregateSpec, WindowAggregateSpec,
                              GroupWindowAggregateSpec, WindowTableFunctionSpec, JoinSpec, WindowJoinSpec,
                              IntervalJoinSpec, SortSpec, LimitSpec, RankSpec, DeduplicateSpec, WindowRankSpec,
                              ChangelogNormalizeSpec, DropUpdateBeforeSpec, ExpandSpec, CorrelateSpec,
                              OverAggregateSpec, UnionSpec, ReplicateRowsSpec, SinkSpec>;

struct PhysicalNode;
using PhysicalPtr = std::shared_ptr<PhysicalNode>;

struct PhysicalInput {
  PhysicalPtr node;
  Distribution distribution = Distribution::kForward;
  std::vector<int32_t> hash_keys;
};

struct PhysicalNode {
  NodeSpec spec;
  std::vector<PhysicalInput> inputs;
  Schema output;
  ChangelogMode mode;                             // of the output
  std::vector<std::vector<int32_t>> unique_keys;  // sets of output columns
  std::vector<std::vector<int32_t>> upsert_keys;  // keys by which changes arrive in order
  std::string operator_id;                        // stable id of its state (see engine.md, "Operator id")
  std::string description;                        // one line for EXPLAIN, as Flink prints the node
};

// The name Flink gives the node in a plan: "Calc", "GroupAggregate", "Join" …
std::string_view NodeName(const NodeSpec& spec);

// One job: the sinks of a statement (set); shared nodes are shared pointers.
struct PhysicalPlan {
  std::vector<PhysicalPtr> sinks;
  bool batch = false;
};

}  // namespace millrace::plan
