// Where windows begin and end. All times are milliseconds; "local" ones are wall-clock time of the session zone for
// TIMESTAMP_LTZ, and simply the timestamp otherwise. A slice is the largest span that no window's border cuts; windows
// are runs of slices.
#pragma once

#include <cstdint>

#include "engine/plan/physical.h"

namespace millrace::operators {

// Of one TUMBLE, HOP or CUMULATE window specification (of SESSION: zone arithmetic only). Immutable.
class WindowMath {
 public:
  explicit WindowMath(const plan::Window& window);

  int64_t ToLocal(int64_t epoch_millis) const {
    return shifted_ && epoch_millis != INT64_MAX ? window_.zone->UtcToLocal(epoch_millis) : epoch_millis;
  }
  int64_t ToEpoch(int64_t local_millis) const {
    return shifted_ && local_millis != INT64_MAX ? window_.zone->LocalToUtc(local_millis) : local_millis;
  }
  // The watermark (or processing time) at which a window that ends at `end` is complete.
  int64_t TriggerTime(int64_t end) const;
  bool IsFired(int64_t end, int64_t progress) const { return end != INT64_MAX && progress >= TriggerTime(end); }

  // Below: not for SESSION.
  int64_t slice_ms() const { return slice_ms_; }
  int64_t SliceEnd(int64_t local) const { return Floor(local, slice_ms_) + slice_ms_; }
  // The first and the last window that hold the slice; kNoWindow when a HOP with gaps has none.
  static constexpr int64_t kNoWindow = INT64_MIN;
  int64_t FirstWindowEnd(int64_t slice_end) const;
  int64_t LastWindowEnd(int64_t slice_end) const;
  int64_t NextWindowEnd(int64_t end) const { return end + step_ms_; }
  int64_t WindowStart(int64_t end) const;
  // CUMULATE: the end of the first slice of the window that ends at `end`; what was counted before stands there.
  int64_t BaseSlice(int64_t end) const { return WindowStart(end) + slice_ms_; }

  const plan::Window& window() const { return window_; }

 private:
  // The greatest offset + k * size that is not above `millis`.
  int64_t Floor(int64_t millis, int64_t size) const;

  plan::Window window_;
  bool shifted_;  // local time is not epoch time
  int64_t slice_ms_ = 1;
  int64_t step_ms_ = 1;  // between the ends of neighbouring windows
};

}  // namespace millrace::operators
