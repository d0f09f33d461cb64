// Statement nodes other than DDL: queries, changes of data, and everything that talks to the session.
#pragma once

#include "engine/sql/ast_ddl.h"

namespace millrace::sql {

struct QueryStatement : NodeOf<NodeKind::kQueryStatement, Statement> {
  QueryPtr query;
};

// INSERT INTO, INSERT OVERWRITE, UPSERT INTO
struct Insert : NodeOf<NodeKind::kInsert, Statement> {
  bool upsert = false;
  bool overwrite = false;
  std::shared_ptr<const TableName> table;
  PartitionSpec partition;
  std::vector<IdentifierPtr> columns;  // empty: all
  QueryPtr source;
};
using InsertPtr = std::shared_ptr<const Insert>;

// STATEMENT SET BEGIN insert; insert; END (inside EXECUTE, EXPLAIN, COMPILE PLAN)
struct StatementSet : NodeOf<NodeKind::kStatementSet, Statement> {
  std::vector<InsertPtr> inserts;
};

// BEGIN STATEMENT SET
struct BeginStatementSet : NodeOf<NodeKind::kBeginStatementSet, Statement> {};

// END
struct EndStatementSet : NodeOf<NodeKind::kEndStatementSet, Statement> {};

struct Assignment {
  IdentifierPtr column;
  ExprPtr value;
};

struct Update : NodeOf<NodeKind::kUpdate, Statement> {
  std::shared_ptr<const TableName> table;
  IdentifierPtr alias;
  std::vector<Assignment> assignments;
  ExprPtr where;
};

struct Delete : NodeOf<NodeKind::kDelete, Statement> {
  std::shared_ptr<const TableName> table;
  IdentifierPtr alias;
  ExprPtr where;
};

struct Merge : NodeOf<NodeKind::kMerge, Statement> {
  std::shared_ptr<const TableName> table;
  IdentifierPtr alias;
  TableRefPtr source;
  ExprPtr condition;
  std::vector<Assignment> matched;  // empty: no WHEN MATCHED
  std::vector<IdentifierPtr> insert_columns;
  std::shared_ptr<const Values> not_matched;  // null: no WHEN NOT MATCHED
};

struct TruncateTable : NodeOf<NodeKind::kTruncateTable, Statement> {
  IdentifierPtr table;
};

struct ProcedureCall : NodeOf<NodeKind::kProcedureCall, Statement> {
  CallPtr call;
};

struct AnalyzeTable : NodeOf<NodeKind::kAnalyzeTable, Statement> {
  IdentifierPtr table;
  PartitionSpec partition;
  std::vector<IdentifierPtr> columns;
  bool all_columns = false;
};

// EXPLAIN [PLAN FOR | details] statement, and Calcite's DESCRIBE statement.
struct Explain : NodeOf<NodeKind::kExplain, Statement> {
  enum class Detail : uint8_t { kEstimatedCost, kChangelogMode, kJsonExecutionPlan, kPlanAdvice };
  // As written; each at most once.
  std::vector<Detail> details;
  StatementPtr statement;
  // DESCRIBE [STATEMENT] statement: Flink parses it and then refuses it.
  bool describe_form = false;
};

// EXECUTE statement
struct Execute : NodeOf<NodeKind::kExecute, Statement> {
  StatementPtr statement;
};

// EXECUTE PLAN 'file'
struct ExecutePlan : NodeOf<NodeKind::kExecutePlan, Statement> {
  LiteralPtr file;
};

// COMPILE PLAN 'file' [IF NOT EXISTS] FOR statement; COMPILE AND EXECUTE PLAN 'file' FOR statement
struct CompilePlan : NodeOf<NodeKind::kCompilePlan, Statement> {
  LiteralPtr file;
  bool if_not_exists = false;
  bool execute = false;
  StatementPtr statement;
};

struct Use : NodeOf<NodeKind::kUse, Statement> {
  enum class Object : uint8_t { kCatalog, kDatabase, kModules };
  Object object = Object::kDatabase;
  std::vector<IdentifierPtr> names;  // one, or more for kModules
};

struct Show : NodeOf<NodeKind::kShow, Statement> {
  enum class Object : uint8_t {
    kCatalogs,
    kCurrentCatalog,
    kCurrentDatabase,
    kDatabases,
    kTables,
    kViews,
    kColumns,
    kPartitions,
    kFunctions,
    kUserFunctions,
    kProcedures,
    kModels,
    kModules,
    kFullModules,
    kJars,
    kJobs,
    kCreateTable,
    kCreateView,
    kCreateCatalog,
    kCreateModel,
  };
  enum class Preposition : uint8_t { kNone, kFrom, kIn };
  enum class Match : uint8_t { kNone, kLike, kILike };
  Object object = Object::kTables;
  Preposition preposition = Preposition::kNone;
  IdentifierPtr name;  // FROM/IN name, or the object of SHOW CREATE and SHOW PARTITIONS
  Match match = Match::kNone;
  bool not_like = false;
  LiteralPtr pattern;
  std::optional<PartitionSpec> partition;  // kPartitions
};

// DESCRIBE and DESC
struct Describe : NodeOf<NodeKind::kDescribe, Statement> {
  // kCalciteTable: DESCRIBE TABLE table [column], which Flink parses and then refuses.
  enum class Object : uint8_t { kTable, kCatalog, kDatabase, kModel, kJob, kCalciteTable };
  Object object = Object::kTable;
  bool extended = false;
  IdentifierPtr name;
  IdentifierPtr column;  // kCalciteTable
  LiteralPtr job_id;     // kJob
};

// SET, SET 'k' = 'v', RESET, RESET 'k', and Calcite's ALTER SYSTEM|SESSION SET name = value / RESET name|ALL.
struct SetOption : NodeOf<NodeKind::kSetOption, Statement> {
  bool reset = false;
  LiteralPtr key;    // null: SET or RESET alone, or Calcite's form
  LiteralPtr value;  // null with RESET
  // Calcite's form
  std::string scope;      // SYSTEM, SESSION or empty
  IdentifierPtr name;     // null in Flink's form
  ExprPtr calcite_value;  // Literal or Identifier
};

struct LoadModule : NodeOf<NodeKind::kLoadModule, Statement> {
  IdentifierPtr name;
  SqlOptions options;
};

struct UnloadModule : NodeOf<NodeKind::kUnloadModule, Statement> {
  IdentifierPtr name;
};

// ADD JAR 'path', REMOVE JAR 'path'
struct Jar : NodeOf<NodeKind::kJar, Statement> {
  bool remove = false;
  LiteralPtr path;
};

struct StopJob : NodeOf<NodeKind::kStopJob, Statement> {
  LiteralPtr job_id;
  bool with_savepoint = false;
  bool with_drain = false;
};

}  // namespace millrace::sql
