// SET and RESET without quotes.
#include "engine/sql/unquoted_set.h"

#include <algorithm>
#include <optional>

#include "engine/sql/token.h"

namespace millrace::sql {
namespace {

constexpr std::string_view kBlanks = " \t\n\r\f\v";

std::string_view TrimLeft(std::string_view text) {
  size_t first = text.find_first_not_of(kBlanks);
  return first == std::string_view::npos ? std::string_view() : text.substr(first);
}

std::string_view TrimRight(std::string_view text) { return text.substr(0, text.find_last_not_of(kBlanks) + 1); }

// Without a ';' at the end.
std::string_view WithoutTerminator(std::string_view text) {
  text = TrimRight(text);
  if (text.ends_with(';')) text.remove_suffix(1);
  return TrimRight(text);
}

LiteralPtr StringOf(std::string_view text) {
  auto literal = std::make_shared<Literal>();
  literal->type = Literal::Type::kString;
  literal->text = std::string(text);
  return literal;
}

// 'anything', or a run without blanks and ';'
std::optional<std::string_view> ValueOf(std::string_view text) {
  text = TrimLeft(text);
  if (text.size() >= 2 && text.front() == '\'' && text.find('\'', 1) == text.size() - 1)
    return text.substr(1, text.size() - 2);
  if (text.empty() || text.find_first_of(kBlanks) != std::string_view::npos || text.find(';') != std::string_view::npos)
    return std::nullopt;
  return text;
}

}  // namespace

StatementPtr ParseUnquotedSet(std::string_view sql) {
  std::string_view text = TrimLeft(sql);
  size_t word_end = text.find_first_of(kBlanks);
  if (word_end == std::string_view::npos) return nullptr;
  Word word = FindWord(text.substr(0, word_end));
  if (word != Word::kSET && word != Word::kRESET) return nullptr;
  std::string_view rest = WithoutTerminator(TrimLeft(text.substr(word_end)));
  size_t key_end = std::min(rest.find_first_of(kBlanks), rest.size());
  key_end = std::min(key_end, rest.find('\''));
  auto set = std::make_shared<SetOption>();
  set->reset = word == Word::kRESET;
  if (set->reset) {
    if (rest.empty() || key_end != rest.size()) return nullptr;
    set->key = StringOf(rest);
    return set;
  }
  // The longest key that leaves '=' and a value.
  for (size_t end = key_end; end > 0; --end) {
    std::string_view tail = end == key_end ? TrimLeft(rest.substr(end)) : rest.substr(end);
    if (!tail.starts_with('=')) continue;
    std::optional<std::string_view> value = ValueOf(tail.substr(1));
    if (!value) continue;
    set->key = StringOf(rest.substr(0, end));
    set->value = StringOf(*value);
    return set;
  }
  return nullptr;
}

}  // namespace millrace::sql
