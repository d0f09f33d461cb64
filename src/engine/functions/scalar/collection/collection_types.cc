// Checks and equality for arrays and maps.
#include "engine/functions/scalar/collection/collection_types.h"

#include "engine/functions/inference.h"
#include "types/cast.h"

namespace millrace::functions {
namespace {

bool EqualNullable(const Value& a, const Value& b, const DataType& type) {
  if (a.IsNull() || b.IsNull()) return a.IsNull() && b.IsNull();
  return EqualItems(a, b, type);
}

// Lists of key, value, key, value … with the same entries.
bool EqualMaps(const Value::List& a, const Value::List& b, const DataType& key, const DataType& value) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i + 1 < a.size(); i += 2) {
    bool found = false;
    for (size_t j = 0; j + 1 < b.size() && !found; j += 2) {
      found = EqualNullable(a[i], b[j], key) && EqualNullable(a[i + 1], b[j + 1], value);
    }
    if (!found) return false;
  }
  return true;
}

bool EqualNested(const Value::List& a, const Value::List& b, const DataType& type) {
  if (type.Is(TypeKind::kMap)) return EqualMaps(a, b, type.key(), type.value());
  if (type.Is(TypeKind::kMultiset)) return EqualMaps(a, b, type.element(), DataType::Int());
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (!EqualNullable(a[i], b[i], type.Is(TypeKind::kRow) ? type.fields()[i].type : type.element())) return false;
  }
  return true;
}

}  // namespace

Error InvalidInput(std::string_view signatures) {
  return UserError("function.arguments",
                   "Invalid input arguments. Expected signatures are:\n" + std::string(signatures),
                   "CAST the arguments to the types that the function takes");
}

bool TakesArrayAndItem(CallTypes& call) {
  if (call.types.size() != 2 || !call.types[0].Is(TypeKind::kArray)) return false;
  const DataType& element = call.types[0].element();
  DataType& item = call.types[1];
  bool fits = item.Is(TypeKind::kNull) || item.SameIgnoringNullability(element) ||
              CanCastImplicitly(item.Nullable(), element.Nullable());
  if (fits) item = element.WithNullable(item.nullable());
  return fits;
}

bool TakesCommon(CallTypes& call, TypeKind kind, size_t least, size_t most) {
  if (!CountBetween(call, least, most)) return false;
  for (const DataType& type : call.types) {
    if (!type.Is(kind)) return false;
  }
  Result<DataType> common = CommonType(call.types);
  if (!common.ok()) return false;
  for (DataType& type : call.types) type = common->WithNullable(type.nullable());
  return true;
}

bool TakesSortable(const CallTypes& call) {
  if (call.types.empty() || !call.types[0].Is(TypeKind::kArray)) return false;
  const DataType& element = call.types[0].element();
  return element.IsNumeric() || element.IsDateTime() || element.IsString() || element.IsBinaryString() ||
         element.Is(TypeKind::kNull);
}

bool EqualItems(const Value& a, const Value& b, const DataType& type) {
  switch (type.physical()) {
    case PhysicalKind::kFloat:
      return a.AsFloat() == b.AsFloat();
    case PhysicalKind::kDouble:
      return a.AsDouble() == b.AsDouble();
    case PhysicalKind::kList:
    case PhysicalKind::kRow:
      return EqualNested(a.AsList(), b.AsList(), type);
    case PhysicalKind::kNone:
    case PhysicalKind::kBool:
    case PhysicalKind::kInt8:
    case PhysicalKind::kInt16:
    case PhysicalKind::kInt32:
    case PhysicalKind::kInt64:
    case PhysicalKind::kInt128:
    case PhysicalKind::kTimestamp:
    case PhysicalKind::kString:
      return a == b;
  }
  return false;
}

}  // namespace millrace::functions
