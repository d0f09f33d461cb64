// Numbers as text, the way Java and Flink write and read them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace millrace {

// Room that FormatDouble, FormatFloat and FormatInteger need at most.
constexpr size_t kMaxNumberChars = 32;

// Java's Double.toString and Float.toString, digit by digit those of JDK 17: 1.0E7, 0.001, NaN, -Infinity. Writes to
// `out` and returns the end; no terminator. terminator.
char* FormatDouble(double value, char* out);
char* FormatFloat(float value, char* out);
char* FormatInteger(int64_t value, char* out);
void AppendDouble(std::string* out, double value);
void AppendFloat(std::string* out, float value);
void AppendInteger(std::string* out, int64_t value);

// Java's Double.parseDouble and Float.parseFloat: surrounding blanks, "NaN", "Infinity", hexadecimal and a trailing d
// or f are fine.
std::optional<double> ParseDouble(std::string_view text);
std::optional<float> ParseFloat(std::string_view text);

// Why an integer text is refused; the texts Flink's messages end with come from IntegerParseText().
enum class IntegerParse : uint8_t { kOk, kEmpty, kOnlySign, kBadCharacter, kOverflow };
std::string_view IntegerParseText(IntegerParse result);

// Flink's reading of integers in casts: an optional sign, digits, and a fraction that is checked and cut off ("12.7" is
// 12, "." is 0). The caller trims blanks.
IntegerParse ParseInt64(std::string_view text, int64_t* value);
IntegerParse ParseInt32(std::string_view text, int32_t* value);

// Flink's reading of BOOLEAN: t, true, y, yes, 1 and f, false, n, no, 0 in any case.
std::optional<bool> ParseBoolean(std::string_view text);

// The text without blanks (spaces only) at both ends, as BinaryStringData.trim.
std::string_view TrimBlanks(std::string_view text);

}  // namespace millrace
