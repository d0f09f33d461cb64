// CREATE TABLE and CREATE VIEW: what the statement describes, checked.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "engine/sql/parser.h"
#include "engine/sql/query_binder.h"

namespace millrace::sql {
namespace {

using catalog::ColumnKind;
using catalog::TableColumn;

Result<OptionMap> BindOptions(const SqlOptions& options) {
  OptionMap bound;
  for (const SqlOption& option : options) bound[option.key->text] = option.value->text;
  return bound;
}

Schema KnownColumns(const std::vector<TableColumn>& columns) {
  Schema schema;
  for (const TableColumn& column : columns) {
    if (column.kind != ColumnKind::kComputed) schema.fields.push_back({column.name, column.type, ""});
  }
  return schema;
}

Error TableError(const CreateTable& create, std::string message, SourceRange range) {
  return ValidationError(fmt::format("table {}: {}", fmt::join(PathOf(*create.name), "."), message), range);
}

Result<TableColumn> BindStoredColumn(const ColumnDefinition& definition) {
  TableColumn column;
  column.name = PathOf(*definition.name).back();
  column.comment = definition.comment ? definition.comment->text : "";
  MR_ASSIGN(column.type, BindType(*definition.data_type));
  if (definition.type == ColumnDefinition::Type::kMetadata) {
    column.kind = ColumnKind::kMetadata;
    column.metadata_key = definition.metadata_key ? definition.metadata_key->text : column.name;
    column.is_virtual = definition.is_virtual;
  }
  return column;
}

// What LIKE takes over from the other table, by feature.
struct LikeRules {
  TableLike::Strategy options = TableLike::Strategy::kOverwriting;
  TableLike::Strategy constraints = TableLike::Strategy::kIncluding;
  TableLike::Strategy generated = TableLike::Strategy::kIncluding;
  TableLike::Strategy metadata = TableLike::Strategy::kIncluding;
  TableLike::Strategy partitions = TableLike::Strategy::kIncluding;
  TableLike::Strategy watermarks = TableLike::Strategy::kIncluding;
};

LikeRules RulesOf(const TableLike& like) {
  LikeRules rules;
  auto apply = [&rules](const TableLike::Option& option, bool all) {
    using Feature = TableLike::Feature;
    if (all || option.feature == Feature::kOptions) rules.options = option.strategy;
    if (all || option.feature == Feature::kConstraints) rules.constraints = option.strategy;
    if (all || option.feature == Feature::kGenerated) rules.generated = option.strategy;
    if (all || option.feature == Feature::kMetadata) rules.metadata = option.strategy;
    if (all || option.feature == Feature::kPartitions) rules.partitions = option.strategy;
    if (all || option.feature == Feature::kWatermarks) rules.watermarks = option.strategy;
  };
  for (const TableLike::Option& option : like.options) {
    if (option.feature == TableLike::Feature::kAll) apply(option, true);
  }
  for (const TableLike::Option& option : like.options) {
    if (option.feature != TableLike::Feature::kAll) apply(option, false);
  }
  return rules;
}

class TableBinder {
 public:
  TableBinder(const CreateTable& create, const BindContext& context) : create_(create), context_(context) {}
  Result<catalog::TablePtr> Bind();

 private:
  Status BindColumns();
  Status BindComputed(const ColumnDefinition& definition, const Schema& stored);
  Status CheckMetadataKeys();
  Status BindPrimaryKey();
  Status BindWatermark();
  Status TakeLike();
  Status TakeQuery();

