// Checks of arguments and types of results that many functions share.
#include "engine/functions/inference.h"

#include <algorithm>

#include "types/cast.h"

namespace millrace::functions {

bool InFamily(const DataType& type, Family family) {
  if (type.Is(TypeKind::kNull)) return true;
  switch (family) {
    case Family::kAny:
      return true;
    case Family::kString:
      return type.IsString();
    case Family::kBinary:
      return type.IsBinaryString();
    case Family::kText:
      return type.IsString() || type.IsBinaryString();
    case Family::kNumeric:
      return type.IsNumeric();
    case Family::kInteger:
      return type.IsInteger();
    case Family::kIntOrLess:
      return type.IsInteger() && !type.Is(TypeKind::kBigint);
    case Family::kExact:
      return type.IsExactNumeric();
    case Family::kApproximate:
      return type.IsApproximateNumeric();
    case Family::kBoolean:
      return type.Is(TypeKind::kBoolean);
    case Family::kDateTime:
      return type.IsDateTime();
    case Family::kTimestamp:
      return type.IsTimestampLike();
    case Family::kInterval:
      return type.IsInterval();
  }
  return false;
}

bool CountBetween(const CallTypes& call, size_t least, size_t most) {
  return call.types.size() >= least && call.types.size() <= most;
}

bool Takes(CallTypes& call, size_t i, Family family, const DataType& null_type) {
  if (!InFamily(call.types[i], family)) return false;
  if (call.types[i].Is(TypeKind::kNull)) call.types[i] = null_type.Nullable();
  return true;
}

bool Wants(CallTypes& call, size_t i, const DataType& type) {
  DataType wanted = type.WithNullable(call.types[i].nullable());
  if (!call.types[i].Is(TypeKind::kNull) && !(call.types[i] == wanted) && !CanCastImplicitly(call.types[i], wanted))
    return false;
  call.types[i] = wanted;
  return true;
}

bool WantsFrom(CallTypes& call, size_t i, Family family, const DataType& type) {
  if (!InFamily(call.types[i], family)) return false;
  call.types[i] = type.WithNullable(call.types[i].nullable());
  return true;
}

bool AllStrings(CallTypes& call, size_t least, size_t most) {
  if (!CountBetween(call, least, most)) return false;
  for (size_t i = 0; i < call.types.size(); ++i) {
    if (!Takes(call, i, Family::kString, DataType::String())) return false;
  }
  return true;
}

DataType NullableIfArgs(const CallTypes& call, const DataType& type) { return type.WithNullable(call.Nullable()); }

const Value* IntLiteral(const CallTypes& call, size_t i) {
  const Value* literal = call.Literal(i);
  return literal != nullptr && !literal->IsNull() && call.types[i].IsInteger() ? literal : nullptr;
}

Result<DataType> InferCase(std::vector<DataType>& branches) {
  MR_ASSIGN(DataType common, CommonType(branches));
  bool nullable = std::any_of(branches.begin(), branches.end(), [](const DataType& type) { return type.nullable(); });
  for (DataType& branch : branches) branch = common.WithNullable(branch.nullable());
  return common.WithNullable(nullable);
}

}  // namespace millrace::functions
