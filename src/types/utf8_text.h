// Counting and cutting UTF-8 texts, in code points (most of Flink) and in UTF-16 units (where Flink goes through
// java.lang.String).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace millrace {

// Code points of a valid text; of an invalid one, the bytes that do not continue a character.
size_t CountCodePoints(std::string_view text);
// The bytes of the first `count` code points (all of the text when it has fewer).
size_t PrefixBytes(std::string_view text, size_t count);
// UTF-16 units: code points, those beyond U+FFFF twice.
size_t CountUtf16Units(std::string_view text);
// The first `units` UTF-16 units; half of a pair becomes "?".
std::string Utf16Prefix(std::string_view text, size_t units);
bool IsAscii(std::string_view text);
// Appends `bytes` as Java decodes them: each malformed part becomes U+FFFD.
void AppendDecoded(std::string* out, std::string_view bytes);

}  // namespace millrace
