// Names, descriptions and ids of nodes, and EXPLAIN's text.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "engine/plan/convert/convert.h"

namespace millrace::plan {

using functions::ExprText;

std::string_view NodeName(const NodeSpec& spec) {
  struct Name {
    std::string_view operator()(const SourceSpec&) const { return "TableSourceScan"; }
    std::string_view operator()(const ValuesSpec&) const { return "Values"; }
    std::string_view operator()(const CalcSpec&) const { return "Calc"; }
    std::string_view operator()(const WatermarkSpec&) const { return "WatermarkAssigner"; }
    std::string_view operator()(const GroupAggregateSpec&) const { return "GroupAggregate"; }
    std::string_view operator()(const WindowAggregateSpec&) const { return "WindowAggregate"; }
    std::string_view operator()(const GroupWindowAggregateSpec&) const { return "GroupWindowAggregate"; }
    std::string_view operator()(const WindowTableFunctionSpec&) const { return "WindowTableFunction"; }
    std::string_view operator()(const JoinSpec&) const { return "Join"; }
    std::string_view operator()(const WindowJoinSpec&) const { return "WindowJoin"; }
    std::string_view operator()(const IntervalJoinSpec&) const { return "IntervalJoin"; }
    std::string_view operator()(const SortSpec& sort) const {
      return sort.limit >= 0 ? "SortLimit" : (sort.time_sorted ? "TemporalSort" : "Sort");
    }
    std::string_view operator()(const LimitSpec&) const { return "Limit"; }
    std::string_view operator()(const RankSpec& rank) const { return rank.sort_limit ? "SortLimit" : "Rank"; }
    std::string_view operator()(const DeduplicateSpec&) const { return "Deduplicate"; }
    std::string_view operator()(const WindowRankSpec& rank) const {
      return rank.deduplicate ? "WindowDeduplicate" : "WindowRank";
    }
    std::string_view operator()(const ChangelogNormalizeSpec&) const { return "ChangelogNormalize"; }
    std::string_view operator()(const DropUpdateBeforeSpec&) const { return "DropUpdateBefore"; }
    std::string_view operator()(const ExpandSpec&) const { return "Expand"; }
    std::string_view operator()(const CorrelateSpec&) const { return "Correlate"; }
    std::string_view operator()(const OverAggregateSpec&) const { return "OverAggregate"; }
    std::string_view operator()(const UnionSpec&) const { return "Union"; }
    std::string_view operator()(const ReplicateRowsSpec&) const { return "ReplicateRows"; }
    std::string_view operator()(const SinkSpec&) const { return "Sink"; }
  };
  return std::visit(Name{}, spec);
}

namespace {

std::string Names(const std::vector<int32_t>& columns, const Schema& schema) {
  std::string text;
  for (int32_t column : columns)
    text += fmt::format("{}{}", text.empty() ? "" : ", ", schema[static_cast<size_t>(column)].name);
  return text;
}

std::string AllNames(const Schema& schema) {
  std::string text;
  for (const Field& field : schema.fields) text += fmt::format("{}{}", text.empty() ? "" : ", ", field.name);
  return text;
}

std::string Order(const std::vector<SortKey>& keys, const Schema& schema) {
  std::string text;
  for (const SortKey& key : keys) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", schema[static_cast<size_t>(key.column)].name,
                        key.ascending ? "ASC" : "DESC");
  }
  return text;
}

std::string Calls(const std::vector<AggregateCall>& calls, const Schema& input) {
  std::string text;
  for (const AggregateCall& call : calls) {
    std::string args = call.args.empty() ? "*" : Names(call.args, input);
    text += fmt::format(", {}({}{})", call.function->name, call.distinct ? "DISTINCT " : "", args);
    if (call.filter >= 0) text += fmt::format(" FILTER {}", input[static_cast<size_t>(call.filter)].name);
    text += fmt::format(" AS {}", call.name);
  }
  return text;
}

std::string WindowText(const Window& window, const Schema& input) {
  std::string time = window.time_column >= 0 ? input[static_cast<size_t>(window.time_column)].name : "win";
  switch (window.kind) {
    case WindowKind::kTumble:
      return fmt::format("TUMBLE(time_col=[{}], size=[{} ms])", time, window.size_ms);
    case WindowKind::kHop:
      return fmt::format("HOP(time_col=[{}], size=[{} ms], slide=[{} ms])", time, window.size_ms, window.slide_ms);
    case WindowKind::kCumulate:
      return fmt::format("CUMULATE(time_col=[{}], max_size=[{} ms], step=[{} ms])", time, window.size_ms,
                         window.slide_ms);
    case WindowKind::kSession:
      return fmt::format("SESSION(time_col=[{}], gap=[{} ms])", time, window.size_ms);
  }
  return "";
}

