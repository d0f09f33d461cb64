#include <gtest/gtest.h>

#include "aggregate_calls.h"
#include "engine/operators/factories.h"
#include "operator_harness.h"

namespace millrace::operators {
namespace {

const std::vector<DataType> kTypes = {DataType::Int(), DataType::Bigint(), DataType::String(), DataType::Boolean()};

OperatorHarness Harness(const plan::GroupAggregateSpec& spec) {
  return OperatorHarness(NodeOver(spec, {kTypes}, {spec.keys}),
                         [spec](const plan::PhysicalNode& node) { return Make(spec, node); });
}

plan::GroupAggregateSpec SumAndCount() {
  plan::GroupAggregateSpec spec;
  spec.keys = {0};
  spec.aggregates = {Call("SUM", {1}, kTypes), Call("COUNT", {}, kTypes)};
  return spec;
}

TEST(GroupAggregate, InsertsThenUpdates) {
  Lines rows = {"+I 1 10 a true", "+I 2 5 a true",    "+I 1 7 a true",
                "+I 1 1 a true",  "+I null 4 a true", "+I null null a true"};
  Harness(SumAndCount())
      .ExpectAlways(rows, {"+I 1 10 1", "+I 2 5 1", "-U 1 10 1", "+U 1 17 2", "-U 1 17 2", "+U 1 18 3", "+I null 4 1",
                           "-U null 4 1", "+U null 4 2"});
}

TEST(GroupAggregate, SameResultIsNotSent) {
  plan::GroupAggregateSpec spec = SumAndCount();
  spec.aggregates.pop_back();
  Lines rows = {"+I 1 10 a true", "+I 1 0 a true", "+I 1 null a true", "+I 1 2 a true"};
  Harness(spec).ExpectAlways(rows, {"+I 1 10", "-U 1 10", "+U 1 12"});
  spec.emit_update_before = false;
  Harness(spec).ExpectAlways(rows, {"+I 1 10", "+U 1 12"});
  spec.ttl_ms = 100000;  // with a TTL it goes out, so that downstream state stays alive
  Harness(spec).ExpectAlways(rows, {"+I 1 10", "+U 1 10", "+U 1 10", "+U 1 12"});
}

TEST(GroupAggregate, DistinctRowsOnly) {
  plan::GroupAggregateSpec spec;
  spec.keys = {2, 0};
  Harness(spec).ExpectAlways(
      {"+I 1 1 a true", "+I 1 2 a true", "+I 2 1 a true", "+I null 1 null true", "+I null 1 null true"},
      {"+I a 1", "+I a 2", "+I null null"});
}

TEST(GroupAggregate, RetractsAndDeletes) {
  plan::GroupAggregateSpec spec = SumAndCount();
  spec.input_retracts = true;
  Lines rows = {"-D 1 3 a true",  // no such group
                "+I 1 10 a true", "+I 1 5 a true", "-U 1 5 a true", "+U 1 6 a true", "-D 1 10 a true", "-D 1 6 a true",
                "-D 1 6 a true",  // gone
                "+I 1 2 a true",  "+I 2 1 a true", "-D 2 1 a true", "+I 2 9 a true"};
  Harness(spec).ExpectAlways(
      rows, {"+I 1 10 1", "-U 1 10 1", "+U 1 15 2", "-U 1 15 2", "+U 1 10 1", "-U 1 10 1", "+U 1 16 2", "-U 1 16 2",
             "+U 1 6 1", "-D 1 6 1", "+I 1 2 1", "+I 2 1 1", "-D 2 1 1", "+I 2 9 1"});
}

TEST(GroupAggregate, FiltersAndDistinctShareATable) {
  plan::GroupAggregateSpec spec;
  spec.keys = {0};
  spec.aggregates = {Call("COUNT", {2}, kTypes, {.distinct = true}),
                     Call("COUNT", {2}, kTypes, {.distinct = true, .filter = 3}),
                     Call("SUM", {1}, kTypes, {.filter = 3}), Call("SUM", {1}, kTypes, {.distinct = true})};
  Lines rows = {"+I 1 10 a true", "+I 1 10 a false", "+I 1 10 b null", "+I 1 5 b true", "+I 1 1 null true"};
  Harness(spec).ExpectAlways(rows, {"+I 1 1 1 10 10", "-U 1 1 1 10 10", "+U 1 2 1 10 10", "-U 1 2 1 10 10",
                                    "+U 1 2 2 15 15", "-U 1 2 2 15 15", "+U 1 2 2 16 16"});
}

TEST(GroupAggregate, DistinctRetracts) {
  plan::GroupAggregateSpec spec;
  spec.keys = {0};
  spec.input_retracts = true;
  spec.aggregates = {Call("COUNT", {2}, kTypes, {.distinct = true}), Call("SUM", {1}, kTypes, {.distinct = true})};
  Lines rows = {"+I 1 10 a true", "+I 1 10 a true", "+I 1 3 b true", "-D 1 10 a true",
                "-D 1 10 a true", "-D 1 3 b true",  "+I 1 10 a true"};
  Harness(spec).ExpectAlways(rows,
                             {"+I 1 1 10", "-U 1 1 10", "+U 1 2 13", "-U 1 2 13", "+U 1 1 3", "-D 1 1 3", "+I 1 1 10"});
}

TEST(GroupAggregate, GlobalGroup) {
  plan::GroupAggregateSpec spec;
  spec.aggregates = {Call("COUNT", {}, kTypes), Call("MAX", {2}, kTypes)};
  Harness(spec).ExpectAlways({"+I 1 1 b true", "+I 1 1 a true", "+I 1 1 a_long_text_that_is_not_inline true"},
                             {"+I 1 b", "-U 1 b", "+U 2 b", "-U 2 b", "+U 3 b"});
  EXPECT_EQ(Harness(spec).Run({}, {}), Lines{});
  EXPECT_EQ(Harness(spec).Run({}, {.batch = true}), Lines{"+I 0 null"});
}

TEST(GroupAggregate, BatchGivesFinalRows) {
  Lines rows = {"+I 1 10 a true", "+I 2 5 a true", "+I 1 7 a true", "+I 3 1 a true"};
  for (int32_t chunk_rows : {1, 2, 2048}) {
    Lines lines = Harness(SumAndCount()).Run(rows, {.chunk_rows = chunk_rows, .credit = false, .batch = true});
    EXPECT_EQ(OperatorHarness::Sorted(lines), (Lines{"+I 1 17 2", "+I 2 5 1", "+I 3 1 1"}));
  }
}

TEST(GroupAggregate, MiniBatchCancelsInsideABundle) {
  plan::GroupAggregateSpec spec = SumAndCount();
  spec.input_retracts = true;
  spec.mini_batch = true;
  spec.mini_batch_size = 4;
  Lines rows = {"+I 1 10 a true", "+I 2 5 a true", "-D 2 5 a true", "+I 1 7 a true",  // a bundle
                "+I 3 1 a true",  "-D 1 7 a true", "wm 5",                            // closed by the watermark
                "-D 3 1 a true",  "-D 7 1 a true", "-D 1 10 a true"};
  Lines expected = {"+I 1 17 2", "+I 3 1 1", "-U 1 17 2", "+U 1 10 1", "-D 3 1 1", "-D 1 10 1"};
  for (int32_t chunk_rows : {1, 2, 3, 2048}) {
    EXPECT_EQ(Harness(spec).Run(rows, {.chunk_rows = chunk_rows}), expected) << chunk_rows;
  }
  EXPECT_EQ(Harness(spec).Run(rows, {.restore_after = 4}), expected);
  EXPECT_EQ(OperatorHarness::Sorted(Harness(spec).Run(rows, {.restore_after = 7, .restored_instances = 2})),
            OperatorHarness::Sorted(expected));
}

TEST(GroupAggregate, MiniBatchClosesInTime) {
  plan::GroupAggregateSpec spec = SumAndCount();
  spec.mini_batch = true;
  spec.mini_batch_latency_ms = 50;
  EXPECT_EQ(Harness(spec).Run({"+I 1 10 a true", "time 49", "+I 1 1 a true", "time 50", "+I 1 1 a true", "time 99"},
                              {.finish = false}),
            Lines{"+I 1 11 2"});
}

TEST(GroupAggregate, TtlForgetsGroups) {
  plan::GroupAggregateSpec spec = SumAndCount();
  spec.ttl_ms = 10;
  Harness(spec).ExpectAlways(
      {"+I 1 10 a true", "time 9", "+I 1 1 a true", "time 18", "+I 1 1 a true", "time 28", "+I 1 5 a true"},
      {"+I 1 10 1", "-U 1 10 1", "+U 1 11 2", "-U 1 11 2", "+U 1 12 3", "+I 1 5 1"});
}

}  // namespace
}  // namespace millrace::operators
