// Where a path really leads.
#pragma once

#include <string>

#include "base/result.h"

namespace millrace {

// The absolute path without symbolic links, "." and "..", also of what is not there yet: then that of what is there,
// and the names behind it as they are. Errors: "file.io", "file.missing" (a link that leads nowhere).
Result<std::string> RealPath(const std::string& path);

// The absolute form of a path as it is written, from the working directory; links stay.
std::string AbsolutePath(const std::string& path);

// Whether a real path is `folder` or lies below it; both as RealPath gives them.
bool IsWithin(const std::string& real_path, const std::string& folder);

}  // namespace millrace
