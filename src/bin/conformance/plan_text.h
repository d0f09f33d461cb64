// Reads plans as Flink prints them: trees of one node a line.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace millrace::conformance {

struct PlanNode {
  std::string name;                                             // "LogicalProject"
  std::vector<std::pair<std::string, std::string>> attributes;  // key=[value] pairs, in order, without the brackets
  std::vector<PlanNode> inputs;

  const std::string* Find(std::string_view key) const;
};

// The trees of a text, one per root. Lines that are no nodes are skipped.
std::vector<PlanNode> ParsePlan(const std::string& text);

// Names of the columns of a table that is scanned; nothing when it is not known.
using TableColumns = std::function<std::optional<std::vector<std::string>>(const PlanNode& scan)>;

// The column names that a node of a plan before optimization (== Abstract Syntax Tree ==) gives; nothing when the text
// does not say.
std::optional<std::vector<std::string>> ColumnNames(const PlanNode& node, const TableColumns& table_columns);

// The last name in `table=[[catalog, database, name, …]]`.
std::string ScannedTable(const PlanNode& scan);

}  // namespace millrace::conformance
