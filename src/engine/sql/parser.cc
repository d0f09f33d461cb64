// Entry points and token handling of the parser.
#include "engine/sql/parser.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/sql/parser_impl.h"
#include "engine/sql/unquoted_set.h"

namespace millrace::sql {
namespace {

constexpr size_t kLongestQuote = 40;

// What is expected, by TokenType.
constexpr std::string_view kTypeTexts[] = {"the end of the text",
                                           "a token",
                                           "a key word",
                                           "an identifier",
                                           "an identifier",
                                           "an identifier",
                                           "a string in quotes",
                                           "a string in quotes",
                                           "a string in quotes",
                                           "a binary string",
                                           "an integer",
                                           "a number",
                                           "a number",
                                           "'/*+'",
                                           "'*/'",
                                           "'('",
                                           "')'",
                                           "'{d'",
                                           "'{t'",
                                           "'{ts'",
                                           "'{fn'",
                                           "'{'",
                                           "'}'",
                                           "'['",
                                           "']'",
                                           "';'",
                                           "'.'",
                                           "'..'",
                                           "','",
                                           "'='",
                                           "'<>'",
                                           "'!='",
                                           "'<'",
                                           "'<='",
                                           "'>'",
                                           "'>='",
                                           "'?'",
                                           "':'",
                                           "'+'",
                                           "'-'",
                                           "'*'",
                                           "'/'",
                                           "'%'",
                                           "'||'",
                                           "'|'",
                                           "'=>'",
                                           "'^'",
                                           "'$'",
                                           "a quote",
                                           "a double quote"};
static_assert(std::size(kTypeTexts) == static_cast<size_t>(TokenType::kDoubleQuote) + 1);

std::string_view TypeText(TokenType type) { return kTypeTexts[static_cast<size_t>(type)]; }

}  // namespace

Parser::Parser(std::string_view sql) : sql_(sql), lexer_(sql) {}

const Token& Parser::Peek(size_t ahead) {
  while (tokens_.size() <= next_ + ahead) {
    if (!tokens_.empty() && (tokens_.back().type == TokenType::kEnd || tokens_.back().type == TokenType::kError)) {
      return tokens_.back();
    }
    tokens_.push_back(lexer_.Next());
  }
  return tokens_[next_ + ahead];
}

Token Parser::Take() {
  last_ = Peek();
  if (last_.type != TokenType::kEnd && last_.type != TokenType::kError) ++next_;
  // Tokens behind us are never looked at again: keep the window small.
  if (next_ >= 4096) {
    tokens_.erase(tokens_.begin(), tokens_.begin() + static_cast<std::ptrdiff_t>(next_));
    next_ = 0;
  }
  return last_;
}

bool Parser::Accept(TokenType type) {
  if (!Is(type)) return false;
  Take();
  return true;
}

bool Parser::Accept(Word word) {
  if (!Is(word)) return false;
  Take();
  return true;
}

Result<Token> Parser::Expect(TokenType type) {
  if (!Is(type)) return Unexpected(TypeText(type));
  return Take();
}

Result<Token> Parser::Expect(Word word) {
  if (!Is(word)) return Unexpected(WordText(word));
  return Take();
}

Error Parser::ErrorAt(SourceRange range, std::string message, std::string hint) {
  return UserError("sql.parse", std::move(message), std::move(hint), range);
}

Error Parser::Unexpected(std::string_view expected) {
  const Token& token = Peek();
  if (token.type == TokenType::kError) return lexer_.error();
  if (token.type == TokenType::kEnd)
    return ErrorAt(token.range, fmt::format("the SQL text ends too early; expected {}", expected));
  std::string_view text = Text(token);
  std::string shown(text.substr(0, kLongestQuote));
  if (text.size() > kLongestQuote) {
    while (!shown.empty() && (static_cast<uint8_t>(text[shown.size()]) & 0xc0) == 0x80) shown.pop_back();
    shown += "...";
  }
  std::string hint;
  if (token.type == TokenType::kWord && IsReserved(token.word) &&
      expected.find("identifier") != std::string_view::npos) {
    hint = fmt::format("{} is a reserved word: write `{}` to use it as a name", WordText(token.word), text);
  } else if (token.type == TokenType::kDoubleQuote) {
    hint = "identifiers are quoted with back-ticks, strings with single quotes";
  } else if (token.type == TokenType::kQuote) {
    hint = "the string that starts here never ends";
  }
  return ErrorAt(token.range, fmt::format("found {}, expected {}", shown, expected), std::move(hint));
}

Status Parser::ExpectEnd() {
  if (Is(TokenType::kEnd)) return Status::Ok();
  return Unexpected("the end of the statement");
}

SourceRange Parser::RangeFrom(const SourceRange& from) const {
  SourceRange range = from;
  if (!range.Known()) return last_.range;
  range.end_line = last_.range.end_line;
  range.end_column = last_.range.end_column;
  return range;
}

Status Parser::Scope::Check() const {
  if (parser_->nesting_ <= kMaxNesting) return Status::Ok();
  return ErrorAt(parser_->Peek().range, fmt::format("the text is too deeply nested: more than {} levels", kMaxNesting),
                 "split the statement with views or WITH");
}

Status Parser::CheckHeight(int64_t chain) const {
  if (chain + scope_height_ <= kMaxTreeDepth) return Status::Ok();
  return ErrorAt(
      last_.range,
      fmt::format("the expression is too deeply nested: more than {} operators build on one another", kMaxTreeDepth),
      "use IN for long chains of OR, and views for long chains of UNION");
}

Status Parser::AddChain(int64_t count) {
  MR_RETURN_IF_ERROR(CheckHeight(count));
  scope_height_ += static_cast<int32_t>(count);
  return Status::Ok();
}

Result<StatementPtr> Parser::StatementToEnd() {
  MR_ASSIGN(StatementPtr statement, ParseStatement());
  MR_RETURN_IF_ERROR(ExpectEnd());
  return statement;
}

Result<ExprPtr> Parser::ExpressionToEnd() {
  MR_ASSIGN(ExprPtr expr, Expression(ExprContext::kSubQuery));
  MR_RETURN_IF_ERROR(ExpectEnd());
  return expr;
}

Result<TypeSpecPtr> Parser::TypeToEnd() {
  MR_ASSIGN(TypeSpecPtr type, ExtendedDataType());
  MR_RETURN_IF_ERROR(ExpectEnd());
  return type;
}

Result<std::vector<std::string>> Parser::TableApiIdentifierToEnd() {
  std::vector<std::string> parts;
  do {
    if (Is(TokenType::kEnd) || Is(TokenType::kError)) return Unexpected("an identifier");
    if (Is(TokenType::kQuotedIdentifier) || Is(TokenType::kUnicodeIdentifier)) {
      MR_ASSIGN(Identifier::Part part, IdentifierSegment());
      parts.push_back(std::move(part.name));
    } else {
      parts.emplace_back(Text(Take()));
    }
  } while (parts.size() < 3 && Accept(TokenType::kDot));
  MR_RETURN_IF_ERROR(ExpectEnd());
  return parts;
}

Result<StatementPtr> ParseGrammarStatement(std::string_view sql) {
  MR_RETURN_IF_ERROR(Lexer::CheckText(sql));
  return Parser(sql).StatementToEnd();
}

Result<StatementPtr> ParseStatement(std::string_view sql) {
  MR_RETURN_IF_ERROR(Lexer::CheckText(sql));
  if (StatementPtr set = ParseUnquotedSet(sql)) return set;
  return Parser(sql).StatementToEnd();
}

Result<ExprPtr> ParseExpression(std::string_view sql) {
  MR_RETURN_IF_ERROR(Lexer::CheckText(sql));
  return Parser(sql).ExpressionToEnd();
}

Result<TypeSpecPtr> ParseType(std::string_view text) {
  MR_RETURN_IF_ERROR(Lexer::CheckText(text));
  return Parser(text).TypeToEnd();
}

Result<std::vector<std::string>> ParseTableApiIdentifier(std::string_view text) {
  MR_RETURN_IF_ERROR(Lexer::CheckText(text));
  return Parser(text).TableApiIdentifierToEnd();
}

}  // namespace millrace::sql
