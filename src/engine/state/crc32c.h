// CRC-32C (Castagnoli), the checksum of snapshot files.
#pragma once

#include <cstdint>
#include <string_view>

namespace millrace::state {

// Of `bytes` that follow bytes with checksum `before`.
uint32_t Crc32c(std::string_view bytes, uint32_t before = 0);

}  // namespace millrace::state
