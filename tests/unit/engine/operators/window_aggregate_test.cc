#include <gtest/gtest.h>

#include "aggregate_calls.h"
#include "engine/operators/factories.h"
#include "engine/operators/windows/window_math.h"
#include "operator_harness.h"

namespace millrace::operators {
namespace {

// key, value, time
const std::vector<DataType> kTypes = {DataType::String(), DataType::Bigint(), DataType::Timestamp(3)};

plan::WindowAggregateSpec SpecOf(plan::WindowKind kind, int64_t size, int64_t slide = 0) {
  plan::WindowAggregateSpec spec;
  spec.window.kind = kind;
  spec.window.size_ms = size;
  spec.window.slide_ms = slide;
  spec.window.time_column = 2;
  spec.keys = {0};
  spec.aggregates = {Call("SUM", {1}, kTypes), Call("COUNT", {}, kTypes)};
  spec.properties = {plan::WindowProperty::kStart, plan::WindowProperty::kEnd};
  return spec;
}

template <typename Spec>
OperatorHarness Harness(const Spec& spec, const std::vector<DataType>& types = kTypes) {
  plan::PhysicalNode node = NodeOver(spec, {types}, {spec.keys});
  for (int32_t key : spec.keys) node.output.fields.push_back({"k", types[static_cast<size_t>(key)], ""});
  for (const auto& call : spec.aggregates) node.output.fields.push_back({"a", call.type, ""});
  for (size_t i = 0; i < spec.properties.size(); ++i) node.output.fields.push_back({"p", DataType::Timestamp(3), ""});
  return OperatorHarness(node, [spec](const plan::PhysicalNode& n) { return Make(spec, n); });
}

TEST(WindowAggregate, TumbleFiresAtTheWatermarkAndDropsLateRows) {
  Lines rows = {"+I a 1 1000", "+I b 2 1999", "+I a 3 2000", "wm 1998", "+I a 4 0",
                "wm 1999",     "+I a 5 1999", "+I a 6 2001", "wm 9999"};
  Harness(SpecOf(plan::WindowKind::kTumble, 2000))
      .ExpectInAnyOrder(rows, {"+I a 5 2 0 2000", "+I b 2 1 0 2000", "+I a 9 2 2000 4000"});
}

TEST(WindowAggregate, LateRowsAreCounted) {
  plan::WindowAggregateSpec spec = SpecOf(plan::WindowKind::kTumble, 10);
  plan::PhysicalNode node = NodeOver(spec, {kTypes}, {{0}});
  node.output.fields.resize(5, {"f", DataType::Timestamp(3), ""});
  auto made = Make(spec, node);
  ASSERT_TRUE(made.ok());
  ASSERT_TRUE((*made)->Open({}).ok());
  ChunkBuilder builder(kTypes, MemoryPool::Process());
  for (int64_t time : {5, 15, 9}) {
    builder.AppendRow(RowKind::kInsert, {Value::String("a"), Value::Int(1), Value::Time({time, 0, 0})});
  }
  LineOutput output(true);
  ASSERT_TRUE((*made)->OnWatermark(9, output).ok());
  ASSERT_TRUE((*made)->Process(0, builder.Finish(), output).ok());
  EXPECT_EQ((*made)->Metrics().late_rows_dropped, 2);
}

TEST(WindowAggregate, HopSharesSlices) {
  Lines rows = {"+I a 1 500", "+I a 2 1500", "+I b 7 1500", "wm 999",       "+I a 4 700",
                "wm 1999",    "+I a 8 900",  "wm 20000",    "+I a 1 20001", "wm 90000"};
  // Windows of 3 s every second. The row at 0.7 s comes after its slice has fired once, and counts in the later
  // windows.
  Harness(SpecOf(plan::WindowKind::kHop, 3000, 1000))
      .ExpectInAnyOrder(rows, {"+I a 1 1 -2000 1000", "+I a 7 3 -1000 2000", "+I b 7 1 -1000 2000", "+I a 15 4 0 3000",
                               "+I b 7 1 0 3000", "+I a 2 1 1000 4000", "+I b 7 1 1000 4000", "+I a 1 1 18000 21000",
                               "+I a 1 1 19000 22000", "+I a 1 1 20000 23000"});
}

TEST(WindowAggregate, CumulateGrowsAndStartsAnew) {
  Lines rows = {"+I a 1 500", "+I a 2 1500", "wm 999",  "+I b 5 1200", "wm 1999", "+I a 10 100",
                "wm 2999",    "+I a 3 3100", "wm 3999", "+I c 1 2000", "wm 99999"};
  Harness(SpecOf(plan::WindowKind::kCumulate, 3000, 1000))
      .ExpectInAnyOrder(rows, {"+I a 1 1 0 1000", "+I a 3 2 0 2000", "+I b 5 1 0 2000", "+I a 13 3 0 3000",
                               "+I b 5 1 0 3000", "+I a 3 1 3000 4000", "+I a 3 1 3000 5000", "+I a 3 1 3000 6000"});
}

TEST(WindowAggregate, DistinctOverSharedSlices) {
  plan::WindowAggregateSpec spec = SpecOf(plan::WindowKind::kHop, 2000, 1000);
  spec.aggregates = {Call("COUNT", {1}, kTypes, {.distinct = true})};
  Lines rows = {"+I a 1 500", "+I a 2 600", "+I a 1 1500", "+I a 3 1600", "wm 9000"};
  Harness(spec).ExpectAlways(rows, {"+I a 2 -1000 1000", "+I a 3 0 2000", "+I a 2 1000 3000"});
  spec = SpecOf(plan::WindowKind::kCumulate, 2000, 1000);
  spec.aggregates = {Call("COUNT", {1}, kTypes, {.distinct = true})};
  Harness(spec).ExpectAlways(rows, {"+I a 2 0 1000", "+I a 3 0 2000"});
}

TEST(WindowAggregate, OffsetAndNegativeTimes) {
  plan::WindowAggregateSpec spec = SpecOf(plan::WindowKind::kTumble, 5000);
  spec.window.offset_ms = -1000;
  Harness(spec).ExpectAlways({"+I a 1 1000", "+I a 2 3999", "+I a 4 4000", "+I a 8 -1001", "wm 3999", "wm 20000"},
                             {"+I a 8 1 -6000 -1000", "+I a 3 2 -1000 4000", "+I a 4 1 4000 9000"});
}

TEST(WindowAggregate, NoKeys) {
  plan::WindowAggregateSpec spec = SpecOf(plan::WindowKind::kHop, 2000, 1000);
  spec.keys = {};
  Harness(spec).ExpectAlways({"+I a 1 500", "+I b 2 1500", "wm 5000"},
                             {"+I 1 1 -1000 1000", "+I 3 2 0 2000", "+I 2 1 1000 3000"});
}

TEST(WindowAggregate, SessionsMergeWhenTheyTouch) {
  Lines rows = {"+I a 1 1000", "+I a 2 2000",  // one gap apart: one session
                "+I a 4 4000", "+I a 8 3000",  // brings both together
                "+I b 1 1000", "+I b 2 2001",  // apart
                "wm 2000",     "wm 4999",     "+I a 16 4999", "wm 99999", "+I a 1 100"};
  Harness(SpecOf(plan::WindowKind::kSession, 1000))
      .ExpectInAnyOrder(rows,
                        {"+I b 1 1 1000 2000", "+I b 2 1 2001 3001", "+I a 15 4 1000 5000", "+I a 16 1 4999 5999"});
}

TEST(WindowAggregate, DistinctInSessionsThatMerge) {
  plan::WindowAggregateSpec spec = SpecOf(plan::WindowKind::kSession, 1000);
  spec.aggregates = {Call("COUNT", {1}, kTypes, {.distinct = true}), Call("SUM", {1}, kTypes, {.distinct = true})};
  Lines rows = {"+I a 1 1000", "+I a 2 1000", "+I a 1 3000", "+I a 5 3500", "+I b 7 1000",
                "+I a 2 2000",  // brings both together: 1, 2, 5
                "wm 2000",     "wm 9999",     "+I a 1 99"};
  Harness(spec).ExpectInAnyOrder(rows, {"+I a 3 8 1000 4500", "+I b 1 7 1000 2000"});
}

TEST(WindowAggregate, ALateRowMayJoinAnOpenSession) {
  Lines rows = {"+I a 1 1000", "+I a 2 2500", "wm 2200", "+I a 4 1600", "+I a 8 1100", "wm 9999"};
  // 1600 reaches [1600, 3100], which touches the open session of 2500; 1100 would end at 2600 and touches it as well.
  Harness(SpecOf(plan::WindowKind::kSession, 1500)).ExpectAlways(rows, {"+I a 15 4 1000 4000"});
}

TEST(WindowAggregate, AttachedWindowsStayAsTheyAre) {
  std::vector<DataType> types = {DataType::String(), DataType::Bigint(), DataType::Timestamp(3),
                                 DataType::Timestamp(3)};
  plan::WindowAggregateSpec spec = SpecOf(plan::WindowKind::kHop, 2000, 1000);
  spec.attached_start = 2;
  spec.attached_end = 3;
  Harness(spec, types)
      .ExpectAlways({"+I a 1 0 2000", "+I a 2 1000 3000", "+I a 4 0 2000", "wm 1999", "+I a 8 0 2000",
                     "+I a 9 1000 3000", "wm 9999"},
                    {"+I a 5 2 0 2000", "+I a 11 2 1000 3000"});
  spec.window.kind = plan::WindowKind::kSession;
  Harness(spec, types)
      .ExpectInAnyOrder({"+I a 1 0 2000", "+I a 2 500 2000", "+I a 4 0 2000", "wm 9999"},
                        {"+I a 5 2 0 2000", "+I a 2 1 500 2000"});
}

TEST(WindowAggregate, ProcessingTime) {
  plan::WindowAggregateSpec spec = SpecOf(plan::WindowKind::kTumble, 1000);
  spec.window.event_time = false;
  EXPECT_EQ(Harness(spec).Run({"+I a 1 null", "time 900", "+I a 2 null", "time 998", "time 999", "time 1500",
                               "+I a 4 null", "time 5000"},
                              {}),
            (Lines{"+I a 3 2 0 1000", "+I a 4 1 1000 2000"}));
}

TEST(WindowAggregate, NullTimeIsAnError) {
  EXPECT_EQ(Harness(SpecOf(plan::WindowKind::kTumble, 1000)).Run({"+I a 1 null"}, {}),
            Lines{"error window.null_rowtime"});
}

TEST(WindowAggregate, BatchFiresAtTheEnd) {
  Lines lines = Harness(SpecOf(plan::WindowKind::kHop, 2000, 1000))
                    .Run({"+I a 1 5500", "+I a 2 500", "+I b 1 500"}, {.credit = false, .batch = true});
  EXPECT_EQ(OperatorHarness::Sorted(lines), (Lines{"+I a 1 1 4000 6000", "+I a 1 1 5000 7000", "+I a 2 1 -1000 1000",
                                                   "+I a 2 1 0 2000", "+I b 1 1 -1000 1000", "+I b 1 1 0 2000"}));
}

TEST(GroupWindowAggregate, TakesChanges) {
  plan::GroupWindowAggregateSpec spec;
  spec.window = SpecOf(plan::WindowKind::kTumble, 1000).window;
  spec.keys = {0};
  spec.aggregates = {Call("SUM", {1}, kTypes)};
  spec.properties = {plan::WindowProperty::kEnd};
  spec.input_retracts = true;
  Lines rows = {"+I a 1 500", "+I b 2 500", "-D b 2 500",  "-U a 1 500",
                "+U a 3 500", "wm 999",     "+I a 5 1500", "wm 5000"};
  Harness(spec).ExpectAlways(rows, {"+I a 3 1000", "+I a 5 2000"});
  spec.window.kind = plan::WindowKind::kSession;
  Harness(spec).ExpectAlways({"+I a 1 500", "+I a 2 1500", "-D a 1 500", "+I b 1 600", "-D b 1 600", "wm 9000"},
                             {"+I a 2 2500"});
}

TEST(GroupWindowAggregate, HopNeedNotDivide) {
  plan::GroupWindowAggregateSpec spec;
  spec.window = SpecOf(plan::WindowKind::kHop, 500, 200).window;
  spec.aggregates = {Call("SUM", {1}, kTypes)};
  spec.properties = {plan::WindowProperty::kStart, plan::WindowProperty::kEnd};
  Harness(spec).ExpectAlways({"+I a 1 450", "wm 5000"}, {"+I 1 0 500", "+I 1 200 700", "+I 1 400 900"});
  spec.window.size_ms = 100;
  spec.window.slide_ms = 300;  // with gaps
  Harness(spec).ExpectAlways({"+I a 1 50", "+I a 2 150", "+I a 4 350", "wm 5000"}, {"+I 1 0 100", "+I 4 300 400"});
}

TEST(WindowMath, LocalTimeOfAZoneWithDaylightSaving) {
  plan::Window window;
  window.size_ms = 3600 * 1000;
  window.ltz = true;
  auto zone = TimeZone::Find("America/Los_Angeles");
  ASSERT_TRUE(zone.ok());
  window.zone = *zone;
  WindowMath math(window);
  // 2021-03-14: 02:00 to 03:00 is skipped. 2021-11-07: 01:00 to 02:00 comes twice, and its window waits for the second.
  constexpr int64_t kHour = 3600 * 1000;
  EXPECT_EQ(math.ToLocal(1615716000000), math.ToLocal(1615712400000) + 2 * kHour);
  EXPECT_EQ(math.TriggerTime(math.ToLocal(1615708800000) + 3 * kHour), 1615716000000);
  EXPECT_EQ(math.TriggerTime(math.ToLocal(1636268400000) + 2 * kHour), 1636279200000 - 1);
}

}  // namespace
}  // namespace millrace::operators
