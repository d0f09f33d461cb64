// filesystem: tables over files and directories of the local machine. Option names and defaults are Flink's.
#include <fmt/format.h>

#include <algorithm>

#include "engine/connectors/filesystem/filesystem_options.h"

namespace millrace::connectors {
namespace filesystem {

const std::vector<OptionSpec> kOptions = {
    {.key = "connector", .required = true},
    {.key = "path", .doc = "A file, a directory (read with all below it), or a pattern with * and ?", .required = true},
    {.key = "format", .doc = "Format of the files", .required = true},
    {.key = "source.monitor-interval",
     .type = OptionType::kDuration,
     .doc = "Look for new files this often; without it the source is bounded"},
    {.key = "source.path.regex-pattern", .doc = "Read only files whose whole path matches this regular expression"},
    {.key = "source.report-statistics", .default_value = "ALL"},
    {.key = "partition.default-name",
     .default_value = "__DEFAULT_PARTITION__",
     .doc = "Directory name of a NULL partition value"},
    {.key = "partition.time-extractor.kind"},
    {.key = "partition.time-extractor.class"},
    {.key = "partition.time-extractor.timestamp-pattern"},
    {.key = "partition.time-extractor.timestamp-formatter"},
    {.key = "sink.rolling-policy.file-size", .type = OptionType::kMemorySize, .default_value = "128MB"},
    {.key = "sink.rolling-policy.rollover-interval", .type = OptionType::kDuration, .default_value = "30 min"},
    {.key = "sink.rolling-policy.inactivity-interval", .type = OptionType::kDuration, .default_value = "30 min"},
    {.key = "sink.rolling-policy.check-interval", .type = OptionType::kDuration, .default_value = "1 min"},
    {.key = "sink.shuffle-by-partition.enable", .type = OptionType::kBoolean, .default_value = "false"},
    {.key = "sink.partition-commit.trigger", .default_value = "process-time"},
    {.key = "sink.partition-commit.delay", .type = OptionType::kDuration, .default_value = "0 s"},
    {.key = "sink.partition-commit.watermark-time-zone", .default_value = "UTC"},
    {.key = "sink.partition-commit.policy.kind"},
    {.key = "sink.partition-commit.policy.class"},
    {.key = "sink.partition-commit.success-file.name", .default_value = "_SUCCESS"},
    {.key = "auto-compaction", .type = OptionType::kBoolean, .default_value = "false"},
    {.key = "compaction.file-size", .type = OptionType::kMemorySize},
    {.key = "compaction.parallelism", .type = OptionType::kInt},
    {.key = "sink.parallelism", .type = OptionType::kInt},
};

Result<FilesTable> ReadTable(const TableSpec& table) {
  FilesTable files;
  files.table = table;
  MR_ASSIGN(files.format, ChooseFormat(table, "format", ""));
  std::string prefix = std::string(files.format.format->name) + ".";
  MR_RETURN_IF_ERROR(CheckOptions(WithoutFormatOptions(table, {prefix}), kOptions, table.name));
  files.path = table.options.find("path")->second;
  constexpr std::string_view kScheme = "file:";
  if (files.path.starts_with(kScheme)) {
    files.path = files.path.substr(kScheme.size());
    while (files.path.starts_with("//")) files.path = files.path.substr(1);
  } else if (files.path.find("://") != std::string::npos) {
    return UserError("option.value",
                     fmt::format("'path' = '{}' of table {} is not on the local machine", files.path, table.name),
                     "only local paths and file:// can be read and written yet");
  }
  if (files.path.empty()) return UserError("option.value", fmt::format("'path' of table {} is empty", table.name));
  for (int32_t i = 0; i < static_cast<int32_t>(table.physical.size()); ++i) {
    const std::string& name = table.physical[static_cast<size_t>(i)].name;
    bool partition =
        std::find(table.partition_keys.begin(), table.partition_keys.end(), name) != table.partition_keys.end();
    if (!partition) files.stored.push_back(i);
  }
  // Folders lie in each other in the order of PARTITIONED BY.
  for (const std::string& key : table.partition_keys) {
    files.partitions.push_back(table.physical.Find(key));
    if (files.partitions.back() >= 0) continue;
    return UserError("table.partition",
                     fmt::format("Partition column '{}' is no physical column of table {}", key, table.name));
  }
  auto named = table.options.find("partition.default-name");
  if (named != table.options.end()) files.default_partition = named->second;
  return files;
}

namespace {

Result<std::vector<Connector::Metadata>> ListMetadata(const TableSpec&) {
  return std::vector<Connector::Metadata>{{"file.path", DataType::String().NotNull(), false},
                                          {"file.name", DataType::String().NotNull(), false},
                                          {"file.size", DataType::Bigint().NotNull(), false},
                                          {"file.modification-time", DataType::TimestampLtz(3).NotNull(), false}};
}

}  // namespace
}  // namespace filesystem

extern const Connector kFilesystem;
const Connector kFilesystem{
    .name = "filesystem",
    .doc = "Files and directories of the local machine.",
    .options = filesystem::kOptions,
    .metadata = filesystem::ListMetadata,
    .make_source = filesystem::MakeSource,
    .make_sink = filesystem::MakeSink,
};

}  // namespace millrace::connectors
