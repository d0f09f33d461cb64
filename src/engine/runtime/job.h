// A running job: the tasks of a physical plan, started, watched, snapshotted, cancelled.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/memory_pool.h"
#include "base/result.h"
#include "engine/plan/physical.h"
#include "engine/state/snapshot.h"
#include "types/time_zone.h"

namespace millrace::runtime {

struct JobOptions {
  int32_t parallelism = 1;
  int32_t max_parallelism = state::kDefaultMaxParallelism;
  int32_t threads = 1;  // worker threads; 0: the thread that calls Run()
  int32_t chunk_rows = kDefaultChunkRows;
  MemoryPool* pool = MemoryPool::Process();
  const Clock* clock = Clock::System();
  const TimeZone* zone = TimeZone::Utc();
  bool batch = false;
  bool legacy_cast = false;
  uint64_t seed = 0;
  int64_t query_start_millis = 0;
  // Rows of sinks without a connector (SELECT), in order, one call at a time from any worker thread.
  std::function<Status(const Chunk&)> on_rows;
  // Lines of the `print` connector; null: standard output.
  std::function<void(std::string_view)> print_line;
  // To continue from: read during Create, not kept. State that no operator of the plan claims is an error
  // ("snapshot.unclaimed") unless it may be left behind.
  const state::JobSnapshot* restore = nullptr;
  bool ignore_unclaimed_state = false;
  // Sources stop reading when all of them together have given this many rows (a chunk more at most), until
  // Job::Resume(); 0: never.
  int64_t hold_after_rows = 0;
};

// What one operator of one vertex has done so far, over all subtasks.
struct OperatorStatus {
  std::string name;  // "GroupAggregate(groupBy=[…]…)"
  int32_t parallelism = 1;
  int64_t rows_in = 0;
  int64_t rows_out = 0;
  int64_t busy_nanos = 0;
  int64_t back_pressured_nanos = 0;
  int64_t watermark = kMinWatermark;
  int64_t late_rows_dropped = 0;
};

// How a snapshot is taken.
struct SnapshotRequest {
  bool stop = false;       // the job ends after it without emitting anything more
  bool drain = false;      // with `stop`: the maximum watermark goes first, so that windows and timers fire
  bool commit = true;      // false: sinks commit what it covers only with the next snapshot that commits, or at the end
  int64_t timeout_ms = 0;  // from its start until all tasks are part of it; 0: none
};

// All methods but Run may be called from any thread while Run works.
class Job {
 public:
  static Result<std::unique_ptr<Job>> Create(const plan::PhysicalPlan& plan, JobOptions options);
  ~Job();

  // Makes a snapshot durable before any sink commits what it covers; its failure is that of the checkpoint.
  using Persist = std::function<Status(state::JobSnapshot&)>;
  // Blocks until the job has finished (its bounded inputs are at their end), was stopped or cancelled, or failed; the
  // cause is returned. Cancelled jobs give code "job.cancelled". At the end of the input sinks commit their last rows;
  // `persist_end`, if given, gets a snapshot before they do: a job that is restored from it only finishes these
  // commits, and has ended.
  Status Run(const Persist& persist_end = nullptr);
  void Cancel();
  // Whether Cancel was called, even after the job's end: who would start it anew asks.
  bool cancel_asked() const;
  // Ends the job with this error.
  void Fail(Error error);
  // A consistent snapshot of the running job. With `stop` the job ends after it without emitting anything more.
  // Errors: "checkpoint.busy", "checkpoint.finished" (the job's end or failure came first), "checkpoint.timeout". After
  // a snapshot that failed before it was durable the job goes on, also one that was to stop without draining.
  Result<state::JobSnapshot> Snapshot(const SnapshotRequest& request, const Persist& persist = nullptr);
  Result<state::JobSnapshot> Snapshot(bool stop, const Persist& persist = nullptr) {
    SnapshotRequest request;
    request.stop = stop;
    return Snapshot(request, persist);
  }
  // Until the sources stand still at JobOptions::hold_after_rows. False: the job's end came first.
  bool WaitForHold();
  void Resume();
  // Until everything that the sources have now is processed.
  void WaitUntilQuiet();
  std::vector<OperatorStatus> Operators() const;
  int64_t rows_read() const;
  int64_t rows_written() const;

 private:
  struct Impl;
  explicit Job(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace millrace::runtime
