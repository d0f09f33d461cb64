// Results on a terminal: a table that is redrawn in place while a query runs, or its changes one after another.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/background_thread.h"
#include "bin/shell/result_table.h"
#include "engine/session/session.h"

namespace millrace::bin {

enum class ResultMode : uint8_t { kTable, kChangelog, kTableau };

// Of 'sql-client.execution.result-mode'; kTable when it is not set.
ResultMode ResultModeOf(const OptionMap& config);

// Shows what one statement gives. Make one per statement, call Finish when it is done.
class ResultScreen final : public engine::ResultListener {
 public:
  // `interrupted` is asked while a job runs; true once cancels the job.
  ResultScreen(const engine::Session& session, ResultMode mode, bool (*interrupted)());
  ~ResultScreen() override;

  Status OnSchema(const Schema& schema, bool changelog) override;
  Status OnRows(const Chunk& chunk) override;
  void OnMessage(const std::string& text) override;
  void OnNotice(const std::string& text) override;
  void OnJobStart(runtime::Job& job) override;
  void OnJobEnd(runtime::Job& job) override;
  bool Cancelled() const override { return interrupted_(); }
  // Draws the last state, and what came of the statement.
  void Finish(const Status& status);

 private:
  void Watch(const std::atomic<bool>& stop);
  void Redraw();  // both with the lock held
  void EraseDrawn();
  void DrawFinal();
  void AppendChange(RowKind kind, TextRow row, std::string& out);

  const engine::Session& session_;
  ResultMode mode_;
  bool (*interrupted_)();
  std::mutex mutex_;
  Schema schema_;
  std::vector<TableColumn> columns_;
  bool has_rows_ = false;   // the statement gives rows at all
  bool changelog_ = false;  // rows may be taken back
  ResultTable table_;
  int64_t changes_ = 0;
  bool changed_ = false;
  bool headed_ = false;
  int drawn_lines_ = 0;
  runtime::Job* job_ = nullptr;
  int64_t started_nanos_ = 0;
  int64_t written_ = 0;
  bool ran_job_ = false;
  std::unique_ptr<BackgroundThread> watcher_;
};

}  // namespace millrace::bin
