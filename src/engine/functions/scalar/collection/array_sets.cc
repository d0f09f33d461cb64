// ARRAY_DISTINCT, ARRAY_UNION, ARRAY_EXCEPT and ARRAY_INTERSECT: arrays as sets, in the order in which items come
// first. NULL is an item.
#include <string>
#include <unordered_set>

#include "engine/functions/aggregate/record.h"
#include "engine/functions/scalar/collection/collection_types.h"

namespace millrace::functions {
namespace {

// The canonical bytes of items.
class ItemSet {
 public:
  explicit ItemSet(const DataType& type) : type_(type) {}
  bool Add(const Value& item) { return bytes_.insert(BytesOf(item)).second; }  // false: it was in
  bool Has(const Value& item) const { return bytes_.contains(BytesOf(item)); }

 private:
  std::string BytesOf(const Value& item) const {
    std::string bytes;
    PutValue(bytes, item, type_);
    return bytes;
  }
  const DataType& type_;
  std::unordered_set<std::string> bytes_;
};

const DataType& ElementType(const RowCall& call) { return call.expr.type.element(); }

Result<Value> Union(const RowCall& call) {
  ItemSet seen(ElementType(call));
  Value::List items;
  for (const Value& array : call.args) {
    for (const Value& item : array.AsList()) {
      if (seen.Add(item)) items.push_back(item);
    }
  }
  return Value::Nested(std::move(items));
}

Result<Value> Except(const RowCall& call) {
  ItemSet seen(ElementType(call));
  for (const Value& item : call.args[1].AsList()) seen.Add(item);
  Value::List items;
  for (const Value& item : call.args[0].AsList()) {
    if (seen.Add(item)) items.push_back(item);
  }
  return Value::Nested(std::move(items));
}

Result<Value> Intersect(const RowCall& call) {
  ItemSet wanted(ElementType(call));
  for (const Value& item : call.args[1].AsList()) wanted.Add(item);
  ItemSet seen(ElementType(call));
  Value::List items;
  for (const Value& item : call.args[0].AsList()) {
    if (wanted.Has(item) && seen.Add(item)) items.push_back(item);
  }
  return Value::Nested(std::move(items));
}

Result<DataType> InferDistinct(CallTypes& call) {
  if (call.types.size() != 1 || !call.types[0].Is(TypeKind::kArray))
    return InvalidInput("ARRAY_DISTINCT(haystack <ARRAY>)");
  return call.types[0];
}

Result<DataType> InferTwo(CallTypes& call) {
  if (!TakesCommon(call, TypeKind::kArray, 2, 2)) return InvalidInput(std::string(call.name) + "(<COMMON>, <COMMON>)");
  return call.types[0].WithNullable(call.Nullable());
}

}  // namespace

extern const ScalarFunction kArrayDistinct = {.name = "ARRAY_DISTINCT",
                                              .signature = "ARRAY_DISTINCT(ARRAY<T>) -> ARRAY<T>",
                                              .doc = "The array with each item once.",
                                              .example = "ARRAY_DISTINCT(ARRAY[1, 2, 1, NULL, NULL])",
                                              .example_result = "[1, 2, NULL]",
                                              .infer = InferDistinct,
                                              .row = Union};

extern const ScalarFunction kArrayUnion = {.name = "ARRAY_UNION",
                                           .signature = "ARRAY_UNION(ARRAY<T>, ARRAY<T>) -> ARRAY<T>",
                                           .doc = "The items of both arrays, each once.",
                                           .example = "ARRAY_UNION(ARRAY[1, 2], ARRAY[2, 3])",
                                           .example_result = "[1, 2, 3]",
                                           .infer = InferTwo,
                                           .row = Union};

extern const ScalarFunction kArrayExcept = {
    .name = "ARRAY_EXCEPT",
    .signature = "ARRAY_EXCEPT(ARRAY<T>, ARRAY<T>) -> ARRAY<T>",
    .doc = "The items of the first array that are not in the second, each once.",
    .example = "ARRAY_EXCEPT(ARRAY[1, 2, 1], ARRAY[2])",
    .example_result = "[1]",
    .infer = InferTwo,
    .row = Except};

extern const ScalarFunction kArrayIntersect = {.name = "ARRAY_INTERSECT",
                                               .signature = "ARRAY_INTERSECT(ARRAY<T>, ARRAY<T>) -> ARRAY<T>",
                                               .doc = "The items that both arrays have, each once.",
                                               .example = "ARRAY_INTERSECT(ARRAY[1, 2, 2], ARRAY[2, 3])",
                                               .example_result = "[2]",
                                               .infer = InferTwo,
                                               .row = Intersect};

}  // namespace millrace::functions
