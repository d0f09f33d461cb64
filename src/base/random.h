// Random numbers from a seed; nothing else makes random numbers.
#pragma once

#include <cstdint>

namespace millrace {

// SplitMix64: small, fast, and the same on every machine for one seed. Not for secrets. Not thread-safe.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  uint64_t Next() {
    state_ += 0x9E3779B97F4A7C15ULL;
    uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
  }
  // Uniform in [0, bound); bound > 0.
  uint64_t Below(uint64_t bound) {
    return static_cast<uint64_t>((static_cast<unsigned __int128>(Next()) * bound) >> 64);
  }
  // Uniform in [0, 1).
  double Unit() { return static_cast<double>(Next() >> 11) * 0x1.0p-53; }

  // The position, so that a generator can be stored in a checkpoint and continued.
  uint64_t state() const { return state_; }

  // A seed from the machine's entropy, for when the user gives none.
  static uint64_t EntropySeed();

 private:
  uint64_t state_;
};

}  // namespace millrace
