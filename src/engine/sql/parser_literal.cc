// Identifiers and literals.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "engine/sql/datetime_literal.h"
#include "engine/sql/parser_impl.h"
#include "engine/sql/unicode_escape.h"

namespace millrace::sql {
namespace {

constexpr char32_t kBackslash = '\\';

std::string Upper(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return upper;
}

bool IsHex(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); });
}

bool IsKnownCharset(std::string_view name) {
  static constexpr std::string_view kNames[] = {"BIG5", "LATIN1",   "UTF8",     "UTF16",      "UTF-16", "GB2312",
                                                "GBK",  "UTF-16BE", "UTF-16LE", "ISO-8859-1", "UTF-8"};
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

// The part of a string token from its opening quote on.
std::string_view FromQuote(std::string_view text) { return text.substr(text.find('\'')); }

}  // namespace

bool Parser::IsIdentifier(size_t ahead) {
  static constexpr TokenSet kIdentifiers = {TokenType::kIdentifier, TokenType::kQuotedIdentifier,
                                            TokenType::kUnicodeIdentifier};
  const Token& token = Peek(ahead);
  return kIdentifiers.Contains(token.type) || (token.type == TokenType::kWord && !IsReserved(token.word));
}

Result<Identifier::Part> Parser::IdentifierSegment() {
  if (!IsIdentifier()) return Unexpected("an identifier");
  Token token = Take();
  Identifier::Part part;
  part.range = token.range;
  part.quoted = token.type == TokenType::kQuotedIdentifier || token.type == TokenType::kUnicodeIdentifier;
  if (token.type == TokenType::kQuotedIdentifier) {
    part.name = StripQuotes(Text(token), '`');
  } else if (token.type == TokenType::kUnicodeIdentifier) {
    char32_t escape = kBackslash;
    std::string text = StripQuotes(Text(token).substr(2), '"');
    if (Accept(Word::kUESCAPE)) {
      MR_ASSIGN(LiteralPtr literal, QuotedString());
      Result<char32_t> checked = CheckUnicodeEscape(literal->text);
      if (!checked.ok()) return ErrorAtLast(checked.error().message);
      escape = *checked;
      part.range = RangeFrom(part.range);
    }
    Result<std::string> name = UnescapeUnicode(text, escape);
    if (!name.ok()) return ErrorAt(part.range, name.error().message);
    part.name = std::move(name).value();
  } else {
    part.name = std::string(Text(token));
  }
  return part;
}

IdentifierPtr Parser::WordAsIdentifier(const Token& token) {
  auto identifier = std::make_shared<Identifier>();
  identifier->parts.push_back({std::string(Text(token)), false, token.range});
  identifier->range = token.range;
  return identifier;
}

Result<IdentifierPtr> Parser::SimpleIdentifier() {
  MR_ASSIGN(Identifier::Part part, IdentifierSegment());
  auto identifier = std::make_shared<Identifier>();
  identifier->range = part.range;
  identifier->parts.push_back(std::move(part));
  return identifier;
}

Result<IdentifierPtr> Parser::CompoundTableIdentifier() {
  auto identifier = std::make_shared<Identifier>();
  MR_ASSIGN(Identifier::Part first, IdentifierSegment());
  identifier->parts.push_back(std::move(first));
  while (Is(TokenType::kDot) && IsIdentifier(1)) {
    Take();
    MR_ASSIGN(Identifier::Part part, IdentifierSegment());
    identifier->parts.push_back(std::move(part));
    if (identifier->parts.size() > kMaxIdentifierParts) {
      return ErrorAtLast(fmt::format("a name has more than {} parts", kMaxIdentifierParts));
    }
  }
  identifier->range = RangeFrom(identifier->parts.front().range);
  return identifier;
}

Result<IdentifierPtr> Parser::CompoundIdentifier() {
  MR_ASSIGN(IdentifierPtr identifier, CompoundTableIdentifier());
  if (!Is(TokenType::kDot) || !Is(TokenType::kStar, 1)) return identifier;
  Take();
  Take();
  auto with_star = std::make_shared<Identifier>();
  with_star->parts = identifier->parts;
  with_star->star = true;
  with_star->range = RangeFrom(identifier->range);
  return with_star;
}

