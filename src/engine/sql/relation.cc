// Making relations, and their text.
#include "engine/sql/relation.h"

#include <fmt/format.h>

namespace millrace::sql {

RelationPtr MakeRelation(RelationSpec spec, std::vector<RelationPtr> inputs, Schema schema) {
  return std::make_shared<const Relation>(Relation{std::move(spec), std::move(inputs), std::move(schema)});
}

namespace {

using functions::ExprText;

std::string Names(const std::vector<int32_t>& columns) {
  std::string text;
  for (int32_t column : columns) text += fmt::format("{}{}", text.empty() ? "" : ", ", column);
  return "{" + text + "}";
}

std::string JoinKindText(JoinKind kind) {
  switch (kind) {
    case JoinKind::kInner:
      return "inner";
    case JoinKind::kLeft:
      return "left";
    case JoinKind::kRight:
      return "right";
    case JoinKind::kFull:
      return "full";
    case JoinKind::kSemi:
      return "semi";
    case JoinKind::kAnti:
      return "anti";
  }
  return "";
}

std::string CallsText(const std::vector<functions::AggregateCall>& calls) {
  std::string text;
  for (const functions::AggregateCall& call : calls) {
    std::string args;
    for (int32_t arg : call.args) args += fmt::format("{}${}", args.empty() ? "" : ", ", arg);
    text += fmt::format(", {}=[{}({}{})", call.name, call.function->name, call.distinct ? "DISTINCT " : "", args);
    if (call.filter >= 0) text += fmt::format(" FILTER ${}", call.filter);
    text += "]";
  }
  return text;
}

std::string WindowText(const WindowParameters& window) {
  constexpr std::string_view kNames[] = {"TUMBLE", "HOP", "CUMULATE", "SESSION"};
  return fmt::format("{}(${}, size={} ms, slide={} ms, offset={} ms)", kNames[static_cast<int>(window.function)],
                     window.time_column, window.size_ms, window.slide_ms, window.offset_ms);
}

std::string SortText(const std::vector<SortColumn>& keys) {
  std::string text;
  for (const SortColumn& key : keys)
    text += fmt::format("{}${} {}", text.empty() ? "" : ", ", key.column, key.ascending ? "ASC" : "DESC");
  return text;
}

struct DescribeSpec {
  const Relation& relation;

  std::string operator()(const ScanRelation& scan) const {
    return fmt::format("LogicalTableScan(table=[[{}]])", scan.table->name.Dotted());
  }
  std::string operator()(const ValuesRelation& values) const {
    return fmt::format("LogicalValues(rows=[{}])", values.rows.size());
  }
  std::string operator()(const ProjectRelation& project) const {
    std::string text;
    for (size_t i = 0; i < project.exprs.size(); ++i) {
      text += fmt::format("{}{}=[{}]", i > 0 ? ", " : "", relation.schema[i].name, ExprText(*project.exprs[i]));
    }
    return fmt::format("LogicalProject({})", text);
  }
  std::string operator()(const FilterRelation& filter) const {
    return fmt::format("LogicalFilter(condition=[{}])", ExprText(*filter.condition));
  }
  std::string operator()(const WatermarkRelation& watermark) const {
    return fmt::format("LogicalWatermarkAssigner(rowtime=[{}], watermark=[{}])",
                       relation.schema[static_cast<size_t>(watermark.rowtime)].name, ExprText(*watermark.watermark));
  }
  std::string operator()(const WindowTvfRelation& tvf) const {
    return fmt::format("LogicalTableFunctionScan({})", WindowText(tvf.window));
  }
  std::string operator()(const AggregateRelation& aggregate) const {
    std::string text = aggregate.group_window ? "LogicalWindowAggregate(group=[" : "LogicalAggregate(group=[";
    text += Names(aggregate.keys) + "]" + CallsText(aggregate.calls);
    if (aggregate.group_window) text += ", window=[" + WindowText(aggregate.window) + "]";
    return text + ")";
  }
  std::string operator()(const JoinRelation& join) const {
    return fmt::format("LogicalJoin(condition=[{}], joinType=[{}])", ExprText(*join.condition),
                       JoinKindText(join.kind));
  }
  std::string operator()(const CorrelateRelation& correlate) const {
    return fmt::format("LogicalCorrelate(function=[{}], joinType=[{}])", correlate.function->name,
                       correlate.left_outer ? "left" : "inner");
  }
  std::string operator()(const SetRelation& set) const {
    constexpr std::string_view kNames[] = {"LogicalUnion", "LogicalIntersect", "LogicalMinus"};
    return fmt::format("{}(all=[{}])", kNames[static_cast<int>(set.kind)], set.all);
  }
  std::string operator()(const SortRelation& sort) const {
    return fmt::format("LogicalSort(keys=[{}], offset=[{}], fetch=[{}])", SortText(sort.keys), sort.offset, sort.limit);
  }
  std::string operator()(const OverRelation& over) const {
    std::string calls;
    for (const OverRelation::Call& call : over.calls) {
      calls += fmt::format("{}{}", calls.empty() ? "" : ", ",
                           call.ranking.empty() ? std::string(call.aggregate.function->name) : call.ranking);
    }
    return fmt::format("LogicalOver(partition=[{}], order=[{}], calls=[{}])", Names(over.partition_keys),
                       SortText(over.order_keys), calls);
  }
  std::string operator()(const RankRelation& rank) const {
    return fmt::format("LogicalRank({}, partition=[{}], order=[{}], range=[{}, {}])", rank.ranking,
                       Names(rank.partition_keys), SortText(rank.order_keys), rank.rank_start, rank.rank_end);
  }
  std::string operator()(const TemporalRelation& temporal) const {
    return fmt::format("LogicalTemporalJoin(condition=[{}], joinType=[{}], period=[${}])",
                       ExprText(*temporal.condition), JoinKindText(temporal.kind), temporal.time_column);
  }
  std::string operator()(const MatchRelation& match) const {
    return fmt::format("LogicalMatch(partition=[{}], order=[{}])", Names(match.partition_keys),
                       SortText(match.order_keys));
  }
  std::string operator()(const RefusedRelation&) const { return "LogicalCorrelate()"; }
  std::string operator()(const SinkRelation& sink) const {
    return fmt::format("LogicalSink(table=[{}])", sink.table->name.Dotted());
  }
};

}  // namespace

std::string RelationText(const Relation& relation, int32_t indent) {
  std::string text(static_cast<size_t>(indent), ' ');
  text += std::visit(DescribeSpec{relation}, relation.spec) + "\n";
  for (const RelationPtr& input : relation.inputs) text += RelationText(*input, indent + 3);
  return text;
}

}  // namespace millrace::sql
