// Splits text into records and cells by the rules of Flink's CSV library: quotes count only at the start of a cell, a
// doubled quote is a quote, blanks behind a closing quote are dropped, lines may lie inside quotes.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace millrace::formats::csv {

struct Dialect {
  char delimiter = ',';
  int quote = '"';        // -1: none
  int escape = -1;        // -1: none
  bool comments = false;  // lines that start with '#' are skipped
};

struct Cell {
  std::string_view text;
  bool copied = false;  // `text` lies in the reader, not in the record
};

enum class ReadStatus : uint8_t {
  kRecord,      // cells() holds one
  kEnd,         // nothing but comments was left
  kIncomplete,  // the record may go on behind the end of the text
  kMalformed,   // error() says why; position is behind the line at fault
};

// Not thread-safe.
class CsvReader {
 public:
  explicit CsvReader(const Dialect& dialect) : dialect_(dialect) {}

  // Reads the record at `*position` and moves the position behind it and its line end. `last`: nothing follows the
  // text.
  ReadStatus Read(std::string_view text, bool last, size_t* position);

  const std::vector<Cell>& cells() const { return cells_; }  // until the next Read()
  const std::string& error() const { return error_; }

 private:
  enum class CellEnd : uint8_t { kDelimiter, kLine, kText, kIncomplete, kMalformed };

  CellEnd ReadCell(std::string_view text, bool last, size_t* position);
  CellEnd ReadQuoted(std::string_view text, bool last, size_t* position);
  CellEnd ReadEscaped(std::string_view text, bool last, size_t start, size_t* position);
  // Behind the content of a cell: the delimiter, a line end, or the end of the text.
  CellEnd ReadCellEnd(std::string_view text, bool last, size_t* position);
  bool SkipComments(std::string_view text, bool last, size_t* position);
  void AddCopied(std::string text);

  Dialect dialect_;
  std::vector<Cell> cells_;
  std::deque<std::string> texts_;
  std::string error_;
};

}  // namespace millrace::formats::csv
