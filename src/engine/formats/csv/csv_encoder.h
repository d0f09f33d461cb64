// The encoder of the format 'csv', with the quoting rules of Flink's CSV library.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/formats/csv/csv_reader.h"
#include "engine/formats/format.h"

namespace millrace::formats::csv {

struct EncodeOptions {
  Dialect dialect;
  std::string null_literal;
  std::string array_delimiter = ";";
  bool scientific_decimals = true;
};

class CsvEncoder final : public Encoder {
 public:
  CsvEncoder(const Schema& schema, EncodeOptions options);
  Status Encode(const Chunk& chunk, int32_t row, RowKind kind, std::string& out) override;

 private:
  // The text of a value that is not NULL, unquoted; true when it is one that may need quotes.
  bool AppendText(const DataType& type, const Value& value, std::string* text) const;
  void AppendCell(std::string_view text, std::string& out) const;
  bool NeedsQuotes(std::string_view text) const;

  Schema schema_;
  EncodeOptions options_;
  int min_safe_char_;
};

}  // namespace millrace::formats::csv
