#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/sql/parser.h"

namespace millrace::sql {
namespace {

std::vector<std::string> Split(std::string_view script) {
  Result<std::vector<ScriptPiece>> pieces = SplitScript(script);
  EXPECT_TRUE(pieces.ok());
  std::vector<std::string> texts;
  if (!pieces.ok()) return texts;
  for (const ScriptPiece& piece : *pieces) texts.push_back(piece.text);
  return texts;
}

using Texts = std::vector<std::string>;

TEST(Script, SplitsOutsideQuotesAndComments) {
  EXPECT_EQ(Split("SELECT ';' ; SELECT `;` -- ;\n; /* ; */ SELECT 3"), (Texts{"SELECT ';'", "SELECT `;`", "SELECT 3"}));
  EXPECT_EQ(Split(" ;; -- nothing\n;"), Texts{});
  EXPECT_EQ(Split("SELECT 1"), Texts{"SELECT 1"});
}

TEST(Script, KeepsTheLineOfEachStatement) {
  Result<std::vector<StatementWithText>> script = ParseScript("-- first\nSELECT 1;\n\n  SELECT\n 2;\n");
  ASSERT_TRUE(script.ok());
  ASSERT_EQ(script->size(), 2u);
  EXPECT_EQ((*script)[0].line, 2);
  EXPECT_EQ((*script)[1].line, 4);
  EXPECT_EQ((*script)[1].text, "SELECT\n 2");
}

TEST(Script, StatementSets) {
  EXPECT_EQ(Split("BEGIN STATEMENT SET; INSERT INTO a SELECT 1; END;"),
            (Texts{"BEGIN STATEMENT SET", "INSERT INTO a SELECT 1", "END"}));
  std::string set =
      "EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT CASE WHEN b THEN 1 END FROM t; INSERT INTO c SELECT 2; END";
  EXPECT_EQ(Split(set + "; SELECT 1;"), (Texts{set, "SELECT 1"}));
  Result<std::vector<StatementWithText>> script = ParseScript(set + ";");
  ASSERT_TRUE(script.ok()) << script.error().ToString();
  const auto* execute = As<Execute>((*script)[0].statement.get());
  ASSERT_NE(execute, nullptr);
  const auto* statements = As<StatementSet>(execute->statement.get());
  ASSERT_NE(statements, nullptr);
  EXPECT_EQ(statements->inserts.size(), 2u);
}

TEST(Script, AnOpenQuoteIsAnErrorOfItsPiece) {
  Result<std::vector<StatementWithText>> script = ParseScript("SELECT 1;\nSELECT `a; SELECT 2");
  ASSERT_FALSE(script.ok());
  EXPECT_EQ(script.error().range.line, 2);
}

TEST(Script, SetAndResetNeedNoQuotes) {
  auto parse = [](std::string_view sql) {
    Result<StatementPtr> statement = ParseStatement(sql);
    EXPECT_TRUE(statement.ok()) << sql;
    return statement.ok() ? As<SetOption>(*statement) : nullptr;
  };
  auto set = parse("SET execution.runtime-mode = streaming");
  ASSERT_NE(set, nullptr);
  EXPECT_EQ(set->key->text, "execution.runtime-mode");
  EXPECT_EQ(set->value->text, "streaming");
  set = parse("set a.b='c d'");
  ASSERT_NE(set, nullptr);
  EXPECT_EQ(set->value->text, "c d");
  set = parse("SET a=b=c");
  ASSERT_NE(set, nullptr);
  EXPECT_EQ(set->key->text, "a=b");
  set = parse("RESET a.b");
  ASSERT_NE(set, nullptr);
  EXPECT_TRUE(set->reset);
  EXPECT_EQ(set->key->text, "a.b");
  set = parse("SET 'k' = 'v'");
  ASSERT_NE(set, nullptr);
  EXPECT_EQ(set->value->text, "v");
  EXPECT_FALSE(ParseStatement("SET a").ok());
  EXPECT_FALSE(ParseStatement("SET a = b c").ok());
  EXPECT_FALSE(ParseGrammarStatement("SET a = b").ok());
}

TEST(Script, TableApiIdentifiers) {
  EXPECT_EQ(*ParseTableApiIdentifier("`a.b`.table.`c``d`"), (Texts{"a.b", "table", "c`d"}));
  EXPECT_FALSE(ParseTableApiIdentifier("a.b.c.d").ok());
  EXPECT_FALSE(ParseTableApiIdentifier("").ok());
}

}  // namespace
}  // namespace millrace::sql
