#include <gtest/gtest.h>

#include <map>
#include <random>

#include "engine/operators/factories.h"
#include "engine/operators/sink/sink_constraints.h"
#include "operator_harness.h"

namespace millrace::operators {
namespace {

// sink key, identity of the input's row, value
const std::vector<DataType> kTypes = {DataType::Int(), DataType::Bigint(), DataType::String()};

OperatorHarness Harness(std::vector<int32_t> input_key, int64_t ttl_ms = 0) {
  plan::SinkSpec spec;
  spec.upsert_materialize_key = {0};
  spec.input_upsert_key = std::move(input_key);
  spec.ttl_ms = ttl_ms;
  return OperatorHarness(NodeOver(spec, {kTypes}, {{0}}), MakeOperator);
}

TEST(UpsertMaterializer, ShowsTheLastRowOfAKey) {
  Lines rows = {"+I 1 1 a", "+I 1 2 b", "+I 1 3 c", "-D 1 3 c", "-D 1 1 a", "-U 1 2 b", "+U 1 2 d", "-D 1 9 x"};
  Harness({}).ExpectAlways(rows, {"+I 1 1 a", "+U 1 2 b", "+U 1 3 c", "+U 1 2 b", "-D 1 2 b", "+I 1 2 d"});
}

TEST(UpsertMaterializer, EqualRowsAreKeptApart) {
  Lines rows = {"+I 1 1 a", "+I 1 1 a", "-D 1 1 a", "+I 1 null null", "-D 1 null null", "-D 1 1 a"};
  Harness({}).ExpectAlways(rows, {"+I 1 1 a", "+U 1 1 a", "+U 1 null null", "+U 1 1 a", "-D 1 1 a"});
}

// The first of two equal rows is taken away, which is not the last one: nothing is shown.
TEST(UpsertMaterializer, TakesTheFirstEqualRow) {
  Lines rows = {"+I 1 1 a", "+I 1 2 b", "+I 1 1 a", "-D 1 1 a", "-D 1 1 a"};
  Harness({}).ExpectAlways(rows, {"+I 1 1 a", "+U 1 2 b", "+U 1 1 a", "+U 1 2 b"});
}

TEST(UpsertMaterializer, UpsertKeyReplacesInPlace) {
  Lines rows = {"+I 1 1 a", "+I 1 2 b", "+U 1 1 c", "-D 1 2 stale", "-D 1 1 c"};
  // Row 1 is replaced where it stands, so taking away row 2, the last one, shows row 1 again.
  Harness({1}).ExpectAlways(rows, {"+I 1 1 a", "+U 1 2 b", "+U 1 1 c", "+U 1 1 c", "-D 1 1 c"});
}

TEST(UpsertMaterializer, ForgetsAfterTheTtl) {
  Lines rows = {"time 1000", "+I 1 1 a", "time 1500", "+I 1 2 b", "time 2500", "+I 1 3 c", "-D 1 3 c"};
  Harness({}, 1000).ExpectAlways(rows, {"+I 1 1 a", "+U 1 2 b", "+I 1 3 c", "-D 1 3 c"});
}

// The table that the output makes is, at every key, the row that came last of those that are left.
TEST(UpsertMaterializer, AgreesWithAListPerKey) {
  uint32_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  auto below = [&](size_t n) { return random() % n; };
  for (std::vector<int32_t> input_key : {std::vector<int32_t>{}, std::vector<int32_t>{1}}) {
    std::map<int, std::vector<std::pair<int, std::string>>> lists;
    Lines script;
    for (int i = 0; i < 400; ++i) {
      int key = static_cast<int>(below(5));
      auto& list = lists[key];
      if (!list.empty() && below(5) < 2) {
        auto gone = list[below(list.size())];
        list.erase(std::find(list.begin(), list.end(), gone));
        script.push_back("-D " + std::to_string(key) + " " + std::to_string(gone.first) + " " + gone.second);
        continue;
      }
      std::pair<int, std::string> row(static_cast<int>(below(8)), std::string(1, static_cast<char>('a' + below(3))));
      script.push_back("+I " + std::to_string(key) + " " + std::to_string(row.first) + " " + row.second);
      auto same = std::find_if(list.begin(), list.end(), [&](auto& r) { return r.first == row.first; });
      if (!input_key.empty() && same != list.end()) {
        *same = row;
      } else {
        list.push_back(row);
      }
    }
    for (int32_t size : {1, 3, 2048}) {
      std::map<int, std::string> table;
      int32_t after = static_cast<int32_t>(below(script.size()));
      for (const std::string& line :
           Harness(input_key).Run(script, {.chunk_rows = size, .credit = size != 3, .restore_after = after})) {
        int key = line[3] - '0';
        ASSERT_EQ(line.starts_with("+I"), !table.contains(key)) << line;
        line.starts_with("-D") ? static_cast<void>(table.erase(key)) : static_cast<void>(table[key] = line.substr(5));
      }
      for (auto& [key, list] : lists) {
        if (list.empty()) {
          EXPECT_FALSE(table.contains(key));
        } else if (input_key.empty()) {
          EXPECT_EQ(table[key], std::to_string(list.back().first) + " " + list.back().second);
        } else {
          EXPECT_TRUE(table.contains(key));  // an update of a row in the middle is shown until the last one goes
        }
      }
    }
  }
}

TEST(SinkConstraints, NotNull) {
  plan::SinkSpec spec;
  spec.not_null = {true, false, false};
  plan::PhysicalNode node = NodeOver(spec, {});
  for (const char* name : {"k", "n", "s"}) node.output.fields.push_back({name, kTypes[node.output.size()], ""});
  ChunkBuilder builder(kTypes, MemoryPool::Process());
  builder.AppendRow(RowKind::kInsert, {Value::Int(1), Value::Null(), Value::Null()});
  builder.AppendRow(RowKind::kInsert, {Value::Null(), Value::Int(2), Value::String("x")});
  Chunk chunk = builder.Finish();
  Chunk copy = chunk;
  Status failed = SinkConstraints(node).Apply(copy, MemoryPool::Process());
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().code, "sink.not_null");
  std::get<plan::SinkSpec>(node.spec).drop_null_rows = true;
  ASSERT_TRUE(SinkConstraints(node).Apply(chunk, MemoryPool::Process()).ok());
  EXPECT_EQ(chunk.row_count(), 1);
  EXPECT_EQ(chunk.rows()[0], 0);
}

TEST(SinkConstraints, Lengths) {
  std::vector<DataType> types = {DataType::Char(3), DataType::Varchar(3), DataType::Binary(3), DataType::String()};
  plan::SinkSpec spec;
  plan::PhysicalNode node = NodeOver(spec, {});
  for (const DataType& type : types) node.output.fields.push_back({"f", type, ""});
  auto apply = [&](const std::string& text) {
    ChunkBuilder builder(types, MemoryPool::Process());
    builder.AppendRow(RowKind::kInsert, ValueRow(4, Value::String(text)));
    Chunk chunk = builder.Finish();
    EXPECT_TRUE(SinkConstraints(node).Apply(chunk, MemoryPool::Process()).ok());
    std::vector<std::string> texts;
    for (const Value& value : chunk.GetRow(0)) texts.emplace_back(value.AsString());
    return texts;
  };
  using Texts = std::vector<std::string>;
  EXPECT_EQ(apply("abcd"), (Texts{"abcd", "abcd", "abcd", "abcd"}));
  std::get<plan::SinkSpec>(node.spec).enforce_lengths = true;
  EXPECT_EQ(apply("abcd"), (Texts{"abc", "abc", "abc", "abcd"}));
  EXPECT_EQ(apply("a"), (Texts{"a  ", "a", std::string("a\0\0", 3), "a"}));
  EXPECT_EQ(apply("é€😀x"), (Texts{"é€😀", "é€😀", "é\xE2", "é€😀x"}));
}

}  // namespace
}  // namespace millrace::operators
