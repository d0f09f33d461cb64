// Writing JSON text.
#pragma once

#include <string>
#include <string_view>

namespace millrace {

// Appends `text` in quotes, with what JSON must escape escaped: quotes, backslashes and control characters ("\n",
// "\u0001").
void AppendJsonString(std::string* out, std::string_view text);

}  // namespace millrace
