#include "engine/connectors/sink_mode.h"

#include <fmt/format.h>

namespace millrace::connectors {

Status RequireInsertOnly(const TableSpec& table, const ChangelogMode& query) {
  if (query.IsInsertOnly()) return Status::Ok();
  std::string changes = query.HasUpdates() ? (query.remove ? "update and delete" : "update") : "delete";
  return UserError("sink.changelog",
                   fmt::format("Table sink '{}' doesn't support consuming {} changes which is produced by the query",
                               table.name, changes),
                   "write into a sink that takes changes, such as one with a primary key");
}

std::optional<int32_t> SinkParallelism(const TableSpec& table) {
  auto found = table.options.find("sink.parallelism");
  if (found == table.options.end()) return std::nullopt;
  auto parsed = ParseLong(found->second);
  if (!parsed.ok() || *parsed < 1) return std::nullopt;
  return static_cast<int32_t>(*parsed);
}

}  // namespace millrace::connectors
