#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <random>
#include <set>

#include "aggregate_calls.h"
#include "engine/functions/over_function.h"
#include "engine/operators/factories.h"
#include "operator_harness.h"

namespace millrace::operators {
namespace {

// key, value, time
const std::vector<DataType> kTypes = {DataType::Int(), DataType::Bigint(), DataType::Timestamp(3)};

struct Frame {
  bool event_time = true;
  bool rows = false;
  int64_t preceding = -1;
  int64_t ttl_ms = 0;
};

OperatorHarness Harness(const Frame& frame, std::vector<functions::AggregateCall> calls) {
  plan::OverAggregateSpec spec;
  spec.partition_keys = {0};
  spec.order_keys = {{2, true, true}};
  spec.event_time = frame.event_time;
  spec.rows_frame = frame.rows;
  spec.preceding = frame.preceding;
  spec.ttl_ms = frame.ttl_ms;
  spec.aggregates = std::move(calls);
  return OperatorHarness(NodeOver(spec, {kTypes}, {{0}}), MakeOperator);
}

std::vector<functions::AggregateCall> SumAndMax() { return {Call("SUM", {1}, kTypes), Call("MAX", {1}, kTypes)}; }

functions::AggregateCall OverCall(std::string_view name, std::vector<int32_t> args) {
  functions::AggregateCall call;
  call.function = functions::FindOverFunction(name);
  for (int32_t arg : args) call.arg_types.push_back(kTypes[static_cast<size_t>(arg)]);
  call.args = std::move(args);
  call.type = DataType::Bigint();
  return call;
}

// Late: not above the watermark. Out of order, and peers that share a result.
const Lines kScript = {"+I 1 10 1000", "+I 1 30 3000", "+I 2 5 2000", "+I 1 20 2000", "+I 1 7 2000",
                       "wm 2000",      "+I 1 99 2000", "+I 1 4 5000", "wm 3000",      "wm 9000"};

TEST(OverAggregate, UnboundedRange) {
  Harness({}, SumAndMax())
      .ExpectInAnyOrder(kScript, {"+I 1 10 1000 10 10", "+I 1 20 2000 37 20", "+I 1 7 2000 37 20", "+I 2 5 2000 5 5",
                                  "+I 1 30 3000 67 30", "+I 1 4 5000 71 30"});
}

TEST(OverAggregate, UnboundedRows) {
  Harness({.rows = true}, SumAndMax())
      .ExpectAlways(
          {"+I 1 10 1000", "+I 1 30 3000", "+I 1 20 2000", "+I 1 7 2000", "wm 2000", "+I 1 99 2000", "wm 9000"},
          {"+I 1 10 1000 10 10", "+I 1 20 2000 30 20", "+I 1 7 2000 37 20", "+I 1 30 3000 67 30"});
}

TEST(OverAggregate, BoundedRange) {
  // The row at 2000 is not behind its key, which has seen out 1000 only.
  Harness({.preceding = 1000}, SumAndMax())
      .ExpectAlways(
          {"+I 1 10 1000", "wm 2500", "+I 1 7 2000", "+I 1 8 2000", "+I 1 5 1000", "wm 2600", "+I 1 1 3001", "wm 3500"},
          {"+I 1 10 1000 10 10", "+I 1 7 2000 25 10", "+I 1 8 2000 25 10", "+I 1 1 3001 1 1"});
}

TEST(OverAggregate, BoundedRangeForgets) {
  // At 1000 + 1.5 * 1000 + 1 the key is forgotten, and with it what is late.
  Harness({.preceding = 1000}, SumAndMax())
      .ExpectAlways({"+I 1 10 1000", "wm 2500", "+I 1 5 1000", "wm 2501", "+I 1 6 1000", "wm 2600"},
                    {"+I 1 10 1000 10 10", "+I 1 6 1000 6 6"});
}

TEST(OverAggregate, BoundedRows) {
  Harness({.rows = true, .preceding = 1}, SumAndMax())
      .ExpectAlways({"+I 1 10 1000", "+I 1 3 1000", "+I 1 4 3000", "wm 2000", "+I 1 100 1000", "+I 1 null 2500",
                     "+I 1 null 2600", "wm 9000"},
                    {"+I 1 10 1000 10 10", "+I 1 3 1000 13 10", "+I 1 null 2500 3 3", "+I 1 null 2600 null null",
                     "+I 1 4 3000 4 4"});
}

TEST(OverAggregate, TimesUpToZeroAreLateForBoundedFrames) {
  Harness({.rows = true, .preceding = 1}, SumAndMax())
      .ExpectAlways({"+I 1 10 -5", "+I 1 20 0", "+I 1 30 1", "wm 9000"}, {"+I 1 30 1 30 30"});
  Harness({}, SumAndMax())
      .ExpectAlways({"+I 1 10 -5", "wm -2", "+I 1 20 -1", "+I 1 30 0", "wm 9000"},
                    {"+I 1 10 -5 10 10", "+I 1 20 -1 30 20", "+I 1 30 0 60 30"});
}

TEST(OverAggregate, DistinctAndFilter) {
  std::vector<DataType> types = {DataType::Int(), DataType::Bigint(), DataType::Timestamp(3), DataType::Boolean()};
  plan::OverAggregateSpec spec;
  spec.partition_keys = {0};
  spec.order_keys = {{2, true, true}};
  spec.preceding = 2000;
  spec.aggregates = {Call("COUNT", {1}, types, {.distinct = true}), Call("SUM", {1}, types, {.filter = 3})};
  OperatorHarness harness(NodeOver(spec, {types}, {{0}}), MakeOperator);
  harness.ExpectAlways(
      {"+I 1 7 1000 true", "+I 1 7 2000 false", "+I 1 8 3000 true", "wm 3500", "+I 1 7 4001 false", "wm 9000"},
      {"+I 1 7 1000 true 1 7", "+I 1 7 2000 false 1 7", "+I 1 8 3000 true 2 15", "+I 1 7 4001 false 2 8"});
}

TEST(OverAggregate, RowNumberAndLag) {
  Harness({.rows = true}, {OverCall("ROW_NUMBER", {})})
      .ExpectAlways({"+I 1 10 2000", "+I 1 20 2000", "wm 2000", "+I 1 30 3000", "wm 9000"},
                    {"+I 1 10 2000 1", "+I 1 20 2000 2", "+I 1 30 3000 3"});
  // Peers are added before LAG looks back: the first of two equal rows sees its peer.
  Harness({}, {OverCall("LAG", {1})})
      .ExpectAlways({"+I 1 10 1000", "wm 1000", "+I 1 20 2000", "+I 1 null 2000", "+I 1 30 3000", "wm 9000"},
                    {"+I 1 10 1000 null", "+I 1 20 2000 20", "+I 1 null 2000 20", "+I 1 30 3000 null"});
}

TEST(OverAggregate, ProcessingTime) {
  Lines rows = {"time 1000", "+I 1 10 0", "+I 1 20 0", "time 2000", "+I 1 5 0", "+I 2 1 0", "time 2500", "+I 1 1 0"};
  Frame unbounded{.event_time = false};
  Harness(unbounded, SumAndMax())
      .ExpectAlways(rows, {"+I 1 10 0 10 10", "+I 1 20 0 30 20", "+I 1 5 0 35 20", "+I 2 1 0 1 1", "+I 1 1 0 36 20"});
  Harness({.event_time = false, .rows = true, .preceding = 1}, SumAndMax())
      .ExpectAlways(rows, {"+I 1 10 0 10 10", "+I 1 20 0 30 20", "+I 1 5 0 25 20", "+I 2 1 0 1 1", "+I 1 1 0 6 5"});
  rows.push_back("time 2502");
  Harness({.event_time = false, .preceding = 600}, SumAndMax())
      .ExpectInAnyOrder(rows, {"+I 1 10 0 30 20", "+I 1 20 0 30 20", "+I 1 5 0 5 5", "+I 2 1 0 1 1", "+I 1 1 0 6 5"});
}

TEST(OverAggregate, ForgetsAfterTheTtl) {
  // While a row waits its key is kept.
  Lines rows = {"time 1000", "+I 1 10 1000", "+I 2 10 1000", "wm 1000",      "time 1999", "+I 1 20 2000", "wm 2000",
                "time 2500", "+I 2 30 3000", "time 9000",    "+I 2 40 3000", "wm 3000",   "+I 1 5 4000",  "wm 9000"};
  Harness({.ttl_ms = 1000}, SumAndMax())
      .ExpectAlways(rows, {"+I 1 10 1000 10 10", "+I 2 10 1000 10 10", "+I 1 20 2000 30 20", "+I 2 30 3000 70 40",
                           "+I 2 40 3000 70 40", "+I 1 5 4000 5 5"});
  rows = {"time 1000", "+I 1 10 0", "time 1999", "+I 1 20 0", "time 2999", "+I 1 5 0"};
  for (Frame frame : {Frame{.event_time = false, .ttl_ms = 1000},
                      Frame{.event_time = false, .rows = true, .preceding = 5, .ttl_ms = 1000}}) {
    Harness(frame, SumAndMax()).ExpectAlways(rows, {"+I 1 10 0 10 10", "+I 1 20 0 30 20", "+I 1 5 0 5 5"});
  }
}

// What the operator must do, in the plainest words: all rows of a key in a map, every frame added up anew.
class Model {
 public:
  explicit Model(Frame frame) : frame_(frame) {}

