// Where statements end.
#include "bin/shell/statement_buffer.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace millrace::bin {
namespace {

std::vector<std::string> TakeAll(StatementBuffer& buffer) {
  std::vector<std::string> taken;
  for (auto statement = buffer.Take(); statement; statement = buffer.Take()) taken.push_back(*statement);
  return taken;
}

std::vector<std::string> StatementsOf(const std::string& text) {
  StatementBuffer buffer;
  buffer.Add(text);
  return TakeAll(buffer);
}

using Texts = std::vector<std::string>;

TEST(StatementBuffer, CutsAtSemicolonsOutsideOfQuotesAndComments) {
  EXPECT_EQ(StatementsOf("SELECT 1; SELECT 2"), Texts{"SELECT 1"});
  EXPECT_EQ(StatementsOf("SELECT 'a;''b;' FROM `t;u`;"), Texts{"SELECT 'a;''b;' FROM `t;u`"});
  EXPECT_EQ(StatementsOf("SELECT 1 -- no; not here\n + /* nor; here */ 2;"),
            Texts{"SELECT 1 -- no; not here\n + /* nor; here */ 2"});
  EXPECT_EQ(StatementsOf("SELECT 'open; SELECT 2;"), Texts{});
  EXPECT_EQ(StatementsOf("/* open; SELECT 2;"), Texts{});
}

TEST(StatementBuffer, SkipsEmptyStatements) {
  EXPECT_EQ(StatementsOf(";; -- nothing\n; SELECT 1;;"), Texts{"SELECT 1"});
}

TEST(StatementBuffer, CollectsLines) {
  StatementBuffer buffer;
  EXPECT_TRUE(buffer.Blank());
  buffer.Add("SELECT");
  EXPECT_FALSE(buffer.Blank());
  EXPECT_EQ(TakeAll(buffer), Texts{});
  buffer.Add("1; SELECT 2; SELECT");
  EXPECT_EQ(TakeAll(buffer), (Texts{"SELECT\n1", "SELECT 2"}));
  EXPECT_EQ(buffer.TakeRest(), "SELECT");
  EXPECT_TRUE(buffer.Blank());
  buffer.Add("-- a comment is nothing that waits");
  EXPECT_TRUE(buffer.Blank());
  EXPECT_EQ(buffer.TakeRest(), "");
  buffer.Add("/* but an open one is");
  EXPECT_FALSE(buffer.Blank());
}

TEST(StatementBuffer, AStatementSetEndsWithItsEnd) {
  const std::string set = "EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT 1; INSERT INTO b SELECT 'END'; END";
  EXPECT_EQ(StatementsOf(set + "; SELECT 2;"), (Texts{set, "SELECT 2"}));
  EXPECT_EQ(StatementsOf("BEGIN STATEMENT SET; INSERT INTO a SELECT 1; END;"),
            (Texts{"BEGIN STATEMENT SET", "INSERT INTO a SELECT 1", "END"}));
}

}  // namespace
}  // namespace millrace::bin
