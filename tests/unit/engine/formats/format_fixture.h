// Shared by the tests of formats: decode text into boxed rows, encode boxed rows into text.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "engine/formats/format.h"
#include "types/cast.h"

namespace millrace::formats {

struct Decoded {
  std::vector<ValueRow> rows;
  std::string error_code;  // empty: none
  std::string error;
};

// A buffer with the text and its padding.
inline BufferPtr MakeKeeper(std::string_view text) {
  BufferPtr buffer = Buffer::Allocate(MemoryPool::Process(), text.size() + kKeeperPaddingBytes);
  std::memset(buffer->data(), '}', buffer->size());
  std::memcpy(buffer->data(), text.data(), text.size());
  return buffer;
}

inline std::vector<ValueRow> Rows(ChunkBuilder& builder) {
  Chunk chunk = builder.Finish();
  std::vector<ValueRow> rows;
  for (int32_t i = 0; i < chunk.size; ++i) rows.push_back(chunk.GetRow(i));
  return rows;
}

// Decodes one record; with `lines` all lines of the text as a block. `keep`: strings may refer to the block.
inline Decoded Decode(std::string_view format, const Schema& schema, const OptionMap& options, std::string_view text,
                      bool lines = false, std::vector<FieldPath> wanted = {}, bool keep = true) {
  Decoded result;
  DecoderSpec spec;
  spec.schema = schema;
  spec.wanted = wanted.empty() ? AllPaths(schema) : wanted;
  spec.options = options;
  auto fail = [&result](const Error& error) {
    result.error_code = error.code;
    result.error = error.message;
  };
  auto decoder = FindFormat(format).value()->make_decoder(spec);
  if (!decoder.ok()) {
    fail(decoder.error());
    return result;
  }
  ChunkBuilder builder(WantedTypes(schema, spec.wanted), MemoryPool::Process());
  BufferPtr keeper = MakeKeeper(text);
  if (keep) text = {reinterpret_cast<const char*>(keeper->data()), text.size()};
  if (!keep) keeper = nullptr;
  if (lines) {
    int64_t failed_line = -1;
    auto done = (*decoder)->DecodeLines(text, true, keeper, builder, &failed_line);
    if (!done.ok()) fail(done.error());
  } else {
    Status status = (*decoder)->Decode(text, keeper, builder);
    if (!status.ok()) fail(status.error());
  }
  keeper = nullptr;
  result.rows = Rows(builder);
  return result;
}

// The rows as text, "(1, a)(2, NULL)", or the error's code.
inline std::string DecodedText(std::string_view format, const Schema& schema, const OptionMap& options,
                               std::string_view text, bool lines = false, std::vector<FieldPath> wanted = {}) {
  Decoded decoded = Decode(format, schema, options, text, lines, wanted);
  std::vector<FieldPath> paths = wanted.empty() ? AllPaths(schema) : wanted;
  std::vector<DataType> types = WantedTypes(schema, paths);
  std::string result;
  for (const ValueRow& row : decoded.rows) {
    result += "(";
    for (size_t i = 0; i < row.size(); ++i) {
      if (i > 0) result += ", ";
      result += ToText(row[i], types[i]);
    }
    result += ")";
  }
  return result + decoded.error_code;
}

// The encoded row, or "error: <code>".
inline std::string Encode(std::string_view format, const Schema& schema, const OptionMap& options,
                          const ValueRow& row) {
  EncoderSpec spec;
  spec.schema = schema;
  spec.options = options;
  auto encoder = FindFormat(format).value()->make_encoder(spec);
  if (!encoder.ok()) return "error: " + encoder.error().code;
  ChunkBuilder builder(WantedTypes(schema, AllPaths(schema)), MemoryPool::Process());
  builder.AppendRow(RowKind::kInsert, row);
  Chunk chunk = builder.Finish();
  std::string out;
  Status status = (*encoder)->Encode(chunk, 0, RowKind::kInsert, out);
  return status.ok() ? out : "error: " + status.error().code;
}

}  // namespace millrace::formats
