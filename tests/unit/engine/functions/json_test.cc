// JSON functions: Flink's answers, Jayway's paths, and texts that are no JSON.
#include <gtest/gtest.h>

#include "engine/functions/aggregate_function.h"
#include "engine/functions/scalar/json/json_document.h"
#include "engine/functions/scalar/json/json_path.h"
#include "function_call.h"

namespace millrace::functions {
namespace {

using namespace testing;  // NOLINT: tests only

std::string JsonValue(const std::string& json, const std::string& path, DataType type = DataType::String(),
                      const std::string& on_empty = "NULL", const std::string& on_error = "NULL") {
  Arg null{type, Value::Null(), true};
  Arg fallback = type.Is(TypeKind::kInt) ? Int(42) : Arg{type, Value::Null()};
  if (type.IsString()) fallback = Text("fallback");
  return Eval("JSON_VALUE", {Text(json), Text(path), null, Symbol(on_empty), fallback, Symbol(on_error), fallback});
}

std::string JsonQuery(const std::string& json, const std::string& path, const std::string& wrapper = "WITHOUT",
                      const std::string& on_empty = "NULL", const std::string& on_error = "NULL",
                      DataType type = DataType::String()) {
  Arg null{type, Value::Null(), true};
  return Eval("JSON_QUERY", {Text(json), Text(path), null, Symbol(wrapper), Symbol(on_empty), Symbol(on_error)});
}

std::string Exists(const std::string& json, const std::string& path, const std::string& on_error = "FALSE") {
  return Eval("JSON_EXISTS", {Text(json), Text(path), Symbol(on_error)});
}

// What a path finds, as JSON texts side by side.
std::string Find(const std::string& json, const std::string& path) {
  JsonDocument document;
  if (!document.Parse(json)) return "no JSON";
  Result<JsonPath> compiled = JsonPath::Compile(path);
  if (!compiled.ok()) return "bad path";
  JsonFound found = compiled->Evaluate(document, 0, false);
  if (found.failed) return "failed";
  std::string text;
  for (const JsonHit& hit : found.hits) {
    if (!text.empty()) text += " ";
    if (hit.number) {
      text += std::to_string(*hit.number);
    } else {
      document.AppendJson(hit.node, &text);
    }
  }
  return text;
}

TEST(JsonDocument, TakesWhatJacksonTakes) {
  JsonDocument document;
  for (std::string_view text : {"1", " -0 ", "1.5e3", "\"a\\u00e9\\ud83d\\ude00\"", "[]", "{\"a\":1} trailing", "null",
                                "[1,[2,[3]]]", "123456789012345678901234567890"}) {
    EXPECT_TRUE(document.Parse(text)) << text;
  }
  for (std::string_view text :
       {"",        "  ",     "a",   "01",    "1.",         "-",   "[1", "[1,]", "{\"a\"}", "{a:1}",    "\"a",
        "\"\\x\"", "\"\n\"", "tru", "truex", "{\"a\":1,}", "'a'", "+1", ".5",   "[1 2]",   "\"\\u12\""}) {
    EXPECT_FALSE(document.Parse(text)) << text;
  }
}

TEST(JsonDocument, NestingIsBounded) {
  JsonDocument document;
  EXPECT_TRUE(document.Parse(std::string(900, '[') + std::string(900, ']')));
  EXPECT_FALSE(document.Parse(std::string(100000, '[')));
  std::string objects;
  for (int i = 0; i < 100000; ++i) objects += "{\"a\":";
  EXPECT_FALSE(document.Parse(objects));
}

TEST(JsonDocument, PrintsCompactly) {
  JsonDocument document;
  ASSERT_TRUE(document.Parse(
      R"( {"a" : [1, {"x": 2.50}, 1e3, null, true], "b\n":"\"\\\u0001/é", "a2":12345678901234567890} )"));
  std::string text;
  document.AppendJson(0, &text);
  EXPECT_EQ(text, R"({"a":[1,{"x":2.5},1000.0,null,true],"b\n":"\"\\\u0001/é","a2":12345678901234567890})");
}

TEST(JsonDocument, OfEqualKeysTheLastValueCountsAtTheFirstPlace) {
  JsonDocument document;
  ASSERT_TRUE(document.Parse(R"({"a":1,"b":2,"a":{"c":3}})"));
  std::string text;
  document.AppendJson(0, &text);
  EXPECT_EQ(text, R"({"a":{"c":3},"b":2})");
  std::string many = "{";
  for (int i = 0; i < 50; ++i) many += "\"k" + std::to_string(i % 40) + "\":" + std::to_string(i) + ",";
  many += "\"end\":0}";
  ASSERT_TRUE(document.Parse(many));
  EXPECT_EQ(document.node(document.Member(0, "k5")).integer, 45);
  EXPECT_EQ(document.node(document.Member(0, "k20")).integer, 20);
}

constexpr std::string_view kStore = R"({"store":{"book":[
  {"category":"reference","author":"Rees","title":"Sayings","price":8.95},
  {"category":"fiction","author":"Waugh","title":"Sword","price":12.99},
  {"category":"fiction","author":"Melville","title":"Moby","isbn":"0-553","price":8.99}],
  "bicycle":{"color":"red","price":19.95}},"expensive":10})";

