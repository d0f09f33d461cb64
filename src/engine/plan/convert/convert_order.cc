// Sorting, limits, Top-N, deduplication and OVER windows.
#include <fmt/format.h>

#include <algorithm>

#include "engine/functions/over_function.h"
#include "engine/plan/convert/convert.h"
#include "engine/plan/rewrite/rewrite.h"

namespace millrace::plan {

using functions::ExprPtr;

Result<Planned> Converter::ConvertSort(const Relation& relation) {
  const auto& sort = *relation.As<sql::SortRelation>();
  MR_ASSIGN(Planned input, Convert(relation.inputs[0]));
  Planned planned;
  bool insert_only = input.node->mode.IsInsertOnly();
  PhysicalInput single{input.node, Distribution::kSingleton, {}};
  if (sort.keys.empty()) {
    if (sort.limit < 0 && sort.offset == 0) return input;
    if (sort.limit < 0)
      return PlanError("FETCH is missed, which on streaming table is not supported currently.", "add LIMIT");
    LimitSpec limit{sort.offset, sort.limit, !insert_only, true};
    planned.node = MakeNode(limit, {single}, relation.schema, insert_only ? ChangelogMode::InsertOnly() : AllChanges());
    return planned;
  }
  SortSpec spec{SortKeysOf(sort.keys), false, sort.offset, sort.limit};
  if (context_.batch) {
    planned.node = MakeNode(std::move(spec), {single}, relation.schema, ChangelogMode::InsertOnly());
    return planned;
  }
  const DataType& first = relation.schema[static_cast<size_t>(sort.keys[0].column)].type;
  if (sort.limit < 0) {
    if (sort.offset > 0)
      return PlanError("FETCH is missed, which on streaming table is not supported currently.", "add LIMIT");
    bool by_time = first.IsTimeAttribute() && sort.keys[0].ascending && insert_only;
    bool any_column = context_.GetBool("__table.exec.sort.non-temporal.enabled__", false);
    if (!by_time && !any_column) {
      if (first.IsTimeAttribute() && !sort.keys[0].ascending) {
        return PlanError("Sort: Primary sort order of a streaming table must be ascending on time.");
      }
      return PlanError("Sort on a non-time-attribute field is not supported.",
                       "add LIMIT, order by the time attribute, or run in batch mode");
    }
    spec.time_sorted = by_time;
    planned.node = MakeNode(std::move(spec), {single}, relation.schema, ChangelogMode::InsertOnly());
    return planned;
  }
  RankSpec rank;
  rank.sort_limit = true;
  rank.sort_keys = spec.keys;
  rank.rank_start = sort.offset + 1;
  rank.rank_end = sort.offset + sort.limit;
  rank.strategy = insert_only ? RankStrategy::kAppend : RankStrategy::kRetract;  // settled by InferChangelog
  rank.ttl_ms = context_.GetMillis("table.exec.state.ttl", 0);
  planned.node = MakeNode(std::move(rank), {single}, relation.schema, AllChanges());
  return planned;
}

namespace {

bool ContainsWindow(const std::vector<int32_t>& keys, const WindowColumns& window) {
  return window.Complete() && std::find(keys.begin(), keys.end(), window.start) != keys.end() &&
         std::find(keys.begin(), keys.end(), window.end) != keys.end();
}

// Appends the rank as the constant that it is when only one rank is kept.
Planned WithConstantRank(const Planned& planned, const sql::RankRelation& rank, const Schema& schema) {
  if (!rank.output_rank) return planned;
  std::vector<ExprPtr> exprs = IdentityExprs(planned.node->output);
  exprs.push_back(functions::MakeLiteral(Value::Int(rank.rank_start), DataType::Bigint().NotNull()));
  return MakeCalc(planned, nullptr, std::move(exprs), schema);
}

Schema InputPart(const Schema& schema, const Planned& input) {
  Schema part = schema;
  part.fields.resize(input.node->output.size());
  return part;
}

Status CheckRank(const sql::RankRelation& rank) {
  if (rank.order_keys.empty()) return PlanError(fmt::format("{} needs ORDER BY in its OVER window", rank.ranking));
  if (rank.ranking != "ROW_NUMBER")
    return PlanError(fmt::format("{}() on streaming table is not supported currently", rank.ranking));
  if (rank.rank_end < rank.rank_start)
    return PlanError(fmt::format("Rank end can't smaller than rank start: {} < {}", rank.rank_end, rank.rank_start));
  return Status::Ok();
}

}  // namespace

Result<Planned> Converter::ConvertRank(const Relation& relation) {
  const auto& rank = *relation.As<sql::RankRelation>();
  MR_ASSIGN(Planned input, Convert(relation.inputs[0]));
  MR_RETURN_IF_ERROR(CheckRank(rank));
  const Schema& columns = input.node->output;
  const DataType& order_type = columns[static_cast<size_t>(rank.order_keys[0].column)].type;
  bool insert_only = input.node->mode.IsInsertOnly();
  bool one = rank.rank_start == rank.rank_end;
  bool by_time = rank.order_keys.size() == 1 && order_type.IsTimeAttribute();
  Planned planned;
  planned.window = input.window;
  planned.hash_keys = rank.partition_keys;
  Schema passed = InputPart(relation.schema, input);
  int64_t ttl = context_.GetMillis("table.exec.state.ttl", 0);
  bool of_windows = ContainsWindow(rank.partition_keys, input.window);
  if (of_windows && !insert_only) {
    return PlanError(fmt::format("{} doesn't support consuming update and delete changes",
                                 one && by_time ? "WindowDeduplicate" : "WindowRank"),
                     "rank over a table that only gets inserts");
  }
  if (of_windows) {
    WindowRankSpec spec;
    spec.partition_keys = rank.partition_keys;
    spec.sort_keys = SortKeysOf(rank.order_keys);
    spec.rank_start = rank.rank_start;
    spec.rank_end = rank.rank_end;
    spec.window_end = input.window.end;
    spec.ltz = input.window.window.ltz;
    spec.zone = input.window.window.zone;
    spec.output_rank_number = rank.output_rank && !one;
    if (!input.window.window.event_time) return PlanError("Processing time Window TopN is not supported yet.");
    if (one && rank.rank_start == 1 && by_time) {
      spec.deduplicate = true;
      spec.keep_last = !rank.order_keys[0].ascending;
      spec.time_column = rank.order_keys[0].column;
    }
    planned.node = MakeNode(spec, {KeyedInput(input, rank.partition_keys)},
                            spec.output_rank_number ? relation.schema : passed, ChangelogMode::InsertOnly());
    return one ? WithConstantRank(planned, rank, relation.schema) : planned;
  }
  if (one && rank.rank_start == 1 && by_time) {
    if (!insert_only) {
      return PlanError("Deduplicate doesn't support consuming update and delete changes",
                       "order by a column that is no time attribute");
    }
    bool proctime = order_type.time_attribute() == TimeAttribute::kProctime;
    DeduplicateSpec spec;
    spec.keys = rank.partition_keys;
    spec.time_column = proctime ? -1 : rank.order_keys[0].column;
    spec.keep_last = !rank.order_keys[0].ascending;
    spec.ttl_ms = ttl;
    bool appends = proctime && !spec.keep_last;
    planned.node = MakeNode(spec, {KeyedInput(input, rank.partition_keys)}, passed,
                            appends || context_.batch ? ChangelogMode::InsertOnly() : AllChanges());
    return WithConstantRank(planned, rank, relation.schema);
  }
  RankSpec spec;
  spec.partition_keys = rank.partition_keys;
  spec.sort_keys = SortKeysOf(rank.order_keys);
  spec.rank_start = rank.rank_start;
  spec.rank_end = rank.rank_end;
  spec.output_rank_number = rank.output_rank && !one;
  spec.strategy = insert_only ? RankStrategy::kAppend : RankStrategy::kRetract;
  spec.ttl_ms = ttl;
  bool numbered = spec.output_rank_number;
  ChangelogMode mode = context_.batch ? ChangelogMode::InsertOnly() : AllChanges();
  planned.node =
      MakeNode(std::move(spec), {KeyedInput(input, rank.partition_keys)}, numbered ? relation.schema : passed, mode);
  return one ? WithConstantRank(planned, rank, relation.schema) : planned;
}

namespace {

// A call of an OVER window; ranking functions become aggregates over its frame.
Result<AggregateCall> OverCallOf(const sql::OverRelation::Call& call, const Schema& columns) {
  AggregateCall aggregate = call.aggregate;
  if (call.ranking.empty()) return aggregate;
  aggregate.function = functions::FindOverFunction(call.ranking);
  if (aggregate.function == nullptr) {
    bool batch_only = call.ranking != "RANK" && call.ranking != "DENSE_RANK";
    if (batch_only) return PlanError(fmt::format("{} Function is not supported in stream mode.", call.ranking));
    return UserError("sql.unsupported",
                     fmt::format("{} in an OVER window that is no Top-N is not there yet", call.ranking));
  }
  aggregate.arg_types.clear();
  for (int32_t arg : aggregate.args) aggregate.arg_types.push_back(columns[static_cast<size_t>(arg)].type);
  aggregate.literals.assign(aggregate.args.size(), Value::Null());
  if (aggregate.args.size() > 2 && aggregate.arg_types[2].physical() != aggregate.arg_types[0].physical()) {
    return PlanError(fmt::format("Please explicitly cast default value {} to {}.", aggregate.arg_types[2].ToString(),
                                 aggregate.arg_types[0].ToString()));
  }
  return aggregate;
}

// What a stream demands of an OVER window.
Status CheckStreamOver(const sql::OverRelation& over, const Schema& columns) {
  if (over.order_keys.empty())
    return PlanError("The window can only be ordered in ascending mode.", "OVER needs ORDER BY a time attribute");
  if (!columns[static_cast<size_t>(over.order_keys[0].column)].type.IsTimeAttribute()) {
    return PlanError("OVER windows' ordering in stream mode must be defined on a time attribute.");
  }
  if (!over.order_keys[0].ascending) return PlanError("The window can only be ordered in ASCENDING mode.");
  if (over.order_keys.size() > 1) return PlanError("The window can only be ordered by a single time column.");
  if (over.following != 0) return PlanError("OVER RANGE FOLLOWING windows are not supported yet.");
  return Status::Ok();
}

// Over a whole partition at once: any order, any frame, all functions.
OverAggregateSpec BatchOver(const sql::OverRelation& over) {
  OverAggregateSpec spec;
  spec.event_time = false;
  spec.rows_frame = over.rows_frame && over.frame_written;
  spec.preceding = over.preceding;
  spec.following = over.frame_written ? over.following : 0;
  if (over.order_keys.empty() && !spec.rows_frame) spec.following = -1;
  for (const sql::OverRelation::Call& call : over.calls) {
    spec.aggregates.push_back(call.aggregate);
    spec.rankings.push_back(call.ranking);
  }
  return spec;
}

Result<OverAggregateSpec> StreamOver(const sql::OverRelation& over, const Schema& columns) {
  MR_RETURN_IF_ERROR(CheckStreamOver(over, columns));
  OverAggregateSpec spec;
  const DataType& time = columns[static_cast<size_t>(over.order_keys[0].column)].type;
  spec.event_time = time.time_attribute() != TimeAttribute::kProctime;
  spec.rows_frame = over.rows_frame && over.frame_written;
  spec.preceding = over.preceding;
  for (const sql::OverRelation::Call& call : over.calls) {
    MR_ASSIGN(AggregateCall aggregate, OverCallOf(call, columns));
    if (over.preceding >= 0 && !aggregate.function->retractable) {
      return PlanError(
          fmt::format("{} cannot take rows out again, as a bounded OVER window must", aggregate.function->name));
    }
    spec.aggregates.push_back(std::move(aggregate));
    if (call.ranking == "ROW_NUMBER") spec.rows_frame = true;
    if ((call.ranking == "ROW_NUMBER") != (over.calls[0].ranking == "ROW_NUMBER") && !over.frame_written) {
      return PlanError("Over Agg: Unsupported use of OVER windows. All aggregates must be computed on the same window.",
                       "ROW_NUMBER counts over ROWS; give the others a window of ROWS, or a query of their own");
    }
  }
  return spec;
}

}  // namespace

Result<Planned> Converter::ConvertOver(const Relation& relation) {
  const auto& over = *relation.As<sql::OverRelation>();
  MR_ASSIGN(Planned input, Convert(relation.inputs[0]));
  const Schema& columns = input.node->output;
  OverAggregateSpec spec;
  if (context_.batch) {
    spec = BatchOver(over);
  } else {
    MR_ASSIGN(spec, StreamOver(over, columns));
    spec.ttl_ms = context_.GetMillis("table.exec.state.ttl", 0);
  }
  if (!input.node->mode.IsInsertOnly()) {
    return PlanError("OverAggregate doesn't support consuming update changes");
  }
  spec.partition_keys = over.partition_keys;
  spec.order_keys = SortKeysOf(over.order_keys);
  Planned planned;
  planned.window = input.window;
  planned.hash_keys = over.partition_keys;
  planned.node =
      MakeNode(std::move(spec), {KeyedInput(input, over.partition_keys)}, relation.schema, ChangelogMode::InsertOnly());
  return planned;
}

}  // namespace millrace::plan