std::string_view TypeText(JoinType type) {
  switch (type) {
    case JoinType::kInner:
      return "InnerJoin";
    case JoinType::kLeft:
      return "LeftOuterJoin";
    case JoinType::kRight:
      return "RightOuterJoin";
    case JoinType::kFull:
      return "FullOuterJoin";
    case JoinType::kSemi:
      return "LeftSemiJoin";
    case JoinType::kAnti:
      return "LeftAntiJoin";
  }
  return "";
}

std::string_view SideText(JoinInputSide side) {
  switch (side) {
    case JoinInputSide::kJoinKeyIsUnique:
      return "JoinKeyContainsUniqueKey";
    case JoinInputSide::kHasUniqueKey:
      return "HasUniqueKey";
    case JoinInputSide::kNoUniqueKey:
      return "NoUniqueKey";
  }
  return "";
}

std::string StrategyText(const RankSpec& rank) {
  switch (rank.strategy) {
    case RankStrategy::kAppend:
      return "AppendFastStrategy";
    case RankStrategy::kUpdate:
      return fmt::format("UpdateFastStrategy[{}]", fmt::join(rank.unique_key, ","));
    case RankStrategy::kRetract:
      return "RetractStrategy";
  }
  return "";
}

struct Details {
  const PhysicalNode& node;
  const Schema& In(size_t i) const { return node.inputs[i].node->output; }

  Schema Both() const {
    Schema both = In(0);
    both.fields.insert(both.fields.end(), In(1).fields.begin(), In(1).fields.end());
    return both;
  }
  std::string KeyPairs(const std::vector<int32_t>& left, const std::vector<int32_t>& right) const {
    std::string text;
    for (size_t i = 0; i < left.size(); ++i) {
      text += fmt::format("{}({} = {})", i > 0 ? " AND " : "", In(0)[static_cast<size_t>(left[i])].name,
                          In(1)[static_cast<size_t>(right[i])].name);
    }
    return text;
  }
  std::string JoinText(JoinType type, const std::vector<int32_t>& left, const std::vector<int32_t>& right,
                       const ExprPtr& condition) const {
    Schema both = Both();
    std::string text = fmt::format("joinType=[{}], where=[{}", TypeText(type), KeyPairs(left, right));
    if (condition) text += fmt::format("{}{}", left.empty() ? "" : " AND ", ExprText(*condition, &both));
    return text + fmt::format("], select=[{}]", AllNames(node.output));
  }

