// DECIMAL arithmetic on unscaled 128-bit values, with the result types of Flink's LogicalTypeMerging.
// A result that does not fit its precision is nothing (Flink makes it NULL). Rounding is half up, away from zero.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "types/data_type.h"
#include "types/physical.h"

namespace millrace {

constexpr int32_t kMaxDecimalPrecision = 38;

// 10^exponent for 0 to 38.
int128_t PowerOfTen(int32_t exponent);
// Whether |unscaled| has at most `precision` digits.
bool FitsPrecision(int128_t unscaled, int32_t precision);
// Number of digits of |unscaled|; 1 for 0.
int32_t DecimalDigits(int128_t unscaled);

// What the operators and aggregates return; nullable unless said otherwise by the caller.
DataType DecimalAddType(int32_t p1, int32_t s1, int32_t p2, int32_t s2);  // also of subtraction
DataType DecimalMultiplyType(int32_t p1, int32_t s1, int32_t p2, int32_t s2);
DataType DecimalDivideType(int32_t p1, int32_t s1, int32_t p2, int32_t s2);
DataType DecimalModType(int32_t p1, int32_t s1, int32_t p2, int32_t s2);
DataType DecimalRoundType(int32_t precision, int32_t scale, int32_t digits);
DataType DecimalAvgType(int32_t scale);
DataType DecimalSumType(int32_t scale);
// INT as DECIMAL(10, 0) and so on, for mixed arithmetic; `type` is an integer or a decimal.
DataType DecimalTypeOf(const DataType& type);

// To another scale.
std::optional<int128_t> DecimalRescale(int128_t value, int32_t from_scale, int32_t precision, int32_t scale);
// Each takes the operands' scales and the result's precision and scale.
std::optional<int128_t> DecimalAdd(int128_t a, int32_t s1, int128_t b, int32_t s2, int32_t precision, int32_t scale);
std::optional<int128_t> DecimalSubtract(int128_t a, int32_t s1, int128_t b, int32_t s2, int32_t precision,
                                        int32_t scale);
std::optional<int128_t> DecimalMultiply(int128_t a, int32_t s1, int128_t b, int32_t s2, int32_t precision,
                                        int32_t scale);
// `b` is not 0. The quotient is rounded to 38 significant digits first, as Flink does.
std::optional<int128_t> DecimalDivide(int128_t a, int32_t s1, int128_t b, int32_t s2, int32_t precision, int32_t scale);
// `b` is not 0. The sign is that of `a`.
std::optional<int128_t> DecimalMod(int128_t a, int32_t s1, int128_t b, int32_t s2, int32_t precision, int32_t scale);
// ROUND(value, digits) of a DECIMAL(precision, scale), with the type DecimalRoundType gives.
std::optional<int128_t> DecimalRound(int128_t value, int32_t precision, int32_t scale, int32_t digits);
// Toward negative and positive infinity, at scale 0.
int128_t DecimalFloor(int128_t value, int32_t scale);
int128_t DecimalCeil(int128_t value, int32_t scale);
// -1, 0 or 1.
int DecimalCompare(int128_t a, int32_t s1, int128_t b, int32_t s2);

// Of a DECIMAL(precision, scale).
double DecimalToDouble(int128_t value, int32_t precision, int32_t scale);
// Cuts the fraction; keeps the low 64 bits when it is too large.
int64_t DecimalToInt64(int128_t value, int32_t scale);
// By the shortest text of the number, as BigDecimal.valueOf(double); nothing for NaN and infinities too.
std::optional<int128_t> DecimalFromDouble(double value, int32_t precision, int32_t scale);
std::optional<int128_t> DecimalFromInt64(int64_t value, int32_t precision, int32_t scale);

enum class DecimalParse : uint8_t { kOk, kMalformed, kOverflow };
// A text as java.math.BigDecimal reads it ("-1.50", ".5", "1e3", "+2E-4"), rounded to the scale.
DecimalParse ParseDecimal(std::string_view text, int32_t precision, int32_t scale, int128_t* value);
// CAST(text AS DECIMAL(precision, scale)): blanks, tabs and line ends around are fine; Flink's short form for texts of
// up to 18 bytes counts leading zeros as digits, which this keeps.
DecimalParse ParseDecimalCast(std::string_view text, int32_t precision, int32_t scale, int128_t* value);

// A number with its own precision and scale, e.g. of a literal: "1.50" is 150, precision 3, scale 2; "1e3" is 1000,
// scale 0.
struct ExactDecimal {
  int128_t unscaled = 0;
  int32_t precision = 1;
  int32_t scale = 0;
};
// Nothing when malformed or beyond 38 digits.
std::optional<ExactDecimal> ParseExactDecimal(std::string_view text);

// BigDecimal.toPlainString: "-0.050".
void AppendDecimal(std::string* out, int128_t value, int32_t scale);
std::string DecimalToText(int128_t value, int32_t scale);
// BigDecimal.toString: as above, but "1E-7" and "0E-8" for very small numbers.
void AppendDecimalJava(std::string* out, int128_t value, int32_t scale);

}  // namespace millrace
