// CREATE and DROP.
#include "engine/sql/unparser_impl.h"

namespace millrace::sql {
namespace {

std::string_view NameOf(FunctionLanguage language) {
  switch (language) {
    case FunctionLanguage::kUnspecified:
      return "";
    case FunctionLanguage::kJava:
      return "JAVA";
    case FunctionLanguage::kScala:
      return "SCALA";
    case FunctionLanguage::kSql:
      return "SQL";
    case FunctionLanguage::kPython:
      return "PYTHON";
  }
  return "";
}

std::string_view NameOf(TableLike::Strategy strategy) {
  switch (strategy) {
    case TableLike::Strategy::kIncluding:
      return "INCLUDING";
    case TableLike::Strategy::kExcluding:
      return "EXCLUDING";
    case TableLike::Strategy::kOverwriting:
      return "OVERWRITING";
  }
  return "";
}

std::string_view NameOf(TableLike::Feature feature) {
  switch (feature) {
    case TableLike::Feature::kAll:
      return "ALL";
    case TableLike::Feature::kConstraints:
      return "CONSTRAINTS";
    case TableLike::Feature::kDistribution:
      return "DISTRIBUTION";
    case TableLike::Feature::kGenerated:
      return "GENERATED";
    case TableLike::Feature::kMetadata:
      return "METADATA";
    case TableLike::Feature::kOptions:
      return "OPTIONS";
    case TableLike::Feature::kPartitions:
      return "PARTITIONS";
    case TableLike::Feature::kWatermarks:
      return "WATERMARKS";
  }
  return "";
}

std::string_view NameOf(Drop::Object object) {
  switch (object) {
    case Drop::Object::kCatalog:
      return "CATALOG";
    case Drop::Object::kDatabase:
      return "DATABASE";
    case Drop::Object::kTable:
      return "TABLE";
    case Drop::Object::kView:
      return "VIEW";
    case Drop::Object::kFunction:
      return "FUNCTION";
    case Drop::Object::kMaterializedTable:
      return "MATERIALIZED TABLE";
    case Drop::Object::kModel:
      return "MODEL";
  }
  return "";
}

}  // namespace

void Unparser::Ddl(const Node& node) {
  if (const auto* table = As<CreateTable>(node)) return CreateTables(*table);
  if (const auto* view = As<CreateView>(node)) return CreateViews(*view);
  if (const auto* function = As<CreateFunction>(node)) return CreateFunctions(*function);
  if (const auto* table = As<CreateMaterializedTable>(node)) return CreateMaterialized(*table);
  if (const auto* model = As<CreateModel>(node)) return CreateModels(*model);
  if (const auto* drop = As<Drop>(node)) return Drops(*drop);
  auto create = [&](std::string_view keyword, const auto& object) {
    writer_.Keyword(keyword);
    if (object.if_not_exists) writer_.Keyword("IF NOT EXISTS");
    Name(object.name);
    CommentLine(object.comment);
    if (!object.options.empty()) Options("WITH", object.options);
  };
  if (const auto* catalog = As<CreateCatalog>(node)) return create("CREATE CATALOG", *catalog);
  if (const auto* database = As<CreateDatabase>(node)) return create("CREATE DATABASE", *database);
}

void Unparser::IndentedItem() {
  writer_.Separator(",");
  writer_.NewLine();
  writer_.Print("  ");
}

void Unparser::OptionItem(const SqlOption& option) {
  Literals(*option.key, 0, 0);
  writer_.Keyword("=");
  Literals(*option.value, 0, 0);
}

void Unparser::Options(std::string_view keyword, const SqlOptions& options) {
  writer_.Keyword(keyword);
  writer_.Start(FrameType::kSimple, "(", ")");
  for (const SqlOption& option : options) {
    IndentedItem();
    OptionItem(option);
  }
  writer_.NewLine();
  writer_.End();
}

void Unparser::Keys(std::string_view keyword, const std::vector<LiteralPtr>& keys) {
  writer_.Keyword(keyword);
  writer_.Start(FrameType::kSimple, "(", ")");
  for (const LiteralPtr& key : keys) {
    IndentedItem();
    Literals(*key, 0, 0);
  }
  writer_.NewLine();
  writer_.End();
}

void Unparser::CommentLine(const LiteralPtr& comment) {
  if (!comment) return;
  writer_.NewLine();
  StringKeyword("COMMENT", comment);
}

void Unparser::StringKeyword(std::string_view keyword, const LiteralPtr& literal) {
  writer_.Keyword(keyword);
  Literals(*literal, 0, 0);
}

void Unparser::PartitionedBy(const std::vector<IdentifierPtr>& columns) {
  if (columns.empty()) return;
  writer_.NewLine();
  writer_.Keyword("PARTITIONED BY");
  Columns(columns, true);
  writer_.NewLine();
}

void Unparser::Partition(const PartitionSpec& spec) {
  writer_.Keyword("PARTITION");
  writer_.Start(FrameType::kSimple, "(", ")");
  for (const PartitionItem& item : spec) {
    writer_.Separator(",");
    Name(item.column);
    if (!item.value) continue;
    writer_.Keyword("=");
    Literals(*item.value, 2, 3);
  }
  writer_.End();
}

void Unparser::AsQuery(const QueryPtr& query) {
  writer_.NewLine();
  writer_.Keyword("AS");
  writer_.NewLine();
  Queries(query, 0, 0);
}

// ( element, .. ), one a line
void Unparser::Schema(const std::vector<std::function<void()>>& elements) {
  writer_.Start(FrameType::kSimple, "(", ")");
  for (const std::function<void()>& element : elements) {
    IndentedItem();
    element();
  }
  writer_.NewLine();
  writer_.End();
}

void Unparser::Elements(const TableElements& elements) {
  std::vector<std::function<void()>> parts;
  for (const ColumnDefinition& column : elements.columns) parts.emplace_back([this, &column] { Column(column); });
  for (const TableConstraint& constraint : elements.constraints)
    parts.emplace_back([this, &constraint] { Constraint(constraint); });
  if (elements.watermark) parts.emplace_back([this, &elements] { Watermark(*elements.watermark); });
  if (!parts.empty()) Schema(parts);
}

void Unparser::Column(const ColumnDefinition& column) {
  Name(column.name);
  if (column.type == ColumnDefinition::Type::kComputed) {
    writer_.Keyword("AS");
    Expression(column.expression, 0, 0);
  } else {
    TypeAndNullability(*column.data_type);
  }
  if (column.type == ColumnDefinition::Type::kMetadata) {
    writer_.Keyword("METADATA");
    if (column.metadata_key) StringKeyword("FROM", column.metadata_key);
    if (column.is_virtual) writer_.Keyword("VIRTUAL");
  }
  if (column.constraint) Constraint(*column.constraint);
  if (column.comment) StringKeyword("COMMENT", column.comment);
}

void Unparser::Constraint(const TableConstraint& constraint) {
  if (constraint.name) {
    writer_.Keyword("CONSTRAINT");
    Name(constraint.name);
  }
  writer_.Keyword(constraint.type == TableConstraint::Type::kPrimaryKey ? "PRIMARY KEY" : "UNIQUE");
  if (constraint.on_table) Columns(constraint.columns, true);
  if (constraint.enforced) writer_.Keyword(*constraint.enforced ? "ENFORCED" : "NOT ENFORCED");
}

void Unparser::Watermark(const WatermarkDefinition& watermark) {
  writer_.Keyword("WATERMARK");
  writer_.Keyword("FOR");
  Name(watermark.column);
  writer_.Keyword("AS");
  Expression(watermark.expression, 0, 0);
}

void Unparser::Distributed(const Distribution& distribution, std::string_view keyword, bool lines) {
  if (lines) writer_.NewLine();
  writer_.Keyword(keyword);
  bool columns = !distribution.columns.empty();
  if (columns) {
    writer_.Keyword("BY");
    if (distribution.type == Distribution::Type::kHash) writer_.Print("HASH");
    if (distribution.type == Distribution::Type::kRange) writer_.Print("RANGE");
    Columns(distribution.columns, true);
  }
  if (distribution.buckets) {
    writer_.Keyword("INTO");
    Literals(*distribution.buckets, 0, 0);
    writer_.Keyword("BUCKETS");
  }
  if (lines || !columns) writer_.NewLine();
}

void Unparser::LikeClause(const TableLike& like) {
  writer_.NewLine();
  writer_.Keyword("LIKE");
  Name(like.table);
  if (like.options.empty()) return;
  writer_.Start(FrameType::kSimple, "(", ")");
  for (const TableLike::Option& option : like.options) {
    writer_.NewLine();
    writer_.Print("  ");
    writer_.Keyword(NameOf(option.strategy));
    writer_.Keyword(NameOf(option.feature));
  }
  writer_.NewLine();
  writer_.End();
}

void Unparser::CreateTables(const CreateTable& table) {
  if (table.replace && table.as_query) {
    if (table.create) writer_.Keyword("CREATE OR");
    writer_.Keyword("REPLACE TABLE");
    Name(table.name);
    CommentLine(table.comment);
    if (!table.options.empty()) Options("WITH", table.options);
  } else {
    CreateTableBody(table);
  }
  if (table.like) LikeClause(*table.like);
  if (table.as_query) AsQuery(table.as_query);
}

void Unparser::CreateTableBody(const CreateTable& table) {
  writer_.Keyword("CREATE");
  if (table.temporary) writer_.Keyword("TEMPORARY");
  writer_.Keyword("TABLE");
  if (table.if_not_exists) writer_.Keyword("IF NOT EXISTS");
  Name(table.name);
  Elements(table.elements);
  CommentLine(table.comment);
  if (table.distribution) Distributed(*table.distribution, "DISTRIBUTED", true);
  PartitionedBy(table.partitioned_by);
  if (!table.options.empty()) Options("WITH", table.options);
}

void Unparser::CreateViews(const CreateView& view) {
  writer_.Keyword("CREATE");
  if (view.temporary) writer_.Keyword("TEMPORARY");
  writer_.Keyword("VIEW");
  if (view.if_not_exists) writer_.Keyword("IF NOT EXISTS");
  Name(view.name);
  if (!view.columns.empty()) Columns(view.columns, true);
  CommentLine(view.comment);
  AsQuery(view.query);
}

void Unparser::CreateFunctions(const CreateFunction& function) {
  writer_.Keyword("CREATE");
  if (function.temporary) writer_.Keyword("TEMPORARY");
  if (function.system) writer_.Keyword("SYSTEM");
  writer_.Keyword("FUNCTION");
  if (function.if_not_exists) writer_.Keyword("IF NOT EXISTS");
  Name(function.name);
  StringKeyword("AS", function.class_name);
  if (function.language != FunctionLanguage::kUnspecified) {
    writer_.Keyword("LANGUAGE");
    writer_.Keyword(NameOf(function.language));
  }
  if (function.jars.empty()) return;
  writer_.Keyword("USING");
  writer_.Start(FrameType::kSimple);
  for (const LiteralPtr& jar : function.jars) {
    writer_.Separator(",");
    StringKeyword("JAR", jar);
  }
  writer_.End();
}

void Unparser::CreateMaterialized(const CreateMaterializedTable& table) {
  writer_.Keyword("CREATE MATERIALIZED TABLE");
  Name(table.name);
  if (table.constraint) {
    writer_.NewLine();
    Schema({[&] { Constraint(*table.constraint); }});
  }
  CommentLine(table.comment);
  PartitionedBy(table.partitioned_by);
  if (!table.options.empty()) Options("WITH", table.options);
  writer_.NewLine();
  writer_.Keyword("FRESHNESS");
  StringKeyword("=", table.freshness);
  if (table.refresh_mode != RefreshMode::kUnspecified) {
    writer_.NewLine();
    writer_.Keyword("REFRESH_MODE");
    writer_.Keyword("=");
    writer_.Keyword(table.refresh_mode == RefreshMode::kFull ? "FULL" : "CONTINUOUS");
  }
  AsQuery(table.query);
}

void Unparser::CreateModels(const CreateModel& model) {
  writer_.Keyword("CREATE");
  writer_.Keyword("MODEL");
  if (model.if_not_exists) writer_.Keyword("IF NOT EXISTS");
  Name(model.name);
  auto columns = [&](std::string_view keyword, const std::vector<ColumnDefinition>& list) {
    if (list.empty()) return;
    writer_.Keyword(keyword);
    std::vector<std::function<void()>> parts;
    for (const ColumnDefinition& column : list) parts.emplace_back([this, &column] { Column(column); });
    Schema(parts);
  };
  columns("INPUT", model.inputs);
  columns("OUTPUT", model.outputs);
  CommentLine(model.comment);
  if (!model.options.empty()) Options("WITH", model.options);
  if (model.as_query) AsQuery(model.as_query);
}

void Unparser::Drops(const Drop& drop) {
  writer_.Keyword("DROP");
  bool may_be_temporary = drop.object == Drop::Object::kTable || drop.object == Drop::Object::kView ||
                          drop.object == Drop::Object::kFunction;
  if (drop.temporary && may_be_temporary) writer_.Keyword("TEMPORARY");
  if (drop.system) writer_.Keyword("SYSTEM");
  writer_.Keyword(NameOf(drop.object));
  if (drop.if_exists) writer_.Keyword("IF EXISTS");
  Name(drop.name);
  if (drop.object == Drop::Object::kDatabase) writer_.Keyword(drop.cascade ? "CASCADE" : "RESTRICT");
}

void Unparser::AlterFunctions(const AlterFunction& alter) {
  writer_.Keyword("ALTER");
  if (alter.temporary) writer_.Keyword("TEMPORARY");
  if (alter.system) writer_.Keyword("SYSTEM");
  writer_.Keyword("FUNCTION");
  if (alter.if_exists) writer_.Keyword("IF EXISTS");
  Name(alter.name);
  StringKeyword("AS", alter.class_name);
  if (alter.language == FunctionLanguage::kUnspecified) return;
  writer_.Keyword("LANGUAGE");
  writer_.Keyword(NameOf(alter.language));
}

}  // namespace millrace::sql
