// Aggregates: Flink's answers, and that splitting, merging, saving and retracting do not change them.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "engine/functions/aggregate_function.h"

namespace millrace::functions {
namespace {

struct Input {
  std::vector<Value> values;
  std::vector<RowKind> kinds = {};
};

Value I(int64_t v) { return Value::Int(v); }
Value S(std::string v) { return Value::String(std::move(v)); }
Value D(double v) { return Value::Double(v); }
Value N() { return Value::Null(); }

// A slot with its own memory, for one aggregator.
class Cell {
 public:
  explicit Cell(const Aggregator& aggregator)
      : aggregator_(aggregator), memory_(static_cast<size_t>(aggregator.slot_bytes()) + 32) {
    auto place = reinterpret_cast<uintptr_t>(memory_.data());
    slot_ = memory_.data() + ((16 - place % 16) % 16) + 16;
    aggregator_.Init(slot_);
  }
  ~Cell() { aggregator_.Destroy(slot_); }
  Cell(const Cell&) = delete;
  Cell& operator=(const Cell&) = delete;
  uint8_t* slot() { return slot_; }

  Status Add(const DataType& type, const Input& input, size_t begin, size_t end) {
    std::vector<Value> values(input.values.begin() + static_cast<long>(begin),
                              input.values.begin() + static_cast<long>(end));
    std::vector<RowKind> kinds;
    if (!input.kinds.empty())
      kinds.assign(input.kinds.begin() + static_cast<long>(begin), input.kinds.begin() + static_cast<long>(end));
    std::vector<ColumnPtr> args = {MakeFromValues(type, values)};
    std::vector<uint8_t*> slots(values.size(), slot_ - 16);
    return aggregator_.Accumulate(slots.data(), 16, RowSet::All(static_cast<int32_t>(values.size())), args,
                                  kinds.empty() ? nullptr : &kinds);
  }

  Value Emit(const DataType& type) {
    ColumnBuilder out(type, MemoryPool::Process());
    uint8_t* slots[] = {slot_ - 16};
    EXPECT_TRUE(aggregator_.Emit(slots, 16, 1, out).ok());
    return out.Finish()->GetValue(0);
  }

  std::string Save() {
    std::string record;
    aggregator_.Save(slot_, record);
    return record;
  }

