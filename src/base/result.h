// Errors as values: Error, Result<T> and Status. Every module boundary uses these; no exception crosses a public
// header.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

namespace millrace {

// Who has to act: the author of the job (user), the world around us (external), or we (internal: a defect).
enum class ErrorKind : uint8_t { kUser, kExternal, kInternal };

// A place in a SQL text. Lines and columns count from 1; columns count characters; the end is inclusive. Line 0 means
// "not known".
struct SourceRange {
  int32_t line = 0;
  int32_t column = 0;
  int32_t end_line = 0;
  int32_t end_column = 0;
  bool Known() const { return line > 0; }
};

// One failure. `code` is stable (tests look at it, e.g. "sql.parse", "sql.validate", "option.unknown",
// "format.json.malformed", "arithmetic.divide_by_zero"); `message` is a sentence for people; `hint` says what to do and
// may be empty.
struct Error {
  ErrorKind kind = ErrorKind::kInternal;
  std::string code;
  std::string message;
  std::string hint;
  SourceRange range;

  // "message (hint)" with the position in front when it is known.
  std::string ToString() const;
};

Error UserError(std::string_view code, std::string message, std::string hint = {}, SourceRange range = {});
Error ExternalError(std::string_view code, std::string message, std::string hint = {});
Error InternalError(std::string message);

template <typename T>
class [[nodiscard]] Result {
 public:
  using value_type = T;
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit on purpose
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit on purpose
  template <typename U>
  requires(std::is_convertible_v<U&&, T> && !std::is_same_v<std::decay_t<U>, Result> &&
           !std::is_same_v<std::decay_t<U>, Error> && !std::is_same_v<std::decay_t<U>, T>) Result(U&& value)
      : state_(std::in_place_index<0>, std::forward<U>(value)) {}  // NOLINT: implicit on purpose

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }
  T& value() & { return *std::get_if<0>(&state_); }
  const T& value() const& { return *std::get_if<0>(&state_); }
  T&& value() && { return std::move(*std::get_if<0>(&state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  const Error& error() const& { return *std::get_if<1>(&state_); }
  Error&& error() && { return std::move(*std::get_if<1>(&state_)); }

 private:
  std::variant<T, Error> state_;
};

// Success or an Error. One pointer wide, so that hot paths return it cheaply.
class [[nodiscard]] Status {
 public:
  Status() = default;
  Status(Error error) : error_(new Error(std::move(error))) {}  // NOLINT: implicit on purpose
  Status(const Status& other) : error_(other.error_ ? new Error(*other.error_) : nullptr) {}
  Status(Status&& other) noexcept : error_(std::exchange(other.error_, nullptr)) {}
  Status& operator=(Status other) noexcept {
    std::swap(error_, other.error_);
    return *this;
  }
  ~Status() { delete error_; }

  static Status Ok() { return Status(); }
  bool ok() const { return error_ == nullptr; }
  explicit operator bool() const { return ok(); }
  const Error& error() const& { return *error_; }
  Error error() && { return *error_; }

 private:
  Error* error_ = nullptr;
};

#define MR_CONCAT_INNER(a, b) a##b
#define MR_CONCAT(a, b) MR_CONCAT_INNER(a, b)

// Returns from the enclosing function when `expr` (a Status or Result) failed.
#define MR_RETURN_IF_ERROR(expr)                                \
  do {                                                          \
    auto mr_status_ = (expr);                                   \
    if (!mr_status_.ok()) return std::move(mr_status_).error(); \
  } while (false)

// MR_ASSIGN(auto x, F()): declares or assigns x from a Result, or returns its error.
#define MR_ASSIGN(target, expr) MR_ASSIGN_INNER(MR_CONCAT(mr_result_, __LINE__), target, expr)
#define MR_ASSIGN_INNER(name, target, expr)       \
  auto name = (expr);                             \
  if (!name.ok()) return std::move(name).error(); \
  target = std::move(name).value()

}  // namespace millrace
