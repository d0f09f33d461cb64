// String functions: code points and UTF-16 units, negative positions, NULLs, what Flink does at the edges.
#include "call_builder.h"

namespace millrace::functions {
namespace {

TEST(Strings, PositionsAreCodePoints) {
  EXPECT_EQ(Text("CHAR_LENGTH", {Str("a😀b")}), "3");
  EXPECT_EQ(Text("REVERSE", {Str("a😀b")}), "b😀a");
  EXPECT_EQ(Text("POSITION", {Str("b"), Str("a😀b")}), "3");
  EXPECT_EQ(Text("LOCATE", {Str("b"), Str("abab"), Int(3)}), "4");
  EXPECT_EQ(Text("INSTR", {Str("Corporate Floor"), Str("or"), Int(3), Int(2)}), "14");
  EXPECT_EQ(Text("INSTR", {Str("Corporate Floor"), Str("or"), Int(-3), Int(2)}), "2");
  EXPECT_EQ(Text("INSTR", {Str("Tech on the net"), Str("e"), Int(-3), Int(2)}), "2");
}

TEST(Strings, Substrings) {
  EXPECT_EQ(Text("SUBSTRING", {Str("abcdef"), Int(0)}), "abcdef");
  EXPECT_EQ(Text("SUBSTRING", {Str("abcdef"), Int(0), Int(2)}), "ab");
  EXPECT_EQ(Text("SUBSTRING", {Str("abcdef"), Int(-3), Int(2)}), "de");
  EXPECT_EQ(Text("SUBSTR", {Str("abcdef"), Int(-10), Int(3)}), "");
  EXPECT_EQ(Text("SUBSTRING", {Str("abcdef"), Int(2), Int(-1)}), "NULL");
  EXPECT_EQ(Text("SUBSTRING", {Str("a😀bcd"), Int(2), Int(2)}), "😀b");
  EXPECT_EQ(Text("LEFT", {Str("abc"), Int(-1)}), "");
  EXPECT_EQ(Text("RIGHT", {Str("abc"), Int(0)}), "");
  EXPECT_EQ(Text("RIGHT", {Str("é😀b"), Int(2)}), "😀b");
}

TEST(Strings, PaddingAndOverlayCountUtf16Units) {
  EXPECT_EQ(Text("OVERLAY", {Str("a😀b"), Str("X"), Int(2), Int(1)}), "aX?b");
  EXPECT_EQ(Text("LPAD", {Str("😀"), Int(3), Str("x")}), "x😀");
  EXPECT_EQ(Text("LPAD", {Str("hi"), Int(5), Str("ab")}), "abahi");
  EXPECT_EQ(Text("RPAD", {Str("hi"), Int(1), Str("ab")}), "h");
  EXPECT_EQ(Text("LPAD", {Str("hi"), Int(1), Str("")}), "NULL");
  EXPECT_EQ(Text("RPAD", {Str("hi"), Int(-1), Str("x")}), "NULL");
  EXPECT_EQ(Text("OVERLAY", {Str("123456789"), Str("abc"), Int(2), Int(100)}), "1abc");
  EXPECT_EQ(Text("OVERLAY", {Str("xxxxxtest"), Str("xxxx"), Int(6)}), "xxxxxxxxx");
}

TEST(Strings, TrimTakesCharactersNotWords) {
  EXPECT_EQ(Text("TRIM", {Str("BOTH"), Str("ab"), Str("abcab")}), "c");
  EXPECT_EQ(Text("TRIM", {Str("BOTH"), Str("开心"), Str("心情开开心心")}), "情");
  EXPECT_EQ(Text("TRIM", {Str("TRAILING"), Str("x"), Str("xxxxSTRINGxxxx")}), "xxxxSTRING");
  EXPECT_EQ(Text("RTRIM", {Str("a \t ")}), "a \t");
  EXPECT_EQ(Text("LTRIM", {Str("abcddcba"), Str("abc")}), "ddcba");
}

TEST(Strings, Concatenation) {
  EXPECT_EQ(Text("||", {Str("a rather long text, "), Str("and another")}), "a rather long text, and another");
  EXPECT_EQ(Text("CONCAT", {Str("xx"), Null(DataType::String())}), "NULL");
  EXPECT_EQ(Text("CONCAT_WS", {Str("~"), Null(DataType::String()), Str("AA"), Str(""), Str("CC")}), "AA~~CC");
  EXPECT_EQ(Text("CONCAT_WS", {Null(DataType::String()), Str("AA")}), "NULL");
  EXPECT_FALSE(TryCall("||", {Str("a"), Int(1)}).ok());
}

TEST(Strings, Splitting) {
  EXPECT_EQ(Text("SPLIT_INDEX", {Str("a,b"), Str(","), Int(1)}), "b");
  EXPECT_EQ(Text("SPLIT_INDEX", {Str("a,b"), Str(","), Int(5)}), "NULL");
  EXPECT_EQ(Text("SPLIT_INDEX", {Str("a,b"), Str(","), Int(-1)}), "NULL");
  EXPECT_EQ(Text("SPLIT_INDEX", {Str("AQIDBA=="), Int(73), Int(0)}), "AQ");
  EXPECT_EQ(Text("SPLIT_INDEX", {Str("a//b//"), Str("//"), Int(2)}), "");
  EXPECT_EQ(Text("SPLIT", {Str("abc"), Str("")}), "[a, b, c]");
  EXPECT_EQ(Text("SPLIT", {Str(""), Str(",")}), "[]");
  EXPECT_EQ(Text("SPLIT", {Str("a,,b,"), Str(",")}), "[a, , b, ]");
  EXPECT_EQ(Text("STR_TO_MAP", {Str("k1$$v1|k2$$ v2"), Str("\\|"), Str("\\$\\$")}), "{k1=v1, k2= v2}");
  EXPECT_EQ(Text("STR_TO_MAP", {Str("test1=1,test2=2,test3")}), "{test1=1, test2=2, test3=NULL}");
  EXPECT_EQ(Text("STR_TO_MAP", {Str("")}), "{}");
}

TEST(Strings, LettersAndCodes) {
  EXPECT_EQ(Text("UPPER", {Str("straße")}), "STRASSE");
  EXPECT_EQ(Text("INITCAP", {Str("hello wORLD-foo")}), "Hello World-Foo");
  EXPECT_EQ(Text("ASCII", {Str("é")}), "-61");
  EXPECT_EQ(Text("ASCII", {Str("")}), "0");
  EXPECT_EQ(Text("CHR", {Int(321)}), "A");
  EXPECT_EQ(Text("CHR", {Int(-1)}), "");
  EXPECT_EQ(Text("BIN", {Int(-1)}), std::string(64, '1'));
  EXPECT_EQ(Text("HEX", {Int(100)}), "64");
  EXPECT_EQ(Text("HEX", {Str("hello,world")}), "68656C6C6F2C776F726C64");
  EXPECT_EQ(Text("REPEAT", {Str("ab"), Int(-1)}), "");
  EXPECT_EQ(Text("REPEAT", {Str("a long text"), Int(2000000000)}), "error: function.too_long");
  EXPECT_EQ(Text("REPLACE", {Str("abc"), Str(""), Str("-")}), "-a-b-c-");
  EXPECT_EQ(Text("REPLACE", {Str("ababab"), Str("abab"), Str("z")}), "zab");
}

TEST(Strings, EncodingsAndDigests) {
  EXPECT_EQ(Text("TO_BASE64", {Str("你好")}), "5L2g5aW9");
  EXPECT_EQ(Text("FROM_BASE64", {Str("aGVsbG8gd29ybGQ=")}), "hello world");
  EXPECT_EQ(Text("FROM_BASE64", {Str("aGVsbG8gd29ybGQ")}), "hello world");
  EXPECT_EQ(Text("FROM_BASE64", {Str("a!b=")}), "error: function.base64");
  EXPECT_EQ(Text("MD5", {Str("test")}), "098f6bcd4621d373cade4e832627b4f6");
  EXPECT_EQ(Text("SHA2", {Str("test"), Int(224)}), Text("SHA224", {Str("test")}));
  EXPECT_FALSE(TryCall("SHA2", {Str("test"), Int(100)}).ok());
  EXPECT_EQ(Text("DECODE", {Call("ENCODE", {Str("中国😀"), Str("UTF-16")}), Str("UTF-16")}), "中国😀");
  EXPECT_EQ(Text("HEX", {Call("DECODE", {Call("ENCODE", {Str("é中"), Str("ISO-8859-1")}), Str("iso-8859-1")})}),
            "C3A93F");
  EXPECT_EQ(Text("ENCODE", {Str("a"), Str("no such set")}), "error: function.charset");
}

TEST(Strings, Urls) {
  std::string url = "https://use%20r:pas%20s@example.com:8080/dir/../pa%20th.HTML?query=x%20y&q2=2#Ref%20two";
  EXPECT_EQ(Text("PARSE_URL", {Str(url), Str("HOST")}), "example.com");
  EXPECT_EQ(Text("PARSE_URL", {Str(url), Str("PATH")}), "/pa%20th.HTML");
  EXPECT_EQ(Text("PARSE_URL", {Str(url), Str("FILE")}), "/pa%20th.HTML?query=x%20y&q2=2");
  EXPECT_EQ(Text("PARSE_URL", {Str(url), Str("AUTHORITY")}), "use%20r:pas%20s@example.com:8080");
  EXPECT_EQ(Text("PARSE_URL", {Str(url), Str("QUERY"), Str("q2")}), "2");
  EXPECT_EQ(Text("PARSE_URL", {Str("http://user:pass@host"), Str("REF")}), "NULL");
  EXPECT_EQ(Text("PARSE_URL", {Str("no url"), Str("HOST")}), "NULL");
  EXPECT_EQ(Text("PARSE_URL", {Str("gopher://x"), Str("HOST")}), "NULL");
}

TEST(Strings, TestsOfTexts) {
  EXPECT_EQ(Text("IS_ALPHA", {Str("é")}), "TRUE");
  EXPECT_EQ(Text("IS_DIGIT", {Str("१")}), "TRUE");
  EXPECT_EQ(Text("IS_DECIMAL", {Null(DataType::String())}), "FALSE");
  EXPECT_EQ(Text("IS_DECIMAL", {Str("1e3")}), "TRUE");
  EXPECT_EQ(Text("IS_DECIMAL", {Str("3he")}), "FALSE");
  EXPECT_EQ(Text("IS_DIGIT", {Dbl(1)}), "FALSE");
}

TEST(Strings, Like) {
  EXPECT_EQ(Text("LIKE", {Str("abcxxxdef"), Str("%abc%qef%")}), "FALSE");
  EXPECT_EQ(Text("LIKE", {Str("abcxxxdef"), Str("%c_x%")}), "TRUE");
  EXPECT_EQ(Text("LIKE", {Str("这是个测试字符串"), Str("%测试%")}), "TRUE");
  EXPECT_EQ(Text("LIKE", {Str("测x"), Str("__")}), "TRUE");
  EXPECT_EQ(Text("LIKE", {Str("a\nb"), Str("a_b")}), "FALSE");
  EXPECT_EQ(Text("LIKE", {Str("a\nb"), Str("a%b")}), "TRUE");
  EXPECT_EQ(Text("LIKE", {Str("%EST"), Str(".%EST"), Str(".")}), "TRUE");
  EXPECT_EQ(Text("LIKE", {Str("aab"), Str("%_b")}), "TRUE");
  EXPECT_EQ(Text("LIKE", {Str("ab"), Str("ab_%")}), "FALSE");
  EXPECT_EQ(Text("LIKE", {Str("a"), Str("a%a")}), "FALSE");
  EXPECT_EQ(Text("LIKE", {Str("x"), Str("&x"), Str("&")}), "error: function.value");
}

}  // namespace
}  // namespace millrace::functions
