// ARRAY[…], MAP[…] and ROW(…).
#include "engine/functions/scalar_function.h"
#include "types/cast.h"

namespace millrace::functions {
namespace {

Error IllegalNull() {
  return UserError("function.arguments", "Illegal use of 'NULL'", "CAST(NULL AS type) says which type the NULL has");
}

// The common type of every second argument from `first` on (every argument with step 1), which they are cast to.
Result<DataType> Unify(CallTypes& call, size_t first, size_t step) {
  std::vector<DataType> types;
  for (size_t i = first; i < call.types.size(); i += step) types.push_back(call.types[i]);
  MR_ASSIGN(DataType common, CommonType(types));
  if (common.Is(TypeKind::kNull)) return IllegalNull();
  for (size_t i = first; i < call.types.size(); i += step)
    call.types[i] = common.WithNullable(call.types[i].nullable());
  return common;
}

Result<DataType> InferArray(CallTypes& call) {
  if (call.types.empty())
    return UserError("function.arguments", "Require at least 1 argument", "An array has an item at least");
  MR_ASSIGN(DataType element, Unify(call, 0, 1));
  return DataType::Array(element).NotNull();
}

Result<DataType> InferMap(CallTypes& call) {
  if (call.types.empty() || call.types.size() % 2 != 0) {
    return UserError("function.arguments", "Map requires an even number of arguments, at least 2",
                     "Write MAP[key, value, …]");
  }
  MR_ASSIGN(DataType key, Unify(call, 0, 2));
  MR_ASSIGN(DataType value, Unify(call, 1, 2));
  return DataType::Map(key, value).NotNull();
}

Result<DataType> InferRow(CallTypes& call) {
  if (call.types.empty()) return UserError("function.arguments", "ROW needs a field at least", "Write ROW(value, …)");
  std::vector<Field> fields;
  for (const DataType& type : call.types) {
    if (type.Is(TypeKind::kNull)) return IllegalNull();
    fields.push_back({"EXPR$" + std::to_string(fields.size()), type.WithTimeAttribute(TimeAttribute::kNone), {}});
  }
  return DataType::Row(std::move(fields)).NotNull();
}

// Lists of the arguments of each row, dealt out to the child columns in turn.
Result<ColumnPtr> MakeLists(const KernelCall& call) {
  ColumnBuilder out(call.expr.type, call.context.pool, call.size);
  size_t children = call.expr.type.fields().size();
  auto length = static_cast<int32_t>(call.args.size() / children);
  int32_t next = 0;
  auto skip_to = [&](int32_t row) {
    for (; next < row; ++next) out.CloseList(0);
  };
  call.rows.ForEach([&](int32_t row) {
    skip_to(row);
    for (size_t i = 0; i < call.args.size(); ++i) out.child(i % children).AppendFrom(*call.args[i], row);
    out.CloseList(length);
    ++next;
  });
  skip_to(call.size);
  return out.Finish();
}

Result<ColumnPtr> MakeRows(const KernelCall& call) {
  Column::Parts parts;
  parts.type = call.expr.type;
  parts.size = call.size;
  for (size_t i = 0; i < call.args.size(); ++i) {
    parts.children.push_back(Flatten(call.args[i], call.context.pool)->WithType(call.expr.type.fields()[i].type));
  }
  return ColumnPtr(std::make_shared<const Column>(std::move(parts)));
}

}  // namespace

extern const ScalarFunction kArray = {.name = "ARRAY",
                                      .signature = "ARRAY[T, ...] -> ARRAY<T>",
                                      .doc = "An array of the values, which get a common type.",
                                      .example = "ARRAY[1, 2.5]",
                                      .example_result = "[1.0, 2.5]",
                                      .infer = InferArray,
                                      .kernel = MakeLists};

extern const ScalarFunction kMap = {.name = "MAP",
                                    .signature = "MAP[K, V, ...] -> MAP<K, V>",
                                    .doc = "A map of keys and values in turn.",
                                    .example = "MAP['a', 1, 'b', 2]",
                                    .example_result = "{a=1, b=2}",
                                    .infer = InferMap,
                                    .kernel = MakeLists};

extern const ScalarFunction kRow = {.name = "ROW",
                                    .signature = "ROW(T, ...) -> ROW<T, ...>",
                                    .doc = "A row of the values; the fields are called EXPR$0, EXPR$1 and so on.",
                                    .example = "ROW(1, 'x')",
                                    .example_result = "(1, x)",
                                    .infer = InferRow,
                                    .kernel = MakeRows};

}  // namespace millrace::functions
