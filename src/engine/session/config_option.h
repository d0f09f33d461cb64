// Options of a session's configuration, read as their types. Each takes the option's keys, the current one first and
// deprecated ones after it; the first that is set counts. Errors: "option.value" with the option's name and what it
// must be.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/options.h"
#include "base/result.h"

namespace millrace::engine {

using OptionKeys = std::initializer_list<std::string_view>;

// The key that is set, and its value; empty: none is.
struct GivenOption {
  std::string key;
  std::string value;
};
GivenOption FindOption(const OptionMap& config, OptionKeys keys);

// Milliseconds, at least `least`.
Result<int64_t> DurationOption(const OptionMap& config, OptionKeys keys, int64_t preset, int64_t least);
// A whole number, at least `least`.
Result<int64_t> WholeOption(const OptionMap& config, OptionKeys keys, int64_t preset, int64_t least);
Result<double> NumberOption(const OptionMap& config, OptionKeys keys, double preset);
Result<bool> FlagOption(const OptionMap& config, OptionKeys keys, bool preset);

}  // namespace millrace::engine
