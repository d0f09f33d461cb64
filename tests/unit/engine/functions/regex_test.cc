// Regular expressions: Java's syntax, Flink's forgiving functions, limits.
#include "call_builder.h"
#include "engine/functions/scalar/regex/java_regex.h"

namespace millrace::functions {
namespace {

bool Found(std::string_view pattern, std::string_view text) {
  Result<std::unique_ptr<JavaRegex>> regex = JavaRegex::Compile(pattern, JavaRegex::Mode::kFind);
  if (!regex.ok()) {
    ADD_FAILURE() << regex.error().ToString();
    return false;
  }
  Result<bool> found = (*regex)->Find(text, 0);
  return found.ok() && *found;
}

bool Malformed(std::string_view pattern) { return !JavaRegex::Compile(pattern, JavaRegex::Mode::kFind).ok(); }

TEST(JavaRegex, ClassesWithUnionsAndIntersections) {
  EXPECT_TRUE(Found("^[a-d[m-p]]+$", "amp"));
  EXPECT_FALSE(Found("^[a-d[m-p]]+$", "ax"));
  EXPECT_TRUE(Found("^[a-z&&[^bc]]+$", "adz"));
  EXPECT_FALSE(Found("^[a-z&&[^bc]]+$", "abz"));
  EXPECT_TRUE(Found("^[^a-c[x-z]]$", "m"));
  EXPECT_FALSE(Found("^[^a-c[x-z]]$", "y"));
  EXPECT_TRUE(Found("^[\\w&&\\D]+$", "abc_"));
  EXPECT_FALSE(Found("^[\\w&&\\D]+$", "abc1"));
  EXPECT_TRUE(Found("[\\]\\-x]", "-"));
}

TEST(JavaRegex, EscapesAndProperties) {
  EXPECT_TRUE(Found("^\\p{Alpha}+\\p{Punct}$", "abc!"));
  EXPECT_FALSE(Found("^\\p{Alpha}$", "é"));
  EXPECT_TRUE(Found("^\\p{IsAlphabetic}$", "é"));
  EXPECT_TRUE(Found("^\\p{IsLatin}\\p{L}\\P{Lu}$", "aéz"));
  EXPECT_TRUE(Found("\\u0041\\x42\\0103", "ABC"));
  EXPECT_TRUE(Found("^\\Qa.b\\E.$", "a.bc"));
  EXPECT_TRUE(Found("\\uD83D\\uDE00", "😀"));
  EXPECT_TRUE(Found("^.$", "😀"));
  EXPECT_TRUE(Found("(?<word>\\w+) \\k<word>", "hello hello"));
  EXPECT_TRUE(Found("(?i)(?u)HELLO", "hello"));
  EXPECT_TRUE(Found("a{2,3}+b", "aab"));
}

TEST(JavaRegex, RefusesWhatJavaRefuses) {
  EXPECT_TRUE(Malformed("("));
  EXPECT_TRUE(Malformed("[a"));
  EXPECT_TRUE(Malformed("*a"));
  EXPECT_TRUE(Malformed("a{x}"));
  EXPECT_TRUE(Malformed("\\y"));
  EXPECT_TRUE(Malformed("(*ACCEPT)"));
  EXPECT_TRUE(Malformed("(?R)"));
  EXPECT_TRUE(Malformed("\\"));
}

TEST(JavaRegex, StopsPatternsThatTakeTooLong) {
  Result<std::unique_ptr<JavaRegex>> regex = JavaRegex::Compile("^(a+)+$", JavaRegex::Mode::kFind);
  ASSERT_TRUE(regex.ok());
  Result<bool> found = (*regex)->Find(std::string(60, 'a') + "!", 0);
  ASSERT_FALSE(found.ok());
  EXPECT_EQ(found.error().code, "regex.limit");
}

TEST(Regexp, ForgivesMalformedPatterns) {
  EXPECT_EQ(Text("REGEXP", {Str("abc"), Str("(")}), "FALSE");
  EXPECT_EQ(Text("REGEXP", {Str("abc"), Str("")}), "FALSE");
  EXPECT_EQ(Text("REGEXP", {Str("abc"), Str("b.")}), "TRUE");
  EXPECT_EQ(Text("REGEXP_EXTRACT", {Str("abc"), Str("("), Int(0)}), "NULL");
  EXPECT_EQ(Text("REGEXP_REPLACE", {Str("abc"), Str("("), Str("x")}), "NULL");
}

TEST(Regexp, ExtractsAndReplaces) {
  EXPECT_EQ(Text("REGEXP_EXTRACT", {Str("foothebar"), Str("foo(.*?)(bar)"), Int(2)}), "bar");
  EXPECT_EQ(Text("REGEXP_EXTRACT", {Str("foothebar"), Str("foo(.*?)(bar)"), Int(3)}), "NULL");
  EXPECT_EQ(Text("REGEXP_EXTRACT", {Str("foothebar"), Str("(x)?bar"), Int(1)}), "NULL");
  EXPECT_EQ(Text("REGEXP_EXTRACT", {Str("a-12-b"), Str("\\d+")}), "12");
  EXPECT_EQ(Text("REGEXP_REPLACE", {Str("aXb"), Str("[A-Z]"), Str("$0$0")}), "a$0$0b");
  EXPECT_EQ(Text("REGEXP_REPLACE", {Str("abc"), Str("x*"), Str("-")}), "-a-b-c-");
  EXPECT_EQ(Text("REGEXP_REPLACE", {Str("axxb"), Str("x*"), Str("-")}), "-a--b-");
}

TEST(SimilarTo, SqlPatterns) {
  EXPECT_EQ(Text("SIMILAR TO", {Str("This is a test String."), Str("This (is)? a (test)+ Strin_*"), Str("&")}), "TRUE");
  EXPECT_EQ(Text("SIMILAR TO", {Str("*_This"), Str("&*&__*"), Str("&")}), "TRUE");
  EXPECT_EQ(Text("SIMILAR TO", {Str("abc"), Str("[[:alpha:]]+")}), "TRUE");
  EXPECT_EQ(Text("SIMILAR TO", {Str("abc"), Str("(b|c)%")}), "FALSE");
  EXPECT_EQ(Text("SIMILAR TO", {Str("abc"), Str("a]")}), "error: regex.pattern");
}

}  // namespace
}  // namespace millrace::functions
