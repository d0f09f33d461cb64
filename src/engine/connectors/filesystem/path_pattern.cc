#include "engine/connectors/filesystem/path_pattern.h"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <regex>

namespace millrace::connectors::filesystem {
namespace {

bool IsHidden(std::string_view name) { return name.starts_with('.') || name.starts_with('_'); }

bool HasWildcard(std::string_view text) { return text.find_first_of("*?[") != std::string_view::npos; }

Status Collect(FileSystem& files, const FileInfo& place, std::vector<FileInfo>& out) {
  if (!place.is_directory) {
    out.push_back(place);
    return Status::Ok();
  }
  MR_ASSIGN(std::vector<FileInfo> inside, files.List(place.path));
  for (const FileInfo& entry : inside) {
    if (!IsHidden(FileNameOf(entry.path))) MR_RETURN_IF_ERROR(Collect(files, entry, out));
  }
  return Status::Ok();
}

// Expands the first step of a pattern that has a wildcard, then the rest.
Status Expand(FileSystem& files, const std::string& pattern, std::vector<FileInfo>& out) {
  size_t wildcard = pattern.find_first_of("*?[");
  if (wildcard == std::string::npos) {
    auto found = files.Stat(pattern);
    return found.ok() ? Collect(files, *found, out) : Status::Ok();
  }
  size_t slash = pattern.rfind('/', wildcard);
  std::string directory = slash == std::string::npos ? "." : (slash == 0 ? "/" : pattern.substr(0, slash));
  size_t start = slash == std::string::npos ? 0 : slash + 1;
  size_t end = pattern.find('/', start);
  std::string step = pattern.substr(start, end == std::string::npos ? std::string::npos : end - start);
  auto entries = files.List(directory);
  if (!entries.ok()) return Status::Ok();
  for (const FileInfo& entry : *entries) {
    std::string name(FileNameOf(entry.path));
    if (IsHidden(name) || fnmatch(step.c_str(), name.c_str(), 0) != 0) continue;
    MR_RETURN_IF_ERROR(Expand(files, entry.path + (end == std::string::npos ? "" : pattern.substr(end)), out));
  }
  return Status::Ok();
}

Status KeepMatching(std::vector<FileInfo>& found, const std::string& pattern) {
  try {
    std::regex regex(pattern, std::regex::ECMAScript);
    std::erase_if(found, [&](const FileInfo& file) { return !std::regex_match(file.path, regex); });
    return Status::Ok();
  } catch (const std::regex_error& bad) {
    return UserError("option.value", fmt::format("'source.path.regex-pattern' = '{}' is no regular expression: {}",
                                                 pattern, bad.what()));
  }
}

}  // namespace

Result<std::vector<FileInfo>> FindFiles(FileSystem& files, const std::string& path, const std::string& regex) {
  std::vector<FileInfo> found;
  auto literal = files.Stat(path);
  if (literal.ok()) {
    MR_RETURN_IF_ERROR(Collect(files, *literal, found));
  } else if (HasWildcard(path)) {
    MR_RETURN_IF_ERROR(Expand(files, path, found));
    if (found.empty()) return UserError("file.missing", fmt::format("no file matches '{}'", path));
  } else {
    return UserError("file.missing", fmt::format("'{}' does not exist", path),
                     "check 'path'; relative paths count from the working directory");
  }
  if (!regex.empty()) MR_RETURN_IF_ERROR(KeepMatching(found, regex));
  std::sort(found.begin(), found.end(), [](const FileInfo& a, const FileInfo& b) { return a.path < b.path; });
  return found;
}

}  // namespace millrace::connectors::filesystem
