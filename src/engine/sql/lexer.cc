// The lexer.
#include "engine/sql/lexer.h"

#include <fmt/format.h>

#include <cstring>
#include <limits>

namespace millrace::sql {
namespace {

struct CodePointRange {
  uint32_t first;
  uint32_t last;
};

// What may start an identifier, and what may follow, as in Calcite's lexer.
constexpr CodePointRange kLetters[] = {{0x24, 0x24},     {0x41, 0x5a},     {0x5f, 0x5f},     {0x61, 0x7a},
                                       {0xc0, 0xd6},     {0xd8, 0xf6},     {0xf8, 0xff},     {0x100, 0x1fff},
                                       {0x3040, 0x318f}, {0x3300, 0x337f}, {0x3400, 0x3d2d}, {0x4e00, 0x9fff},
                                       {0xf900, 0xfaff}};
constexpr CodePointRange kDigits[] = {{0x30, 0x39},   {0x660, 0x669}, {0x6f0, 0x6f9}, {0x966, 0x96f}, {0x9e6, 0x9ef},
                                      {0xa66, 0xa6f}, {0xae6, 0xaef}, {0xb66, 0xb6f}, {0xbe7, 0xbef}, {0xc66, 0xc6f},
                                      {0xce6, 0xcef}, {0xd66, 0xd6f}, {0xe50, 0xe59}, {0xed0, 0xed9}, {0x1040, 0x1049}};

template <size_t N>
bool InRanges(const CodePointRange (&ranges)[N], uint32_t code_point) {
  for (const CodePointRange& range : ranges) {
    if (code_point >= range.first && code_point <= range.last) return true;
  }
  return false;
}

bool IsLetter(uint32_t code_point) { return InRanges(kLetters, code_point); }
bool IsDigit(uint32_t code_point) { return InRanges(kDigits, code_point); }
bool IsAsciiDigit(char c) { return c >= '0' && c <= '9'; }
bool IsAsciiAlphanumeric(char c) { return IsAsciiDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

struct Decoded {
  uint32_t code_point;
  size_t bytes;  // 0: not UTF-8
};

Decoded Decode(std::string_view text, size_t offset) {
  auto byte = [&](size_t i) { return static_cast<uint8_t>(text[offset + i]); };
  auto continues = [&](size_t i) { return offset + i < text.size() && (byte(i) & 0xc0) == 0x80; };
  uint8_t first = byte(0);
  if (first < 0x80) return {first, 1};
  if (first >= 0xc2 && first < 0xe0 && continues(1)) return {(first & 0x1fu) << 6 | (byte(1) & 0x3fu), 2};
  if (first >= 0xe0 && first < 0xf0 && continues(1) && continues(2)) {
    uint32_t value = (first & 0x0fu) << 12 | (byte(1) & 0x3fu) << 6 | (byte(2) & 0x3fu);
    if (value >= 0x800 && (value < 0xd800 || value > 0xdfff)) return {value, 3};
  }
  if (first >= 0xf0 && first < 0xf5 && continues(1) && continues(2) && continues(3)) {
    uint32_t value = (first & 0x07u) << 18 | (byte(1) & 0x3fu) << 12 | (byte(2) & 0x3fu) << 6 | (byte(3) & 0x3fu);
    if (value >= 0x10000 && value <= 0x10ffff) return {value, 4};
  }
  return {0, 0};
}

SourceRange PlaceOf(std::string_view sql, size_t offset) {
  SourceRange place{1, 1, 1, 1};
  for (size_t i = 0; i < offset; ++i) {
    char c = sql[i];
    if (c == '\n' || (c == '\r' && (i + 1 >= sql.size() || sql[i + 1] != '\n'))) {
      ++place.line;
      place.column = 1;
    } else if ((static_cast<uint8_t>(c) & 0xc0) != 0x80) {
      ++place.column;
    }
  }
  place.end_line = place.line;
  place.end_column = place.column;
  return place;
}

}  // namespace

Status Lexer::CheckText(std::string_view sql) {
  if (sql.size() > static_cast<size_t>(std::numeric_limits<int32_t>::max())) {
    return UserError("sql.parse", "the SQL text is longer than 2 GiB", "split it into statements");
  }
  for (size_t i = 0; i < sql.size();) {
    // Eight plain characters at once.
    if (i + 8 <= sql.size()) {
      uint64_t word;
      std::memcpy(&word, sql.data() + i, sizeof(word));
      constexpr uint64_t kOnes = 0x0101010101010101ULL;
      constexpr uint64_t kHighs = 0x8080808080808080ULL;
      if (((word | (word - kOnes)) & kHighs) == 0) {
        i += 8;
        continue;
      }
    }
    if (sql[i] == '\0') {
      return UserError("sql.parse", "a NUL byte stands in the SQL text", "remove it; the text must be plain UTF-8",
                       PlaceOf(sql, i));
    }
    Decoded decoded = Decode(sql, i);
    if (decoded.bytes == 0) {
      return UserError("sql.parse", fmt::format("the byte 0x{:02x} is not valid UTF-8", static_cast<uint8_t>(sql[i])),
                       "save the SQL text as UTF-8", PlaceOf(sql, i));
    }
    i += decoded.bytes;
  }
  return Status::Ok();
}

void Lexer::Advance(size_t bytes) {
  for (size_t end = position_ + bytes; position_ < end; ++position_) {
    char c = sql_[position_];
    if (c == '\n' || (c == '\r' && At(position_ + 1) != '\n')) {
      ++line_;
      column_ = 1;
    } else if ((static_cast<uint8_t>(c) & 0xc0) != 0x80) {
      ++column_;
    }
  }
}

Token Lexer::Finish(Token token, TokenType type, size_t bytes) {
  token.type = type;
  token.end = static_cast<uint32_t>(token.begin + bytes);
  // The last character's place: go up to it, note the place, step over it.
  size_t last = bytes - 1;
  while (last > 0 && (static_cast<uint8_t>(sql_[position_ + last]) & 0xc0) == 0x80) --last;
  Advance(last);
  token.range.end_line = line_;
  token.range.end_column = column_;
  Advance(bytes - last);
  return token;
}

Token Lexer::Fail(Token token, std::string message) {
  token.type = TokenType::kError;
  token.end = token.begin;
  token.range.end_line = token.range.line;
  token.range.end_column = token.range.column;
  error_ = UserError("sql.parse", std::move(message), {}, token.range);
  return token;
}

bool Lexer::SkipComment() {
  size_t close = sql_.find("*/", position_ + 2);
  if (close == std::string_view::npos) return false;
  Advance(close + 2 - position_);
  return true;
}

bool Lexer::SkipBlanksAndComments() {
  while (position_ < sql_.size()) {
    char c = sql_[position_];
    char next = At(position_ + 1);
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') {
      Advance(1);
    } else if ((c == '-' && next == '-') || (c == '/' && next == '/')) {
      size_t end = sql_.find_first_of("\n\r", position_);
      Advance((end == std::string_view::npos ? sql_.size() : end) - position_);
    } else if (c == '/' && next == '*' && At(position_ + 2) != '+') {
      if (!SkipComment()) return false;
    } else {
      return true;
    }
  }
  return true;
}

Token Lexer::Next() {
  Token token;
  if (error_) {
    token.type = TokenType::kError;
    token.range = error_->range;
    return token;
  }
  bool closed = SkipBlanksAndComments();
  token.begin = static_cast<uint32_t>(position_);
  token.end = token.begin;
  token.range = {line_, column_, line_, column_};
  if (!closed) return Fail(token, "a comment that starts with /* never ends");
  if (position_ >= sql_.size()) {
    // The end's place is that of the text's last character, as in Calcite.
    size_t last = sql_.empty() ? 0 : sql_.size() - 1;
    while (last > 0 && (static_cast<uint8_t>(sql_[last]) & 0xc0) == 0x80) --last;
    token.range = PlaceOf(sql_, last);
    return token;
  }
  char c = sql_[position_];
  if (IsAsciiDigit(c) || (c == '.' && IsAsciiDigit(At(position_ + 1)))) return LexNumber(token);
  if (c == '\'') return LexQuoted(token, 0, TokenType::kString);
  if (c == '`') return LexBackTick(token);
  if (c == '{') return LexBrace(token);
  if (IsLetter(Decode(sql_, position_).code_point)) return LexWordOrPrefixedString(token);
  return LexPunctuation(token);
}

size_t Lexer::QuotedLength(size_t offset, char quote, bool lines_allowed) const {
  for (size_t i = offset + 1; i < sql_.size(); ++i) {
    char c = sql_[i];
    if (!lines_allowed && (c == '\n' || c == '\r')) return 0;
    if (c != quote) continue;
    if (At(i + 1) == quote) {
      ++i;
    } else {
      return i + 1 - offset;
    }
  }
  return 0;
}

Token Lexer::LexQuoted(Token token, size_t prefix, TokenType type) {
  size_t length = QuotedLength(position_ + prefix, '\'', true);
  if (length == 0) {
    // The words before the quote stand alone then; the caller falls back to them.
    return prefix == 0 ? Finish(token, TokenType::kQuote, 1) : token;
  }
  return Finish(token, type, prefix + length);
}

Token Lexer::LexBackTick(Token token) {
  size_t length = QuotedLength(position_, '`', false);
  if (length == 0) return Fail(token, "an identifier in back-ticks does not end on its line");
  if (length == 2) return Fail(token, "an identifier in back-ticks is empty");
  return Finish(token, TokenType::kQuotedIdentifier, length);
}

Token Lexer::LexNumber(Token token) {
  size_t end = position_;
  auto digits = [&] {
    while (IsAsciiDigit(At(end))) ++end;
  };
  TokenType type = TokenType::kInteger;
  digits();
  if (At(end) == '.') {
    type = TokenType::kDecimal;
    ++end;
    digits();
  }
  if (Lower(At(end)) == 'e') {
    size_t exponent = end + 1;
    if (At(exponent) == '+' || At(exponent) == '-') ++exponent;
    if (IsAsciiDigit(At(exponent))) {
      type = TokenType::kApproximate;
      end = exponent;
      digits();
    }
  }
  return Finish(token, type, end - position_);
}

Token Lexer::LexWordOrPrefixedString(Token token) {
  char c = Lower(sql_[position_]);
  char next = At(position_ + 1);
  Token prefixed = token;
  if (c == 'x' && next == '\'') prefixed = LexQuoted(token, 1, TokenType::kBinaryString);
  if (c == 'n' && next == '\'') prefixed = LexQuoted(token, 1, TokenType::kPrefixedString);
  if (c == 'u' && next == '&' && At(position_ + 2) == '\'') prefixed = LexQuoted(token, 2, TokenType::kUnicodeString);
  if (c == 'u' && next == '&' && At(position_ + 2) == '"') {
    size_t length = QuotedLength(position_ + 2, '"', false);
    if (length > 2) return Finish(token, TokenType::kUnicodeIdentifier, length + 2);
  }
  if (c == '_' && IsAsciiAlphanumeric(next)) {
    size_t end = position_ + 1;
    while (IsAsciiAlphanumeric(At(end)) ||
           (end < sql_.size() && std::string_view(":.-_").find(At(end)) != std::string_view::npos))
      ++end;
    if (At(end) == '\'') prefixed = LexQuoted(token, end - position_, TokenType::kPrefixedString);
  }
  if (prefixed.type != TokenType::kEnd) return prefixed;
  size_t end = position_;
  while (end < sql_.size()) {
    Decoded decoded = Decode(sql_, end);
    if (decoded.bytes == 0 || (!IsLetter(decoded.code_point) && !IsDigit(decoded.code_point))) break;
    end += decoded.bytes;
  }
  if (end - position_ == 1 && sql_[position_] == '$') return Finish(token, TokenType::kDollar, 1);
  token.word = FindWord(sql_.substr(position_, end - position_));
  return Finish(token, token.word == Word::kNone ? TokenType::kIdentifier : TokenType::kWord, end - position_);
}

Token Lexer::LexBrace(Token token) {
  size_t at = position_ + 1;
  while (At(at) == ' ') ++at;
  char first = Lower(At(at));
  char second = Lower(At(at + 1));
  if (first == 't' && second == 's') return Finish(token, TokenType::kBraceTimestamp, at + 2 - position_);
  if (first == 'f' && second == 'n') return Finish(token, TokenType::kBraceFunction, at + 2 - position_);
  if (first == 'd') return Finish(token, TokenType::kBraceDate, at + 1 - position_);
  if (first == 't') return Finish(token, TokenType::kBraceTime, at + 1 - position_);
  return Finish(token, TokenType::kLeftBrace, 1);
}

Token Lexer::LexPunctuation(Token token) {
  struct Entry {
    std::string_view text;
    TokenType type;
  };
  // The longer first.
  static constexpr Entry kEntries[] = {
      {"/*+", TokenType::kHintBegin},  {"*/", TokenType::kHintEnd},     {"<>", TokenType::kNotEquals},
      {"!=", TokenType::kBangEquals},  {"<=", TokenType::kLessOrEqual}, {">=", TokenType::kGreaterOrEqual},
      {"||", TokenType::kConcat},      {"=>", TokenType::kArrow},       {"..", TokenType::kDoubleDot},
      {"(", TokenType::kLeftParen},    {")", TokenType::kRightParen},   {"}", TokenType::kRightBrace},
      {"[", TokenType::kLeftBracket},  {"]", TokenType::kRightBracket}, {";", TokenType::kSemicolon},
      {".", TokenType::kDot},          {",", TokenType::kComma},        {"=", TokenType::kEquals},
      {"<", TokenType::kLess},         {">", TokenType::kGreater},      {"?", TokenType::kQuestion},
      {":", TokenType::kColon},        {"+", TokenType::kPlus},         {"-", TokenType::kMinus},
      {"*", TokenType::kStar},         {"/", TokenType::kSlash},        {"%", TokenType::kPercent},
      {"|", TokenType::kBar},          {"^", TokenType::kCaret},        {"$", TokenType::kDollar},
      {"\"", TokenType::kDoubleQuote},
  };
  std::string_view rest = sql_.substr(position_);
  for (const Entry& entry : kEntries) {
    if (rest.starts_with(entry.text)) return Finish(token, entry.type, entry.text.size());
  }
  return Fail(token, fmt::format("the character '{}' has no meaning here", rest.substr(0, Decode(rest, 0).bytes)));
}

std::string StripQuotes(std::string_view text, char quote) {
  std::string result;
  result.reserve(text.size());
  for (size_t i = 1; i + 1 < text.size(); ++i) {
    result.push_back(text[i]);
    if (text[i] == quote && text[i + 1] == quote) ++i;
  }
  return result;
}

}  // namespace millrace::sql
