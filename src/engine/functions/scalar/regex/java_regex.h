// Regular expressions in Java's syntax, run by PCRE2: patterns are translated, matching has limits so that none hangs.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/functions/scalar_function.h"

namespace millrace::functions {

// The pattern as PCRE2 takes it; fails with code "regex.pattern" for what Java refuses or PCRE2 has no form for.
Result<std::string> TranslateJavaPattern(std::string_view pattern);

// A compiled pattern. Not thread-safe: it holds the memory of its matches.
class JavaRegex {
 public:
  // kFind looks for the pattern anywhere, kWhole wants all of the text to match.
  enum class Mode : uint8_t { kFind, kWhole };
  static Result<std::unique_ptr<JavaRegex>> Compile(std::string_view pattern, Mode mode);
  ~JavaRegex();
  JavaRegex(const JavaRegex&) = delete;
  JavaRegex& operator=(const JavaRegex&) = delete;

  int32_t group_count() const { return group_count_; }
  // Finds the first match at byte `from` or later. Fails with code "regex.limit" when that takes too many steps.
  Result<bool> Find(std::string_view text, size_t from);
  // Of the last match: whether group i took part, and its bytes. Group 0 is the match.
  bool HasGroup(int32_t group) const;
  size_t start(int32_t group = 0) const;
  size_t end(int32_t group = 0) const;

 private:
  JavaRegex() = default;
  struct Engine;
  std::unique_ptr<Engine> engine_;  // null when the pattern is a plain text
  std::string plain_;
  size_t plain_start_ = 0;
  int32_t group_count_ = 0;
};

// The byte to search on from after a match: its end, or one character later if it was empty. Java's Matcher goes on so.
size_t NextSearchPosition(const JavaRegex& regex, std::string_view text);

// The patterns of one call site: compiled once, the latest ones kept when they come from a column.
class RegexCache : public FunctionState {
 public:
  explicit RegexCache(JavaRegex::Mode mode) : mode_(mode) {}
  // Null for a malformed pattern; then error() says why.
  JavaRegex* Get(std::string_view pattern);
  const Error& error() const { return error_; }

 private:
  static constexpr size_t kMaxPatterns = 100;
  JavaRegex::Mode mode_;
  std::map<std::string, std::unique_ptr<JavaRegex>, std::less<>> patterns_;
  const std::string* last_text_ = nullptr;
  JavaRegex* last_ = nullptr;
  Error error_;
};

template <JavaRegex::Mode kMode>
std::unique_ptr<FunctionState> PrepareRegex(const Expr& call, EvalContext& context) {
  static_cast<void>(call);
  static_cast<void>(context);
  return std::make_unique<RegexCache>(kMode);
}

}  // namespace millrace::functions