  void Add(int key, std::optional<int64_t> value, int64_t time) {
    KeyState& state = keys_[key];
    if (frame_.preceding < 0 ? time <= watermark_ : time <= state.last) return;
    state.rows.emplace(time, Row{value, false});
    if (frame_.preceding < 0) return;
    state.timers.insert(time);
    if (frame_.rows || state.cleanup >= time + frame_.preceding + 1) return;
    state.cleanup = time + frame_.preceding * 3 / 2 + 1;
    state.timers.insert(state.cleanup);
  }

  void Watermark(int64_t watermark) {
    watermark_ = watermark;
    for (auto& [key, state] : keys_) {
      if (frame_.preceding < 0) {
        for (auto& [time, row] : state.rows) {
          if (time <= watermark) Out(key, state, time, row);
        }
        continue;
      }
      while (!state.timers.empty() && *state.timers.begin() <= watermark) {
        int64_t timer = *state.timers.begin();
        state.timers.erase(state.timers.begin());
        if (state.cleanup > 0 && state.cleanup <= timer) {
          state = {};
          continue;
        }
        auto [from, to] = state.rows.equal_range(timer);
        for (auto it = from; it != to; ++it) Out(key, state, timer, it->second);
        state.last = timer;
      }
    }
  }

  Lines lines;

