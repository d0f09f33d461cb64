#include "engine/session/config_option.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace millrace::engine {
namespace {

Error WrongValue(const GivenOption& option, std::string_view wanted) {
  return UserError("option.value", fmt::format("'{}' must be {}, not '{}'", option.key, wanted, option.value));
}

}  // namespace

GivenOption FindOption(const OptionMap& config, OptionKeys keys) {
  for (std::string_view key : keys) {
    auto found = config.find(key);
    if (found != config.end()) return {std::string(key), found->second};
  }
  return {};
}

Result<int64_t> DurationOption(const OptionMap& config, OptionKeys keys, int64_t preset, int64_t least) {
  GivenOption option = FindOption(config, keys);
  if (option.key.empty()) return preset;
  auto parsed = ParseDuration(option.value);
  if (parsed.ok() && parsed->count() >= least) return parsed->count();
  if (least == 0) return WrongValue(option, "a time such as '10 s'");
  return WrongValue(option, fmt::format("a time of at least {} ms such as '10 s'", least));
}

Result<int64_t> WholeOption(const OptionMap& config, OptionKeys keys, int64_t preset, int64_t least) {
  GivenOption option = FindOption(config, keys);
  if (option.key.empty()) return preset;
  auto parsed = ParseLong(option.value);
  if (parsed.ok() && *parsed >= least) return *parsed;
  return WrongValue(option, fmt::format("a whole number from {}", least));
}

Result<double> NumberOption(const OptionMap& config, OptionKeys keys, double preset) {
  GivenOption option = FindOption(config, keys);
  if (option.key.empty()) return preset;
  double value = 0;
  const char* end = option.value.data() + option.value.size();
  auto [stop, code] = std::from_chars(option.value.data(), end, value);
  if (code != std::errc() || stop != end || !std::isfinite(value)) return WrongValue(option, "a number such as '1.5'");
  return value;
}

Result<bool> FlagOption(const OptionMap& config, OptionKeys keys, bool preset) {
  GivenOption option = FindOption(config, keys);
  if (option.key.empty()) return preset;
  auto parsed = ParseBooleanOption(option.value);
  if (!parsed.ok()) return WrongValue(option, "true or false");
  return *parsed;
}

}  // namespace millrace::engine
