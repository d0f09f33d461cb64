// Decoding Nexmark's bids as JSON lines: nanoseconds for each event, whole rows and pruned to what a query reads.
// bench-modules: formats
#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstring>
#include <string>

#include "base/random.h"
#include "engine/formats/format.h"

namespace millrace::formats {
namespace {

constexpr int kEvents = 20'000;

Schema NexmarkSchema() {
  DataType text = DataType::String();
  DataType big = DataType::Bigint();
  DataType time = DataType::Timestamp(3);
  auto row = [](std::vector<std::pair<const char*, DataType>> fields) {
    std::vector<Field> list;
    for (auto& [name, type] : fields) list.push_back({name, type, ""});
    return DataType::Row(std::move(list));
  };
  return Schema{{{"event_type", DataType::Int(), ""},
                 {"person",
                  row({{"id", big},
                       {"name", text},
                       {"emailAddress", text},
                       {"creditCard", text},
                       {"city", text},
                       {"state", text},
                       {"dateTime", time},
                       {"extra", text}}),
                  ""},
                 {"auction",
                  row({{"id", big},
                       {"itemName", text},
                       {"description", text},
                       {"initialBid", big},
                       {"reserve", big},
                       {"dateTime", time},
                       {"expires", time},
                       {"seller", big},
                       {"category", big},
                       {"extra", text}}),
                  ""},
                 {"bid",
                  row({{"auction", big},
                       {"bidder", big},
                       {"price", big},
                       {"channel", text},
                       {"url", text},
                       {"dateTime", time},
                       {"extra", text}}),
                  ""}}};
}

// Lines of the shape and the sizes that Nexmark's bids have (92 in 100 events are bids).
std::string MakeLines() {
  Random random(1);
  std::string lines;
  for (int i = 0; i < kEvents; ++i) {
    std::string extra(60 + random.Below(50), 'e');
    std::string url = "https://www.nexmark.com/abcde/fghij/klmno/item.htm?query=1&channel_id=" +
                      std::to_string(random.Below(1'000'000'000));
    char time[32];
    std::snprintf(time, sizeof(time), "2024-01-01 00:%02d:%02d.%03d", i / 600 % 60, i / 10 % 60, i * 97 % 1000);
    lines +=
        "{\"event_type\":2,\"person\":null,\"auction\":null,\"bid\":{\"auction\":" + std::to_string(1000 + i / 15) +
        ",\"bidder\":" + std::to_string(2000 + random.Below(1000)) +
        ",\"price\":" + std::to_string(100 + random.Below(100'000'000)) + ",\"channel\":\"channel-" +
        std::to_string(random.Below(10'000)) + "\",\"url\":\"" + url + "\",\"dateTime\":\"" + time + "\",\"extra\":\"" +
        extra + "\"}}\n";
  }
  return lines;
}

void Decode(benchmark::State& state, const std::vector<FieldPath>& wanted) {
  std::string lines = MakeLines();
  BufferPtr block = Buffer::Allocate(MemoryPool::Process(), lines.size() + kKeeperPaddingBytes);
  std::memcpy(block->data(), lines.data(), lines.size());
  std::memset(block->data() + lines.size(), 0, kKeeperPaddingBytes);
  DecoderSpec spec;
  spec.schema = NexmarkSchema();
  spec.wanted = wanted;
  std::unique_ptr<Decoder> decoder = FindFormat("json").value()->make_decoder(spec).value();
  ChunkBuilder builder(WantedTypes(spec.schema, wanted), MemoryPool::Process());
  for (auto _ : state) {
    std::string_view rest(reinterpret_cast<const char*>(block->data()), lines.size());
    while (!rest.empty()) {
      int64_t failed_line = 0;
      auto done = decoder->DecodeLines(rest, true, block, builder, &failed_line);
      if (!done.ok()) return state.SkipWithError(done.error().message.c_str());
      rest.remove_prefix(done->bytes);
      benchmark::DoNotOptimize(builder.Finish());
    }
  }
  state.SetItemsProcessed(state.iterations() * kEvents);
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(lines.size()));
}

void BM_WholeTable(benchmark::State& state) { Decode(state, AllPaths(NexmarkSchema())); }
BENCHMARK(BM_WholeTable);

// q0: auction, bidder, price, dateTime, extra of bids, and the type of event.
void BM_Query0(benchmark::State& state) { Decode(state, {{0}, {3, 0}, {3, 1}, {3, 2}, {3, 5}, {3, 6}}); }
BENCHMARK(BM_Query0);

// q2: auction and price.
void BM_Query2(benchmark::State& state) { Decode(state, {{0}, {3, 0}, {3, 2}}); }
BENCHMARK(BM_Query2);

// COUNT(*): nothing is wanted, all is checked.
void BM_CountOnly(benchmark::State& state) { Decode(state, {}); }
BENCHMARK(BM_CountOnly);

}  // namespace
}  // namespace millrace::formats
