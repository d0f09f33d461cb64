// CREATE and DROP.
#include <fmt/format.h>

#include "engine/sql/parser_impl.h"

namespace millrace::sql {

bool Parser::AcceptIfExists() {
  if (!Is(Word::kIF) || !Is(Word::kEXISTS, 1)) return false;
  Take();
  Take();
  return true;
}

bool Parser::AcceptIfNotExists() {
  if (!Is(Word::kIF) || !Is(Word::kNOT, 1) || !Is(Word::kEXISTS, 2)) return false;
  Take();
  Take();
  Take();
  return true;
}

// ('k' = 'v', ..), may be empty
Result<SqlOptions> Parser::Options() {
  MR_RETURN_IF_ERROR(Expect(TokenType::kLeftParen));
  SqlOptions options;
  if (!Is(TokenType::kRightParen)) {
    do {
      if (!IsStringToken()) return Unexpected("an option 'key' = 'value'");
      SqlOption option;
      MR_ASSIGN(option.key, StringLiteral());
      MR_RETURN_IF_ERROR(Expect(TokenType::kEquals));
      MR_ASSIGN(option.value, StringLiteral());
      options.push_back(std::move(option));
    } while (Accept(TokenType::kComma));
  }
  MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
  return options;
}

Result<SqlOptions> Parser::WithOptionsOpt() {
  if (!Accept(Word::kWITH)) return SqlOptions();
  return Options();
}

// ('k', ..), may be empty
Result<std::vector<LiteralPtr>> Parser::OptionKeys() {
  MR_RETURN_IF_ERROR(Expect(TokenType::kLeftParen));
  std::vector<LiteralPtr> keys;
  if (!Is(TokenType::kRightParen)) {
    do {
      MR_ASSIGN(LiteralPtr key, StringLiteral());
      keys.push_back(std::move(key));
    } while (Accept(TokenType::kComma));
  }
  MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
  return keys;
}

// [COMMENT 'text']
Result<LiteralPtr> Parser::CommentOpt(bool single_piece) {
  if (!Accept(Word::kCOMMENT)) return LiteralPtr();
  return single_piece ? QuotedString() : StringLiteral();
}

// (column = literal, ..); the value is optional for ANALYZE TABLE
Result<PartitionSpec> Parser::ParsePartitionSpec(bool value_optional) {
  MR_RETURN_IF_ERROR(Expect(TokenType::kLeftParen));
  PartitionSpec spec;
  do {
    PartitionItem item;
    MR_ASSIGN(item.column, SimpleIdentifier());
    if (!value_optional || Is(TokenType::kEquals)) {
      MR_RETURN_IF_ERROR(Expect(TokenType::kEquals));
      MR_ASSIGN(item.value, AnyLiteral());
    }
    spec.push_back(std::move(item));
  } while (Accept(TokenType::kComma));
  MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
  return spec;
}

Result<StatementPtr> Parser::ParseCreate() {
  Token start = Take();
  bool create = start.word == Word::kCREATE;
  bool replace = !create;
  if (create && Accept(Word::kOR)) {
    MR_RETURN_IF_ERROR(Expect(Word::kREPLACE));
    replace = true;
  }
  bool temporary = Accept(Word::kTEMPORARY);
  if (!create || Is(Word::kTABLE)) return ParseCreateTable(create, replace, temporary, start.range);
  if (Is(Word::kVIEW)) return ParseCreateView(replace, temporary, start.range);
  if (Is(Word::kCATALOG)) return ParseCreateCatalog(start.range);
  if (Is(Word::kDATABASE)) return ParseCreateDatabase(start.range);
  if (Is(Word::kFUNCTION) || Is(Word::kSYSTEM)) return ParseCreateFunction(temporary, start.range);
  if (Is(Word::kMATERIALIZED)) return ParseCreateMaterializedTable(replace, temporary, start.range);
  if (Is(Word::kMODEL)) return ParseCreateModel(temporary, start.range);
  return Unexpected("TABLE, VIEW, CATALOG, DATABASE, FUNCTION, MATERIALIZED TABLE or MODEL");
}

Result<StatementPtr> Parser::ParseCreateTable(bool create, bool replace, bool temporary, SourceRange start) {
  MR_RETURN_IF_ERROR(Expect(Word::kTABLE));
  auto table = std::make_shared<CreateTable>();
  table->create = create;
  table->replace = replace;
  table->temporary = temporary;
  table->if_not_exists = AcceptIfNotExists();
  MR_ASSIGN(table->name, CompoundIdentifier());
  if (Is(TokenType::kLeftParen)) {
    MR_ASSIGN(table->elements, ParenthesizedTableElements());
  }
  MR_RETURN_IF_ERROR(TableTail(table.get()));
  table->range = RangeFrom(start);
  return table;
}

// Everything behind the columns.
Status Parser::TableTail(CreateTable* table) {
  MR_ASSIGN(table->comment, CommentOpt(true));
  if (Accept(Word::kDISTRIBUTED)) {
    MR_ASSIGN(table->distribution, ParseDistribution());
  }
  if (Accept(Word::kPARTITIONED)) {
    MR_RETURN_IF_ERROR(Expect(Word::kBY));
    MR_ASSIGN(table->partitioned_by, ParenthesizedIdentifierList());
  }
  MR_ASSIGN(table->options, WithOptionsOpt());
  if (table->create && Accept(Word::kLIKE)) {
    MR_ASSIGN(table->like, ParseTableLike());
  } else if (Is(Word::kAS) || !table->create) {
    MR_RETURN_IF_ERROR(Expect(Word::kAS));
    MR_ASSIGN(table->as_query, OrderedQuery());
  }
  return Status::Ok();
}

Result<TableElements> Parser::ParenthesizedTableElements() {
  MR_RETURN_IF_ERROR(Expect(TokenType::kLeftParen));
  TableElements elements;
  do {
    MR_RETURN_IF_ERROR(TableElement(&elements));
  } while (Accept(TokenType::kComma));
  MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
  return elements;
}

bool Parser::StartsTableConstraint() { return Is(Word::kCONSTRAINT) || Is(Word::kPRIMARY) || Is(Word::kUNIQUE); }

Status Parser::TableElement(TableElements* elements) {
  if (StartsTableConstraint()) {
    MR_ASSIGN(TableConstraint constraint, ParseTableConstraint());
    elements->constraints.push_back(std::move(constraint));
    return Status::Ok();
  }
  if (Is(Word::kWATERMARK)) return ParseWatermark(&elements->watermark);
  MR_ASSIGN(ColumnDefinition column, TypedColumn());
  elements->columns.push_back(std::move(column));
  return Status::Ok();
}

Status Parser::ParseWatermark(std::optional<WatermarkDefinition>* watermark) {
  SourceRange start = Take().range;
  MR_RETURN_IF_ERROR(Expect(Word::kFOR));
  WatermarkDefinition definition;
  MR_ASSIGN(definition.column, CompoundIdentifier());
  MR_RETURN_IF_ERROR(Expect(Word::kAS));
  MR_ASSIGN(definition.expression, Expression(ExprContext::kNonQuery));
  if (watermark->has_value()) return ErrorAt(start, "a table has at most one WATERMARK");
  definition.range = RangeFrom(start);
  *watermark = std::move(definition);
  return Status::Ok();
}

// name type [METADATA ..] [constraint] [COMMENT ..], or name AS expression
Result<ColumnDefinition> Parser::TypedColumn() {
  static constexpr WordSet kTypes = {
      Word::kBOOLEAN, Word::kINTEGER,  Word::kINT,       Word::kTINYINT,       Word::kSMALLINT,  Word::kBIGINT,
      Word::kREAL,    Word::kDOUBLE,   Word::kFLOAT,     Word::kBINARY,        Word::kVARBINARY, Word::kDECIMAL,
      Word::kDEC,     Word::kNUMERIC,  Word::kANY,       Word::kCHARACTER,     Word::kCHAR,      Word::kVARCHAR,
      Word::kDATE,    Word::kTIME,     Word::kTIMESTAMP, Word::kTIMESTAMP_LTZ, Word::kSTRING,    Word::kBYTES,
      Word::kARRAY,   Word::kMULTISET, Word::kMAP,       Word::kROW,           Word::kRAW};
  SourceRange start = RangeHere();
  if (!IsIdentifier()) return Unexpected("an identifier: the name of a column");
  bool typed = Is(TokenType::kDot, 1) || IsIdentifier(1) || IsAny(kTypes, 1);
  if (!typed) return ComputedColumn();
  ColumnDefinition column;
  MR_ASSIGN(column.name, CompoundIdentifier());
  MR_ASSIGN(column.data_type, ExtendedDataType());
  if (Accept(Word::kMETADATA)) {
    column.type = ColumnDefinition::Type::kMetadata;
    if (Accept(Word::kFROM)) {
      MR_ASSIGN(column.metadata_key, StringLiteral());
    }
    column.is_virtual = Accept(Word::kVIRTUAL);
  } else {
    MR_ASSIGN(column.constraint, ColumnConstraint(column.name));
  }
  MR_ASSIGN(column.comment, CommentOpt(false));
  column.range = RangeFrom(start);
  return column;
}

Result<ColumnDefinition> Parser::ComputedColumn() {
  SourceRange start = RangeHere();
  ColumnDefinition column;
  column.type = ColumnDefinition::Type::kComputed;
  MR_ASSIGN(column.name, SimpleIdentifier());
  if (!Is(Word::kAS)) return Unexpected("a data type or AS");
  Take();
  MR_ASSIGN(column.expression, Expression(ExprContext::kNonQuery));
  MR_ASSIGN(column.comment, CommentOpt(false));
  column.range = RangeFrom(start);
  return column;
}

Status Parser::UniqueSpec(TableConstraint* constraint) {
  if (Accept(Word::kUNIQUE)) {
    constraint->type = TableConstraint::Type::kUnique;
    return Status::Ok();
  }
  if (!Is(Word::kPRIMARY)) return Unexpected("PRIMARY KEY or UNIQUE");
  Take();
  MR_RETURN_IF_ERROR(Expect(Word::kKEY));
  return Status::Ok();
}

Status Parser::Enforcement(TableConstraint* constraint) {
  if (Accept(Word::kENFORCED)) {
    constraint->enforced = true;
  } else if (Accept(Word::kNOT)) {
    MR_RETURN_IF_ERROR(Expect(Word::kENFORCED));
    constraint->enforced = false;
  }
  return Status::Ok();
}

Result<TableConstraint> Parser::ParseTableConstraint() {
  SourceRange start = RangeHere();
  TableConstraint constraint;
  constraint.on_table = true;
  if (Accept(Word::kCONSTRAINT)) {
    MR_ASSIGN(constraint.name, SimpleIdentifier());
  }
  MR_RETURN_IF_ERROR(UniqueSpec(&constraint));
  MR_ASSIGN(constraint.columns, ParenthesizedIdentifierList());
  MR_RETURN_IF_ERROR(Enforcement(&constraint));
  constraint.range = RangeFrom(start);
  return constraint;
}

Result<std::optional<TableConstraint>> Parser::ColumnConstraint(const IdentifierPtr& column) {
  if (!StartsTableConstraint()) return std::optional<TableConstraint>();
  SourceRange start = RangeHere();
  TableConstraint constraint;
  if (Accept(Word::kCONSTRAINT)) {
    MR_ASSIGN(constraint.name, SimpleIdentifier());
  }
  MR_RETURN_IF_ERROR(UniqueSpec(&constraint));
  constraint.columns.push_back(column);
  MR_RETURN_IF_ERROR(Enforcement(&constraint));
  constraint.range = RangeFrom(start);
  return std::optional<TableConstraint>(std::move(constraint));
}

// INTO n BUCKETS
Result<LiteralPtr> Parser::IntoBuckets() {
  MR_RETURN_IF_ERROR(Expect(Word::kINTO));
  MR_ASSIGN(LiteralPtr count, UnsignedNumericLiteral());
  bool integer = count->type == Literal::Type::kExact && count->text.find('.') == std::string::npos;
  if (!integer) return ErrorAtLast("the number of buckets is no positive integer");
  MR_RETURN_IF_ERROR(Expect(Word::kBUCKETS));
  return count;
}

Result<Distribution> Parser::ParseDistribution() {
  Distribution distribution;
  if (Accept(Word::kBY)) {
    if (Accept(Word::kHASH)) {
      distribution.type = Distribution::Type::kHash;
    } else if (Accept(Word::kRANGE)) {
      distribution.type = Distribution::Type::kRange;
    }
    MR_ASSIGN(distribution.columns, ParenthesizedIdentifierList());
    if (!Is(Word::kINTO)) return distribution;
  } else if (!Is(Word::kINTO)) {
    return Unexpected("BY or INTO");
  }
  MR_ASSIGN(distribution.buckets, IntoBuckets());
  return distribution;
}

Result<TableLike> Parser::ParseTableLike() {
  TableLike like;
  MR_ASSIGN(like.table, CompoundIdentifier());
  if (!Accept(TokenType::kLeftParen)) return like;
  do {
    MR_ASSIGN(TableLike::Option option, ParseTableLikeOption());
    like.options.push_back(option);
  } while (!Is(TokenType::kRightParen));
  Take();
  return like;
}

Result<TableLike::Option> Parser::ParseTableLikeOption() {
  TableLike::Option option;
  if (Accept(Word::kINCLUDING)) {
    option.strategy = TableLike::Strategy::kIncluding;
  } else if (Accept(Word::kEXCLUDING)) {
    option.strategy = TableLike::Strategy::kExcluding;
  } else if (Accept(Word::kOVERWRITING)) {
    option.strategy = TableLike::Strategy::kOverwriting;
  } else {
    return Unexpected("INCLUDING, EXCLUDING or OVERWRITING");
  }
  struct Entry {
    Word word;
    TableLike::Feature feature;
  };
  static constexpr Entry kFeatures[] = {{Word::kALL, TableLike::Feature::kAll},
                                        {Word::kCONSTRAINTS, TableLike::Feature::kConstraints},
                                        {Word::kDISTRIBUTION, TableLike::Feature::kDistribution},
                                        {Word::kGENERATED, TableLike::Feature::kGenerated},
                                        {Word::kMETADATA, TableLike::Feature::kMetadata},
                                        {Word::kOPTIONS, TableLike::Feature::kOptions},
                                        {Word::kPARTITIONS, TableLike::Feature::kPartitions},
                                        {Word::kWATERMARKS, TableLike::Feature::kWatermarks}};
  for (const Entry& entry : kFeatures) {
    if (!Accept(entry.word)) continue;
    option.feature = entry.feature;
    return option;
  }
  return Unexpected("ALL, CONSTRAINTS, DISTRIBUTION, GENERATED, METADATA, OPTIONS, PARTITIONS or WATERMARKS");
}

Result<StatementPtr> Parser::ParseCreateView(bool replace, bool temporary, SourceRange start) {
  Take();
  auto view = std::make_shared<CreateView>();
  view->replace = replace;
  view->temporary = temporary;
  view->if_not_exists = AcceptIfNotExists();
  MR_ASSIGN(view->name, CompoundIdentifier());
  if (Is(TokenType::kLeftParen)) {
    MR_ASSIGN(view->columns, ParenthesizedIdentifierList());
  }
  MR_ASSIGN(view->comment, CommentOpt(true));
  MR_RETURN_IF_ERROR(Expect(Word::kAS));
  MR_ASSIGN(view->query, OrderedQuery());
  view->range = RangeFrom(start);
  return view;
}

Result<StatementPtr> Parser::ParseCreateCatalog(SourceRange start) {
  Take();
  auto catalog = std::make_shared<CreateCatalog>();
  catalog->if_not_exists = AcceptIfNotExists();
  MR_ASSIGN(catalog->name, SimpleIdentifier());
  MR_ASSIGN(catalog->comment, CommentOpt(false));
  MR_ASSIGN(catalog->options, WithOptionsOpt());
  catalog->range = RangeFrom(start);
  return catalog;
}

Result<StatementPtr> Parser::ParseCreateDatabase(SourceRange start) {
  Take();
  auto database = std::make_shared<CreateDatabase>();
  database->if_not_exists = AcceptIfNotExists();
  MR_ASSIGN(database->name, CompoundIdentifier());
  MR_ASSIGN(database->comment, CommentOpt(true));
  MR_ASSIGN(database->options, WithOptionsOpt());
  database->range = RangeFrom(start);
  return database;
}

// [LANGUAGE JAVA|SCALA|SQL|PYTHON]
Result<FunctionLanguage> Parser::LanguageOpt(SourceRange* range) {
  if (!Accept(Word::kLANGUAGE)) return FunctionLanguage::kUnspecified;
  struct Entry {
    Word word;
    FunctionLanguage language;
  };
  static constexpr Entry kLanguages[] = {{Word::kJAVA, FunctionLanguage::kJava},
                                         {Word::kSCALA, FunctionLanguage::kScala},
                                         {Word::kSQL, FunctionLanguage::kSql},
                                         {Word::kPYTHON, FunctionLanguage::kPython}};
  for (const Entry& entry : kLanguages) {
    if (!Accept(entry.word)) continue;
    *range = last_.range;
    return entry.language;
  }
  return Unexpected("JAVA, SCALA, SQL or PYTHON");
}

Result<StatementPtr> Parser::ParseCreateFunction(bool temporary, SourceRange start) {
  auto function = std::make_shared<CreateFunction>();
  function->temporary = temporary;
  if (Accept(Word::kSYSTEM)) {
    if (!temporary)
      return ErrorAtLast("a system function can only be temporary", "write CREATE TEMPORARY SYSTEM FUNCTION");
    function->system = true;
  }
  MR_RETURN_IF_ERROR(Expect(Word::kFUNCTION));
  function->if_not_exists = AcceptIfNotExists();
  if (function->system) {
    MR_ASSIGN(function->name, SimpleIdentifier());
  } else {
    MR_ASSIGN(function->name, CompoundIdentifier());
  }
  MR_RETURN_IF_ERROR(Expect(Word::kAS));
  MR_ASSIGN(function->class_name, QuotedString());
  SourceRange language;
  MR_ASSIGN(function->language, LanguageOpt(&language));
  if (Accept(Word::kUSING)) {
    if (function->language == FunctionLanguage::kSql || function->language == FunctionLanguage::kPython) {
      return ErrorAt(language, "USING JAR goes with the languages JAVA and SCALA only");
    }
    do {
      MR_RETURN_IF_ERROR(Expect(Word::kJAR));
      MR_ASSIGN(LiteralPtr jar, QuotedString());
      function->jars.push_back(std::move(jar));
    } while (Accept(TokenType::kComma));
  }
  function->range = RangeFrom(start);
  return function;
}

Result<LiteralPtr> Parser::Freshness() {
  MR_RETURN_IF_ERROR(Expect(TokenType::kEquals));
  MR_ASSIGN(ExprPtr expr, Expression(ExprContext::kNonQuery));
  LiteralPtr literal = As<Literal>(expr);
  if (!literal || literal->type != Literal::Type::kInterval) {
    return ErrorAtLast("FRESHNESS is no interval", "write FRESHNESS = INTERVAL '3' MINUTE");
  }
  return literal;
}

Result<RefreshMode> Parser::ParseRefreshMode() {
  MR_RETURN_IF_ERROR(Expect(TokenType::kEquals));
  if (Accept(Word::kFULL)) return RefreshMode::kFull;
  if (Accept(Word::kCONTINUOUS)) return RefreshMode::kContinuous;
  return Unexpected("FULL or CONTINUOUS");
}

Result<StatementPtr> Parser::ParseCreateMaterializedTable(bool replace, bool temporary, SourceRange start) {
  Take();
  if (temporary) return ErrorAtLast("a materialized table cannot be temporary");
  if (replace) return ErrorAtLast("a materialized table cannot be replaced");
  MR_RETURN_IF_ERROR(Expect(Word::kTABLE));
  auto table = std::make_shared<CreateMaterializedTable>();
  MR_ASSIGN(table->name, CompoundIdentifier());
  if (Accept(TokenType::kLeftParen)) {
    MR_ASSIGN(table->constraint, ParseTableConstraint());
    MR_RETURN_IF_ERROR(Expect(TokenType::kRightParen));
  }
  MR_ASSIGN(table->comment, CommentOpt(true));
  if (Accept(Word::kPARTITIONED)) {
    MR_RETURN_IF_ERROR(Expect(Word::kBY));
    MR_ASSIGN(table->partitioned_by, ParenthesizedIdentifierList());
  }
  MR_ASSIGN(table->options, WithOptionsOpt());
  MR_RETURN_IF_ERROR(Expect(Word::kFRESHNESS));
  MR_ASSIGN(table->freshness, Freshness());
  if (Accept(Word::kREFRESH_MODE)) {
    MR_ASSIGN(table->refresh_mode, ParseRefreshMode());
  }
  MR_RETURN_IF_ERROR(Expect(Word::kAS));
  MR_ASSIGN(table->query, OrderedQuery());
  table->range = RangeFrom(start);
  return table;
}

Result<StatementPtr> Parser::ParseCreateModel(bool temporary, SourceRange start) {
  Take();
  auto model = std::make_shared<CreateModel>();
  model->temporary = temporary;
  model->if_not_exists = AcceptIfNotExists();
  MR_ASSIGN(model->name, CompoundIdentifier());
  if (Accept(Word::kINPUT)) {
    MR_ASSIGN(TableElements inputs, ParenthesizedTableElements());
    model->inputs = std::move(inputs.columns);
  }
  if (Accept(Word::kOUTPUT)) {
    MR_ASSIGN(TableElements outputs, ParenthesizedTableElements());
    model->outputs = std::move(outputs.columns);
  }
  MR_ASSIGN(model->comment, CommentOpt(true));
  MR_ASSIGN(model->options, WithOptionsOpt());
  if (Accept(Word::kAS)) {
    MR_ASSIGN(model->as_query, OrderedQuery());
  }
  model->range = RangeFrom(start);
  return model;
}

Result<StatementPtr> Parser::ParseDrop() {
  SourceRange start = Take().range;
  auto drop = std::make_shared<Drop>();
  drop->temporary = Accept(Word::kTEMPORARY);
  if (Accept(Word::kTABLE)) {
    drop->object = Drop::Object::kTable;
  } else if (Accept(Word::kVIEW)) {
    drop->object = Drop::Object::kView;
  } else if (Accept(Word::kCATALOG)) {
    drop->object = Drop::Object::kCatalog;
  } else if (Accept(Word::kDATABASE)) {
    drop->object = Drop::Object::kDatabase;
  } else if (Is(Word::kSYSTEM) || Is(Word::kFUNCTION)) {
    drop->object = Drop::Object::kFunction;
    drop->system = Accept(Word::kSYSTEM);
    MR_RETURN_IF_ERROR(Expect(Word::kFUNCTION));
  } else if (Accept(Word::kMATERIALIZED)) {
    if (drop->temporary) return ErrorAtLast("a materialized table is never temporary");
    drop->object = Drop::Object::kMaterializedTable;
    MR_RETURN_IF_ERROR(Expect(Word::kTABLE));
  } else if (Accept(Word::kMODEL)) {
    drop->object = Drop::Object::kModel;
  } else {
    return Unexpected("TABLE, VIEW, CATALOG, DATABASE, FUNCTION, MATERIALIZED TABLE or MODEL");
  }
  drop->if_exists = AcceptIfExists();
  MR_ASSIGN(drop->name, CompoundIdentifier());
  if (drop->object == Drop::Object::kDatabase && !Accept(Word::kRESTRICT)) drop->cascade = Accept(Word::kCASCADE);
  drop->range = RangeFrom(start);
  return drop;
}

}  // namespace millrace::sql
