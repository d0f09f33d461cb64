// Options of the filesystem connector, and the table as its source and sink see it. Private to this folder.
#pragma once

#include <string>
#include <vector>

#include "base/file_system.h"
#include "engine/connectors/connector.h"
#include "engine/connectors/format_options.h"

namespace millrace::connectors::filesystem {

extern const std::vector<OptionSpec> kOptions;

struct FilesTable {
  TableSpec table;
  std::string path;  // without "file://"
  FormatChoice format;
  std::vector<int32_t> stored;      // physical columns that stand in the files, in order
  std::vector<int32_t> partitions;  // physical columns that stand in directory names, outermost first
  std::string default_partition = "__DEFAULT_PARTITION__";
};

Result<FilesTable> ReadTable(const TableSpec& table);

// Source side, in filesystem_source.cc; sink side, in filesystem_sink.cc.
Result<std::unique_ptr<TableSource>> MakeSource(const TableSpec& table, const ConnectorContext& context);
Result<std::unique_ptr<TableSink>> MakeSink(const TableSpec& table, const ConnectorContext& context);

}  // namespace millrace::connectors::filesystem
