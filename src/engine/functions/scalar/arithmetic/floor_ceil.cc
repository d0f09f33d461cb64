// FLOOR and CEIL of numbers; those of times are functions/scalar/temporal's.
#include <cmath>

#include "engine/functions/inference.h"
#include "engine/functions/lift.h"
#include "engine/functions/scalar/temporal/temporal_rounding.h"
#include "types/decimal.h"

namespace millrace::functions {

namespace {

template <typename T>
T Floor(T x) {
  return std::floor(x);
}
template <typename T>
T Ceil(T x) {
  return std::ceil(x);
}

template <bool kFloor>
Result<ColumnPtr> OfDecimals(const KernelCall& call) {
  ColumnReader<int128_t> reader(*call.args[0]);
  FlatWriter<int128_t> writer(call.expr.type, call.size, call.context.pool);
  int32_t scale = call.args[0]->type().scale();
  int32_t precision = call.expr.type.precision();
  call.rows.ForEach([&](int32_t row) {
    if (reader.IsNull(row)) {
      writer.SetNull(row);
      return;
    }
    int128_t value = kFloor ? DecimalFloor(reader[row], scale) : DecimalCeil(reader[row], scale);
    if (FitsPrecision(value, precision)) {
      writer.Set(row, value);
    } else {
      writer.SetNull(row);
    }
  });
  return writer.Finish();
}

template <bool kFloor>
Result<ColumnPtr> Run(const KernelCall& call) {
  if (IsTemporalRounding(call)) return kFloor ? FloorToUnit(call) : CeilToUnit(call);
  const DataType& type = call.expr.type;
  if (type.Is(TypeKind::kDecimal)) return OfDecimals<kFloor>(call);
  if (type.Is(TypeKind::kFloat)) return kFloor ? LiftTotal<Floor<float>>(call) : LiftTotal<Ceil<float>>(call);
  if (type.Is(TypeKind::kDouble)) return kFloor ? LiftTotal<Floor<double>>(call) : LiftTotal<Ceil<double>>(call);
  return call.args[0];
}

Result<DataType> Infer(CallTypes& call) {
  if (IsTemporalRounding(call)) return InferTemporalRounding(call);
  if (!CountBetween(call, 1, 1) || !Takes(call, 0, Family::kNumeric, DataType::Int())) {
    std::string name(call.name);
    return BadArguments(call, "'" + name + "(<NUMERIC>)', '" + name + "(<DATETIME> TO <TIME_UNIT>)'");
  }
  const DataType& type = call.types[0];
  if (!type.Is(TypeKind::kDecimal)) return type;
  return DataType::Decimal(type.precision(), 0).WithNullable(type.nullable());
}

}  // namespace

extern const ScalarFunction kFloor = {.name = "FLOOR",
                                      .signature = "FLOOR(NUMERIC) -> NUMERIC",
                                      .doc =
                                          "The largest whole number that is not greater; "
                                          "or FLOOR(time TO unit), the start of the unit.",
                                      .example = "FLOOR(-2.5)",
                                      .example_result = "-3",
                                      .infer = Infer,
                                      .kernel = Run<true>};
extern const ScalarFunction kCeil = {.name = "CEIL",
                                     .aliases = {"CEILING"},
                                     .signature = "CEIL(NUMERIC) -> NUMERIC",
                                     .doc =
                                         "The smallest whole number that is not less; "
                                         "or CEIL(time TO unit), the end of the unit.",
                                     .example = "CEIL(2.5)",
                                     .example_result = "3",
                                     .infer = Infer,
                                     .kernel = Run<false>};

}  // namespace millrace::functions
