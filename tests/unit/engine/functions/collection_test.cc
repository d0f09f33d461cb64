// Functions on arrays, maps and rows: Flink's answers, and access without copies.
#include <gtest/gtest.h>

#include "engine/functions/table_function.h"
#include "function_call.h"

namespace millrace::functions {
namespace {

using namespace testing;  // NOLINT: tests only

Value I(int64_t v) { return Value::Int(v); }
Value S(std::string v) { return Value::String(std::move(v)); }
Value N() { return Value::Null(); }
Arg Ints(Value::List items) { return Nested(DataType::Array(DataType::Int()), std::move(items)); }
Arg Strings(Value::List items) { return Nested(DataType::Array(DataType::String()), std::move(items)); }
Arg Map(Value::List items) { return Nested(DataType::Map(DataType::String(), DataType::Int()), std::move(items)); }
Arg IntLiteral(int64_t v) { return {DataType::Int().NotNull(), I(v), true}; }
Arg NullLiteral() { return {DataType::Null(), N(), true}; }

TEST(Collection, Access) {
  EXPECT_EQ(Eval("ITEM", {Ints({I(1), N(), I(3)}), Int(3)}), "3");
  EXPECT_EQ(Eval("ITEM", {Ints({I(1)}), Int(2)}), "NULL");
  EXPECT_EQ(Eval("ITEM", {Ints({}), Int(1)}), "NULL");
  EXPECT_EQ(Eval("ITEM", {Null(DataType::Array(DataType::Int())), Int(1)}), "NULL");
  EXPECT_EQ(Eval("ITEM", {Ints({I(1)}), IntLiteral(0)}),
            "error: Array element access needs an index starting at 1 but was 0.");
  EXPECT_EQ(Eval("ITEM", {Map({S("a"), I(12), S("b"), I(13)}), Text("b")}), "13");
  EXPECT_EQ(Eval("ITEM", {Map({S("a"), I(12)}), Text("z")}), "NULL");
  DataType by_int = DataType::Map(DataType::Int(), DataType::String());
  EXPECT_EQ(Eval("ITEM", {Nested(by_int, {I(1), S("x"), I(2), S("a text of more than twelve bytes")}), Int(2)}),
            "a text of more than twelve bytes");
  EXPECT_EQ(Eval("CARDINALITY", {Ints({I(1), N()})}), "2");
  EXPECT_EQ(Eval("CARDINALITY", {Map({S("a"), I(1)})}), "1");
  EXPECT_EQ(Eval("CARDINALITY", {Nested(DataType::Multiset(DataType::String()), {S("a"), I(2), S("b"), I(1)})}), "3");
  EXPECT_EQ(Eval("ELEMENT", {Ints({I(7)})}), "7");
  EXPECT_EQ(Eval("ELEMENT", {Ints({})}), "NULL");
  EXPECT_EQ(Eval("ELEMENT", {Ints({I(7), I(8)})}), "error: Array has more than one element.");
}

TEST(Collection, Constructors) {
  EXPECT_EQ(Eval("ARRAY", {Int(1), Of(DataType::Decimal(2, 1), "2.5")}), "[1.0, 2.5]");
  EXPECT_EQ(Eval("MAP", {Text("a"), Int(1), Text("b"), Int(2)}), "{a=1, b=2}");
  EXPECT_EQ(Eval("ROW", {Int(1), Text("x"), Ints({I(2)})}), "(1, x, [2])");
  EXPECT_EQ(TypeOf("ROW", {Int(1), Text("x")}), "ROW<`EXPR$0` INT, `EXPR$1` STRING> NOT NULL");
  EXPECT_EQ(TypeOf("ARRAY", {Int(1)}), "ARRAY<INT> NOT NULL");
  EXPECT_NE(Eval("ROW", {NullLiteral()}).find("Illegal use of 'NULL'"), std::string::npos);
  EXPECT_NE(Eval("ARRAY", {Int(1), {DataType::Boolean(), Value::Bool(true)}}).find("error"), std::string::npos);
}

TEST(Collection, FieldsOfRows) {
  DataType inner = DataType::Row({{"x", DataType::Int(), {}}, {"y", DataType::String(), {}}});
  DataType outer = DataType::Row({{"a", DataType::Bigint().NotNull(), {}}, {"b", inner, {}}});
  Arg row = Nested(outer, {I(5), Value::Nested({I(1), S("text that is longer than inline")})});
  EXPECT_EQ(Eval("FIELD", {row, IntLiteral(0)}), "5");
  EXPECT_EQ(TypeOf("FIELD", {row, IntLiteral(0)}), "BIGINT");  // nullable, as the row is
  EXPECT_EQ(Eval("FIELD", {row, IntLiteral(1)}), "(1, text that is longer than inline)");
  EXPECT_EQ(Eval("FIELD", {Null(outer), IntLiteral(0)}), "NULL");
}

TEST(Collection, FieldIsTheChildColumnWhateverTheEncoding) {
  DataType type = DataType::Row({{"a", DataType::Int(), {}}});
  std::vector<Value> values = {Value::Nested({I(1)}), N(), Value::Nested({N()}), Value::Nested({I(4)})};
  ColumnPtr flat = MakeFromValues(type, values);
  std::vector<int32_t> picked = {3, 1, 0, 2, 3};
  EvalContext context;
  Result<ExprPtr> field = Bind("FIELD", {{type, N()}, IntLiteral(0)}, false);
  ASSERT_TRUE(field.ok());
  auto run = [&](const ColumnPtr& column) {
    Evaluator evaluator({*field}, &context);
    Chunk chunk;
    chunk.columns = {column};
    chunk.size = column->size();
    Result<ColumnPtr> result = evaluator.Evaluate(0, chunk, chunk.rows());
    std::vector<Value> got;
    for (int32_t i = 0; i < (*result)->size(); ++i) got.push_back((*result)->GetValue(i));
    return got;
  };
  EXPECT_EQ(run(flat), (std::vector<Value>{I(1), N(), N(), I(4)}));
  EXPECT_EQ(run(Gather(flat, picked, MemoryPool::Process())), (std::vector<Value>{I(4), N(), I(1), N(), I(4)}));
  EXPECT_EQ(run(MakeConstant(type, values[3], 2)), (std::vector<Value>{I(4), I(4)}));
  EXPECT_EQ(run(MakeConstant(type, N(), 2)), (std::vector<Value>{N(), N()}));
}

TEST(Collection, Search) {
  EXPECT_EQ(Eval("ARRAY_CONTAINS", {Ints({I(1), N(), I(3)}), Int(3)}), "TRUE");
  EXPECT_EQ(Eval("ARRAY_CONTAINS", {Ints({I(1), N()}), Null(DataType::Int())}), "TRUE");
  EXPECT_EQ(Eval("ARRAY_CONTAINS", {Null(DataType::Array(DataType::Int())), Int(3)}), "NULL");
  EXPECT_EQ(Eval("ARRAY_POSITION", {Ints({N(), I(2), I(2)}), Int(2)}), "2");
  EXPECT_EQ(Eval("ARRAY_POSITION", {Ints({I(1)}), Int(2)}), "0");
  EXPECT_EQ(Eval("ARRAY_REMOVE", {Ints({N(), N(), I(1)}), NullLiteral()}), "[1]");
  EXPECT_EQ(Eval("ARRAY_REMOVE", {Ints({I(1), I(2), I(2)}), Int(2)}), "[1]");
  EXPECT_EQ(Eval("ARRAY_POSITION", {Ints({I(1)}), {DataType::Boolean(), Value::Bool(true)}}),
            "error: Invalid input arguments. Expected signatures are:\nARRAY_POSITION(haystack <ARRAY>, needle <ARRAY "
            "ELEMENT>)");
  Arg chars = Nested(DataType::Array(DataType::Char(1).NotNull()), {S("a")});
  EXPECT_NE(Eval("ARRAY_CONTAINS", {chars, Text("a")}).find("Invalid input"), std::string::npos);
}

TEST(Collection, Sets) {
  EXPECT_EQ(Eval("ARRAY_DISTINCT", {Ints({I(1), N(), I(1), N(), I(2)})}), "[1, NULL, 2]");
  EXPECT_EQ(Eval("ARRAY_UNION", {Ints({I(1), I(2), N()}), Ints({I(1), N(), I(4)})}), "[1, 2, NULL, 4]");
  EXPECT_EQ(Eval("ARRAY_EXCEPT", {Ints({I(1), I(2), I(2), N()}), Ints({I(1)})}), "[2, NULL]");
  EXPECT_EQ(Eval("ARRAY_INTERSECT", {Ints({I(1), I(2), I(2), N()}), Ints({I(2), N()})}), "[2, NULL]");
}

TEST(Collection, Edits) {
  EXPECT_EQ(Eval("ARRAY_APPEND", {Ints({I(1)}), NullLiteral()}), "[1, NULL]");
  EXPECT_EQ(Eval("ARRAY_PREPEND", {Strings({S("b")}), Text("a")}), "[a, b]");
  EXPECT_EQ(Eval("ARRAY_CONCAT", {Ints({I(1), N()}), Ints({}), Ints({I(2)})}), "[1, NULL, 2]");
  EXPECT_EQ(Eval("ARRAY_CONCAT", {Ints({I(1)}), Null(DataType::Array(DataType::Int()))}), "NULL");
  EXPECT_EQ(Eval("ARRAY_REVERSE", {Ints({I(1), I(2), N()})}), "[NULL, 2, 1]");
  Arg five = Ints({I(1), I(2), I(3), I(4), I(5)});
  EXPECT_EQ(Eval("ARRAY_SLICE", {five, Int(-3)}), "[3, 4, 5]");
  EXPECT_EQ(Eval("ARRAY_SLICE", {five, Int(9)}), "[]");
  EXPECT_EQ(Eval("ARRAY_SLICE", {five, Int(-6), Int(-5)}), "[1]");
  EXPECT_EQ(Eval("ARRAY_SLICE", {five, Int(1), Int(0)}), "[1]");
  EXPECT_EQ(Eval("ARRAY_SLICE", {five, Int(-123), Int(123)}), "[1, 2, 3, 4, 5]");
}

TEST(Collection, Order) {
  Arg some = Ints({I(1), I(2), I(2), N()});
  Arg no{DataType::Boolean(), Value::Bool(false)};
  Arg yes{DataType::Boolean(), Value::Bool(true)};
  EXPECT_EQ(Eval("ARRAY_SORT", {some}), "[NULL, 1, 2, 2]");
  EXPECT_EQ(Eval("ARRAY_SORT", {some, no}), "[2, 2, 1, NULL]");
  EXPECT_EQ(Eval("ARRAY_SORT", {some, no, yes}), "[NULL, 2, 2, 1]");
  EXPECT_EQ(Eval("ARRAY_MAX", {some}), "2");
  EXPECT_EQ(Eval("ARRAY_MIN", {Ints({N()})}), "NULL");
  EXPECT_EQ(Eval("ARRAY_MIN", {Nested(DataType::Array(DataType::Boolean()), {})}),
            "error: Invalid function call:\nARRAY_MIN(ARRAY<BOOLEAN>)");
  EXPECT_EQ(Eval("ARRAY_JOIN", {Strings({N(), N(), S("1"), N(), N()}), Text("+")}), "1");
  EXPECT_EQ(Eval("ARRAY_JOIN", {Strings({N(), S("1"), N()}), Text("+"), Text("abc")}), "abc+1+abc");
}

TEST(Collection, Maps) {
  Arg map = Map({S("a"), I(1), S("b"), N()});
  EXPECT_EQ(Eval("MAP_KEYS", {map}), "[a, b]");
  EXPECT_EQ(Eval("MAP_VALUES", {map}), "[1, NULL]");
  EXPECT_EQ(Eval("MAP_ENTRIES", {map}), "[(a, 1), (b, NULL)]");
  EXPECT_EQ(Eval("MAP_FROM_ARRAYS", {Ints({I(1), I(2)}), Strings({S("x"), S("y")})}), "{1=x, 2=y}");
  EXPECT_NE(Eval("MAP_FROM_ARRAYS", {Ints({I(1)}), Strings({})}).find("keys array 1 is not equal"), std::string::npos);
  EXPECT_EQ(Eval("MAP_UNION", {map, Map({S("b"), I(3), S("c"), I(4)})}), "{b=3, c=4, a=1}");
}

TEST(TableFunctions, Unnest) {
  const TableFunction* unnest = FindTableFunction("UNNEST");
  ASSERT_NE(unnest, nullptr);
  EvalContext context;
  auto rows = [&](const Arg& arg) {
    CallTypes call{"UNNEST", {arg.type}, {nullptr}};
    Result<std::vector<Field>> fields = unnest->infer(call);
    EXPECT_TRUE(fields.ok());
    Expr expr;
    expr.args = {MakeLiteral(arg.value, arg.type)};
    std::vector<Value> args = {arg.value};
    std::vector<ValueRow> out;
    EXPECT_TRUE(unnest->rows({context, expr, args, nullptr}, out).ok());
    for (const ValueRow& row : out) EXPECT_EQ(row.size(), fields->size());
    return out;
  };
  EXPECT_EQ(rows(Ints({I(1), N()})), (std::vector<ValueRow>{{I(1)}, {N()}}));
  EXPECT_EQ(rows(Map({S("a"), I(1)})), (std::vector<ValueRow>{{S("a"), I(1)}}));
  EXPECT_EQ(rows(Nested(DataType::Multiset(DataType::Int()), {I(7), I(2)})), (std::vector<ValueRow>{{I(7)}, {I(7)}}));
  DataType row = DataType::Row({{"a", DataType::Int(), {}}, {"b", DataType::String(), {}}});
  EXPECT_EQ(rows(Nested(DataType::Array(row), {Value::Nested({I(1), S("x")}), N()})),
            (std::vector<ValueRow>{{I(1), S("x")}, {N(), N()}}));
  EXPECT_TRUE(rows(Null(DataType::Array(DataType::Int()))).empty());
}

}  // namespace
}  // namespace millrace::functions