Result<std::vector<IdentifierPtr>> Parser::IdentifierList() {
  std::vector<IdentifierPtr> list;
  do {
    MR_ASSIGN(IdentifierPtr identifier, SimpleIdentifier());
    list.push_back(std::move(identifier));
  } while (Accept(TokenType::kComma));
  return list;
}

Result<std::vector<IdentifierPtr>> Parser::ParenthesizedIdentifierList() {
  MR_RETURN_IF_ERROR(Expect(TokenType::kLeftParen));
  MR_ASSIGN(std::vector<IdentifierPtr> list, IdentifierList());
  MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
  return list;
}

Result<std::vector<IdentifierPtr>> Parser::IdentifierOrList() {
  if (Is(TokenType::kLeftParen)) return ParenthesizedIdentifierList();
  MR_ASSIGN(IdentifierPtr identifier, SimpleIdentifier());
  return std::vector<IdentifierPtr>{std::move(identifier)};
}

LiteralPtr Parser::Symbol(std::string text, SourceRange range) {
  auto literal = std::make_shared<Literal>();
  literal->type = Literal::Type::kSymbol;
  literal->text = std::move(text);
  literal->range = range;
  return literal;
}

Result<LiteralPtr> Parser::UnsignedNumericLiteral() {
  static constexpr TokenSet kNumbers = {TokenType::kInteger, TokenType::kDecimal, TokenType::kApproximate};
  if (!IsAny(kNumbers)) return Unexpected("a number");
  Token token = Take();
  auto literal = std::make_shared<Literal>();
  literal->type = token.type == TokenType::kApproximate ? Literal::Type::kApproximate : Literal::Type::kExact;
  literal->text = std::string(Text(token));
  literal->range = token.range;
  return literal;
}

Result<LiteralPtr> Parser::NumericLiteral() {
  SourceRange start = RangeHere();
  bool negative = Accept(TokenType::kMinus);
  if (!negative) Accept(TokenType::kPlus);
  MR_ASSIGN(LiteralPtr number, UnsignedNumericLiteral());
  if (!negative) return number;
  auto literal = std::make_shared<Literal>();
  literal->type = number->type;
  literal->text = number->text;
  literal->negative = true;
  literal->range = RangeFrom(start);
  return literal;
}

Result<ExprPtr> Parser::NumericLiteralOrParam() {
  if (!Is(TokenType::kQuestion)) {
    MR_ASSIGN(LiteralPtr number, UnsignedNumericLiteral());
    return number;
  }
  auto param = std::make_shared<DynamicParam>();
  param->range = Take().range;
  param->index = dynamic_params_++;
  return param;
}

Result<int32_t> Parser::UnsignedInt() {
  MR_ASSIGN(Token token, Expect(TokenType::kInteger));
  std::string_view text = Text(token);
  int32_t value = 0;
  auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size()) {
    return ErrorAt(token.range, fmt::format("{} is too large for a 32-bit integer", text));
  }
  return value;
}

Result<int32_t> Parser::SignedInt() {
  bool negative = Accept(TokenType::kMinus);
  if (!negative) Accept(TokenType::kPlus);
  MR_ASSIGN(int32_t value, UnsignedInt());
  return negative ? -value : value;
}

bool Parser::IsStringToken(size_t ahead) {
  static constexpr TokenSet kStrings = {TokenType::kString, TokenType::kPrefixedString, TokenType::kUnicodeString,
                                        TokenType::kBinaryString};
  return IsAny(kStrings, ahead);
}

Result<LiteralPtr> Parser::QuotedString() {
  MR_ASSIGN(Token token, Expect(TokenType::kString));
  auto literal = std::make_shared<Literal>();
  literal->type = Literal::Type::kString;
  literal->text = StripQuotes(Text(token), '\'');
  literal->range = token.range;
  return literal;
}

