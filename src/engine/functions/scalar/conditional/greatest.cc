// GREATEST and LEAST: NULL if an argument is NULL.
#include <cmath>

#include "engine/functions/inference.h"
#include "engine/functions/lift.h"
#include "engine/functions/scalar/comparison/comparison.h"
#include "types/cast.h"

namespace millrace::functions {

namespace {

// Java's compareTo: NaN is greatest, -0.0 is less than 0.0.
template <typename T>
bool LessThan(const T& a, const T& b) {
  if constexpr (std::is_floating_point_v<T>) {
    if (std::isnan(a) || std::isnan(b)) return !std::isnan(a);
    if (a == b) return std::signbit(a) && !std::signbit(b);
    return a < b;
  } else if constexpr (std::is_same_v<T, StringRef>) {
    return CompareRefs(a, b) < 0;
  } else {
    return a < b;
  }
}

template <typename T>
ColumnPtr Best(const KernelCall& call, bool greatest) {
  std::vector<ColumnReader<T>> readers;
  readers.reserve(call.args.size());
  FlatWriter<T> writer(call.expr.type, call.size, call.context.pool);
  for (const ColumnPtr& arg : call.args) {
    readers.emplace_back(*arg);
    if constexpr (std::is_same_v<T, StringRef>) writer.KeepBuffersOf(*arg);
  }
  call.rows.ForEach([&](int32_t row) {
    const T* best = nullptr;
    for (const ColumnReader<T>& reader : readers) {
      if (reader.IsNull(row)) {
        writer.SetNull(row);
        return;
      }
      const T& value = reader[row];
      if (best == nullptr || (greatest ? LessThan(*best, value) : LessThan(value, *best))) best = &value;
    }
    writer.values()[row] = *best;
  });
  return writer.Finish();
}

template <bool kGreatest>
Result<ColumnPtr> Run(const KernelCall& call) {
  switch (call.expr.type.physical()) {
    case PhysicalKind::kBool:
      return Best<uint8_t>(call, kGreatest);
    case PhysicalKind::kInt8:
      return Best<int8_t>(call, kGreatest);
    case PhysicalKind::kInt16:
      return Best<int16_t>(call, kGreatest);
    case PhysicalKind::kInt32:
      return Best<int32_t>(call, kGreatest);
    case PhysicalKind::kInt64:
      return Best<int64_t>(call, kGreatest);
    case PhysicalKind::kFloat:
      return Best<float>(call, kGreatest);
    case PhysicalKind::kDouble:
      return Best<double>(call, kGreatest);
    case PhysicalKind::kInt128:
      return Best<int128_t>(call, kGreatest);
    case PhysicalKind::kTimestamp:
      return Best<Timestamp>(call, kGreatest);
    case PhysicalKind::kString:
      return Best<StringRef>(call, kGreatest);
    case PhysicalKind::kNone:
      return MakeConstant(call.expr.type, Value::Null(), call.size, call.context.pool);
    case PhysicalKind::kList:
    case PhysicalKind::kRow:
      break;
  }
  return InternalError("these values have no order");
}

Result<DataType> Infer(CallTypes& call) {
  bool fits = !call.types.empty();
  for (const DataType& type : call.types) {
    fits = fits && (type.Is(TypeKind::kNull) || type.IsNumeric() || type.IsString() || type.IsBinaryString() ||
                    type.Is(TypeKind::kBoolean) || type.IsDateTime() || type.IsInterval());
  }
  if (fits) {
    Result<DataType> common = CommonType(call.types);
    if (common.ok()) {
      for (DataType& type : call.types) {
        // Texts keep their own length; they are compared as they are.
        if (!type.IsString() || !common->IsString()) type = common->WithNullable(type.nullable());
      }
      return NullableIfArgs(call, *common);
    }
  }
  return BadArguments(call, "'" + std::string(call.name) + "(<COMPARABLE>, …)'");
}

}  // namespace

extern const ScalarFunction kGreatest = {.name = "GREATEST",
                                         .signature = "GREATEST(value, …) -> value",
                                         .doc = "The greatest of the values; NULL if one is NULL.",
                                         .example = "GREATEST(1, 3, 2)",
                                         .example_result = "3",
                                         .infer = Infer,
                                         .kernel = Run<true>};
extern const ScalarFunction kLeast = {.name = "LEAST",
                                      .signature = "LEAST(value, …) -> value",
                                      .doc = "The least of the values; NULL if one is NULL.",
                                      .example = "LEAST('b', 'a', 'c')",
                                      .example_result = "a",
                                      .infer = Infer,
                                      .kernel = Run<false>};

}  // namespace millrace::functions
