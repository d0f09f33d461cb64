// Which files a table's path names. Private to this folder.
#pragma once

#include <string>
#include <vector>

#include "base/file_system.h"

namespace millrace::connectors::filesystem {

// Files at or below `path`, or that match it when it holds * or ?; hidden ones (names that begin with '.' or '_') are
// left out. Sorted. With `regex`, only those whose whole path matches. Fails with "file.missing" when the path names
// nothing.
Result<std::vector<FileInfo>> FindFiles(FileSystem& files, const std::string& path, const std::string& regex);

}  // namespace millrace::connectors::filesystem