 private:
  struct Row {
    std::optional<int64_t> value;
    bool out;
  };
  struct KeyState {
    std::multimap<int64_t, Row> rows;
    std::set<int64_t> timers;
    int64_t last = 0;
    int64_t cleanup = 0;
  };

  void Out(int key, KeyState& state, int64_t time, Row& row) {
    if (row.out) return;
    row.out = true;
    // Rows before this one, and this one; for RANGE its peers.
    std::vector<std::pair<int64_t, std::optional<int64_t>>> frame;
    for (auto& [other_time, other] : state.rows) {
      if (other_time > time) break;
      frame.emplace_back(other_time, other.value);
      if (frame_.rows && &other == &row) break;
    }
    int64_t sum = 0;
    int64_t count = 0;
    std::optional<int64_t> max;
    for (size_t i = 0; i < frame.size(); ++i) {
      auto [other_time, value] = frame[i];
      if (frame_.preceding >= 0 && frame_.rows && static_cast<int64_t>(frame.size() - i) > frame_.preceding + 1)
        continue;
      if (frame_.preceding >= 0 && !frame_.rows && time - other_time > frame_.preceding) continue;
      if (!value) continue;
      sum += *value;
      ++count;
      max = std::max(max.value_or(*value), *value);
    }
    auto text = [](const std::optional<int64_t>& v) { return v ? std::to_string(*v) : "null"; };
    lines.push_back("+I " + std::to_string(key) + " " + text(row.value) + " " + std::to_string(time) + " " +
                    (count == 0 ? "null" : std::to_string(sum)) + " " + text(max) + " " + std::to_string(count));
  }

  Frame frame_;
  std::map<int, KeyState> keys_;
  int64_t watermark_ = INT64_MIN;
};

TEST(OverAggregate, AgreesWithTheModel) {
  uint32_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  auto below = [&](int n) { return static_cast<int>(random() % static_cast<uint32_t>(n)); };
  for (const Frame& frame : {Frame{}, Frame{.rows = true}, Frame{.preceding = 5}, Frame{.preceding = 0},
                             Frame{.rows = true, .preceding = 0}, Frame{.rows = true, .preceding = 3}}) {
    Lines script;
    Model model(frame);
    int64_t watermark = 0;
    for (int i = 0; i < 300; ++i) {
      if (below(8) == 0) {
        watermark += 1 + below(12);
        script.push_back("wm " + std::to_string(watermark));
        model.Watermark(watermark);
        continue;
      }
      int key = below(4);
      int64_t time = watermark - 6 + below(20);
      std::optional<int64_t> value;
      if (below(6) != 0) value = below(100);
      script.push_back("+I " + std::to_string(key) + " " + (value ? std::to_string(*value) : "null") + " " +
                       std::to_string(time));
      model.Add(key, value, time);
    }
    script.push_back("wm 100000");
    model.Watermark(100000);
    auto harness = Harness(frame, {Call("SUM", {1}, kTypes), Call("MAX", {1}, kTypes), Call("COUNT", {1}, kTypes)});
    Lines wanted = OperatorHarness::Sorted(model.lines);
    std::string what = std::string(frame.rows ? "ROWS " : "RANGE ") + std::to_string(frame.preceding);
    for (int32_t rows : {1, 3, 2048}) {
      EXPECT_EQ(OperatorHarness::Sorted(harness.Run(script, {.chunk_rows = rows, .credit = rows != 3})), wanted)
          << what;
    }
    for (int32_t instances : {1, 2, 3}) {
      int32_t after = below(static_cast<int>(script.size()));
      Lines got = harness.Run(script, {.chunk_rows = 7, .restore_after = after, .restored_instances = instances});
      EXPECT_EQ(OperatorHarness::Sorted(got), wanted) << what << " restored after " << after;
    }
  }
}

}  // namespace
}  // namespace millrace::operators
