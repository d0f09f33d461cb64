// array[i], map[key], ELEMENT and CARDINALITY.
#include "engine/functions/inference.h"
#include "engine/functions/lift.h"
#include "engine/functions/scalar/collection/collection_types.h"
#include "engine/functions/scalar/collection/column_parts.h"
#include "engine/functions/scalar/collection/field_access.h"
#include "types/cast.h"

namespace millrace::functions {
namespace {

// ---- CARDINALITY

int32_t Length(ListRef list) { return list.length; }

const Column& BaseOf(const Column& column) {
  return column.encoding() == Encoding::kDictionary ? *column.children()[0] : column;
}

// An element counts as often as it is in the multiset.
int32_t MultisetSize(const KernelCall& call, ListRef list) {
  ColumnReader<int32_t> counts(*BaseOf(*call.args[0]).children()[1]);
  int32_t size = 0;
  for (int32_t i = list.offset; i < list.offset + list.length; ++i) size += counts[i];
  return size;
}

Result<ColumnPtr> Cardinality(const KernelCall& call) {
  return call.args[0]->type().Is(TypeKind::kMultiset) ? Lift<MultisetSize>(call) : Lift<Length>(call);
}

Result<DataType> InferCardinality(CallTypes& call) {
  if (call.types.size() != 1 || !call.types[0].IsCollection()) {
    return BadArguments(call, "'CARDINALITY(<ARRAY>)', 'CARDINALITY(<MAP>)', 'CARDINALITY(<MULTISET>)'");
  }
  return DataType::Int().WithNullable(call.types[0].nullable());
}

// ---- Access. The values of a list column lie in its base, whatever the encoding.

Result<ColumnPtr> ArrayItem(const KernelCall& call) {
  const Column& arrays = *call.args[0];
  ColumnReader<ListRef> lists(arrays);
  ColumnReader<int32_t> indexes(*call.args[1]);
  std::vector<int32_t> positions(static_cast<size_t>(call.size), -1);
  call.rows.ForEach([&](int32_t row) {
    if (lists.IsNull(row) || indexes.IsNull(row)) return;
    ListRef list = lists[row];
    int32_t index = indexes[row];
    if (index >= 1 && index <= list.length) positions[static_cast<size_t>(row)] = list.offset + index - 1;
  });
  return GatherOrNull(call.expr.type, BaseOf(arrays).children()[0], std::move(positions), call.context.pool);
}

// Where `key` stands among the keys of a map, or -1.
template <typename T>
int32_t FindKey(const ColumnReader<T>& keys, ListRef map, const T& key) {
  for (int32_t i = map.offset; i < map.offset + map.length; ++i) {
    if (!keys.IsNull(i) && keys[i] == key) return i;
  }
  return -1;
}

template <typename T>
void FindKeys(const KernelCall& call, std::vector<int32_t>& positions) {
  ColumnReader<ListRef> maps(*call.args[0]);
  ColumnReader<T> keys(*BaseOf(*call.args[0]).children()[0]);
  ColumnReader<T> wanted(*call.args[1]);
  call.rows.ForEach([&](int32_t row) {
    if (!maps.IsNull(row) && !wanted.IsNull(row))
      positions[static_cast<size_t>(row)] = FindKey(keys, maps[row], wanted[row]);
  });
}

void FindBoxedKeys(const KernelCall& call, std::vector<int32_t>& positions) {
  ColumnReader<ListRef> maps(*call.args[0]);
  const Column& keys = *BaseOf(*call.args[0]).children()[0];
  call.rows.ForEach([&](int32_t row) {
    if (maps.IsNull(row) || call.args[1]->IsNull(row)) return;
    Value wanted = call.args[1]->GetValue(row);
    ListRef map = maps[row];
    for (int32_t i = map.offset; i < map.offset + map.length; ++i) {
      if (keys.IsNull(i) || !EqualItems(keys.GetValue(i), wanted, keys.type())) continue;
      positions[static_cast<size_t>(row)] = i;
      return;
    }
  });
}

Result<ColumnPtr> MapItem(const KernelCall& call) {
  std::vector<int32_t> positions(static_cast<size_t>(call.size), -1);
  PhysicalKind kind = call.args[1]->type().physical();
  if (kind == PhysicalKind::kString) {
    FindKeys<StringRef>(call, positions);
  } else if (kind == PhysicalKind::kInt32) {
    FindKeys<int32_t>(call, positions);
  } else if (kind == PhysicalKind::kInt64) {
    FindKeys<int64_t>(call, positions);
  } else {
    FindBoxedKeys(call, positions);
  }
  return GatherOrNull(call.expr.type, BaseOf(*call.args[0]).children()[1], std::move(positions), call.context.pool);
}

// row['name'].
int32_t FieldNamed(const DataType& row, const Value* name) {
  if (name == nullptr || name->IsNull()) return -1;
  return Schema{row.fields()}.Find(name->AsString());
}

Result<ColumnPtr> Item(const KernelCall& call) {
  const DataType& type = call.args[0]->type();
  if (type.Is(TypeKind::kRow)) {
    int32_t field = FieldNamed(type, &call.expr.args[1]->literal);
    return FieldColumn(*call.args[0], static_cast<size_t>(field), call);
  }
  return type.Is(TypeKind::kArray) ? ArrayItem(call) : MapItem(call);
}

Result<DataType> InferItem(CallTypes& call) {
  constexpr std::string_view kForms = "'<ARRAY>[<INTEGER>]', '<MAP>[<KEY>]'";
  if (call.types.size() != 2) return BadArguments(call, kForms);
  const DataType& collection = call.types[0];
  DataType& key = call.types[1];
  if (collection.Is(TypeKind::kArray)) {
    if (!Takes(call, 1, Family::kInteger, DataType::Int())) return BadArguments(call, kForms);
    if (const Value* index = call.Literal(1); index != nullptr && !index->IsNull() && index->AsInt() < 1) {
      return UserError(
          "function.arguments",
          "Array element access needs an index starting at 1 but was " + std::to_string(index->AsInt()) + ".",
          "The first item is array[1]");
    }
    key = DataType::Int().WithNullable(key.nullable());
    return collection.element().Nullable();
  }
  if (collection.Is(TypeKind::kRow) && key.IsString()) {
    int32_t field = FieldNamed(collection, call.Literal(1));
    if (field < 0) return BadArguments(call, "'<ROW>[<FIELD NAME>]'");
    const DataType& type = collection.fields()[static_cast<size_t>(field)].type;
    return type.WithNullable(type.nullable() || collection.nullable());
  }
  if (!collection.Is(TypeKind::kMap)) return BadArguments(call, kForms);
  const DataType& wanted = collection.key();
  bool text = key.IsString() && wanted.IsString();
  bool fits = key.Is(TypeKind::kNull) || text || key.SameIgnoringNullability(wanted) ||
              CanCastImplicitly(key.Nullable(), wanted.Nullable());
  if (!fits) return BadArguments(call, kForms);
  if (!text) key = wanted.WithNullable(key.nullable());
  return collection.value().Nullable();
}

// ---- ELEMENT

Result<DataType> InferElement(CallTypes& call) {
  if (call.types.size() != 1 || !call.types[0].Is(TypeKind::kArray)) return BadArguments(call, "'ELEMENT(<ARRAY>)'");
  return call.types[0].element().Nullable();
}

Result<ColumnPtr> Element(const KernelCall& call) {
  ColumnReader<ListRef> lists(*call.args[0]);
  std::vector<int32_t> positions(static_cast<size_t>(call.size), -1);
  for (int32_t i = 0; i < call.rows.count(); ++i) {
    int32_t row = call.rows[i];
    if (lists.IsNull(row) || lists[row].length == 0) continue;
    if (lists[row].length > 1) {
      return UserError("function.element", "Array has more than one element.", "Use array[1] for the first item");
    }
    positions[static_cast<size_t>(row)] = lists[row].offset;
  }
  return GatherOrNull(call.expr.type, BaseOf(*call.args[0]).children()[0], std::move(positions), call.context.pool);
}

}  // namespace

extern const ScalarFunction kCardinality = {.name = "CARDINALITY",
                                            .signature = "CARDINALITY(ARRAY | MAP | MULTISET) -> INT",
                                            .doc = "The number of items or entries, repeated ones of a multiset too.",
                                            .example = "CARDINALITY(ARRAY[1, 2, NULL])",
                                            .example_result = "3",
                                            .infer = InferCardinality,
                                            .kernel = Cardinality};

extern const ScalarFunction kItem = {
    .name = "ITEM",
    .signature = "ARRAY[INTEGER] -> item; MAP[key] -> value; ROW['name'] -> field",
    .doc = "An item by its place, which counts from 1, or a value by its key; NULL if there is none.",
    .example = "MAP['a', 1, 'b', 2]['b']",
    .example_result = "2",
    .infer = InferItem,
    .kernel = Item};

extern const ScalarFunction kElement = {
    .name = "ELEMENT",
    .signature = "ELEMENT(ARRAY) -> item",
    .doc = "The only item of an array, NULL of an empty one; more than one is an error.",
    .example = "ELEMENT(ARRAY[7])",
    .example_result = "7",
    .infer = InferElement,
    .kernel = Element};

}  // namespace millrace::functions
