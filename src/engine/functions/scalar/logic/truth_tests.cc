// IS [NOT] TRUE, FALSE, UNKNOWN: never NULL.
#include "engine/functions/inference.h"
#include "engine/functions/lift.h"

namespace millrace::functions {

namespace {

template <bool kWanted, bool kNegated>
Result<ColumnPtr> Test(const KernelCall& call) {
  FlatWriter<uint8_t> writer(call.expr.type, call.size, call.context.pool);
  uint8_t* out = writer.values();
  const Column& column = *call.args[0];
  bool is_null_type = column.type().Is(TypeKind::kNull);
  ColumnReader<uint8_t> reader(column);
  call.rows.ForEach([&](int32_t row) {
    bool is = !is_null_type && !reader.IsNull(row) && (reader[row] != 0) == kWanted;
    out[row] = is != kNegated ? 1 : 0;
  });
  return writer.Finish();
}

template <bool kNegated>
Result<ColumnPtr> TestNull(const KernelCall& call) {
  FlatWriter<uint8_t> writer(call.expr.type, call.size, call.context.pool);
  uint8_t* out = writer.values();
  const Column& column = *call.args[0];
  if (column.HasNoNulls()) {
    std::memset(out, kNegated ? 1 : 0, static_cast<size_t>(call.size));
  } else {
    call.rows.ForEach([&](int32_t row) { out[row] = column.IsNull(row) != kNegated ? 1 : 0; });
  }
  return writer.Finish();
}

Result<DataType> Infer(CallTypes& call) {
  if (!CountBetween(call, 1, 1) || !Takes(call, 0, Family::kBoolean, DataType::Boolean())) {
    return BadArguments(call, "'<BOOLEAN> IS [NOT] TRUE | FALSE | UNKNOWN'");
  }
  return DataType::Boolean().NotNull();
}

Result<DataType> InferAny(CallTypes& call) {
  if (!CountBetween(call, 1, 1)) return BadArguments(call, "'<ANY> IS [NOT] NULL'");
  return DataType::Boolean().NotNull();
}

}  // namespace

extern const ScalarFunction kIsTrue = {.name = "IS TRUE",
                                       .signature = "BOOLEAN IS TRUE -> BOOLEAN",
                                       .doc = "TRUE for TRUE, otherwise FALSE.",
                                       .example = "CAST(NULL AS BOOLEAN) IS TRUE",
                                       .example_result = "FALSE",
                                       .infer = Infer,
                                       .kernel = Test<true, false>};
extern const ScalarFunction kIsNotTrue = {.name = "IS NOT TRUE",
                                          .signature = "BOOLEAN IS NOT TRUE -> BOOLEAN",
                                          .doc = "FALSE for TRUE, otherwise TRUE.",
                                          .example = "CAST(NULL AS BOOLEAN) IS NOT TRUE",
                                          .example_result = "TRUE",
                                          .infer = Infer,
                                          .kernel = Test<true, true>};
extern const ScalarFunction kIsFalse = {.name = "IS FALSE",
                                        .signature = "BOOLEAN IS FALSE -> BOOLEAN",
                                        .doc = "TRUE for FALSE, otherwise FALSE.",
                                        .example = "(1 = 2) IS FALSE",
                                        .example_result = "TRUE",
                                        .infer = Infer,
                                        .kernel = Test<false, false>};
extern const ScalarFunction kIsNotFalse = {.name = "IS NOT FALSE",
                                           .signature = "BOOLEAN IS NOT FALSE -> BOOLEAN",
                                           .doc = "FALSE for FALSE, otherwise TRUE.",
                                           .example = "CAST(NULL AS BOOLEAN) IS NOT FALSE",
                                           .example_result = "TRUE",
                                           .infer = Infer,
                                           .kernel = Test<false, true>};
extern const ScalarFunction kIsUnknown = {.name = "IS UNKNOWN",
                                          .signature = "BOOLEAN IS UNKNOWN -> BOOLEAN",
                                          .doc = "TRUE for NULL, otherwise FALSE.",
                                          .example = "CAST(NULL AS BOOLEAN) IS UNKNOWN",
                                          .example_result = "TRUE",
                                          .infer = Infer,
                                          .kernel = TestNull<false>};
extern const ScalarFunction kIsNotUnknown = {.name = "IS NOT UNKNOWN",
                                             .signature = "BOOLEAN IS NOT UNKNOWN -> BOOLEAN",
                                             .doc = "FALSE for NULL, otherwise TRUE.",
                                             .example = "TRUE IS NOT UNKNOWN",
                                             .example_result = "TRUE",
                                             .infer = Infer,
                                             .kernel = TestNull<true>};
extern const ScalarFunction kIsNull = {.name = "IS NULL",
                                       .signature = "value IS NULL -> BOOLEAN",
                                       .doc = "TRUE if the value is NULL.",
                                       .example = "NULLIF(5, 5) IS NULL",
                                       .example_result = "TRUE",
                                       .infer = InferAny,
                                       .kernel = TestNull<false>};
extern const ScalarFunction kIsNotNull = {.name = "IS NOT NULL",
                                          .signature = "value IS NOT NULL -> BOOLEAN",
                                          .doc = "TRUE if the value is not NULL.",
                                          .example = "'' IS NOT NULL",
                                          .example_result = "TRUE",
                                          .infer = InferAny,
                                          .kernel = TestNull<true>};

}  // namespace millrace::functions
