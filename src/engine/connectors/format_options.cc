#include "engine/connectors/format_options.h"

#include <fmt/format.h>

namespace millrace::connectors {
namespace {

void ReplaceAll(std::string& text, const std::string& what, const std::string& with) {
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
}

// An error about a format's own options, with their names as the table's author writes them: 'json.charset'.
Error WithFullNames(Error error, const std::string& start, const FormatChoice& choice) {
  std::vector<std::string> names;
  for (const auto& [name, value] : choice.options) names.push_back(name);
  for (const OptionSpec& spec : choice.format->options) {
    if (!choice.options.contains(spec.key)) names.emplace_back(spec.key);
  }
  for (const std::string& name : names) {
    for (std::string* text : {&error.message, &error.hint})
      ReplaceAll(*text, fmt::format("'{}'", name), fmt::format("'{}{}'", start, name));
  }
  return error;
}

// What to write; and which option was perhaps meant to be it.
std::string MissingFormatHint(const TableSpec& table, std::string_view key) {
  std::vector<std::string> given;
  for (const auto& [name, value] : table.options) given.push_back(name);
  auto nearest = NearestWord(key, given);
  if (nearest) return fmt::format("is '{}' a slip of the pen?", *nearest);
  return fmt::format("for example '{}' = 'json'", key);
}

}  // namespace

Result<FormatChoice> ChooseFormat(const TableSpec& table, std::string_view key, std::string_view prefix) {
  auto name = table.options.find(key);
  if (name == table.options.end()) {
    return UserError("option.missing", fmt::format("Table '{}' needs the option '{}'", table.name, key),
                     MissingFormatHint(table, key));
  }
  FormatChoice choice;
  MR_ASSIGN(choice.format, formats::FindFormat(name->second));
  std::string start = fmt::format("{}{}.", prefix, name->second);
  for (const auto& [option, value] : table.options) {
    if (option.starts_with(start)) choice.options[option.substr(start.size())] = value;
  }
  Status checked = CheckOptions(choice.options, choice.format->options, table.name);
  if (!checked.ok()) return WithFullNames(checked.error(), start, choice);
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
