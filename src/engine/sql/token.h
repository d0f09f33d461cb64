// Tokens of the SQL lexer and the table of key words.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"

namespace millrace::sql {

// Every key word of Flink 1.20's parser; kNone for what is none.
enum class Word : uint16_t {
  kNone,
#define MR_WORD(name) k##name,
#define MR_RESERVED(name) k##name,
#include "engine/sql/keywords.inc"
#undef MR_WORD
#undef MR_RESERVED
};

// Of a word in any case.
Word FindWord(std::string_view text);
std::string_view WordText(Word word);
bool IsReserved(Word word);

enum class TokenType : uint8_t {
  kEnd,
  kError,              // see Lexer::error()
  kWord,               // a key word: Token::word
  kIdentifier,         // without quotes
  kQuotedIdentifier,   // `..`
  kUnicodeIdentifier,  // U&".."
  kString,             // '..'
  kPrefixedString,     // _charset'..', N'..'
  kUnicodeString,      // U&'..'
  kBinaryString,       // X'..'
  kInteger,            // 12
  kDecimal,            // 1.2
  kApproximate,        // 1E2
  kHintBegin,          // /*+
  kHintEnd,            // */
  kLeftParen,
  kRightParen,
  kBraceDate,       // {d
  kBraceTime,       // {t
  kBraceTimestamp,  // {ts
  kBraceFunction,   // {fn
  kLeftBrace,
  kRightBrace,
  kLeftBracket,
  kRightBracket,
  kSemicolon,
  kDot,
  kDoubleDot,
  kComma,
  kEquals,
  kNotEquals,   // <>
  kBangEquals,  // !=
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
  kQuestion,
  kColon,
  kPlus,
  kMinus,
  kStar,
  kSlash,
  kPercent,
  kConcat,  // ||
  kBar,     // |
  kArrow,   // =>
  kCaret,
  kDollar,
  kQuote,        // a ' that no other ' closes
  kDoubleQuote,  // "
};

struct Token {
  TokenType type = TokenType::kEnd;
  Word word = Word::kNone;
  // Byte offsets into the text.
  uint32_t begin = 0;
  uint32_t end = 0;
  SourceRange range;
};

}  // namespace millrace::sql
