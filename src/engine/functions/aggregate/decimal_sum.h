// A DECIMAL sum with 38 digits that notices when it leaves them; the part that SUM, AVG and the variances share.
#pragma once

#include <cstdint>
#include <string>

#include "engine/functions/aggregate/record.h"
#include "types/physical.h"

namespace millrace::functions {

// 10^38: the unscaled value of every DECIMAL is closer to zero.
constexpr int128_t kDecimalLimit = static_cast<int128_t>(10'000'000'000'000'000'000ULL) * 10'000'000'000'000'000'000ULL;

inline bool FitsDecimal(int128_t value) { return value > -kDecimalLimit && value < kDecimalLimit; }

struct DecimalSum {
  int128_t sum = 0;
  int64_t count = 0;
  uint8_t overflow = 0;  // the sum is NULL

  // Adds to the sum; one that is too large becomes NULL and stays so.
  void AddSticky(int128_t value, int64_t values) {
    count += values;
    if (overflow || __builtin_add_overflow(sum, value, &sum) || !FitsDecimal(sum)) overflow = 1;
  }
  // The same, but a NULL sum begins again with `value`.
  void AddRestarting(int128_t value, int64_t values) {
    if (overflow) {
      overflow = 0;
      sum = 0;
    }
    AddSticky(value, values);
  }

  void Save(std::string& out) const {
    PutFixed(out, overflow ? int128_t{0} : sum);
    PutFixed(out, count);
    PutFixed(out, overflow);
  }
  void Load(RecordReader& in) {
    sum = in.Fixed<int128_t>();
    count = in.Fixed<int64_t>();
    overflow = in.Fixed<uint8_t>();
  }
};
static_assert(sizeof(DecimalSum) == 32);

}  // namespace millrace::functions
