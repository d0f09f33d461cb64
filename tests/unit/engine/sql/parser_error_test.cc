#include <gtest/gtest.h>

#include <string>

#include "engine/sql/parser.h"
#include "engine/sql/unparser.h"

namespace millrace::sql {
namespace {

Error ErrorOf(std::string_view sql) {
  Result<StatementPtr> statement = ParseStatement(sql);
  if (statement.ok()) {
    ADD_FAILURE() << "parses: " << sql;
    return InternalError("parses");
  }
  return statement.error();
}

struct Place {
  int line;
  int column;
  int end_column;
};

void ExpectErrorAt(std::string_view sql, Place place) {
  Error error = ErrorOf(sql);
  EXPECT_EQ(error.code, "sql.parse") << sql;
  EXPECT_EQ(error.range.line, place.line) << sql << ": " << error.ToString();
  EXPECT_EQ(error.range.column, place.column) << sql << ": " << error.ToString();
  EXPECT_EQ(error.range.end_column, place.end_column) << sql << ": " << error.ToString();
}

TEST(ParserErrors, PointAtTheOffendingToken) {
  ExpectErrorAt("SELECT a FROM t WHERE", {1, 21, 21});
  ExpectErrorAt("SELECT a FROM\n  t WHERE a = = 1", {2, 13, 13});
  ExpectErrorAt("SELECT DEFAULT FROM t", {1, 8, 14});
  ExpectErrorAt("SELECT a b c FROM t", {1, 12, 12});
  ExpectErrorAt("SELECT * FROM t JOIN", {1, 17, 20});
  ExpectErrorAt("SELECT x BETWEEN 1 OR 2", {1, 24, 24});
  ExpectErrorAt("CREATE TABLE t (a INT,)", {1, 23, 23});
  ExpectErrorAt("CREATE TABLE t (a)", {1, 18, 18});
  ExpectErrorAt("SHOW TABLES LIKE x", {1, 18, 18});
  ExpectErrorAt("DROP TABLE", {1, 10, 10});
  ExpectErrorAt("", {1, 1, 1});
  ExpectErrorAt("SELECT 1;", {1, 9, 9});
}

TEST(ParserErrors, NameTheOutOfPlaceConstruct) {
  ExpectErrorAt("SELECT 1 FROM t UNION 2", {1, 23, 23});
  ExpectErrorAt("SELECT ARRAY[(SELECT 1)]", {1, 14, 14});
  ExpectErrorAt("SELECT (1 ORDER BY 2)", {1, 11, 15});
  ExpectErrorAt("SELECT * FROM (t)", {1, 16, 16});
  ExpectErrorAt("SELECT * FROM (a JOIN b ON TRUE) AS c", {1, 18, 21});
  ExpectErrorAt("SELECT DATE '2024-02-30'", {1, 8, 24});
  ExpectErrorAt("SELECT TIMESTAMP '2024-01-01T00:00:00'", {1, 8, 38});
  ExpectErrorAt("SELECT a != 1", {1, 10, 11});
  ExpectErrorAt("SELECT 1 MINUS SELECT 2", {1, 10, 14});
  ExpectErrorAt("SELECT 1 AS 'x'", {1, 13, 15});
  ExpectErrorAt("SELECT _klingon'x'", {1, 8, 18});
  ExpectErrorAt("SELECT X'0G'", {1, 8, 12});
  ExpectErrorAt("EXPLAIN PLAN_ADVICE, PLAN_ADVICE SELECT 1", {1, 22, 32});
  ExpectErrorAt("STOP JOB 'x' WITH DRAIN", {1, 14, 23});
  ExpectErrorAt("SELECT CAST(1 AS DECIMAL(99999999999))", {1, 26, 36});
  ExpectErrorAt("SELECT TRIM(FROM 'x')", {1, 13, 16});
}

TEST(ParserErrors, SayWhatWasExpectedAndWhatToDo) {
  EXPECT_EQ(ErrorOf("SELECT a FROM t GROUP x").message, "found x, expected BY");
  EXPECT_EQ(ErrorOf("CREATE TABLE user (a INT)").hint, "USER is a reserved word: write `user` to use it as a name");
  EXPECT_NE(ErrorOf("SELECT \"a\"").hint.find("back-ticks"), std::string::npos);
  EXPECT_NE(ErrorOf("SELECT 'abc").hint.find("never ends"), std::string::npos);
}

TEST(ParserErrors, ShowTheLineWithACaret) {
  std::string_view sql = "SELECT a\nFROM t WHERE a = = 1";
  std::string text = FormatErrorWithCaret(ErrorOf(sql), sql);
  EXPECT_NE(text.find("    2 | FROM t WHERE a = = 1\n      |                ^"), std::string::npos) << text;
  // An error at the end of the text.
  text = FormatErrorWithCaret(ErrorOf("DROP TABLE"), "DROP TABLE");
  EXPECT_NE(text.find("    1 | DROP TABLE\n      |          ^"), std::string::npos) << text;
  // A long line is cut around the place.
  std::string wide = "SELECT " + std::string(500, ' ') + "= 1";
  EXPECT_LT(FormatErrorWithCaret(ErrorOf(wide), wide).size(), 600u);
}

TEST(ParserErrors, OfAScriptAreInItsCoordinates) {
  Result<std::vector<StatementWithText>> script = ParseScript("SELECT 1;\n  SELECT 2 FROM;\n");
  ASSERT_FALSE(script.ok());
  EXPECT_EQ(script.error().range.line, 2);
  EXPECT_EQ(script.error().range.column, 15);
}

// ---- hostile texts: an error, quickly, and never a crash

std::string Repeat(std::string_view piece, size_t bytes) {
  std::string text;
  text.reserve(bytes + piece.size());
  while (text.size() < bytes) text += piece;
  return text;
}

// Time that is not linear in the text would run for hours and end with the test's time limit.
void ExpectQuickError(const std::string& sql) { EXPECT_FALSE(ParseStatement(sql).ok()) << sql.substr(0, 60); }

constexpr size_t kTenMegabytes = 10 << 20;

TEST(ParserHostile, TenMegabytesOfBrackets) {
  for (std::string_view piece :
       {"(", "[", "{", "((", ")", "]", "ARRAY[", "f(", "CASE WHEN ", "CAST(", "ROW(", "a[", "(SELECT ", "{fn f("}) {
    ExpectQuickError("SELECT " + Repeat(piece, kTenMegabytes));
  }
  for (std::string_view piece :
       {"(", "((SELECT 1) UNION ", "(a JOIN ", "LATERAL (", "(SELECT * FROM ", "(WITH a AS "}) {
    ExpectQuickError("SELECT * FROM " + Repeat(piece, kTenMegabytes));
  }
  ExpectQuickError(Repeat("WITH a AS (", kTenMegabytes));
  ExpectQuickError("CREATE TABLE t (a " + Repeat("ROW<a ", kTenMegabytes));
  ExpectQuickError("CREATE TABLE t (a INT" + Repeat(" ARRAY", kTenMegabytes) + ")");
  ExpectQuickError("SELECT 1 FROM t GROUP BY " + Repeat("GROUPING SETS (", kTenMegabytes));
  ExpectQuickError("SELECT * FROM t MATCH_RECOGNIZE (PATTERN (" + Repeat("(", kTenMegabytes));
}

TEST(ParserHostile, TenMegabytesOfOperators) {
  for (std::string_view piece : {"+ - NOT ", "- ", "NOT ", "EXISTS "})
    ExpectQuickError("SELECT " + Repeat(piece, kTenMegabytes) + "1");
  for (std::string_view piece :
       {" + 1", " OR a", " = 1", " LIKE 'a'", " BETWEEN 1 AND 2", " IS NULL", ".a", "[1]", " IN (1)"}) {
    ExpectQuickError("SELECT (a)" + Repeat(piece, kTenMegabytes));
  }
  ExpectQuickError("SELECT a" + Repeat(".a", kTenMegabytes));
  ExpectQuickError("SELECT 1" + Repeat(" UNION ALL SELECT 1", kTenMegabytes));
  ExpectQuickError("SELECT * FROM t" + Repeat(" JOIN t ON a", kTenMegabytes));
  ExpectQuickError("SELECT * FROM t" + Repeat(", t", kTenMegabytes));
  ExpectQuickError("SELECT * FROM t MATCH_RECOGNIZE (PATTERN (a" + Repeat(" a", kTenMegabytes));
}

TEST(ParserHostile, UnfinishedAndUnprintable) {
  for (std::string_view sql : {"SELECT '", "SELECT `", "SELECT /*", "SELECT x'", "SELECT u&'\\zzzz'", "U&\"",
                               "SELECT u&'\\d800'", "\xff\xfe"}) {
    EXPECT_FALSE(ParseStatement(sql).ok()) << sql;
  }
  EXPECT_FALSE(ParseStatement(std::string_view("SELECT '\0'", 10)).ok());
  EXPECT_FALSE(ParseExpression("").ok());
  EXPECT_FALSE(ParseType("ROW<").ok());
  EXPECT_FALSE(ParseType("").ok());
}

// What the limits let through can be walked: printing recurses as deep as any consumer.
TEST(ParserHostile, TheDeepestTreesCanBePrinted) {
  std::string parens = "SELECT " + std::string(350, '(') + "1" + std::string(350, ')');
  ASSERT_TRUE(ParseStatement(parens).ok());
  std::string chain = "SELECT a";
  for (int i = 0; i < 1900; ++i) chain += " OR a";
  Result<StatementPtr> statement = ParseStatement(chain);
  ASSERT_TRUE(statement.ok()) << statement.error().ToString();
  EXPECT_GT(Unparse(**statement).size(), 1900u);
  std::string nested = "1";
  for (int i = 0; i < 50; ++i) {
    nested = "f(" + nested;
    for (int j = 0; j < 35; ++j) nested += " + 1";
    nested += ")";
  }
  ASSERT_TRUE(ParseExpression(nested).ok());
  nested = "g(" + nested;
  for (int j = 0; j < 400; ++j) nested += " + 1";
  EXPECT_FALSE(ParseExpression(nested + ")").ok());
}

TEST(ParserHostile, LongListsAreFine) {
  std::string sql = "SELECT a FROM t WHERE a IN (0";
  for (int i = 1; i < 100000; ++i) sql += ", " + std::to_string(i);
  EXPECT_TRUE(ParseStatement(sql + ")").ok());
}

}  // namespace
}  // namespace millrace::sql
