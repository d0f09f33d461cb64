// JSON text as Flink's JSON library writes a parsed tree: without blanks, numbers as Java prints them, of equal keys
// the last.
#pragma once

#include <string>
#include <string_view>

namespace millrace::formats::json {

// Appends `json`, a well-formed object or array with kKeeperPaddingBytes readable bytes behind it. False when it is
// nested too deep.
bool AppendCompactJson(std::string* out, std::string_view json);

}  // namespace millrace::formats::json