  const CreateTable& create_;
  const BindContext& context_;
  catalog::Table table_;
};

Status TableBinder::BindComputed(const ColumnDefinition& definition, const Schema& stored) {
  TableColumn column;
  column.name = PathOf(*definition.name).back();
  column.kind = ColumnKind::kComputed;
  column.comment = definition.comment ? definition.comment->text : "";
  column.expression = SliceText(context_.text, definition.expression->range);
  MR_ASSIGN(BoundExpr bound, BindScalar(*definition.expression, stored, context_));
  column.type = bound->type;
  for (TableColumn& existing : table_.columns) {
    if (existing.name == column.name) {
      existing = column;
      return Status::Ok();
    }
  }
  table_.columns.push_back(std::move(column));
  return Status::Ok();
}

Status TableBinder::BindColumns() {
  std::set<std::string> names;
  for (const TableColumn& column : table_.columns) names.insert(column.name);
  for (const ColumnDefinition& definition : create_.elements.columns) {
    std::string name = PathOf(*definition.name).back();
    if (!names.insert(name).second)
      return TableError(create_, fmt::format("A column named '{}' already exists in the table.", name),
                        definition.range);
    if (definition.type == ColumnDefinition::Type::kComputed) continue;
    MR_ASSIGN(TableColumn column, BindStoredColumn(definition));
    table_.columns.push_back(std::move(column));
  }
  Schema stored = KnownColumns(table_.columns);
  std::vector<TableColumn> ordered;
  for (const ColumnDefinition& definition : create_.elements.columns) {
    if (definition.type == ColumnDefinition::Type::kComputed) MR_RETURN_IF_ERROR(BindComputed(definition, stored));
  }
  // Columns of LIKE first, then those of the statement in their order.
  std::set<std::string> own;
  for (const ColumnDefinition& definition : create_.elements.columns) own.insert(PathOf(*definition.name).back());
  for (const TableColumn& column : table_.columns) {
    if (!own.contains(column.name)) ordered.push_back(column);
  }
  for (const ColumnDefinition& definition : create_.elements.columns) {
    ordered.push_back(*table_.FindColumn(PathOf(*definition.name).back()));
  }
  table_.columns = std::move(ordered);
  if (std::none_of(table_.columns.begin(), table_.columns.end(),
                   [](const TableColumn& c) { return c.kind != ColumnKind::kComputed; }) &&
      !table_.columns.empty()) {
    return TableError(create_, "a table needs a column that is not computed", create_.name->range);
  }
  return Status::Ok();
}

Status TableBinder::CheckMetadataKeys() {
  for (const TableColumn& column : table_.columns) {
    for (const TableColumn& other : table_.columns) {
      if (&other == &column) break;
      bool both = column.kind == ColumnKind::kMetadata && other.kind == ColumnKind::kMetadata;
      if (!both || column.metadata_key != other.metadata_key) continue;
      return TableError(
          create_,
          fmt::format("The column `{}` and `{}` in the table are both from the same metadata key '{}'. Please specify "
                      "one of the columns as the metadata column and use the computed column syntax to specify the "
                      "others.",
                      other.name, column.name, column.metadata_key),
          create_.name->range);
    }
  }
  return Status::Ok();
}

Status TableBinder::BindPrimaryKey() {
  const TableConstraint* key = nullptr;
  for (const TableConstraint& constraint : create_.elements.constraints) {
    if (constraint.type != TableConstraint::Type::kPrimaryKey) {
      return TableError(create_, "UNIQUE constraint is not supported yet", constraint.range);
    }
    key = &constraint;
  }
  for (const ColumnDefinition& column : create_.elements.columns) {
    if (!column.constraint) continue;
    if (column.constraint->type != TableConstraint::Type::kPrimaryKey) {
      return TableError(create_, "UNIQUE constraint is not supported yet", column.range);
    }
    key = &*column.constraint;
  }
  if (key == nullptr) return Status::Ok();
  if (!key->enforced.has_value() || *key->enforced) {
    return TableError(create_,
                      "Flink doesn't support ENFORCED mode for PRIMARY KEY constraint. ENFORCED/NOT ENFORCED controls "
                      "if the constraint "
                      "checks are performed on the incoming/outgoing data. Flink does not own the data therefore the "
                      "only supported mode is "
                      "the NOT ENFORCED mode",
                      key->range);
  }
  table_.primary_key.clear();
  for (const IdentifierPtr& column : key->columns) {
    std::string name = PathOf(*column).back();
    auto found = std::find_if(table_.columns.begin(), table_.columns.end(),
                              [&](const TableColumn& c) { return c.name == name; });
    if (found == table_.columns.end()) {
      return TableError(create_, fmt::format("Primary key column '{}' is not defined in the schema", name),
                        column->range);
    }
    if (found->kind != ColumnKind::kPhysical) {
      return TableError(
          create_,
          fmt::format("Could not create a PRIMARY KEY with column '{}': a primary key takes physical columns", name),
          column->range);
    }
    if (std::find(table_.primary_key.begin(), table_.primary_key.end(), name) != table_.primary_key.end()) {
      return TableError(create_, fmt::format("the primary key names '{}' twice", name), column->range);
    }
    found->type = found->type.NotNull();
    table_.primary_key.push_back(name);
  }
  table_.primary_key_name =
      key->name ? PathOf(*key->name).back() : fmt::format("PK_{}", fmt::join(table_.primary_key, "_"));
  return Status::Ok();
}

bool IsSourceWatermark(const Expr& expr) {
  const auto* call = As<Call>(expr);
  return call != nullptr && call->op == Op::kFunction && call->FunctionName() == "SOURCE_WATERMARK";
}

Status TableBinder::BindWatermark() {
  if (!create_.elements.watermark) return Status::Ok();
  const WatermarkDefinition& definition = *create_.elements.watermark;
  catalog::Watermark watermark;
  watermark.column = fmt::format("{}", fmt::join(PathOf(*definition.column), "."));
  watermark.expression = SliceText(context_.text, definition.expression->range);
  Schema schema;
  for (const TableColumn& column : table_.columns) schema.fields.push_back({column.name, column.type, ""});
  auto column = BindScalar(*definition.column, schema, context_);
  if (!column.ok()) {
    return TableError(
        create_, fmt::format("The rowtime attribute field '{}' is not defined in the table schema", watermark.column),
        definition.column->range);
  }
  const DataType& type = (*column)->type;
  if (!type.IsTimestampLike() || type.precision() > 3) {
    return TableError(
        create_,
        fmt::format(
            "Invalid data type of time field for watermark definition. The field must be of type TIMESTAMP(p) or "
            "TIMESTAMP_LTZ(p), the supported precision 'p' is from 0 to 3, but the time field type is {}",
            type.ToString()),
        definition.column->range);
  }
  if (type.time_attribute() == TimeAttribute::kProctime) {
    return TableError(create_, "A watermark can not be defined for a processing-time attribute.",
                      definition.column->range);
  }
  MR_ASSIGN(BoundExpr bound, BindScalar(*definition.expression, schema, context_));
  if (IsSourceWatermark(*definition.expression)) {  // of the column's type, whatever that is
    table_.watermark = std::move(watermark);
    return Status::Ok();
  }
  if (!bound->type.IsTimestampLike() || bound->type.kind() != type.kind()) {
    return TableError(
        create_,
        fmt::format(
            "Invalid data type of expression for watermark definition. The field must be of type {}, but the watermark "
            "expression type is {}",
            type.ToString(), bound->type.ToString()),
        definition.expression->range);
  }
  table_.watermark = std::move(watermark);
  return Status::Ok();
}

Status TableBinder::TakeLike() {
  if (!create_.like) return Status::Ok();
  const TableLike& like = *create_.like;
  catalog::TablePtr source = context_.catalogs->FindTable(PathOf(*like.table));
  if (source == nullptr || source->is_view) {
    return TableError(create_,
                      fmt::format("Source table '{}' of the LIKE clause not found in the catalog",
                                  fmt::join(PathOf(*like.table), ".")),
                      like.table->range);
  }
  LikeRules rules = RulesOf(like);
  using Strategy = TableLike::Strategy;
  for (const TableColumn& column : source->columns) {
    if (column.kind == ColumnKind::kComputed && rules.generated == Strategy::kExcluding) continue;
    if (column.kind == ColumnKind::kMetadata && rules.metadata == Strategy::kExcluding) continue;
    table_.columns.push_back(column);
  }
  if (rules.constraints != Strategy::kExcluding) {
    table_.primary_key = source->primary_key;
    table_.primary_key_name = source->primary_key_name;
  }
  if (rules.partitions != Strategy::kExcluding) table_.partition_keys = source->partition_keys;
  if (rules.watermarks != Strategy::kExcluding) table_.watermark = source->watermark;
  if (rules.options == Strategy::kExcluding) return Status::Ok();
  for (const auto& [key, value] : source->options) {
    if (!table_.options.contains(key)) {
      table_.options[key] = value;
    } else if (rules.options == Strategy::kIncluding) {
      return TableError(create_,
                        fmt::format("There already exists an option ['{}' -> '{}'] in the derived table", key, value),
                        like.table->range);
    }
  }
  return Status::Ok();
}

Status TableBinder::TakeQuery() {
  if (!create_.as_query) return Status::Ok();
  QueryBinder binder(context_);
  MR_ASSIGN(RelationPtr query, binder.Bind(*create_.as_query, nullptr));
  for (const Field& field : query->schema.fields) {
    TableColumn column;
    column.name = field.name;
    column.type = field.type.WithTimeAttribute(TimeAttribute::kNone);
    if (table_.FindColumn(column.name) == nullptr) table_.columns.push_back(std::move(column));
  }
  return Status::Ok();
}

Result<catalog::TablePtr> TableBinder::Bind() {
  MR_RETURN_IF_ERROR(ValidateStatement(create_));
  MR_ASSIGN(table_.name, context_.catalogs->Qualify(PathOf(*create_.name)));
  table_.temporary = create_.temporary;
  table_.comment = create_.comment ? create_.comment->text : "";
  MR_ASSIGN(table_.options, BindOptions(create_.options));
  MR_RETURN_IF_ERROR(TakeLike());
  MR_RETURN_IF_ERROR(BindColumns());
  MR_RETURN_IF_ERROR(CheckMetadataKeys());
  MR_RETURN_IF_ERROR(TakeQuery());
  MR_RETURN_IF_ERROR(BindPrimaryKey());
  MR_RETURN_IF_ERROR(BindWatermark());
  if (!create_.partitioned_by.empty()) table_.partition_keys.clear();
  for (const IdentifierPtr& column : create_.partitioned_by) {
    std::string name = PathOf(*column).back();
    if (table_.FindColumn(name) == nullptr) {
      return TableError(create_, fmt::format("Partition column '{}' not defined in the table schema", name),
                        column->range);
    }
    table_.partition_keys.push_back(name);
  }
  return catalog::TablePtr(std::make_shared<const catalog::Table>(table_));
}

}  // namespace

Result<catalog::TablePtr> BindCreateTable(const CreateTable& create, const BindContext& context) {
  return TableBinder(create, context).Bind();
}

Result<catalog::TablePtr> BindCreateView(const CreateView& create, const BindContext& context) {
  QueryBinder binder(context);
  MR_ASSIGN(RelationPtr query, binder.Bind(*create.query, nullptr));
  auto view = std::make_shared<catalog::Table>();
  MR_ASSIGN(view->name, context.catalogs->Qualify(PathOf(*create.name)));
  view->is_view = true;
  view->temporary = create.temporary;
  view->comment = create.comment ? create.comment->text : "";
  view->view_text = SliceText(context.text, create.query->range);
  view->context_catalog = context.catalogs->current_catalog();
  view->context_database = context.catalogs->current_database();
  if (!create.columns.empty() && create.columns.size() != query->schema.size()) {
    return ValidationError(
        fmt::format("VIEW definition and input fields not match:\n\tDef fields: {}\n\tInput fields: {}",
                    create.columns.size(), query->schema.size()),
        create.name->range);
  }
  for (size_t i = 0; i < query->schema.size(); ++i) {
    TableColumn column;
    column.name = create.columns.empty() ? query->schema[i].name : PathOf(*create.columns[i]).back();
    column.type = query->schema[i].type;
    view->columns.push_back(std::move(column));
  }
  return catalog::TablePtr(std::move(view));
}

}  // namespace millrace::sql
