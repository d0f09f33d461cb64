// Scripts: splitting at ';', parsing each piece, and errors with a caret.
#include <fmt/format.h>

#include <algorithm>

#include "engine/sql/lexer.h"
#include "engine/sql/parser.h"

namespace millrace::sql {
namespace {

// Follows the tokens of one piece and knows whether a ';' ends it: inside STATEMENT SET BEGIN .. END it does not.
class PieceEnd {
 public:
  void See(const Token& token) {
    switch (state_) {
      case State::kOutside:
        if (token.word == Word::kBEGIN && before_ == Word::kSET && before_that_ == Word::kSTATEMENT)
          state_ = State::kInside;
        break;
      case State::kInside:
        if (token.type == TokenType::kSemicolon) state_ = State::kAfterInsert;
        break;
      case State::kAfterInsert:
        if (token.type != TokenType::kSemicolon) state_ = token.word == Word::kEND ? State::kOutside : State::kInside;
        break;
    }
    before_that_ = before_;
    before_ = token.word;
  }
  bool Ends(const Token& token) const { return token.type == TokenType::kSemicolon && state_ == State::kOutside; }

 private:
  enum class State : uint8_t { kOutside, kInside, kAfterInsert };
  State state_ = State::kOutside;
  Word before_ = Word::kNone;
  Word before_that_ = Word::kNone;
};

// Moves a range of a piece to where the piece stands in its script.
SourceRange InScript(SourceRange range, const ScriptPiece& piece) {
  if (!range.Known()) return range;
  if (range.line == 1) range.column += piece.column - 1;
  if (range.end_line == 1) range.end_column += piece.column - 1;
  range.line += piece.line - 1;
  range.end_line += piece.line - 1;
  return range;
}

std::string_view LineOf(std::string_view sql, int32_t line) {
  size_t start = 0;
  for (int32_t i = 1; i < line; ++i) {
    size_t end = sql.find_first_of("\r\n", start);
    if (end == std::string_view::npos) return {};
    start = end + (sql.substr(end, 2) == "\r\n" ? 2 : 1);
  }
  return sql.substr(start, sql.find_first_of("\r\n", start) - start);
}

}  // namespace

Result<std::vector<ScriptPiece>> SplitScript(std::string_view script) {
  MR_RETURN_IF_ERROR(Lexer::CheckText(script));
  std::vector<ScriptPiece> pieces;
  Lexer lexer(script);
  bool open = false;
  size_t begin = 0;
  size_t end = 0;
  ScriptPiece piece;
  PieceEnd piece_end;
  auto close = [&] {
    if (!open) return;
    piece.text = std::string(script.substr(begin, end - begin));
    pieces.push_back(std::move(piece));
    piece = ScriptPiece();
    open = false;
    piece_end = PieceEnd();
  };
  for (;;) {
    Token token = lexer.Next();
    if (token.type == TokenType::kEnd) break;
    if (piece_end.Ends(token)) {
      close();
      continue;
    }
    if (!open) {
      open = true;
      begin = token.begin;
      piece.line = token.range.line;
      piece.column = token.range.column;
    }
    if (token.type == TokenType::kError) {
      // The rest cannot be told apart; parsing it gives the error.
      end = script.size();
      break;
    }
    end = token.end;
    piece_end.See(token);
  }
  close();
  return pieces;
}

Result<std::vector<StatementWithText>> ParseScript(std::string_view script) {
  MR_ASSIGN(std::vector<ScriptPiece> pieces, SplitScript(script));
  std::vector<StatementWithText> statements;
  statements.reserve(pieces.size());
  for (ScriptPiece& piece : pieces) {
    Result<StatementPtr> statement = ParseStatement(piece.text);
    if (!statement.ok()) {
      Error error = std::move(statement).error();
      error.range = InScript(error.range, piece);
      return error;
    }
    statements.push_back({std::move(statement).value(), std::move(piece.text), piece.line});
  }
  return statements;
}

std::string FormatErrorWithCaret(const Error& error, std::string_view sql) {
  if (!error.range.Known()) return error.message;
  std::string_view line = LineOf(sql, error.range.line);
  constexpr int32_t kBefore = 60;
  constexpr int32_t kWidth = 100;
  // The window of the line that is shown, in characters.
  int32_t first = std::max<int32_t>(1, error.range.column - kBefore);
  int32_t last_marked = error.range.end_line > error.range.line ? error.range.column + kWidth : error.range.end_column;
  std::string shown;
  std::string marks;
  int32_t column = 0;
  for (size_t i = 0; i < line.size(); ++i) {
    bool starts = (static_cast<uint8_t>(line[i]) & 0xc0) != 0x80;
    if (starts) ++column;
    if (column < first) continue;
    if (column >= first + kWidth) break;
    shown += line[i] == '\t' ? ' ' : line[i];
    if (starts) marks += column >= error.range.column && column <= last_marked ? '^' : ' ';
  }
  // An error at the end of the text points behind the line's last character at most.
  if (marks.find('^') == std::string::npos) marks += '^';
  marks.resize(marks.find_last_of('^') + 1);
  std::string prefix = fmt::format("{:>5} | ", error.range.line);
  return fmt::format("{}\n{}{}\n{}{}", error.message, prefix, shown, std::string(prefix.size() - 2, ' ') + "| ", marks);
}

}  // namespace millrace::sql
