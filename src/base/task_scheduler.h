// Cooperative tasks on a fixed set of threads. All waiting of the engine happens here: a task that has nothing to do
// returns, and is run again when someone wakes it or when the time that it named has come.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/clock.h"

namespace millrace {

// What a task says after a step.
struct TaskTurn {
  enum class Next : uint8_t {
    kAgain,  // more to do now
    kWait,   // nothing to do until it is woken, or until `wake_at_millis`
    kDone,   // never again
  };
  Next next = Next::kWait;
  int64_t wake_at_millis = INT64_MAX;  // wall clock
  bool quiet = true;                   // kWait: holds nothing that it could work on without new input
};

// One instance of work. Step runs on one thread at a time, a few milliseconds at most.
class CooperativeTask {
 public:
  virtual ~CooperativeTask() = default;
  virtual TaskTurn Step() = 0;
};

// Runs tasks until all are done. Wake may be called from any thread, also from within steps.
class TaskScheduler {
 public:
  // `clock` is borrowed. With 0 threads the tasks run on the thread that calls Run().
  TaskScheduler(int32_t threads, const Clock* clock);
  ~TaskScheduler();

  // Before Run. Returns the id for Wake. The task is borrowed.
  int32_t Add(CooperativeTask* task);
  void Wake(int32_t task);
  void WakeAll();
  // Blocks until every task is done.
  void Run();
  // Blocks until no task has anything to do (all wait and are quiet, or are done), or all are done. For tests and for
  // savepoints of inputs that have been read so far.
  void WaitUntilQuiet();

 private:
  enum class State : uint8_t { kWaiting, kQueued, kRunning, kRunningWoken, kDone };
  struct Slot {
    CooperativeTask* task = nullptr;
    State state = State::kQueued;
    bool quiet = false;
    int64_t wake_at = INT64_MAX;
  };

  void Work();
  bool QuietLocked() const;
  void QueueDueLocked(int64_t now);
  int64_t EarliestLocked() const;
  void FinishStepLocked(int32_t id, const TaskTurn& turn);

  const int32_t thread_count_;
  const Clock* clock_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::condition_variable quiet_;
  std::vector<Slot> slots_;
  std::deque<int32_t> ready_;
  int32_t done_ = 0;
  int32_t running_ = 0;
};

}  // namespace millrace
