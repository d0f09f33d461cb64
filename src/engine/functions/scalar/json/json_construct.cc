// JSON_OBJECT, JSON_ARRAY and JSON_STRING: JSON text out of SQL values. A JSON_OBJECT or JSON_ARRAY right inside of
// another one is put in as it is, not as a quoted text; therefore such calls are never folded to literals.
#include "engine/functions/inference.h"
#include "engine/functions/scalar/json/json_document.h"
#include "engine/functions/scalar/json/value_to_json.h"

namespace millrace::functions {
namespace {

bool IsRawJson(const Expr& expr) {
  return expr.kind == ExprKind::kCall && (expr.function->name == "JSON_OBJECT" || expr.function->name == "JSON_ARRAY");
}

void AppendArgument(const RowCall& call, size_t i, std::string* out) {
  const Expr& arg = *call.expr.args[i];
  if (IsRawJson(arg) && !call.args[i].IsNull()) {
    out->append(call.args[i].AsString());
  } else {
    AppendValueAsJson(call.args[i], arg.type, out);
  }
}

bool SkipsNulls(const RowCall& call) { return !call.args[0].IsNull() && call.args[0].AsString() == "ABSENT"; }

Result<Value> Object(const RowCall& call) {
  std::vector<JsonMember> members;
  for (size_t i = 1; i + 1 < call.args.size(); i += 2) {
    if (call.args[i].IsNull()) {
      return UserError("json.function", "A key of JSON_OBJECT is NULL", "Keys are literals that are not NULL");
    }
    if (call.args[i + 1].IsNull() && SkipsNulls(call)) continue;
    members.push_back({call.args[i].AsString(), {}});
    AppendArgument(call, i + 1, &members.back().json);
  }
  std::string text;
  AppendJsonObject(std::move(members), &text);
  return Value::String(std::move(text));
}

Result<Value> Array(const RowCall& call) {
  std::string text = "[";
  for (size_t i = 1; i < call.args.size(); ++i) {
    if (call.args[i].IsNull() && SkipsNulls(call)) continue;
    if (text.size() > 1) text.push_back(',');
    AppendArgument(call, i, &text);
  }
  text.push_back(']');
  return Value::String(std::move(text));
}

Result<Value> String(const RowCall& call) {
  std::string text;
  AppendArgument(call, 0, &text);
  return Value::String(std::move(text));
}

Result<DataType> InferObject(CallTypes& call) {
  constexpr std::string_view kForms = "'JSON_OBJECT([KEY <CHARACTER_LITERAL> VALUE <ANY>]*)'";
  if (call.types.size() % 2 != 1) return BadArguments(call, kForms);
  for (size_t i = 1; i < call.types.size(); i += 2) {
    if (!call.types[i].IsString()) return BadArguments(call, kForms);
    MR_RETURN_IF_ERROR(CheckJsonType(call.types[i + 1]));
  }
  return DataType::String().NotNull();
}

Result<DataType> InferArray(CallTypes& call) {
  if (call.types.empty()) return BadArguments(call, "'JSON_ARRAY([<ANY>]*)'");
  for (size_t i = 1; i < call.types.size(); ++i) MR_RETURN_IF_ERROR(CheckJsonType(call.types[i]));
  return DataType::String().NotNull();
}

Result<DataType> InferString(CallTypes& call) {
  if (call.types.size() != 1) return BadArguments(call, "'JSON_STRING(<ANY>)'");
  MR_RETURN_IF_ERROR(CheckJsonType(call.types[0]));
  return DataType::String().WithNullable(call.types[0].nullable());
}

}  // namespace

extern const ScalarFunction kJsonObject = {
    .name = "JSON_OBJECT",
    .signature = "JSON_OBJECT([[KEY] STRING VALUE ANY]* [{ NULL | ABSENT } ON NULL]) -> STRING",
    .doc = "A JSON object of keys and values; the keys come out sorted.",
    .example = "JSON_OBJECT('z' VALUE 1, 'a' VALUE JSON_ARRAY('x'))",
    .example_result = "{\"a\":[\"x\"],\"z\":1}",
    .infer = InferObject,
    .row = Object,
    .null_in_null_out = false,
    .dynamic = true};

extern const ScalarFunction kJsonArray = {.name = "JSON_ARRAY",
                                          .signature = "JSON_ARRAY([ANY]* [{ NULL | ABSENT } ON NULL]) -> STRING",
                                          .doc = "A JSON array of the values; NULLs are left out unless NULL ON NULL.",
                                          .example = "JSON_ARRAY(1, 'x', CAST(NULL AS INT) NULL ON NULL)",
                                          .example_result = "[1,\"x\",null]",
                                          .infer = InferArray,
                                          .row = Array,
                                          .null_in_null_out = false,
                                          .dynamic = true};

extern const ScalarFunction kJsonString = {.name = "JSON_STRING",
                                           .signature = "JSON_STRING(ANY) -> STRING",
                                           .doc = "The value as JSON text.",
                                           .example = "JSON_STRING('a')",
                                           .example_result = "\"a\"",
                                           .infer = InferString,
                                           .row = String};

}  // namespace millrace::functions
