// Reads the files of cases: one JSON object a line, or one object a file.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/result.h"

namespace millrace::conformance {

// Files of `directory` with that extension, sorted by name. Fails when the directory cannot be read.
Result<std::vector<std::filesystem::path>> CaseFiles(const std::filesystem::path& directory,
                                                     const std::string& extension);

// The cases of a *.jsonl file: one a line.
Result<std::vector<nlohmann::json>> ReadCases(const std::filesystem::path& file);

// A whole file as one JSON value.
Result<nlohmann::json> ReadJson(const std::filesystem::path& file);

// The text under `key`; empty when it is missing or no text.
std::string TextOf(const nlohmann::json& json, const char* key);
// Whether `key` is there and true.
bool FlagOf(const nlohmann::json& json, const char* key);

}  // namespace millrace::conformance
