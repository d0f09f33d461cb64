// ALTER.
#include "engine/sql/parser_impl.h"

namespace millrace::sql {

Result<StatementPtr> Parser::ParseAlter() {
  if (Is(Word::kTABLE, 1)) return ParseAlterTable();
  if (Is(Word::kVIEW, 1)) return ParseAlterView();
  if (Is(Word::kCATALOG, 1)) return ParseAlterCatalog();
  if (Is(Word::kDATABASE, 1)) return ParseAlterDatabase();
  if (Is(Word::kFUNCTION, 1) || Is(Word::kTEMPORARY, 1)) return ParseAlterFunction();
  if (Is(Word::kMATERIALIZED, 1)) return ParseAlterMaterializedTable();
  if (Is(Word::kMODEL, 1)) return ParseAlterModel();
  Take();
  if (!Is(Word::kSYSTEM) && !Is(Word::kSESSION))
    return Unexpected("TABLE, VIEW, CATALOG, DATABASE, FUNCTION, MATERIALIZED TABLE or MODEL");
  return ParseSetOrReset(std::string(WordText(Take().word)));
}

Result<StatementPtr> Parser::ParseAlterTable() {
  SourceRange start = Take().range;
  Take();
  bool if_exists = AcceptIfExists();
  MR_ASSIGN(IdentifierPtr table, CompoundIdentifier());
  MR_ASSIGN(std::shared_ptr<AlterTable> alter, AlterTableAction());
  alter->table = std::move(table);
  alter->if_exists = if_exists;
  alter->range = RangeFrom(start);
  return alter;
}

Result<std::shared_ptr<AlterTable>> Parser::AlterTableAction() {
  if (Is(Word::kRENAME)) return AlterTableRenameAction();
  if (Accept(Word::kSET)) {
    auto alter = std::make_shared<AlterTableOptions>();
    MR_ASSIGN(alter->options, Options());
    return alter;
  }
  if (Accept(Word::kRESET)) {
    auto alter = std::make_shared<AlterTableReset>();
    MR_ASSIGN(alter->keys, OptionKeys());
    return alter;
  }
  if (Accept(Word::kADD)) return AlterTableAdd();
  if (Accept(Word::kMODIFY)) return AlterTableColumns(true);
  if (Accept(Word::kDROP)) return AlterTableDrop();
  bool partition = Is(Word::kPARTITION);
  if (!partition && !Is(Word::kCOMPACT))
    return Unexpected("ADD, MODIFY, DROP, RENAME, SET, RESET, PARTITION or COMPACT");
  auto compact = std::make_shared<AlterTableCompact>();
  if (partition) {
    Take();
    MR_ASSIGN(compact->partition, ParsePartitionSpec(false));
  }
  MR_RETURN_IF_ERROR(Expect(Word::kCOMPACT));
  return compact;
}

// RENAME TO table, RENAME column TO column
Result<std::shared_ptr<AlterTable>> Parser::AlterTableRenameAction() {
  Take();
  if (Accept(Word::kTO)) {
    auto rename = std::make_shared<AlterTableRename>();
    MR_ASSIGN(rename->new_name, CompoundIdentifier());
    return rename;
  }
  auto rename = std::make_shared<AlterTableRenameColumn>();
  MR_ASSIGN(rename->column, CompoundIdentifier());
  MR_RETURN_IF_ERROR(Expect(Word::kTO));
  MR_ASSIGN(rename->new_name, CompoundIdentifier());
  return rename;
}

Result<std::shared_ptr<AlterTable>> Parser::AlterTableAdd() {
  if (!Is(Word::kPARTITION) && !(Is(Word::kIF) && Is(Word::kNOT, 1))) return AlterTableColumns(false);
  auto add = std::make_shared<AlterTableAddPartitions>();
  add->if_not_exists = AcceptIfNotExists();
  do {
    AlterTableAddPartitions::Partition partition;
    MR_RETURN_IF_ERROR(Expect(Word::kPARTITION));
    MR_ASSIGN(partition.spec, ParsePartitionSpec(false));
    if (Accept(Word::kWITH)) {
      MR_ASSIGN(partition.options, Options());
    }
    add->partitions.push_back(std::move(partition));
  } while (Is(Word::kPARTITION));
  return add;
}

// An element, or several in parentheses
Result<std::shared_ptr<AlterTable>> Parser::AlterTableColumns(bool modify) {
  auto schema = std::make_shared<AlterTableSchema>();
  schema->modify = modify;
  if (!Accept(TokenType::kLeftParen)) {
    MR_RETURN_IF_ERROR(AlterTableElement(schema.get()));
    return schema;
  }
  do {
    MR_RETURN_IF_ERROR(AlterTableElement(schema.get()));
  } while (Accept(TokenType::kComma));
  MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
  return schema;
}

Status Parser::AlterTableElement(AlterTableSchema* schema) {
  if (StartsTableConstraint()) {
    MR_ASSIGN(TableConstraint constraint, ParseTableConstraint());
    schema->constraints.push_back(std::move(constraint));
    return Status::Ok();
  }
  if (Is(Word::kWATERMARK)) return ParseWatermark(&schema->watermark);
  if (Accept(Word::kDISTRIBUTION)) {
    MR_ASSIGN(schema->distribution, ParseDistribution());
    return Status::Ok();
  }
  AlterTableSchema::Column column;
  MR_ASSIGN(column.definition, TypedColumn());
  if (Accept(Word::kFIRST)) {
    column.place = AlterTableSchema::Place::kFirst;
  } else if (Accept(Word::kAFTER)) {
    column.place = AlterTableSchema::Place::kAfter;
    MR_ASSIGN(column.after, CompoundIdentifier());
  }
  schema->columns.push_back(std::move(column));
  return Status::Ok();
}

Result<std::shared_ptr<AlterTable>> Parser::AlterTableDrop() {
  if (Is(Word::kPARTITION) || (Is(Word::kIF) && Is(Word::kEXISTS, 1))) {
    auto drop = std::make_shared<AlterTableDropPartitions>();
    drop->if_partition_exists = AcceptIfExists();
    do {
      MR_RETURN_IF_ERROR(Expect(Word::kPARTITION));
      MR_ASSIGN(PartitionSpec spec, ParsePartitionSpec(false));
      drop->partitions.push_back(std::move(spec));
    } while (Accept(TokenType::kComma));
    return drop;
  }
  auto part = std::make_shared<AlterTableDropPart>();
  if (Accept(Word::kPRIMARY)) {
    MR_RETURN_IF_ERROR(Expect(Word::kKEY));
    return part;
  }
  if (Accept(Word::kCONSTRAINT)) {
    part->part = AlterTableDropPart::Part::kConstraint;
    MR_ASSIGN(part->constraint, SimpleIdentifier());
    return part;
  }
  if (Is(Word::kDISTRIBUTION) || Is(Word::kWATERMARK)) {
    part->part = Take().word == Word::kWATERMARK ? AlterTableDropPart::Part::kWatermark
                                                 : AlterTableDropPart::Part::kDistribution;
    return part;
  }
  auto drop = std::make_shared<AlterTableDropColumn>();
  bool list = Accept(TokenType::kLeftParen);
  if (!list && !IsIdentifier())
    return Unexpected("an identifier, '(', PRIMARY KEY, CONSTRAINT, WATERMARK, DISTRIBUTION or PARTITION");
  do {
    MR_ASSIGN(IdentifierPtr column, CompoundIdentifier());
    drop->columns.push_back(std::move(column));
  } while (list && Accept(TokenType::kComma));
  if (list) MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
  return drop;
}

Result<StatementPtr> Parser::ParseAlterView() {
  SourceRange start = Take().range;
  Take();
  auto alter = std::make_shared<AlterView>();
  MR_ASSIGN(alter->name, CompoundIdentifier());
  if (Accept(Word::kRENAME)) {
    MR_RETURN_IF_ERROR(Expect(Word::kTO));
    MR_ASSIGN(alter->new_name, CompoundIdentifier());
  } else if (Accept(Word::kAS)) {
    MR_ASSIGN(alter->query, OrderedQuery());
  } else {
    return Unexpected("RENAME TO or AS");
  }
  alter->range = RangeFrom(start);
  return alter;
}

Result<StatementPtr> Parser::ParseAlterCatalog() {
  SourceRange start = Take().range;
  Take();
  auto alter = std::make_shared<AlterCatalog>();
  MR_ASSIGN(alter->name, SimpleIdentifier());
  if (Accept(Word::kSET)) {
    alter->action = AlterCatalog::Action::kSet;
    MR_ASSIGN(alter->options, Options());
  } else if (Accept(Word::kRESET)) {
    alter->action = AlterCatalog::Action::kReset;
    MR_ASSIGN(alter->keys, OptionKeys());
  } else if (Is(Word::kCOMMENT)) {
    alter->action = AlterCatalog::Action::kComment;
    MR_ASSIGN(alter->comment, CommentOpt(false));
  } else {
    return Unexpected("SET, RESET or COMMENT");
  }
  alter->range = RangeFrom(start);
  return alter;
}

Result<StatementPtr> Parser::ParseAlterDatabase() {
  SourceRange start = Take().range;
  Take();
  auto alter = std::make_shared<AlterDatabase>();
  MR_ASSIGN(alter->name, CompoundIdentifier());
  MR_RETURN_IF_ERROR(Expect(Word::kSET));
  MR_ASSIGN(alter->options, Options());
  alter->range = RangeFrom(start);
  return alter;
}

Result<StatementPtr> Parser::ParseAlterFunction() {
  SourceRange start = Take().range;
  auto alter = std::make_shared<AlterFunction>();
  alter->temporary = Accept(Word::kTEMPORARY);
  if (alter->temporary) alter->system = Accept(Word::kSYSTEM);
  MR_RETURN_IF_ERROR(Expect(Word::kFUNCTION));
  alter->if_exists = AcceptIfExists();
  MR_ASSIGN(alter->name, CompoundIdentifier());
  MR_RETURN_IF_ERROR(Expect(Word::kAS));
  MR_ASSIGN(alter->class_name, QuotedString());
  SourceRange language;
  MR_ASSIGN(alter->language, LanguageOpt(&language));
  alter->range = RangeFrom(start);
  return alter;
}

Result<StatementPtr> Parser::ParseAlterMaterializedTable() {
  SourceRange start = Take().range;
  Take();
  MR_RETURN_IF_ERROR(Expect(Word::kTABLE));
  using Action = AlterMaterializedTable::Action;
  auto alter = std::make_shared<AlterMaterializedTable>();
  MR_ASSIGN(alter->name, CompoundIdentifier());
  if (Accept(Word::kSUSPEND)) {
    alter->action = Action::kSuspend;
  } else if (Accept(Word::kRESUME)) {
    alter->action = Action::kResume;
    MR_ASSIGN(alter->options, WithOptionsOpt());
  } else if (Accept(Word::kREFRESH)) {
    alter->action = Action::kRefresh;
    if (Accept(Word::kPARTITION)) {
      MR_ASSIGN(alter->partition, ParsePartitionSpec(false));
    }
  } else if (Accept(Word::kSET)) {
    MR_RETURN_IF_ERROR(AlterMaterializedTableSet(alter.get()));
  } else if (Accept(Word::kRESET)) {
    alter->action = Action::kResetOptions;
    MR_ASSIGN(alter->keys, OptionKeys());
  } else {
    return Unexpected("SUSPEND, RESUME, REFRESH, SET or RESET");
  }
  alter->range = RangeFrom(start);
  return alter;
}

Status Parser::AlterMaterializedTableSet(AlterMaterializedTable* alter) {
  using Action = AlterMaterializedTable::Action;
  if (Accept(Word::kFRESHNESS)) {
    alter->action = Action::kSetFreshness;
    MR_ASSIGN(alter->freshness, Freshness());
  } else if (Accept(Word::kREFRESH_MODE)) {
    alter->action = Action::kSetRefreshMode;
    MR_ASSIGN(alter->refresh_mode, ParseRefreshMode());
  } else if (Is(TokenType::kLeftParen)) {
    alter->action = Action::kSetOptions;
    MR_ASSIGN(alter->options, Options());
  } else {
    return Unexpected("FRESHNESS, REFRESH_MODE or '('");
  }
  return Status::Ok();
}

Result<StatementPtr> Parser::ParseAlterModel() {
  SourceRange start = Take().range;
  Take();
  auto alter = std::make_shared<AlterModel>();
  alter->if_exists = AcceptIfExists();
  MR_ASSIGN(alter->name, CompoundIdentifier());
  if (Accept(Word::kRENAME)) {
    MR_RETURN_IF_ERROR(Expect(Word::kTO));
    MR_ASSIGN(alter->new_name, CompoundIdentifier());
  } else if (Accept(Word::kSET)) {
    MR_ASSIGN(alter->options, Options());
  } else {
    return Unexpected("RENAME TO or SET");
  }
  alter->range = RangeFrom(start);
  return alter;
}

}  // namespace millrace::sql
