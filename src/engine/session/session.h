// A SQL session: configuration, catalogs, and the execution of statements. What programs use of the engine.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/options.h"
#include "base/result.h"
#include "engine/catalog/catalog.h"
#include "engine/plan/planner.h"
#include "engine/runtime/job.h"
#include "engine/session/checkpointer.h"
#include "engine/session/result_listener.h"
#include "engine/sql/ast.h"
#include "engine/sql/parser.h"
#include "engine/sql/relation.h"
#include "types/chunk.h"

namespace millrace::engine {

class JobControl;
struct JobLife;

struct SessionOptions {
  int32_t parallelism = 1;  // default of 'parallelism.default'
  int32_t threads = 1;
  int32_t chunk_rows = kDefaultChunkRows;
  const Clock* clock = Clock::System();
  uint64_t seed = 0;
  std::string time_zone = "UTC";                     // default of 'table.local-time-zone'
  std::function<void(std::string_view)> print_line;  // the `print` connector; null: standard output
  const state::JobSnapshot* restore = nullptr;       // jobs of MakeJob go on from here
  // A checkpoint when the sources of a job have given that many rows (0: none), beside those by time, which the
  // configuration asks for; with `stop_after_checkpoint` the job, and its script, end with it ("job.stopped").
  int64_t checkpoint_after_rows = 0;
  bool stop_after_checkpoint = false;
  // How others see and steer the session's jobs; null: nobody does. Outlives the session.
  JobControl* control = nullptr;
  // The folder below which savepoints must lie; empty: anywhere. Also the option 'millrace.savepoint.root', which
  // counts as it is first set and cannot be changed by a script.
  std::string savepoint_root;
};

// Not thread-safe, except for what ResultListener does with the running job.
class Session {
 public:
  explicit Session(SessionOptions options);
  ~Session();

  // Parses and runs one statement. A job runs to its end (or until cancelled) before this returns.
  Status Execute(const std::string& sql, ResultListener& listener);
  Status Execute(const sql::Statement& statement, const std::string& text, ResultListener& listener);
  // Runs a script; stops at the first failure, whose range counts in the script's lines. BEGIN STATEMENT SET … END is
  // one job.
  Status ExecuteScript(const std::string& script, ResultListener& listener);

  // The bound and the physical form of a query or INSERT, for EXPLAIN and tools.
  Result<sql::RelationPtr> Bind(const sql::Statement& statement, const std::string& text);
  // What a plan is for: EXPLAIN of a query does not ask for -U, whoever reads its rows does.
  enum class PlanFor : uint8_t { kRun, kExplain };
  Result<plan::PhysicalPlan> PlanRoots(const std::vector<sql::RelationPtr>& roots, PlanFor purpose = PlanFor::kRun);
  // A job of bound statements that is ready to run. `on_rows` gets the rows of a query.
  Result<std::unique_ptr<runtime::Job>> MakeJob(const std::vector<sql::RelationPtr>& roots,
                                                std::function<Status(const Chunk&)> on_rows);

  catalog::Catalogs& catalogs() { return catalogs_; }
  OptionMap& config() { return config_; }
  const TimeZone* zone() const { return zone_; }
  SessionOptions& options() { return options_; }
  bool batch() const;
  Status SetOption(const std::string& key, const std::string& value);

 private:
  Status RunJob(const std::vector<sql::RelationPtr>& roots, const Schema* query_schema, const std::string& text,
                ResultListener& listener);
  // Each start of a job has a seed of its own: what names files by chance must not take a former start's names.
  uint64_t JobSeed() const { return options_.seed + static_cast<uint64_t>(restarts_) * 0x9E3779B97F4A7C15ULL; }
  Result<std::unique_ptr<runtime::Job>> CreateJob(const std::vector<sql::RelationPtr>& roots,
                                                  std::function<Status(const Chunk&)> on_rows,
                                                  const state::JobSnapshot* restore, bool ignore_unclaimed,
                                                  int32_t parallelism);
  // 'parallelism.default', or what the program gives.
  int32_t Parallelism() const;
  Status RunLife(JobLife& life, const std::string& text, ResultListener& listener);
  // Reads the snapshot that the configuration names, once per session.
  Status FindRestore(const CheckpointSettings& settings);
  Status ExecuteQuery(const sql::QueryStatement& query, const std::string& text, ResultListener& listener);
  Status ExecuteInserts(const std::vector<sql::InsertPtr>& inserts, const std::string& text, ResultListener& listener);
  Status ExecuteExplain(const sql::Explain& explain, const std::string& text, ResultListener& listener);
  Status ExecuteCreateTable(const sql::CreateTable& create, const std::string& text, ResultListener& listener);
  Status ExecuteDefinition(const sql::Statement& statement, const std::string& text);  // other CREATE, DROP, ALTER, USE
  Status ExecuteSet(const sql::SetOption& set, ResultListener& listener);
  Status ExecuteShow(const sql::Show& show, ResultListener& listener);
  Status ExecuteDescribe(const sql::Describe& describe, ResultListener& listener);
  functions::EvalContext MakeEval() const;

  SessionOptions options_;
  OptionMap config_;
  catalog::Catalogs catalogs_;
  const TimeZone* zone_;
  bool in_statement_set_ = false;
  std::vector<sql::InsertPtr> set_inserts_;
  std::vector<std::string> set_texts_;
  int64_t jobs_ = 0;                      // started or skipped so far
  int64_t restarts_ = 0;                  // of all of them
  std::optional<FoundSnapshot> restore_;  // until its job goes on from it
  std::string restored_path_;             // as configured; it is read once
  int64_t restore_job_ = 0;               // which job it is of
};

// A table of texts for SHOW and DESCRIBE.
Status GiveTable(ResultListener& listener, const std::vector<Field>& columns, const std::vector<ValueRow>& rows);

}  // namespace millrace::engine
