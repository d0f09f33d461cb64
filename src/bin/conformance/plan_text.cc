// Reads plans as Flink prints them.
#include "bin/conformance/plan_text.h"

#include <cctype>
#include <set>

namespace millrace::conformance {
namespace {

// Whether a quote at `i` begins or ends a literal: not the one in names of window properties ('w$).
bool IsQuote(std::string_view text, size_t i) { return text[i] == '\'' && !text.substr(i).starts_with("'w$"); }

// Splits at ", " outside of brackets and quotes.
std::vector<std::string> SplitTop(std::string_view text) {
  std::vector<std::string> parts(1);
  int depth = 0;
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (IsQuote(text, i)) quoted = !quoted;
    if (!quoted && (c == '[' || c == '(' || c == '{')) ++depth;
    if (!quoted && (c == ']' || c == ')' || c == '}')) --depth;
    if (!quoted && depth == 0 && c == ',' && i + 1 < text.size() && text[i + 1] == ' ') {
      parts.emplace_back();
      ++i;
    } else {
      parts.back() += c;
    }
  }
  if (parts.size() == 1 && parts[0].empty()) parts.clear();
  return parts;
}

std::string_view WithoutBrackets(std::string_view text) {
  bool wrapped =
      text.size() >= 2 && (text.front() == '[' || text.front() == '{') && (text.back() == ']' || text.back() == '}');
  return wrapped ? text.substr(1, text.size() - 2) : text;
}

// Where the node that begins at `begin` ends: at the line's end, unless a bracket is open there (plans of sub-queries
// stand in braces within a condition).
size_t EndOfNode(const std::string& text, size_t begin) {
  int depth = 0;
  bool quoted = false;
  size_t line_end = std::string::npos;
  for (size_t i = begin; i < text.size(); ++i) {
    char c = text[i];
    if (IsQuote(text, i)) quoted = !quoted;
    if (!quoted && (c == '(' || c == '{')) ++depth;
    if (!quoted && (c == ')' || c == '}')) --depth;
    if (c != '\n') continue;
    if (depth <= 0) return i;
    if (line_end == std::string::npos) line_end = i;
  }
  return depth <= 0 || line_end == std::string::npos ? text.size() : line_end;
}

// The node of a line, and its depth. Nothing when the line holds none.
std::optional<std::pair<size_t, PlanNode>> ParseLine(std::string_view line) {
  size_t begin = line.find_first_not_of(" :+-");
  if (begin == std::string_view::npos || std::isupper(static_cast<unsigned char>(line[begin])) == 0)
    return std::nullopt;
  size_t open = line.find('(', begin);
  size_t close = line.rfind(')');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return std::nullopt;
  PlanNode node;
  node.name = line.substr(begin, open - begin);
  for (char c : node.name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) return std::nullopt;
  }
  for (const std::string& part : SplitTop(line.substr(open + 1, close - open - 1))) {
    size_t equals = part.find("=[");
    if (equals == std::string::npos) continue;
    node.attributes.emplace_back(part.substr(0, equals), WithoutBrackets(std::string_view(part).substr(equals + 1)));
  }
  return std::pair(begin / 3, std::move(node));
}

struct Line {
  size_t depth;
  PlanNode node;
};

PlanNode BuildTree(std::vector<Line>& lines, size_t& next) {
  size_t depth = lines[next].depth;
  PlanNode node = std::move(lines[next++].node);
  while (next < lines.size() && lines[next].depth > depth) node.inputs.push_back(BuildTree(lines, next));
  return node;
}

// Names of RecordType(INTEGER a, TIMESTAMP(3) *ROWTIME* b): the last word of each item.
std::optional<std::vector<std::string>> RecordNames(const std::string& text) {
  size_t open = text.find('(');
  if (!text.starts_with("RecordType") || open == std::string::npos || !text.ends_with(")")) return std::nullopt;
  std::vector<std::string> names;
  for (const std::string& item : SplitTop(std::string_view(text).substr(open + 1, text.size() - open - 2))) {
    names.push_back(item.substr(item.rfind(' ') + 1));
  }
  return names;
}

