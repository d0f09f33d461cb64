#include "engine/connectors/format_options.h"

#include <fmt/format.h>

namespace millrace::connectors {

Result<FormatChoice> ChooseFormat(const TableSpec& table, std::string_view key, std::string_view prefix) {
  auto name = table.options.find(key);
  if (name == table.options.end()) {
    return UserError("option.missing", fmt::format("Table '{}' needs the option '{}'", table.name, key),
                     fmt::format("for example '{}' = 'json'", key));
  }
  FormatChoice choice;
  MR_ASSIGN(choice.format, formats::FindFormat(name->second));
  std::string start = fmt::format("{}{}.", prefix, name->second);
  for (const auto& [option, value] : table.options) {
    if (option.starts_with(start)) choice.options[option.substr(start.size())] = value;
  }
  Status checked = CheckOptions(choice.options, choice.format->options,
                                fmt::format("format '{}' of table {}", name->second, table.name));
  if (!checked.ok()) return checked.error();
  return choice;
}

OptionMap WithoutFormatOptions(const TableSpec& table, const std::vector<std::string>& prefixes) {
  OptionMap rest;
  for (const auto& [key, value] : table.options) {
    bool of_format = false;
    for (const std::string& prefix : prefixes) of_format = of_format || key.starts_with(prefix);
    if (!of_format) rest[key] = value;
  }
  return rest;
}

}  // namespace millrace::connectors
