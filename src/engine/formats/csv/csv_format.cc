// Options and makers of the format 'csv'.
#include "engine/formats/csv/csv_format.h"

#include <fmt/format.h>

#include <array>

#include "engine/formats/csv/csv_decoder.h"
#include "engine/formats/csv/csv_encoder.h"

namespace millrace::formats {
namespace {

const std::array<OptionSpec, 9>& Options() {
  static const std::array<OptionSpec, 9> options = {{
      {.key = "field-delimiter", .default_value = ",", .doc = "One character; '\\t' is a tab."},
      {.key = "disable-quote-character",
       .type = OptionType::kBoolean,
       .default_value = "false",
       .doc = "Quotes have no meaning."},
      {.key = "quote-character", .doc = "One character; '\"' by default."},
      {.key = "allow-comments",
       .type = OptionType::kBoolean,
       .default_value = "false",
       .doc = "Skip lines that start with '#'."},
      {.key = "ignore-parse-errors",
       .type = OptionType::kBoolean,
       .default_value = "false",
       .doc = "A field that cannot be read becomes NULL, a row that cannot be read is skipped."},
      {.key = "array-element-delimiter",
       .default_value = ";",
       .doc = "Between the elements of an ARRAY and the fields of a ROW."},
      {.key = "escape-character", .doc = "One character; none by default."},
      {.key = "null-literal", .doc = "The text that stands for NULL; none by default."},
      {.key = "write-bigdecimal-in-scientific-notation",
       .type = OptionType::kBoolean,
       .default_value = "true",
       .doc = "Write 100000 of a DECIMAL as 1E+5."},
  }};
  return options;
}

std::optional<std::string> Text(const OptionMap& options, std::string_view key) {
  for (const OptionSpec& spec : Options()) {
    if (spec.key == key) return GetString(options, spec);
  }
  return std::nullopt;
}

Result<bool> Flag(const OptionMap& options, std::string_view key) {
  return ParseBooleanOption(Text(options, key).value_or("false"));
}

// Java's escapes in an option's value, as far as a delimiter can be one.
std::string UnescapeJava(const std::string& text) {
  if (text.size() == 2 && text[0] == '\\') {
    constexpr std::string_view kLetters = "tnrbf\\\"'";
    constexpr std::string_view kCharacters = "\t\n\r\b\f\\\"'";
    size_t position = kLetters.find(text[1]);
    if (position != std::string_view::npos) return std::string(1, kCharacters[position]);
  }
  if (text.size() == 6 && text.starts_with("\\u00")) {
    return std::string(1, static_cast<char>(std::strtol(text.c_str() + 2, nullptr, 16)));
  }
  return text;
}

Result<int> Character(const OptionMap& options, std::string_view key, int default_value) {
  std::optional<std::string> given = Text(options, key);
  if (!given) return default_value;
  std::string text = key == "field-delimiter" ? UnescapeJava(*given) : *given;
  if (text.size() != 1 || static_cast<unsigned char>(text[0]) >= 0x80) {
    return UserError("option.value",
                     fmt::format("Option 'csv.{}' must be a string with single character, but was: {}", key, *given),
                     "one ASCII character");
  }
  return static_cast<int>(text[0]);
}

Result<csv::Dialect> MakeDialect(const OptionMap& options) {
  csv::Dialect dialect;
  MR_ASSIGN(bool disable_quotes, Flag(options, "disable-quote-character"));
  if (disable_quotes && options.contains("quote-character")) {
    return UserError("option.value",
                     "Format cannot define a quote character and disabled quote character at the same time.");
  }
  MR_ASSIGN(int delimiter, Character(options, "field-delimiter", ','));
  MR_ASSIGN(int quote, Character(options, "quote-character", '"'));
  MR_ASSIGN(dialect.escape, Character(options, "escape-character", -1));
  MR_ASSIGN(int array_delimiter, Character(options, "array-element-delimiter", ';'));
  static_cast<void>(array_delimiter);
  MR_ASSIGN(dialect.comments, Flag(options, "allow-comments"));
  dialect.delimiter = static_cast<char>(delimiter);
  dialect.quote = disable_quotes ? -1 : quote;
  return dialect;
}

Status CheckTypes(const Schema& schema) {
  for (const Field& field : schema.fields) MR_RETURN_IF_ERROR(csv::CheckType(field.name, field.type));
  return Status::Ok();
}

Result<std::unique_ptr<Decoder>> MakeDecoder(const DecoderSpec& spec) {
  MR_RETURN_IF_ERROR(CheckTypes(spec.schema));
  csv::DecodeOptions options;
  MR_ASSIGN(options.dialect, MakeDialect(spec.options));
  MR_ASSIGN(options.ignore_parse_errors, Flag(spec.options, "ignore-parse-errors"));
  options.null_literal = Text(spec.options, "null-literal");
  options.array_delimiter = Text(spec.options, "array-element-delimiter").value_or(";");
  return std::unique_ptr<Decoder>(new csv::CsvDecoder(spec, std::move(options)));
}

Result<std::unique_ptr<Encoder>> MakeEncoder(const EncoderSpec& spec) {
  MR_RETURN_IF_ERROR(CheckTypes(spec.schema));
  csv::EncodeOptions options;
  MR_ASSIGN(options.dialect, MakeDialect(spec.options));
  options.null_literal = Text(spec.options, "null-literal").value_or("");
  options.array_delimiter = Text(spec.options, "array-element-delimiter").value_or(";");
  MR_ASSIGN(options.scientific_decimals, Flag(spec.options, "write-bigdecimal-in-scientific-notation"));
  return std::unique_ptr<Encoder>(new csv::CsvEncoder(spec.schema, std::move(options)));
}

}  // namespace

const Format& CsvFormat() {
  static const Format format = {
      .name = "csv", .options = Options(), .make_decoder = &MakeDecoder, .make_encoder = &MakeEncoder};
  return format;
}

}  // namespace millrace::formats
