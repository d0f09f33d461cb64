// SQL text → syntax tree: Flink 1.20's grammar and Flink's runtime lexer (back-ticks quote, case is kept, '"' is no
// quote).
//
// Every function is pure and may be called from any thread. Errors have code "sql.parse", the exact range of the
// offending text, a message that says what was found and what was expected. Nesting is bounded: hostile text ends in an
// error, never in a crash.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/sql/ast.h"

namespace millrace::sql {

// One statement; a trailing ';' is not part of it (Flink's parser refuses it too; ParseScript splits). Takes the
// grammar and, before it as Flink's planner does, SET key = value and RESET key without quotes.
Result<StatementPtr> ParseStatement(std::string_view sql);

// The grammar alone.
Result<StatementPtr> ParseGrammarStatement(std::string_view sql);

struct StatementWithText {
  StatementPtr statement;
  std::string text;  // without the terminator, without blanks and comments around it
  int32_t line = 1;  // of the text's first character in the script
};

// A piece of a script between terminators, not parsed yet.
struct ScriptPiece {
  std::string text;
  int32_t line = 1;
  int32_t column = 1;
};

// Splits at ';' outside of quotes, back-ticks and comments. EXECUTE STATEMENT SET BEGIN ..; ..; END stays one piece;
// BEGIN STATEMENT SET;
// ..; END; are pieces of their own, as in Flink's client. Pieces without any token are dropped.
Result<std::vector<ScriptPiece>> SplitScript(std::string_view script);

// Splits and parses; error ranges are in coordinates of the whole script.
Result<std::vector<StatementWithText>> ParseScript(std::string_view script);

Result<ExprPtr> ParseExpression(std::string_view sql);

// A type as in CREATE TABLE, e.g. "ROW<a INT NOT NULL, b ARRAY<STRING>>".
Result<TypeSpecPtr> ParseType(std::string_view text);

// The Table API's identifiers: up to three parts, key words allowed (`cat.db`.table).
Result<std::vector<std::string>> ParseTableApiIdentifier(std::string_view text);

// The rules that Flink checks between parsing and binding: duplicate columns, primary keys without NOT ENFORCED, LIKE
// options, ... Code "sql.validate".
Status ValidateStatement(const Statement& statement);

// What the same step changes: the columns of a primary key are NOT NULL. The statement itself if there is nothing to
// change. A constraint that ValidateStatement() refuses, and those behind it, change nothing.
StatementPtr WithKeysNotNull(const StatementPtr& statement);

// The error's message, then the line of `sql` that it points into with carets under the range.
std::string FormatErrorWithCaret(const Error& error, std::string_view sql);

// Flink's reserved words (upper case): identifiers that need back-ticks.
bool IsReservedWord(std::string_view word);

}  // namespace millrace::sql
