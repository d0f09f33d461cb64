// From a JSON token to a value of a type, with the leniency of Flink's json format (boolean from anything, integers
// from texts and from numbers with fractions, text from everything).
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/formats/json/json_plan.h"
#include "engine/formats/json/json_reader.h"
#include "engine/formats/slot.h"

namespace millrace::formats::json {

enum class Conversion : uint8_t {
  kOk,
  kBadValue,   // this value is no value of the type
  kBadRecord,  // and nothing behind it can be read
};

// Not for kSkip, kCollection and kObject. `state` becomes kNull, kSet or kSetCopy on kOk.
Conversion ConvertToken(ValueKind kind, const DataType& type, const DecodeOptions& options, JsonReader* reader,
                        const Token& token, Slot* slot, SlotState* state);

}  // namespace millrace::formats::json
