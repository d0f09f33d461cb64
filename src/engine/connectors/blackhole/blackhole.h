// blackhole: takes every row, reads every column, keeps nothing but a count and a checksum.
#pragma once

#include <atomic>
#include <cstdint>

namespace millrace::connectors {

// What all blackhole sinks of this process have swallowed since the last Reset(); for benchmarks. Thread-safe.
struct BlackholeTotals {
  std::atomic<uint64_t> checksum{0};
  std::atomic<int64_t> rows{0};

  static BlackholeTotals& Get();
  void Reset() {
    checksum = 0;
    rows = 0;
  }
};

}  // namespace millrace::connectors
