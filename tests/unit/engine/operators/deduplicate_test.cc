#include <gtest/gtest.h>

#include "engine/operators/factories.h"
#include "operator_harness.h"

namespace millrace::operators {
namespace {

const std::vector<DataType> kTypes = {DataType::Bigint(), DataType::String(), DataType::Timestamp(3)};

template <typename Spec>
OperatorHarness Harness(const Spec& spec) {
  return OperatorHarness(NodeOver(spec, {kTypes}, {{0}}),
                         [spec](const plan::PhysicalNode& n) { return Make(spec, n); });
}

plan::DeduplicateSpec SpecOf(bool row_time, bool keep_last) {
  plan::DeduplicateSpec spec;
  spec.keys = {0};
  spec.time_column = row_time ? 2 : -1;
  spec.keep_last = keep_last;
  return spec;
}

const Lines kRows = {"+I 1 a 10", "+I 1 b 10", "+I 1 c 5", "+I 1 d 20", "+I 2 x 1", "+I null n 3", "+I null m 2"};

TEST(Deduplicate, RowTimeKeepFirst) {
  Harness(SpecOf(true, false))
      .ExpectAlways(kRows,
                    {"+I 1 a 10", "-U 1 a 10", "+U 1 c 5", "+I 2 x 1", "+I null n 3", "-U null n 3", "+U null m 2"});
}

TEST(Deduplicate, RowTimeKeepLast) {
  plan::DeduplicateSpec spec = SpecOf(true, true);
  Harness(spec).ExpectAlways(
      kRows, {"+I 1 a 10", "-U 1 a 10", "+U 1 b 10", "-U 1 b 10", "+U 1 d 20", "+I 2 x 1", "+I null n 3"});
  spec.emit_update_before = false;
  Harness(spec).ExpectAlways(kRows, {"+I 1 a 10", "+U 1 b 10", "+U 1 d 20", "+I 2 x 1", "+I null n 3"});
  spec.emit_insert = false;
  Harness(spec).ExpectAlways(kRows, {"+U 1 a 10", "+U 1 b 10", "+U 1 d 20", "+U 2 x 1", "+U null n 3"});
}

TEST(Deduplicate, ProcessingTime) {
  Harness(SpecOf(false, false)).ExpectAlways(kRows, {"+I 1 a 10", "+I 2 x 1", "+I null n 3"});
  Lines rows = {"+I 1 a 10", "+I 1 a 10", "+I 1 b 10"};
  Harness(SpecOf(false, true)).ExpectAlways(rows, {"+I 1 a 10", "-U 1 a 10", "+U 1 b 10"});
  plan::DeduplicateSpec spec = SpecOf(false, true);
  spec.ttl_ms = 1000;
  Harness(spec).ExpectAlways(rows, {"+I 1 a 10", "-U 1 a 10", "+U 1 a 10", "-U 1 a 10", "+U 1 b 10"});
}

TEST(Deduplicate, TtlForgetsKeys) {
  plan::DeduplicateSpec spec = SpecOf(false, false);
  spec.ttl_ms = 10;
  Harness(spec).ExpectAlways({"+I 1 a 1", "time 9", "+I 1 b 1", "time 10", "+I 1 c 1"}, {"+I 1 a 1", "+I 1 c 1"});
}

TEST(Deduplicate, BatchSendsOneRowPerKey) {
  Lines lines = Harness(SpecOf(true, true)).Run(kRows, {.chunk_rows = 2, .credit = false, .batch = true});
  EXPECT_EQ(OperatorHarness::Sorted(lines), (Lines{"+I 1 d 20", "+I 2 x 1", "+I null n 3"}));
  lines = Harness(SpecOf(true, true)).Run({"+I 1 a 10", "+I 1 b 10"}, {.batch = true});
  EXPECT_EQ(lines, Lines{"+I 1 a 10"});
}

TEST(Deduplicate, NullTimeIsAnError) {
  EXPECT_EQ(Harness(SpecOf(true, true)).Run({"+I 1 a null"}, {}), Lines{"error deduplicate.null_rowtime"});
}

TEST(ChangelogNormalize, CompletesChanges) {
  plan::ChangelogNormalizeSpec spec;
  spec.unique_key = {0};
  Lines rows = {"+I 1 a 1", "+U 1 a 1", "+U 1 b 2", "-D 1 null null", "-D 1 b 2", "+U 2 x 1", "-U 2 x 1", "+U 2 y 1"};
  Harness(spec).ExpectAlways(rows,
                             {"+I 1 a 1", "-U 1 a 1", "+U 1 b 2", "-D 1 b 2", "+I 2 x 1", "-D 2 x 1", "+I 2 y 1"});
  spec.emit_update_before = false;
  Harness(spec).ExpectAlways(rows, {"+I 1 a 1", "+U 1 b 2", "-D 1 b 2", "+I 2 x 1", "-D 2 x 1", "+I 2 y 1"});
}

}  // namespace
}  // namespace millrace::operators
