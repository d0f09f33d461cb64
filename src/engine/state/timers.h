// Timers of keys, in event time or processing time: each (time, key) at most once, given back in order of time.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <tuple>

#include "base/memory_pool.h"
#include "base/result.h"
#include "engine/state/snapshot.h"

namespace millrace::state {

struct Timer {
  int64_t time = 0;  // milliseconds; the operator says on which clock
  int32_t key_group = 0;
  std::string key;  // canonical bytes, with whatever else the operator needs

  bool operator<(const Timer& other) const {
    return std::tie(time, key_group, key) < std::tie(other.time, other.key_group, other.key);
  }
};

// Owned by one operator; not thread-safe. Equal times come in order of key group and key, so the order does not depend
// on arrival.
class TimerQueue {
 public:
  explicit TimerQueue(MemoryPool* pool) : pool_(pool) {}
  ~TimerQueue();
  TimerQueue(const TimerQueue&) = delete;
  TimerQueue& operator=(const TimerQueue&) = delete;

  void Register(int64_t time, int32_t key_group, std::string_view key);
  void Delete(int64_t time, int32_t key_group, std::string_view key);
  // The earliest timer's time; INT64_MAX when there is none.
  int64_t NextTime() const { return timers_.empty() ? INT64_MAX : timers_.begin()->time; }
  // Takes the earliest timer if it is due (time <= now).
  bool PopDue(int64_t now, Timer* timer);
  size_t size() const { return timers_.size(); }

  Status Snapshot(std::string_view state_name, SnapshotWriter& writer) const;
  Status Restore(std::string_view state_name, SnapshotReader& reader);

 private:
  static int64_t BytesOf(std::string_view key) { return 96 + static_cast<int64_t>(key.size()); }

  MemoryPool* pool_;
  std::set<Timer> timers_;
};

}  // namespace millrace::state
