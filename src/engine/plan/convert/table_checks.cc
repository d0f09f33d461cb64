#include "engine/plan/convert/table_checks.h"

#include <fmt/format.h>

#include "types/cast.h"

namespace millrace::plan {

Status CheckSourceMode(const std::string& table, const connectors::ChangelogMode& mode) {
  if (!mode.update_before || mode.update_after) return Status::Ok();
  return UserError(
      "plan.refused",
      fmt::format("Invalid source for table '{}'. A ScanTableSource doesn't support a changelog stream that "
                  "contains UPDATE_BEFORE but no UPDATE_AFTER",
                  table),
      "let the source give -U and +U, or +U alone with a PRIMARY KEY");
}

Status CheckMetadataType(const std::string& table, const catalog::TableColumn& column, const DataType& metadata,
                         bool for_sink) {
  bool fits = for_sink ? CanCast(column.type, metadata) : CanCast(metadata, column.type);
  if (fits) return Status::Ok();
  return UserError(
      "plan.refused",
      fmt::format("Invalid data type for metadata column '{}' of table '{}'. The column cannot be declared "
                  "as '{}' because the type must be castable {} metadata type '{}'.",
                  column.name, table, column.type.ToString(), for_sink ? "to" : "from", metadata.ToString()),
      fmt::format("declare the column as {}", metadata.Nullable().ToString()));
}

}  // namespace millrace::plan
