// Time zones: names, gaps and overlaps, the years after the listed transitions.
#include "types/time_zone.h"

#include <gtest/gtest.h>

#include "types/date_time_text.h"

namespace millrace {
namespace {

int64_t Millis(std::string_view text) { return ParseTimestamp(text, 9)->millis; }

const TimeZone& Zone(std::string_view name) {
  Result<const TimeZone*> zone = TimeZone::Find(name);
  EXPECT_TRUE(zone.ok()) << name;
  return zone.ok() ? **zone : *TimeZone::Utc();
}

TEST(TimeZone, OffsetsAreReadAsJavaDoes) {
  struct Case {
    const char* name;
    const char* normal;
    int64_t minutes;
  };
  for (const Case& c :
       {Case{"UTC", "UTC", 0}, Case{"Z", "Z", 0}, Case{"GMT+08:00", "GMT+08:00", 480}, Case{"GMT+8", "GMT+08:00", 480},
        Case{"UTC-05:30", "UTC-05:30", -330}, Case{"+08:00", "+08:00", 480}, Case{"-0330", "-03:30", -210}}) {
    EXPECT_EQ(Zone(c.name).UtcToLocal(0), c.minutes * 60000) << c.name;
    EXPECT_EQ(Zone(c.name).name(), c.normal);
    EXPECT_EQ(Zone(c.name).LocalToUtc(c.minutes * 60000), 0) << c.name;
  }
  for (const char* bad : {"", "Nowhere/City", "+25:00", "GMT+8:00", "../etc/passwd", "+8:0", "UTC+x"}) {
    Result<const TimeZone*> zone = TimeZone::Find(bad);
    ASSERT_FALSE(zone.ok()) << bad;
    EXPECT_EQ(zone.error().code, "time_zone.unknown");
  }
}

TEST(TimeZone, SameNameIsSameAddress) {
  EXPECT_EQ(&Zone("Asia/Shanghai"), &Zone("Asia/Shanghai"));
  EXPECT_EQ(&Zone("UTC"), TimeZone::Utc());
}

TEST(TimeZone, GapMovesForwardAndOverlapTakesTheEarlierOffset) {
  const TimeZone& zone = Zone("America/New_York");
  EXPECT_EQ(zone.UtcToLocal(Millis("2024-03-10 06:59:59")), Millis("2024-03-10 01:59:59"));
  EXPECT_EQ(zone.UtcToLocal(Millis("2024-03-10 07:00:00")), Millis("2024-03-10 03:00:00"));
  EXPECT_EQ(zone.LocalToUtc(Millis("2024-03-10 02:30:00")), Millis("2024-03-10 07:30:00"));
  EXPECT_EQ(zone.CalendarToUtc(Millis("2024-03-10 02:30:00")), Millis("2024-03-10 07:30:00"));
  EXPECT_EQ(zone.LocalToUtc(Millis("2024-11-03 01:30:00")), Millis("2024-11-03 05:30:00"));
  EXPECT_EQ(zone.CalendarToUtc(Millis("2024-11-03 01:30:00")), Millis("2024-11-03 06:30:00"));
  EXPECT_EQ(zone.LocalToUtc(Millis("2024-11-03 02:00:00")), Millis("2024-11-03 07:00:00"));
}

TEST(TimeZone, RulesGoOnAfterTheListedYears) {
  const TimeZone& zone = Zone("Europe/Berlin");
  for (const char* year : {"2037", "2038", "2100", "2400", "2437", "2438", "3000"}) {
    std::string summer = std::string(year) + "-07-01 12:00:00";
    std::string winter = std::string(year) + "-01-15 12:00:00";
    EXPECT_EQ(zone.UtcToLocal(Millis(summer)) - Millis(summer), 2 * 3600000) << year;
    EXPECT_EQ(zone.UtcToLocal(Millis(winter)) - Millis(winter), 3600000) << year;
  }
  EXPECT_EQ(zone.UtcToLocal(Millis("2040-03-25 01:00:00")), Millis("2040-03-25 03:00:00"));
  EXPECT_EQ(zone.UtcToLocal(Millis("2040-03-25 00:59:59")), Millis("2040-03-25 01:59:59"));
  const TimeZone& shanghai = Zone("Asia/Shanghai");
  EXPECT_EQ(shanghai.UtcToLocal(Millis("2400-07-01 00:00:00")), Millis("2400-07-01 08:00:00"));
}

TEST(TimeZone, CalendarNamesFallBackToUtc) {
  EXPECT_EQ(TimeZone::FindOrUtc("PST")->name(), "America/Los_Angeles");
  EXPECT_EQ(TimeZone::FindOrUtc("GMT+8:00")->UtcToLocal(0), 8 * 3600000);
  EXPECT_EQ(TimeZone::FindOrUtc("nonsense"), TimeZone::Utc());
}

}  // namespace
}  // namespace millrace
