// The decoder of the format 'csv'.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/formats/csv/csv_reader.h"
#include "engine/formats/format.h"
#include "engine/formats/slot.h"

namespace millrace::formats::csv {

struct DecodeOptions {
  Dialect dialect;
  bool ignore_parse_errors = false;
  std::optional<std::string> null_literal;
  std::string array_delimiter = ";";
};

class CsvDecoder final : public Decoder {
 public:
  CsvDecoder(const DecoderSpec& spec, DecodeOptions options);

  Status Decode(std::string_view record, const BufferPtr& keeper, ChunkBuilder& out) override;
  // A record may span lines.
  Result<LinesResult> DecodeLines(std::string_view block, bool end_of_input, const BufferPtr& keeper, ChunkBuilder& out,
                                  int64_t* failed_line) override;

 private:
  struct Column {
    size_t cell;
    std::string name;
    DataType type;
  };

  // Turns the reader's cells into a row; what fails is the text of a message.
  Status AppendRow(std::string_view record, const BufferPtr& keeper, ChunkBuilder& out);
  Status ConvertCell(const Column& column, const Cell& cell, size_t index);
  bool ConvertValue(const DataType& type, std::string_view text, Slot* slot, SlotState* state);
  bool ConvertList(const DataType& type, std::string_view text, Value* value);
  bool ConvertItem(const DataType& type, std::string_view text, Value* value);
  Error RecordError(std::string_view record, std::string_view reason) const;

  DecodeOptions options_;
  size_t cells_max_;  // columns of the table
  std::vector<Column> columns_;
  CsvReader reader_;
  std::vector<Slot> slots_;
  std::vector<SlotState> states_;
  std::vector<Value> boxed_;
  std::deque<std::string> texts_;  // decoded Base64 of the row at hand
};

// Fails with "format.csv.type" for types that the format has no text for.
Status CheckType(const std::string& name, const DataType& type);

}  // namespace millrace::formats::csv
