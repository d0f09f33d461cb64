// A changelog folded into the table that it describes, and tables drawn as text.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "types/physical.h"

namespace millrace::bin {

using TextRow = std::vector<std::string>;

// Columns that a text takes on a terminal.
int DisplayWidth(std::string_view text);
// Cut to a width with an ellipsis, control characters shown as blanks, padded on the right (or left).
std::string FitTo(std::string_view text, int width, bool right_aligned);

// Which rows there are after all changes so far. An update keeps its row's place. Not thread-safe.
class ResultTable {
 public:
  void Apply(RowKind kind, TextRow row);
  size_t size() const { return size_; }
  // The rows [from, from + count) in the order of their places.
  std::vector<const TextRow*> Rows(size_t from, size_t count) const;

 private:
  void Compact();

  std::vector<TextRow> rows_;  // empty: a free place
  std::vector<bool> used_;
  std::map<TextRow, std::vector<size_t>> places_;
  std::vector<size_t> updated_;  // places that -U left, for the +U that follow
  size_t size_ = 0;
};

struct TableColumn {
  std::string name;
  bool right_aligned = false;
  int width = 0;
};

// "+-----+", "| a   |".
std::string RuleLine(const std::vector<TableColumn>& columns);
std::string RowLine(const std::vector<TableColumn>& columns, const TextRow& row);
std::string HeadLine(const std::vector<TableColumn>& columns);
// Makes columns as wide as what they hold, at most `max_width` each.
void WidenTo(std::vector<TableColumn>& columns, const std::vector<const TextRow*>& rows, int max_width);

}  // namespace millrace::bin
