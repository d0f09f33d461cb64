// Paths with modes over texts, as Flink's SqlJsonUtils treats them.
#include "engine/functions/scalar/json/sql_json.h"

#include "engine/functions/inference.h"
#include "types/number_text.h"

namespace millrace::functions {
namespace {

bool IsSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// Whether `word` stands at the start of `text` in any case, with a space behind it; then both are taken away.
bool TakeMode(std::string_view& text, std::string_view word) {
  if (text.size() <= word.size() || !IsSpace(text[word.size()])) return false;
  for (size_t i = 0; i < word.size(); ++i) {
    if ((text[i] | 0x20) != word[i]) return false;
  }
  std::string_view rest = text.substr(word.size());
  while (!rest.empty() && IsSpace(rest.front())) rest.remove_prefix(1);
  if (rest.empty()) return false;
  text = rest;
  return true;
}

}  // namespace

bool JsonContext::IsScalar(const JsonDocument& document) const {
  if (is_list || hits.empty()) return false;
  const JsonHit& hit = hits.back();
  if (hit.number) return true;
  if (!hit.merged.empty()) return false;
  JsonKind kind = document.node(hit.node).kind;
  return kind != JsonKind::kArray && kind != JsonKind::kObject;
}

void JsonCallState::SetPath(std::string_view path) {
  if (has_path_ && path == path_text_) return;
  path_text_ = path;
  has_path_ = true;
  std::string_view spec = path;
  while (!spec.empty() && IsSpace(spec.front())) spec.remove_prefix(1);
  strict_ = true;
  if (TakeMode(spec, "lax")) {
    strict_ = false;
  } else if (!TakeMode(spec, "strict")) {
    spec = path;
  }
  path_.reset();
  Result<JsonPath> compiled = JsonPath::Compile(spec);
  if (compiled.ok()) path_ = std::move(*compiled);
}

void JsonCallState::Fail(std::string message) {
  context_.failed = true;
  context_.message = std::move(message);
}

const JsonContext& JsonCallState::Evaluate(std::string_view text, std::string_view path) {
  SetPath(path);
  context_ = {};
  context_.strict = strict_;
  if (!document_.Parse(text)) {
    if (strict_) Fail("The text is not valid JSON");
    return context_;
  }
  if (document_.root().kind == JsonKind::kNull) {
    Fail("json object can not be null");
    return context_;
  }
  if (!path_) {
    Fail("Illegal jsonpath spec ''" + path_text_ + "'', format of the spec should be: ''<lax|strict> ${expr}''");
    return context_;
  }
  JsonFound found = path_->Evaluate(document_, 0, !strict_);
  if (found.failed) {
    Fail(std::move(found.message));
    return context_;
  }
  context_.is_list = found.is_list;
  context_.hits = std::move(found.hits);
  context_.has_value = context_.is_list;
  if (!context_.is_list && !context_.hits.empty()) {
    const JsonHit& hit = context_.hits.back();
    context_.has_value = hit.number || !hit.merged.empty() || document_.node(hit.node).kind != JsonKind::kNull;
  }
  if (!context_.has_value && strict_) Fail("Strict jsonpath mode requires a non empty returned value, but is null");
  return context_;
}

void JsonCallState::AppendHitJson(const JsonHit& hit, std::string* out) const {
  if (hit.number) {
    if (hit.is_integer) return AppendInteger(out, static_cast<int64_t>(*hit.number));
    return AppendDouble(out, *hit.number);
  }
  if (hit.merged.empty()) {
    if (document_.node(hit.node).kind == JsonKind::kKey) return AppendJsonString(document_.node(hit.node).view(), out);
    return document_.AppendJson(hit.node, out);
  }
  out->push_back('{');
  bool first = true;
  for (const auto& [name, node] : hit.merged) {
    if (node == JsonDocument::kNoNode) continue;
    if (!first) out->push_back(',');
    first = false;
    AppendJsonString(name, out);
    out->push_back(':');
    document_.AppendJson(node, out);
  }
  out->push_back('}');
}

void JsonCallState::AppendJson(const JsonContext& context, std::string* out) const {
  if (!context.is_list) return AppendHitJson(context.hits.back(), out);
  out->push_back('[');
  for (size_t i = 0; i < context.hits.size(); ++i) {
    if (i > 0) out->push_back(',');
    AppendHitJson(context.hits[i], out);
  }
  out->push_back(']');
}

void JsonCallState::AppendJavaText(const JsonHit& hit, std::string* out) const {
  if (hit.number || !hit.merged.empty()) return AppendHitJson(hit, out);
  document_.AppendJavaText(hit.node, out);
}

std::unique_ptr<FunctionState> MakeJsonCallState(const Expr&, EvalContext&) {
  return std::make_unique<JsonCallState>();
}

bool TakesJsonAndPath(CallTypes& call) {
  return call.types.size() >= 2 && Takes(call, 0, Family::kString, DataType::String()) &&
         Takes(call, 1, Family::kString, DataType::String());
}

std::string_view JsonSymbol(const Expr& call, size_t i) {
  if (i >= call.args.size() || call.args[i]->literal.IsNull()) return {};
  return call.args[i]->literal.AsString();
}

Error JsonError(std::string message) {
  return UserError("json.function", std::move(message),
                   "Say what to do instead with ON ERROR or ON EMPTY, or correct the data");
}

}  // namespace millrace::functions
