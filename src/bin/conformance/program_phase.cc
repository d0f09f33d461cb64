// One run of a table program.
#include "bin/conformance/program_phase.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "bin/conformance/case_file.h"
#include "bin/conformance/program_value.h"
#include "engine/connectors/values/values_store.h"
#include "engine/session/session.h"
#include "engine/sql/parser.h"
#include "types/cast.h"

namespace millrace::conformance {
namespace {

using Json = nlohmann::json;
using connectors::ValuesStore;

// A clock that starts anywhere and goes ten times as fast as the wall, so that windows of processing time end soon.
class FastClock final : public Clock {
 public:
  explicit FastClock(int64_t start) : start_(start), began_(System()->MonotonicNanos()) {}
  int64_t NowMillis() const override { return start_ + MonotonicNanos() / 1000000; }
  int64_t MonotonicNanos() const override { return (System()->MonotonicNanos() - began_) * 10; }

 private:
  int64_t start_;
  int64_t began_;
};

constexpr int64_t kWaitNanos = 4'000'000'000;  // for what an open-ended run is expected to give

bool IsTable(const Json& step, const char* kind) { return TextOf(step, "kind") == kind; }

// Keys of 'readable-metadata' in the order in which rows hold their values.
std::vector<std::string> MetadataKeys(const Json& source) {
  auto layout = source.find("row_layout");
  if (layout == source.end() || !layout->contains("metadata_at_end")) return {};
  return (*layout)["metadata_at_end"].get<std::vector<std::string>>();
}

Result<connectors::ValuesRow> MakeRow(const Json& row, const catalog::Table& table,
                                      const std::vector<std::string>& metadata) {
  connectors::ValuesRow made;
  std::string kind = TextOf(row, "kind");
  made.kind = kind == "-U"   ? RowKind::kUpdateBefore
              : kind == "+U" ? RowKind::kUpdateAfter
              : kind == "-D" ? RowKind::kDelete
                             : RowKind::kInsert;
  std::vector<DataType> physical;
  for (const catalog::TableColumn& column : table.columns) {
    if (column.kind == catalog::ColumnKind::kPhysical) physical.push_back(column.type);
  }
  const Json& values = row["values"];
  for (size_t i = 0; i < values.size(); ++i) {
    const DataType* type = i < physical.size() ? &physical[i] : nullptr;
    size_t first = values.size() - metadata.size();
    for (const catalog::TableColumn& column : table.columns) {
      bool here = type == nullptr && i >= first && column.kind == catalog::ColumnKind::kMetadata &&
                  column.metadata_key == metadata[i - first];
      if (here) type = &column.type;
    }
    if (type == nullptr) {
      made.values.push_back(Value::Null());  // no column reads it
      continue;
    }
    MR_ASSIGN(Value value, ProgramValue(values[i], *type));
    made.values.push_back(std::move(value));
  }
  return made;
}

Status RegisterRows(const Json& source, const std::string& which, engine::Session& session) {
  catalog::TablePtr table = session.catalogs().FindTable(std::vector<std::string>{TextOf(source, "name")});
  if (table == nullptr) return InternalError("the source was not created");
  std::vector<const char*> lists{"produced_before_restore"};
  std::string id = "before";
  if (which == "after_restore") {
    lists = {"produced_after_restore"};
    id = "after";
  } else if (which == "combined") {
    lists = {"produced_before_restore", "produced_after_restore"};
    id = "combined";
  }
  std::vector<connectors::ValuesRow> rows;
  for (const char* list : lists) {
    auto found = source.find(list);
    if (found == source.end() || found->is_null()) continue;
    for (const Json& row : *found) {
      MR_ASSIGN(connectors::ValuesRow made, MakeRow(row, *table, MetadataKeys(source)));
      rows.push_back(std::move(made));
    }
  }
  ValuesStore::Get().Register(TextOf(source["data_ids"], id.c_str()), std::move(rows));
  return Status::Ok();
}

Status SetUp(const Json& program, const PhaseOptions& options, engine::Session& session) {
  engine::ResultListener ignore;
  for (const Json& step : program["setup"]) {
    if (!IsTable(step, "config") || !options.with_config) continue;
    MR_RETURN_IF_ERROR(session.SetOption(TextOf(step, "key"), TextOf(step, "value_string")));
  }
  for (const char* kind : {"source", "sink"}) {
    for (const Json& step : program["setup"]) {
      if (!IsTable(step, kind)) continue;
      MR_RETURN_IF_ERROR(session.Execute(TextOf(step["ddl"], options.ddl.c_str()), ignore));
      if (IsTable(step, "source")) MR_RETURN_IF_ERROR(RegisterRows(step, options.ddl, session));
    }
  }
  return Status::Ok();
}

Result<std::vector<sql::RelationPtr>> BindStatements(const Json& program, engine::Session& session) {
  std::vector<sql::RelationPtr> roots;
  for (const Json& text : program["execute"]["sql"]) {
    auto sql = text.get<std::string>();
    MR_ASSIGN(std::vector<sql::StatementWithText> statements, sql::ParseScript(sql));
    for (const sql::StatementWithText& statement : statements) {
      MR_ASSIGN(sql::RelationPtr root, session.Bind(*statement.statement, statement.text));
      roots.push_back(std::move(root));
    }
  }
  return roots;
}

SinkRows RowsOf(const std::string& table) {
  connectors::ValuesSinkContent content = ValuesStore::Get().Content("default_catalog.default_database." + table);
  SinkRows rows;
  auto text = [&content](const connectors::ValuesRow& row, size_t i) {
    return row.values[i].IsNull() ? std::string("null") : ToRowText(row.values[i], content.schema[i].type);
  };
  for (const connectors::ValuesRow& row : content.raw) {
    SinkRow printed;
    printed.kind = RowKindText(row.kind);
    for (size_t i = 0; i < row.values.size(); ++i) printed.fields += (i > 0 ? ", " : "") + text(row, i);
    for (int32_t column : content.keys) printed.key += text(row, static_cast<size_t>(column)) + '\x1f';
    rows.push_back(std::move(printed));
  }
  return rows;
}

// Whether every sink holds what is expected.
bool Complete(const Json& program, const PhaseOptions& options) {
  for (const Json& step : program["setup"]) {
    if (!IsTable(step, "sink")) continue;
    std::string name = TextOf(step, "name");
    SinkRows rows;
    if (auto earlier = options.earlier.find(name); earlier != options.earlier.end()) rows = earlier->second;
    for (SinkRow& row : RowsOf(name)) rows.push_back(std::move(row));
    bool materialized = TextOf(step, "test_data") == "materialized";
    bool has_key = step["primary_key"].is_array() && !step["primary_key"].empty();
    std::vector<std::string> got = materialized ? Materialized(rows, has_key) : Changelog(rows);
    auto expected = options.expected.find(name);
    if (expected != options.expected.end() && Sorted(got) != Sorted(expected->second)) return false;
  }
  return true;
}

// A job on a thread of its own.
class RunningJob {
 public:
  explicit RunningJob(runtime::Job& job) : job_(job) {
    thread_ = std::thread([this] {
      Status status = job_.Run();
      std::lock_guard lock(mutex_);
      status_ = std::move(status);
      done_ = true;
      changed_.notify_all();
    });
  }
  ~RunningJob() { thread_.join(); }