  std::string operator()(const SourceSpec& source) const {
    std::string text = fmt::format("table=[[{}]], fields=[{}]", source.table, AllNames(node.output));
    if (source.watermark_in_source) text += fmt::format(", watermark=[{}]", ExprText(*source.watermark, &node.output));
    return text;
  }
  std::string operator()(const ValuesSpec& values) const { return fmt::format("rows=[{}]", values.rows.size()); }
  std::string operator()(const CalcSpec& calc) const {
    std::string select;
    for (size_t i = 0; i < calc.projection.size(); ++i) {
      std::string expr = ExprText(*calc.projection[i], &In(0));
      bool named = expr == node.output[i].name;
      select += fmt::format("{}{}{}", i > 0 ? ", " : "", expr, named ? "" : fmt::format(" AS {}", node.output[i].name));
    }
    std::string text = fmt::format("select=[{}]", select);
    if (calc.condition) text += fmt::format(", where=[{}]", ExprText(*calc.condition, &In(0)));
    return text;
  }
  std::string operator()(const WatermarkSpec& watermark) const {
    return fmt::format("rowtime=[{}], watermark=[{}]", node.output[static_cast<size_t>(watermark.rowtime)].name,
                       ExprText(*watermark.watermark, &In(0)));
  }
  std::string operator()(const GroupAggregateSpec& aggregate) const {
    return fmt::format("groupBy=[{}], select=[{}{}]", Names(aggregate.keys, In(0)), Names(aggregate.keys, In(0)),
                       Calls(aggregate.aggregates, In(0)));
  }
  std::string operator()(const WindowAggregateSpec& aggregate) const {
    return fmt::format("groupBy=[{}], window=[{}], select=[{}{}]", Names(aggregate.keys, In(0)),
                       WindowText(aggregate.window, In(0)), Names(aggregate.keys, In(0)),
                       Calls(aggregate.aggregates, In(0)));
  }
  std::string operator()(const GroupWindowAggregateSpec& aggregate) const {
    return fmt::format("groupBy=[{}], window=[{}], select=[{}{}]", Names(aggregate.keys, In(0)),
                       WindowText(aggregate.window, In(0)), Names(aggregate.keys, In(0)),
                       Calls(aggregate.aggregates, In(0)));
  }
  std::string operator()(const WindowTableFunctionSpec& tvf) const {
    return fmt::format("window=[{}]", WindowText(tvf.window, In(0)));
  }
  std::string operator()(const JoinSpec& join) const {
    return JoinText(join.type, join.left_keys, join.right_keys, join.condition) +
           fmt::format(", leftInputSpec=[{}], rightInputSpec=[{}]", SideText(join.left_side),
                       SideText(join.right_side));
  }
  std::string operator()(const WindowJoinSpec& join) const {
    return JoinText(join.type, join.left_keys, join.right_keys, join.condition);
  }
  std::string operator()(const IntervalJoinSpec& join) const {
    return JoinText(join.type, join.left_keys, join.right_keys, join.condition) +
           fmt::format(", windowBounds=[isRowTime={}, leftLowerBound={}, leftUpperBound={}]", join.event_time,
                       join.lower_ms, join.upper_ms);
  }
  std::string operator()(const SortSpec& sort) const {
    std::string text = fmt::format("orderBy=[{}]", Order(sort.keys, node.output));
    if (sort.limit >= 0) text += fmt::format(", offset=[{}], fetch=[{}]", sort.offset, sort.limit);
    return text;
  }
  std::string operator()(const LimitSpec& limit) const {
    return fmt::format("offset=[{}], fetch=[{}]", limit.offset, limit.limit);
  }
  std::string operator()(const RankSpec& rank) const {
    if (rank.sort_limit) {
      return fmt::format("orderBy=[{}], offset=[{}], fetch=[{}], strategy=[{}]", Order(rank.sort_keys, In(0)),
                         rank.rank_start - 1, rank.rank_end - rank.rank_start + 1, StrategyText(rank));
    }
    return fmt::format(
        "strategy=[{}], rankType=[ROW_NUMBER], rankRange=[rankStart={}, rankEnd={}], partitionBy=[{}], orderBy=[{}], "
        "select=[{}]",
        StrategyText(rank), rank.rank_start, rank.rank_end, Names(rank.partition_keys, In(0)),
        Order(rank.sort_keys, In(0)), AllNames(node.output));
  }
  std::string operator()(const DeduplicateSpec& dedup) const {
    return fmt::format("keep=[{}Row], key=[{}], order=[{}]", dedup.keep_last ? "Last" : "First",
                       Names(dedup.keys, In(0)), dedup.time_column < 0 ? "PROCTIME" : "ROWTIME");
  }
  std::string operator()(const WindowRankSpec& rank) const {
    return fmt::format("rankRange=[rankStart={}, rankEnd={}], partitionBy=[{}], orderBy=[{}]", rank.rank_start,
                       rank.rank_end, Names(rank.partition_keys, In(0)), Order(rank.sort_keys, In(0)));
  }
  std::string operator()(const ChangelogNormalizeSpec& normalize) const {
    return fmt::format("key=[{}]", Names(normalize.unique_key, In(0)));
  }
  std::string operator()(const DropUpdateBeforeSpec&) const { return ""; }
  std::string operator()(const ExpandSpec& expand) const {
    return fmt::format("projects=[{}]", expand.projections.size());
  }
  std::string operator()(const CorrelateSpec& correlate) const {
    std::string args;
    for (const ExprPtr& arg : correlate.arguments)
      args += fmt::format("{}{}", args.empty() ? "" : ", ", ExprText(*arg, &In(0)));
    return fmt::format("invocation=[{}({})], joinType=[{}]", correlate.function->name, args,
                       correlate.left_outer ? "LEFT" : "INNER");
  }
  std::string operator()(const OverAggregateSpec& over) const {
    return fmt::format("partitionBy=[{}], orderBy=[{}], select=[{}]", Names(over.partition_keys, In(0)),
                       Order(over.order_keys, In(0)), AllNames(node.output));
  }
  std::string operator()(const UnionSpec&) const {
    return fmt::format("all=[true], union=[{}]", AllNames(node.output));
  }
  std::string operator()(const ReplicateRowsSpec&) const { return ""; }
  std::string operator()(const SinkSpec& sink) const {
    std::string text = sink.table.empty() ? fmt::format("fields=[{}]", AllNames(node.output))
                                          : fmt::format("table=[{}], fields=[{}]", sink.table, AllNames(node.output));
    if (!sink.upsert_materialize_key.empty()) text += ", upsertMaterialize=[true]";
    return text;
  }
};

