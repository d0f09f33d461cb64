// IS [NOT] DISTINCT FROM: equality in which NULL equals NULL; never NULL.
#include "engine/functions/lift.h"
#include "engine/functions/scalar/comparison/comparison.h"

namespace millrace::functions {

namespace {

template <bool kDistinct>
Result<ColumnPtr> Test(const KernelCall& call) {
  const Column& a = *call.args[0];
  const Column& b = *call.args[1];
  KernelCall equality{call.context, call.expr, call.args, call.rows, call.size, nullptr};
  MR_ASSIGN(ColumnPtr equal, CompareColumns(equality, CompareOp::kEqual));
  ColumnReader<uint8_t> reader(*equal);
  FlatWriter<uint8_t> writer(call.expr.type, call.size, call.context.pool);
  uint8_t* out = writer.values();
  bool no_nulls = a.HasNoNulls() && b.HasNoNulls();
  call.rows.ForEach([&](int32_t row) {
    bool same = false;
    if (no_nulls || (!a.IsNull(row) && !b.IsNull(row))) {
      same = !reader.IsNull(row) && reader[row] != 0;
    } else {
      same = a.IsNull(row) && b.IsNull(row);
    }
    out[row] = same != kDistinct ? 1 : 0;
  });
  return writer.Finish();
}

Result<DataType> Infer(CallTypes& call) {
  MR_RETURN_IF_ERROR(InferComparison(call, false));
  return DataType::Boolean().NotNull();
}

}  // namespace

extern const ScalarFunction kIsDistinctFrom = {.name = "IS DISTINCT FROM",
                                               .signature = "value1 IS DISTINCT FROM value2 -> BOOLEAN",
                                               .doc = "TRUE if the values differ; NULL equals NULL.",
                                               .example = "1 IS DISTINCT FROM NULL",
                                               .example_result = "TRUE",
                                               .infer = Infer,
                                               .kernel = Test<true>};
extern const ScalarFunction kIsNotDistinctFrom = {.name = "IS NOT DISTINCT FROM",
                                                  .signature = "value1 IS NOT DISTINCT FROM value2 -> BOOLEAN",
                                                  .doc = "TRUE if the values are equal; NULL equals NULL.",
                                                  .example = "NULLIF(1, 1) IS NOT DISTINCT FROM NULLIF(1, 1)",
                                                  .example_result = "TRUE",
                                                  .infer = Infer,
                                                  .kernel = Test<false>};

}  // namespace millrace::functions
