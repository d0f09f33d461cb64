// ARRAY_CONTAINS, ARRAY_POSITION and ARRAY_REMOVE.
#include "engine/functions/scalar/collection/collection_types.h"

namespace millrace::functions {
namespace {

std::string Signature(const CallTypes& call, std::string_view array, std::string_view item) {
  return std::string(call.name) + "(" + std::string(array) + " <ARRAY>, " + std::string(item) + " <ARRAY ELEMENT>)";
}

Result<DataType> InferContains(CallTypes& call) {
  if (!TakesArrayAndItem(call)) return InvalidInput(Signature(call, "haystack", "needle"));
  return DataType::Boolean().WithNullable(call.types[0].nullable());
}

Result<DataType> InferPosition(CallTypes& call) {
  if (!TakesArrayAndItem(call)) return InvalidInput(Signature(call, "haystack", "needle"));
  return DataType::Int().WithNullable(call.Nullable());
}

Result<DataType> InferRemove(CallTypes& call) {
  if (!TakesArrayAndItem(call)) return InvalidInput(Signature(call, "haystack", "needle"));
  return call.types[0];
}

// Whether an item is the wanted one; NULL finds NULL.
bool Same(const Value& item, const Value& wanted, const DataType& type) {
  if (item.IsNull() || wanted.IsNull()) return item.IsNull() && wanted.IsNull();
  return EqualItems(item, wanted, type);
}

Result<Value> Contains(const RowCall& call) {
  if (call.args[0].IsNull()) return Value::Null();
  const DataType& type = call.expr.args[0]->type.element();
  for (const Value& item : call.args[0].AsList()) {
    if (Same(item, call.args[1], type)) return Value::Bool(true);
  }
  return Value::Bool(false);
}

Result<Value> Position(const RowCall& call) {
  const DataType& type = call.expr.args[0]->type.element();
  const Value::List& items = call.args[0].AsList();
  for (size_t i = 0; i < items.size(); ++i) {
    if (!items[i].IsNull() && EqualItems(items[i], call.args[1], type)) return Value::Int(static_cast<int64_t>(i) + 1);
  }
  return Value::Int(0);
}

Result<Value> Remove(const RowCall& call) {
  if (call.args[0].IsNull()) return Value::Null();
  const DataType& type = call.expr.args[0]->type.element();
  Value::List kept;
  for (const Value& item : call.args[0].AsList()) {
    if (!Same(item, call.args[1], type)) kept.push_back(item);
  }
  return Value::Nested(std::move(kept));
}

}  // namespace

extern const ScalarFunction kArrayContains = {.name = "ARRAY_CONTAINS",
                                              .signature = "ARRAY_CONTAINS(ARRAY<T> haystack, T needle) -> BOOLEAN",
                                              .doc = "Whether the array has such an item; NULL finds NULL.",
                                              .example = "ARRAY_CONTAINS(ARRAY[1, NULL], 1)",
                                              .example_result = "TRUE",
                                              .infer = InferContains,
                                              .row = Contains,
                                              .null_in_null_out = false};

extern const ScalarFunction kArrayPosition = {
    .name = "ARRAY_POSITION",
    .signature = "ARRAY_POSITION(ARRAY<T> haystack, T needle) -> INT",
    .doc = "The place of the first such item, which counts from 1; 0 if there is none.",
    .example = "ARRAY_POSITION(ARRAY[5, 6], 6)",
    .example_result = "2",
    .infer = InferPosition,
    .row = Position};

extern const ScalarFunction kArrayRemove = {.name = "ARRAY_REMOVE",
                                            .signature = "ARRAY_REMOVE(ARRAY<T> haystack, T needle) -> ARRAY<T>",
                                            .doc = "The array without such items; NULL removes NULLs.",
                                            .example = "ARRAY_REMOVE(ARRAY[1, 2, 1], 1)",
                                            .example_result = "[2]",
                                            .infer = InferRemove,
                                            .row = Remove,
                                            .null_in_null_out = false};

}  // namespace millrace::functions