std::optional<std::vector<std::string>> ProjectNames(const PlanNode& node) {
  std::vector<std::string> names;
  for (const auto& [key, value] : node.attributes) {
    if (key == "inputs" || key == "exprs") return std::nullopt;  // a shortened form
    if (!key.ends_with("ints") && key != "variablesSet") names.push_back(key);
  }
  return names;
}

std::optional<std::vector<std::string>> AggregateNames(const PlanNode& node, const TableColumns& table_columns) {
  auto input = ColumnNames(node.inputs[0], table_columns);
  const std::string* group = node.Find("group");
  if (!input || group == nullptr) return std::nullopt;
  std::vector<std::string> names;
  for (const std::string& key : SplitTop(WithoutBrackets(*group))) {
    auto index = static_cast<size_t>(std::stoul(key));
    if (index >= input->size()) return std::nullopt;
    names.push_back((*input)[index]);
  }
  for (const auto& [key, value] : node.attributes) {
    if (key != "group" && key != "groups" && !key.ends_with("ints")) names.push_back(key);
  }
  return names;
}

std::optional<std::vector<std::string>> JoinNames(const PlanNode& node, const TableColumns& table_columns) {
  auto left = ColumnNames(node.inputs[0], table_columns);
  const std::string* type = node.Find("joinType");
  if (type != nullptr && (*type == "semi" || *type == "anti")) return left;
  auto right = node.inputs.size() > 1 ? ColumnNames(node.inputs[1], table_columns) : std::nullopt;
  if (!left || !right) return std::nullopt;
  std::set<std::string> used(left->begin(), left->end());
  for (const std::string& name : *right) {
    std::string unique = name;
    for (int suffix = 0; used.contains(unique); ++suffix) unique = name + std::to_string(suffix);
    used.insert(unique);
    left->push_back(unique);
  }
  return left;
}

}  // namespace

const std::string* PlanNode::Find(std::string_view key) const {
  for (const auto& [name, value] : attributes) {
    if (name == key) return &value;
  }
  return nullptr;
}

std::vector<PlanNode> ParsePlan(const std::string& text) {
  std::vector<Line> lines;
  size_t begin = 0;
  while (begin < text.size()) {
    size_t end = EndOfNode(text, begin);
    if (auto line = ParseLine(std::string_view(text).substr(begin, end - begin)))
      lines.push_back({line->first, std::move(line->second)});
    begin = end + 1;
  }
  std::vector<PlanNode> roots;
  size_t next = 0;
  while (next < lines.size()) roots.push_back(BuildTree(lines, next));
  return roots;
}

std::optional<std::vector<std::string>> ColumnNames(const PlanNode& node, const TableColumns& table_columns) {
  const std::string& name = node.name;
  if (name == "LogicalSink" || name == "LogicalLegacySink") {
    const std::string* fields = node.Find("fields");
    return fields == nullptr ? std::nullopt : std::optional(SplitTop(*fields));
  }
  if (name == "LogicalProject") return ProjectNames(node);
  if (name == "LogicalTableScan") return table_columns(node);
  if (name == "LogicalTableFunctionScan" || name == "LogicalValues") {
    const std::string* type = node.Find(name == "LogicalValues" ? "type" : "rowType");
    return type == nullptr ? std::nullopt : RecordNames(*type);
  }
  if (node.inputs.empty()) return std::nullopt;
  if (name == "LogicalAggregate") return AggregateNames(node, table_columns);
  if (name == "LogicalJoin" || name == "LogicalCorrelate") return JoinNames(node, table_columns);
  bool passes = name == "LogicalFilter" || name == "LogicalSort" || name == "LogicalUnion" || name == "LogicalMinus" ||
                name == "LogicalIntersect" || name == "LogicalWatermarkAssigner" || name == "LogicalSnapshot";
  return passes ? ColumnNames(node.inputs[0], table_columns) : std::nullopt;
}

std::string ScannedTable(const PlanNode& scan) {
  const std::string* table = scan.Find("table");
  if (table == nullptr) return {};
  std::vector<std::string> path = SplitTop(WithoutBrackets(*table));
  return path.size() < 3 ? std::string() : path[2];
}

}  // namespace millrace::conformance
