// Which ICU library the string functions use; for `millrace doctor`.
#pragma once

#include <string>

namespace millrace::functions {

// "72.1".
std::string UnicodeLibraryVersion();

}  // namespace millrace::functions
