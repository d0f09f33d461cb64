// FIELD(row, i), which the binder makes of row.field: the child column itself, null where the row is.
#include "engine/functions/scalar/collection/field_access.h"

#include "engine/functions/scalar/collection/column_parts.h"

namespace millrace::functions {
namespace {

Result<DataType> Infer(CallTypes& call) {
  const Value* index = call.Literal(1);
  bool known = call.types.size() == 2 && call.types[0].Is(TypeKind::kRow) && index != nullptr && !index->IsNull();
  if (!known || index->AsInt() < 0 || index->AsInt() >= static_cast<int64_t>(call.types[0].fields().size())) {
    return BadArguments(call, "'<ROW>.<FIELD>'");
  }
  const DataType& type = call.types[0].fields()[static_cast<size_t>(index->AsInt())].type;
  return type.WithNullable(type.nullable() || call.types[0].nullable());
}

// Position 0 of `column` for every row.
ColumnPtr ConstantOf(const Column& column, int32_t rows) {
  const Column* base = &column;
  Column::Parts parts;
  parts.type = column.type();
  parts.size = rows;
  parts.encoding = Encoding::kConstant;
  parts.values = base->values<void>();
  parts.validity = base->validity();
  parts.children = base->children();
  parts.buffers = base->buffers();
  return std::make_shared<const Column>(std::move(parts));
}

// Field `index` of a flat column of rows.
ColumnPtr FlatField(const Column& rows, size_t index, MemoryPool* pool) {
  return MaskColumn(rows.children()[index], rows.validity(), rows.buffers(), pool);
}

ColumnPtr DictionaryField(const Column& rows, size_t index, MemoryPool* pool) {
  ColumnPtr field = FlatField(*rows.children()[0], index, pool);
  if (field->encoding() == Encoding::kConstant || field->type().Is(TypeKind::kNull))
    return ConstantOf(*field, rows.size());
  Column::Parts parts;
  parts.type = field->type();
  parts.size = rows.size();
  parts.encoding = Encoding::kDictionary;
  parts.indices = rows.indices();
  parts.children = {Flatten(field, pool)};
  parts.buffers = rows.buffers();
  return std::make_shared<const Column>(std::move(parts));
}

Result<ColumnPtr> Run(const KernelCall& call) {
  return FieldColumn(*call.args[0], static_cast<size_t>(call.expr.args[1]->literal.AsInt()), call);
}

}  // namespace

Result<ColumnPtr> FieldColumn(const Column& rows, size_t index, const KernelCall& call) {
  MemoryPool* pool = call.context.pool;
  switch (rows.encoding()) {
    case Encoding::kFlat:
      return FlatField(rows, index, pool)->WithType(call.expr.type);
    case Encoding::kDictionary:
      return DictionaryField(rows, index, pool)->WithType(call.expr.type);
    case Encoding::kConstant: {
      if (rows.IsNull(0)) return MakeConstant(call.expr.type, Value::Null(), call.size, pool);
      return ConstantOf(*Flatten(rows.children()[index], pool), call.size)->WithType(call.expr.type);
    }
  }
  return InternalError("a column has an unknown encoding");
}

extern const ScalarFunction kField = {.name = "FIELD",
                                      .signature = "ROW.field -> the field's type",
                                      .doc = "A field of a row; NULL where the row is NULL.",
                                      .example = "CAST(ROW(1, 'x') AS ROW<a INT, b STRING>).b",
                                      .example_result = "x",
                                      .infer = Infer,
                                      .kernel = Run};

}  // namespace millrace::functions
