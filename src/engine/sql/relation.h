// The bound tree: relational algebra over typed expressions. The binder makes it from the syntax tree; the planner
// rewrites it. Column positions count over the input's schema; joins number the left input's columns first.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "engine/catalog/catalog.h"
#include "engine/functions/aggregate_function.h"
#include "engine/functions/expression.h"
#include "engine/functions/table_function.h"
#include "types/data_type.h"

namespace millrace::sql {

struct Relation;
using RelationPtr = std::shared_ptr<const Relation>;
using BoundExpr = functions::ExprPtr;

// Physical and metadata columns of a table, in declaration order; computed columns and the watermark stand above it.
struct ScanRelation {
  catalog::TablePtr table;
  OptionMap hint_options;  // /*+ OPTIONS(…) */
  int64_t state_ttl_ms = -1;
  // After pruning: which of the stored columns are read, in order. `pruned` false: all.
  bool pruned = false;
  std::vector<int32_t> columns;
};

struct ValuesRelation {
  std::vector<ValueRow> rows;
};

struct ProjectRelation {
  std::vector<BoundExpr> exprs;
};

struct FilterRelation {
  BoundExpr condition;
};

struct WatermarkRelation {
  int32_t rowtime = 0;
  BoundExpr watermark;
};

enum class WindowFunction : uint8_t { kTumble, kHop, kCumulate, kSession };

struct WindowParameters {
  WindowFunction function = WindowFunction::kTumble;
  int64_t size_ms = 0;   // CUMULATE: the maximum size; SESSION: the gap
  int64_t slide_ms = 0;  // HOP: the slide; CUMULATE: the step
  int64_t offset_ms = 0;
  int32_t time_column = -1;
};

// TABLE(TUMBLE(TABLE …)): the input's columns, then window_start, window_end, window_time.
struct WindowTvfRelation {
  WindowParameters window;
  std::vector<int32_t> partition_keys;
};

// What a legacy window gives besides its aggregates.
enum class GroupWindowProperty : uint8_t { kStart, kEnd, kRowtime, kProctime };

struct AggregateRelation {
  std::vector<int32_t> keys;                        // input columns
  std::vector<std::vector<int32_t>> grouping_sets;  // positions in `keys`; empty: one set of all keys
  std::vector<functions::AggregateCall> calls;
  // GROUP BY TUMBLE(…): the window, and its properties appended to the output.
  bool group_window = false;
  WindowParameters window;
  std::vector<GroupWindowProperty> properties;
  int64_t state_ttl_ms = -1;
};
// Output: keys (nullable where a grouping set leaves them out), then calls; with several grouping sets a BIGINT
// `expand$id` lies between them; then window properties.

enum class JoinKind : uint8_t { kInner, kLeft, kRight, kFull, kSemi, kAnti };

struct JoinRelation {
  JoinKind kind = JoinKind::kInner;
  BoundExpr condition;  // over left ++ right; TRUE literal for a cross join
  int64_t left_ttl_ms = -1;
  int64_t right_ttl_ms = -1;
};

// A join with what a table function or UNNEST gives for each row.
struct CorrelateRelation {
  const functions::TableFunction* function = nullptr;
  std::vector<BoundExpr> arguments;
  bool left_outer = false;
  BoundExpr condition;
};

enum class SetKind : uint8_t { kUnion, kIntersect, kExcept };

struct SetRelation {
  SetKind kind = SetKind::kUnion;
  bool all = true;
};

struct SortColumn {
  int32_t column = 0;
  bool ascending = true;
  bool nulls_first = true;
};

struct SortRelation {
  std::vector<SortColumn> keys;
  int64_t offset = 0;
  int64_t limit = -1;
};

// One OVER window with its functions, whose results are appended to the input's columns.
struct OverRelation {
  std::vector<int32_t> partition_keys;
  std::vector<SortColumn> order_keys;
  bool rows_frame = false;
  bool frame_written = false;
  int64_t preceding = -1;  // rows or milliseconds; -1: unbounded
  int64_t following = 0;   // 0: current row; -1: unbounded
  // Aggregates, or ranking functions by name (ROW_NUMBER, RANK, DENSE_RANK, LAG …) with `function` null.
  struct Call {
    functions::AggregateCall aggregate;
    std::string ranking;
  };
  std::vector<Call> calls;
};

// Rows with rank_start <= ROW_NUMBER() <= rank_end per partition: what the planner makes of a filter over a ranking
// OVER. Output: the input's columns, then the rank.
struct RankRelation {
  std::string ranking;  // ROW_NUMBER, RANK, DENSE_RANK
  std::vector<int32_t> partition_keys;
  std::vector<SortColumn> order_keys;
  int64_t rank_start = 1;
  int64_t rank_end = 0;
  bool output_rank = true;  // false after pruning: the rank column is left out
};

// JOIN t FOR SYSTEM_TIME AS OF x.time. Output: left ++ right. Checked as Flink checks it; there is no operator yet.
struct TemporalRelation {
  JoinKind kind = JoinKind::kInner;
  BoundExpr condition;       // over left ++ right; TRUE literal when there is none
  int32_t time_column = -1;  // of the left input: a time attribute
  SourceRange range;         // of the join
};

// MATCH_RECOGNIZE, bound as far as names and types go. Output: the partition's columns, then the measures.
struct MatchRelation {
  std::vector<int32_t> partition_keys;
  std::vector<SortColumn> order_keys;
  SourceRange range;
};

// A query that can be bound and that Flink does not plan: planning gives `error`.
struct RefusedRelation {
  Error error;
};

// Rows into a table: columns are those that INSERT writes, in the table's order, cast to its types.
struct SinkRelation {
  catalog::TablePtr table;
  std::vector<int32_t> target_columns;  // positions among the table's persisted columns; empty: all
  OptionMap hint_options;
  bool overwrite = false;
  std::map<std::string, std::string> static_partition;
};

using RelationSpec =
    std::variant<ScanRelation, ValuesRelation, ProjectRelation, FilterRelation, WatermarkRelation, WindowTvfRelation,
                 AggregateRelation, JoinRelation, CorrelateRelation, SetRelation, SortRelation, OverRelation,
                 RankRelation, TemporalRelation, MatchRelation, RefusedRelation, SinkRelation>;

struct Relation {
  RelationSpec spec;
  std::vector<RelationPtr> inputs;
  Schema schema;

  template <typename T>
  const T* As() const {
    return std::get_if<T>(&spec);
  }
};

RelationPtr MakeRelation(RelationSpec spec, std::vector<RelationPtr> inputs, Schema schema);

// One line per node, children indented, for EXPLAIN's first part and for tests.
std::string RelationText(const Relation& relation, int32_t indent = 0);

}  // namespace millrace::sql
