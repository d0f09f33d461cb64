// Copies of bit ranges, for validity bitmaps. Private to the columns.
#pragma once

#include <cstdint>

namespace millrace::bits {

// Copies `count` bits of `from`, starting at bit `from_offset`, to bit `to_offset` of `to`; other bits of `to` stay.
void Copy(const uint64_t* from, int32_t from_offset, uint64_t* to, int32_t to_offset, int32_t count);
// Sets `count` bits from bit `offset` on.
void SetRange(uint64_t* words, int32_t offset, int32_t count);

}  // namespace millrace::bits
