// Compiling and matching with PCRE2.
#include "engine/functions/scalar/regex/java_regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "engine/functions/scalar/string/utf8.h"

namespace millrace::functions {

namespace {

constexpr uint32_t kMatchLimit = 10'000'000;
constexpr uint32_t kHeapLimitKib = 64 * 1024;
constexpr size_t kJitStackStart = 32 * 1024;
constexpr size_t kJitStackMost = 1024 * 1024;

bool IsPlain(std::string_view pattern) { return pattern.find_first_of("\\[](){}.*+?^$|#") == std::string_view::npos; }

std::string MessageOf(int code) {
  PCRE2_UCHAR text[200];
  pcre2_get_error_message(code, text, sizeof(text));
  return reinterpret_cast<const char*>(text);
}

Error BadPattern(std::string_view pattern, const std::string& why) {
  return UserError("regex.pattern", "'" + std::string(pattern.substr(0, 200)) + "' is no regular expression: " + why,
                   "write it in Java's syntax");
}

}  // namespace

struct JavaRegex::Engine {
  ~Engine() {
    pcre2_match_data_free(match);
    pcre2_jit_stack_free(stack);
    pcre2_match_context_free(context);
    pcre2_code_free(code);
  }
  pcre2_code* code = nullptr;
  pcre2_match_context* context = nullptr;
  pcre2_jit_stack* stack = nullptr;
  pcre2_match_data* match = nullptr;
};

JavaRegex::~JavaRegex() = default;

Result<std::unique_ptr<JavaRegex>> JavaRegex::Compile(std::string_view pattern, Mode mode) {
  std::unique_ptr<JavaRegex> regex(new JavaRegex());
  if (mode == Mode::kFind && IsPlain(pattern)) {
    regex->plain_ = pattern;
    return regex;
  }
  MR_ASSIGN(std::string translated, TranslateJavaPattern(pattern));
  if (mode == Mode::kWhole) translated = "\\A(?:" + translated + ")\\z";
  auto engine = std::make_unique<Engine>();
  int code = 0;
  PCRE2_SIZE offset = 0;
  pcre2_compile_context* context = pcre2_compile_context_create(nullptr);
  pcre2_set_newline(context, PCRE2_NEWLINE_ANYCRLF);
  uint32_t options = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C;
  engine->code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(translated.data()), translated.size(), options, &code,
                               &offset, context);
  pcre2_compile_context_free(context);
  if (engine->code == nullptr) return BadPattern(pattern, MessageOf(code));
  pcre2_jit_compile(engine->code, PCRE2_JIT_COMPLETE);  // without it matching is slower, not wrong
  engine->context = pcre2_match_context_create(nullptr);
  engine->stack = pcre2_jit_stack_create(kJitStackStart, kJitStackMost, nullptr);
  engine->match = pcre2_match_data_create_from_pattern(engine->code, nullptr);
  if (engine->context == nullptr || engine->stack == nullptr || engine->match == nullptr) {
    return BadPattern(pattern, "there is no memory for it");
  }
  pcre2_set_match_limit(engine->context, kMatchLimit);
  pcre2_set_heap_limit(engine->context, kHeapLimitKib);
  pcre2_jit_stack_assign(engine->context, nullptr, engine->stack);
  uint32_t groups = 0;
  pcre2_pattern_info(engine->code, PCRE2_INFO_CAPTURECOUNT, &groups);
  regex->group_count_ = static_cast<int32_t>(groups);
  regex->engine_ = std::move(engine);
  return regex;
}

Result<bool> JavaRegex::Find(std::string_view text, size_t from) {
  if (engine_ == nullptr) {
    plain_start_ = text.find(plain_, from);
    return plain_start_ != std::string_view::npos;
  }
  int found = pcre2_match(engine_->code, reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), from, 0,
                          engine_->match, engine_->context);
  if (found >= 0) return true;
  if (found == PCRE2_ERROR_NOMATCH) return false;
  return UserError("regex.limit", "a regular expression takes too many steps: " + MessageOf(found),
                   "avoid nested repetitions such as (a+)+");
}

bool JavaRegex::HasGroup(int32_t group) const {
  if (group < 0 || group > group_count_) return false;
  return engine_ == nullptr || pcre2_get_ovector_pointer(engine_->match)[2 * group] != PCRE2_UNSET;
}

size_t JavaRegex::start(int32_t group) const {
  return engine_ == nullptr ? plain_start_ : pcre2_get_ovector_pointer(engine_->match)[2 * group];
}

size_t JavaRegex::end(int32_t group) const {
  return engine_ == nullptr ? plain_start_ + plain_.size() : pcre2_get_ovector_pointer(engine_->match)[2 * group + 1];
}

size_t NextSearchPosition(const JavaRegex& regex, std::string_view text) {
  if (regex.end() > regex.start()) return regex.end();
  if (regex.end() >= text.size()) return text.size() + 1;
  return std::min(regex.end() + Utf8Width(text[regex.end()]), text.size());
}

JavaRegex* RegexCache::Get(std::string_view pattern) {
  if (last_text_ != nullptr && *last_text_ == pattern) return last_;
  auto place = patterns_.find(pattern);
  if (place == patterns_.end()) {
    if (patterns_.size() >= kMaxPatterns) {
      patterns_.clear();
      last_text_ = nullptr;
    }
    Result<std::unique_ptr<JavaRegex>> compiled = JavaRegex::Compile(pattern, mode_);
    if (!compiled.ok()) error_ = compiled.error();
    place = patterns_.emplace(std::string(pattern), compiled.ok() ? std::move(*compiled) : nullptr).first;
  }
  last_text_ = &place->first;
  last_ = place->second.get();
  return last_;
}

}  // namespace millrace::functions
