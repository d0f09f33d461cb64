// bench-modules: operators
// GROUP BY one BIGINT key, COUNT(*) and SUM: rows per second by number of groups, with -U and without, row by row.
#include <benchmark/benchmark.h>

#include "base/random.h"
#include "engine/operators/factories.h"

namespace millrace::operators {
namespace {

struct Drop : Output {
  void Emit(Chunk chunk) override { rows += chunk.row_count(); }
  bool HasCredit() const override { return true; }
  int64_t rows = 0;
};

std::vector<Chunk> RandomChunks(int64_t groups, int32_t chunks) {
  Random random(5);
  std::vector<Chunk> made;
  for (int32_t c = 0; c < chunks; ++c) {
    FlatWriter<int64_t> keys(DataType::Bigint(), kDefaultChunkRows, MemoryPool::Process());
    FlatWriter<int64_t> values(DataType::Bigint(), kDefaultChunkRows, MemoryPool::Process());
    for (int32_t i = 0; i < kDefaultChunkRows; ++i) {
      keys.Set(i, static_cast<int64_t>(random.Below(static_cast<uint64_t>(groups))));
      values.Set(i, static_cast<int64_t>(random.Below(1000)) + 1);
    }
    Chunk chunk;
    chunk.size = kDefaultChunkRows;
    chunk.columns = {keys.Finish(), values.Finish()};
    made.push_back(std::move(chunk));
  }
  return made;
}

functions::AggregateCall CallOf(std::string_view name, std::vector<int32_t> args) {
  functions::AggregateCall call;
  call.function = functions::FindAggregateFunction(name);
  call.args = std::move(args);
  for (size_t i = 0; i < call.args.size(); ++i) {
    call.arg_types.push_back(DataType::Bigint());
    call.literals.push_back(Value::Null());
  }
  call.type = DataType::Bigint();
  return call;
}

void GroupAggregate(benchmark::State& state) {
  plan::GroupAggregateSpec spec;
  spec.keys = {0};
  spec.aggregates = {CallOf("COUNT", {}), CallOf("SUM", {1})};
  spec.emit_update_before = state.range(1) != 0;
  auto input = std::make_shared<plan::PhysicalNode>();
  input->output.fields = {{"k", DataType::Bigint(), ""}, {"v", DataType::Bigint(), ""}};
  plan::PhysicalNode node;
  node.spec = spec;
  node.inputs.push_back({input, plan::Distribution::kHash, {0}});
  auto op = Make(spec, node);
  if (!(*op)->Open({}).ok()) return;
  std::vector<Chunk> chunks = RandomChunks(state.range(0), 2000);
  Drop output;
  for (const Chunk& chunk : chunks) benchmark::DoNotOptimize((*op)->Process(0, chunk, output));
  size_t at = 0;
  for (auto _ : state) benchmark::DoNotOptimize((*op)->Process(0, chunks[at++ % chunks.size()], output));
  state.SetItemsProcessed(state.iterations() * kDefaultChunkRows);
}
BENCHMARK(GroupAggregate)->ArgsProduct({{10, 1000, 100'000, 1'000'000, 4'000'000}, {0, 1}})->MinTime(0.3);

}  // namespace
}  // namespace millrace::operators
