#include "engine/state/timers.h"

#include <gtest/gtest.h>

#include <vector>

namespace millrace::state {
namespace {

TEST(TimerQueue, ComesInOrderAndOnce) {
  MemoryPool pool("test");
  {
    TimerQueue timers(&pool);
    timers.Register(20, 1, "b");
    timers.Register(10, 3, "a");
    timers.Register(10, 2, "z");
    timers.Register(10, 2, "z");
    timers.Register(15, 2, "gone");
    timers.Delete(15, 2, "gone");
    EXPECT_EQ(timers.size(), 3U);
    EXPECT_EQ(timers.NextTime(), 10);
    Timer timer;
    EXPECT_FALSE(timers.PopDue(9, &timer));
    std::vector<std::string> order;
    while (timers.PopDue(19, &timer)) order.push_back(timer.key);
    EXPECT_EQ(order, (std::vector<std::string>{"z", "a"}));
    EXPECT_EQ(timers.NextTime(), 20);
  }
  EXPECT_EQ(pool.used_bytes(), 0);
}

TEST(TimerQueue, RestoresTheKeyGroupsThatAreAsked) {
  JobSnapshot snapshot;
  TimerQueue timers(MemoryPool::Process());
  timers.Register(1, 5, "low");
  timers.Register(2, 90, "high");
  ASSERT_TRUE(timers.Snapshot("timers", *snapshot.Writer("op")).ok());
  TimerQueue upper(MemoryPool::Process());
  ASSERT_TRUE(upper.Restore("timers", *snapshot.Reader("op", {64, 127})).ok());
  EXPECT_EQ(upper.size(), 1U);
  EXPECT_EQ(upper.NextTime(), 2);
}

}  // namespace
}  // namespace millrace::state
