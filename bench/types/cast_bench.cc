// Casts of whole columns: a chunk's rows per iteration.
// bench-modules: types
#include <benchmark/benchmark.h>

#include "base/random.h"
#include "types/cast.h"

namespace millrace {
namespace {

constexpr int32_t kRows = 2048;

ColumnPtr Texts(int64_t largest) {
  Random random(7);
  ColumnBuilder builder(DataType::String(), MemoryPool::Process());
  for (int32_t i = 0; i < kRows; ++i)
    builder.AppendString(std::to_string(random.Below(static_cast<uint64_t>(largest))));
  return builder.Finish();
}

void CastTo(benchmark::State& state, const ColumnPtr& column, const DataType& type) {
  for (auto _ : state) {
    auto result = CastColumn(column, type, RowSet::All(kRows), false, CastContext());
    if (!result.ok()) return state.SkipWithError(result.error().message.c_str());
    benchmark::DoNotOptimize(*result);
  }
  state.SetItemsProcessed(state.iterations() * kRows);
}

void BM_TextToInt(benchmark::State& state) { CastTo(state, Texts(1'000'000), DataType::Int()); }
void BM_TextToDecimal(benchmark::State& state) { CastTo(state, Texts(1'000'000), DataType::Decimal(18, 2)); }
void BM_BigintToText(benchmark::State& state) {
  auto numbers = CastColumn(Texts(1LL << 60), DataType::Bigint(), RowSet::All(kRows), false, CastContext());
  CastTo(state, *numbers, DataType::String());
}
BENCHMARK(BM_TextToInt);
BENCHMARK(BM_TextToDecimal);
BENCHMARK(BM_BigintToText);

}  // namespace
}  // namespace millrace
