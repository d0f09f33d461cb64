// One query of a test at work.
#include "bin/sql_test/test_job.h"

#include <fmt/format.h>

#include <condition_variable>
#include <mutex>
#include <optional>

#include "base/background_thread.h"
#include "engine/connectors/feed/feed_store.h"
#include "engine/sql/parser.h"
#include "types/cast.h"

namespace millrace::sql_test {
namespace {

using connectors::FeedEntry;
using connectors::FeedStore;

Error AtLine(const Step& step, size_t line, const std::string& what) {
  return UserError("test.row", fmt::format("line {}: {}", step.line + 1 + static_cast<int32_t>(line), what));
}

// Fields of "a, 'b, c', null": texts without quotes, and whether each had them.
std::vector<std::pair<std::string, bool>> SplitFields(std::string_view text) {
  std::vector<std::pair<std::string, bool>> fields;
  std::string word;
  bool quoted = false;
  bool inside = false;
  auto finish = [&] {
    if (!quoted) {
      while (!word.empty() && word.back() == ' ') word.pop_back();
    }
    fields.emplace_back(word, quoted);
    word.clear();
    quoted = false;
  };
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '\'') {
      bool doubled = inside && i + 1 < text.size() && text[i + 1] == '\'';
      if (doubled) word += text[++i];
      if (!doubled) inside = !inside;
      quoted = true;
    } else if (c == ',' && !inside) {
      finish();
    } else if (inside || (!quoted && (c != ' ' || !word.empty()))) {
      word += c;
    }
  }
  finish();
  return fields;
}

Result<int64_t> ParseInstant(const std::string& text) {
  MR_ASSIGN(Value value, CastValue(Value::String(text), DataType::String(), DataType::Timestamp(3), {}));
  return value.AsTimestamp().millis;
}

Result<FeedEntry> ParseEntry(const std::string& line, const std::vector<DataType>& types) {
  FeedEntry entry;
  if (line == "idle" || line == "active") {
    entry.kind = line == "idle" ? FeedEntry::Kind::kIdle : FeedEntry::Kind::kActive;
    return entry;
  }
  if (line.starts_with("watermark ")) {
    entry.kind = FeedEntry::Kind::kWatermark;
    MR_ASSIGN(entry.watermark, ParseInstant(line.substr(10)));
    return entry;
  }
  std::string kind = line.substr(0, 2);
  if (kind == "+I") {
    entry.row_kind = RowKind::kInsert;
  } else if (kind == "-U") {
    entry.row_kind = RowKind::kUpdateBefore;
  } else if (kind == "+U") {
    entry.row_kind = RowKind::kUpdateAfter;
  } else if (kind == "-D") {
    entry.row_kind = RowKind::kDelete;
  } else {
    return UserError("test.row", fmt::format("'{}' begins with none of +I, -U, +U, -D, watermark, idle, active", line));
  }
  auto fields = SplitFields(std::string_view(line).substr(2));
  if (fields.size() != types.size()) {
    return UserError("test.row",
                     fmt::format("'{}' has {} fields, the table {} columns", line, fields.size(), types.size()));
  }
  for (size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].first == "null" && !fields[i].second) {
      entry.values.push_back(Value::Null());
      continue;
    }
    MR_ASSIGN(Value value, CastValue(Value::String(fields[i].first), DataType::String(), types[i], {}));
    entry.values.push_back(std::move(value));
  }
  return entry;
}

// Puts the step's rows into the store.
Status Feed(const Step& step, engine::Session& session) {
  catalog::TablePtr table = session.catalogs().FindTable(std::vector<std::string>{step.table});
  if (table == nullptr) return AtLine(step, 0, fmt::format("there is no table '{}'", step.table));
  std::vector<DataType> types;
  for (const catalog::TableColumn& column : table->columns) {
    if (column.kind == catalog::ColumnKind::kPhysical) types.push_back(column.type);
  }
  std::vector<FeedEntry> entries;
  for (size_t i = 0; i < step.lines.size(); ++i) {
    if (step.lines[i][0] == '#') continue;
    auto entry = ParseEntry(step.lines[i], types);
    if (!entry.ok()) return AtLine(step, i, entry.error().message);
    entries.push_back(std::move(*entry));
  }
  FeedStore::Get().Append(table->name.Dotted(), std::move(entries));
  return Status::Ok();
}

std::string RowText(const Chunk& chunk, int32_t row, const Schema& schema) {
  std::string text = fmt::format("{}[", RowKindText(chunk.kind(row)));
  for (size_t i = 0; i < chunk.columns.size(); ++i) {
    if (i > 0) text += ", ";
    Value value = chunk.columns[i]->GetValue(row);
    text += value.IsNull() ? "null" : ToRowText(value, schema[i].type);
  }
  return text + "]";
}

// A job on a thread of its own.
class RunningJob {
 public:
  explicit RunningJob(std::unique_ptr<runtime::Job> job)
      : job_(std::move(job)), thread_([this](const std::atomic<bool>&) {
          Status status = job_->Run();
          std::lock_guard lock(mutex_);
          status_ = std::move(status);
          changed_.notify_all();
        }) {}
  ~RunningJob() { job_->Cancel(); }

