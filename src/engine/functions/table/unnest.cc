// UNNEST: a row for each item of an array or multiset, or entry of a map. Items that are rows become their fields.
#include "engine/functions/table_function.h"

namespace millrace::functions {
namespace {

bool IsMultiset(const DataType& type) { return type.Is(TypeKind::kMultiset); }

Result<std::vector<Field>> Infer(CallTypes& call) {
  if (call.types.size() != 1 || !call.types[0].IsCollection()) {
    return BadArguments(call, "'UNNEST(<MULTISET>)', 'UNNEST(<ARRAY>)', 'UNNEST(<MAP>)'");
  }
  const DataType& type = call.types[0];
  if (type.Is(TypeKind::kMap)) return std::vector<Field>{{"KEY", type.key(), {}}, {"VALUE", type.value(), {}}};
  const DataType& element = type.element();
  if (!element.Is(TypeKind::kRow)) return std::vector<Field>{{"EXPR$0", element, {}}};
  std::vector<Field> fields = element.fields();
  for (Field& field : fields) {
    if (element.nullable()) field.type = field.type.Nullable();
  }
  return fields;
}

ValueRow RowOf(const Value& item, const DataType& element) {
  if (!element.Is(TypeKind::kRow)) return {item};
  if (item.IsNull()) return ValueRow(element.fields().size());
  return item.AsList();
}

Status Rows(const RowCall& call, std::vector<ValueRow>& out) {
  if (call.args[0].IsNull()) return Status::Ok();
  const DataType& type = call.expr.args[0]->type;
  const Value::List& items = call.args[0].AsList();
  if (type.Is(TypeKind::kMap)) {
    for (size_t i = 0; i + 1 < items.size(); i += 2) out.push_back({items[i], items[i + 1]});
    return Status::Ok();
  }
  size_t step = IsMultiset(type) ? 2 : 1;
  for (size_t i = 0; i < items.size(); i += step) {
    int64_t times = IsMultiset(type) ? items[i + 1].AsInt() : 1;
    for (int64_t k = 0; k < times; ++k) out.push_back(RowOf(items[i], type.element()));
  }
  return Status::Ok();
}

}  // namespace

extern const TableFunction kUnnest = {.name = "UNNEST",
                                      .signature = "UNNEST(ARRAY<T> | MAP<K, V> | MULTISET<T>) -> rows",
                                      .doc = "A row for each item or entry; items of type ROW become their fields.",
                                      .infer = Infer,
                                      .rows = Rows};

}  // namespace millrace::functions
