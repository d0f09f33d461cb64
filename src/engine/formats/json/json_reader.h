// Reads the pieces of one JSON text: strings, numbers, literals, and whatever is to be skipped. Everything is checked
// as Flink's JSON library checks it: control characters may stand unescaped in strings, all else is strict.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "engine/formats/json/json_scan.h"

namespace millrace::formats::json {

constexpr int32_t kDepthMax = 1000;

enum class TokenKind : uint8_t { kString, kInteger, kDecimal, kTrue, kFalse, kNull, kObject, kArray };

// A value as it stands in the text. `text` is the content of a string (unescaped), the spelling of a number or literal,
// or the whole of an object or array.
struct Token {
  TokenKind kind = TokenKind::kNull;
  bool copied = false;  // `text` lies in the reader, not in the record
  std::string_view text;
};

// Every function takes a position and returns the one behind what it read, or null after a failure, which failure()
// then describes. The text must have kKeeperPaddingBytes readable bytes behind its end. Not thread-safe; use again for
// the next text with Start().
class JsonReader {
 public:
  void Start(const char* begin, const char* end) {
    begin_ = begin;
    end_ = end;
    failure_ = nullptr;
    if (!texts_.empty()) texts_.clear();
  }
  const char* end() const { return end_; }

  // `p` is at the first byte of a value, blanks skipped. Objects and arrays are skipped and checked.
  const char* ReadToken(const char* p, Token* token);
  // `p` is behind the opening quote.
  const char* ReadString(const char* p, Token* token);
  const char* SkipValue(const char* p);
  const char* SkipString(const char* p) {
    uint32_t non_ascii = 0;
    const char* quote = FindQuoteOrBackslash(p, end_, &non_ascii);
    if (quote < end_ && *quote == '"' && non_ascii == 0) [[likely]]
      return quote + 1;
    return SkipUnusualString(p);
  }
  // `p` is behind an opening bracket, `object` says of which kind; skips to behind the closing one.
  const char* SkipContainer(const char* p, bool object);
  // `p` is at the quote of a key; skips the rest of the object, to behind its closing bracket.
  const char* SkipMembers(const char* p);
  // `p` is behind "key"; skips the colon and blanks.
  const char* SkipColon(const char* p);
  // Checks a string's bytes that are not all ASCII.
  bool CheckUtf8(std::string_view text, const char* at);

  // Notes what is wrong at `at`; always returns null. `reason` must be a literal.
  const char* Fail(const char* at, const char* reason) {
    failure_ = reason;
    failed_at_ = at < end_ ? at : end_;
    return nullptr;
  }
  bool failed() const { return failure_ != nullptr; }
  // "… at byte 17".
  std::string FailureText() const;

  // Keeps a text until the next Start().
  std::string_view Keep(std::string text) {
    texts_.push_back(std::move(text));
    return texts_.back();
  }

 private:
  const char* SkipUnusualString(const char* p);
  const char* SkipNumber(const char* p, bool* integer);
  const char* SkipLiteral(const char* p, std::string_view literal);
  const char* SkipScalar(const char* p);
  // Reads what stands behind a backslash; appends it to `out` unless that is null.
  const char* ReadEscape(const char* p, std::string* out);
  const char* ReadUnicodeEscape(const char* p, std::string* out);
  const char* ReadHex4(const char* p, uint32_t* code);

  const char* begin_ = nullptr;
  const char* end_ = nullptr;
  const char* failure_ = nullptr;
  const char* failed_at_ = nullptr;
  std::deque<std::string> texts_;
};

}  // namespace millrace::formats::json