TEST(JsonPath, StepsOfAllKinds) {
  std::string store(kStore);
  EXPECT_EQ(Find(store, "$.store.book[0].title"), "\"Sayings\"");
  EXPECT_EQ(Find(store, "$['store']['bicycle'][\"color\"]"), "\"red\"");
  EXPECT_EQ(Find(store, "$.store.book[*].author"), R"("Rees" "Waugh" "Melville")");
  EXPECT_EQ(Find(store, "$..author"), R"("Rees" "Waugh" "Melville")");
  EXPECT_EQ(Find(store, "$.store..price"), "8.95 12.99 8.99 19.95");
  EXPECT_EQ(Find(store, "$.store.book[-1].title"), "\"Moby\"");
  EXPECT_EQ(Find(store, "$.store.book[0,1].title"), R"("Sayings" "Sword")");
  EXPECT_EQ(Find(store, "$.store.book[:2].title"), R"("Sayings" "Sword")");
  EXPECT_EQ(Find(store, "$.store.book[1:].title"), R"("Sword" "Moby")");
  EXPECT_EQ(Find(store, "$.store.book[-2:].title"), R"("Sword" "Moby")");
  EXPECT_EQ(Find(store, "$.store.book.length()"), "3.000000");
  EXPECT_EQ(Find(store, "store.bicycle.color"), "\"red\"");
  EXPECT_EQ(Find(store, "$.store.nothing"), "failed");
  EXPECT_EQ(Find(store, "$.store.book[7]"), "failed");
  EXPECT_EQ(Find(store, "$.store.book[*].isbn"), "\"0-553\"");
  EXPECT_EQ(Find(R"([1,2,3])", "$.max()"), "3.000000");
}

TEST(JsonPath, Filters) {
  std::string store(kStore);
  EXPECT_EQ(Find(store, "$.store.book[?(@.price < 10)].title"), R"("Sayings" "Moby")");
  EXPECT_EQ(Find(store, "$..book[?(@.isbn)].title"), R"("Moby")");
  EXPECT_EQ(Find(store, "$..book[?(!@.isbn)].title"), R"("Sayings" "Sword")");
  EXPECT_EQ(Find(store, "$.store.book[?(@.price > $.expensive)].title"), R"("Sword")");
  EXPECT_EQ(Find(store, "$.store.book[?(@.category == 'fiction' && @.price < 10 || @.author=='Rees')].title"),
            R"("Sayings" "Moby")");
  EXPECT_EQ(Find(store, "$.store.book[?(!(@.category == 'fiction'))].title"), R"("Sayings")");
  EXPECT_EQ(Find(store, "$.store.book[?(@.author in ['Rees','Melville'])].title"), R"("Sayings" "Moby")");
  EXPECT_EQ(Find(store, "$.store.book[?(@.author =~ /.*el.*/i)].title"), R"("Moby")");
  EXPECT_EQ(Find(store, "$.store.book[?(@.title contains 'or')].title"), R"("Sword")");
  EXPECT_EQ(Find(R"([{"a":1},{"a":"1"},{"a":null},{}])", "$[?(@.a == 1)]"), R"({"a":1} {"a":"1"})");
  EXPECT_EQ(Find(R"([{"a":1},{"a":"1"},{"a":null},{}])", "$[?(@.a === 1)]"), R"({"a":1})");
  EXPECT_EQ(Find(R"([{"a":1},{"a":null},{}])", "$[?(@.a == null)]"), R"({"a":null})");
  EXPECT_EQ(Find(R"([{"a":[]},{"a":[1]}])", "$[?(@.a empty true)]"), R"({"a":[]})");
  EXPECT_EQ(Find(R"([{"a":[1,2]},{"a":[1]}])", "$[?(@.a size 2)]"), R"({"a":[1,2]})");
}

