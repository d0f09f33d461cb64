// JSON_EXISTS and IS JSON.
#include "engine/functions/inference.h"
#include "engine/functions/lift.h"
#include "engine/functions/scalar/json/sql_json.h"

namespace millrace::functions {
namespace {

Result<DataType> InferExists(CallTypes& call) {
  if (call.types.size() != 3 || !TakesJsonAndPath(call))
    return BadArguments(call, "'JSON_EXISTS(<CHARACTER>, <CHARACTER>)'");
  return DataType::Boolean();
}

Result<std::optional<bool>> Exists(const KernelCall& call, std::string_view text, std::string_view path) {
  const JsonContext& context = static_cast<JsonCallState*>(call.state)->Evaluate(text, path);
  if (!context.failed) return std::optional<bool>(context.has_value);
  std::string_view on_error = JsonSymbol(call.expr, 2);
  if (on_error == "ERROR") return JsonError(context.message);
  if (on_error == "UNKNOWN") return std::optional<bool>();
  return std::optional<bool>(on_error == "TRUE");
}

Result<ColumnPtr> ExistsKernel(const KernelCall& call) {
  KernelCall two{call.context, call.expr, call.args.subspan(0, 2), call.rows, call.size, call.state};
  return Lift<Exists>(two);
}

Result<DataType> InferIsJson(CallTypes& call) {
  if (call.types.size() != 2 || !Takes(call, 0, Family::kString, DataType::String())) {
    return BadArguments(call, "'<CHARACTER> IS JSON VALUE'");
  }
  return DataType::Boolean().NotNull();
}

struct IsJsonState : FunctionState {
  JsonDocument document;
};

std::unique_ptr<FunctionState> MakeIsJsonState(const Expr&, EvalContext&) { return std::make_unique<IsJsonState>(); }

bool IsJson(const KernelCall& call, std::optional<std::string_view> text) {
  JsonDocument& document = static_cast<IsJsonState*>(call.state)->document;
  if (!text || !document.Parse(*text)) return false;
  std::string_view wanted = JsonSymbol(call.expr, 1);
  bool array = document.root().kind == JsonKind::kArray;
  bool object = document.root().kind == JsonKind::kObject;
  if (wanted == "ARRAY") return array;
  if (wanted == "OBJECT") return object;
  if (wanted == "SCALAR") return !array && !object;
  return true;
}

Result<ColumnPtr> IsJsonKernel(const KernelCall& call) {
  KernelCall one{call.context, call.expr, call.args.subspan(0, 1), call.rows, call.size, call.state};
  return Lift<IsJson>(one);
}

}  // namespace

extern const ScalarFunction kJsonExists = {
    .name = "JSON_EXISTS",
    .signature = "JSON_EXISTS(STRING json, STRING path [{ TRUE | FALSE | UNKNOWN | ERROR } ON ERROR]) -> BOOLEAN",
    .doc = "Whether the path finds something that is not null in the JSON text.",
    .example = "JSON_EXISTS('{\"a\": [1]}', 'lax $.a[0]')",
    .example_result = "TRUE",
    .infer = InferExists,
    .kernel = ExistsKernel,
    .prepare = MakeJsonCallState};

extern const ScalarFunction kIsJson = {
    .name = "IS JSON",
    .signature = "STRING IS [NOT] JSON [VALUE | SCALAR | ARRAY | OBJECT] -> BOOLEAN",
    .doc = "Whether the text starts with a JSON document of that kind. NULL is none.",
    .example = "'[1, 2]' IS JSON ARRAY",
    .example_result = "TRUE",
    .infer = InferIsJson,
    .kernel = IsJsonKernel,
    .prepare = MakeIsJsonState};

}  // namespace millrace::functions
