// Base64 as formats write bytes: the standard alphabet, padded, without line breaks.
#pragma once

#include <string>
#include <string_view>

namespace millrace::formats {

// Appends the bytes; false when `text` is no padded Base64. Blanks and control characters between groups of four are
// fine.
bool DecodeBase64(std::string_view text, std::string* out);
void AppendBase64(std::string* out, std::string_view bytes);

}  // namespace millrace::formats
