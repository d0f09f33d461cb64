// Bit ranges, a word at a time.
#include "types/bit_copy.h"

#include <algorithm>

namespace millrace::bits {
namespace {

// `count` bits (1 to 64) from bit `offset` on.
uint64_t Read(const uint64_t* words, int32_t offset, int32_t count) {
  int32_t word = offset >> 6;
  int32_t shift = offset & 63;
  uint64_t value = words[word] >> shift;
  if (shift != 0 && shift + count > 64) value |= words[word + 1] << (64 - shift);
  return count == 64 ? value : value & ((uint64_t{1} << count) - 1);
}

// Writes `count` bits that do not cross a word.
void Write(uint64_t* words, int32_t offset, int32_t count, uint64_t value) {
  uint64_t mask = (count == 64 ? ~uint64_t{0} : (uint64_t{1} << count) - 1) << (offset & 63);
  uint64_t& word = words[offset >> 6];
  word = (word & ~mask) | (value << (offset & 63) & mask);
}

}  // namespace

void Copy(const uint64_t* from, int32_t from_offset, uint64_t* to, int32_t to_offset, int32_t count) {
  while (count > 0) {
    int32_t part = std::min(count, 64 - (to_offset & 63));
    Write(to, to_offset, part, Read(from, from_offset, part));
    from_offset += part;
    to_offset += part;
    count -= part;
  }
}

void SetRange(uint64_t* words, int32_t offset, int32_t count) {
  while (count > 0) {
    int32_t part = std::min(count, 64 - (offset & 63));
    Write(words, offset, part, ~uint64_t{0});
    offset += part;
    count -= part;
  }
}

}  // namespace millrace::bits
