// The list of formats, and what all of them share: line splitting and the types of nested projections.
#include "engine/formats/format.h"

#include <fmt/format.h>

#include <array>
#include <cstring>

#include "engine/formats/csv/csv_format.h"
#include "engine/formats/json/json_format.h"
#include "engine/formats/raw/raw_format.h"

namespace millrace::formats {
namespace {

const auto& Formats() {
  static const auto formats = std::to_array<const Format*>({
#define FORMAT(folder, Name) &Name##Format(),
#include "engine/formats/formats.inc"
#undef FORMAT
  });
  return formats;
}

}  // namespace

std::string ChangelogMode::ToString() const {
  std::string text;
  auto add = [&text](bool wanted, std::string_view name) {
    if (!wanted) return;
    if (!text.empty()) text += ',';
    text += name;
  };
  add(insert, "I");
  add(update_before, "UB");
  add(update_after, "UA");
  add(remove, "D");
  return text;
}

std::vector<FieldPath> AllPaths(const Schema& schema) {
  std::vector<FieldPath> paths;
  for (int32_t i = 0; i < static_cast<int32_t>(schema.size()); ++i) paths.push_back({i});
  return paths;
}

std::vector<DataType> WantedTypes(const Schema& schema, const std::vector<FieldPath>& wanted) {
  std::vector<DataType> types;
  for (const FieldPath& path : wanted) {
    DataType type = schema[static_cast<size_t>(path[0])].type;
    bool nullable = type.nullable();
    for (size_t step = 1; step < path.size(); ++step) {
      type = DataType(type.fields()[static_cast<size_t>(path[step])].type);
      nullable = nullable || type.nullable();
    }
    types.push_back(type.WithNullable(nullable));
  }
  return types;
}

Result<Decoder::LinesResult> Decoder::DecodeLines(std::string_view block, bool end_of_input, const BufferPtr& keeper,
                                                  ChunkBuilder& out, int64_t* failed_line) {
  LinesResult done;
  while (!out.full() && done.bytes < block.size()) {
    std::string_view rest = block.substr(done.bytes);
    const auto* newline = static_cast<const char*>(std::memchr(rest.data(), '\n', rest.size()));
    if (newline == nullptr && !end_of_input) break;
    size_t length = newline != nullptr ? static_cast<size_t>(newline - rest.data()) : rest.size();
    std::string_view line = rest.substr(0, length);
    if (newline != nullptr && line.ends_with('\r')) line.remove_suffix(1);
    if (Status status = Decode(line, keeper, out); !status.ok()) {
      *failed_line = done.lines;
      return std::move(status).error();
    }
    done.bytes += length + (newline != nullptr ? 1 : 0);
    ++done.lines;
  }
  return done;
}

Result<const Format*> FindFormat(std::string_view name) {
  std::vector<std::string> known;
  for (const Format* format : AllFormats()) {
    if (format->name == name) return format;
    known.emplace_back(format->name);
  }
  std::optional<std::string> nearest = NearestWord(name, known);
  return UserError("format.unknown", fmt::format("There is no format '{}'", name),
                   nearest ? fmt::format("did you mean '{}'?", *nearest)
                           : fmt::format("available formats: {}", fmt::join(known, ", ")));
}

std::span<const Format* const> AllFormats() { return Formats(); }

}  // namespace millrace::formats
