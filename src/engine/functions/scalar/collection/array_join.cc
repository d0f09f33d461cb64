// ARRAY_JOIN(array, delimiter[, null replacement]).
#include "engine/functions/inference.h"
#include "engine/functions/scalar/collection/collection_types.h"

namespace millrace::functions {
namespace {

Result<DataType> Infer(CallTypes& call) {
  bool takes = CountBetween(call, 2, 3) && call.types[0].Is(TypeKind::kArray) && call.types[0].element().IsString();
  for (size_t i = 1; takes && i < call.types.size(); ++i) takes = Takes(call, i, Family::kString, DataType::String());
  if (!takes) {
    return InvalidInput(
        "ARRAY_JOIN(ARRAY<STRING>, <CHARACTER_STRING>)\nARRAY_JOIN(ARRAY<STRING>, <CHARACTER_STRING>, "
        "<CHARACTER_STRING>)");
  }
  return DataType::String().WithNullable(call.Nullable());
}

// NULLs are left out unless there is a text for them.
Result<Value> Join(const RowCall& call) {
  std::string joined;
  bool first = true;
  for (const Value& item : call.args[0].AsList()) {
    if (item.IsNull() && call.args.size() < 3) continue;
    if (!first) joined += call.args[1].AsString();
    first = false;
    joined += item.IsNull() ? call.args[2].AsString() : item.AsString();
  }
  return Value::String(std::move(joined));
}

}  // namespace

extern const ScalarFunction kArrayJoin = {
    .name = "ARRAY_JOIN",
    .signature = "ARRAY_JOIN(ARRAY<STRING>, STRING delimiter[, STRING for_null]) -> STRING",
    .doc = "The items as one text. NULLs are left out unless a text for them is given.",
    .example = "ARRAY_JOIN(ARRAY['a', 'b'], '+')",
    .example_result = "a+b",
    .infer = Infer,
    .row = Join};

}  // namespace millrace::functions
