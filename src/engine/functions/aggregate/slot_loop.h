// The loops of aggregates over a column: one row into one slot, nulls left out, additions apart from retractions.
#pragma once

#include <cstdint>
#include <vector>

#include "types/chunk.h"
#include "types/column.h"

namespace millrace::functions {

// Where the slot of the i-th row of a call to Accumulate lies.
template <typename Slot>
Slot& SlotAt(uint8_t* const* slots, int32_t offset, int32_t i) {
  return *reinterpret_cast<Slot*>(slots[i] + offset);
}

inline bool Adds(const std::vector<RowKind>* kinds, int32_t row) {
  return kinds == nullptr || IsAddition((*kinds)[static_cast<size_t>(row)]);
}

// add(slot, value) or take(slot, value) for each row whose value is not NULL. Columns without nulls, kinds and
// indirection, which are the usual ones, take a loop without branches.
template <typename Slot, typename T, typename Add, typename Take>
void FoldValues(uint8_t* const* slots, int32_t offset, RowSet rows, const Column& column,
                const std::vector<RowKind>* kinds, Add add, Take take) {
  ColumnReader<T> in(column);
  int32_t count = rows.count();
  if (kinds == nullptr && in.IsFlat() && !in.MayHaveNulls()) {
    const T* values = in.values();
    if (rows.IsAll()) {
      for (int32_t i = 0; i < count; ++i) add(SlotAt<Slot>(slots, offset, i), values[i]);
    } else {
      for (int32_t i = 0; i < count; ++i) add(SlotAt<Slot>(slots, offset, i), values[rows.rows()[i]]);
    }
    return;
  }
  for (int32_t i = 0; i < count; ++i) {
    int32_t row = rows[i];
    if (in.IsNull(row)) continue;
    Slot& slot = SlotAt<Slot>(slots, offset, i);
    if (Adds(kinds, row)) {
      add(slot, in[row]);
    } else {
      take(slot, in[row]);
    }
  }
}

}  // namespace millrace::functions
