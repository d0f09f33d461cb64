// The operator ||, CONCAT and CONCAT_WS.
#include <cstring>

#include "engine/functions/inference.h"
#include "engine/functions/lift.h"
#include "engine/functions/scalar/string/utf8.h"

namespace millrace::functions {

namespace {

// The arguments of one row, one after another, NULLs left out; `separator` is between them.
Status WriteJoined(StringSink& out, std::span<const ColumnReader<StringRef>> readers, int32_t row,
                   std::string_view separator, std::string_view function) {
  size_t bytes = 0;
  size_t parts = 0;
  for (const ColumnReader<StringRef>& reader : readers) {
    if (reader.IsNull(row)) continue;
    bytes += reader[row].size() + (parts > 0 ? separator.size() : 0);
    ++parts;
  }
  if (static_cast<int64_t>(bytes) > kMaxTextBytes) return TextTooLong(function);
  char* start = out.Reserve(bytes);
  char* place = start;
  bool first = true;
  for (const ColumnReader<StringRef>& reader : readers) {
    if (reader.IsNull(row)) continue;
    if (!first) {
      std::memcpy(place, separator.data(), separator.size());
      place += separator.size();
    }
    first = false;
    const StringRef& text = reader[row];
    std::memcpy(place, text.data(), text.size());
    place += text.size();
  }
  out.Commit(bytes);
  return Status();
}

template <bool kSeparated>
Result<ColumnPtr> Join(const KernelCall& call) {
  std::vector<ColumnReader<StringRef>> readers;
  readers.reserve(call.args.size());
  for (const ColumnPtr& arg : call.args) readers.emplace_back(*arg);
  std::span<const ColumnReader<StringRef>> texts(readers);
  if (kSeparated) texts = texts.subspan(1);
  FlatWriter<StringRef> writer(call.expr.type, call.size, call.context.pool);
  for (int32_t i = 0; i < call.rows.count(); ++i) {
    int32_t row = call.rows[i];
    bool null = kSeparated && readers[0].IsNull(row);
    for (size_t k = 0; !kSeparated && k < readers.size(); ++k) null = null || readers[k].IsNull(row);
    if (null) {
      writer.SetNull(row);
      continue;
    }
    StringSink sink(writer.arena());
    std::string_view separator = kSeparated ? readers[0][row].view() : std::string_view();
    MR_RETURN_IF_ERROR(WriteJoined(sink, texts, row, separator, call.expr.function->name));
    writer.values()[row] = sink.result();
  }
  return writer.Finish();
}

Result<DataType> InferConcat(CallTypes& call) {
  if (!AllStrings(call, 1, SIZE_MAX)) return BadArguments(call, "'CONCAT(<CHARACTER>, …)'");
  return NullableIfArgs(call, DataType::String());
}

Result<DataType> InferConcatWs(CallTypes& call) {
  if (!AllStrings(call, 1, SIZE_MAX)) return BadArguments(call, "'CONCAT_WS(<CHARACTER>, <CHARACTER>, …)'");
  return NullableIfArgs(call, DataType::String());
}

Result<DataType> InferOperator(CallTypes& call) {
  if (!AllStrings(call, 2, 2)) return BadArguments(call, "'<STRING> || <STRING>'");
  const DataType& a = call.types[0];
  const DataType& b = call.types[1];
  int64_t length = static_cast<int64_t>(a.length()) + b.length();
  if (a.Is(TypeKind::kChar) && b.Is(TypeKind::kChar) && length <= DataType::kMaxLength) {
    return NullableIfArgs(call, DataType::Char(static_cast<int32_t>(length)));
  }
  int64_t most = std::min<int64_t>(length, DataType::kMaxLength);
  return NullableIfArgs(call, DataType::Varchar(static_cast<int32_t>(most)));
}

}  // namespace

extern const ScalarFunction kConcatOperator = {.name = "||",
                                               .signature = "STRING || STRING -> STRING",
                                               .doc = "The texts one after the other.",
                                               .example = "'test' || 'string'",
                                               .example_result = "teststring",
                                               .infer = InferOperator,
                                               .kernel = Join<false>};
extern const ScalarFunction kConcat = {.name = "CONCAT",
                                       .signature = "CONCAT(STRING, …) -> STRING",
                                       .doc = "The texts one after the other; NULL if one of them is NULL.",
                                       .example = "CONCAT('AA', 'BB', 'CC')",
                                       .example_result = "AABBCC",
                                       .infer = InferConcat,
                                       .kernel = Join<false>};
extern const ScalarFunction kConcatWs = {
    .name = "CONCAT_WS",
    .signature = "CONCAT_WS(separator STRING, STRING, …) -> STRING",
    .doc = "The texts with the separator between them. NULL texts are left out; a NULL separator gives NULL.",
    .example = "CONCAT_WS('~', 'AA', 'BB', '', 'CC')",
    .example_result = "AA~BB~~CC",
    .infer = InferConcatWs,
    .kernel = Join<true>};

}  // namespace millrace::functions
