#include "engine/operators/windows/window_math.h"

#include <numeric>

namespace millrace::operators {

WindowMath::WindowMath(const plan::Window& window)
    : window_(window), shifted_(window.ltz && window.zone != TimeZone::Utc()) {
  switch (window.kind) {
    case plan::WindowKind::kTumble:
      slice_ms_ = step_ms_ = window.size_ms;
      break;
    case plan::WindowKind::kHop:
      slice_ms_ = std::gcd(window.size_ms, window.slide_ms);
      step_ms_ = window.slide_ms;
      break;
    case plan::WindowKind::kCumulate:
      slice_ms_ = step_ms_ = window.slide_ms;
      break;
    case plan::WindowKind::kSession:
      break;
  }
}

int64_t WindowMath::Floor(int64_t millis, int64_t size) const {
  int64_t rest = (millis - window_.offset_ms) % size;
  return rest < 0 ? millis - rest - size : millis - rest;
}

// Flink's rule for local times that the clock skips or shows twice: the window is complete at the skip, or after the
// second time.
int64_t WindowMath::TriggerTime(int64_t end) const {
  int64_t last = end - 1;
  if (!shifted_ || last == INT64_MAX) return last;
  constexpr int64_t kHour = 3600 * 1000;
  int64_t at = window_.zone->LocalToUtc(last);
  int64_t hour_later = window_.zone->LocalToUtc(last + kHour);
  if (at == hour_later) return at - at % kHour;
  return hour_later - at > kHour ? at + kHour : at;
}

int64_t WindowMath::FirstWindowEnd(int64_t slice_end) const {
  if (window_.kind != plan::WindowKind::kHop) return slice_end;
  // Windows end at offset + size + k * slide.
  int64_t start = slice_end - window_.size_ms;
  int64_t end = Floor(start, step_ms_) + window_.size_ms;
  if (end < slice_end) end += step_ms_;
  return end - window_.size_ms <= slice_end - slice_ms_ ? end : kNoWindow;
}

int64_t WindowMath::LastWindowEnd(int64_t slice_end) const {
  switch (window_.kind) {
    case plan::WindowKind::kTumble:
    case plan::WindowKind::kSession:
      return slice_end;
    case plan::WindowKind::kHop: {
      int64_t end = Floor(slice_end - slice_ms_, step_ms_) + window_.size_ms;
      return end >= slice_end ? end : kNoWindow;
    }
    case plan::WindowKind::kCumulate:
      return WindowStart(slice_end) + window_.size_ms;
  }
  return slice_end;
}

int64_t WindowMath::WindowStart(int64_t end) const {
  if (window_.kind == plan::WindowKind::kCumulate) return Floor(end - 1, window_.size_ms);
  return end - window_.size_ms;
}

}  // namespace millrace::operators
