// Which statement it is, and the statements that talk to the session: EXPLAIN, EXECUTE, SET, USE, modules, jars, jobs.
#include <fmt/format.h>

#include "engine/sql/parser_impl.h"

namespace millrace::sql {

Result<StatementPtr> Parser::FromInsert() {
  MR_ASSIGN(InsertPtr insert, ParseInsert());
  return insert;
}

Result<StatementPtr> Parser::QueryAsStatement() {
  auto statement = std::make_shared<QueryStatement>();
  MR_ASSIGN(statement->query, OrderedQuery());
  statement->range = statement->query->range;
  return statement;
}

Result<StatementPtr> Parser::ParseStatement() {
  struct Entry {
    Word first;
    Word second;  // kNone: any
    Result<StatementPtr> (Parser::*rule)();
  };
  // Words that may also begin an expression need their second word.
  static constexpr Entry kEntries[] = {
      {Word::kINSERT, Word::kNone, &Parser::FromInsert},
      {Word::kUPSERT, Word::kNone, &Parser::FromInsert},
      {Word::kBEGIN, Word::kNone, &Parser::ParseStatementSet},
      {Word::kEND, Word::kNone, &Parser::ParseStatementSet},
      {Word::kSHOW, Word::kNone, &Parser::ParseShow},
      {Word::kDESCRIBE, Word::kNone, &Parser::ParseDescribe},
      {Word::kDESC, Word::kNone, &Parser::ParseDescribe},
      {Word::kUSE, Word::kNone, &Parser::ParseUse},
      {Word::kALTER, Word::kNone, &Parser::ParseAlter},
      {Word::kCREATE, Word::kNone, &Parser::ParseCreate},
      {Word::kREPLACE, Word::kTABLE, &Parser::ParseCreate},
      {Word::kREPLACE, Word::kTEMPORARY, &Parser::ParseCreate},
      {Word::kDROP, Word::kNone, &Parser::ParseDrop},
      {Word::kLOAD, Word::kMODULE, &Parser::ParseLoadOrUnload},
      {Word::kUNLOAD, Word::kMODULE, &Parser::ParseLoadOrUnload},
      {Word::kEXPLAIN, Word::kNone, &Parser::ParseExplain},
      {Word::kEXECUTE, Word::kNone, &Parser::ParseExecute},
      {Word::kCOMPILE, Word::kPLAN, &Parser::ParseCompile},
      {Word::kCOMPILE, Word::kAND, &Parser::ParseCompile},
      {Word::kADD, Word::kJAR, &Parser::ParseJar},
      {Word::kREMOVE, Word::kJAR, &Parser::ParseJar},
      {Word::kANALYZE, Word::kTABLE, &Parser::ParseAnalyze},
      {Word::kSTOP, Word::kJOB, &Parser::ParseStop},
      {Word::kDELETE, Word::kNone, &Parser::ParseDelete},
      {Word::kUPDATE, Word::kNone, &Parser::ParseUpdate},
      {Word::kMERGE, Word::kNone, &Parser::ParseMerge},
      {Word::kCALL, Word::kNone, &Parser::ParseCall},
  };
  if (Is(Word::kSET) || Is(Word::kRESET)) return ParseSetOrReset({});
  if (Is(Word::kTRUNCATE) && Is(Word::kTABLE, 1)) {
    SourceRange start = Take().range;
    Take();
    auto truncate = std::make_shared<TruncateTable>();
    MR_ASSIGN(truncate->table, CompoundIdentifier());
    truncate->range = RangeFrom(start);
    return truncate;
  }
  for (const Entry& entry : kEntries) {
    if (Is(entry.first) && (entry.second == Word::kNone || Is(entry.second, 1))) return (this->*entry.rule)();
  }
  if (!StartsQuery() && !StartsExpression()) return Unexpected("a statement");
  return QueryAsStatement();
}

// BEGIN STATEMENT SET, END, and STATEMENT SET BEGIN insert; .. END inside other statements
Result<StatementPtr> Parser::ParseStatementSet() {
  Token start = Take();
  if (start.word == Word::kEND) {
    auto end = std::make_shared<EndStatementSet>();
    end->range = start.range;
    return end;
  }
  if (start.word == Word::kBEGIN) {
    MR_RETURN_IF_ERROR(Expect(Word::kSTATEMENT));
    MR_RETURN_IF_ERROR(Expect(Word::kSET));
    auto begin = std::make_shared<BeginStatementSet>();
    begin->range = RangeFrom(start.range);
    return begin;
  }
  auto set = std::make_shared<StatementSet>();
  MR_RETURN_IF_ERROR(Expect(Word::kSET));
  MR_RETURN_IF_ERROR(Expect(Word::kBEGIN));
  do {
    if (!Is(Word::kINSERT) && !Is(Word::kUPSERT)) return Unexpected(set->inserts.empty() ? "INSERT" : "INSERT or END");
    MR_ASSIGN(InsertPtr insert, ParseInsert());
    MR_RETURN_IF_ERROR(Expect(TokenType::kSemicolon));
    set->inserts.push_back(std::move(insert));
  } while (!Is(Word::kEND));
  Take();
  set->range = RangeFrom(start.range);
  return set;
}

// What EXPLAIN, EXECUTE and COMPILE PLAN take.
Result<StatementPtr> Parser::ExplainedStatement(bool insert_only) {
  if (Is(Word::kSTATEMENT)) return ParseStatementSet();
  if (Is(Word::kINSERT) || Is(Word::kUPSERT)) return FromInsert();
  if (insert_only) return Unexpected("INSERT or STATEMENT SET");
  if (!StartsQuery() && !StartsExpression()) return Unexpected("a query, INSERT or STATEMENT SET");
  return QueryAsStatement();
}

Result<StatementPtr> Parser::ParseExplain() {
  SourceRange start = Take().range;
  auto explain = std::make_shared<Explain>();
  struct Entry {
    Word word;
    Explain::Detail detail;
  };
  static constexpr Entry kDetails[] = {{Word::kESTIMATED_COST, Explain::Detail::kEstimatedCost},
                                       {Word::kCHANGELOG_MODE, Explain::Detail::kChangelogMode},
                                       {Word::kJSON_EXECUTION_PLAN, Explain::Detail::kJsonExecutionPlan},
                                       {Word::kPLAN_ADVICE, Explain::Detail::kPlanAdvice}};
  static constexpr WordSet kDetailWords = {Word::kESTIMATED_COST, Word::kCHANGELOG_MODE, Word::kJSON_EXECUTION_PLAN,
                                           Word::kPLAN_ADVICE};
  if (Is(Word::kPLAN) && Is(Word::kFOR, 1)) {
    Take();
    Take();
  } else if (IsAny(kDetailWords)) {
    do {
      if (!IsAny(kDetailWords)) return Unexpected("ESTIMATED_COST, CHANGELOG_MODE, JSON_EXECUTION_PLAN or PLAN_ADVICE");
      Token token = Take();
      for (const Entry& entry : kDetails) {
        if (entry.word != token.word) continue;
        for (Explain::Detail detail : explain->details) {
          if (detail == entry.detail) return ErrorAtLast("the same detail is asked for twice");
        }
        explain->details.push_back(entry.detail);
      }
    } while (Accept(TokenType::kComma));
  }
  MR_ASSIGN(explain->statement, ExplainedStatement(false));
  explain->range = RangeFrom(start);
  return explain;
}

// What Calcite's DESCRIBE STATEMENT takes.
Result<StatementPtr> Parser::QueryOrDml() {
  if (Is(Word::kINSERT) || Is(Word::kUPSERT)) return FromInsert();
  if (Is(Word::kDELETE)) return ParseDelete();
  if (Is(Word::kUPDATE)) return ParseUpdate();
  if (Is(Word::kMERGE)) return ParseMerge();
  if (!StartsQuery() && !StartsExpression()) return Unexpected("a query or a change of data");
  return QueryAsStatement();
}

Result<StatementPtr> Parser::ParseExecute() {
  SourceRange start = Take().range;
  if (Accept(Word::kPLAN)) {
    auto plan = std::make_shared<ExecutePlan>();
    MR_ASSIGN(plan->file, StringLiteral());
    plan->range = RangeFrom(start);
    return plan;
  }
  auto execute = std::make_shared<Execute>();
  MR_ASSIGN(execute->statement, ExplainedStatement(false));
  execute->range = RangeFrom(start);
  return execute;
}

Result<StatementPtr> Parser::ParseCompile() {
  SourceRange start = Take().range;
  auto compile = std::make_shared<CompilePlan>();
  if (Accept(Word::kAND)) {
    MR_RETURN_IF_ERROR(Expect(Word::kEXECUTE));
    compile->execute = true;
  }
  MR_RETURN_IF_ERROR(Expect(Word::kPLAN));
  MR_ASSIGN(compile->file, StringLiteral());
  if (!compile->execute) compile->if_not_exists = AcceptIfNotExists();
  MR_RETURN_IF_ERROR(Expect(Word::kFOR));
  MR_ASSIGN(compile->statement, ExplainedStatement(true));
  compile->range = RangeFrom(start);
  return compile;
}

// SET, SET 'k' = 'v', RESET, RESET 'k'; with a scope (ALTER SYSTEM ..) Calcite's SET name = value, RESET name|ALL
Result<StatementPtr> Parser::ParseSetOrReset(std::string scope) {
  SourceRange start = RangeHere();
  auto set = std::make_shared<SetOption>();
  if (!Is(Word::kSET) && !Is(Word::kRESET)) return Unexpected("SET or RESET");
  set->reset = Take().word == Word::kRESET;
  set->scope = std::move(scope);
  if (set->scope.empty()) {
    if (IsStringToken()) {
      MR_ASSIGN(set->key, StringLiteral());
      if (!set->reset) {
        MR_RETURN_IF_ERROR(Expect(TokenType::kEquals));
        MR_ASSIGN(set->value, StringLiteral());
      }
    }
  } else if (set->reset && Is(Word::kALL)) {
    set->name = WordAsIdentifier(Take());
  } else {
    MR_ASSIGN(set->name, CompoundIdentifier());
    if (!set->reset) {
      MR_RETURN_IF_ERROR(Expect(TokenType::kEquals));
      if (StartsLiteral()) {
        MR_ASSIGN(set->calcite_value, AnyLiteral());
      } else if (Is(Word::kON)) {
        set->calcite_value = WordAsIdentifier(Take());
      } else {
        MR_ASSIGN(set->calcite_value, SimpleIdentifier());
      }
    }
  }
  set->range = RangeFrom(start);
  return set;
}

Result<StatementPtr> Parser::ParseUse() {
  SourceRange start = Take().range;
  auto use = std::make_shared<Use>();
  IdentifierPtr name;
  if (Accept(Word::kCATALOG)) {
    use->object = Use::Object::kCatalog;
    MR_ASSIGN(name, SimpleIdentifier());
    use->names.push_back(std::move(name));
  } else if (Accept(Word::kMODULES)) {
    use->object = Use::Object::kModules;
    MR_ASSIGN(use->names, IdentifierList());
  } else {
    MR_ASSIGN(name, CompoundIdentifier());
    use->names.push_back(std::move(name));
  }
  use->range = RangeFrom(start);
  return use;
}

Result<StatementPtr> Parser::ParseLoadOrUnload() {
  Token start = Take();
  Take();
  if (start.word == Word::kUNLOAD) {
    auto unload = std::make_shared<UnloadModule>();
    MR_ASSIGN(unload->name, SimpleIdentifier());
    unload->range = RangeFrom(start.range);
    return unload;
  }
  auto load = std::make_shared<LoadModule>();
  MR_ASSIGN(load->name, SimpleIdentifier());
  MR_ASSIGN(load->options, WithOptionsOpt());
  load->range = RangeFrom(start.range);
  return load;
}

Result<StatementPtr> Parser::ParseJar() {
  Token start = Take();
  Take();
  auto jar = std::make_shared<Jar>();
  jar->remove = start.word == Word::kREMOVE;
  MR_ASSIGN(jar->path, QuotedString());
  jar->range = RangeFrom(start.range);
  return jar;
}

// STOP JOB 'id' [WITH SAVEPOINT] [WITH DRAIN]
Result<StatementPtr> Parser::ParseStop() {
  SourceRange start = Take().range;
  Take();
  auto stop = std::make_shared<StopJob>();
  MR_ASSIGN(stop->job_id, QuotedString());
  if (Is(Word::kWITH) && Is(Word::kSAVEPOINT, 1)) {
    Take();
    Take();
    stop->with_savepoint = true;
  }
  if (Is(Word::kWITH) && Is(Word::kDRAIN, 1)) {
    SourceRange drain = Take().range;
    Take();
    if (!stop->with_savepoint) return ErrorAt(RangeFrom(drain), "WITH DRAIN needs WITH SAVEPOINT before it");
    stop->with_drain = true;
  }
  stop->range = RangeFrom(start);
  return stop;
}

// ANALYZE TABLE t [PARTITION (..)] COMPUTE STATISTICS [FOR COLUMNS a, b | FOR ALL COLUMNS]
Result<StatementPtr> Parser::ParseAnalyze() {
  SourceRange start = Take().range;
  Take();
  auto analyze = std::make_shared<AnalyzeTable>();
  MR_ASSIGN(analyze->table, CompoundIdentifier());
  if (Accept(Word::kPARTITION)) {
    MR_ASSIGN(analyze->partition, ParsePartitionSpec(true));
  }
  MR_RETURN_IF_ERROR(Expect(Word::kCOMPUTE));
  MR_RETURN_IF_ERROR(Expect(Word::kSTATISTICS));
  if (Accept(Word::kFOR)) {
    if (Accept(Word::kALL)) {
      MR_RETURN_IF_ERROR(Expect(Word::kCOLUMNS));
      analyze->all_columns = true;
    } else {
      MR_RETURN_IF_ERROR(Expect(Word::kCOLUMNS));
      MR_ASSIGN(analyze->columns, IdentifierList());
    }
  }
  analyze->range = RangeFrom(start);
  return analyze;
}

Result<StatementPtr> Parser::ParseCall() {
  SourceRange start = Take().range;
  auto call = std::make_shared<ProcedureCall>();
  MR_ASSIGN(call->call, NamedRoutineCall(ExprContext::kSubQuery));
  call->range = RangeFrom(start);
  return call;
}

}  // namespace millrace::sql
