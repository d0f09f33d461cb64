// ROUND and TRUNCATE: half away from zero on the decimal text, and toward zero.
#include <cmath>

#include "engine/functions/inference.h"
#include "engine/functions/lift.h"
#include "engine/functions/scalar/arithmetic/numeric_types.h"
#include "types/decimal.h"
#include "types/number_text.h"

namespace millrace::functions {

namespace {

constexpr int32_t kTruncatePrecision = 38;
constexpr int32_t kTruncateScale = 18;

// The digits of a positive number 0.DDD × 10^exponent.
struct Digits {
  std::string digits;
  int32_t exponent = 0;
};

Digits DigitsOf(double positive) {
  char buffer[kMaxNumberChars];
  std::string_view text(buffer, static_cast<size_t>(FormatDouble(positive, buffer) - buffer));
  Digits result;
  size_t e = text.find('E');
  std::string_view mantissa = text.substr(0, e);
  if (e != std::string_view::npos) result.exponent = std::stoi(std::string(text.substr(e + 1)));
  size_t point = mantissa.find('.');
  result.exponent += static_cast<int32_t>(point == std::string_view::npos ? mantissa.size() : point);
  for (char c : mantissa) {
    if (c != '.') result.digits += c;
  }
  return result;
}

// Half up at 10^-places, on the shortest text of the number.
double RoundDouble(double x, int32_t places) {
  if (!std::isfinite(x)) return x;
  if (x == 0) return 0;  // not -0.0
  Digits number = DigitsOf(std::fabs(x));
  int64_t kept = static_cast<int64_t>(number.exponent) + places;
  if (kept >= static_cast<int64_t>(number.digits.size())) return x;
  if (kept < 0) return 0;
  bool up = number.digits[static_cast<size_t>(kept)] >= '5';
  std::string digits = "0" + number.digits.substr(0, static_cast<size_t>(kept));
  if (up) {
    size_t i = digits.size() - 1;
    while (digits[i] == '9') digits[i--] = '0';
    ++digits[i];
  }
  std::string text = digits + "E" + std::to_string(-static_cast<int64_t>(places));
  double rounded = ParseDouble(text).value_or(0);
  return rounded == 0 ? 0 : std::copysign(rounded, x);
}

// Integers as numbers without a fraction; only negative places change them.
int64_t RoundInteger(int64_t x, int32_t places, bool half_up) {
  if (places >= 0) return x;
  if (places < -19) return 0;
  int128_t unit = PowerOfTen(-places);
  int128_t value = x;
  int128_t half = half_up ? unit / 2 : 0;
  int128_t rounded = (value < 0 ? -((-value + half) / unit) : (value + half) / unit) * unit;
  return static_cast<int64_t>(rounded);  // wraps as Java's longValue
}

template <typename T>
T RoundIntegers(T x, int32_t places) {
  return static_cast<T>(RoundInteger(x, places, true));
}
template <typename T>
T TruncateIntegers(T x, int32_t places) {
  return static_cast<T>(RoundInteger(x, places, false));
}
template <typename T>
T RoundFloats(T x, int32_t places) {
  return static_cast<T>(RoundDouble(static_cast<double>(x), places));
}

int128_t TruncateUnscaled(int128_t value, int32_t scale, int32_t places) {
  int32_t cut = scale - std::max(places, -kMaxDecimalPrecision);
  if (cut <= 0) return value;
  if (cut > kMaxDecimalPrecision) return 0;
  return value / PowerOfTen(cut) * PowerOfTen(cut);
}

// Over a DECIMAL(38, 18), which the number is rounded to first.
template <typename T>
std::optional<T> TruncateFloats(T x, int32_t places) {
  std::optional<int128_t> value = DecimalFromDouble(static_cast<double>(x), kTruncatePrecision, kTruncateScale);
  if (!value.has_value()) return std::nullopt;
  int128_t cut = TruncateUnscaled(*value, kTruncateScale, places);
  return static_cast<T>(DecimalToDouble(cut, kTruncatePrecision, kTruncateScale));
}

// Value at the argument's scale to the scale of the result's type; NULL if it does not fit.
void Store(FlatWriter<int128_t>& writer, int32_t row, std::optional<int128_t> value) {
  if (value.has_value()) {
    writer.Set(row, *value);
  } else {
    writer.SetNull(row);
  }
}

template <bool kTruncate>
Result<ColumnPtr> RoundDecimals(const KernelCall& call) {
  const DataType& from = call.args[0]->type();
  const DataType& to = call.expr.type;
  ColumnReader<int128_t> values(*call.args[0]);
  FlatWriter<int128_t> writer(to, call.size, call.context.pool);
  bool has_places = call.args.size() == 2;
  ColumnReader<int32_t> places(has_places ? *call.args[1] : *call.args[0]);
  call.rows.ForEach([&](int32_t row) {
    if (values.IsNull(row) || (has_places && places.IsNull(row))) {
      writer.SetNull(row);
      return;
    }
    int32_t at = has_places ? places[row] : 0;
    if (at >= from.scale()) {
      Store(writer, row, DecimalRescale(values[row], from.scale(), to.precision(), to.scale()));
    } else if (kTruncate) {
      int128_t cut = TruncateUnscaled(values[row], from.scale(), at);
      Store(writer, row, DecimalRescale(cut, from.scale(), to.precision(), to.scale()));
    } else {
      DataType rounded = DecimalRoundType(from.precision(), from.scale(), at);
      std::optional<int128_t> value = DecimalRound(values[row], from.precision(), from.scale(), at);
      if (value.has_value()) value = DecimalRescale(*value, rounded.scale(), to.precision(), to.scale());
      Store(writer, row, value);
    }
  });
  return writer.Finish();
}

template <bool kTruncate>
Result<ColumnPtr> WithPlaces(const KernelCall& call) {
  switch (call.expr.type.physical()) {
    case PhysicalKind::kInt8:
      return kTruncate ? Lift<TruncateIntegers<int8_t>>(call) : Lift<RoundIntegers<int8_t>>(call);
    case PhysicalKind::kInt16:
      return kTruncate ? Lift<TruncateIntegers<int16_t>>(call) : Lift<RoundIntegers<int16_t>>(call);
    case PhysicalKind::kInt32:
      return kTruncate ? Lift<TruncateIntegers<int32_t>>(call) : Lift<RoundIntegers<int32_t>>(call);
    case PhysicalKind::kInt64:
      return kTruncate ? Lift<TruncateIntegers<int64_t>>(call) : Lift<RoundIntegers<int64_t>>(call);
    case PhysicalKind::kFloat:
      return kTruncate ? Lift<TruncateFloats<float>>(call) : Lift<RoundFloats<float>>(call);
    case PhysicalKind::kDouble:
      return kTruncate ? Lift<TruncateFloats<double>>(call) : Lift<RoundFloats<double>>(call);
    case PhysicalKind::kInt128:
      return RoundDecimals<kTruncate>(call);
    case PhysicalKind::kNone:
    case PhysicalKind::kBool:
    case PhysicalKind::kTimestamp:
    case PhysicalKind::kString:
    case PhysicalKind::kList:
    case PhysicalKind::kRow:
      break;
  }
  return InternalError("no rounding of this type");
}

template <bool kTruncate>
Result<ColumnPtr> Run(const KernelCall& call) {
  if (call.args.size() == 2) return WithPlaces<kTruncate>(call);
  ColumnPtr args[2] = {call.args[0],
                       MakeConstant(DataType::Int().NotNull(), Value::Int(0), call.size, call.context.pool)};
  return WithPlaces<kTruncate>({call.context, call.expr, args, call.rows, call.size, call.state});
}

Result<DataType> Infer(CallTypes& call) {
  bool fits = CountBetween(call, 1, 2) && Takes(call, 0, Family::kNumeric, DataType::Int());
  if (fits && call.types.size() == 2) fits = WantsFrom(call, 1, Family::kInteger, DataType::Int());
  if (!fits) {
    std::string name(call.name);
    return BadArguments(call, "'" + name + "(<NUMERIC>, <INTEGER>)', '" + name + "(<NUMERIC>)'");
  }
  const DataType& number = call.types[0];
  if (!number.Is(TypeKind::kDecimal)) return NullableIfArgs(call, number);
  int32_t places = 0;
  if (call.types.size() == 2) {
    const Value* literal = IntLiteral(call, 1);
    if (literal == nullptr) return NullableIfArgs(call, number);
    places = static_cast<int32_t>(literal->AsInt());
  }
  return NullableIfArgs(call, DecimalRoundType(number.precision(), number.scale(), places));
}

}  // namespace

extern const ScalarFunction kRound = {.name = "ROUND",
                                      .signature = "ROUND(x NUMERIC [, places INT]) -> NUMERIC",
                                      .doc =
                                          "Rounded half away from zero to that many places, 0 if not given; "
                                          "negative places round tens, hundreds and so on.",
                                      .example = "ROUND(2.675E0, 2)",
                                      .example_result = "2.68",
                                      .infer = Infer,
                                      .kernel = Run<false>};
extern const ScalarFunction kTruncate = {.name = "TRUNCATE",
                                         .signature = "TRUNCATE(x NUMERIC [, places INT]) -> NUMERIC",
                                         .doc = "Cut toward zero to that many places, 0 if not given.",
                                         .example = "TRUNCATE(42.345, 2)",
                                         .example_result = "42.34",
                                         .infer = Infer,
                                         .kernel = Run<true>};

}  // namespace millrace::functions
