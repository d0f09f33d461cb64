// One decoded value on its way from a record to a column. A record is decoded into slots first, so that a failure
// leaves no half row.
#pragma once

#include <cstdint>

#include "types/column.h"
#include "types/physical.h"
#include "types/value.h"

namespace millrace::formats {

// A value of fixed width, as its column holds it.
union Slot {
  Slot() : int64(0) {}
  uint8_t boolean;
  int8_t int8;
  int16_t int16;
  int32_t int32;
  int64_t int64;
  float float32;
  double float64;
  int128_t decimal;
  Timestamp timestamp;
  StringRef string;
};
static_assert(sizeof(Slot) == 16);

enum class SlotState : uint8_t {
  kMissing,
  kNull,
  kSet,
  kSetCopy,  // a string whose bytes do not lie in the record
};

// Appends a slot to a column that is no ROW; `boxed` holds the value of collections. `refer`: the record's bytes stay,
// so that strings in it need no copy.
void AppendSlot(PhysicalKind physical, const Slot& slot, SlotState state, const Value& boxed, bool refer,
                ColumnBuilder& column);
// The boxed form of a slot.
Value BoxSlot(PhysicalKind physical, const Slot& slot, SlotState state);

}  // namespace millrace::formats
