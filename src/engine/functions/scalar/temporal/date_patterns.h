// The compiled date patterns of a call site. A pattern is mostly a literal, so the one used last is kept.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/functions/scalar_function.h"
#include "types/java_date_format.h"

namespace millrace::functions {

// Patterns of java.time's DateTimeFormatter.
class DatePatternState : public FunctionState {
 public:
  // Fails for a malformed pattern.
  Result<const JavaDateFormat*> Get(std::string_view pattern);
  // Times in the same span of so many milliseconds have the same text in the pattern got last: a day, a minute, a
  // second, or 0.
  int64_t span_millis() const { return span_millis_; }
  // Counts the patterns that were compiled.
  int64_t generation() const { return generation_; }

 private:
  std::string pattern_;
  std::optional<JavaDateFormat> format_;
  int64_t span_millis_ = 0;
  int64_t generation_ = 0;
};

// Patterns of SimpleDateFormat.
class SimplePatternState : public FunctionState {
 public:
  explicit SimplePatternState(const EvalContext& context) : context_(context) {}
  Result<const JavaSimpleDateFormat*> Get(std::string_view pattern);

 private:
  const EvalContext& context_;
  std::string pattern_;
  std::optional<JavaSimpleDateFormat> format_;
};

constexpr std::string_view kDefaultPattern = "yyyy-MM-dd HH:mm:ss";

std::unique_ptr<FunctionState> MakeDatePatternState(const Expr& call, EvalContext& context);
std::unique_ptr<FunctionState> MakeSimplePatternState(const Expr& call, EvalContext& context);

}  // namespace millrace::functions
