// fuzz-modules: formats
// Any bytes as JSON records: no crash, the same rows with and without a kept buffer, whole and pruned agree, and
// whatever simdjson takes for a JSON object is well-formed here too.
#include <simdjson.h>

#include <cstdlib>
#include <cstring>
#include <string_view>

#include "engine/formats/format.h"

namespace millrace::formats {
namespace {

Schema FuzzSchema() {
  DataType row = DataType::Row({{"x", DataType::Bigint(), ""}, {"y", DataType::String(), ""}});
  return Schema{{{"i", DataType::Int(), ""},
                 {"b", DataType::Bigint(), ""},
                 {"s", DataType::String(), ""},
                 {"d", DataType::Decimal(10, 2), ""},
                 {"f", DataType::Double(), ""},
                 {"t", DataType::Timestamp(3), ""},
                 {"y", DataType::Bytes(), ""},
                 {"r", row, ""},
                 {"a", DataType::Array(row), ""},
                 {"m", DataType::Map(DataType::String(), DataType::Int()), ""}}};
}

struct Outcome {
  std::string code;
  std::vector<ValueRow> rows;
};

Outcome Decode(std::string_view text, const std::vector<FieldPath>& wanted, bool keep, bool ignore) {
  DecoderSpec spec;
  spec.schema = FuzzSchema();
  spec.wanted = wanted;
  if (ignore) spec.options["ignore-parse-errors"] = "true";
  std::unique_ptr<Decoder> decoder = FindFormat("json").value()->make_decoder(spec).value();
  ChunkBuilder builder(WantedTypes(spec.schema, wanted), MemoryPool::Process());
  BufferPtr block = Buffer::Allocate(MemoryPool::Process(), text.size() + kKeeperPaddingBytes);
  std::memset(block->data(), '"', block->size());
  std::memcpy(block->data(), text.data(), text.size());
  Outcome outcome;
  if (keep) text = {reinterpret_cast<const char*>(block->data()), text.size()};
  // Twice: the second time with what the first one taught.
  for (int round = 0; round < 2; ++round) {
    Status status = decoder->Decode(text, keep ? block : nullptr, builder);
    std::string code = status.ok() ? "" : status.error().code;
    if (round == 1 && code != outcome.code) std::abort();
    outcome.code = code;
  }
  Chunk chunk = builder.Finish();
  for (int32_t i = 0; i < chunk.size; ++i) outcome.rows.push_back(chunk.GetRow(i));
  if (outcome.rows.size() == 2 && !(outcome.rows[0] == outcome.rows[1])) std::abort();
  return outcome;
}

void Check(std::string_view text) {
  std::vector<FieldPath> all = AllPaths(FuzzSchema());
  Outcome kept = Decode(text, all, true, false);
  Outcome copied = Decode(text, all, false, false);
  if (kept.code != copied.code || !(kept.rows == copied.rows)) std::abort();
  Outcome pruned = Decode(text, {{7, 1}, {1}}, true, false);
  if (kept.code.empty() && !pruned.code.empty()) std::abort();
  Decode(text, all, true, true);
  simdjson::dom::parser parser(1 << 20);
  simdjson::dom::element document;
  bool object = parser.allocate(text.size() + 1, 900) == simdjson::SUCCESS &&
                parser.parse(text.data(), text.size()).get(document) == simdjson::SUCCESS && document.is_object();
  if (object && pruned.code == "format.json.malformed") std::abort();
}

}  // namespace
}  // namespace millrace::formats

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  millrace::formats::Check({reinterpret_cast<const char*>(data), size});
  return 0;
}