Result<LiteralPtr> Parser::BinaryStringLiteral() {
  auto literal = std::make_shared<Literal>();
  literal->type = Literal::Type::kBinary;
  Token token = Take();
  literal->range = token.range;
  for (;;) {
    std::string_view quoted = FromQuote(Text(token));
    std::string digits = Upper(quoted.substr(1, quoted.size() - 2));
    if (!IsHex(digits)) {
      return ErrorAt(token.range, "a binary string holds something else than hexadecimal digits",
                     "write pairs of 0-9 and A-F: X'0AFF'");
    }
    literal->text += digits;
    literal->fragments.push_back(std::move(digits));
    if (!Is(TokenType::kString)) break;
    token = Take();
  }
  if (literal->fragments.size() == 1) literal->fragments.clear();
  literal->range = RangeFrom(literal->range);
  return literal;
}

Result<LiteralPtr> Parser::StringLiteral() {
  if (Is(TokenType::kBinaryString)) return BinaryStringLiteral();
  if (!IsStringToken()) return Unexpected("a string in quotes");
  auto literal = std::make_shared<Literal>();
  literal->type = Literal::Type::kString;
  Token token = Take();
  bool unicode = token.type == TokenType::kUnicodeString;
  literal->range = token.range;
  if (unicode) literal->charset = "UTF16";
  if (token.type == TokenType::kPrefixedString) {
    std::string_view text = Text(token);
    std::string_view charset = text.substr(0, text.find('\''));
    literal->charset = charset.starts_with('_') ? Upper(charset.substr(1)) : "ISO-8859-1";
    if (!IsKnownCharset(literal->charset)) {
      return ErrorAt(token.range, fmt::format("unknown character set {}", charset.substr(1)));
    }
  }
  std::vector<SourceRange> ranges;
  std::vector<std::string> fragments;
  for (;;) {
    fragments.push_back(StripQuotes(FromQuote(Text(token)), '\''));
    ranges.push_back(token.range);
    if (!Is(TokenType::kString)) break;
    token = Take();
  }
  char32_t escape = kBackslash;
  if (Accept(Word::kUESCAPE)) {
    MR_ASSIGN(LiteralPtr text, QuotedString());
    if (!unicode) return ErrorAtLast("UESCAPE belongs to strings that begin with U&'");
    Result<char32_t> checked = CheckUnicodeEscape(text->text);
    if (!checked.ok()) return ErrorAtLast(checked.error().message);
    escape = *checked;
  }
  for (size_t i = 0; i < fragments.size(); ++i) {
    if (unicode) {
      Result<std::string> plain = UnescapeUnicode(fragments[i], escape);
      if (!plain.ok()) return ErrorAt(ranges[i], plain.error().message);
      fragments[i] = std::move(plain).value();
    }
    literal->text += fragments[i];
  }
  if (fragments.size() > 1) literal->fragments = std::move(fragments);
  literal->range.end_line = ranges.back().end_line;
  literal->range.end_column = ranges.back().end_column;
  return literal;
}

LiteralPtr Parser::SpecialLiteral() {
  Word word = Peek().word;
  auto literal = std::make_shared<Literal>();
  if (word == Word::kTRUE || word == Word::kFALSE) {
    literal->type = Literal::Type::kBoolean;
    literal->text = std::string(WordText(word));
  } else if (word == Word::kUNKNOWN) {
    literal->type = Literal::Type::kUnknown;
  } else if (word == Word::kNULL) {
    literal->type = Literal::Type::kNull;
  } else {
    return nullptr;
  }
  literal->range = Take().range;
  return literal;
}

Result<LiteralPtr> Parser::DateTimeLiteral() {
  Token start = Take();
  bool braces = start.type != TokenType::kWord;
  MR_ASSIGN(LiteralPtr text, QuotedString());
  SourceRange range = RangeFrom(start.range);
  if (braces) {
    MR_RETURN_IF_ERROR(Expect(TokenType::kRightBrace));
    // Calcite gives the first two forms the place of their closing brace.
    range = start.type == TokenType::kBraceTimestamp ? RangeFrom(start.range) : last_.range;
  }
  auto literal = std::make_shared<Literal>();
  literal->range = range;
  std::optional<DateTimeText> value;
  std::string_view form;
  if (start.word == Word::kDATE || start.type == TokenType::kBraceDate) {
    literal->type = Literal::Type::kDate;
    value = ParseDateText(text->text);
    form = "DATE 'yyyy-MM-dd'";
  } else if (start.word == Word::kTIME || start.type == TokenType::kBraceTime) {
    literal->type = Literal::Type::kTime;
    value = ParseTimeText(text->text);
    form = "TIME 'HH:mm:ss'";
  } else {
    literal->type = Literal::Type::kTimestamp;
    value = ParseTimestampText(text->text);
    form = "TIMESTAMP 'yyyy-MM-dd HH:mm:ss'";
  }
  if (!value) return ErrorAt(range, fmt::format("'{}' is not of the form {}", text->text, form));
  literal->text = std::move(value->text);
  literal->precision = value->precision;
  return literal;
}

