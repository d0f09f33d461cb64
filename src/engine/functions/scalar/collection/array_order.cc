// ARRAY_SORT, ARRAY_MAX and ARRAY_MIN.
#include <algorithm>

#include "engine/functions/inference.h"
#include "engine/functions/scalar/collection/collection_types.h"

namespace millrace::functions {
namespace {

Error NotSortable(const CallTypes& call) {
  std::string types;
  for (const DataType& type : call.types) types += (types.empty() ? "" : ", ") + type.ToString();
  return UserError("function.arguments", "Invalid function call:\n" + std::string(call.name) + "(" + types + ")",
                   "The items must be numbers, texts, bytes or times");
}

Result<DataType> InferSort(CallTypes& call) {
  bool takes = CountBetween(call, 1, 3) && TakesSortable(call);
  for (size_t i = 1; takes && i < call.types.size(); ++i) takes = Takes(call, i, Family::kBoolean, DataType::Boolean());
  if (!takes) return NotSortable(call);
  return call.types[0].WithNullable(call.Nullable());
}

Result<Value> Sort(const RowCall& call) {
  const DataType& type = call.expr.type.element();
  bool ascending = call.args.size() < 2 || call.args[1].AsBool();
  bool null_first = call.args.size() < 3 ? ascending : call.args[2].AsBool();
  Value::List items = call.args[0].AsList();
  std::stable_sort(items.begin(), items.end(), [&](const Value& a, const Value& b) {
    if (a.IsNull() || b.IsNull()) return null_first ? a.IsNull() && !b.IsNull() : !a.IsNull() && b.IsNull();
    int order = CompareValues(a, b, type);
    return ascending ? order < 0 : order > 0;
  });
  return Value::Nested(std::move(items));
}

Result<DataType> InferBest(CallTypes& call) {
  if (call.types.size() != 1 || !TakesSortable(call)) return NotSortable(call);
  return call.types[0].element().Nullable();
}

template <bool kMax>
Result<Value> Best(const RowCall& call) {
  const Value* best = nullptr;
  for (const Value& item : call.args[0].AsList()) {
    if (item.IsNull()) continue;
    int order = best == nullptr ? 0 : CompareValues(item, *best, call.expr.type);
    if (best == nullptr || (kMax ? order > 0 : order < 0)) best = &item;
  }
  return best == nullptr ? Value::Null() : *best;
}

}  // namespace

extern const ScalarFunction kArraySort = {
    .name = "ARRAY_SORT",
    .signature = "ARRAY_SORT(ARRAY<T>[, BOOLEAN ascending[, BOOLEAN null_first]]) -> ARRAY<T>",
    .doc = "The array sorted; NULLs come first ascending and last descending unless said otherwise.",
    .example = "ARRAY_SORT(ARRAY[3, NULL, 1])",
    .example_result = "[NULL, 1, 3]",
    .infer = InferSort,
    .row = Sort};

extern const ScalarFunction kArrayMax = {.name = "ARRAY_MAX",
                                         .signature = "ARRAY_MAX(ARRAY<T>) -> T",
                                         .doc = "The greatest item that is not NULL; NULL if there is none.",
                                         .example = "ARRAY_MAX(ARRAY[3, NULL, 1])",
                                         .example_result = "3",
                                         .infer = InferBest,
                                         .row = Best<true>};

extern const ScalarFunction kArrayMin = {.name = "ARRAY_MIN",
                                         .signature = "ARRAY_MIN(ARRAY<T>) -> T",
                                         .doc = "The least item that is not NULL; NULL if there is none.",
                                         .example = "ARRAY_MIN(ARRAY[3, NULL, 1])",
                                         .example_result = "1",
                                         .infer = InferBest,
                                         .row = Best<false>};

}  // namespace millrace::functions
