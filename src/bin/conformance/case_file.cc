// Reads the files of cases.
#include "bin/conformance/case_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

namespace millrace::conformance {

using Json = nlohmann::json;

Result<std::vector<std::filesystem::path>> CaseFiles(const std::filesystem::path& directory,
                                                     const std::string& extension) {
  std::vector<std::filesystem::path> files;
  std::error_code code;
  for (const auto& entry : std::filesystem::directory_iterator(directory, code)) {
    if (entry.path().extension() == extension) files.push_back(entry.path());
  }
  if (code) {
    return ExternalError("conformance.directory",
                         fmt::format("cannot read {}: {}", directory.string(), code.message()));
  }
  std::sort(files.begin(), files.end());
  return files;
}

Result<std::vector<Json>> ReadCases(const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::string line;
  std::vector<Json> cases;
  for (int number = 1; std::getline(stream, line); ++number) {
    if (line.empty()) continue;
    Json test = Json::parse(line, nullptr, false);
    if (test.is_discarded()) {
      return ExternalError("conformance.malformed", fmt::format("{}:{} is no JSON", file.string(), number));
    }
    cases.push_back(std::move(test));
  }
  return cases;
}

Result<Json> ReadJson(const std::filesystem::path& file) {
  std::ifstream stream(file);
  Json json = Json::parse(stream, nullptr, false);
  if (json.is_discarded()) return ExternalError("conformance.malformed", fmt::format("{} is no JSON", file.string()));
  return json;
}

std::string TextOf(const Json& json, const char* key) {
  auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool FlagOf(const Json& json, const char* key) {
  auto found = json.find(key);
  return found != json.end() && found->is_boolean() && found->get<bool>();
}

}  // namespace millrace::conformance
