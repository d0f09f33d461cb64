// Options and makers of the format 'json'.
#include "engine/formats/json/json_format.h"

#include <array>

#include "engine/formats/json/json_decoder.h"
#include "engine/formats/json/json_encoder.h"

namespace millrace::formats {
namespace {

constexpr OptionSpec kFailOnMissingField = {.key = "fail-on-missing-field",
                                            .type = OptionType::kBoolean,
                                            .default_value = "false",
                                            .doc = "A missing field is an error."};
constexpr OptionSpec kIgnoreParseErrors = {
    .key = "ignore-parse-errors",
    .type = OptionType::kBoolean,
    .default_value = "false",
    .doc = "A field that cannot be read becomes NULL, a record that cannot be read is skipped."};

const std::array<OptionSpec, 8>& Options() {
  static const std::array<OptionSpec, 8> options = {{
      kFailOnMissingField,
      kIgnoreParseErrors,
      {.key = "timestamp-format.standard",
       .default_value = "SQL",
       .doc = "SQL: '2024-01-05 10:20:30.5'; ISO-8601: '2024-01-05T10:20:30.5'."},
      {.key = "map-null-key.mode",
       .default_value = "FAIL",
       .doc = "How a NULL key of a map is written: FAIL, DROP or LITERAL."},
      {.key = "map-null-key.literal",
       .default_value = "null",
       .doc = "The key that stands for NULL with the mode LITERAL."},
      {.key = "encode.decimal-as-plain-number",
       .type = OptionType::kBoolean,
       .default_value = "false",
       .doc = "Write decimals without an exponent."},
      {.key = "encode.ignore-null-fields",
       .type = OptionType::kBoolean,
       .default_value = "false",
       .doc = "Leave out fields that are NULL."},
      {.key = "decode.json-parser.enabled",
       .type = OptionType::kBoolean,
       .default_value = "true",
       .doc = "Accepted for Flink's sake; both of Flink's readers give the same rows."},
  }};
  return options;
}

std::string Text(const OptionMap& options, std::string_view key) {
  for (const OptionSpec& spec : Options()) {
    if (spec.key == key) return GetString(options, spec).value_or("");
  }
  return "";
}

Result<bool> Flag(const OptionMap& options, std::string_view key) { return ParseBooleanOption(Text(options, key)); }

Result<bool> IsoTimestamps(const OptionMap& options) {
  std::string standard = Text(options, "timestamp-format.standard");
  if (standard == "SQL") return false;
  if (standard == "ISO-8601") return true;
  return UserError("option.value", "Unsupported value '" + standard + "' for timestamp-format.standard",
                   "supported values are [SQL, ISO-8601]");
}

Result<std::unique_ptr<Decoder>> MakeDecoder(const DecoderSpec& spec) {
  json::DecodeOptions options;
  MR_ASSIGN(options.fail_on_missing_field, Flag(spec.options, "fail-on-missing-field"));
  MR_ASSIGN(options.ignore_parse_errors, Flag(spec.options, "ignore-parse-errors"));
  MR_ASSIGN(options.iso_timestamps, IsoTimestamps(spec.options));
  if (options.fail_on_missing_field && options.ignore_parse_errors) {
    return UserError("option.value", "fail-on-missing-field and ignore-parse-errors shouldn't both be true.",
                     "leave one of them out");
  }
  MR_ASSIGN(std::unique_ptr<json::DecodePlan> plan, json::MakeDecodePlan(spec.schema, spec.wanted));
  return std::unique_ptr<Decoder>(new json::JsonDecoder(std::move(plan), options, spec.pool));
}

Result<json::MapNullKeyMode> NullKeyMode(const OptionMap& options) {
  std::string mode = Text(options, "map-null-key.mode");
  for (char& c : mode) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  if (mode == "FAIL") return json::MapNullKeyMode::kFail;
  if (mode == "DROP") return json::MapNullKeyMode::kDrop;
  if (mode == "LITERAL") return json::MapNullKeyMode::kLiteral;
  return UserError("option.value",
                   "Unsupported value '" + Text(options, "map-null-key.mode") + "' for option map-null-key.mode",
                   "supported values are [LITERAL, FAIL, DROP]");
}

Result<std::unique_ptr<Encoder>> MakeEncoder(const EncoderSpec& spec) {
  json::EncodeOptions options;
  MR_ASSIGN(options.iso_timestamps, IsoTimestamps(spec.options));
  MR_ASSIGN(options.null_key_mode, NullKeyMode(spec.options));
  options.null_key_literal = Text(spec.options, "map-null-key.literal");
  MR_ASSIGN(options.plain_decimals, Flag(spec.options, "encode.decimal-as-plain-number"));
  MR_ASSIGN(options.ignore_null_fields, Flag(spec.options, "encode.ignore-null-fields"));
  for (const Field& field : spec.schema.fields) MR_RETURN_IF_ERROR(json::CheckType(field.type));
  return std::unique_ptr<Encoder>(new json::JsonEncoder(spec.schema, std::move(options)));
}

}  // namespace

const Format& JsonFormat() {
  static const Format format = {.name = "json",
                                .options = Options(),
                                .nested_projection = true,
                                .make_decoder = &MakeDecoder,
                                .make_encoder = &MakeEncoder};
  return format;
}

}  // namespace millrace::formats