TEST(JsonPath, MalformedPathsAreRefused) {
  for (std::string_view path : {"", "$.", "$..", "$[", "$['a", "$[a]", "$[1:x]", "$[?(", "$[?(@.a ==)]", "$x", "$.a b",
                                "$.foo()", "$[?(@.a == 1]", "$.a[]", "$[?()]"}) {
    EXPECT_FALSE(JsonPath::Compile(path).ok()) << path;
  }
  std::string deep = "$[?(" + std::string(10000, '(') + "@.a" + std::string(10000, ')') + ")]";
  EXPECT_FALSE(JsonPath::Compile(deep).ok());
}

TEST(JsonFunctions, Exists) {
  EXPECT_EQ(Exists(R"({"a":1})", "$.a"), "TRUE");
  EXPECT_EQ(Exists(R"({"a":null})", "$.a"), "FALSE");
  EXPECT_EQ(Exists(R"({"a":1})", "lax $.b"), "FALSE");
  EXPECT_EQ(Exists(R"({"a":1})", "strict $.b", "UNKNOWN"), "NULL");
  EXPECT_EQ(Exists(R"({"a":1})", "strict $.b", "TRUE"), "TRUE");
  EXPECT_EQ(Exists(R"({"a":1})", "strict $.invalid", "ERROR"), "error: No results for path: $['invalid']");
  EXPECT_EQ(Eval("JSON_EXISTS", {Null(DataType::String()), Text("$"), Symbol("FALSE")}), "NULL");
}

TEST(JsonFunctions, ValueKeepsNumbersAsJavaReadsThem) {
  EXPECT_EQ(JsonValue(R"({"a":1.50})", "$.a"), "1.5");
  EXPECT_EQ(JsonValue(R"({"a":1e3})", "$.a"), "1000.0");
  EXPECT_EQ(JsonValue(R"({"a":123456789012345678901234567890})", "$.a"), "123456789012345678901234567890");
  EXPECT_EQ(JsonValue(R"({"a":[1]})", "$.a"), "NULL");
  EXPECT_EQ(JsonValue(R"({"a":true})", "$.a", DataType::Boolean()), "TRUE");
  EXPECT_EQ(JsonValue(R"({"a":13.37})", "$.a", DataType::Double()), "13.37");
  EXPECT_EQ(JsonValue(R"({"a":7})", "$.a", DataType::Int()), "7");
  EXPECT_EQ(JsonValue(R"({"a":7})", "lax $.b", DataType::Int(), "DEFAULT", "ERROR"), "42");
  EXPECT_EQ(JsonValue(R"({"a":7})", "strict $.b", DataType::String(), "NULL", "DEFAULT"), "fallback");
  EXPECT_EQ(JsonValue("no json", "lax $.a", DataType::String(), "DEFAULT"), "fallback");
  // A value of another type is an error whatever ON ERROR says.
  EXPECT_NE(JsonValue(R"({"a":"7"})", "$.a", DataType::Int()).find("error"), std::string::npos);
  EXPECT_NE(JsonValue(R"({"a":3000000000})", "$.a", DataType::Int()).find("error"), std::string::npos);
  EXPECT_NE(JsonValue(R"({"a":7})", "$.a", DataType::Bigint()).find("Unsupported type"), std::string::npos);
}