  runtime::Job& job() { return *job_; }
  // Wakes the sources, and waits until what they have now is done.
  void Settle() {
    job_->Resume();
    job_->WaitUntilQuiet();
  }
  bool done() {
    std::lock_guard lock(mutex_);
    return status_.has_value();
  }
  Status Join() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return status_.has_value(); });
    return *status_;
  }

 private:
  std::unique_ptr<runtime::Job> job_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<Status> status_;
  BackgroundThread thread_;  // ends before what it uses
};

class QueryRun {
 public:
  QueryRun(const Block& block, const Mode& mode, const std::string& scratch, StepClock& clock, engine::Session& session)
      : block_(block), mode_(mode), scratch_(scratch), clock_(clock), session_(session) {}

  Result<std::vector<std::string>> Run() {
    FeedStore::Get().Clear();
    session_.options().parallelism = mode_.parallelism;
    MR_RETURN_IF_ERROR(Start(nullptr));
    for (size_t i = 0; i < block_.feed.size(); ++i) {
      MR_RETURN_IF_ERROR(Take(block_.feed[i]));
      bool last = i + 1 == block_.feed.size();
      if (mode_.restore != Mode::Restore::kNone && !last && block_.feed[i].kind != Step::Kind::kRestore) {
        int32_t next = session_.options().parallelism % 3 + 1;
        MR_RETURN_IF_ERROR(Restart(mode_.restore == Mode::Restore::kSame ? 0 : next));
      }
    }
    FeedStore::Get().Close();
    running_->job().Resume();
    MR_RETURN_IF_ERROR(running_->Join());
    running_.reset();
    return std::move(rows_);
  }

 private:
  Status Start(const state::JobSnapshot* restore) {
    MR_ASSIGN(sql::StatementPtr statement, sql::ParseStatement(block_.sql));
    MR_ASSIGN(sql::RelationPtr root, session_.Bind(*statement, block_.sql));
    session_.options().restore = restore;
    Schema schema = root->schema;
    auto job = session_.MakeJob({root}, [this, schema](const Chunk& chunk) {
      chunk.rows().ForEach([&](int32_t row) { rows_.push_back(RowText(chunk, row, schema)); });
      return Status::Ok();
    });
    session_.options().restore = nullptr;
    if (!job.ok()) return job.error();
    running_ = std::make_unique<RunningJob>(std::move(*job));
    running_->Settle();
    return Status::Ok();
  }

  Status Take(const Step& step) {
    switch (step.kind) {
      case Step::Kind::kRows:
        MR_RETURN_IF_ERROR(Feed(step, session_));
        break;
      case Step::Kind::kTime:
        clock_.Advance(step.millis);
        break;
      case Step::Kind::kCheckpoint: {
        if (running_->done()) return Status::Ok();
        auto snapshot = running_->job().Snapshot(false);
        return snapshot.ok() ? Status::Ok() : Status(snapshot.error());
      }
      case Step::Kind::kRestore:
        return Restart(step.parallelism);
    }
    running_->Settle();
    return Status::Ok();
  }

  // Stops with a snapshot and goes on from its files.
  Status Restart(int32_t parallelism) {
    if (running_->done()) return Status::Ok();  // nothing is left to restore
    auto snapshot = running_->job().Snapshot(true);
    if (!snapshot.ok()) {
      if (snapshot.error().code == "checkpoint.finished") return Status::Ok();
      return snapshot.error();
    }
    MR_RETURN_IF_ERROR(running_->Join());
    running_.reset();
    std::string folder = fmt::format("{}/{}-{}", scratch_, block_.line, ++snapshots_);
    std::filesystem::create_directories(folder);
    MR_RETURN_IF_ERROR(snapshot->WriteTo(folder));
    MR_ASSIGN(state::JobSnapshot read, state::JobSnapshot::ReadFrom(folder));
    if (parallelism > 0) session_.options().parallelism = parallelism;
    return Start(&read);
  }

  const Block& block_;
  const Mode& mode_;
  const std::string& scratch_;
  StepClock& clock_;
  engine::Session& session_;
  std::vector<std::string> rows_;  // written by the job's threads, one at a time; read when it is done
  std::unique_ptr<RunningJob> running_;
  int snapshots_ = 0;
};

}  // namespace

Status FeedAll(const std::vector<Step>& steps, engine::Session& session) {
  FeedStore::Get().Clear();
  for (const Step& step : steps) {
    if (step.kind == Step::Kind::kRows) MR_RETURN_IF_ERROR(Feed(step, session));
  }
  FeedStore::Get().Close();
  return Status::Ok();
}

Result<std::vector<std::string>> RunQuery(const Block& block, const Mode& mode, const std::string& scratch,
                                          StepClock& clock, engine::Session& session) {
  return QueryRun(block, mode, scratch, clock, session).Run();
}

}  // namespace millrace::sql_test