// Snake-case form of a node's name.
std::string IdName(std::string_view name) {
  std::string text;
  for (char c : name) {
    if (std::isupper(static_cast<unsigned char>(c)) != 0 && !text.empty()) text += '_';
    text += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return text;
}

void DescribeNode(PhysicalNode& node, std::set<PhysicalNode*>& seen, std::map<std::string, int>& ordinals) {
  if (!seen.insert(&node).second) return;
  for (PhysicalInput& input : node.inputs) DescribeNode(*input.node, seen, ordinals);
  node.description = fmt::format("{}({})", NodeName(node.spec), std::visit(Details{node}, node.spec));
  std::string base = IdName(NodeName(node.spec));
  // Kind and lineage of keys, then a number among equals; aggregates and projections are no part of it.
  std::string keys;
  for (const PhysicalInput& input : node.inputs) keys += fmt::format(":{}", Names(input.hash_keys, input.node->output));
  std::string id = base + keys;
  node.operator_id = fmt::format("{}#{}", id, ordinals[id]++);
}

// Writes plans, one line a node.
class Printer {
 public:
  enum class Form : uint8_t { kPlain, kChangelog, kReuse };

  Printer(const PhysicalPlan& plan, Form form) : form_(form) {
    if (form != Form::kReuse) return;
    std::set<const PhysicalNode*> seen;
    for (const PhysicalPtr& sink : plan.sinks) FindReused(*sink, seen);
  }
  void Print(const PhysicalNode& node, int indent);
  std::string& text() { return text_; }

 private:
  // Numbers the nodes with several consumers, in the order in which they come up the second time.
  void FindReused(const PhysicalNode& node, std::set<const PhysicalNode*>& seen) {
    if (!seen.insert(&node).second) {
      ids_.emplace(&node, static_cast<int>(ids_.size()) + 1);
      return;
    }
    for (const PhysicalInput& input : node.inputs) FindReused(*input.node, seen);
  }
  void Line(int indent, std::string_view line) {
    text_ += fmt::format("{}{}{}\n", std::string(static_cast<size_t>(indent), ' '), indent > 0 ? "+- " : "", line);
  }

  Form form_;
  std::map<const PhysicalNode*, int> ids_;
  std::set<const PhysicalNode*> printed_;
  std::string text_;
};

void Printer::Print(const PhysicalNode& node, int indent) {
  const auto* sink = std::get_if<SinkSpec>(&node.spec);
  if (sink != nullptr && sink->sink == nullptr) {
    Print(*node.inputs[0].node, indent);  // the rows of a query go to who asks
    return;
  }
  auto reused = ids_.find(&node);
  if (reused != ids_.end() && !printed_.insert(&node).second) {
    Line(indent, fmt::format("Reused(reference_id=[{}])", reused->second));
    return;
  }
  std::string line = node.description;
  if (form_ == Form::kChangelog && sink == nullptr) {
    line.pop_back();
    line += fmt::format("{}changelogMode=[{}])", node.description.ends_with("()") ? "" : ", ", node.mode.ToString());
  }
  if (reused != ids_.end()) line += fmt::format("(reuse_id=[{}])", reused->second);
  Line(indent, line);
  for (const PhysicalInput& input : node.inputs) {
    int next = indent + 3;
    if (input.distribution == Distribution::kHash || input.distribution == Distribution::kSingleton) {
      std::string how = input.distribution == Distribution::kHash
                            ? fmt::format("hash[{}]", Names(input.hash_keys, input.node->output))
                            : "single";
      std::string mode =
          form_ == Form::kChangelog ? fmt::format(", changelogMode=[{}]", input.node->mode.ToString()) : "";
      Line(next, fmt::format("Exchange(distribution=[{}]{})", how, mode));
      next += 3;
    }
    Print(*input.node, next);
  }
}

std::string Explain(const PhysicalPlan& plan, Printer::Form form) {
  Printer printer(plan, form);
  for (const PhysicalPtr& sink : plan.sinks) {
    printer.Print(*sink, 0);
    printer.text() += "\n";
  }
  return std::move(printer.text());
}

}  // namespace

void DescribeNodes(PhysicalPlan& plan) {
  std::set<PhysicalNode*> seen;
  std::map<std::string, int> ordinals;
  for (PhysicalPtr& sink : plan.sinks) DescribeNode(*sink, seen, ordinals);
}

std::string ExplainPhysical(const PhysicalPlan& plan, bool changelog) {
  return Explain(plan, changelog ? Printer::Form::kChangelog : Printer::Form::kPlain);
}

std::string ExplainExecution(const PhysicalPlan& plan) { return Explain(plan, Printer::Form::kReuse); }

}  // namespace millrace::plan
