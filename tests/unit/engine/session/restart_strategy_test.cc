// Restart strategies: Flink's keys, defaults and arithmetic.
#include "engine/session/restart_strategy.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace millrace::engine {
namespace {

using Kind = RestartSettings::Kind;

RestartSettings Read(const OptionMap& config, bool checkpoints = true) {
  auto settings = ReadRestartSettings(config, checkpoints);
  EXPECT_TRUE(settings.ok()) << settings.error().ToString();
  return settings.ok() ? *settings : RestartSettings{};
}

TEST(RestartSettings, DependOnCheckpointsWhenNoTypeIsGiven) {
  EXPECT_EQ(Read({}, false).kind, Kind::kNone);
  EXPECT_EQ(Read({}, true).kind, Kind::kExponentialDelay);
}

TEST(RestartSettings, HaveFlinksNames) {
  const std::vector<std::pair<std::string, Kind>> names{
      {"none", Kind::kNone},
      {"off", Kind::kNone},
      {"disable", Kind::kNone},
      {"fixed-delay", Kind::kFixedDelay},
      {"fixeddelay", Kind::kFixedDelay},
      {"failure-rate", Kind::kFailureRate},
      {"failurerate", Kind::kFailureRate},
      {"exponential-delay", Kind::kExponentialDelay},
      {"exponentialdelay", Kind::kExponentialDelay},
  };
  for (const auto& [name, kind] : names) {
    EXPECT_EQ(Read({{"restart-strategy.type", name}}).kind, kind) << name;
    EXPECT_EQ(Read({{"restart-strategy", name}}).kind, kind) << name;
  }
}

TEST(RestartSettings, NameTheOptionThatIsWrong) {
  struct Wrong {
    const char* type;
    const char* key;  // below "restart-strategy."
    const char* value;
  };
  const std::vector<Wrong> wrong{
      {"sometimes", "type", "sometimes"},
      {"fixed-delay", "fixed-delay.attempts", "-1"},
      {"fixed-delay", "fixed-delay.delay", "soon"},
      {"failure-rate", "failure-rate.max-failures-per-interval", "0"},
      {"exponential-delay", "exponential-delay.backoff-multiplier", "1"},
      {"exponential-delay", "exponential-delay.jitter-factor", "1.5"},
      {"exponential-delay", "exponential-delay.max-backoff", "500 ms"},
  };
  for (const auto& [type, name, value] : wrong) {
    std::string key = std::string("restart-strategy.") + name;
    OptionMap config{{"restart-strategy.type", type}};
    config[key] = value;
    auto settings = ReadRestartSettings(config, true);
    ASSERT_FALSE(settings.ok()) << key;
    EXPECT_EQ(settings.error().code, "option.value");
    EXPECT_NE(settings.error().message.find(key), std::string::npos) << settings.error().message;
  }
}

TEST(RestartStrategy, NoneGivesUpAtOnce) { EXPECT_EQ(RestartStrategy({}, 1).OnFailure(0), std::nullopt); }

TEST(RestartStrategy, FixedDelayAllowsSoManyRestarts) {
  RestartStrategy strategy(Read({{"restart-strategy.type", "fixed-delay"},
                                 {"restart-strategy.fixed-delay.attempts", "2"},
                                 {"restart-strategy.fixed-delay.delay", "3 s"}}),
                           1);
  EXPECT_EQ(strategy.OnFailure(0), 3000);
  EXPECT_EQ(strategy.OnFailure(1), 3000);
  EXPECT_EQ(strategy.OnFailure(1'000'000), std::nullopt);
  EXPECT_EQ(strategy.Limit(), "the restart strategy fixed-delay allows 2 restarts");
}

TEST(RestartStrategy, FailureRateLooksAtAnInterval) {
  RestartStrategy strategy(Read({{"restart-strategy.type", "failure-rate"},
                                 {"restart-strategy.failure-rate.max-failures-per-interval", "2"},
                                 {"restart-strategy.failure-rate.failure-rate-interval", "10 s"}}),
                           1);
  EXPECT_EQ(strategy.OnFailure(0), 1000);
  EXPECT_EQ(strategy.OnFailure(5'000), 1000);
  EXPECT_EQ(strategy.OnFailure(10'001), 1000);          // the first is out of the interval
  EXPECT_EQ(strategy.OnFailure(15'000), std::nullopt);  // three within 10 s
}

TEST(RestartStrategy, ExponentialDelayGrowsToItsLongestAndStartsAnew) {
  RestartStrategy strategy(Read({{"restart-strategy.exponential-delay.jitter-factor", "0"}}), 1);
  int64_t now = 0;
  std::vector<int64_t> waits;
  for (int i = 0; i < 12; ++i) {
    auto wait = strategy.OnFailure(now);
    ASSERT_TRUE(wait.has_value());
    waits.push_back(*wait);
    now += *wait + 100;
  }
  EXPECT_EQ(waits,
            (std::vector<int64_t>{1000, 1500, 2250, 3375, 5062, 7593, 11390, 17085, 25628, 38443, 57665, 60000}));
  EXPECT_EQ(strategy.OnFailure(now + 3'600'000), 1000);
}

TEST(RestartStrategy, JitterStaysWithinItsPart) {
  constexpr uint64_t kSeed = 7;
  SCOPED_TRACE("seed " + std::to_string(kSeed));
  RestartStrategy strategy(Read({{"restart-strategy.exponential-delay.jitter-factor", "0.1"},
                                 {"restart-strategy.exponential-delay.reset-backoff-threshold", "1 ms"}}),
                           kSeed);
  bool differs = false;
  for (int64_t i = 0; i < 200; ++i) {
    auto wait = strategy.OnFailure(i * 10'000);
    ASSERT_TRUE(wait.has_value());
    EXPECT_GE(*wait, 900);
    EXPECT_LE(*wait, 1100);
    differs |= *wait != 1000;
  }
  EXPECT_TRUE(differs);
}

TEST(RestartStrategy, ExponentialDelayMayCountAttempts) {
  RestartStrategy strategy(Read({{"restart-strategy.exponential-delay.attempts-before-reset-backoff", "2"}}), 1);
  EXPECT_TRUE(strategy.OnFailure(0).has_value());
  EXPECT_TRUE(strategy.OnFailure(5'000).has_value());
  EXPECT_EQ(strategy.OnFailure(10'000), std::nullopt);
}

}  // namespace
}  // namespace millrace::engine
