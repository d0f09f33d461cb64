// MAP_KEYS, MAP_VALUES, MAP_ENTRIES, MAP_FROM_ARRAYS and MAP_UNION. A map's value is the list key, value, key, value …
#include "engine/functions/inference.h"
#include "engine/functions/scalar/collection/collection_types.h"

namespace millrace::functions {
namespace {

bool TakesMap(const CallTypes& call) { return call.types.size() == 1 && call.types[0].Is(TypeKind::kMap); }

Error NoMap(const CallTypes& call) { return InvalidInput(std::string(call.name) + "(input <MAP>)"); }

Result<DataType> InferKeys(CallTypes& call) {
  if (!TakesMap(call)) return NoMap(call);
  return DataType::Array(call.types[0].key()).WithNullable(call.types[0].nullable());
}

Result<DataType> InferValues(CallTypes& call) {
  if (!TakesMap(call)) return NoMap(call);
  return DataType::Array(call.types[0].value()).WithNullable(call.types[0].nullable());
}

Result<DataType> InferEntries(CallTypes& call) {
  if (!TakesMap(call)) return NoMap(call);
  DataType entry = DataType::Row({{"key", call.types[0].key(), {}}, {"value", call.types[0].value(), {}}});
  return DataType::Array(entry).WithNullable(call.types[0].nullable());
}

template <size_t kFirst>
Result<Value> EverySecond(const RowCall& call) {
  const Value::List& map = call.args[0].AsList();
  Value::List items;
  for (size_t i = kFirst; i < map.size(); i += 2) items.push_back(map[i]);
  return Value::Nested(std::move(items));
}

Result<Value> Entries(const RowCall& call) {
  const Value::List& map = call.args[0].AsList();
  Value::List entries;
  for (size_t i = 0; i + 1 < map.size(); i += 2) entries.push_back(Value::Nested({map[i], map[i + 1]}));
  return Value::Nested(std::move(entries));
}

Result<DataType> InferFromArrays(CallTypes& call) {
  if (call.types.size() != 2 || !call.types[0].Is(TypeKind::kArray) || !call.types[1].Is(TypeKind::kArray)) {
    return InvalidInput("MAP_FROM_ARRAYS(keysArray <ARRAY>, valuesArray <ARRAY>)");
  }
  return DataType::Map(call.types[0].element(), call.types[1].element()).WithNullable(call.Nullable());
}

Result<Value> FromArrays(const RowCall& call) {
  const Value::List& keys = call.args[0].AsList();
  const Value::List& values = call.args[1].AsList();
  if (keys.size() != values.size()) {
    return UserError("function.map_from_arrays",
                     "Invalid function MAP_FROM_ARRAYS call:\nThe length of the keys array " +
                         std::to_string(keys.size()) + " is not equal to the length of the values array " +
                         std::to_string(values.size()),
                     "Pass a value for each key");
  }
  Value::List map;
  for (size_t i = 0; i < keys.size(); ++i) {
    map.push_back(keys[i]);
    map.push_back(values[i]);
  }
  return Value::Nested(std::move(map));
}

Result<DataType> InferUnion(CallTypes& call) {
  if (!TakesCommon(call, TypeKind::kMap, 1, SIZE_MAX)) return InvalidInput("MAP_UNION(<COMMON>, <COMMON>...)");
  return call.types[0].WithNullable(call.Nullable());
}

// Looks at the first `size` items of a map's list.
bool HasKey(const Value::List& map, size_t size, const Value& key, const DataType& type) {
  for (size_t i = 0; i + 1 < size; i += 2) {
    bool both_null = map[i].IsNull() && key.IsNull();
    if (both_null || (!map[i].IsNull() && !key.IsNull() && EqualItems(map[i], key, type))) return true;
  }
  return false;
}

// Of equal keys the entry of the last map stays.
Result<Value> Union(const RowCall& call) {
  const DataType& key_type = call.expr.type.key();
  Value::List merged = call.args[0].AsList();
  for (size_t m = 1; m < call.args.size(); ++m) {
    Value::List next = call.args[m].AsList();
    if (next.empty()) continue;
    size_t own = next.size();
    for (size_t i = 0; i + 1 < merged.size(); i += 2) {
      if (HasKey(next, own, merged[i], key_type)) continue;
      next.push_back(merged[i]);
      next.push_back(merged[i + 1]);
    }
    merged = std::move(next);
  }
  return Value::Nested(std::move(merged));
}

}  // namespace

extern const ScalarFunction kMapKeys = {.name = "MAP_KEYS",
                                        .signature = "MAP_KEYS(MAP<K, V>) -> ARRAY<K>",
                                        .doc = "The keys of the map.",
                                        .example = "MAP_KEYS(MAP['a', 1, 'b', 2])",
                                        .example_result = "[a, b]",
                                        .infer = InferKeys,
                                        .row = EverySecond<0>};

extern const ScalarFunction kMapValues = {.name = "MAP_VALUES",
                                          .signature = "MAP_VALUES(MAP<K, V>) -> ARRAY<V>",
                                          .doc = "The values of the map.",
                                          .example = "MAP_VALUES(MAP['a', 1, 'b', 2])",
                                          .example_result = "[1, 2]",
                                          .infer = InferValues,
                                          .row = EverySecond<1>};

extern const ScalarFunction kMapEntries = {.name = "MAP_ENTRIES",
                                           .signature = "MAP_ENTRIES(MAP<K, V>) -> ARRAY<ROW<key K, value V>>",
                                           .doc = "The entries of the map as rows.",
                                           .example = "MAP_ENTRIES(MAP['a', 1])",
                                           .example_result = "[(a, 1)]",
                                           .infer = InferEntries,
                                           .row = Entries};

extern const ScalarFunction kMapFromArrays = {
    .name = "MAP_FROM_ARRAYS",
    .signature = "MAP_FROM_ARRAYS(ARRAY<K> keys, ARRAY<V> values) -> MAP<K, V>",
    .doc = "A map of the keys and values at the same places; the arrays are of equal length.",
    .example = "MAP_FROM_ARRAYS(ARRAY[1, 2], ARRAY['x', 'y'])",
    .example_result = "{1=x, 2=y}",
    .infer = InferFromArrays,
    .row = FromArrays};

extern const ScalarFunction kMapUnion = {.name = "MAP_UNION",
                                         .signature = "MAP_UNION(MAP<K, V>, ...) -> MAP<K, V>",
                                         .doc = "The entries of all maps; of equal keys the last one.",
                                         .example = "MAP_UNION(MAP['a', 1], MAP['a', 2, 'b', 3])",
                                         .example_result = "{a=2, b=3}",
                                         .infer = InferUnion,
                                         .row = Union};

}  // namespace millrace::functions
