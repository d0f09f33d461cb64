// The options of a format within a table's options: 'format' = 'json', 'json.ignore-parse-errors' = 'true'.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/connectors/connector.h"
#include "engine/formats/format.h"

namespace millrace::connectors {

struct FormatChoice {
  const formats::Format* format = nullptr;
  OptionMap options;  // without the prefix
};

// Reads option `key` ("format", "value.format"), finds the format and checks its options, which stand behind `prefix` +
// its name + '.'. Errors: "option.missing", "format.unknown", "option.unknown" with the nearest known option.
Result<FormatChoice> ChooseFormat(const TableSpec& table, std::string_view key, std::string_view prefix);
// The table's options without those of its formats, for CheckOptions.
OptionMap WithoutFormatOptions(const TableSpec& table, const std::vector<std::string>& prefixes);

}  // namespace millrace::connectors
