// Assertions for programmer errors. User input never reaches one.
#pragma once

namespace millrace::internal {
[[noreturn]] void CheckFailed(const char* condition, const char* file, int line);
}

// Always on: aborts with the condition and the place.
#define MR_CHECK(condition)                            \
  (static_cast<bool>(condition) ? static_cast<void>(0) \
                                : ::millrace::internal::CheckFailed(#condition, __FILE__, __LINE__))

#ifdef NDEBUG
#define MR_DCHECK(condition) static_cast<void>(0)
#else
#define MR_DCHECK(condition) MR_CHECK(condition)
#endif
