// A checksum of all rows that does not depend on their order; the rule is in bench/README.md.
#pragma once

#include <cstdint>
#include <vector>

#include "types/chunk.h"

namespace millrace::connectors {

// Sums row hashes modulo 2^64: +I and +U are added, -U and -D subtracted.
class RowChecksum {
 public:
  void Add(const Chunk& chunk);
  uint64_t value() const { return sum_; }

 private:
  std::vector<uint64_t> hashes_;  // of the chunk's live rows
  uint64_t sum_ = 0;
};

}  // namespace millrace::connectors