Result<LiteralPtr> Parser::IntervalLiteral() {
  SourceRange start = RangeHere();
  MR_RETURN_IF_ERROR(Expect(Word::kINTERVAL));
  auto literal = std::make_shared<Literal>();
  literal->type = Literal::Type::kInterval;
  literal->negative = Accept(TokenType::kMinus);
  if (!literal->negative) Accept(TokenType::kPlus);
  MR_ASSIGN(LiteralPtr text, QuotedString());
  literal->text = text->text;
  MR_ASSIGN(literal->interval, ParseIntervalQualifier());
  literal->range = RangeFrom(start);
  if (literal->text.empty()) return ErrorAt(literal->range, "the interval is empty", "write a value: INTERVAL '1' DAY");
  return literal;
}

Result<ExprPtr> Parser::IntervalLiteralOrExpression() {
  size_t sign = Is(TokenType::kMinus, 1) || Is(TokenType::kPlus, 1) ? 1 : 0;
  if (Is(TokenType::kString, 1 + sign)) {
    MR_ASSIGN(LiteralPtr literal, IntervalLiteral());
    return literal;
  }
  SourceRange start = Take().range;
  bool negative = Accept(TokenType::kMinus);
  if (!negative) Accept(TokenType::kPlus);
  ExprPtr value;
  if (Accept(TokenType::kLeftParen)) {
    MR_ASSIGN(value, Expression(ExprContext::kSubQuery));
    MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
  } else if (IsIdentifier()) {
    MR_ASSIGN(value, CompoundIdentifier());
  } else if (Is(TokenType::kInteger) || Is(TokenType::kDecimal) || Is(TokenType::kApproximate)) {
    MR_ASSIGN(value, UnsignedNumericLiteral());
  } else {
    return Unexpected("a string in quotes, a number, an identifier or '('");
  }
  MR_ASSIGN(std::shared_ptr<const IntervalQualifier> qualifier, IntervalQualifierStart());
  SourceRange value_range = value->range;
  if (negative) value = MakeCall(Op::kUnaryMinus, {std::move(value)}, value_range);
  return MakeCall(Op::kInterval, {std::move(value), std::move(qualifier)}, RangeFrom(start));
}

bool Parser::StartsLiteral() {
  static constexpr TokenSet kTypes = {TokenType::kInteger,   TokenType::kDecimal,       TokenType::kApproximate,
                                      TokenType::kPlus,      TokenType::kMinus,         TokenType::kBraceDate,
                                      TokenType::kBraceTime, TokenType::kBraceTimestamp};
  static constexpr WordSet kWords = {Word::kTRUE, Word::kFALSE, Word::kUNKNOWN,   Word::kNULL,
                                     Word::kDATE, Word::kTIME,  Word::kTIMESTAMP, Word::kINTERVAL};
  return IsStringToken() || IsAny(kTypes) || IsAny(kWords);
}

Result<LiteralPtr> Parser::AnyLiteral() {
  if (IsStringToken()) return StringLiteral();
  if (LiteralPtr special = SpecialLiteral()) return special;
  static constexpr WordSet kDateTime = {Word::kDATE, Word::kTIME, Word::kTIMESTAMP};
  if (IsAny(kDateTime) || Is(TokenType::kBraceDate) || Is(TokenType::kBraceTime) || Is(TokenType::kBraceTimestamp))
    return DateTimeLiteral();
  if (Is(Word::kINTERVAL)) return IntervalLiteral();
  if (StartsLiteral()) return NumericLiteral();
  return Unexpected("a literal");
}

}  // namespace millrace::sql
