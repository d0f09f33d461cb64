// Whether and when a job that failed starts again: Flink's restart strategies, under Flink 1.20's keys and defaults.
// https://nightlies.apache.org/flink/flink-docs-release-1.20/docs/ops/state/task_failure_recovery/
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "base/options.h"
#include "base/random.h"
#include "base/result.h"

namespace millrace::engine {

struct RestartSettings {
  enum class Kind : uint8_t { kNone, kFixedDelay, kFailureRate, kExponentialDelay };
  Kind kind = Kind::kNone;       // 'restart-strategy.type'
  int64_t attempts = 1;          // fixed-delay: restarts at most
  int64_t delay_ms = 1000;       // fixed-delay, failure-rate
  int64_t failures = 1;          // failure-rate: so many in an interval are borne
  int64_t interval_ms = 60'000;  // failure-rate
  int64_t initial_ms = 1000;     // exponential-delay: the first wait
  int64_t longest_ms = 60'000;   // no wait is longer
  double multiplier = 1.5;       // each wait is that much longer than the one before
  int64_t reset_ms = 3'600'000;  // after that long without a failure the first wait comes again
  double jitter = 0.1;           // part of a wait by which it may differ
  int64_t attempts_until_reset = 2'147'483'647;
};

// Reads Flink's options. Without a type it is exponential-delay when checkpoints are taken, else none. Errors:
// "option.value" with the option's name.
Result<RestartSettings> ReadRestartSettings(const OptionMap& config, bool checkpoints);

// The history of one job's failures. Not thread-safe.
class RestartStrategy {
 public:
  RestartStrategy(RestartSettings settings, uint64_t seed) : settings_(settings), random_(seed) {}

  // The job has failed. `now_ms` is of a clock that never goes back. Gives the milliseconds until it starts again;
  // none: it stays failed.
  std::optional<int64_t> OnFailure(int64_t now_ms);
  // Why OnFailure gave none: "the restart strategy fixed-delay allows 3 restarts".
  std::string Limit() const;

 private:
  std::optional<int64_t> OnFailureAtARate(int64_t now_ms);
  std::optional<int64_t> OnFailureWithBackoff(int64_t now_ms);

  RestartSettings settings_;
  Random random_;
  int64_t restarts_ = 0;           // since the last reset
  std::deque<int64_t> failed_at_;  // failure-rate: the last ones
  int64_t next_start_ms_ = 0;      // exponential-delay
};

}  // namespace millrace::engine
