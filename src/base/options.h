// Options as users write them: WITH ('key' = 'value') and SET. Declared once, so that help, checks and pages come from
// one list.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace millrace {

using OptionMap = std::map<std::string, std::string, std::less<>>;

enum class OptionType : uint8_t { kString, kInt, kLong, kDouble, kBoolean, kDuration, kMemorySize, kEnum, kMap, kList };

struct OptionSpec {
  std::string_view key;  // "scan.startup.mode"; a key ending in ".*" stands for a family ("properties.*")
  OptionType type = OptionType::kString;
  std::string_view default_value = {};  // empty: none
  std::string_view doc = {};
  bool required = false;
  std::vector<std::string_view> values = {};  // kEnum: what is allowed (compared without case, '-' and '_' alike)
};

// Checks a table's options against the declared ones. Errors: "option.unknown" (names the nearest known key),
// "option.missing", "option.value" (names the option, its type and what was given).
Status CheckOptions(const OptionMap& options, std::span<const OptionSpec> specs, std::string_view owner);

// The value of a declared option as its type; the default where it is not set. The options must have passed
// CheckOptions.
std::optional<std::string> GetString(const OptionMap& options, const OptionSpec& spec);
Result<bool> ParseBooleanOption(std::string_view text);
Result<int64_t> ParseLong(std::string_view text);
// Flink's durations: "10 s", "1min", "500 ms", "1 d"; a bare number is milliseconds.
Result<std::chrono::milliseconds> ParseDuration(std::string_view text);
// Flink's sizes: "64mb", "1 gb", a bare number is bytes.
Result<int64_t> ParseMemorySize(std::string_view text);

// The candidate closest to `word` by edit distance, if it is close enough to be a typing error.
std::optional<std::string> NearestWord(std::string_view word, std::span<const std::string> candidates);

}  // namespace millrace
