// Base64 as formats write bytes: the standard alphabet, padded, without line breaks.
#pragma once

#include <string>
#include <string_view>

namespace millrace::formats {

// Appends the bytes; false when `text` is no padded Base64; `failed_at`, if given, is then the position of the first
// character that does not fit, or the length when the text ends too early. Blanks and control characters between groups
// of four are fine.
bool DecodeBase64(std::string_view text, std::string* out, size_t* failed_at = nullptr);
void AppendBase64(std::string* out, std::string_view bytes);

}  // namespace millrace::formats
