// Rules between parsing and binding: what the grammar lets through and Flink refuses without looking into the catalog.
#include <fmt/format.h>

#include <algorithm>

#include "engine/sql/parser.h"

namespace millrace::sql {
namespace {

Error Refuse(std::string message, std::string hint, SourceRange range) {
  return UserError("sql.validate", std::move(message), std::move(hint), range);
}

// Those behind columns first, then those of the table.
std::vector<const TableConstraint*> AllConstraints(const std::vector<TableConstraint>& of_table,
                                                   const std::vector<const ColumnDefinition*>& columns) {
  std::vector<const TableConstraint*> all;
  for (const ColumnDefinition* column : columns) {
    if (column->constraint) all.push_back(&*column->constraint);
  }
  for (const TableConstraint& constraint : of_table) all.push_back(&constraint);
  return all;
}

bool IsPrimaryKey(const TableConstraint* constraint) { return constraint->type == TableConstraint::Type::kPrimaryKey; }

Status CheckConstraints(const std::vector<const TableConstraint*>& constraints) {
  if (std::count_if(constraints.begin(), constraints.end(), IsPrimaryKey) > 1) {
    return Refuse("the table has more than one PRIMARY KEY", "keep one", constraints[1]->range);
  }
  for (const TableConstraint* constraint : constraints) {
    if (!IsPrimaryKey(constraint))
      return Refuse("UNIQUE constraints are not supported", "use PRIMARY KEY (..) NOT ENFORCED", constraint->range);
    if (constraint->enforced.value_or(true)) {
      return Refuse(
          "a PRIMARY KEY must be NOT ENFORCED: the data belongs to the external system, so the key cannot be checked",
          "write PRIMARY KEY (..) NOT ENFORCED", constraint->range);
    }
  }
  return Status::Ok();
}

Status CheckLike(const TableLike& like, SourceRange range) {
  using Feature = TableLike::Feature;
  static constexpr Feature kNeverOverwritten[] = {Feature::kAll, Feature::kConstraints, Feature::kDistribution,
                                                  Feature::kPartitions};
  for (size_t i = 0; i < like.options.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (like.options[i].feature == like.options[j].feature) {
        return Refuse("LIKE has two options for the same feature", "keep one of them", range);
      }
    }
  }
  for (const TableLike::Option& option : like.options) {
    bool never = std::find(std::begin(kNeverOverwritten), std::end(kNeverOverwritten), option.feature) !=
                 std::end(kNeverOverwritten);
    if (never && option.strategy == TableLike::Strategy::kOverwriting) {
      return Refuse("OVERWRITING is not possible for this option of LIKE", "use INCLUDING or EXCLUDING", range);
    }
  }
  return Status::Ok();
}

// CREATE TABLE .. AS and REPLACE TABLE .. AS take neither columns nor what belongs to them.
Status CheckTableAs(const CreateTable& table, const std::vector<const TableConstraint*>& constraints) {
  const char* form =
      table.replace ? (table.create ? "CREATE OR REPLACE TABLE AS" : "REPLACE TABLE AS") : "CREATE TABLE AS";
  auto refuse = [&](std::string_view what) {
    return Refuse(fmt::format("{} does not support {}", form, what), {}, table.range);
  };
  if (table.replace && table.if_not_exists) return refuse("IF NOT EXISTS");
  if (table.temporary) return refuse("temporary tables");
  if (!table.elements.columns.empty()) return refuse("explicit columns");
  if (table.elements.watermark) return refuse("an explicit watermark");
  if (table.distribution) return refuse("distributed tables");
  if (!table.partitioned_by.empty()) return refuse("partitioned tables");
  if (std::any_of(constraints.begin(), constraints.end(), IsPrimaryKey)) return refuse("a primary key");
  return Status::Ok();
}

Status CheckCreateTable(const CreateTable& table) {
  std::vector<const ColumnDefinition*> columns;
  for (const ColumnDefinition& column : table.elements.columns) columns.push_back(&column);
  std::vector<const TableConstraint*> constraints = AllConstraints(table.elements.constraints, columns);
  MR_RETURN_IF_ERROR(CheckConstraints(constraints));
  if (table.like) return CheckLike(*table.like, table.range);
  return table.as_query ? CheckTableAs(table, constraints) : Status::Ok();
}

Status CheckAlterTableSchema(const AlterTableSchema& alter) {
  std::vector<const ColumnDefinition*> columns;
  for (const AlterTableSchema::Column& column : alter.columns) columns.push_back(&column.definition);
  return CheckConstraints(AllConstraints(alter.constraints, columns));
}

Status CheckCreateModel(const CreateModel& model) {
  if (model.as_query && !model.inputs.empty())
    return Refuse("CREATE MODEL AS does not support explicit input columns", {}, model.range);
  if (model.as_query && !model.outputs.empty())
    return Refuse("CREATE MODEL AS does not support explicit output columns", {}, model.range);
  if (model.inputs.empty() != model.outputs.empty()) {
    const ColumnDefinition& first = model.inputs.empty() ? model.outputs[0] : model.inputs[0];
    return Refuse("a model has either both INPUT and OUTPUT columns or neither", {}, first.range);
  }
  if (model.options.empty()) return Refuse("a model needs options", "write WITH ('key' = 'value')", model.range);
  return Status::Ok();
}

}  // namespace

Status ValidateStatement(const Statement& statement) {
  if (const auto* table = As<CreateTable>(statement)) return CheckCreateTable(*table);
  if (const auto* alter = As<AlterTableSchema>(statement)) return CheckAlterTableSchema(*alter);
  if (const auto* model = As<CreateModel>(statement)) return CheckCreateModel(*model);
  return Status::Ok();
}

}  // namespace millrace::sql
