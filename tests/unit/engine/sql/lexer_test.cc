#include "engine/sql/lexer.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace millrace::sql {
namespace {

struct Seen {
  TokenType type;
  std::string text;
};

std::vector<Seen> Lex(std::string_view sql) {
  Lexer lexer(sql);
  std::vector<Seen> tokens;
  for (;;) {
    Token token = lexer.Next();
    if (token.type == TokenType::kEnd) return tokens;
    tokens.push_back({token.type, std::string(lexer.Text(token))});
    if (token.type == TokenType::kError) return tokens;
  }
}

std::vector<TokenType> Types(std::string_view sql) {
  std::vector<TokenType> types;
  for (const Seen& token : Lex(sql)) types.push_back(token.type);
  return types;
}

using T = TokenType;

TEST(Lexer, TellsKeyWordsFromIdentifiersInAnyCase) {
  EXPECT_EQ(Types("select SeLeCt selects `select`"),
            (std::vector<T>{T::kWord, T::kWord, T::kIdentifier, T::kQuotedIdentifier}));
  EXPECT_TRUE(IsReserved(FindWord("select")));
  EXPECT_FALSE(IsReserved(FindWord("plan")));
  EXPECT_EQ(FindWord("nonsense"), Word::kNone);
}

TEST(Lexer, KeepsStringsWithQuotesAndLinesInside) {
  std::vector<Seen> tokens = Lex("'it''s' 'two\nlines' x'0F' _utf8'a' N'b' u&'\\0041'");
  ASSERT_EQ(tokens.size(), 6u);
  EXPECT_EQ(tokens[0].text, "'it''s'");
  EXPECT_EQ(tokens[1].type, T::kString);
  EXPECT_EQ(tokens[2].type, T::kBinaryString);
  EXPECT_EQ(tokens[3].type, T::kPrefixedString);
  EXPECT_EQ(tokens[4].type, T::kPrefixedString);
  EXPECT_EQ(tokens[5].type, T::kUnicodeString);
  EXPECT_EQ(StripQuotes("'it''s'", '\''), "it's");
}

TEST(Lexer, DoubleQuotesQuoteNothing) {
  EXPECT_EQ(Types("\"x\""), (std::vector<T>{T::kDoubleQuote, T::kIdentifier, T::kDoubleQuote}));
}

TEST(Lexer, SkipsCommentsButNotHints) {
  EXPECT_EQ(Types("x -- b\n/* c; ' */ y // e"), (std::vector<T>{T::kIdentifier, T::kIdentifier}));
  EXPECT_EQ(Types("/**/x/***/"), (std::vector<T>{T::kIdentifier}));
  EXPECT_EQ(Types("/*+ a */"), (std::vector<T>{T::kHintBegin, T::kWord, T::kHintEnd}));
}

TEST(Lexer, ReadsNumbers) {
  EXPECT_EQ(Types("1 1. .5 1.5 1e3 1.5E-3 1e"),
            (std::vector<T>{T::kInteger, T::kDecimal, T::kDecimal, T::kDecimal, T::kApproximate, T::kApproximate,
                            T::kInteger, T::kIdentifier}));
}

TEST(Lexer, CountsColumnsInCharacters) {
  Lexer lexer("'é😀'\n  x");
  Token first = lexer.Next();
  EXPECT_EQ(first.range.end_column, 4);
  Token second = lexer.Next();
  EXPECT_EQ(second.range.line, 2);
  EXPECT_EQ(second.range.column, 3);
  // The end's place is the last character's.
  EXPECT_EQ(lexer.Next().range.column, 3);
}

TEST(Lexer, TakesLettersOfOtherScripts) { EXPECT_EQ(Types("größe 数量 _a $b"), (std::vector<T>(4, T::kIdentifier))); }

TEST(Lexer, SaysWhatIsWrong) {
  EXPECT_EQ(Types("a # b").back(), T::kError);
  EXPECT_EQ(Types("`open").back(), T::kError);
  EXPECT_EQ(Types("``").back(), T::kError);
  EXPECT_EQ(Types("/* open").back(), T::kError);
  EXPECT_EQ(Types("'open")[0], T::kQuote);
  EXPECT_EQ(Types("a 'open")[1], T::kQuote);
  EXPECT_EQ(Types("x'open")[0], T::kIdentifier);
}

TEST(Lexer, RefusesTextThatIsNoUtf8) {
  EXPECT_TRUE(Lexer::CheckText("größe").ok());
  Status nul = Lexer::CheckText(std::string_view("a\n\0b", 4));
  ASSERT_FALSE(nul.ok());
  EXPECT_EQ(nul.error().range.line, 2);
  for (std::string_view bad :
       {"\xff", "\xc3", "\xc3(", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xc0\x80", "\xe0\x80\x80"}) {
    EXPECT_FALSE(Lexer::CheckText(bad).ok());
  }
}

}  // namespace
}  // namespace millrace::sql
