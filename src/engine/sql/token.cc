// The table of key words.
#include "engine/sql/token.h"

#include <algorithm>
#include <array>
#include <string>

#include "engine/sql/parser.h"

namespace millrace::sql {
namespace {

struct WordEntry {
  std::string_view text;
  bool reserved;
};

// In the order of enum Word, which is sorted by text.
constexpr WordEntry kWords[] = {
#define MR_WORD(name) {#name, false},
#define MR_RESERVED(name) {#name, true},
#include "engine/sql/keywords.inc"
#undef MR_WORD
#undef MR_RESERVED
};

constexpr size_t kLongestWord = 40;

}  // namespace

Word FindWord(std::string_view text) {
  if (text.empty() || text.size() > kLongestWord) return Word::kNone;
  std::array<char, kLongestWord> upper;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    upper[i] = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  std::string_view key(upper.data(), text.size());
  const WordEntry* found =
      std::lower_bound(std::begin(kWords), std::end(kWords), key,
                       [](const WordEntry& entry, std::string_view value) { return entry.text < value; });
  if (found == std::end(kWords) || found->text != key) return Word::kNone;
  return static_cast<Word>(found - std::begin(kWords) + 1);
}

std::string_view WordText(Word word) {
  return word == Word::kNone ? std::string_view() : kWords[static_cast<size_t>(word) - 1].text;
}

bool IsReserved(Word word) { return word != Word::kNone && kWords[static_cast<size_t>(word) - 1].reserved; }

bool IsReservedWord(std::string_view word) { return IsReserved(FindWord(word)); }

}  // namespace millrace::sql
