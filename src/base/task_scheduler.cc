#include "base/task_scheduler.h"

#include <algorithm>
#include <chrono>

namespace millrace {

TaskScheduler::TaskScheduler(int32_t threads, const Clock* clock) : thread_count_(threads), clock_(clock) {}
TaskScheduler::~TaskScheduler() = default;

int32_t TaskScheduler::Add(CooperativeTask* task) {
  std::lock_guard lock(mutex_);
  auto id = static_cast<int32_t>(slots_.size());
  Slot slot;
  slot.task = task;
  slots_.push_back(slot);
  ready_.push_back(id);
  return id;
}

void TaskScheduler::Wake(int32_t task) {
  std::lock_guard lock(mutex_);
  Slot& slot = slots_[static_cast<size_t>(task)];
  if (slot.state == State::kWaiting) {
    slot.state = State::kQueued;
    ready_.push_back(task);
    changed_.notify_one();
  } else if (slot.state == State::kRunning) {
    slot.state = State::kRunningWoken;
  }
}

void TaskScheduler::WakeAll() {
  std::lock_guard lock(mutex_);
  for (size_t i = 0; i < slots_.size(); ++i) {
    Slot& slot = slots_[i];
    if (slot.state == State::kRunning) slot.state = State::kRunningWoken;
    if (slot.state != State::kWaiting) continue;
    slot.state = State::kQueued;
    ready_.push_back(static_cast<int32_t>(i));
  }
  changed_.notify_all();
}

void TaskScheduler::Run() {
  if (thread_count_ == 0) {
    Work();
    return;
  }
  std::vector<std::thread> threads;
  threads.reserve(static_cast<size_t>(thread_count_));
  for (int32_t i = 0; i < thread_count_; ++i) threads.emplace_back([this] { Work(); });
  for (std::thread& thread : threads) thread.join();
}

bool TaskScheduler::QuietLocked() const {
  if (!ready_.empty() || running_ > 0) return false;
  return std::all_of(slots_.begin(), slots_.end(), [](const Slot& slot) {
    return slot.state == State::kDone || (slot.state == State::kWaiting && slot.quiet);
  });
}

void TaskScheduler::WaitUntilQuiet() {
  std::unique_lock lock(mutex_);
  quiet_.wait(lock, [this] { return QuietLocked() || done_ == static_cast<int32_t>(slots_.size()); });
}

int64_t TaskScheduler::EarliestLocked() const {
  int64_t earliest = INT64_MAX;
  for (const Slot& slot : slots_) {
    if (slot.state == State::kWaiting) earliest = std::min(earliest, slot.wake_at);
  }
  return earliest;
}

void TaskScheduler::QueueDueLocked(int64_t now) {
  for (size_t i = 0; i < slots_.size(); ++i) {
    Slot& slot = slots_[i];
    if (slot.state != State::kWaiting || slot.wake_at > now) continue;
    slot.state = State::kQueued;
    ready_.push_back(static_cast<int32_t>(i));
  }
}

void TaskScheduler::FinishStepLocked(int32_t id, const TaskTurn& turn) {
  Slot& slot = slots_[static_cast<size_t>(id)];
  bool woken = slot.state == State::kRunningWoken;
  slot.quiet = turn.quiet;
  if (turn.next == TaskTurn::Next::kDone) {
    slot.state = State::kDone;
    ++done_;
    changed_.notify_all();
  } else if (turn.next == TaskTurn::Next::kAgain || woken) {
    slot.state = State::kQueued;
    ready_.push_back(id);
    changed_.notify_one();
  } else {
    slot.state = State::kWaiting;
    slot.wake_at = turn.wake_at_millis;
  }
}

void TaskScheduler::Work() {
  std::unique_lock lock(mutex_);
  while (done_ < static_cast<int32_t>(slots_.size())) {
    if (ready_.empty()) {
      if (QuietLocked()) quiet_.notify_all();
      int64_t earliest = EarliestLocked();
      int64_t now = clock_->NowMillis();
      if (earliest <= now) {
        QueueDueLocked(now);
        continue;
      }
      if (earliest == INT64_MAX) {
        changed_.wait(lock);
      } else {
        changed_.wait_for(lock, std::chrono::milliseconds(std::min<int64_t>(earliest - now, 1000)));
      }
      continue;
    }
    int32_t id = ready_.front();
    ready_.pop_front();
    slots_[static_cast<size_t>(id)].state = State::kRunning;
    CooperativeTask* task = slots_[static_cast<size_t>(id)].task;
    ++running_;
    lock.unlock();
    TaskTurn turn = task->Step();
    lock.lock();
    --running_;
    FinishStepLocked(id, turn);
  }
  quiet_.notify_all();
  changed_.notify_all();
}

}  // namespace millrace
