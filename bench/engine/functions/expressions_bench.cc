// bench-modules: functions
// Expressions of the Nexmark queries and the like over chunks of 2,048 rows: rows a second.
#include <benchmark/benchmark.h>

#include <string>

#include "base/random.h"
#include "engine/functions/evaluator.h"

namespace millrace::functions {
namespace {

ExprPtr Call(std::string_view name, std::vector<ExprPtr> args) {
  const ScalarFunction* function = FindScalarFunction(name);
  CallTypes call{name, {}, {}};
  for (const ExprPtr& arg : args) {
    call.types.push_back(arg->type);
    call.literals.push_back(arg->kind == ExprKind::kLiteral ? &arg->literal : nullptr);
  }
  Result<DataType> type = function->infer(call);
  for (size_t i = 0; i < args.size(); ++i) args[i] = MakeCast(args[i], call.types[i]);
  return MakeCall(function, std::move(args), *type);
}

ExprPtr Int(int64_t value) { return MakeLiteral(Value::Int(value), DataType::Int().NotNull()); }
ExprPtr Text(std::string text) { return MakeLiteral(Value::String(std::move(text)), DataType::String().NotNull()); }

ExprPtr Price() { return MakeColumn(0, DataType::Bigint()); }
ExprPtr Url() { return MakeColumn(1, DataType::String()); }
ExprPtr Channel() { return MakeColumn(2, DataType::String()); }
ExprPtr Auction() { return MakeColumn(3, DataType::Bigint()); }

ExprPtr Discounted() {
  return Call("*", {MakeLiteral(Value::Decimal(908), DataType::Decimal(3, 3).NotNull()), Price()});
}

// Columns price, url, channel, auction; every eighth price is NULL when `nulls` is set.
Chunk MakeChunk(bool nulls) {
  Random random(42);
  MemoryPool* pool = MemoryPool::Process();
  ChunkBuilder builder({DataType::Bigint(), DataType::String(), DataType::String(), DataType::Bigint()}, pool);
  static const char* const kChannels[] = {"Google", "Facebook", "Baidu", "Apple", "channel-1234567"};
  for (int32_t i = 0; i < kDefaultChunkRows; ++i) {
    bool null = nulls && random.Below(8) == 0;
    builder.AppendRow(
        RowKind::kInsert,
        {null ? Value::Null() : Value::Int(static_cast<int64_t>(random.Below(100'000'000))),
         Value::String("https://www.nexmark.com/abc/def/item.htm?query=1&channel_id=" +
                       std::to_string(random.Below(100'000'000))),
         Value::String(kChannels[random.Below(5)]), Value::Int(static_cast<int64_t>(random.Next() >> 20))});
  }
  return builder.Finish();
}

void RunProject(benchmark::State& state, const ExprPtr& expr, bool nulls = false) {
  EvalContext context;
  Chunk chunk = MakeChunk(nulls);
  Evaluator evaluator({expr}, &context);
  for (auto _ : state) {
    auto columns = evaluator.EvaluateAll(chunk);
    benchmark::DoNotOptimize(columns);
  }
  state.SetItemsProcessed(state.iterations() * chunk.size);
}

void RunSelect(benchmark::State& state, const ExprPtr& condition, bool nulls = false) {
  EvalContext context;
  Chunk chunk = MakeChunk(nulls);
  Evaluator evaluator({condition}, &context);
  for (auto _ : state) {
    auto rows = evaluator.SelectTrue(0, chunk, chunk.rows());
    benchmark::DoNotOptimize(rows);
  }
  state.SetItemsProcessed(state.iterations() * chunk.size);
}

void DecimalTimesBigint(benchmark::State& state) { RunProject(state, Discounted()); }
void DecimalTimesBigintWithNulls(benchmark::State& state) { RunProject(state, Discounted(), true); }
void BigintPlusLiteral(benchmark::State& state) { RunProject(state, Call("+", {Price(), Int(7)})); }
void SelectModulo(benchmark::State& state) {
  RunSelect(state, Call("=", {Call("MOD", {Auction(), Int(123)}), Int(0)}));
}
void SelectDecimalRange(benchmark::State& state) {
  RunSelect(state, MakeAnd({Call(">", {Discounted(), Int(1'000'000)}), Call("<", {Discounted(), Int(50'000'000)})}));
}
void SelectShortText(benchmark::State& state) { RunSelect(state, Call("=", {Channel(), Text("Apple")})); }
void SelectTextOrder(benchmark::State& state) { RunSelect(state, Call("<", {Channel(), Text("Baidu")})); }
void SelectLike(benchmark::State& state) { RunSelect(state, Call("LIKE", {Url(), Text("%channel_id=1%")})); }
void Lower(benchmark::State& state) { RunProject(state, Call("LOWER", {Channel()})); }
void SplitIndex(benchmark::State& state) { RunProject(state, Call("SPLIT_INDEX", {Url(), Text("/"), Int(3)})); }
void RegexpExtract(benchmark::State& state) {
  RunProject(state, Call("REGEXP_EXTRACT", {Url(), Text("(&|^)channel_id=([^&]*)"), Int(2)}));
}
void CountChar(benchmark::State& state) {
  RunProject(state, Call("com.github.nexmark.flink.udf.CountChar", {Url(), Text("c")}));
}
void Concat(benchmark::State& state) { RunProject(state, Call("||", {Channel(), Text("-a longer tail")})); }

BENCHMARK(DecimalTimesBigint);
BENCHMARK(DecimalTimesBigintWithNulls);
BENCHMARK(BigintPlusLiteral);
BENCHMARK(SelectModulo);
BENCHMARK(SelectDecimalRange);
BENCHMARK(SelectShortText);
BENCHMARK(SelectTextOrder);
BENCHMARK(SelectLike);
BENCHMARK(Lower);
BENCHMARK(SplitIndex);
BENCHMARK(RegexpExtract);
BENCHMARK(CountChar);
BENCHMARK(Concat);

}  // namespace
}  // namespace millrace::functions
