#include "engine/runtime/job_shared.h"

#include <algorithm>

namespace millrace::runtime {

void JobShared::Fail(Error error) {
  {
    std::lock_guard lock(failure_mutex_);
    if (!failure_) failure_ = std::move(error);
  }
  Stop();
  {
    std::lock_guard lock(checkpoint_mutex);
    checkpoint_changed.notify_all();
  }
  scheduler->WakeAll();
}

void JobShared::TaskFinished() {
  if (finished_.fetch_add(1, std::memory_order_acq_rel) + 1 < task_count) return;
  {
    std::lock_guard lock(checkpoint_mutex);
    checkpoint_changed.notify_all();
  }
  scheduler->WakeAll();
}

void JobShared::Abandon(int64_t checkpoint) {
  abandoned.store(checkpoint, std::memory_order_release);
  scheduler->WakeAll();
}

void JobShared::CountSourceRows(int64_t rows) {
  if (options.hold_after_rows <= 0) return;
  source_rows.fetch_add(rows, std::memory_order_acq_rel);
  if (!Held()) return;
  std::lock_guard lock(checkpoint_mutex);
  checkpoint_changed.notify_all();
}

std::optional<Error> JobShared::failure() const {
  std::lock_guard lock(failure_mutex_);
  return failure_;
}

Status SplitAssigner::Enumerate(int32_t parallelism, const std::set<std::string>& known,
                                std::vector<connectors::Split> resumed) {
  asked_parallelism_ = parallelism;
  MR_ASSIGN(std::vector<connectors::Split> found, source_->EnumerateSplits(parallelism));
  std::lock_guard lock(mutex_);
  named_ = known;
  for (const connectors::Split& split : found) named_.insert(split.id);
  for (connectors::Split& split : resumed) shared_.push_back(std::move(split));
  for (connectors::Split& split : found) {
    if (!known.contains(split.id)) shared_.push_back(std::move(split));
  }
  known_ = known;
  return Status::Ok();
}

Status SplitAssigner::Discover() {
  MR_ASSIGN(std::vector<connectors::Split> found, source_->EnumerateSplits(asked_parallelism_));
  std::lock_guard lock(mutex_);
  for (connectors::Split& split : found) {
    if (!named_.insert(split.id).second) continue;
    std::deque<connectors::Split>& queue = one_at_a_time() ? shared_ : per_reader_[next_reader_++ % per_reader_.size()];
    queue.push_back(std::move(split));
    discovered_.fetch_add(1, std::memory_order_acq_rel);
  }
  return Status::Ok();
}

int32_t SplitAssigner::ReaderLimit() const {
  std::lock_guard lock(mutex_);
  bool complete = source_->bounded() && source_->discovery_interval_ms() <= 0;
  return complete ? std::max<int32_t>(1, static_cast<int32_t>(shared_.size())) : INT32_MAX;
}

void SplitAssigner::SetReaders(int32_t readers) {
  std::lock_guard lock(mutex_);
  per_reader_.resize(static_cast<size_t>(readers));
  if (one_at_a_time()) return;
  for (; !shared_.empty(); ++next_reader_) {
    per_reader_[next_reader_ % per_reader_.size()].push_back(std::move(shared_.front()));
    shared_.pop_front();
  }
}

std::optional<connectors::Split> SplitAssigner::Next(int32_t subtask, int64_t epoch) {
  std::lock_guard lock(mutex_);
  std::deque<connectors::Split>& queue = one_at_a_time() ? shared_ : per_reader_[static_cast<size_t>(subtask)];
  if (queue.empty()) return std::nullopt;
  connectors::Split split = std::move(queue.front());
  queue.pop_front();
  taken_.push_back({split, epoch});
  return split;
}

std::vector<connectors::Split> SplitAssigner::Waiting(int64_t checkpoint) {
  std::lock_guard lock(mutex_);
  std::vector<connectors::Split> splits(shared_.begin(), shared_.end());
  for (const auto& queue : per_reader_) splits.insert(splits.end(), queue.begin(), queue.end());
  std::erase_if(taken_, [&](const Taken& taken) { return taken.epoch < checkpoint; });  // in their readers' snapshots
  for (const Taken& taken : taken_) splits.push_back(taken.split);
  return splits;
}

}  // namespace millrace::runtime
