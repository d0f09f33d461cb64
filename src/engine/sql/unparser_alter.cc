// ALTER.
#include "engine/sql/unparser_impl.h"

namespace millrace::sql {

void Unparser::Alter(const Node& node) {
  if (node.kind >= NodeKind::kAlterTableRename && node.kind <= NodeKind::kAlterTableCompact) {
    return AlterTables(static_cast<const AlterTable&>(node));
  }
  if (const auto* view = As<AlterView>(node)) {
    writer_.Keyword("ALTER VIEW");
    Name(view->name);
    if (view->query) return AsQuery(view->query);
    writer_.Keyword("RENAME TO");
    return Name(view->new_name);
  }
  if (const auto* catalog = As<AlterCatalog>(node)) return AlterCatalogs(*catalog);
  if (const auto* database = As<AlterDatabase>(node)) {
    writer_.Keyword("ALTER DATABASE");
    Name(database->name);
    return Options("SET", database->options);
  }
  if (const auto* function = As<AlterFunction>(node)) return AlterFunctions(*function);
  if (const auto* table = As<AlterMaterializedTable>(node)) return AlterMaterialized(*table);
  if (const auto* model = As<AlterModel>(node)) {
    writer_.Keyword("ALTER MODEL");
    if (model->if_exists) writer_.Keyword("IF EXISTS");
    Name(model->name);
    if (!model->new_name) return Options("SET", model->options);
    writer_.Keyword("RENAME TO");
    Name(model->new_name);
  }
}

void Unparser::AlterCatalogs(const AlterCatalog& alter) {
  writer_.Keyword("ALTER CATALOG");
  Name(alter.name);
  switch (alter.action) {
    case AlterCatalog::Action::kSet:
      return Options("SET", alter.options);
    case AlterCatalog::Action::kReset:
      return Keys("RESET", alter.keys);
    case AlterCatalog::Action::kComment:
      return StringKeyword("COMMENT", alter.comment);
  }
}

void Unparser::AlterTables(const AlterTable& alter) {
  writer_.Keyword("ALTER TABLE");
  if (alter.if_exists) writer_.Keyword("IF EXISTS");
  Name(alter.table);
  if (const auto* rename = As<AlterTableRename>(alter)) {
    writer_.Keyword("RENAME TO");
    Name(rename->new_name);
  } else if (const auto* column = As<AlterTableRenameColumn>(alter)) {
    writer_.Keyword("RENAME");
    Name(column->column);
    writer_.Keyword("TO");
    Name(column->new_name);
  } else if (const auto* set = As<AlterTableOptions>(alter)) {
    Options("SET", set->options);
  } else if (const auto* reset = As<AlterTableReset>(alter)) {
    Keys("RESET", reset->keys);
  } else if (const auto* compact = As<AlterTableCompact>(alter)) {
    if (!compact->partition.empty()) Partition(compact->partition);
    writer_.Keyword("COMPACT");
  } else {
    AlterTableParts(alter);
  }
}

void Unparser::AlterTableParts(const AlterTable& alter) {
  if (const auto* schema = As<AlterTableSchema>(alter)) {
    writer_.Keyword(schema->modify ? "MODIFY" : "ADD");
    std::vector<std::function<void()>> parts;
    for (const AlterTableSchema::Column& column : schema->columns) {
      parts.emplace_back([this, &column] {
        Column(column.definition);
        if (column.place == AlterTableSchema::Place::kFirst) writer_.Keyword("FIRST");
        if (column.place != AlterTableSchema::Place::kAfter) return;
        writer_.Keyword("AFTER");
        Name(column.after);
      });
    }
    for (const TableConstraint& constraint : schema->constraints)
      parts.emplace_back([this, &constraint] { Constraint(constraint); });
    if (schema->watermark) parts.emplace_back([this, schema] { Watermark(*schema->watermark); });
    if (!parts.empty()) Schema(parts);
    if (schema->distribution) Distributed(*schema->distribution, "DISTRIBUTION", false);
  } else if (const auto* columns = As<AlterTableDropColumn>(alter)) {
    writer_.Keyword("DROP");
    std::vector<std::function<void()>> parts;
    for (const IdentifierPtr& column : columns->columns) parts.emplace_back([this, &column] { Name(column); });
    Schema(parts);
  } else if (const auto* part = As<AlterTableDropPart>(alter)) {
    switch (part->part) {
      case AlterTableDropPart::Part::kPrimaryKey:
        return writer_.Keyword("DROP PRIMARY KEY");
      case AlterTableDropPart::Part::kDistribution:
        return writer_.Keyword("DROP DISTRIBUTION");
      case AlterTableDropPart::Part::kWatermark:
        return writer_.Keyword("DROP WATERMARK");
      case AlterTableDropPart::Part::kConstraint:
        writer_.Keyword("DROP CONSTRAINT");
        return Name(part->constraint);
    }
  } else if (const auto* add = As<AlterTableAddPartitions>(alter)) {
    writer_.NewLine();
    writer_.Keyword("ADD");
    if (add->if_not_exists) writer_.Keyword("IF NOT EXISTS");
    for (const AlterTableAddPartitions::Partition& partition : add->partitions) {
      writer_.NewLine();
      Partition(partition.spec);
      if (!partition.options) continue;
      writer_.Keyword("WITH");
      writer_.Start(FrameType::kSimple, "(", ")");
      for (const SqlOption& option : *partition.options) {
        writer_.Separator(",");
        OptionItem(option);
      }
      writer_.End();
    }
  } else if (const auto* drop = As<AlterTableDropPartitions>(alter)) {
    writer_.NewLine();
    writer_.Keyword("DROP");
    if (drop->if_partition_exists) writer_.Keyword("IF EXISTS");
    writer_.Start(FrameType::kSimple);
    for (const PartitionSpec& spec : drop->partitions) {
      writer_.Separator(",");
      writer_.NewLine();
      Partition(spec);
    }
    writer_.End();
  }
}

void Unparser::AlterMaterialized(const AlterMaterializedTable& alter) {
  using Action = AlterMaterializedTable::Action;
  writer_.Keyword("ALTER MATERIALIZED TABLE");
  Name(alter.name);
  switch (alter.action) {
    case Action::kSuspend:
      return writer_.Keyword("SUSPEND");
    case Action::kResume:
      writer_.Keyword("RESUME");
      if (alter.options.empty()) return;
      writer_.NewLine();
      return Options("WITH", alter.options);
    case Action::kRefresh:
      writer_.Keyword("REFRESH");
      if (!alter.partition.empty()) Partition(alter.partition);
      return;
    case Action::kSetFreshness:
      writer_.Keyword("SET FRESHNESS");
      return StringKeyword("=", alter.freshness);
    case Action::kSetRefreshMode:
      writer_.Keyword("SET REFRESH_MODE");
      writer_.Keyword("=");
      return writer_.Keyword(alter.refresh_mode == RefreshMode::kFull ? "FULL" : "CONTINUOUS");
    case Action::kSetOptions:
      return Options("SET", alter.options);
    case Action::kResetOptions:
      return Keys("RESET", alter.keys);
  }
}

}  // namespace millrace::sql
