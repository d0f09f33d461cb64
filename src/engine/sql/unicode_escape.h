// U&'..' literals: \0041 and the like, with a choosable escape character.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace millrace::sql {

// The character of UESCAPE '!'. Errors without a range.
Result<char32_t> CheckUnicodeEscape(std::string_view text);

// Replaces each escape and its four hexadecimal digits (surrogate pairs become one character), and a doubled escape by
// one. Errors without a range.
Result<std::string> UnescapeUnicode(std::string_view text, char32_t escape);

void AppendUtf8(char32_t code_point, std::string* out);

}  // namespace millrace::sql
