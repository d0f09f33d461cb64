// What flows between tasks, and the bounded queues that carry it. A full queue is the back-pressure.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <mutex>
#include <variant>

#include "base/task_scheduler.h"
#include "types/chunk.h"

namespace millrace::runtime {

// A checkpoint's place in a stream. With `stop`, sources send nothing after it (stop-with-savepoint); with `drain` too
// they have sent the maximum watermark before it, and operators give out what they hold as at the end of their input.
struct Barrier {
  int64_t checkpoint = 0;
  bool stop = false;
  bool drain = false;
};
struct WatermarkElement {
  int64_t watermark = kMinWatermark;
};
// Nothing will come for a while: do not wait for this channel's watermark.
struct IdleElement {
  bool idle = true;
};
struct EndElement {};

using StreamElement = std::variant<Chunk, WatermarkElement, Barrier, IdleElement, EndElement>;

// One producer task, one consumer task.
class Channel {
 public:
  static constexpr size_t kMaxElements = 16;

  // Set before the job runs: whom to wake.
  void Connect(TaskScheduler* scheduler, int32_t producer, int32_t consumer) {
    scheduler_ = scheduler;
    producer_ = producer;
    consumer_ = consumer;
  }
  // Takes the element even when full; a producer asks HasRoom() before it makes more.
  void Push(StreamElement element);
  bool HasRoom() const { return size_.load(std::memory_order_acquire) < kMaxElements; }
  bool Empty() const { return size_.load(std::memory_order_acquire) == 0; }
  // False when empty.
  bool Pop(StreamElement& element);

 private:
  std::mutex mutex_;
  std::deque<StreamElement> elements_;
  std::atomic<size_t> size_{0};
  TaskScheduler* scheduler_ = nullptr;
  int32_t producer_ = -1;
  int32_t consumer_ = -1;
};

}  // namespace millrace::runtime
