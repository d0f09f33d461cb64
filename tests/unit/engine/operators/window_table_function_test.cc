#include <gtest/gtest.h>

#include "engine/operators/factories.h"
#include "operator_harness.h"

namespace millrace::operators {
namespace {

const std::vector<DataType> kTypes = {DataType::String(), DataType::Timestamp(3)};

OperatorHarness Harness(plan::WindowKind kind, int64_t size, int64_t slide = 0) {
  plan::WindowTableFunctionSpec spec;
  spec.window.kind = kind;
  spec.window.size_ms = size;
  spec.window.slide_ms = slide;
  spec.window.time_column = 1;
  spec.partition_keys = {0};
  plan::PhysicalNode node = NodeOver(spec, {kTypes}, {{0}});
  for (int i = 0; i < 5; ++i) node.output.fields.push_back({"f", i == 0 ? kTypes[0] : kTypes[1], ""});
  return OperatorHarness(node, MakeOperator);
}

TEST(WindowTableFunction, Tumble) {
  Harness(plan::WindowKind::kTumble, 1000)
      .ExpectAlways({"+I a 1500", "-D b 999", "+I c null"}, {"+I a 1500 1000 2000 1999", "-D b 999 0 1000 999"});
}

TEST(WindowTableFunction, HopGivesTheLatestWindowFirst) {
  Harness(plan::WindowKind::kHop, 3000, 1000)
      .ExpectAlways({"+I a 1500", "+I b 0"},
                    {"+I a 1500 1000 4000 3999", "+I a 1500 0 3000 2999", "+I a 1500 -1000 2000 1999",
                     "+I b 0 0 3000 2999", "+I b 0 -1000 2000 1999", "+I b 0 -2000 1000 999"});
}

TEST(WindowTableFunction, CumulateGivesTheShortestWindowFirst) {
  Harness(plan::WindowKind::kCumulate, 3000, 1000)
      .ExpectAlways({"+I a 1500"}, {"+I a 1500 0 2000 1999", "+I a 1500 0 3000 2999"});
}

TEST(WindowTableFunction, SessionsWaitAndKeepTheOrderOfArrival) {
  Lines rows = {"+I a 1000", "+I a 3000", "+I b 1500", "+I a 2000", "+I b 900", "wm 3999", "+I a 1000", "wm 9999"};
  Harness(plan::WindowKind::kSession, 1000)
      .ExpectInAnyOrder(rows, {"+I a 1000 1000 4000 3999", "+I a 3000 1000 4000 3999", "+I a 2000 1000 4000 3999",
                               "+I b 1500 900 2500 2499", "+I b 900 900 2500 2499"});
  Harness(plan::WindowKind::kSession, 1000)
      .ExpectAlways({"+I a 1000", "+I a 3000", "+I a 2000", "+I a 1500", "wm 9999"},
                    {"+I a 1000 1000 4000 3999", "+I a 3000 1000 4000 3999", "+I a 2000 1000 4000 3999",
                     "+I a 1500 1000 4000 3999"});
}

}  // namespace
}  // namespace millrace::operators
