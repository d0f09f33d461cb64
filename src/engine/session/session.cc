#include "engine/session/session.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/session/job_control.h"
#include "engine/session/job_life.h"
#include "engine/session/savepoint.h"
#include "engine/sql/binder.h"

namespace millrace::engine {

using sql::As;

namespace {
constexpr std::string_view kRuntimeMode = "execution.runtime-mode";
constexpr std::string_view kSavepointRoot = "millrace.savepoint.root";
constexpr std::string_view kTimeZone = "table.local-time-zone";

std::string Lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

Error NotYet(std::string_view what, SourceRange range) {
  return UserError("sql.unsupported", fmt::format("{} is parsed but cannot be executed yet", what), {}, range);
}
}  // namespace

Session::Session(SessionOptions options) : options_(std::move(options)) {
  auto zone = TimeZone::Find(options_.time_zone);
  zone_ = zone.ok() ? *zone : TimeZone::Utc();
}

Session::~Session() = default;

bool Session::batch() const {
  auto mode = config_.find(kRuntimeMode);
  return mode != config_.end() && Lower(mode->second) == "batch";
}

Status Session::SetOption(const std::string& key, const std::string& value) {
  if (key == kTimeZone) {
    if (Lower(value) == "default") {
      zone_ = TimeZone::Utc();
    } else {
      MR_ASSIGN(zone_, TimeZone::Find(value));
    }
  }
  if (key == kRuntimeMode && Lower(value) != "batch" && Lower(value) != "streaming" && Lower(value) != "automatic") {
    return UserError("option.value", fmt::format("'{}' must be 'streaming' or 'batch', not '{}'", kRuntimeMode, value));
  }
  if (key == "sql-client.execution.result-mode") {
    std::string mode = Lower(value);
    if (mode != "table" && mode != "changelog" && mode != "tableau") {
      return UserError("option.value",
                       fmt::format("'{}' must be 'table', 'changelog' or 'tableau', not '{}'", key, value));
    }
  }
  if (key == kSavepointRoot) {
    if (!options_.savepoint_root.empty() && options_.savepoint_root != value) {
      return UserError("option.value", fmt::format("'{}' is '{}' and cannot be changed", key, options_.savepoint_root),
                       "it is set once, before the script");
    }
    options_.savepoint_root = value;
    return Status::Ok();
  }
  if (key == "parallelism.default") {
    auto parsed = ParseLong(value);
    if (!parsed.ok() || (*parsed < 1 && *parsed != -1) || *parsed > 32768) {
      return UserError("option.value",
                       fmt::format("'parallelism.default' must be a whole number from 1 to 32768, not '{}'", value));
    }
  }
  config_[key] = value;
  return Status::Ok();
}

functions::EvalContext Session::MakeEval() const {
  functions::EvalContext eval;
  eval.clock = options_.clock;
  eval.zone = zone_;
  eval.batch_mode = batch();
  auto legacy = config_.find("table.exec.legacy-cast-behaviour");
  eval.legacy_cast = legacy != config_.end() && Lower(legacy->second) == "enabled";
  eval.folding = true;
  eval.query_start_millis = options_.clock->NowMillis();
  return eval;
}

Result<sql::RelationPtr> Session::Bind(const sql::Statement& statement, const std::string& text) {
  functions::EvalContext eval = MakeEval();
  sql::BindContext context{&catalogs_, &config_, &eval, text};
  if (const auto* query = As<sql::QueryStatement>(statement)) return sql::BindQuery(*query->query, context);
  if (const auto* insert = As<sql::Insert>(statement)) return sql::BindInsert(*insert, context);
  return UserError("sql.unsupported", "only queries and INSERT have a plan", {}, statement.range);
}

Result<plan::PhysicalPlan> Session::PlanRoots(const std::vector<sql::RelationPtr>& roots, PlanFor purpose) {
  functions::EvalContext eval = MakeEval();
  plan::PlanContext context;
  context.config = &config_;
  context.eval = &eval;
  context.batch = batch();
  context.explain = purpose == PlanFor::kExplain;
  context.connector.clock = options_.clock;
  context.connector.zone = zone_;
  context.connector.seed = JobSeed();
  context.connector.chunk_rows = options_.chunk_rows;
  return plan::Plan(roots, context);
}

Result<std::unique_ptr<runtime::Job>> Session::MakeJob(const std::vector<sql::RelationPtr>& roots,
                                                       std::function<Status(const Chunk&)> on_rows) {
  return CreateJob(roots, std::move(on_rows), options_.restore, true, Parallelism());
}

int32_t Session::Parallelism() const {
  auto configured = config_.find("parallelism.default");
  auto value =
      configured == config_.end() ? Result<int64_t>(0) : ParseLong(configured->second);  // SetOption checked it
  return value.ok() && *value > 0 ? static_cast<int32_t>(*value) : options_.parallelism;
}

Result<std::unique_ptr<runtime::Job>> Session::CreateJob(const std::vector<sql::RelationPtr>& roots,
                                                         std::function<Status(const Chunk&)> on_rows,
                                                         const state::JobSnapshot* restore, bool ignore_unclaimed,
                                                         int32_t parallelism) {
  MR_ASSIGN(plan::PhysicalPlan plan, PlanRoots(roots));
  runtime::JobOptions job;
  job.parallelism = parallelism;
  functions::EvalContext eval = MakeEval();
  job.threads = options_.threads;
  job.chunk_rows = options_.chunk_rows;
  job.clock = options_.clock;
  job.zone = zone_;
  job.batch = batch();
  job.legacy_cast = eval.legacy_cast;
  job.seed = JobSeed();
  job.query_start_millis = eval.query_start_millis;
  job.on_rows = std::move(on_rows);
  job.print_line = options_.print_line;
  job.restore = restore;
  job.ignore_unclaimed_state = ignore_unclaimed;
  job.hold_after_rows = options_.checkpoint_after_rows;
  return runtime::Job::Create(plan, std::move(job));
}

Status Session::FindRestore(const CheckpointSettings& settings) {
  if (settings.restore_path.empty() || settings.restore_path == restored_path_) return Status::Ok();
  restored_path_ = settings.restore_path;
  // A job's own checkpoint directory was chosen by whoever started it.
  if (DirectoryOf(settings.restore_path) != settings.directory && settings.restore_path != settings.directory) {
    MR_RETURN_IF_ERROR(ConfinedPath(options_.savepoint_root, settings.restore_path));
  }
  MR_ASSIGN(restore_, FindSnapshot(settings.restore_path));
  auto job = ParseLong(restore_->snapshot.Metadata("job"));
  restore_job_ = job.ok() && *job > jobs_ ? *job : jobs_ + 1;
  return Status::Ok();
}

Status Session::RunJob(const std::vector<sql::RelationPtr>& roots, const Schema* query_schema, const std::string& text,
                       ResultListener& listener) {
  JobLife life;
  MR_ASSIGN(life.checkpoints, ReadCheckpointSettings(config_));
  if (batch()) life.checkpoints.interval_ms = 0;
  MR_ASSIGN(life.restarts, ReadRestartSettings(config_, life.checkpoints.enabled()));
  MR_RETURN_IF_ERROR(FindRestore(life.checkpoints));
  ++jobs_;
  if (restore_ && jobs_ < restore_job_) {
    listener.OnNotice(fmt::format("job {} was done before the checkpoint and does not run again", jobs_));
    return Status::Ok();
  }
  std::function<Status(const Chunk&)> on_rows;
  if (query_schema != nullptr) {
    on_rows = [&listener](const Chunk& chunk) { return listener.OnRows(chunk); };
    life.restarts.kind = RestartSettings::Kind::kNone;  // rows that were shown cannot be taken back
    life.before_first = [&] { return listener.OnSchema(*query_schema, !batch()); };
  }
  life.checkpoint_after_rows = options_.checkpoint_after_rows;
  life.stop_after_checkpoint = options_.stop_after_checkpoint;
  life.note = {jobs_, text};
  life.seed = options_.seed;
  bool ignore_unclaimed = life.checkpoints.ignore_unclaimed;
  life.make_job = [&, starts = 0](const state::JobSnapshot* restore, int32_t parallelism) mutable {
    if (starts++ > 0) ++restarts_;
    return CreateJob(roots, on_rows, restore != nullptr ? restore : options_.restore, ignore_unclaimed, parallelism);
  };
  return RunLife(life, text, listener);
}

Status Session::RunLife(JobLife& life, const std::string& text, ResultListener& listener) {
  life.parallelism = Parallelism();
  life.savepoint_root = options_.savepoint_root;
  life.batch = batch();
  life.steered = options_.control != nullptr;
  JobControl own;
  JobControl& control = options_.control != nullptr ? *options_.control : own;
  JobView view;
  view.job_id = MakeJobId(options_.seed + static_cast<uint64_t>(jobs_));
  view.number = jobs_;
  view.statement = text;
  view.parallelism = life.parallelism;
  view.checkpoint_directory = life.checkpoints.directory;
  control.Begin(std::move(view));
  std::optional<FoundSnapshot> restore = std::move(restore_);
  restore_.reset();
  Status status = RunToEnd(life, std::move(restore), control, listener);
  control.End(status);
  return status;
}

Status Session::ExecuteQuery(const sql::QueryStatement& query, const std::string& text, ResultListener& listener) {
  MR_ASSIGN(sql::RelationPtr relation, Bind(query, text));
  return RunJob({relation}, &relation->schema, text, listener);
}

Status Session::ExecuteInserts(const std::vector<sql::InsertPtr>& inserts, const std::string& text,
                               ResultListener& listener) {
  std::vector<sql::RelationPtr> roots;
  for (size_t i = 0; i < inserts.size(); ++i) {
    MR_ASSIGN(sql::RelationPtr root, Bind(*inserts[i], set_texts_.size() == inserts.size() ? set_texts_[i] : text));
    roots.push_back(std::move(root));
  }
  if (roots.empty()) return UserError("sql.validate", "the statement set holds no INSERT");
  std::string whole = text;
  if (!set_texts_.empty()) {
    whole = "BEGIN STATEMENT SET";
    for (const std::string& insert : set_texts_) whole += ";\n" + insert;
    whole += ";\nEND";
  }
  return RunJob(roots, nullptr, whole, listener);
}

Status Session::ExecuteExplain(const sql::Explain& explain, const std::string& text, ResultListener& listener) {
  std::vector<sql::RelationPtr> roots;
  if (const auto* set = As<sql::StatementSet>(explain.statement.get())) {
    for (const sql::InsertPtr& insert : set->inserts) {
      MR_ASSIGN(sql::RelationPtr root, Bind(*insert, text));
      roots.push_back(std::move(root));
    }
  } else {
    MR_ASSIGN(sql::RelationPtr root, Bind(*explain.statement, text));
    roots.push_back(std::move(root));
  }
  bool changelog = std::find(explain.details.begin(), explain.details.end(), sql::Explain::Detail::kChangelogMode) !=
                   explain.details.end();
  MR_ASSIGN(plan::PhysicalPlan plan, PlanRoots(roots, PlanFor::kExplain));
  std::string result = "== Abstract Syntax Tree ==\n";
  for (const sql::RelationPtr& root : roots) result += sql::RelationText(*root) + "\n";
  result += "== Optimized Physical Plan ==\n" + plan::ExplainPhysical(plan, changelog);
  result += "== Optimized Execution Plan ==\n" + plan::ExplainExecution(plan);
  listener.OnMessage(result);
  return Status::Ok();
}

Status Session::ExecuteCreateTable(const sql::CreateTable& create, const std::string& text, ResultListener& listener) {
  functions::EvalContext eval = MakeEval();
  sql::BindContext context{&catalogs_, &config_, &eval, text};
  MR_ASSIGN(catalog::TablePtr table, sql::BindCreateTable(create, context));
  MR_RETURN_IF_ERROR(catalogs_.CreateTable(table, create.if_not_exists, create.replace));
  if (!create.as_query) {
    listener.OnMessage("OK");
    return Status::Ok();
  }
  auto insert = std::make_shared<sql::Insert>();
  auto name = std::make_shared<sql::TableName>();
  name->name = create.name;
  insert->table = name;
  insert->source = create.as_query;
  auto root = Bind(*insert, text);
  Status status = root.ok() ? RunJob({*root}, nullptr, text, listener) : Status(root.error());
  if (!status.ok()) static_cast<void>(catalogs_.DropTable(table->name, false, table->temporary, true));
  return status;
}

Status Session::ExecuteSet(const sql::SetOption& set, ResultListener& listener) {
  if (set.reset) {
    if (set.key) {
      config_.erase(set.key->text);
    } else {
      config_.clear();
    }
    auto zone = TimeZone::Find(options_.time_zone);
    if (!config_.contains(kTimeZone) && zone.ok()) zone_ = *zone;
    listener.OnMessage("OK");
    return Status::Ok();
  }
  if (set.key) {
    MR_RETURN_IF_ERROR(SetOption(set.key->text, set.value ? set.value->text : ""));
    listener.OnMessage("OK");
    return Status::Ok();
  }
  std::vector<ValueRow> rows;
  for (const auto& [key, value] : config_) rows.push_back({Value::String(key), Value::String(value)});
  return GiveTable(listener, {{"key", DataType::String(), ""}, {"value", DataType::String(), ""}}, rows);
}

Status Session::Execute(const sql::Statement& statement, const std::string& text, ResultListener& listener) {
  if (in_statement_set_) {
    if (const auto* insert = As<sql::Insert>(statement)) {
      set_inserts_.push_back(std::make_shared<sql::Insert>());
      auto& copy = const_cast<sql::Insert&>(*set_inserts_.back());
      copy.range = insert->range;
      copy.overwrite = insert->overwrite;
      copy.table = insert->table;
      copy.partition = insert->partition;
      copy.columns = insert->columns;
      copy.source = insert->source;
      set_texts_.push_back(text);
      return Status::Ok();
    }
    if (As<sql::EndStatementSet>(statement) == nullptr) {
      return UserError("sql.validate", "Only INSERT statements can stand in a statement set",
                       "write END to run the set", statement.range);
    }
  }
  if (const auto* query = As<sql::QueryStatement>(statement)) return ExecuteQuery(*query, text, listener);
  if (const auto* insert = As<sql::Insert>(statement)) {
    MR_ASSIGN(sql::RelationPtr root, Bind(*insert, text));
    return RunJob({root}, nullptr, text, listener);
  }
  if (const auto* execute = As<sql::Execute>(statement)) {
    const auto* set = As<sql::StatementSet>(execute->statement.get());
    if (set == nullptr) return Execute(*execute->statement, text, listener);
    set_texts_.clear();
    return ExecuteInserts(set->inserts, text, listener);
  }
  if (As<sql::BeginStatementSet>(statement) != nullptr) {
    in_statement_set_ = true;
    set_inserts_.clear();
    set_texts_.clear();
    return Status::Ok();
  }
  if (As<sql::EndStatementSet>(statement) != nullptr) {
    if (!in_statement_set_)
      return UserError("sql.validate", "No Statement Set to submit. END must follow BEGIN STATEMENT SET.", {},
                       statement.range);
    in_statement_set_ = false;
    return ExecuteInserts(set_inserts_, text, listener);
  }
  if (const auto* explain = As<sql::Explain>(statement)) return ExecuteExplain(*explain, text, listener);
  if (const auto* create = As<sql::CreateTable>(statement)) return ExecuteCreateTable(*create, text, listener);
  if (const auto* set = As<sql::SetOption>(statement)) return ExecuteSet(*set, listener);
  if (const auto* show = As<sql::Show>(statement)) return ExecuteShow(*show, listener);
  if (const auto* describe = As<sql::Describe>(statement)) return ExecuteDescribe(*describe, listener);
  MR_RETURN_IF_ERROR(ExecuteDefinition(statement, text));
  listener.OnMessage("OK");
  return Status::Ok();
}

Status Session::Execute(const std::string& sql, ResultListener& listener) {
  MR_ASSIGN(sql::StatementPtr statement, sql::ParseStatement(sql));
  return Execute(*statement, sql, listener);
}

namespace {

// The error with its position moved from the statement to the script.
Error InScript(Error error, const sql::ScriptPiece& piece) {
  if (!error.range.Known()) return error;
  if (error.range.line == 1) error.range.column += piece.column - 1;
  if (error.range.end_line == 1) error.range.end_column += piece.column - 1;
  error.range.line += piece.line - 1;
  error.range.end_line += piece.line - 1;
  return error;
}

}  // namespace

Status Session::ExecuteScript(const std::string& script, ResultListener& listener) {
  MR_ASSIGN(std::vector<sql::ScriptPiece> pieces, sql::SplitScript(script));
  for (const sql::ScriptPiece& piece : pieces) {
    Status status = Execute(piece.text, listener);
    if (!status.ok()) return InScript(status.error(), piece);
  }
  if (in_statement_set_) {
    in_statement_set_ = false;
    return UserError("sql.validate", "BEGIN STATEMENT SET has no END", "add END;");
  }
  return Status::Ok();
}

Status GiveTable(ResultListener& listener, const std::vector<Field>& columns, const std::vector<ValueRow>& rows) {
  MR_RETURN_IF_ERROR(listener.OnSchema(Schema{columns}, false));
  std::vector<DataType> types;
  for (const Field& column : columns) types.push_back(column.type);
  ChunkBuilder builder(types, MemoryPool::Process());
  for (const ValueRow& row : rows) {
    builder.AppendRow(RowKind::kInsert, row);
    if (builder.full()) MR_RETURN_IF_ERROR(listener.OnRows(builder.Finish()));
  }
  return builder.empty() ? Status::Ok() : listener.OnRows(builder.Finish());
}

Status Session::ExecuteDefinition(const sql::Statement& statement, const std::string& text) {
  if (const auto* create = As<sql::CreateView>(statement)) {
    functions::EvalContext eval = MakeEval();
    sql::BindContext context{&catalogs_, &config_, &eval, text};
    MR_ASSIGN(catalog::TablePtr view, sql::BindCreateView(*create, context));
    return catalogs_.CreateTable(view, create->if_not_exists, create->replace);
  }
  auto options_of = [](const sql::SqlOptions& options) {
    OptionMap map;
    for (const sql::SqlOption& option : options) map[option.key->text] = option.value->text;
    return map;
  };
  if (const auto* create = As<sql::CreateCatalog>(statement)) {
    return catalogs_.CreateCatalog(sql::PathOf(*create->name).back(), options_of(create->options),
                                   create->if_not_exists);
  }
  if (const auto* create = As<sql::CreateDatabase>(statement)) {
    return catalogs_.CreateDatabase(sql::PathOf(*create->name), options_of(create->options),
                                    create->comment ? create->comment->text : "", create->if_not_exists);
  }
  if (const auto* create = As<sql::CreateFunction>(statement)) {
    std::string language = create->language == sql::FunctionLanguage::kPython ? "PYTHON" : "JAVA";
    return catalogs_.CreateFunction(sql::PathOf(*create->name), {create->class_name->text, language}, create->system,
                                    create->if_not_exists);
  }
  if (const auto* use = As<sql::Use>(statement)) {
    if (use->object == sql::Use::Object::kCatalog) return catalogs_.UseCatalog(sql::PathOf(*use->names[0]).back());
    if (use->object == sql::Use::Object::kDatabase) return catalogs_.UseDatabase(sql::PathOf(*use->names[0]));
    return NotYet("USE MODULES", statement.range);
  }
  if (const auto* drop = As<sql::Drop>(statement)) {
    std::vector<std::string> path = sql::PathOf(*drop->name);
    switch (drop->object) {
      case sql::Drop::Object::kCatalog:
        return catalogs_.DropCatalog(path.back(), drop->if_exists);
      case sql::Drop::Object::kDatabase:
        return catalogs_.DropDatabase(path, drop->if_exists, drop->cascade);
      case sql::Drop::Object::kTable:
      case sql::Drop::Object::kView: {
        MR_ASSIGN(catalog::ObjectName name, catalogs_.Qualify(path));
        return catalogs_.DropTable(name, drop->object == sql::Drop::Object::kView, drop->temporary, drop->if_exists);
      }
      case sql::Drop::Object::kFunction:
        return catalogs_.DropFunction(path, drop->system, drop->if_exists);
      case sql::Drop::Object::kMaterializedTable:
      case sql::Drop::Object::kModel:
        return NotYet("DROP MATERIALIZED TABLE and DROP MODEL", statement.range);
    }
  }
  return NotYet("this statement", statement.range);
}

}  // namespace millrace::engine
