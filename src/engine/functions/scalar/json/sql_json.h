// What JSON_EXISTS, JSON_VALUE and JSON_QUERY share: a document, a path with its mode, and what that gives.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/functions/scalar/json/json_document.h"
#include "engine/functions/scalar/json/json_path.h"
#include "engine/functions/scalar_function.h"

namespace millrace::functions {

// The result of a path on a text. Without a mode in front a path is strict.
struct JsonContext {
  bool strict = true;
  bool failed = false;     // ON ERROR decides
  std::string message;     // of the failure
  bool has_value = false;  // else ON EMPTY decides, where there is such a clause
  bool is_list = false;
  std::vector<JsonHit> hits;

  // The value is neither an object nor an array.
  bool IsScalar(const JsonDocument& document) const;
};

// The state of a call site: the compiled path and a document that is used again for each row.
class JsonCallState : public FunctionState {
 public:
  const JsonContext& Evaluate(std::string_view text, std::string_view path);
  const JsonDocument& document() const { return document_; }

  // The value as JSON text; as Java text (see JsonDocument).
  void AppendJson(const JsonContext& context, std::string* out) const;
  void AppendJavaText(const JsonHit& hit, std::string* out) const;
  void AppendHitJson(const JsonHit& hit, std::string* out) const;

 private:
  void SetPath(std::string_view path);
  void Fail(std::string message);

  std::string path_text_;
  bool has_path_ = false;
  bool strict_ = true;
  std::optional<JsonPath> path_;  // nothing: malformed
  JsonDocument document_;
  JsonContext context_;
};

std::unique_ptr<FunctionState> MakeJsonCallState(const Expr& call, EvalContext& context);

// Checks the first two arguments, a text and a path.
bool TakesJsonAndPath(CallTypes& call);

// What the binder's literals say: 'NULL', 'ERROR', 'DEFAULT', 'EMPTY ARRAY', 'EMPTY OBJECT', 'TRUE' …
std::string_view JsonSymbol(const Expr& call, size_t i);

Error JsonError(std::string message);

}  // namespace millrace::functions
