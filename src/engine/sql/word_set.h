// Fixed sets of key words and of token types with a test in constant time.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>

#include "engine/sql/token.h"

namespace millrace::sql {

class WordSet {
 public:
  constexpr WordSet(std::initializer_list<Word> words) {  // NOLINT: implicit on purpose
    for (Word word : words) bits_[static_cast<size_t>(word) / 64] |= uint64_t{1} << (static_cast<size_t>(word) % 64);
  }
  constexpr bool Contains(Word word) const {
    return (bits_[static_cast<size_t>(word) / 64] >> (static_cast<size_t>(word) % 64) & 1) != 0;
  }

 private:
  std::array<uint64_t, 16> bits_{};
};

class TokenSet {
 public:
  constexpr TokenSet(std::initializer_list<TokenType> types) {  // NOLINT: implicit on purpose
    for (TokenType type : types) bits_ |= uint64_t{1} << static_cast<unsigned>(type);
  }
  constexpr bool Contains(TokenType type) const { return (bits_ >> static_cast<unsigned>(type) & 1) != 0; }

 private:
  uint64_t bits_ = 0;
};

}  // namespace millrace::sql
