#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace millrace::internal {

void CheckFailed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "millrace: internal check failed: %s (%s:%d)\n", condition, file, line);
  std::abort();
}

}  // namespace millrace::internal
