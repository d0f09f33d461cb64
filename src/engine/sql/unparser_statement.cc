// Statements other than DDL.
#include <fmt/format.h>

#include <algorithm>

#include "engine/sql/unparser_impl.h"

namespace millrace::sql {
namespace {

std::string_view NameOf(Show::Object object) {
  switch (object) {
    case Show::Object::kCatalogs:
      return "SHOW CATALOGS";
    case Show::Object::kCurrentCatalog:
      return "SHOW CURRENT CATALOG";
    case Show::Object::kCurrentDatabase:
      return "SHOW CURRENT DATABASE";
    case Show::Object::kDatabases:
      return "SHOW DATABASES";
    case Show::Object::kTables:
      return "SHOW TABLES";
    case Show::Object::kViews:
      return "SHOW VIEWS";
    case Show::Object::kColumns:
      return "SHOW COLUMNS";
    case Show::Object::kPartitions:
      return "SHOW PARTITIONS";
    case Show::Object::kFunctions:
      return "SHOW FUNCTIONS";
    case Show::Object::kUserFunctions:
      return "SHOW USER FUNCTIONS";
    case Show::Object::kProcedures:
      return "SHOW PROCEDURES";
    case Show::Object::kModels:
      return "SHOW MODELS";
    case Show::Object::kModules:
      return "SHOW MODULES";
    case Show::Object::kFullModules:
      return "SHOW FULL MODULES";
    case Show::Object::kJars:
      return "SHOW JARS";
    case Show::Object::kJobs:
      return "SHOW JOBS";
    case Show::Object::kCreateTable:
      return "SHOW CREATE TABLE";
    case Show::Object::kCreateView:
      return "SHOW CREATE VIEW";
    case Show::Object::kCreateCatalog:
      return "SHOW CREATE CATALOG";
    case Show::Object::kCreateModel:
      return "SHOW CREATE MODEL";
  }
  return "";
}

std::string_view NameOf(Describe::Object object) {
  switch (object) {
    case Describe::Object::kTable:
      return "DESCRIBE";
    case Describe::Object::kCatalog:
      return "DESCRIBE CATALOG";
    case Describe::Object::kDatabase:
      return "DESCRIBE DATABASE";
    case Describe::Object::kModel:
      return "DESCRIBE MODEL";
    case Describe::Object::kJob:
      return "DESCRIBE JOB";
    case Describe::Object::kCalciteTable:
      return "DESCRIBE TABLE";
  }
  return "";
}

struct DetailName {
  Explain::Detail detail;
  std::string_view name;
};

// In the order in which Flink prints them, whatever was written.
constexpr DetailName kDetails[] = {{Explain::Detail::kJsonExecutionPlan, "JSON_EXECUTION_PLAN"},
                                   {Explain::Detail::kChangelogMode, "CHANGELOG_MODE"},
                                   {Explain::Detail::kPlanAdvice, "PLAN_ADVICE"},
                                   {Explain::Detail::kEstimatedCost, "ESTIMATED_COST"}};

}  // namespace

void Unparser::Statements(const Node& node) {
  if (const auto* query = As<QueryStatement>(node)) return Queries(query->query, 0, 0);
  if (const auto* insert = As<Insert>(node)) return Inserts(*insert);
  if (const auto* set = As<StatementSet>(node)) return StatementSets(*set);
  if (As<BeginStatementSet>(node) != nullptr) return writer_.Keyword("BEGIN STATEMENT SET");
  if (As<EndStatementSet>(node) != nullptr) return writer_.Keyword("END");
  if (const auto* update = As<Update>(node)) return Updates(*update);
  if (const auto* remove = As<Delete>(node)) return Deletes(*remove);
  if (const auto* merge = As<Merge>(node)) return Merges(*merge);
  if (const auto* truncate = As<TruncateTable>(node)) {
    writer_.Keyword("TRUNCATE TABLE");
    return Name(truncate->table);
  }
  if (const auto* call = As<ProcedureCall>(node)) {
    writer_.Keyword("CALL");
    return Expression(call->call, 0, 1);
  }
  if (const auto* analyze = As<AnalyzeTable>(node)) return Analyzes(*analyze);
  if (const auto* explain = As<Explain>(node)) return Explains(*explain);
  if (const auto* execute = As<Execute>(node)) {
    writer_.Keyword("EXECUTE");
    return Any(*execute->statement);
  }
  if (const auto* plan = As<ExecutePlan>(node)) return StringKeyword("EXECUTE PLAN", plan->file);
  if (const auto* compile = As<CompilePlan>(node)) return Compiles(*compile);
  if (const auto* use = As<Use>(node)) return Uses(*use);
  if (const auto* show = As<Show>(node)) return Shows(*show);
  if (const auto* describe = As<Describe>(node)) return Describes(*describe);
  if (const auto* set = As<SetOption>(node)) return SetOptions(*set);
  if (const auto* load = As<LoadModule>(node)) {
    writer_.Keyword("LOAD MODULE");
    Name(load->name);
    if (!load->options.empty()) Options("WITH", load->options);
    return;
  }
  if (const auto* unload = As<UnloadModule>(node)) {
    writer_.Keyword("UNLOAD MODULE");
    return Name(unload->name);
  }
  if (const auto* jar = As<Jar>(node)) return StringKeyword(jar->remove ? "REMOVE JAR" : "ADD JAR", jar->path);
  if (const auto* stop = As<StopJob>(node)) return Stops(*stop);
}

// Leaves its frame open, as Calcite's does: that is why a ';' behind it stands on a line of its own.
void Unparser::Inserts(const Insert& insert) {
  writer_.Start(FrameType::kSelect);
  writer_.Separator(insert.upsert ? "UPSERT INTO" : insert.overwrite ? "INSERT OVERWRITE" : "INSERT INTO");
  Table(*insert.table, 0, 1);
  if (!insert.partition.empty()) {
    Partition(insert.partition);
    writer_.NewLine();
  }
  if (!insert.columns.empty()) Columns(insert.columns, true);
  writer_.NewLine();
  Queries(insert.source, 0, 0);
}

void Unparser::StatementSets(const StatementSet& set) {
  writer_.Keyword("STATEMENT SET BEGIN");
  writer_.NewLine();
  for (const InsertPtr& insert : set.inserts) {
    Inserts(*insert);
    writer_.Separator(";");
    writer_.NewLine();
  }
  writer_.Keyword("END");
}

void Unparser::Assignments(const std::vector<Assignment>& assignments) {
  writer_.Start(FrameType::kSimple, "SET");
  for (const Assignment& assignment : assignments) {
    writer_.Separator(",");
    Name(assignment.column);
    writer_.Keyword("=");
    Expression(assignment.value, 2, 3);
  }
  writer_.End();
}

void Unparser::Updates(const Update& update) {
  writer_.Start(FrameType::kSelect, "UPDATE");
  Table(*update.table, 2, 3);
  if (update.alias) {
    writer_.Keyword("AS");
    Name(update.alias);
  }
  Assignments(update.assignments);
  if (update.where) {
    writer_.Separator("WHERE");
    Expression(update.where, 2, 3);
  }
  writer_.End();
}

void Unparser::Deletes(const Delete& node) {
  writer_.Start(FrameType::kSelect, "DELETE FROM");
  Table(*node.table, 2, 3);
  if (node.alias) {
    writer_.Keyword("AS");
    Name(node.alias);
  }
  if (node.where) {
    writer_.Separator("WHERE");
    Expression(node.where, 2, 3);
  }
  writer_.End();
}

void Unparser::Merges(const Merge& merge) {
  writer_.Start(FrameType::kSelect, "MERGE INTO");
  Table(*merge.table, 2, 3);
  if (merge.alias) {
    writer_.Keyword("AS");
    Name(merge.alias);
  }
  writer_.NewLine();
  writer_.Keyword("USING");
  Table(*merge.source, 2, 3);
  writer_.NewLine();
  writer_.Keyword("ON");
  Expression(merge.condition, 2, 3);
  if (!merge.matched.empty()) {
    writer_.NewLine();
    writer_.Keyword("WHEN MATCHED THEN UPDATE");
    Assignments(merge.matched);
  }
  if (merge.not_matched) {
    writer_.NewLine();
    writer_.Keyword("WHEN NOT MATCHED THEN INSERT");
    if (!merge.insert_columns.empty()) Columns(merge.insert_columns, true);
    Queries(merge.not_matched, 2, 3);
  }
  writer_.End();
}

void Unparser::Analyzes(const AnalyzeTable& analyze) {
  writer_.Keyword("ANALYZE TABLE");
  Name(analyze.table);
  if (!analyze.partition.empty()) Partition(analyze.partition);
  writer_.Keyword("COMPUTE STATISTICS");
  if (analyze.all_columns) return writer_.Keyword("FOR ALL COLUMNS");
  if (analyze.columns.empty()) return;
  writer_.Keyword("FOR COLUMNS");
  Columns(analyze.columns, false);
}

void Unparser::Explains(const Explain& explain) {
  if (explain.describe_form) {
    writer_.Keyword("EXPLAIN PLAN INCLUDING ATTRIBUTES WITH IMPLEMENTATION FOR");
    writer_.NewLine();
    return Any(*explain.statement);
  }
  writer_.Keyword("EXPLAIN");
  std::string details;
  for (const DetailName& entry : kDetails) {
    if (std::find(explain.details.begin(), explain.details.end(), entry.detail) == explain.details.end()) continue;
    if (!details.empty()) details += ", ";
    details += entry.name;
  }
  if (!details.empty()) writer_.Keyword(details);
  Any(*explain.statement);
}

void Unparser::Compiles(const CompilePlan& compile) {
  StringKeyword(compile.execute ? "COMPILE AND EXECUTE PLAN" : "COMPILE PLAN", compile.file);
  if (compile.if_not_exists) writer_.Keyword("IF NOT EXISTS");
  writer_.Keyword("FOR");
  Any(*compile.statement);
}

void Unparser::Uses(const Use& use) {
  writer_.Keyword(use.object == Use::Object::kCatalog   ? "USE CATALOG"
                  : use.object == Use::Object::kModules ? "USE MODULES"
                                                        : "USE");
  for (size_t i = 0; i < use.names.size(); ++i) {
    if (i > 0) writer_.Keyword(",");
    Name(use.names[i]);
  }
}

void Unparser::Shows(const Show& show) {
  writer_.Keyword(NameOf(show.object));
  if (show.preposition != Show::Preposition::kNone)
    writer_.Keyword(show.preposition == Show::Preposition::kFrom ? "FROM" : "IN");
  if (show.name) Name(show.name);
  if (show.partition && !show.partition->empty()) Partition(*show.partition);
  if (show.match != Show::Match::kNone) ShowMatch(show);
}

// The pattern is printed in upper case: Flink passes it off as a key word.
void Unparser::ShowMatch(const Show& show) {
  std::string_view match = show.match == Show::Match::kLike ? "LIKE" : "ILIKE";
  writer_.Keyword(fmt::format("{}{} '{}'", show.not_like ? "NOT " : "", match, show.pattern->text));
}

void Unparser::Describes(const Describe& describe) {
  writer_.Keyword(NameOf(describe.object));
  if (describe.extended) writer_.Keyword("EXTENDED");
  if (describe.job_id) return Literals(*describe.job_id, 0, 0);
  Name(describe.name);
  if (describe.column) Name(describe.column);
}

void Unparser::SetOptions(const SetOption& set) {
  if (!set.scope.empty()) {
    writer_.Keyword("ALTER");
    writer_.Keyword(set.scope);
  }
  writer_.Keyword(set.reset ? "RESET" : "SET");
  if (set.key) Literals(*set.key, 0, 0);
  if (set.value) StringKeyword("=", set.value);
  if (set.name) Name(set.name);
  if (!set.calcite_value) return;
  writer_.Keyword("=");
  Expression(set.calcite_value, 0, 0);
}

void Unparser::Stops(const StopJob& stop) {
  StringKeyword("STOP JOB", stop.job_id);
  if (stop.with_savepoint) writer_.Keyword("WITH SAVEPOINT");
  if (stop.with_drain) writer_.Keyword("WITH DRAIN");
}

}  // namespace millrace::sql
