#include "engine/state/value_codec.h"

#include <vector>

namespace millrace::state {

void PutBytes(std::string_view bytes, std::string& out) {
  PutFixed(static_cast<uint32_t>(bytes.size()), out);
  out.append(bytes);
}

bool TakeBytes(std::string_view& in, std::string_view* bytes) {
  uint32_t size = 0;
  if (!TakeFixed(in, &size) || in.size() < size) return false;
  *bytes = in.substr(0, size);
  in.remove_prefix(size);
  return true;
}

Error CorruptRecord(std::string_view what) {
  return ExternalError("snapshot.corrupt", "a state record is damaged: " + std::string(what),
                       "restore from an older snapshot");
}

namespace {

// Bytes of a non-null, fixed-width field after its first byte; 0 for strings and nested types.
void AppendFixed(const Column& base, int32_t at, std::string& out) {
  switch (base.type().physical()) {
    case PhysicalKind::kBool:
      return PutFixed<int64_t>(base.values<uint8_t>()[at], out);
    case PhysicalKind::kInt8:
      return PutFixed<int64_t>(base.values<int8_t>()[at], out);
    case PhysicalKind::kInt16:
      return PutFixed<int64_t>(base.values<int16_t>()[at], out);
    case PhysicalKind::kInt32:
      return PutFixed<int64_t>(base.values<int32_t>()[at], out);
    case PhysicalKind::kInt64:
      return PutFixed<int64_t>(base.values<int64_t>()[at], out);
    case PhysicalKind::kFloat:
      return PutFixed(CanonicalFloat(base.values<float>()[at]), out);
    case PhysicalKind::kDouble:
      return PutFixed(CanonicalDouble(base.values<double>()[at]), out);
    case PhysicalKind::kInt128:
      return PutFixed(base.values<int128_t>()[at], out);
    case PhysicalKind::kTimestamp:
      PutFixed(base.values<Timestamp>()[at].millis, out);
      return PutFixed(base.values<Timestamp>()[at].nanos, out);
    case PhysicalKind::kString:
      return PutBytes(base.values<StringRef>()[at].view(), out);
    case PhysicalKind::kNone:
    case PhysicalKind::kList:
    case PhysicalKind::kRow:
      return;
  }
}

}  // namespace

void AppendField(const Column& column, int32_t row, std::string& out) {
  const Column* base = &column;
  int32_t at = row;
  if (base->encoding() == Encoding::kDictionary) {
    at = base->indices()[row];
    base = base->children()[0].get();
  }
  if (base->encoding() == Encoding::kConstant) at = 0;
  if (base->type().physical() == PhysicalKind::kNone ||
      (base->validity() != nullptr && !bits::Get(base->validity(), at))) {
    return AppendNullField(out);
  }
  out.push_back('\1');
  if (base->type().physical() == PhysicalKind::kList) {
    ListRef list = base->values<ListRef>()[at];
    PutFixed(static_cast<uint32_t>(list.length), out);
    for (int32_t i = 0; i < list.length; ++i) {
      for (const ColumnPtr& child : base->children()) AppendField(*child, list.offset + i, out);
    }
  } else if (base->type().physical() == PhysicalKind::kRow) {
    for (const ColumnPtr& child : base->children()) AppendField(*child, at, out);
  } else {
    AppendFixed(*base, at, out);
  }
}

namespace {

// The types of a list's interleaved items or of a row's fields.
std::vector<DataType> ItemTypes(const DataType& type) {
  std::vector<DataType> types;
  for (const Field& field : type.fields()) types.push_back(field.type);
  if (type.Is(TypeKind::kMultiset)) types.push_back(DataType::Int().NotNull());
  return types;
}

}  // namespace

void AppendValueField(const Value& value, const DataType& type, std::string& out) {
  if (value.IsNull() || type.physical() == PhysicalKind::kNone) return AppendNullField(out);
  out.push_back('\1');
  switch (type.physical()) {
    case PhysicalKind::kNone:
      return;
    case PhysicalKind::kBool:
      return PutFixed<int64_t>(value.AsBool() ? 1 : 0, out);
    case PhysicalKind::kInt8:
    case PhysicalKind::kInt16:
    case PhysicalKind::kInt32:
    case PhysicalKind::kInt64:
      return PutFixed(value.AsInt(), out);
    case PhysicalKind::kFloat:
      return PutFixed(CanonicalFloat(value.AsFloat()), out);
    case PhysicalKind::kDouble:
      return PutFixed(CanonicalDouble(value.AsDouble()), out);
    case PhysicalKind::kInt128:
      return PutFixed(value.AsDecimal(), out);
    case PhysicalKind::kTimestamp:
      PutFixed(value.AsTimestamp().millis, out);
      return PutFixed(value.AsTimestamp().nanos, out);
    case PhysicalKind::kString:
      return PutBytes(value.AsString(), out);
    case PhysicalKind::kList:
    case PhysicalKind::kRow: {
      std::vector<DataType> types = ItemTypes(type);
      const Value::List& items = value.AsList();
      if (type.physical() == PhysicalKind::kList) {
        PutFixed(static_cast<uint32_t>(items.size() / types.size()), out);
      }
      for (size_t i = 0; i < items.size(); ++i) AppendValueField(items[i], types[i % types.size()], out);
      return;
    }
  }
}

namespace {

template <typename Stored, typename T>
Status TakeInto(std::string_view& in, ColumnBuilder& out) {
  Stored value;
  if (!TakeFixed(in, &value)) return CorruptRecord("a number is cut short");
  out.Append(static_cast<T>(value));
  return Status::Ok();
}

Status TakeNested(std::string_view& in, ColumnBuilder& out) {
  size_t children = out.type().Is(TypeKind::kMultiset) ? 2 : out.type().fields().size();
  uint32_t length = 1;
  bool list = out.type().physical() == PhysicalKind::kList;
  if (list && !TakeFixed(in, &length)) return CorruptRecord("the length of a collection is cut short");
  for (uint32_t i = 0; i < length; ++i) {
    for (size_t c = 0; c < children; ++c) MR_RETURN_IF_ERROR(TakeField(in, out.child(c)));
  }
  if (list) {
    out.CloseList(static_cast<int32_t>(length));
  } else {
    out.CloseRow();
  }
  return Status::Ok();
}

}  // namespace

Status TakeField(std::string_view& in, ColumnBuilder& out) {
  uint8_t present = 0;
  if (!TakeFixed(in, &present)) return CorruptRecord("a field is missing");
  if (present == 0) {
    out.AppendNull();
    return Status::Ok();
  }
  switch (out.type().physical()) {
    case PhysicalKind::kNone:
      return CorruptRecord("a NULL has a value");
    case PhysicalKind::kBool:
      return TakeInto<int64_t, uint8_t>(in, out);
    case PhysicalKind::kInt8:
      return TakeInto<int64_t, int8_t>(in, out);
    case PhysicalKind::kInt16:
      return TakeInto<int64_t, int16_t>(in, out);
    case PhysicalKind::kInt32:
      return TakeInto<int64_t, int32_t>(in, out);
    case PhysicalKind::kInt64:
      return TakeInto<int64_t, int64_t>(in, out);
    case PhysicalKind::kFloat:
      return TakeInto<float, float>(in, out);
    case PhysicalKind::kDouble:
      return TakeInto<double, double>(in, out);
    case PhysicalKind::kInt128:
      return TakeInto<int128_t, int128_t>(in, out);
    case PhysicalKind::kTimestamp: {
      Timestamp value;
      if (!TakeFixed(in, &value.millis) || !TakeFixed(in, &value.nanos)) return CorruptRecord("a time is cut short");
      out.Append(value);
      return Status::Ok();
    }
    case PhysicalKind::kString: {
      std::string_view text;
      if (!TakeBytes(in, &text)) return CorruptRecord("a text is cut short");
      out.AppendString(text);
      return Status::Ok();
    }
    case PhysicalKind::kList:
    case PhysicalKind::kRow:
      return TakeNested(in, out);
  }
  return CorruptRecord("unknown type");
}

Result<Value> TakeValue(std::string_view& in, const DataType& type) {
  ColumnBuilder builder(type, MemoryPool::Process(), 1);
  MR_RETURN_IF_ERROR(TakeField(in, builder));
  return builder.Finish()->GetValue(0);
}

void AppendValueRow(const ValueRow& row, const std::vector<DataType>& types, std::string& out) {
  for (size_t i = 0; i < types.size(); ++i) AppendValueField(row[i], types[i], out);
}

Result<ValueRow> TakeValueRow(std::string_view& in, const std::vector<DataType>& types) {
  ValueRow row;
  row.reserve(types.size());
  for (const DataType& type : types) {
    MR_ASSIGN(Value value, TakeValue(in, type));
    row.push_back(std::move(value));
  }
  return row;
}

}  // namespace millrace::state
