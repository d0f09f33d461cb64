// What the tasks of one job share: options, the checkpoint in progress, the failure.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/task_scheduler.h"
#include "engine/connectors/connector.h"
#include "engine/runtime/channel.h"
#include "engine/runtime/job.h"

namespace millrace::runtime {

// The assignment of a source's splits to its readers. Thread-safe.
class SplitAssigner {
 public:
  explicit SplitAssigner(std::shared_ptr<connectors::TableSource> source) : source_(std::move(source)) {}

  // Asks the source for its splits. `known` are ids that were assigned in an earlier life: those in `resumed` go on
  // where they were, the others were finished.
  Status Enumerate(int32_t parallelism, const std::set<std::string>& known, std::vector<connectors::Split> resumed);
  // The parallelism that the source was asked with: what a restored job asks with again, because splits may depend on
  // it.
  int32_t asked_parallelism() const { return asked_parallelism_; }
  // Asks the source again, as often as it wants; splits that it has not named before go to the readers.
  Status Discover();
  int64_t discovery_interval_ms() const { return source_->discovery_interval_ms(); }
  // How many splits Discover has found.
  int64_t discovered() const { return discovered_.load(std::memory_order_acquire); }
  // How many readers at most find something to read.
  int32_t ReaderLimit() const;
  // Before Next: for how many readers.
  void SetReaders(int32_t readers);
  // The next split for a reader that has sent barriers up to `epoch`; nothing when there is none (for it).
  std::optional<connectors::Split> Next(int32_t subtask, int64_t epoch);
  bool one_at_a_time() const { return source_->one_split_at_a_time(); }
  // Splits that belong to no reader in the snapshot of this checkpoint: not assigned yet, or only to a reader whose
  // barrier came before. One that a reader takes before its barrier is told by that reader too, which then counts.
  std::vector<connectors::Split> Waiting(int64_t checkpoint);
  // Ids that were assigned in an earlier life. Fixed after Enumerate.
  const std::set<std::string>& KnownIds() const { return known_; }

 private:
  std::shared_ptr<connectors::TableSource> source_;
  int32_t asked_parallelism_ = 1;
  mutable std::mutex mutex_;
  std::deque<connectors::Split> shared_;                   // one at a time
  std::vector<std::deque<connectors::Split>> per_reader_;  // all at once
  size_t next_reader_ = 0;                                 // that gets the next split, of per_reader_
  std::set<std::string> known_;
  std::set<std::string> named_;  // every id that was ever given out
  std::atomic<int64_t> discovered_{0};
  struct Taken {
    connectors::Split split;  // as it was when it was taken
    int64_t epoch;            // of its reader
  };
  std::vector<Taken> taken_;
};

struct JobShared {
  JobOptions options;
  TaskScheduler* scheduler = nullptr;
  std::map<const plan::PhysicalNode*, std::unique_ptr<SplitAssigner>> assigners;

  // Failure: the first one wins, all tasks see it at their next step.
  void Fail(Error error);
  bool stopping() const { return stopping_.load(std::memory_order_acquire); }
  std::optional<Error> failure() const;
  // Every task whose end has left it says so once; when all have, the job is done.
  int32_t task_count = 0;
  void TaskFinished();
  bool AllFinished() const { return finished_.load(std::memory_order_acquire) >= task_count; }
  void Stop() { stopping_.store(true, std::memory_order_release); }

  // Checkpoints: one at a time. Sources look at requested(), every stage writes into `snapshot`, tasks report when
  // their last stage is done.
  struct Checkpoint {
    Barrier barrier;
    state::JobSnapshot snapshot;
    int32_t tasks_left = 0;
    std::vector<std::function<Status()>> commits;
  };
  std::atomic<int64_t> requested{0};  // id of the newest barrier that sources must send
  std::atomic<int64_t> completed{0};  // id of the newest checkpoint that is complete, its commits too
  // Up to this id no checkpoint is wanted any more unless it is complete: tasks do not wait for the barriers of such,
  // and sources that stood still after one go on.
  std::atomic<int64_t> abandoned{0};
  void Abandon(int64_t checkpoint);
  std::mutex checkpoint_mutex;
  std::condition_variable checkpoint_changed;
  std::optional<Checkpoint> checkpoint;
  // Commits that wait for the end of the job, when no checkpoint takes them.
  std::vector<std::function<Status()>> final_commits;
  // What they need, by operator: for the snapshot of the job's end.
  std::vector<std::pair<std::string, std::string>> final_tokens;
  // That snapshot is durable: what was prepared must stay, whatever becomes of this job.
  std::atomic<bool> end_persisted{false};

  // Rows that sources have given; at options.hold_after_rows they stand still until `resumed`.
  std::atomic<int64_t> source_rows{0};
  std::atomic<bool> resumed{false};
  bool Held() const {
    return options.hold_after_rows > 0 && source_rows.load(std::memory_order_acquire) >= options.hold_after_rows &&
           !resumed.load(std::memory_order_acquire);
  }
  void CountSourceRows(int64_t rows);

  std::mutex rows_mutex;  // on_rows is called under it

 private:
  std::atomic<int32_t> finished_{0};
  std::atomic<bool> stopping_{false};
  mutable std::mutex failure_mutex_;
  std::optional<Error> failure_;
};

}  // namespace millrace::runtime
