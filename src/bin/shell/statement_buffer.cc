#include "bin/shell/statement_buffer.h"

#include <algorithm>
#include <cctype>
#include <utility>
#include <vector>

namespace millrace::bin {
namespace {

// Walks over SQL text, past quotes and comments.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  // The next character that counts, or nothing at the end. `at()` is its position.
  std::optional<char> Next() {
    while (at_ + 1 < static_cast<ptrdiff_t>(text_.size())) {
      ++at_;
      char c = text_[static_cast<size_t>(at_)];
      if (c == '\'' || c == '`') {
        if (!SkipTo(std::string(1, c))) return std::nullopt;
        return c;
      }
      if (Starts("--")) {
        SkipTo("\n");
      } else if (Starts("/*")) {
        ++at_;
        SkipTo("*/");
      } else {
        return c;
      }
    }
    return std::nullopt;
  }
  size_t at() const { return static_cast<size_t>(at_); }

 private:
  bool Starts(std::string_view what) const { return text_.substr(static_cast<size_t>(at_)).starts_with(what); }
  // To the last character of the next `end`; the end of the text when there is none.
  bool SkipTo(const std::string& end) {
    size_t found = text_.find(end, static_cast<size_t>(at_) + 1);
    at_ = static_cast<ptrdiff_t>(found == std::string_view::npos ? text_.size() : found + end.size() - 1);
    return found != std::string_view::npos;
  }

  std::string_view text_;
  ptrdiff_t at_ = -1;
};

// The words of a text in upper case, without what quotes and comments hold.
std::vector<std::string> WordsOf(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  Scanner scanner(text);
  size_t last = 0;
  while (auto c = scanner.Next()) {
    bool letter = std::isalnum(static_cast<unsigned char>(*c)) != 0 || *c == '_';
    if ((!letter || scanner.at() != last + 1) && !word.empty()) words.push_back(std::exchange(word, {}));
    if (letter) word += static_cast<char>(std::toupper(static_cast<unsigned char>(*c)));
    last = scanner.at();
  }
  if (!word.empty()) words.push_back(word);
  return words;
}

// Whether a text up to a ';' goes on behind it.
bool InStatementSet(std::string_view text) {
  std::vector<std::string> words = WordsOf(text);
  auto set = std::find(words.begin(), words.end(), "STATEMENT");
  bool begun =
      set != words.begin() && words.end() - set > 2 && set - words.begin() <= 4 && set[1] == "SET" && set[2] == "BEGIN";
  return begun && words.back() != "END";
}

std::string Trim(std::string_view text) {
  size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1));
}

bool IsBlank(std::string_view text) {
  Scanner scanner(text);
  while (auto c = scanner.Next()) {
    if (std::isspace(static_cast<unsigned char>(*c)) == 0) return false;
  }
  return true;
}

}  // namespace

void StatementBuffer::Add(std::string_view line) {
  text_ += line;
  text_ += '\n';
}

std::optional<std::string> StatementBuffer::Take() {
  Scanner scanner(text_);
  while (auto c = scanner.Next()) {
    if (*c != ';') continue;
    std::string_view statement = std::string_view(text_).substr(0, scanner.at());
    if (InStatementSet(statement)) continue;
    std::string taken = Trim(statement);
    bool blank = IsBlank(statement);
    text_.erase(0, scanner.at() + 1);
    if (!blank) return taken;
    return Take();
  }
  return std::nullopt;
}

bool StatementBuffer::Blank() const {
  bool open_comment =
      text_.rfind("/*") != std::string::npos && text_.find("*/", text_.rfind("/*")) == std::string::npos;
  return IsBlank(text_) && !open_comment;
}

std::string StatementBuffer::TakeRest() {
  std::string rest = IsBlank(text_) ? std::string() : Trim(text_);
  text_.clear();
  return rest;
}

}  // namespace millrace::bin
