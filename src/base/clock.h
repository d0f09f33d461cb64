// Time comes in through here; nothing else reads the system's clock.
#pragma once

#include <cstdint>

namespace millrace {

// Wall clock and monotonic clock. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  // Milliseconds since 1970-01-01T00:00:00Z.
  virtual int64_t NowMillis() const = 0;
  // Nanoseconds of a clock that never goes back; only differences have a meaning.
  virtual int64_t MonotonicNanos() const = 0;

  // The machine's clock. Never destroyed.
  static const Clock* System();
};

// A clock that a test or a simulation moves by hand.
class ManualClock : public Clock {
 public:
  explicit ManualClock(int64_t now_millis = 0) : now_millis_(now_millis) {}
  int64_t NowMillis() const override { return now_millis_; }
  int64_t MonotonicNanos() const override { return now_millis_ * 1'000'000; }
  void Advance(int64_t millis) { now_millis_ += millis; }

 private:
  int64_t now_millis_;
};

}  // namespace millrace
