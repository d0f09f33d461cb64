// Reads the text of a JSON path.
#pragma once

#include <string_view>

#include "engine/functions/scalar/json/json_path.h"

namespace millrace::functions {

// Recursive descent over one text. Used once.
class JsonPathParser {
 public:
  explicit JsonPathParser(std::string_view text) : text_(text) {}

  Result<JsonPath> ParsePath();

 private:
  Status ParseSteps(JsonPath& path);
  Status ParseDotStep(JsonPath& path);
  Status ParseBracketStep(JsonPath& path);
  Status ParseNames(JsonPathStep& step);
  Status ParseIndexes(std::string_view inside, JsonPathStep& step);
  Result<std::string> ParseQuoted(char quote);
  void AddStep(JsonPath& path, JsonPathStep step);

  Result<std::shared_ptr<const JsonFilter>> ParseFilter();
  Result<std::shared_ptr<const JsonFilter>> ParseOr(int depth);
  Result<std::shared_ptr<const JsonFilter>> ParseAnd(int depth);
  Result<std::shared_ptr<const JsonFilter>> ParseTerm(int depth);
  Result<std::shared_ptr<const JsonFilter>> ParseComparison();
  Result<JsonFilter::Operand> ParseOperand();
  Result<JsonFilter::Operand> ParsePathOperand();
  Result<JsonFilter::Operand> ParseLiteral(std::string_view json);
  std::optional<JsonFilter::Relation> ParseRelation();

  bool AtEnd() const { return at_ >= text_.size(); }
  char Peek() const { return AtEnd() ? '\0' : text_[at_]; }
  void SkipBlanks();
  bool Accept(std::string_view word);
  Error Fault(std::string message) const;

  std::string_view text_;
  size_t at_ = 0;
  bool in_filter_ = false;
  std::string own_text_;  // when "$." had to be put in front
};

}  // namespace millrace::functions
