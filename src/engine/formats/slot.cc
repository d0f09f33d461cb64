#include "engine/formats/slot.h"

#include <string>

namespace millrace::formats {

void AppendSlot(PhysicalKind physical, const Slot& slot, SlotState state, const Value& boxed, bool refer,
                ColumnBuilder& column) {
  if (state == SlotState::kMissing || state == SlotState::kNull) return column.AppendNull();
  switch (physical) {
    case PhysicalKind::kNone:
      return column.AppendNull();
    case PhysicalKind::kBool:
      return column.Append(slot.boolean);
    case PhysicalKind::kInt8:
      return column.Append(slot.int8);
    case PhysicalKind::kInt16:
      return column.Append(slot.int16);
    case PhysicalKind::kInt32:
      return column.Append(slot.int32);
    case PhysicalKind::kInt64:
      return column.Append(slot.int64);
    case PhysicalKind::kFloat:
      return column.Append(slot.float32);
    case PhysicalKind::kDouble:
      return column.Append(slot.float64);
    case PhysicalKind::kInt128:
      return column.Append(slot.decimal);
    case PhysicalKind::kTimestamp:
      return column.Append(slot.timestamp);
    case PhysicalKind::kString:
      if (refer && state == SlotState::kSet) return column.AppendStringRef(slot.string);
      return column.AppendString(slot.string.view());
    case PhysicalKind::kList:
    case PhysicalKind::kRow:
      return column.AppendValue(boxed);
  }
}

Value BoxSlot(PhysicalKind physical, const Slot& slot, SlotState state) {
  if (state == SlotState::kMissing || state == SlotState::kNull) return Value::Null();
  switch (physical) {
    case PhysicalKind::kNone:
    case PhysicalKind::kList:
    case PhysicalKind::kRow:
      return Value::Null();
    case PhysicalKind::kBool:
      return Value::Bool(slot.boolean != 0);
    case PhysicalKind::kInt8:
      return Value::Int(slot.int8);
    case PhysicalKind::kInt16:
      return Value::Int(slot.int16);
    case PhysicalKind::kInt32:
      return Value::Int(slot.int32);
    case PhysicalKind::kInt64:
      return Value::Int(slot.int64);
    case PhysicalKind::kFloat:
      return Value::Float(slot.float32);
    case PhysicalKind::kDouble:
      return Value::Double(slot.float64);
    case PhysicalKind::kInt128:
      return Value::Decimal(slot.decimal);
    case PhysicalKind::kTimestamp:
      return Value::Time(slot.timestamp);
    case PhysicalKind::kString:
      return Value::String(std::string(slot.string.view()));
  }
  return Value::Null();
}

}  // namespace millrace::formats