  // Until the job is done, or `ready` says so; asked every few milliseconds.
  void WaitFor(const std::function<bool()>& ready, int64_t nanos) {
    int64_t until = Clock::System()->MonotonicNanos() + nanos;
    std::unique_lock lock(mutex_);
    while (!done_ && Clock::System()->MonotonicNanos() < until && !ready())
      changed_.wait_for(lock, std::chrono::milliseconds(5));
  }
  bool done() {
    std::lock_guard lock(mutex_);
    return done_;
  }
  Status Join() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return done_; });
    return status_;
  }

 private:
  runtime::Job& job_;
  std::thread thread_;
  std::mutex mutex_;
  std::condition_variable changed_;
  Status status_;
  bool done_ = false;
};

Status RunOpenEnded(const Json& program, const PhaseOptions& options, runtime::Job& job, PhaseResult& result) {
  RunningJob running(job);
  job.WaitUntilQuiet();
  running.WaitFor([&] { return Complete(program, options); }, kWaitNanos);
  if (running.done()) {
    MR_RETURN_IF_ERROR(running.Join());
    return InternalError("the job ended, although its sources are open");
  }
  if (!options.take_snapshot) {
    job.Cancel();
    static_cast<void>(running.Join());
    return Status::Ok();
  }
  auto snapshot = job.Snapshot(true);
  if (!snapshot.ok()) {
    job.Cancel();
    Status failed = running.Join();
    return failed.ok() || failed.error().code == "job.cancelled" ? Status(snapshot.error()) : failed;
  }
  result.snapshot = std::move(*snapshot);
  return running.Join();
}

}  // namespace

std::vector<std::string> Changelog(const SinkRows& rows) {
  std::vector<std::string> lines;
  for (const SinkRow& row : rows) lines.push_back(fmt::format("{}[{}]", row.kind, row.fields));
  return lines;
}

std::vector<std::string> Materialized(const SinkRows& rows, bool has_key) {
  SinkRows left;
  for (const SinkRow& row : rows) {
    auto same = [&](const SinkRow& other) { return has_key ? other.key == row.key : other.fields == row.fields; };
    auto found = std::find_if(left.begin(), left.end(), same);
    bool adds = row.kind[0] == '+';
    if (found != left.end() && (!adds || has_key)) left.erase(found);
    if (adds) left.push_back(row);
  }
  std::vector<std::string> lines;
  for (const SinkRow& row : left) lines.push_back(fmt::format("+I[{}]", row.fields));
  return lines;
}

std::vector<std::string> Sorted(std::vector<std::string> rows) {
  std::sort(rows.begin(), rows.end());
  return rows;
}

Result<PhaseResult> RunPhase(const Json& program, const PhaseOptions& options) {
  FastClock clock(options.start_millis);
  engine::SessionOptions session_options;
  session_options.clock = &clock;
  session_options.parallelism = options.parallelism;
  session_options.threads = 1;
  session_options.chunk_rows = 1;  // sources are read in turn, row by row, as the programs expect
  session_options.restore = options.restore;
  engine::Session session(session_options);
  MR_RETURN_IF_ERROR(SetUp(program, options, session));
  MR_ASSIGN(std::vector<sql::RelationPtr> roots, BindStatements(program, session));
  MR_ASSIGN(std::unique_ptr<runtime::Job> job, session.MakeJob(roots, nullptr));
  PhaseResult result;
  if (options.open_ended) {
    MR_RETURN_IF_ERROR(RunOpenEnded(program, options, *job, result));
  } else {
    MR_RETURN_IF_ERROR(job->Run());
  }
  for (const Json& step : program["setup"]) {
    if (IsTable(step, "sink")) result.sinks[TextOf(step, "name")] = RowsOf(TextOf(step, "name"));
  }
  result.end_millis = clock.NowMillis();
  return result;
}

}  // namespace millrace::conformance
