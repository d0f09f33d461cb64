#include "engine/session/restart_strategy.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engine/session/config_option.h"

namespace millrace::engine {
namespace {

using Kind = RestartSettings::Kind;

// Flink takes each type by several names.
Result<Kind> ParseKind(const GivenOption& option) {
  const std::string& name = option.value;
  if (name == "none" || name == "off" || name == "disable") return Kind::kNone;
  if (name == "fixed-delay" || name == "fixeddelay") return Kind::kFixedDelay;
  if (name == "failure-rate" || name == "failurerate") return Kind::kFailureRate;
  if (name == "exponential-delay" || name == "exponentialdelay") return Kind::kExponentialDelay;
  return UserError("option.value", fmt::format("'{}' is '{}', which is no restart strategy", option.key, name),
                   "it is one of none, fixed-delay, failure-rate, exponential-delay");
}

Status ReadBackoff(const OptionMap& config, RestartSettings& settings) {
  MR_ASSIGN(settings.initial_ms,
            DurationOption(config, {"restart-strategy.exponential-delay.initial-backoff"}, settings.initial_ms, 1));
  MR_ASSIGN(settings.longest_ms,
            DurationOption(config, {"restart-strategy.exponential-delay.max-backoff"}, settings.longest_ms, 1));
  MR_ASSIGN(settings.multiplier,
            NumberOption(config, {"restart-strategy.exponential-delay.backoff-multiplier"}, settings.multiplier));
  MR_ASSIGN(settings.reset_ms, DurationOption(config, {"restart-strategy.exponential-delay.reset-backoff-threshold"},
                                              settings.reset_ms, 1));
  MR_ASSIGN(settings.jitter,
            NumberOption(config, {"restart-strategy.exponential-delay.jitter-factor"}, settings.jitter));
  MR_ASSIGN(settings.attempts_until_reset,
            WholeOption(config, {"restart-strategy.exponential-delay.attempts-before-reset-backoff"},
                        settings.attempts_until_reset, 1));
  if (settings.initial_ms > settings.longest_ms) {
    return UserError("option.value",
                     "'restart-strategy.exponential-delay.initial-backoff' must not be longer than "
                     "'restart-strategy.exponential-delay.max-backoff'");
  }
  if (settings.multiplier <= 1) {
    return UserError("option.value", "'restart-strategy.exponential-delay.backoff-multiplier' must be more than 1");
  }
  if (settings.jitter < 0 || settings.jitter > 1) {
    return UserError("option.value", "'restart-strategy.exponential-delay.jitter-factor' must be from 0 to 1");
  }
  return Status::Ok();
}

}  // namespace

Result<RestartSettings> ReadRestartSettings(const OptionMap& config, bool checkpoints) {
  RestartSettings settings;
  GivenOption type = FindOption(config, {"restart-strategy.type", "restart-strategy"});
  settings.kind = checkpoints ? Kind::kExponentialDelay : Kind::kNone;
  if (!type.key.empty()) {
    MR_ASSIGN(settings.kind, ParseKind(type));
  }
  switch (settings.kind) {
    case Kind::kNone:
      break;
    case Kind::kFixedDelay: {
      MR_ASSIGN(settings.attempts,
                WholeOption(config, {"restart-strategy.fixed-delay.attempts"}, settings.attempts, 0));
      MR_ASSIGN(settings.delay_ms,
                DurationOption(config, {"restart-strategy.fixed-delay.delay"}, settings.delay_ms, 0));
      break;
    }
    case Kind::kFailureRate: {
      MR_ASSIGN(settings.failures,
                WholeOption(config, {"restart-strategy.failure-rate.max-failures-per-interval"}, settings.failures, 1));
      MR_ASSIGN(settings.interval_ms, DurationOption(config, {"restart-strategy.failure-rate.failure-rate-interval"},
                                                     settings.interval_ms, 1));
      MR_ASSIGN(settings.delay_ms,
                DurationOption(config, {"restart-strategy.failure-rate.delay"}, settings.delay_ms, 0));
      break;
    }
    case Kind::kExponentialDelay:
      MR_RETURN_IF_ERROR(ReadBackoff(config, settings));
      break;
  }
  return settings;
}

std::optional<int64_t> RestartStrategy::OnFailure(int64_t now_ms) {
  switch (settings_.kind) {
    case Kind::kNone:
      return std::nullopt;
    case Kind::kFixedDelay:
      if (++restarts_ > settings_.attempts) return std::nullopt;
      return settings_.delay_ms;
    case Kind::kFailureRate:
      return OnFailureAtARate(now_ms);
    case Kind::kExponentialDelay:
      return OnFailureWithBackoff(now_ms);
  }
  return std::nullopt;
}

std::optional<int64_t> RestartStrategy::OnFailureAtARate(int64_t now_ms) {
  if (static_cast<int64_t>(failed_at_.size()) > settings_.failures) failed_at_.pop_front();
  failed_at_.push_back(now_ms);
  bool many = static_cast<int64_t>(failed_at_.size()) > settings_.failures;
  if (many && now_ms - failed_at_.front() <= settings_.interval_ms) return std::nullopt;
  return settings_.delay_ms;
}

std::optional<int64_t> RestartStrategy::OnFailureWithBackoff(int64_t now_ms) {
  if (restarts_ > 0 && now_ms - next_start_ms_ >= settings_.reset_ms) restarts_ = 0;
  if (restarts_ >= settings_.attempts_until_reset) return std::nullopt;
  double wait = static_cast<double>(settings_.initial_ms) * std::pow(settings_.multiplier, restarts_);
  auto backoff = static_cast<int64_t>(std::min(wait, static_cast<double>(settings_.longest_ms)));
  auto offset = static_cast<int64_t>(static_cast<double>(backoff) * settings_.jitter);
  backoff += static_cast<int64_t>(random_.Below(static_cast<uint64_t>(2 * offset + 1))) - offset;
  backoff = std::min(backoff, settings_.longest_ms);
  ++restarts_;
  next_start_ms_ = now_ms + backoff;
  return backoff;
}

std::string RestartStrategy::Limit() const {
  switch (settings_.kind) {
    case Kind::kNone:
      return {};
    case Kind::kFixedDelay:
      return fmt::format("the restart strategy fixed-delay allows {} restart{}", settings_.attempts,
                         settings_.attempts == 1 ? "" : "s");
    case Kind::kFailureRate:
      return fmt::format("the restart strategy failure-rate allows {} failure{} in {} s", settings_.failures,
                         settings_.failures == 1 ? "" : "s", settings_.interval_ms / 1000);
    case Kind::kExponentialDelay:
      return fmt::format("the restart strategy exponential-delay allows {} restarts", settings_.attempts_until_reset);
  }
  return {};
}

}  // namespace millrace::engine
