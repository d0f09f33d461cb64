// HASH_CODE: Java's hashCode() of a value.
#include <bit>
#include <cstdlib>

#include "engine/functions/inference.h"
#include "engine/functions/lift.h"
#include "engine/functions/scalar/string/utf8.h"

namespace millrace::functions {

namespace {

int32_t OfLong(int64_t value) {
  auto bits = static_cast<uint64_t>(value);
  return static_cast<int32_t>(static_cast<uint32_t>(bits ^ (bits >> 32)));
}

int32_t OfInt(int32_t value) { return value; }
int32_t OfShort(int16_t value) { return value; }
int32_t OfByte(int8_t value) { return value; }
int32_t OfBool(bool value) { return value ? 1231 : 1237; }
int32_t OfFloat(float value) { return value != value ? 0x7FC00000 : std::bit_cast<int32_t>(value); }
int32_t OfDouble(double value) {
  return OfLong(value != value ? int64_t{0x7FF8000000000000} : std::bit_cast<int64_t>(value));
}

int32_t OfTimestamp(Timestamp value) {
  return static_cast<int32_t>(static_cast<uint32_t>(OfLong(value.millis)) * 31 + static_cast<uint32_t>(value.nanos));
}

// Only texts give their absolute value; that of the least integer is itself.
int32_t OfText(std::string_view text) {
  uint32_t hash = 0;
  for (char16_t unit : ToUtf16(text)) hash = hash * 31 + unit;
  auto value = static_cast<int32_t>(hash);
  return value == INT32_MIN || value >= 0 ? value : -value;
}

// BigDecimal's: the words of the magnitude, its sign, and the scale.
int32_t OfDecimal(const KernelCall& call, int128_t value) {
  uint128_t magnitude = value < 0 ? uint128_t{0} - static_cast<uint128_t>(value) : static_cast<uint128_t>(value);
  uint32_t hash = 0;
  for (int shift = 96; shift >= 0; shift -= 32) hash = hash * 31 + static_cast<uint32_t>(magnitude >> shift);
  if (value < 0) hash = 0 - hash;
  return static_cast<int32_t>(hash * 31 + static_cast<uint32_t>(call.args[0]->type().scale()));
}

Result<ColumnPtr> Run(const KernelCall& call) {
  switch (call.args[0]->type().physical()) {
    case PhysicalKind::kBool:
      return Lift<OfBool>(call);
    case PhysicalKind::kInt8:
      return Lift<OfByte>(call);
    case PhysicalKind::kInt16:
      return Lift<OfShort>(call);
    case PhysicalKind::kInt32:
      return Lift<OfInt>(call);
    case PhysicalKind::kInt64:
      return Lift<OfLong>(call);
    case PhysicalKind::kFloat:
      return Lift<OfFloat>(call);
    case PhysicalKind::kDouble:
      return Lift<OfDouble>(call);
    case PhysicalKind::kInt128:
      return Lift<OfDecimal>(call);
    case PhysicalKind::kTimestamp:
      return Lift<OfTimestamp>(call);
    case PhysicalKind::kString:
      return Lift<OfText>(call);
    case PhysicalKind::kNone:
    case PhysicalKind::kList:
    case PhysicalKind::kRow:
      break;
  }
  return InternalError("no hash code of this type");
}

Result<DataType> Infer(CallTypes& call) {
  bool fits = CountBetween(call, 1, 1);
  if (fits && call.types[0].Is(TypeKind::kNull)) call.types[0] = DataType::String();
  if (fits) {
    const DataType& type = call.types[0];
    fits = type.Is(TypeKind::kBoolean) || type.IsNumeric() || type.IsString() || type.IsDateTime();
  }
  if (!fits) return BadArguments(call, "'HASH_CODE(<BOOLEAN | NUMERIC | CHARACTER | DATETIME>)'");
  return NullableIfArgs(call, DataType::Int());
}

}  // namespace

extern const ScalarFunction kHashCode = {.name = "HASH_CODE",
                                         .signature = "HASH_CODE(value) -> INT",
                                         .doc = "Java's hash code of the value; of a text the absolute one.",
                                         .example = "HASH_CODE('abc')",
                                         .example_result = "96354",
                                         .infer = Infer,
                                         .kernel = Run};

}  // namespace millrace::functions
