#include "bin/shell/result_table.h"

#include <algorithm>
#include <cwchar>

namespace millrace::bin {
namespace {

// The next character and how many bytes it takes; bytes that are no text count one column each.
wchar_t NextCharacter(std::string_view text, size_t at, size_t* bytes) {
  std::mbstate_t state{};
  wchar_t character = L'?';
  size_t used = std::mbrtowc(&character, text.data() + at, text.size() - at, &state);
  bool valid = used != static_cast<size_t>(-1) && used != static_cast<size_t>(-2) && used > 0;
  *bytes = valid ? used : 1;
  return valid ? character : L'?';
}

int WidthOf(wchar_t character) {
  int width = wcwidth(character);
  return width < 0 ? 1 : width;
}

}  // namespace

int DisplayWidth(std::string_view text) {
  int width = 0;
  for (size_t at = 0, bytes = 0; at < text.size(); at += bytes) width += WidthOf(NextCharacter(text, at, &bytes));
  return width;
}

std::string FitTo(std::string_view text, int width, bool right_aligned) {
  bool cut = DisplayWidth(text) > width;
  int room = cut ? width - 1 : width;
  std::string out;
  int used = 0;
  for (size_t at = 0, bytes = 0; at < text.size(); at += bytes) {
    wchar_t character = NextCharacter(text, at, &bytes);
    if (used + WidthOf(character) > room) break;
    used += WidthOf(character);
    bool control = bytes == 1 && (static_cast<unsigned char>(text[at]) < 0x20 || text[at] == 0x7f);
    out += control ? std::string(" ") : std::string(text.substr(at, bytes));
  }
  if (cut) {
    out += "…";
    ++used;
  }
  std::string padding(static_cast<size_t>(std::max(0, width - used)), ' ');
  return right_aligned ? padding + out : out + padding;
}

void ResultTable::Apply(RowKind kind, TextRow row) {
  if (kind == RowKind::kInsert || kind == RowKind::kUpdateAfter) {
    size_t place = rows_.size();
    if (kind == RowKind::kUpdateAfter && !updated_.empty()) {
      place = updated_.back();
      updated_.pop_back();
      rows_[place] = row;
      used_[place] = true;
    } else {
      rows_.push_back(row);
      used_.push_back(true);
    }
    places_[std::move(row)].push_back(place);
    ++size_;
    return;
  }
  auto found = places_.find(row);
  if (found == places_.end()) return;
  size_t place = found->second.back();
  found->second.pop_back();
  if (found->second.empty()) places_.erase(found);
  rows_[place].clear();
  used_[place] = false;
  --size_;
  if (kind == RowKind::kUpdateBefore) updated_.push_back(place);
  if (rows_.size() > 1000 && size_ * 2 < rows_.size()) Compact();
}

void ResultTable::Compact() {
  std::vector<TextRow> kept;
  for (size_t i = 0; i < rows_.size(); ++i) {
    if (used_[i]) kept.push_back(std::move(rows_[i]));
  }
  rows_ = std::move(kept);
  used_.assign(rows_.size(), true);
  updated_.clear();
  places_.clear();
  for (size_t i = 0; i < rows_.size(); ++i) places_[rows_[i]].push_back(i);
}

std::vector<const TextRow*> ResultTable::Rows(size_t from, size_t count) const {
  std::vector<const TextRow*> out;
  size_t seen = 0;
  for (size_t i = 0; i < rows_.size() && out.size() < count; ++i) {
    if (!used_[i]) continue;
    if (seen++ >= from) out.push_back(&rows_[i]);
  }
  return out;
}

std::string RuleLine(const std::vector<TableColumn>& columns) {
  std::string line = "+";
  for (const TableColumn& column : columns) line += std::string(static_cast<size_t>(column.width) + 2, '-') + "+";
  return line;
}

std::string RowLine(const std::vector<TableColumn>& columns, const TextRow& row) {
  std::string line = "|";
  for (size_t i = 0; i < columns.size(); ++i) {
    line += " " + FitTo(i < row.size() ? row[i] : "", columns[i].width, columns[i].right_aligned) + " |";
  }
  return line;
}

std::string HeadLine(const std::vector<TableColumn>& columns) {
  TextRow names;
  for (const TableColumn& column : columns) names.push_back(column.name);
  return RowLine(columns, names);
}

void WidenTo(std::vector<TableColumn>& columns, const std::vector<const TextRow*>& rows, int max_width) {
  for (size_t i = 0; i < columns.size(); ++i) {
    int width = std::max(columns[i].width, DisplayWidth(columns[i].name));
    for (const TextRow* row : rows) width = std::max(width, DisplayWidth((*row)[i]));
    columns[i].width = std::max(1, std::min(width, max_width));
  }
}

}  // namespace millrace::bin
