// Rules between parsing and binding: what the grammar lets through and Flink refuses without looking into the catalog.
#include <fmt/format.h>

#include <algorithm>
#include <set>

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

bool HasTwoPrimaryKeys(const std::vector<const TableConstraint*>& constraints) {
  return std::count_if(constraints.begin(), constraints.end(), IsPrimaryKey) > 1;
}

Status CheckConstraint(const TableConstraint* constraint) {
  if (!IsPrimaryKey(constraint)) {
    return Refuse("UNIQUE constraints are not supported", "use PRIMARY KEY (..) NOT ENFORCED", constraint->range);
  }
  if (!constraint->enforced.value_or(true)) return Status::Ok();
  return Refuse(
      "a PRIMARY KEY must be NOT ENFORCED: the data belongs to the external system, so the key cannot be checked",
      "write PRIMARY KEY (..) NOT ENFORCED", constraint->range);
}

Status CheckConstraints(const std::vector<const TableConstraint*>& constraints) {
  if (HasTwoPrimaryKeys(constraints)) {
    return Refuse("the table has more than one PRIMARY KEY", "keep one", constraints[1]->range);
  }
  for (const TableConstraint* constraint : constraints) MR_RETURN_IF_ERROR(CheckConstraint(constraint));
  return Status::Ok();
}

std::set<std::string> KeyColumns(const std::vector<const TableConstraint*>& constraints) {
  std::set<std::string> names;
  if (HasTwoPrimaryKeys(constraints)) return names;
  for (const TableConstraint* constraint : constraints) {
    if (!CheckConstraint(constraint).ok()) break;
    for (const IdentifierPtr& column : constraint->columns) names.insert(column->parts.back().name);
  }
  return names;
}

// True if the column was changed.
bool MakeNotNull(ColumnDefinition* column, const std::set<std::string>& names) {
  bool physical = column->type == ColumnDefinition::Type::kPhysical;
  if (!physical || !column->data_type->nullable || !names.contains(column->name->parts.back().name)) return false;
  auto type = std::make_shared<TypeSpec>(*column->data_type);
  type->nullable = false;
  column->data_type = std::move(type);
  return true;
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

std::vector<const TableConstraint*> ConstraintsOf(const CreateTable& table) {
  std::vector<const ColumnDefinition*> columns;
  for (const ColumnDefinition& column : table.elements.columns) columns.push_back(&column);
  return AllConstraints(table.elements.constraints, columns);
}

std::vector<const TableConstraint*> ConstraintsOf(const AlterTableSchema& alter) {
  std::vector<const ColumnDefinition*> columns;
  for (const AlterTableSchema::Column& column : alter.columns) columns.push_back(&column.definition);
  return AllConstraints(alter.constraints, columns);
}

Status CheckCreateTable(const CreateTable& table) {
  std::vector<const TableConstraint*> constraints = ConstraintsOf(table);
  MR_RETURN_IF_ERROR(CheckConstraints(constraints));
  if (table.like) return CheckLike(*table.like, table.range);
  return table.as_query ? CheckTableAs(table, constraints) : Status::Ok();
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
  if (const auto* alter = As<AlterTableSchema>(statement)) return CheckConstraints(ConstraintsOf(*alter));
  if (const auto* model = As<CreateModel>(statement)) return CheckCreateModel(*model);
  return Status::Ok();
}

StatementPtr WithKeysNotNull(const StatementPtr& statement) {
  bool changed = false;
  if (auto table = As<CreateTable>(statement)) {
    std::set<std::string> names = KeyColumns(ConstraintsOf(*table));
    auto copy = std::make_shared<CreateTable>(*table);
    for (ColumnDefinition& column : copy->elements.columns) changed = MakeNotNull(&column, names) || changed;
    if (changed) return copy;
  } else if (auto alter = As<AlterTableSchema>(statement)) {
    std::set<std::string> names = KeyColumns(ConstraintsOf(*alter));
    auto copy = std::make_shared<AlterTableSchema>(*alter);
    for (AlterTableSchema::Column& column : copy->columns) changed = MakeNotNull(&column.definition, names) || changed;
    if (changed) return copy;
  }
  return statement;
}

}  // namespace millrace::sql
