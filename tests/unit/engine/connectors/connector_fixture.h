// Shared by the tests of connectors: tables from options, all rows of a source, rows into a sink.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/connectors/connector.h"
#include "types/cast.h"

namespace millrace::connectors {

inline std::unique_ptr<TableSource> MakeSource(const TableSpec& table, std::string* error = nullptr) {
  auto connector = FindConnector(table.options.at("connector"));
  if (!connector.ok()) {
    if (error != nullptr) *error = connector.error().code;
    return nullptr;
  }
  auto source = (*connector)->make_source(table, ConnectorContext());
  if (!source.ok() && error != nullptr) *error = source.error().code;
  return source.ok() ? std::move(*source) : nullptr;
}

// "+I(1, a)" for each row of a chunk.
inline std::vector<std::string> RowTexts(const Chunk& chunk) {
  std::vector<std::string> texts;
  for (int32_t i = 0; i < chunk.size; ++i) {
    std::string text(RowKindText(chunk.kind(i)));
    text += "(";
    for (size_t c = 0; c < chunk.columns.size(); ++c) {
      if (c > 0) text += ", ";
      text += ToText(chunk.columns[c]->GetValue(i), chunk.columns[c]->type());
    }
    texts.push_back(text + ")");
  }
  return texts;
}

// Reads until the end (or `rows_max` rows), with splits as the runtime gives them. Errors end the list as "error:
// <code>: <message>".
inline std::vector<std::string> ReadAll(TableSource& source, ConnectorContext context = {},
                                        std::vector<Split>* state = nullptr, size_t rows_max = SIZE_MAX) {
  std::vector<std::string> rows;
  auto fail = [&rows](const Error& error) { rows.push_back("error: " + error.code + ": " + error.message); };
  auto reader = source.MakeReader(context);
  if (!reader.ok()) return fail(reader.error()), rows;
  std::vector<Split> splits;
  if (state != nullptr && !state->empty()) {
    splits = *state;
  } else {
    auto found = source.EnumerateSplits(context.parallelism);
    if (!found.ok()) return fail(found.error()), rows;
    splits = *found;
  }
  size_t next = 0;
  auto add = [&]() -> bool {
    Status status = (*reader)->AddSplit(splits[next++]);
    if (!status.ok()) fail(status.error());
    return status.ok();
  };
  bool one = source.one_split_at_a_time();
  while (next < splits.size() && (!one || next == 0)) {
    if (!add()) return rows;
  }
  while (rows.size() < rows_max) {
    auto polled = (*reader)->Poll();
    if (!polled.ok()) {
      fail(polled.error());
      break;
    }
    if (polled->status == PollStatus::kEnd && next < splits.size()) {
      if (!add()) return rows;
      continue;
    }
    if (polled->status != PollStatus::kRows) break;
    for (std::string& text : RowTexts(polled->chunk)) rows.push_back(std::move(text));
  }
  if (state != nullptr) {
    *state = (*reader)->SnapshotSplits();
    state->insert(state->end(), splits.begin() + static_cast<ptrdiff_t>(next), splits.end());
  }
  return rows;
}

inline Chunk MakeChunk(const Schema& schema, const std::vector<ValueRow>& rows) {
  std::vector<DataType> types;
  for (const Field& field : schema.fields) types.push_back(field.type);
  ChunkBuilder builder(types, MemoryPool::Process());
  for (const ValueRow& row : rows) builder.AppendRow(RowKind::kInsert, row);
  return builder.Finish();
}

}  // namespace millrace::connectors
