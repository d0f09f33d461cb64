#include "engine/formats/csv/csv_reader.h"

#include <fmt/format.h>

#include <cstring>

namespace millrace::formats::csv {
namespace {

// `code` may be -1, which no byte is.
bool IsByte(char c, int code) { return static_cast<unsigned char>(c) == code; }

char Unescape(char c) {
  switch (c) {
    case '0':
      return '\0';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return c;
  }
}

size_t FindLineEnd(std::string_view text, size_t position) { return text.find('\n', position); }

}  // namespace

void CsvReader::AddCopied(std::string text) {
  texts_.push_back(std::move(text));
  cells_.push_back({texts_.back(), true});
}

// False when the text ends inside of a comment that may go on.
bool CsvReader::SkipComments(std::string_view text, bool last, size_t* position) {
  while (dialect_.comments && *position < text.size() && text[*position] == '#') {
    size_t line_end = FindLineEnd(text, *position);
    if (line_end == std::string_view::npos) {
      if (!last) return false;
      *position = text.size();
    } else {
      *position = line_end + 1;
    }
  }
  return true;
}

ReadStatus CsvReader::Read(std::string_view text, bool last, size_t* position) {
  cells_.clear();
  texts_.clear();
  size_t at = *position;
  if (!SkipComments(text, last, &at)) return ReadStatus::kIncomplete;
  if (at == text.size()) {
    *position = at;
    return ReadStatus::kEnd;
  }
  for (;;) {
    switch (ReadCell(text, last, &at)) {
      case CellEnd::kDelimiter:
        continue;
      case CellEnd::kLine:
      case CellEnd::kText:
        *position = at;
        return ReadStatus::kRecord;
      case CellEnd::kIncomplete:
        return ReadStatus::kIncomplete;
      case CellEnd::kMalformed: {
        size_t line_end = FindLineEnd(text, at);
        if (line_end == std::string_view::npos && !last) return ReadStatus::kIncomplete;
        *position = line_end == std::string_view::npos ? text.size() : line_end + 1;
        return ReadStatus::kMalformed;
      }
    }
  }
}

CsvReader::CellEnd CsvReader::ReadCellEnd(std::string_view text, bool last, size_t* position) {
  size_t at = *position;
  if (at == text.size()) return last ? CellEnd::kText : CellEnd::kIncomplete;
  if (text[at] == dialect_.delimiter) {
    *position = at + 1;
    // A delimiter at the very end: one more cell, an empty one.
    if (at + 1 == text.size() && !last) return CellEnd::kIncomplete;
    return CellEnd::kDelimiter;
  }
  if (text[at] == '\r') {
    if (at + 1 == text.size() && !last) return CellEnd::kIncomplete;
    if (at + 1 < text.size() && text[at + 1] == '\n') ++at;
  }
  *position = at + 1;
  return CellEnd::kLine;
}

CsvReader::CellEnd CsvReader::ReadCell(std::string_view text, bool last, size_t* position) {
  size_t start = *position;
  if (start < text.size() && IsByte(text[start], dialect_.quote)) return ReadQuoted(text, last, position);
  size_t at = start;
  for (; at < text.size(); ++at) {
    char c = text[at];
    if (c == dialect_.delimiter || c == '\n' || c == '\r') break;
    if (IsByte(c, dialect_.escape)) return ReadEscaped(text, last, start, position);
  }
  if (at == text.size() && !last) return CellEnd::kIncomplete;
  cells_.push_back({text.substr(start, at - start), false});
  *position = at;
  return ReadCellEnd(text, last, position);
}

CsvReader::CellEnd CsvReader::ReadEscaped(std::string_view text, bool last, size_t start, size_t* position) {
  std::string content;
  size_t at = start;
  for (; at < text.size(); ++at) {
    char c = text[at];
    if (c == dialect_.delimiter || c == '\n' || c == '\r') break;
    if (IsByte(c, dialect_.escape)) {
      if (++at == text.size()) break;
      c = Unescape(text[at]);
    }
    content.push_back(c);
  }
  if (at == text.size() && !last) return CellEnd::kIncomplete;
  AddCopied(std::move(content));
  *position = at;
  return ReadCellEnd(text, last, position);
}

CsvReader::CellEnd CsvReader::ReadQuoted(std::string_view text, bool last, size_t* position) {
  auto quote = static_cast<char>(dialect_.quote);
  size_t start = *position + 1;
  size_t at = start;
  std::string content;
  bool plain = true;  // `content` is not used: the cell is text[start, at)
  for (;; ++at) {
    if (at >= text.size()) {
      if (!last) return CellEnd::kIncomplete;
      error_ = "Missing closing quote for value";
      *position = text.size();
      return CellEnd::kMalformed;
    }
    char c = text[at];
    bool escaped = IsByte(c, dialect_.escape) && at + 1 < text.size();
    if (c == quote && !escaped) {
      if (at + 1 == text.size() && !last) return CellEnd::kIncomplete;
      if (at + 1 == text.size() || text[at + 1] != quote) break;
    } else if (!escaped) {
      if (!plain) content.push_back(c);
      continue;
    }
    if (plain) content.assign(text.substr(start, at - start));
    plain = false;
    ++at;
    content.push_back(escaped ? Unescape(text[at]) : quote);
  }
  if (plain) {
    cells_.push_back({text.substr(start, at - start), false});
  } else {
    AddCopied(std::move(content));
  }
  ++at;
  while (at < text.size() && static_cast<unsigned char>(text[at]) <= ' ' && text[at] != dialect_.delimiter &&
         text[at] != '\n' && text[at] != '\r') {
    ++at;
  }
  *position = at;
  if (at < text.size() && text[at] != dialect_.delimiter && text[at] != '\n' && text[at] != '\r') {
    error_ = fmt::format("Expected column separator character '{}' or end-of-line behind a closing quote",
                         dialect_.delimiter);
    return CellEnd::kMalformed;
  }
  return ReadCellEnd(text, last, position);
}

}  // namespace millrace::formats::csv
