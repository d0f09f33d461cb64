// Compiled date patterns.
#include "engine/functions/scalar/temporal/date_patterns.h"

#include <algorithm>

#include "types/date_time.h"

namespace millrace::functions {
namespace {

// By the finest letter of the pattern that is not quoted.
int64_t SpanOf(std::string_view pattern) {
  int64_t span = kMillisPerDay;
  bool quoted = false;
  for (char c : pattern) {
    if (c == '\'') quoted = !quoted;
    if (quoted) continue;
    if (std::string_view("SnNA").find(c) != std::string_view::npos) return 0;
    if (c == 's') span = std::min(span, kMillisPerSecond);
    if (std::string_view("HhKkaBm").find(c) != std::string_view::npos) span = std::min(span, kMillisPerMinute);
  }
  return span;
}

}  // namespace

Result<const JavaDateFormat*> DatePatternState::Get(std::string_view pattern) {
  if (format_ && pattern == pattern_) return &*format_;
  format_.reset();
  MR_ASSIGN(JavaDateFormat format, JavaDateFormat::Compile(pattern));
  pattern_ = pattern;
  format_ = std::move(format);
  span_millis_ = SpanOf(pattern);
  ++generation_;
  return &*format_;
}

Result<const JavaSimpleDateFormat*> SimplePatternState::Get(std::string_view pattern) {
  if (format_ && pattern == pattern_) return &*format_;
  format_.reset();
  MR_ASSIGN(JavaSimpleDateFormat format, JavaSimpleDateFormat::Compile(pattern, context_.clock->NowMillis()));
  pattern_ = pattern;
  format_ = std::move(format);
  return &*format_;
}

std::unique_ptr<FunctionState> MakeDatePatternState(const Expr&, EvalContext&) {
  return std::make_unique<DatePatternState>();
}

std::unique_ptr<FunctionState> MakeSimplePatternState(const Expr&, EvalContext& context) {
  return std::make_unique<SimplePatternState>(context);
}

}  // namespace millrace::functions
