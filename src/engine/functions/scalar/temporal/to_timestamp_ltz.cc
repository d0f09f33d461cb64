// TO_TIMESTAMP_LTZ(number, precision): an instant from seconds (0) or milliseconds (3) since 1970.
#include <cmath>
#include <optional>

#include "engine/functions/inference.h"
#include "engine/functions/lift.h"
#include "types/date_time.h"
#include "types/decimal.h"

namespace millrace::functions {
namespace {

constexpr int64_t kMinMillis = -62'167'219'200'000;  // 0000-01-01 00:00:00
constexpr int64_t kMaxMillis = 253'402'300'799'999;  // 9999-12-31 23:59:59.999
constexpr int64_t kMinSeconds = kMinMillis / 1000;
constexpr int64_t kMaxSeconds = kMaxMillis / 1000;

using MaybeInstant = Result<std::optional<Timestamp>>;

Error BadPrecision(int32_t precision) {
  return UserError("function.arguments",
                   "The precision value '" + std::to_string(precision) +
                       "' for function TO_TIMESTAMP_LTZ(numeric, precision) is unsupported, the supported value is '0' "
                       "for second or "
                       "'3' for millisecond.",
                   "Pass 0 or 3");
}

std::optional<Timestamp> InRange(int64_t millis) {
  if (millis < kMinMillis || millis > kMaxMillis) return std::nullopt;
  return TimestampFromMillis(millis);
}

MaybeInstant FromInteger(int64_t value, int32_t precision) {
  if (precision == 3) return InRange(value);
  if (precision != 0) return BadPrecision(precision);
  if (value < kMinSeconds || value > kMaxSeconds) return std::optional<Timestamp>();
  return InRange(value * 1000);
}

// Java's (long) of a double that is known to be far from the limits or is to be out of range.
int64_t ToLong(double value) {
  if (std::isnan(value)) return 0;
  if (value >= 9.2e18) return INT64_MAX;
  if (value <= -9.2e18) return INT64_MIN;
  return static_cast<int64_t>(value);
}

MaybeInstant FromDouble(double value, int32_t precision) {
  if (precision == 3) return InRange(ToLong(value));
  if (precision != 0) return BadPrecision(precision);
  bool inside = value >= static_cast<double>(kMinSeconds) && value <= static_cast<double>(kMaxSeconds);
  if (!inside) return std::optional<Timestamp>();
  return InRange(ToLong(value * 1000));
}

MaybeInstant FromDecimal(const KernelCall& call, int128_t value, int32_t precision) {
  int64_t whole = DecimalToInt64(value, call.args[0]->type().scale());
  if (precision == 3) return InRange(whole);
  if (precision != 0) return BadPrecision(precision);
  return InRange(static_cast<int64_t>(static_cast<uint64_t>(whole) * 1000));
}

Result<DataType> Infer(CallTypes& call) {
  if (call.types.size() != 2) {
    return UserError("function.arguments",
                     "Invalid number of arguments to function 'TO_TIMESTAMP_LTZ'. Was expecting 2 arguments",
                     "Pass the number and its precision: 0 for seconds, 3 for milliseconds");
  }
  if (!Takes(call, 0, Family::kNumeric, DataType::Bigint()) || !Takes(call, 1, Family::kInteger, DataType::Int())) {
    return BadArguments(call, "'TO_TIMESTAMP_LTZ(<NUMERIC>, <INTEGER>)'");
  }
  DataType& number = call.types[0];
  if (number.IsInteger()) number = DataType::Bigint().WithNullable(number.nullable());
  if (number.Is(TypeKind::kFloat)) number = DataType::Double().WithNullable(number.nullable());
  call.types[1] = DataType::Int().WithNullable(call.types[1].nullable());
  return DataType::TimestampLtz(3);
}

Result<ColumnPtr> Run(const KernelCall& call) {
  const DataType& type = call.args[0]->type();
  if (type.Is(TypeKind::kDecimal)) return Lift<FromDecimal>(call);
  if (type.Is(TypeKind::kDouble)) return Lift<FromDouble>(call);
  return Lift<FromInteger>(call);
}

}  // namespace

extern const ScalarFunction kToTimestampLtz = {
    .name = "TO_TIMESTAMP_LTZ",
    .signature = "TO_TIMESTAMP_LTZ(NUMERIC, INTEGER) -> TIMESTAMP_LTZ(3)",
    .doc =
        "The instant that many seconds (precision 0) or milliseconds (3) after 1970-01-01 "
        "00:00:00 UTC; NULL beyond the years 0 to 9999.",
    .example = "TO_TIMESTAMP_LTZ(4001, 3)",
    .example_result = "1970-01-01 00:00:04.001",
    .infer = Infer,
    .kernel = Run};

}  // namespace millrace::functions
