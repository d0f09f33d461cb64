// SHOW and DESCRIBE.
#include "engine/sql/parser_impl.h"

namespace millrace::sql {
namespace {

struct ShownObject {
  Word word;
  Show::Object object;
};

// SHOW with one word.
constexpr ShownObject kObjects[] = {
    {Word::kCATALOGS, Show::Object::kCatalogs},   {Word::kDATABASES, Show::Object::kDatabases},
    {Word::kTABLES, Show::Object::kTables},       {Word::kVIEWS, Show::Object::kViews},
    {Word::kCOLUMNS, Show::Object::kColumns},     {Word::kPARTITIONS, Show::Object::kPartitions},
    {Word::kFUNCTIONS, Show::Object::kFunctions}, {Word::kPROCEDURES, Show::Object::kProcedures},
    {Word::kMODELS, Show::Object::kModels},       {Word::kMODULES, Show::Object::kModules},
    {Word::kJARS, Show::Object::kJars},           {Word::kJOBS, Show::Object::kJobs},
};

constexpr ShownObject kCreations[] = {{Word::kTABLE, Show::Object::kCreateTable},
                                      {Word::kVIEW, Show::Object::kCreateView},
                                      {Word::kCATALOG, Show::Object::kCreateCatalog},
                                      {Word::kMODEL, Show::Object::kCreateModel}};

}  // namespace

Result<StatementPtr> Parser::ParseShow() {
  auto show = std::make_shared<Show>();
  // Two tokens tell; without them the error is at SHOW.
  static constexpr WordSet kTwoWords = {Word::kCURRENT, Word::kCREATE, Word::kUSER, Word::kFULL};
  bool known = IsAny(kTwoWords, 1);
  for (const ShownObject& entry : kObjects) known = known || Is(entry.word, 1);
  if (!known) {
    if (Is(TokenType::kEnd, 1)) Take();
    return Unexpected("SHOW with TABLES, DATABASES, CATALOGS, VIEWS, FUNCTIONS, COLUMNS, CREATE TABLE or the like");
  }
  SourceRange start = Take().range;
  if (Accept(Word::kCURRENT)) {
    if (!Is(Word::kCATALOG) && !Is(Word::kDATABASE)) return Unexpected("CATALOG or DATABASE");
    show->object = Take().word == Word::kCATALOG ? Show::Object::kCurrentCatalog : Show::Object::kCurrentDatabase;
  } else if (Accept(Word::kCREATE)) {
    MR_RETURN_IF_ERROR(ShowCreate(show.get()));
  } else if (Accept(Word::kUSER)) {
    MR_RETURN_IF_ERROR(Expect(Word::kFUNCTIONS));
    show->object = Show::Object::kUserFunctions;
    MR_RETURN_IF_ERROR(ShowFilter(show.get(), true));
  } else if (Accept(Word::kFULL)) {
    MR_RETURN_IF_ERROR(Expect(Word::kMODULES));
    show->object = Show::Object::kFullModules;
  } else {
    Word word = Take().word;
    for (const ShownObject& entry : kObjects) {
      if (entry.word == word) show->object = entry.object;
    }
    MR_RETURN_IF_ERROR(ShowTarget(show.get()));
  }
  show->range = RangeFrom(start);
  return show;
}

Status Parser::ShowCreate(Show* show) {
  for (const ShownObject& entry : kCreations) {
    if (!Accept(entry.word)) continue;
    show->object = entry.object;
    if (entry.word == Word::kCATALOG) {
      MR_ASSIGN(show->name, SimpleIdentifier());
    } else {
      MR_ASSIGN(show->name, CompoundIdentifier());
    }
    return Status::Ok();
  }
  return Unexpected("TABLE, VIEW, CATALOG or MODEL");
}

// What follows the word of each object.
Status Parser::ShowTarget(Show* show) {
  using Object = Show::Object;
  const Object object = show->object;
  if (object == Object::kPartitions) {
    MR_ASSIGN(show->name, CompoundIdentifier());
    if (Accept(Word::kPARTITION)) {
      MR_ASSIGN(show->partition, ParsePartitionSpec(false));
    }
    return Status::Ok();
  }
  if (object == Object::kColumns && !Is(Word::kFROM) && !Is(Word::kIN)) return Unexpected("FROM or IN");
  if (object == Object::kDatabases || object == Object::kFunctions || object == Object::kProcedures)
    return ShowFilter(show, true);
  if (object == Object::kColumns || object == Object::kTables || object == Object::kModels)
    return ShowFilter(show, false);
  return Status::Ok();
}

// [FROM|IN name] [[NOT] LIKE|ILIKE 'pattern']
Status Parser::ShowFilter(Show* show, bool ilike) {
  if (Is(Word::kFROM) || Is(Word::kIN)) {
    show->preposition = Take().word == Word::kFROM ? Show::Preposition::kFrom : Show::Preposition::kIn;
    MR_ASSIGN(show->name, CompoundIdentifier());
  }
  show->not_like = Accept(Word::kNOT);
  if (Accept(Word::kLIKE)) {
    show->match = Show::Match::kLike;
  } else if (ilike && Accept(Word::kILIKE)) {
    show->match = Show::Match::kILike;
  } else {
    return show->not_like ? Status(Unexpected(ilike ? "LIKE or ILIKE" : "LIKE")) : Status::Ok();
  }
  MR_ASSIGN(show->pattern, QuotedString());
  return Status::Ok();
}

Result<StatementPtr> Parser::ParseDescribe() {
  Token start = Take();
  auto describe = std::make_shared<Describe>();
  if (Accept(Word::kCATALOG)) {
    describe->object = Describe::Object::kCatalog;
    describe->extended = Accept(Word::kEXTENDED);
    MR_ASSIGN(describe->name, SimpleIdentifier());
  } else if (Is(Word::kDATABASE) || Is(Word::kMODEL)) {
    describe->object = Take().word == Word::kDATABASE ? Describe::Object::kDatabase : Describe::Object::kModel;
    describe->extended = Accept(Word::kEXTENDED);
    MR_ASSIGN(describe->name, CompoundIdentifier());
  } else if (Accept(Word::kJOB)) {
    describe->object = Describe::Object::kJob;
    MR_ASSIGN(describe->job_id, QuotedString());
  } else if (Is(Word::kEXTENDED) || IsIdentifier()) {
    describe->extended = Accept(Word::kEXTENDED);
    MR_ASSIGN(describe->name, CompoundIdentifier());
  } else if (start.word == Word::kDESCRIBE) {
    return ParseDescribeOther(start.range);
  } else {
    return Unexpected("the identifier of a table, CATALOG, DATABASE, MODEL or JOB");
  }
  describe->range = RangeFrom(start.range);
  return describe;
}

// Calcite's forms: DESCRIBE TABLE table [column], DESCRIBE [STATEMENT] statement
Result<StatementPtr> Parser::ParseDescribeOther(SourceRange start) {
  if (Accept(Word::kTABLE)) {
    auto describe = std::make_shared<Describe>();
    MR_ASSIGN(describe->name, CompoundIdentifier());
    if (IsIdentifier()) {
      MR_ASSIGN(describe->column, SimpleIdentifier());
    }
    describe->object = Describe::Object::kCalciteTable;
    describe->range = RangeFrom(start);
    return describe;
  }
  Accept(Word::kSTATEMENT);
  auto explain = std::make_shared<Explain>();
  explain->describe_form = true;
  MR_ASSIGN(explain->statement, QueryOrDml());
  explain->range = RangeFrom(start);
  return explain;
}

}  // namespace millrace::sql
