// ARRAY_APPEND, ARRAY_PREPEND, ARRAY_CONCAT, ARRAY_REVERSE and ARRAY_SLICE.
#include <algorithm>

#include "engine/functions/inference.h"
#include "engine/functions/scalar/collection/collection_types.h"

namespace millrace::functions {
namespace {

Result<DataType> InferAdd(CallTypes& call) {
  bool item_nullable = call.types.size() == 2 && call.types[1].nullable();
  if (!TakesArrayAndItem(call))
    return InvalidInput(std::string(call.name) + "(array <ARRAY>, element <ARRAY ELEMENT>)");
  DataType type = call.types[0];
  if (item_nullable && !type.element().nullable()) type = DataType::Array(type.element().Nullable());
  // NULL is added like any value, but Flink types the result as nullable then.
  return type.WithNullable(call.types[0].nullable() || item_nullable);
}

template <bool kFront>
Result<Value> Add(const RowCall& call) {
  if (call.args[0].IsNull()) return Value::Null();
  Value::List items = call.args[0].AsList();
  items.insert(kFront ? items.begin() : items.end(), call.args[1]);
  return Value::Nested(std::move(items));
}

Result<DataType> InferConcat(CallTypes& call) {
  if (!TakesCommon(call, TypeKind::kArray, 1, SIZE_MAX)) return InvalidInput("ARRAY_CONCAT(<COMMON>, <COMMON>...)");
  return call.types[0].WithNullable(call.Nullable());
}

Result<Value> Concat(const RowCall& call) {
  Value::List items;
  for (const Value& array : call.args) items.insert(items.end(), array.AsList().begin(), array.AsList().end());
  return Value::Nested(std::move(items));
}

Result<DataType> InferReverse(CallTypes& call) {
  if (call.types.size() != 1 || !call.types[0].Is(TypeKind::kArray))
    return InvalidInput("ARRAY_REVERSE(haystack <ARRAY>)");
  return call.types[0];
}

Result<Value> Reverse(const RowCall& call) {
  Value::List items = call.args[0].AsList();
  std::reverse(items.begin(), items.end());
  return Value::Nested(std::move(items));
}

Result<DataType> InferSlice(CallTypes& call) {
  bool takes = CountBetween(call, 2, 3) && call.types[0].Is(TypeKind::kArray);
  for (size_t i = 1; takes && i < call.types.size(); ++i) takes = Wants(call, i, DataType::Int());
  if (!takes) return InvalidInput("ARRAY_SLICE(<ARRAY>, <INTEGER>, <INTEGER>)\nARRAY_SLICE(<ARRAY>, <INTEGER>)");
  return call.types[0].WithNullable(call.Nullable());
}

// Places count from 1, negative ones from the end; both ends belong to the slice.
Result<Value> Slice(const RowCall& call) {
  const Value::List& items = call.args[0].AsList();
  auto size = static_cast<int64_t>(items.size());
  if (size == 0) return call.args[0];
  int64_t start = call.args[1].AsInt();
  int64_t end = call.args.size() > 2 ? call.args[2].AsInt() : size;
  if (start < 0) start += size + 1;
  if (end < 0) end += size + 1;
  start = std::max<int64_t>(1, start);
  end = end == 0 ? 1 : std::min(end, size);
  Value::List slice;
  for (int64_t i = start; i <= end; ++i) slice.push_back(items[static_cast<size_t>(i - 1)]);
  return Value::Nested(std::move(slice));
}

}  // namespace

extern const ScalarFunction kArrayAppend = {.name = "ARRAY_APPEND",
                                            .signature = "ARRAY_APPEND(ARRAY<T>, T) -> ARRAY<T>",
                                            .doc = "The array with an item more at its end.",
                                            .example = "ARRAY_APPEND(ARRAY[1, 2], 3)",
                                            .example_result = "[1, 2, 3]",
                                            .infer = InferAdd,
                                            .row = Add<false>,
                                            .null_in_null_out = false};

extern const ScalarFunction kArrayPrepend = {.name = "ARRAY_PREPEND",
                                             .signature = "ARRAY_PREPEND(ARRAY<T>, T) -> ARRAY<T>",
                                             .doc = "The array with an item more at its start.",
                                             .example = "ARRAY_PREPEND(ARRAY[1, 2], 3)",
                                             .example_result = "[3, 1, 2]",
                                             .infer = InferAdd,
                                             .row = Add<true>,
                                             .null_in_null_out = false};

extern const ScalarFunction kArrayConcat = {.name = "ARRAY_CONCAT",
                                            .signature = "ARRAY_CONCAT(ARRAY<T>, ...) -> ARRAY<T>",
                                            .doc = "The arrays one behind the other.",
                                            .example = "ARRAY_CONCAT(ARRAY[1], ARRAY[1, 2])",
                                            .example_result = "[1, 1, 2]",
                                            .infer = InferConcat,
                                            .row = Concat};

extern const ScalarFunction kArrayReverse = {.name = "ARRAY_REVERSE",
                                             .signature = "ARRAY_REVERSE(ARRAY<T>) -> ARRAY<T>",
                                             .doc = "The array from its end to its start.",
                                             .example = "ARRAY_REVERSE(ARRAY[1, 2])",
                                             .example_result = "[2, 1]",
                                             .infer = InferReverse,
                                             .row = Reverse};

extern const ScalarFunction kArraySlice = {
    .name = "ARRAY_SLICE",
    .signature = "ARRAY_SLICE(ARRAY<T>, INT start[, INT end]) -> ARRAY<T>",
    .doc = "The items from one place to another, both included; negative places count from the end.",
    .example = "ARRAY_SLICE(ARRAY[1, 2, 3, 4], 2, -2)",
    .example_result = "[2, 3]",
    .infer = InferSlice,
    .row = Slice};

}  // namespace millrace::functions