TEST(JsonFunctions, Query) {
  EXPECT_EQ(JsonQuery(R"({"a":1})", "$.a"), "NULL");
  EXPECT_EQ(JsonQuery(R"({"a":1})", "$.a", "UNCONDITIONAL"), "[1]");
  EXPECT_EQ(JsonQuery(R"({"a":[1, {"x": 2.50}]})", "$.a"), R"([1,{"x":2.5}])");
  EXPECT_EQ(JsonQuery(R"({"a":[1,2]})", "$.a[*]", "UNCONDITIONAL"), "[[1,2]]");
  EXPECT_EQ(JsonQuery(R"({"a":[1,2]})", "$.b", "WITHOUT", "EMPTY ARRAY"), "NULL");
  EXPECT_EQ(JsonQuery(R"({"a":[1,2]})", "lax $.b", "WITHOUT", "EMPTY OBJECT"), "{}");
  EXPECT_EQ(JsonQuery(R"({"a":"[1,2]"})", "$.a", "CONDITIONAL"), R"(["[1,2]"])");
  EXPECT_EQ(JsonQuery(R"({"a":"[1,2]"})", "$.a", "CONDITIONAL", "NULL", "NULL", DataType::Array(DataType::String())),
            "[[1,2]]");
  EXPECT_EQ(JsonQuery(R"({"b":[1,2]})", "$.b", "WITHOUT", "NULL", "NULL", DataType::Array(DataType::String())),
            "[1, 2]");
  EXPECT_NE(JsonQuery("{}", "$", "WITHOUT", "NULL", "NULL", DataType::Array(DataType::Int()))
                .find("Unsupported array element"),
            std::string::npos);
  EXPECT_EQ(JsonQuery(R"({"a":1,"b":2,"c":3})", "$['a','c']"), R"({"a":1,"c":3})");
}

TEST(JsonFunctions, IsJson) {
  auto is = [](const std::string& text, const std::string& kind) {
    return Eval("IS JSON", {Text(text), Symbol(kind)});
  };
  EXPECT_EQ(is(R"({"a":1} x)", "VALUE"), "TRUE");
  EXPECT_EQ(is("a", "VALUE"), "FALSE");
  EXPECT_EQ(is("{}", "SCALAR"), "FALSE");
  EXPECT_EQ(is("{}", "OBJECT"), "TRUE");
  EXPECT_EQ(is("[]", "ARRAY"), "TRUE");
  EXPECT_EQ(Eval("IS JSON", {Null(DataType::String()), Symbol("VALUE")}), "FALSE");
}

TEST(JsonFunctions, Construction) {
  Arg money = Of(DataType::Decimal(10, 2), "1.50");
  EXPECT_EQ(Eval("JSON_OBJECT", {Symbol("NULL"), Symbol("z"), Int(1), Symbol("a"), money}), R"({"a":1.5,"z":1})");
  EXPECT_EQ(Eval("JSON_OBJECT", {Symbol("ABSENT"), Symbol("z"), Null(DataType::Int())}), "{}");
  EXPECT_EQ(Eval("JSON_ARRAY", {Symbol("NULL"), Null(DataType::Int()), Text("q\"")}), R"([null,"q\""])");
  EXPECT_EQ(Eval("JSON_STRING", {Of(DataType::Decimal(10, 2), "100.00")}), "1E+2");
  EXPECT_EQ(Eval("JSON_STRING", {Stamp("1990-06-02 13:37:42.001")}), "\"1990-06-02T13:37:42.001\"");
  EXPECT_EQ(Eval("JSON_STRING", {{DataType::Bytes(), Value::String("Test")}}), "\"VGVzdA==\"");
  DataType row = DataType::Row({{"b", DataType::Int(), ""}, {"a", DataType::Array(DataType::String()), ""}});
  EXPECT_EQ(Eval("JSON_STRING", {Nested(row, {Value::Int(1), Value::Nested({Value::String("x"), Value::Null()})})}),
            R"({"a":["x",null],"b":1})");
  EXPECT_NE(Eval("JSON_STRING", {Date("2020-01-01")}).find("cannot be converted into JSON"), std::string::npos);
  EXPECT_EQ(Eval("JSON_STRING", {Null(DataType::Int())}), "NULL");
}

}  // namespace
}  // namespace millrace::functions
