// JSON_VALUE: one scalar out of a JSON text, as text, BOOLEAN, INT or DOUBLE. The value is converted only if it has
// that very kind, as in Flink.
#include "engine/functions/inference.h"
#include "engine/functions/scalar/json/sql_json.h"

namespace millrace::functions {
namespace {

constexpr size_t kReturning = 2;
constexpr size_t kOnEmpty = 3;
constexpr size_t kOnError = 5;

Result<DataType> Infer(CallTypes& call) {
  if (call.types.size() != 7 || !TakesJsonAndPath(call))
    return BadArguments(call, "'JSON_VALUE(<CHARACTER>, <CHARACTER>)'");
  const DataType& type = call.types[kReturning];
  bool known = type.Is(TypeKind::kVarchar) || type.Is(TypeKind::kBoolean) || type.Is(TypeKind::kInt) ||
               type.Is(TypeKind::kDouble);
  if (!known) {
    return UserError("function.arguments", "Unsupported type '" + type.ToString() + "' for RETURNING in JSON_VALUE().",
                     "Use STRING, BOOLEAN, INTEGER or DOUBLE, and CAST the result");
  }
  for (size_t i : {kOnEmpty + 1, kOnError + 1}) call.types[i] = type.WithNullable(call.types[i].nullable());
  return type.Nullable();
}

Error WrongKind(const DataType& type, std::string text) {
  return JsonError("JSON_VALUE cannot return '" + text + "' as " + type.ToString() +
                   ": the JSON value has another type");
}

// Writes the value of one row.
class ValueWriter {
 public:
  ValueWriter(const KernelCall& call, const JsonCallState& state)
      : call_(call), state_(state), out_(call.expr.type, call.context.pool, call.size) {}

  Status Write(const JsonHit& hit) {
    const DataType& type = call_.expr.type;
    const JsonNode* node = hit.number ? nullptr : &state_.document().node(hit.node);
    if (type.IsString()) {
      text_.clear();
      state_.AppendJavaText(hit, &text_);
      out_.AppendString(text_);
      return Status::Ok();
    }
    if (type.Is(TypeKind::kBoolean) && node != nullptr &&
        (node->kind == JsonKind::kTrue || node->kind == JsonKind::kFalse)) {
      out_.Append(static_cast<uint8_t>(node->kind == JsonKind::kTrue));
      return Status::Ok();
    }
    if (type.Is(TypeKind::kInt)) {
      bool whole = node == nullptr ? hit.is_integer : node->kind == JsonKind::kInteger;
      int64_t value = !whole ? INT64_MAX : (node == nullptr ? static_cast<int64_t>(*hit.number) : node->integer);
      if (value == static_cast<int32_t>(value)) {
        out_.Append(static_cast<int32_t>(value));
        return Status::Ok();
      }
    }
    if (type.Is(TypeKind::kDouble) && (node == nullptr ? !hit.is_integer : node->kind == JsonKind::kDouble)) {
      out_.Append(node == nullptr ? *hit.number : node->number);
      return Status::Ok();
    }
    std::string text;
    state_.AppendJavaText(hit, &text);
    return WrongKind(type, std::move(text));
  }

  void WriteFrom(const Column& column, int32_t row) { out_.AppendFrom(column, row); }
  void WriteNull() { out_.AppendNull(); }
  ColumnPtr Finish() { return out_.Finish(); }

 private:
  const KernelCall& call_;
  const JsonCallState& state_;
  ColumnBuilder out_;
  std::string text_;
};

// What ON EMPTY or ON ERROR at argument `clause` says.
Status Otherwise(const KernelCall& call, size_t clause, const std::string& message, int32_t row, ValueWriter& writer) {
  std::string_view behavior = JsonSymbol(call.expr, clause);
  if (behavior == "ERROR") return JsonError(message);
  if (behavior == "DEFAULT") {
    writer.WriteFrom(*call.args[clause + 1], row);
  } else {
    writer.WriteNull();
  }
  return Status::Ok();
}

Status WriteRow(const KernelCall& call, JsonCallState& state, std::string_view text, std::string_view path, int32_t row,
                ValueWriter& writer) {
  const JsonContext& context = state.Evaluate(text, path);
  if (context.failed) return Otherwise(call, kOnError, context.message, row, writer);
  bool scalar = context.IsScalar(state.document());
  if (!context.has_value || (!context.strict && !scalar)) {
    return Otherwise(call, kOnEmpty, "Empty result of JSON_VALUE function is not allowed", row, writer);
  }
  if (!scalar) {
    std::string value;
    state.AppendJson(context, &value);
    return Otherwise(call, kOnError,
                     "Strict jsonpath mode requires scalar value, and the actual value is: ''" + value + "''", row,
                     writer);
  }
  return writer.Write(context.hits.back());
}

Result<ColumnPtr> Run(const KernelCall& call) {
  auto& state = *static_cast<JsonCallState*>(call.state);
  if (call.args[0]->type().Is(TypeKind::kNull) || call.args[1]->type().Is(TypeKind::kNull)) {
    return MakeConstant(call.expr.type, Value::Null(), call.size, call.context.pool);
  }
  ColumnReader<StringRef> texts(*call.args[0]);
  ColumnReader<StringRef> paths(*call.args[1]);
  ValueWriter writer(call, state);
  int32_t next = 0;
  for (int32_t i = 0; i < call.rows.count(); ++i) {
    int32_t row = call.rows[i];
    for (; next < row; ++next) writer.WriteNull();
    ++next;
    if (texts.IsNull(row) || paths.IsNull(row)) {
      writer.WriteNull();
      continue;
    }
    MR_RETURN_IF_ERROR(WriteRow(call, state, texts[row].view(), paths[row].view(), row, writer));
  }
  for (; next < call.size; ++next) writer.WriteNull();
  return writer.Finish();
}

}  // namespace

extern const ScalarFunction kJsonValue = {
    .name = "JSON_VALUE",
    .signature =
        "JSON_VALUE(STRING json, STRING path [RETURNING type] [{ NULL | ERROR | DEFAULT x } ON EMPTY] "
        "[{ NULL | ERROR | DEFAULT x } ON ERROR]) -> STRING | BOOLEAN | INT | DOUBLE",
    .doc = "The scalar that the path finds in the JSON text.",
    .example = "JSON_VALUE('{\"a\": 1.50}', '$.a')",
    .example_result = "1.5",
    .infer = Infer,
    .kernel = Run,
    .prepare = MakeJsonCallState};

}  // namespace millrace::functions
