// JSON_QUERY: an object or an array out of a JSON text, as JSON text or as an array of texts.
#include "engine/functions/inference.h"
#include "engine/functions/scalar/json/sql_json.h"

namespace millrace::functions {
namespace {

constexpr size_t kReturning = 2;
constexpr size_t kWrapper = 3;
constexpr size_t kOnEmpty = 4;
constexpr size_t kOnError = 5;

Status CheckArrayType(const CallTypes& call, const DataType& type) {
  if (!type.element().IsString()) {
    return UserError(
        "function.arguments",
        "Unsupported array element type '" + type.element().ToString() + "' for RETURNING ARRAY in JSON_QUERY().",
        "Use ARRAY<STRING>, and CAST the result");
  }
  for (size_t i : {kOnError, kOnEmpty}) {
    const Value* behavior = call.Literal(i);
    if (behavior == nullptr || behavior->IsNull() || behavior->AsString() != "EMPTY OBJECT") continue;
    return UserError("function.arguments",
                     std::string("Illegal on ") + (i == kOnError ? "error" : "empty") +
                         " behavior 'EMPTY OBJECT' for return type: " + type.ToString(),
                     "Use NULL, EMPTY ARRAY or ERROR");
  }
  return Status::Ok();
}

Result<DataType> Infer(CallTypes& call) {
  if (call.types.size() != 6 || !TakesJsonAndPath(call))
    return BadArguments(call, "'JSON_QUERY(<CHARACTER>, <CHARACTER>)'");
  const DataType& type = call.types[kReturning];
  if (type.Is(TypeKind::kArray)) {
    MR_RETURN_IF_ERROR(CheckArrayType(call, type));
  } else if (!type.Is(TypeKind::kVarchar)) {
    return UserError("function.arguments", "Unsupported type '" + type.ToString() + "' for RETURNING in JSON_QUERY().",
                     "Use STRING or ARRAY<STRING>");
  }
  return type.Nullable();
}

class QueryRun {
 public:
  QueryRun(const KernelCall& call, JsonCallState& state)
      : call_(call),
        state_(state),
        out_(call.expr.type, call.context.pool, call.size),
        array_(call.expr.type.Is(TypeKind::kArray)) {}

  Status Row(std::string_view text, std::string_view path) {
    const JsonContext& context = state_.Evaluate(text, path);
    if (context.failed) return Otherwise(kOnError, context.message);
    if (!context.has_value) return Otherwise(kOnEmpty, kEmpty);
    std::string_view wrapper = JsonSymbol(call_.expr, kWrapper);
    bool is_array = context.is_list || KindIs(context, JsonKind::kArray);
    bool wrap = wrapper == "UNCONDITIONAL" || (wrapper == "CONDITIONAL" && !is_array);
    if (!wrap && context.IsScalar(state_.document())) {
      if (!context.strict) return Otherwise(kOnEmpty, kEmpty);
      std::string value;
      state_.AppendJson(context, &value);
      return Otherwise(
          kOnError, "Strict jsonpath mode requires array or object value, and the actual value is: ''" + value + "''");
    }
    if (!array_) {
      text_.clear();
      if (wrap) text_.push_back('[');
      state_.AppendJson(context, &text_);
      if (wrap) text_.push_back(']');
      out_.AppendString(text_);
      return Status::Ok();
    }
    if (!wrap && !is_array) return Otherwise(kOnError, "JSON_QUERY found an object where RETURNING wants an array");
    AppendItems(context, wrap);
    return Status::Ok();
  }

  void Null() { out_.AppendNull(); }
  ColumnPtr Finish() { return out_.Finish(); }

 private:
  static constexpr std::string_view kEmpty = "Empty result of JSON_QUERY function is not allowed";

  bool KindIs(const JsonContext& context, JsonKind kind) const {
    const JsonHit& hit = context.hits.back();
    return !context.is_list && !hit.number && hit.merged.empty() && state_.document().node(hit.node).kind == kind;
  }

  void AppendItem(const JsonHit& hit) {
    if (!hit.number && hit.merged.empty() && state_.document().node(hit.node).kind == JsonKind::kNull)
      return out_.child(0).AppendNull();
    text_.clear();
    state_.AppendJavaText(hit, &text_);
    out_.child(0).AppendString(text_);
  }

  void AppendItems(const JsonContext& context, bool wrap) {
    int32_t count = 0;
    if (wrap && context.is_list) {
      text_.assign("[");
      for (const JsonHit& hit : context.hits) {
        if (text_.size() > 1) text_ += ", ";
        state_.AppendJavaText(hit, &text_);
      }
      text_ += "]";
      out_.child(0).AppendString(text_);
      count = 1;
    } else if (wrap || context.is_list) {
      for (const JsonHit& hit : context.hits) AppendItem(hit);
      count = static_cast<int32_t>(context.hits.size());
    } else {
      state_.document().ForEachItem(context.hits.back().node, [&](uint32_t item) {
        JsonHit hit;
        hit.node = item;
        AppendItem(hit);
        ++count;
      });
    }
    out_.CloseList(count);
  }

  Status Otherwise(size_t clause, std::string_view message) {
    std::string_view behavior = JsonSymbol(call_.expr, clause);
    if (behavior == "ERROR") return JsonError(std::string(message));
    if (behavior == "EMPTY ARRAY") {
      if (array_) {
        out_.CloseList(0);
      } else {
        out_.AppendString("[]");
      }
    } else if (behavior == "EMPTY OBJECT") {
      out_.AppendString("{}");
    } else {
      out_.AppendNull();
    }
    return Status::Ok();
  }

  const KernelCall& call_;
  JsonCallState& state_;
  ColumnBuilder out_;
  bool array_;
  std::string text_;
};

Result<ColumnPtr> Run(const KernelCall& call) {
  if (call.args[0]->type().Is(TypeKind::kNull) || call.args[1]->type().Is(TypeKind::kNull)) {
    return MakeConstant(call.expr.type, Value::Null(), call.size, call.context.pool);
  }
  ColumnReader<StringRef> texts(*call.args[0]);
  ColumnReader<StringRef> paths(*call.args[1]);
  QueryRun run(call, *static_cast<JsonCallState*>(call.state));
  int32_t next = 0;
  for (int32_t i = 0; i < call.rows.count(); ++i) {
    int32_t row = call.rows[i];
    for (; next < row; ++next) run.Null();
    ++next;
    if (texts.IsNull(row) || paths.IsNull(row)) {
      run.Null();
    } else {
      MR_RETURN_IF_ERROR(run.Row(texts[row].view(), paths[row].view()));
    }
  }
  for (; next < call.size; ++next) run.Null();
  return run.Finish();
}

}  // namespace

extern const ScalarFunction kJsonQuery = {
    .name = "JSON_QUERY",
    .signature =
        "JSON_QUERY(STRING json, STRING path [RETURNING type] [{ WITHOUT | WITH [CONDITIONAL | UNCONDITIONAL] } "
        "[ARRAY] WRAPPER] "
        "[{ NULL | EMPTY ARRAY | EMPTY OBJECT | ERROR } ON EMPTY] [… ON ERROR]) -> STRING | ARRAY<STRING>",
    .doc = "The object or array that the path finds in the JSON text, as compact JSON.",
    .example = "JSON_QUERY('{\"a\": [1, 2]}', '$.a')",
    .example_result = "[1,2]",
    .infer = Infer,
    .kernel = Run,
    .prepare = MakeJsonCallState};

}  // namespace millrace::functions
