// Decimals as Flink's JSON library writes them: without trailing zeros.
#pragma once

#include <cstdint>
#include <string>

#include "types/physical.h"

namespace millrace::formats {

// Appends unscaled / 10^scale. `plain`: "100", "0.00000001"; otherwise as java.math.BigDecimal.toString: "1E+2",
// "1E-8".
void AppendStrippedDecimal(std::string* out, int128_t unscaled, int32_t scale, bool plain);

}  // namespace millrace::formats
