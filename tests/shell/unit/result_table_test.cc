// A changelog as a table, and tables as text.
#include "bin/shell/result_table.h"

#include <gtest/gtest.h>

#include <clocale>
#include <string>
#include <vector>

namespace millrace::bin {
namespace {

std::vector<std::string> FirstColumn(const ResultTable& table) {
  std::vector<std::string> texts;
  for (const TextRow* row : table.Rows(0, 1'000'000)) texts.push_back((*row)[0]);
  return texts;
}

using Texts = std::vector<std::string>;

TEST(ResultTable, AnUpdateKeepsItsPlace) {
  ResultTable table;
  for (const char* text : {"a", "b", "c"}) table.Apply(RowKind::kInsert, {text});
  table.Apply(RowKind::kUpdateBefore, {"b"});
  table.Apply(RowKind::kUpdateAfter, {"B"});
  table.Apply(RowKind::kDelete, {"a"});
  table.Apply(RowKind::kInsert, {"d"});
  EXPECT_EQ(FirstColumn(table), (Texts{"B", "c", "d"}));
  EXPECT_EQ(table.size(), 3U);
}

TEST(ResultTable, EqualRowsCount) {
  ResultTable table;
  table.Apply(RowKind::kInsert, {"a"});
  table.Apply(RowKind::kInsert, {"a"});
  table.Apply(RowKind::kDelete, {"a"});
  EXPECT_EQ(FirstColumn(table), Texts{"a"});
  table.Apply(RowKind::kDelete, {"a"});
  table.Apply(RowKind::kDelete, {"a"});
  EXPECT_EQ(table.size(), 0U);
}

TEST(ResultTable, StaysSmallUnderManyChanges) {
  ResultTable table;
  for (int i = 0; i < 10'000; ++i) {
    table.Apply(RowKind::kInsert, {std::to_string(i)});
    if (i >= 3) table.Apply(RowKind::kDelete, {std::to_string(i - 3)});
  }
  EXPECT_EQ(FirstColumn(table), (Texts{"9997", "9998", "9999"}));
  EXPECT_EQ((*table.Rows(1, 1)[0])[0], "9998");
}

TEST(ResultTable, ManyUpdatesOfARowStayOneRow) {
  ResultTable table;
  table.Apply(RowKind::kInsert, {"first"});
  table.Apply(RowKind::kInsert, {"0"});
  for (int i = 0; i < 5'000; ++i) {
    table.Apply(RowKind::kUpdateBefore, {std::to_string(i)});
    table.Apply(RowKind::kUpdateAfter, {std::to_string(i + 1)});
  }
  EXPECT_EQ(FirstColumn(table), (Texts{"first", "5000"}));
}

TEST(FitTo, CutsAndPadsByColumnsOfTheTerminal) {
  std::setlocale(LC_CTYPE, "C.UTF-8");
  EXPECT_EQ(FitTo("ab", 4, false), "ab  ");
  EXPECT_EQ(FitTo("12", 4, true), "  12");
  EXPECT_EQ(FitTo("abcdef", 4, false), "abc…");
  EXPECT_EQ(FitTo("日本語", 5, false), "日本…");
  EXPECT_EQ(DisplayWidth("日本語"), 6);
  EXPECT_EQ(FitTo("a\nb\x1b[31m", 8, false), "a b [31m");
  EXPECT_EQ(DisplayWidth("\xff\xfe"), 2);
}

TEST(Lines, AreAsWideAsTheirRows) {
  std::vector<TableColumn> columns{{"k", false, 0}, {"amount", true, 0}};
  TextRow row{"long text", "7"};
  WidenTo(columns, {&row}, 6);
  EXPECT_EQ(RuleLine(columns), "+--------+--------+");
  EXPECT_EQ(HeadLine(columns), "| k      | amount |");
  EXPECT_EQ(RowLine(columns, row), "| long … |      7 |");
}

}  // namespace
}  // namespace millrace::bin
