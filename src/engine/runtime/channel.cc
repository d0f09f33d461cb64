#include "engine/runtime/channel.h"

namespace millrace::runtime {

void Channel::Push(StreamElement element) {
  {
    std::lock_guard lock(mutex_);
    elements_.push_back(std::move(element));
    size_.store(elements_.size(), std::memory_order_release);
  }
  scheduler_->Wake(consumer_);
}

bool Channel::Pop(StreamElement& element) {
  bool was_full = false;
  {
    std::lock_guard lock(mutex_);
    if (elements_.empty()) return false;
    was_full = elements_.size() >= kMaxElements;
    element = std::move(elements_.front());
    elements_.pop_front();
    size_.store(elements_.size(), std::memory_order_release);
  }
  if (was_full) scheduler_->Wake(producer_);
  return true;
}

}  // namespace millrace::runtime