 private:
  const Aggregator& aggregator_;
  std::vector<uint8_t> memory_;
  uint8_t* slot_;
};

struct Bound {
  AggregateCall call;
  std::unique_ptr<Aggregator> aggregator;
};

Bound Bind(std::string_view name, const DataType& type, bool retract, std::vector<Value> literals = {}) {
  Bound bound;
  const AggregateFunction* function = FindAggregateFunction(name);
  EXPECT_NE(function, nullptr) << name;
  CallTypes types;
  types.name = name;
  types.types = {type};
  types.literals = {nullptr};
  for (const Value& literal : literals) {
    types.types.push_back(DataType::Char(static_cast<int32_t>(literal.AsString().size())));
    types.literals.push_back(&literal);
  }
  Result<DataType> result = function->infer(types);
  EXPECT_TRUE(result.ok()) << result.error().ToString();
  bound.call.function = function;
  bound.call.arg_types = types.types;
  bound.call.literals = {Value::Null()};
  bound.call.literals.insert(bound.call.literals.end(), literals.begin(), literals.end());
  bound.call.type = *result;
  bound.aggregator = function->make(bound.call, {.retract = retract, .merge = true}, MemoryPool::Process());
  return bound;
}

// The answer over the input taken in one go; every way to split it, with a merge or a save between, must give the same.
Value Answer(std::string_view name, const DataType& type, const Input& input, std::vector<Value> literals = {}) {
  Bound bound = Bind(name, type, !input.kinds.empty(), std::move(literals));
  const Aggregator& aggregator = *bound.aggregator;
  size_t size = input.values.size();
  Cell whole(aggregator);
  EXPECT_TRUE(whole.Add(type, input, 0, size).ok());
  Value expected = whole.Emit(bound.call.type);
  for (size_t split = 0; split <= size; ++split) {
    Cell first(aggregator);
    Cell second(aggregator);
    EXPECT_TRUE(first.Add(type, input, 0, split).ok());
    Cell restored(aggregator);
    EXPECT_TRUE(aggregator.Load(restored.slot(), first.Save()).ok());
    EXPECT_TRUE(restored.Add(type, input, split, size).ok());
    EXPECT_EQ(restored.Emit(bound.call.type), expected) << name << " restored at " << split;
    // Merging retractions of values that repeat may choose another one of equal values than arrival would.
    if (bound.call.function->needs_order && !input.kinds.empty()) continue;
    EXPECT_TRUE(second.Add(type, input, split, size).ok());
    EXPECT_TRUE(aggregator.Merge(first.slot(), second.slot()).ok());
    EXPECT_EQ(first.Emit(bound.call.type), expected) << name << " merged at " << split;
  }
  return expected;
}

constexpr RowKind kAdd = RowKind::kInsert;
constexpr RowKind kTake = RowKind::kDelete;

TEST(Aggregate, CountLeavesNullsOut) {
  EXPECT_EQ(Answer("COUNT", DataType::Int(), {{I(1), N(), I(3)}}), I(2));
  EXPECT_EQ(Answer("COUNT", DataType::Int(), {{}}), I(0));
  EXPECT_EQ(Answer("COUNT", DataType::Int(), {{I(1), N(), I(3), I(1)}, {kAdd, kAdd, kAdd, kTake}}), I(1));
}

TEST(Aggregate, SumWrapsAtItsType) {
  EXPECT_EQ(Answer("SUM", DataType::Int(), {{I(2147483647), I(1)}}), I(-2147483648));
  EXPECT_EQ(Answer("SUM", DataType::Tinyint(), {{I(100), I(100)}}), I(-56));
  EXPECT_EQ(Answer("SUM", DataType::Bigint(), {{N(), N()}}), N());
  EXPECT_EQ(Answer("SUM", DataType::Double(), {{D(-0.0)}}), D(-0.0));
  EXPECT_EQ(Answer("SUM", DataType::Int(), {{I(5), I(7), I(5), I(7)}, {kAdd, kAdd, kTake, kTake}}), N());
  EXPECT_EQ(Answer("$SUM0", DataType::Bigint(), {{}}), I(0));
}

TEST(Aggregate, DecimalSumIsNullBeyond38DigitsAndStartsAnew) {
  int128_t nines = 0;
  for (int i = 0; i < 38; ++i) nines = nines * 10 + 9;
  DataType type = DataType::Decimal(38, 0);
  Bound bound = Bind("SUM", type, false);
  EXPECT_EQ(bound.call.type, type);
  Cell cell(*bound.aggregator);
  Input input{{Value::Decimal(nines), Value::Decimal(1), Value::Decimal(5)}};
  ASSERT_TRUE(cell.Add(type, input, 0, 2).ok());
  EXPECT_TRUE(cell.Emit(type).IsNull());
  ASSERT_TRUE(cell.Add(type, input, 2, 3).ok());
  EXPECT_EQ(cell.Emit(type), Value::Decimal(5));
}

TEST(Aggregate, AverageKeepsTheType) {
  EXPECT_EQ(Answer("AVG", DataType::Int(), {{I(2147483647), I(1)}}), I(1073741824));
  EXPECT_EQ(Answer("AVG", DataType::Int(), {{I(1), I(2), I(4)}}), I(2));
  EXPECT_EQ(Answer("AVG", DataType::Int(), {{I(-1), I(-2)}}), I(-1));
  EXPECT_EQ(Answer("AVG", DataType::Double(), {{D(1), D(2)}}), D(1.5));
  DataType money = DataType::Decimal(10, 2);
  EXPECT_EQ(Bind("AVG", money, false).call.type, DataType::Decimal(38, 6));
  EXPECT_EQ(Answer("AVG", money, {{Value::Decimal(110), Value::Decimal(220), Value::Decimal(400)}}),
            Value::Decimal(2433333));
  EXPECT_EQ(Answer("AVG", money, {{Value::Decimal(-1), Value::Decimal(0), Value::Decimal(-1)}}), Value::Decimal(-6667));
  EXPECT_EQ(Answer("AVG", money, {{N()}}), N());
}

TEST(Aggregate, VarianceRoundsAsItsType) {
  EXPECT_EQ(Answer("STDDEV_POP", DataType::Int(), {{I(1), I(2), I(4)}}), I(1));
  EXPECT_EQ(Answer("VAR_SAMP", DataType::Int(), {{I(1), I(2), I(4)}}), I(2));
  EXPECT_EQ(Answer("VARIANCE", DataType::Double(), {{D(1), D(2), D(6)}}), D(7));
  EXPECT_EQ(Answer("VAR_SAMP", DataType::Double(), {{D(1)}}), N());
  EXPECT_EQ(Answer("STDDEV_SAMP", DataType::Decimal(10, 2),
                   {{Value::Decimal(110), Value::Decimal(220), Value::Decimal(400)}}),
            Value::Decimal(1464013));
  EXPECT_EQ(Answer("VAR_POP", DataType::Int(), {{I(1), I(9), I(3), I(9)}, {kAdd, kAdd, kAdd, kTake}}), I(1));
}

TEST(Aggregate, MinMax) {
  EXPECT_EQ(Answer("MIN", DataType::Int(), {{I(3), N(), I(-1)}}), I(-1));
  EXPECT_EQ(
      Answer("MAX", DataType::String(), {{S("a"), S("B"), S("\xc3\xa9"), S("\xf0\x9f\x98\x80"), S("\xef\xac\x81")}}),
      S("\xf0\x9f\x98\x80"));
  EXPECT_EQ(Answer("MIN", DataType::String(), {{S("a rather long text of b"), S("a rather long text of a")}}),
            S("a rather long text of a"));
  EXPECT_EQ(Answer("MAX", DataType::Boolean(), {{Value::Bool(false), Value::Bool(true)}}), Value::Bool(true));
  EXPECT_EQ(Answer("MAX", DataType::Decimal(5, 2), {{N()}}), N());
  Timestamp t{5, 7};
  EXPECT_EQ(Answer("MAX", DataType::Timestamp(9), {{Value::Time({5, 6}), Value::Time(t)}}), Value::Time(t));
}

TEST(Aggregate, MinMaxWithRetraction) {
  EXPECT_EQ(Answer("MAX", DataType::Int(), {{I(1), I(7), I(3), I(7), I(7)}, {kAdd, kAdd, kAdd, kAdd, kTake}}), I(7));
  EXPECT_EQ(Answer("MAX", DataType::Int(), {{I(1), I(7), I(3), I(7)}, {kAdd, kAdd, kAdd, kTake}}), I(3));
  EXPECT_EQ(Answer("MIN", DataType::String(), {{S("a"), S("b"), S("a")}, {kAdd, kAdd, kTake}}), S("b"));
  EXPECT_EQ(Answer("MIN", DataType::Double(), {{D(NAN), D(0.0), D(-0.0), D(0.0)}, {kAdd, kAdd, kAdd, kTake}}), D(-0.0));
  EXPECT_EQ(Answer("MAX", DataType::Double(), {{D(NAN), D(1.0), D(NAN)}, {kAdd, kAdd, kTake}}), D(1.0));
  // Taken away before it came.
  EXPECT_EQ(Answer("MAX", DataType::Int(), {{I(9), I(1), I(9)}, {kTake, kAdd, kAdd}}), I(1));
  EXPECT_EQ(Answer("MAX", DataType::Int(), {{I(1), I(1)}, {kAdd, kTake}}), N());
}

TEST(Aggregate, FirstAndLastValue) {
  EXPECT_EQ(Answer("FIRST_VALUE", DataType::Int(), {{N(), I(2), I(3)}}), I(2));
  EXPECT_EQ(Answer("LAST_VALUE", DataType::String(), {{S("x"), S("a text that is long enough"), N()}}),
            S("a text that is long enough"));
  EXPECT_EQ(Answer("FIRST_VALUE", DataType::Int(), {{I(1), I(2), I(1), I(1)}, {kAdd, kAdd, kAdd, kTake}}), I(2));
  EXPECT_EQ(Answer("LAST_VALUE", DataType::String(), {{S("a"), S("b"), S("b")}, {kAdd, kAdd, kTake}}), S("a"));
  CallTypes chars;
  chars.name = "FIRST_VALUE";
  chars.types = {DataType::Char(1)};
  EXPECT_FALSE(FindAggregateFunction("FIRST_VALUE")->infer(chars).ok());
}

TEST(Aggregate, ListAgg) {
  EXPECT_EQ(Answer("LISTAGG", DataType::String(), {{S("a"), N(), S("b")}}), S("a,b"));
  EXPECT_EQ(Answer("LISTAGG", DataType::String(), {{S("a"), S("b")}}, {S("; ")}), S("a; b"));
  EXPECT_EQ(Answer("LISTAGG", DataType::String(), {{N()}}), N());
  EXPECT_EQ(Answer("LISTAGG", DataType::String(), {{S("a"), S("b"), S("a"), S("a")}, {kAdd, kAdd, kAdd, kTake}}),
            S("b,a"));
}

TEST(Aggregate, LongListsWithManyRetractionsKeepTheirOrder) {
  Input input;
  std::vector<int64_t> kept;
  for (int64_t i = 0; i < 500; ++i) {
    input.values.push_back(S(std::to_string(i % 300)));
    input.kinds.push_back(kAdd);
    kept.push_back(i % 300);
  }
  for (int64_t i = 0; i < 450; ++i) {
    int64_t gone = (i * 7) % 300;
    auto place = std::find(kept.begin(), kept.end(), gone);
    if (place == kept.end()) continue;
    kept.erase(place);
    input.values.push_back(S(std::to_string(gone)));
    input.kinds.push_back(kTake);
  }
  std::string expected;
  for (int64_t item : kept) expected += (expected.empty() ? "" : ",") + std::to_string(item);
  Bound bound = Bind("LISTAGG", DataType::String(), true);
  Cell cell(*bound.aggregator);
  ASSERT_TRUE(cell.Add(DataType::String(), input, 0, input.values.size()).ok());
  EXPECT_EQ(cell.Emit(DataType::String()), S(expected));
}

TEST(Aggregate, ArrayAggAndCollect) {
  EXPECT_EQ(Answer("ARRAY_AGG", DataType::Int(), {{I(1), N(), I(1)}}), Value::Nested({I(1), N(), I(1)}));
  EXPECT_EQ(Answer("ARRAY_AGG", DataType::Int(), {{}}), N());
  EXPECT_EQ(Answer("ARRAY_AGG", DataType::String(), {{S("a"), S("b"), S("a")}, {kAdd, kAdd, kTake}}),
            Value::Nested({S("b")}));
  EXPECT_EQ(Answer("COLLECT", DataType::String(), {{S("b"), N(), S("a"), S("b")}}),
            Value::Nested({S("a"), I(1), S("b"), I(2)}));
  EXPECT_EQ(Answer("COLLECT", DataType::Int(), {{}}), Value::Nested({}));
  DataType row = DataType::Row({{"a", DataType::Int(), ""}, {"b", DataType::String(), ""}});
  Value item = Value::Nested({I(1), N()});
  EXPECT_EQ(Answer("ARRAY_AGG", row, {{item, N()}}), Value::Nested({item, N()}));
}

TEST(Aggregate, SingleValueRefusesASecond) {
  EXPECT_EQ(Answer("SINGLE_VALUE", DataType::Int(), {{I(4)}}), I(4));
  Bound bound = Bind("SINGLE_VALUE", DataType::Int(), false);
  Cell cell(*bound.aggregator);
  Status status = cell.Add(DataType::Int(), {{I(1), I(2)}}, 0, 2);
  ASSERT_FALSE(status.ok());
  EXPECT_NE(status.error().message.find("more than one element"), std::string::npos);
  EXPECT_EQ(Answer("SINGLE_VALUE", DataType::Int(), {{I(4), I(4), I(5)}, {kAdd, kTake, kAdd}}), I(5));
}

TEST(Aggregate, ApproxCountDistinct) {
  Input few;
  for (int64_t i = 0; i < 10; ++i) few.values.push_back(I(i % 4));
  EXPECT_EQ(Answer("APPROX_COUNT_DISTINCT", DataType::Bigint(), few), I(4));
  Bound bound = Bind("APPROX_COUNT_DISTINCT", DataType::Bigint(), false);
  Cell cell(*bound.aggregator);
  Input many;
  for (int64_t i = 0; i < 100000; ++i) many.values.push_back(I(i * 31));
  ASSERT_TRUE(cell.Add(DataType::Bigint(), many, 0, many.values.size()).ok());
  EXPECT_NEAR(static_cast<double>(cell.Emit(DataType::Bigint()).AsInt()), 100000, 3000);
}

TEST(Aggregate, FreesItsMemory) {
  MemoryPool pool("test");
  for (std::string_view name :
       {"MIN", "MAX", "LISTAGG", "ARRAY_AGG", "COLLECT", "FIRST_VALUE", "LAST_VALUE", "SINGLE_VALUE"}) {
    for (bool retract : {false, true}) {
      Bound bound = Bind(name, DataType::String(), retract);
      bound.aggregator = bound.call.function->make(bound.call, {.retract = retract}, &pool);
      {
        Cell cell(*bound.aggregator);
        ASSERT_TRUE(cell.Add(DataType::String(), {{S("a text of more than twelve bytes")}}, 0, 1).ok());
        EXPECT_GT(pool.used_bytes(), 0) << name;
      }
      EXPECT_EQ(pool.used_bytes(), 0) << name;
    }
  }
}

TEST(Aggregate, DamagedRecordsAreRefused) {
  for (const AggregateFunction* function : AllAggregateFunctions()) {
    if (function->name == "JSON_OBJECTAGG" || function->name == "JSON_ARRAYAGG") continue;
    DataType type = function->name == "LISTAGG" ? DataType::String() : DataType::Int();
    Bound bound = Bind(function->name, type, false);
    Cell cell(*bound.aggregator);
    Value value = type.IsString() ? S("abcdef") : I(5);
    ASSERT_TRUE(cell.Add(type, {{value}}, 0, 1).ok());
    std::string record = cell.Save();
    Cell other(*bound.aggregator);
    Status status = bound.aggregator->Load(other.slot(), record.substr(0, record.size() - 1));
    ASSERT_FALSE(status.ok()) << function->name;
    EXPECT_EQ(status.error().code, "snapshot.corrupt");
  }
}

}  // namespace
}  // namespace millrace::functions
