// SQL text → tokens, on demand, by the rules of Flink's runtime lexer (back-ticks quote identifiers, '"' quotes
// nothing, key words in any case). Comments (--, //, /* */) are skipped; /*+ begins a hint.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/sql/token.h"

namespace millrace::sql {

class Lexer {
 public:
  // `sql` must outlive the lexer and be checked by CheckText().
  explicit Lexer(std::string_view sql) : sql_(sql) {}

  // Valid UTF-8 without NUL, less than 2 GiB; otherwise "sql.parse" with the place.
  static Status CheckText(std::string_view sql);

  // At the end: kEnd again and again. After kError, too.
  Token Next();
  const Error& error() const { return *error_; }
  std::string_view Text(const Token& token) const { return sql_.substr(token.begin, token.end - token.begin); }

 private:
  bool SkipBlanksAndComments();
  bool SkipComment();
  void Advance(size_t bytes);
  Token Finish(Token token, TokenType type, size_t bytes);
  Token Fail(Token token, std::string message);
  Token LexWordOrPrefixedString(Token token);
  Token LexNumber(Token token);
  Token LexQuoted(Token token, size_t prefix, TokenType type);
  Token LexBackTick(Token token);
  Token LexBrace(Token token);
  Token LexPunctuation(Token token);
  // Length in bytes of '..' (with '' inside) that starts at `offset`; 0 if it never ends.
  size_t QuotedLength(size_t offset, char quote, bool lines_allowed) const;
  char At(size_t offset) const { return offset < sql_.size() ? sql_[offset] : '\0'; }

  std::string_view sql_;
  size_t position_ = 0;
  int32_t line_ = 1;
  int32_t column_ = 1;
  std::optional<Error> error_;
};

// The text of a token in 'quotes', `back-ticks` or "double quotes": without them, doubled ones made single.
std::string StripQuotes(std::string_view text, char quote);

}  // namespace millrace::sql
