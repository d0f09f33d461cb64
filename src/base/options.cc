// Checks and parses options by their declarations.
#include "base/options.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <numeric>
#include <ranges>

namespace millrace {
namespace {

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::string_view Trim(std::string_view text) {
  while (!text.empty() && IsBlank(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsBlank(text.back())) text.remove_suffix(1);
  return text;
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

// Lower case, with '_' as '-', as Flink compares the values of enumerations.
std::string EnumText(std::string_view text) {
  std::string lower = Lower(Trim(text));
  std::ranges::replace(lower, '_', '-');
  return lower;
}

// Whether `key` fits a declared key, in which ".*" at the end and ".#." inside stand for one or more characters.
bool KeyFits(std::string_view declared, std::string_view key) {
  if (declared.ends_with(".*")) {
    declared.remove_suffix(1);
    return key.starts_with(declared) && key.size() > declared.size();
  }
  size_t hash = declared.find(".#.");
  if (hash == std::string_view::npos) return declared == key;
  std::string_view prefix = declared.substr(0, hash + 1);
  std::string_view suffix = declared.substr(hash + 2);
  return key.size() > prefix.size() + suffix.size() && key.starts_with(prefix) && key.ends_with(suffix);
}

const OptionSpec* FindSpec(std::span<const OptionSpec> specs, std::string_view key) {
  for (const OptionSpec& spec : specs) {
    if (KeyFits(spec.key, key)) return &spec;
  }
  return nullptr;
}

std::string_view TypeText(OptionType type) {
  switch (type) {
    case OptionType::kString:
      return "a text";
    case OptionType::kInt:
      return "a 32-bit integer";
    case OptionType::kLong:
      return "an integer";
    case OptionType::kDouble:
      return "a number";
    case OptionType::kBoolean:
      return "'true' or 'false'";
    case OptionType::kDuration:
      return "a duration such as '10 s', '500 ms' or '1 min'";
    case OptionType::kMemorySize:
      return "a size such as '64 kb' or '1 gb'";
    case OptionType::kEnum:
      return "one of the allowed words";
    case OptionType::kMap:
      return "a list of 'key:value' pairs";
    case OptionType::kList:
      return "a list separated by ';'";
  }
  return "a value";
}

bool ParsesAsDouble(std::string_view text) {
  text = Trim(text);
  if (text.starts_with('+')) text.remove_prefix(1);
  double number = 0;
  auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  return code == std::errc() && end == text.data() + text.size() && !text.empty();
}

bool ValueFits(const OptionSpec& spec, const std::string& value) {
  switch (spec.type) {
    case OptionType::kString:
    case OptionType::kMap:
    case OptionType::kList:
      return true;
    case OptionType::kInt: {
      Result<int64_t> number = ParseLong(value);
      return number.ok() && *number >= INT32_MIN && *number <= INT32_MAX;
    }
    case OptionType::kLong:
      return ParseLong(value).ok();
    case OptionType::kDouble:
      return ParsesAsDouble(value);
    case OptionType::kBoolean:
      return ParseBooleanOption(value).ok();
    case OptionType::kDuration:
      return ParseDuration(value).ok();
    case OptionType::kMemorySize:
      return ParseMemorySize(value).ok();
    case OptionType::kEnum:
      return std::ranges::any_of(spec.values,
                                 [&](std::string_view allowed) { return EnumText(allowed) == EnumText(value); });
  }
  return false;
}

Error UnknownOption(std::string_view key, std::span<const OptionSpec> specs, std::string_view owner) {
  std::vector<std::string> known;
  for (const OptionSpec& spec : specs) known.emplace_back(spec.key);
  std::ranges::sort(known);
  std::string hint;
  if (std::optional<std::string> nearest = NearestWord(key, known)) {
    hint = fmt::format("did you mean '{}'?", *nearest);
  } else {
    hint = fmt::format("it takes: {}", fmt::join(known, ", "));
  }
  return UserError("option.unknown", fmt::format("Unsupported option '{}' for {}", key, owner), std::move(hint));
}

Error BadValue(const OptionSpec& spec, std::string_view key, const std::string& value, std::string_view owner) {
  std::string expected(TypeText(spec.type));
  if (spec.type == OptionType::kEnum) expected = fmt::format("one of {}", fmt::join(spec.values, ", "));
  return UserError("option.value", fmt::format("Invalid value for option '{}' of {}: '{}'", key, owner, value),
                   fmt::format("expected {}", expected));
}

}  // namespace

Status CheckOptions(const OptionMap& options, std::span<const OptionSpec> specs, std::string_view owner) {
  for (const auto& [key, value] : options) {
    const OptionSpec* spec = FindSpec(specs, key);
    if (spec == nullptr) return UnknownOption(key, specs, owner);
    if (!ValueFits(*spec, value)) return BadValue(*spec, key, value, owner);
  }
  for (const OptionSpec& spec : specs) {
    if (spec.required && !options.contains(spec.key)) {
      return UserError("option.missing", fmt::format("Missing required option '{}' for {}", spec.key, owner),
                       std::string(spec.doc));
    }
  }
  return Status::Ok();
}

std::optional<std::string> GetString(const OptionMap& options, const OptionSpec& spec) {
  if (auto it = options.find(spec.key); it != options.end()) return it->second;
  if (!spec.default_value.empty()) return std::string(spec.default_value);
  return std::nullopt;
}

Result<bool> ParseBooleanOption(std::string_view text) {
  std::string lower = Lower(Trim(text));
  if (lower == "true") return true;
  if (lower == "false") return false;
  return UserError("option.value", fmt::format("'{}' is not a boolean", text), "write 'true' or 'false'");
}

Result<int64_t> ParseLong(std::string_view text) {
  std::string_view digits = Trim(text);
  if (digits.size() > 1 && digits.front() == '+' && digits[1] != '-') digits.remove_prefix(1);
  int64_t number = 0;
  auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (code != std::errc() || end != digits.data() + digits.size()) {
    return UserError("option.value", fmt::format("'{}' is not an integer of 64 bits", text));
  }
  return number;
}

namespace {

struct Unit {
  std::string_view label;
  int64_t numerator;
  int64_t denominator;
};

// Nanoseconds and microseconds are cut off to milliseconds.
constexpr auto kDurationUnits = std::to_array<Unit>({
    {"d", 86'400'000, 1},
    {"day", 86'400'000, 1},
    {"days", 86'400'000, 1},
    {"h", 3'600'000, 1},
    {"hour", 3'600'000, 1},
    {"hours", 3'600'000, 1},
    {"m", 60'000, 1},
    {"min", 60'000, 1},
    {"minute", 60'000, 1},
    {"minutes", 60'000, 1},
    {"s", 1'000, 1},
    {"sec", 1'000, 1},
    {"secs", 1'000, 1},
    {"second", 1'000, 1},
    {"seconds", 1'000, 1},
    {"ms", 1, 1},
    {"milli", 1, 1},
    {"millis", 1, 1},
    {"millisecond", 1, 1},
    {"milliseconds", 1, 1},
    {"", 1, 1},
    {"µs", 1, 1'000},
    {"micro", 1, 1'000},
    {"micros", 1, 1'000},
    {"microsecond", 1, 1'000},
    {"microseconds", 1, 1'000},
    {"ns", 1, 1'000'000},
    {"nano", 1, 1'000'000},
    {"nanos", 1, 1'000'000},
    {"nanosecond", 1, 1'000'000},
    {"nanoseconds", 1, 1'000'000},
});

constexpr int64_t kKilo = 1024;
constexpr auto kSizeUnits = std::to_array<Unit>({
    {"", 1, 1},
    {"b", 1, 1},
    {"bytes", 1, 1},
    {"k", kKilo, 1},
    {"kb", kKilo, 1},
    {"kibibytes", kKilo, 1},
    {"m", kKilo* kKilo, 1},
    {"mb", kKilo* kKilo, 1},
    {"mebibytes", kKilo* kKilo, 1},
    {"g", kKilo* kKilo* kKilo, 1},
    {"gb", kKilo* kKilo* kKilo, 1},
    {"gibibytes", kKilo* kKilo* kKilo, 1},
    {"t", kKilo* kKilo* kKilo* kKilo, 1},
    {"tb", kKilo* kKilo* kKilo* kKilo, 1},
    {"tebibytes", kKilo* kKilo* kKilo* kKilo, 1},
});

// "<digits> <unit>" as a number of base units; no value if it is not of that form or too large.
std::optional<int64_t> ParseAmount(std::string_view text, std::span<const Unit> units) {
  text = Trim(text);
  if (text.empty() || std::isdigit(static_cast<unsigned char>(text.front())) == 0) return std::nullopt;
  int64_t number = 0;
  auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (code != std::errc()) return std::nullopt;
  std::string label = Lower(Trim(text.substr(static_cast<size_t>(end - text.data()))));
  auto unit = std::ranges::find(units, label, &Unit::label);
  int64_t amount = 0;
  if (unit == units.end() || __builtin_mul_overflow(number, unit->numerator, &amount)) return std::nullopt;
  return amount / unit->denominator;
}

}  // namespace

Result<std::chrono::milliseconds> ParseDuration(std::string_view text) {
  if (std::optional<int64_t> millis = ParseAmount(text, kDurationUnits)) return std::chrono::milliseconds(*millis);
  return UserError("option.value", fmt::format("'{}' is not a duration", text),
                   "write a number and a unit: d, h, min, s, ms, µs or ns");
}

Result<int64_t> ParseMemorySize(std::string_view text) {
  if (std::optional<int64_t> bytes = ParseAmount(text, kSizeUnits)) return *bytes;
  return UserError("option.value", fmt::format("'{}' is not a memory size", text),
                   "write a number and a unit: b, kb, mb, gb or tb");
}

namespace {

size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      size_t substitution = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substitution});
    }
  }
  return row[b.size()];
}

}  // namespace

std::optional<std::string> NearestWord(std::string_view word, std::span<const std::string> candidates) {
  constexpr size_t kWordMax = 256;  // a longer one is no typing error
  if (word.size() > kWordMax) return std::nullopt;
  std::string lower = Lower(word);
  size_t best_distance = std::max<size_t>(2, word.size() / 3) + 1;
  std::optional<std::string> best;
  for (const std::string& candidate : candidates) {
    size_t distance = EditDistance(lower, Lower(candidate));
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

}  // namespace millrace
