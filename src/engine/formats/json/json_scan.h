// The inner loops of the JSON decoder. They may read up to kKeeperPaddingBytes behind the record's end, where bytes
// have no meaning: whoever consumes such a byte ends up behind the end, and that is checked once for each record.
#pragma once

#include <immintrin.h>

#include <cstdint>
#include <cstring>

namespace millrace::formats::json {

inline uint64_t Load8(const char* p) {
  uint64_t word;
  std::memcpy(&word, p, sizeof(word));
  return word;
}

inline bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
inline bool IsDigit(char c) { return static_cast<unsigned char>(c - '0') <= 9; }

inline const char* SkipSpace(const char* p, const char* end) {
  while (IsSpace(*p) && p < end) ++p;
  return p;
}

// The first '"' or '\\' at or behind `p`, or a place at or behind `end` when there is none. Sets bits of `non_ascii`
// when there are bytes above 0x7F before it.
inline const char* FindQuoteOrBackslash(const char* p, const char* end, uint32_t* non_ascii) {
#ifdef __AVX2__
  const __m256i quote = _mm256_set1_epi8('"');
  const __m256i backslash = _mm256_set1_epi8('\\');
  for (; p < end; p += 32) {
    __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
    __m256i hits = _mm256_or_si256(_mm256_cmpeq_epi8(bytes, quote), _mm256_cmpeq_epi8(bytes, backslash));
    uint32_t hit = static_cast<uint32_t>(_mm256_movemask_epi8(hits));
    uint32_t high = static_cast<uint32_t>(_mm256_movemask_epi8(bytes));
    if (hit != 0) {
      *non_ascii |= high & ((hit & (0 - hit)) - 1);
      return p + __builtin_ctz(hit);
    }
    *non_ascii |= high;
  }
#else
  const __m128i quote = _mm_set1_epi8('"');
  const __m128i backslash = _mm_set1_epi8('\\');
  for (; p < end; p += 16) {
    __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
    __m128i hits = _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash));
    uint32_t hit = static_cast<uint32_t>(_mm_movemask_epi8(hits));
    uint32_t high = static_cast<uint32_t>(_mm_movemask_epi8(bytes));
    if (hit != 0) {
      *non_ascii |= high & ((hit & (0 - hit)) - 1);
      return p + __builtin_ctz(hit);
    }
    *non_ascii |= high;
  }
#endif
  return p;
}

// The first kTokenBytes bytes of an expected key with its quotes, to compare with one load.
struct KeyToken {
  static constexpr size_t kBytes = 32;
  char bytes[kBytes] = {};
  uint32_t mask = 0;  // a bit for each byte that counts
  uint32_t size = 0;  // of the whole token; more than kBytes: the rest is compared by the caller
};

inline bool StartsWith(const char* p, const KeyToken& token) {
#ifdef __AVX2__
  __m256i equal = _mm256_cmpeq_epi8(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)),
                                    _mm256_loadu_si256(reinterpret_cast<const __m256i*>(token.bytes)));
  uint32_t same = static_cast<uint32_t>(_mm256_movemask_epi8(equal));
#else
  const auto* bytes = reinterpret_cast<const __m128i*>(p);
  const auto* expected = reinterpret_cast<const __m128i*>(token.bytes);
  __m128i low = _mm_cmpeq_epi8(_mm_loadu_si128(bytes), _mm_loadu_si128(expected));
  __m128i high = _mm_cmpeq_epi8(_mm_loadu_si128(bytes + 1), _mm_loadu_si128(expected + 1));
  uint32_t same =
      static_cast<uint32_t>(_mm_movemask_epi8(low)) | (static_cast<uint32_t>(_mm_movemask_epi8(high)) << 16);
#endif
  return (same & token.mask) == token.mask;
}

// How many of the 8 bytes of `word`, from the lowest, are decimal digits. Bytes behind the first other one do not
// matter.
inline int DigitCount(uint64_t word) {
  uint64_t digits = word ^ 0x3030303030303030ULL;
  uint64_t others = ((digits + 0x7676767676767676ULL) | digits) & 0x8080808080808080ULL;
  return others == 0 ? 8 : __builtin_ctzll(others) >> 3;
}

// The number of the first `count` (1 to 8) digits of `word`.
inline uint64_t DigitsValue(uint64_t word, int count) {
  uint64_t digits = (word ^ 0x3030303030303030ULL) << (64 - count * 8);
  digits = digits * 10 + (digits >> 8);
  return (((digits & 0x000000FF000000FFULL) * 0x000F424000000064ULL) +
          (((digits >> 16) & 0x000000FF000000FFULL) * 0x0000271000000001ULL)) >>
         32;
}

constexpr uint64_t kTenTo[] = {1, 10, 100, 1'000, 10'000, 100'000, 1'000'000, 10'000'000, 100'000'000, 1'000'000'000};

// Reads an integer of at most 16 digits that a comma, a closing bracket or a blank follows. Null when it is longer, has
// a fraction or an exponent, has leading zeros, or is no number: the general way then decides.
inline const char* ScanShortInteger(const char* p, int64_t* value) {
  bool negative = *p == '-';
  const char* digits = p + (negative ? 1 : 0);
  uint64_t word = Load8(digits);
  int count = DigitCount(word);
  if (count == 0) return nullptr;
  uint64_t number = DigitsValue(word, count);
  const char* end = digits + count;
  if (count == 8) {
    uint64_t next = Load8(end);
    int more = DigitCount(next);
    if (more == 8) return nullptr;
    if (more > 0) {
      number = number * kTenTo[more] + DigitsValue(next, more);
      end += more;
    }
  }
  char c = *end;
  if (c != ',' && c != '}' && c != ']' && !IsSpace(c)) return nullptr;
  if (*digits == '0' && end - digits > 1) return nullptr;
  *value = negative ? -static_cast<int64_t>(number) : static_cast<int64_t>(number);
  return end;
}

// "HH:mm:ss" at `p` as milliseconds of the day; -1 when it is not of that form or out of range.
inline int32_t ScanTimeOfDay(const char* p) {
  uint64_t digits = Load8(p) ^ 0x30303A30303A3030ULL;
  if ((((digits + 0x76767F76767F7676ULL) | digits) & 0x8080808080808080ULL) != 0) return -1;
  uint64_t pairs = digits * 10 + (digits >> 8);
  int32_t hour = static_cast<int32_t>(pairs & 0xFF);
  int32_t minute = static_cast<int32_t>((pairs >> 24) & 0xFF);
  int32_t second = static_cast<int32_t>((pairs >> 48) & 0xFF);
  if (hour > 23 || minute > 59 || second > 59) return -1;
  return ((hour * 60 + minute) * 60 + second) * 1000;
}

}  // namespace millrace::formats::json
