// fuzz-modules: formats
// Any bytes as CSV lines, with and without an escape character: no crash, and a block cut in two gives the same rows as
// in one piece.
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "engine/formats/format.h"

namespace millrace::formats {
namespace {

struct Outcome {
  std::string code;
  std::vector<ValueRow> rows;
};

// Decodes the text in two steps: first only `first` bytes are there.
Outcome Decode(std::string_view text, size_t first, bool escape) {
  DecoderSpec spec;
  spec.schema =
      Schema{{{"i", DataType::Int(), ""}, {"s", DataType::String(), ""}, {"a", DataType::Array(DataType::Int()), ""}}};
  spec.wanted = AllPaths(spec.schema);
  spec.options["ignore-parse-errors"] = "true";
  if (escape) spec.options["escape-character"] = "\\";
  std::unique_ptr<Decoder> decoder = FindFormat("csv").value()->make_decoder(spec).value();
  auto rows_max = static_cast<int32_t>(text.size()) + 1;
  ChunkBuilder builder(WantedTypes(spec.schema, spec.wanted), MemoryPool::Process(), rows_max);
  Outcome outcome;
  size_t done = 0;
  for (size_t until : {first, text.size()}) {
    int64_t failed_line = 0;
    auto decoded =
        decoder->DecodeLines(text.substr(done, until - done), until == text.size(), nullptr, builder, &failed_line);
    if (!decoded.ok()) std::abort();
    done += decoded->bytes;
    if (until == text.size()) break;
  }
  if (done != text.size()) std::abort();
  Chunk chunk = builder.Finish();
  for (int32_t i = 0; i < chunk.size; ++i) outcome.rows.push_back(chunk.GetRow(i));
  return outcome;
}

}  // namespace
}  // namespace millrace::formats

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  for (bool escape : {false, true}) {
    auto whole = millrace::formats::Decode(text, text.size(), escape);
    auto halves = millrace::formats::Decode(text, text.size() / 2, escape);
    if (!(whole.rows == halves.rows)) std::abort();
  }
  return 0;
}
