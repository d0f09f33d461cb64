// Compares packed rows by sort keys, as Flink sorts: NaN is greatest, -0.0 comes before 0.0, strings by bytes.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/plan/physical.h"
#include "engine/state/row_layout.h"

namespace millrace::operators {

class RowComparator {
 public:
  // `layout` outlives it.
  RowComparator(const state::RowLayout* layout, std::vector<plan::SortKey> keys)
      : layout_(layout), keys_(std::move(keys)) {}

  // Below 0: `a` comes first; 0: equal in all keys.
  int Compare(const uint8_t* a, const uint8_t* b) const {
    for (const plan::SortKey& key : keys_) {
      int order = CompareKey(key, a, b);
      if (order != 0) return order;
    }
    return 0;
  }

 private:
  int CompareKey(const plan::SortKey& key, const uint8_t* a, const uint8_t* b) const;
  int CompareField(size_t column, const uint8_t* a, const uint8_t* b) const;  // neither is NULL

  const state::RowLayout* layout_;
  std::vector<plan::SortKey> keys_;
};

}  // namespace millrace::operators
