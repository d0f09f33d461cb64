// Statement nodes other than DDL: queries, changes of data, and everything that talks to the session.
#pragma once

#include "engine/sql/ast_ddl.h"

namespace millrace::sql {

struct QueryStatement : Statement {
  static constexpr NodeKind kKind = NodeKind::kQueryStatement;
  QueryStatement() : Statement(kKind) {}
  QueryPtr query;
};

// INSERT INTO, INSERT OVERWRITE, UPSERT INTO
struct Insert : Statement {
  static constexpr NodeKind kKind = NodeKind::kInsert;
  Insert() : Statement(kKind) {}
  bool upsert = false;
  bool overwrite = false;
  std::shared_ptr<const TableName> table;
  PartitionSpec partition;
  std::vector<IdentifierPtr> columns;  // empty: all
  QueryPtr source;
};
using InsertPtr = std::shared_ptr<const Insert>;

// STATEMENT SET BEGIN insert; insert; END (inside EXECUTE, EXPLAIN, COMPILE PLAN)
struct StatementSet : Statement {
  static constexpr NodeKind kKind = NodeKind::kStatementSet;
  StatementSet() : Statement(kKind) {}
  std::vector<InsertPtr> inserts;
};

// BEGIN STATEMENT SET
struct BeginStatementSet : Statement {
  static constexpr NodeKind kKind = NodeKind::kBeginStatementSet;
  BeginStatementSet() : Statement(kKind) {}
};

// END
struct EndStatementSet : Statement {
  static constexpr NodeKind kKind = NodeKind::kEndStatementSet;
  EndStatementSet() : Statement(kKind) {}
};

struct Assignment {
  IdentifierPtr column;
  ExprPtr value;
};

struct Update : Statement {
  static constexpr NodeKind kKind = NodeKind::kUpdate;
  Update() : Statement(kKind) {}
  std::shared_ptr<const TableName> table;
  IdentifierPtr alias;
  std::vector<Assignment> assignments;
  ExprPtr where;
};

struct Delete : Statement {
  static constexpr NodeKind kKind = NodeKind::kDelete;
  Delete() : Statement(kKind) {}
  std::shared_ptr<const TableName> table;
  IdentifierPtr alias;
  ExprPtr where;
};

struct Merge : Statement {
  static constexpr NodeKind kKind = NodeKind::kMerge;
  Merge() : Statement(kKind) {}
  std::shared_ptr<const TableName> table;
  IdentifierPtr alias;
  TableRefPtr source;
  ExprPtr condition;
  std::vector<Assignment> matched;  // empty: no WHEN MATCHED
  std::vector<IdentifierPtr> insert_columns;
  std::shared_ptr<const Values> not_matched;  // null: no WHEN NOT MATCHED
};

struct TruncateTable : Statement {
  static constexpr NodeKind kKind = NodeKind::kTruncateTable;
  TruncateTable() : Statement(kKind) {}
  IdentifierPtr table;
};

struct ProcedureCall : Statement {
  static constexpr NodeKind kKind = NodeKind::kProcedureCall;
  ProcedureCall() : Statement(kKind) {}
  CallPtr call;
};

struct AnalyzeTable : Statement {
  static constexpr NodeKind kKind = NodeKind::kAnalyzeTable;
  AnalyzeTable() : Statement(kKind) {}
  IdentifierPtr table;
  PartitionSpec partition;
  std::vector<IdentifierPtr> columns;
  bool all_columns = false;
};

// EXPLAIN [PLAN FOR | details] statement, and Calcite's DESCRIBE statement.
struct Explain : Statement {
  static constexpr NodeKind kKind = NodeKind::kExplain;
  enum class Detail : uint8_t { kEstimatedCost, kChangelogMode, kJsonExecutionPlan, kPlanAdvice };
  Explain() : Statement(kKind) {}
  // As written; each at most once.
  std::vector<Detail> details;
  StatementPtr statement;
  // DESCRIBE [STATEMENT] statement: Flink parses it and then refuses it.
  bool describe_form = false;
};

// EXECUTE statement
struct Execute : Statement {
  static constexpr NodeKind kKind = NodeKind::kExecute;
  Execute() : Statement(kKind) {}
  StatementPtr statement;
};

// EXECUTE PLAN 'file'
struct ExecutePlan : Statement {
  static constexpr NodeKind kKind = NodeKind::kExecutePlan;
  ExecutePlan() : Statement(kKind) {}
  LiteralPtr file;
};

// COMPILE PLAN 'file' [IF NOT EXISTS] FOR statement; COMPILE AND EXECUTE PLAN 'file' FOR statement
struct CompilePlan : Statement {
  static constexpr NodeKind kKind = NodeKind::kCompilePlan;
  CompilePlan() : Statement(kKind) {}
  LiteralPtr file;
  bool if_not_exists = false;
  bool execute = false;
  StatementPtr statement;
};

struct Use : Statement {
  static constexpr NodeKind kKind = NodeKind::kUse;
  enum class Object : uint8_t { kCatalog, kDatabase, kModules };
  Use() : Statement(kKind) {}
  Object object = Object::kDatabase;
  std::vector<IdentifierPtr> names;  // one, or more for kModules
};

struct Show : Statement {
  static constexpr NodeKind kKind = NodeKind::kShow;
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
  Show() : Statement(kKind) {}
  Object object = Object::kTables;
  Preposition preposition = Preposition::kNone;
  IdentifierPtr name;  // FROM/IN name, or the object of SHOW CREATE and SHOW PARTITIONS
  Match match = Match::kNone;
  bool not_like = false;
  LiteralPtr pattern;
  std::optional<PartitionSpec> partition;  // kPartitions
};

// DESCRIBE and DESC
struct Describe : Statement {
  static constexpr NodeKind kKind = NodeKind::kDescribe;
  // kCalciteTable: DESCRIBE TABLE table [column], which Flink parses and then refuses.
  enum class Object : uint8_t { kTable, kCatalog, kDatabase, kModel, kJob, kCalciteTable };
  Describe() : Statement(kKind) {}
  Object object = Object::kTable;
  bool extended = false;
  IdentifierPtr name;
  IdentifierPtr column;  // kCalciteTable
  LiteralPtr job_id;     // kJob
};

// SET, SET 'k' = 'v', RESET, RESET 'k', and Calcite's ALTER SYSTEM|SESSION SET name = value / RESET name|ALL.
struct SetOption : Statement {
  static constexpr NodeKind kKind = NodeKind::kSetOption;
  SetOption() : Statement(kKind) {}
  bool reset = false;
  LiteralPtr key;    // null: SET or RESET alone, or Calcite's form
  LiteralPtr value;  // null with RESET
  // Calcite's form
  std::string scope;      // SYSTEM, SESSION or empty
  IdentifierPtr name;     // null in Flink's form
  ExprPtr calcite_value;  // Literal or Identifier
};

struct LoadModule : Statement {
  static constexpr NodeKind kKind = NodeKind::kLoadModule;
  LoadModule() : Statement(kKind) {}
  IdentifierPtr name;
  SqlOptions options;
};

struct UnloadModule : Statement {
  static constexpr NodeKind kKind = NodeKind::kUnloadModule;
  UnloadModule() : Statement(kKind) {}
  IdentifierPtr name;
};

// ADD JAR 'path', REMOVE JAR 'path'
struct Jar : Statement {
  static constexpr NodeKind kKind = NodeKind::kJar;
  Jar() : Statement(kKind) {}
  bool remove = false;
  LiteralPtr path;
};

struct StopJob : Statement {
  static constexpr NodeKind kKind = NodeKind::kStopJob;
  StopJob() : Statement(kKind) {}
  LiteralPtr job_id;
  bool with_savepoint = false;
  bool with_drain = false;
};

}  // namespace millrace::sql
