#include <gtest/gtest.h>

#include "engine/operators/factories.h"
#include "expressions.h"
#include "operator_harness.h"

namespace millrace::operators {
namespace {

const std::vector<DataType> kTypes = {DataType::Bigint(), DataType::Timestamp(3)};

class CalcTest : public testing::Test {
 protected:
  OperatorHarness Harness(const plan::NodeSpec& spec) {
    return OperatorHarness(NodeOver(spec, {kTypes}, {{0}}), MakeOperator, &eval_);
  }
  static functions::ExprPtr Column(int32_t i) { return functions::MakeColumn(i, kTypes[static_cast<size_t>(i)]); }
  functions::EvalContext eval_;
};

TEST_F(CalcTest, FiltersAndProjectsEveryKind) {
  plan::CalcSpec spec;
  spec.condition = Apply(">", {Column(0), IntLiteral(10, kTypes[0])}, DataType::Boolean());
  spec.projection = {Apply("+", {Column(0), IntLiteral(1, kTypes[0])}, kTypes[0]), Column(1)};
  Harness(spec).ExpectAlways({"+I 10 1", "+I 11 2", "-U 11 2", "+U 9 3", "+I null 4", "-D 12 null"},
                             {"+I 12 2", "-U 12 2", "-D 13 null"});
}

TEST_F(CalcTest, PassesColumnsAndMarksWithoutACopy) {
  plan::CalcSpec spec;
  spec.projection = {Column(1), Column(0)};
  auto made = MakeOperator(NodeOver(spec, {kTypes}));
  ASSERT_TRUE(made.ok());
  OperatorContext context;
  context.eval = &eval_;
  ASSERT_TRUE((*made)->Open(context).ok());
  ChunkBuilder builder(kTypes, context.pool);
  builder.AppendRow(RowKind::kInsert, {Value::Int(1), Value::Time({5, 0, 0})});
  builder.AppendMark(7);
  Chunk chunk = builder.Finish();
  struct Keep : Output {
    void Emit(Chunk c) override { chunk = std::move(c); }
    bool HasCredit() const override { return true; }
    Chunk chunk;
  } output;
  ASSERT_TRUE((*made)->Process(0, chunk, output).ok());
  EXPECT_EQ(output.chunk.columns[0], chunk.columns[1]);
  ASSERT_EQ(output.chunk.marks.size(), 1U);
  EXPECT_EQ(output.chunk.marks[0].watermark, 7);
  EXPECT_TRUE((*made)->HandlesMarks());
}

TEST_F(CalcTest, WatermarksFollowTheRowsThatAdvanceThem) {
  plan::WatermarkSpec spec;
  spec.rowtime = 1;
  spec.watermark = Column(1);
  Lines rows = {"+I 1 100", "+I 2 200", "+I 3 201", "+I 4 150", "+I 5 401", "+I 6 402", "+I 7 1000"};
  Lines expected = {"+I 1 100", "+I 2 200", "+I 3 201", "wm 201",    "+I 4 150",
                    "+I 5 401", "+I 6 402", "wm 402",   "+I 7 1000", "wm 1000"};
  Harness(spec).ExpectAlways(rows, expected);
}

TEST_F(CalcTest, ASmallStepGoesOutWhenNothingComes) {
  plan::WatermarkSpec spec;
  spec.rowtime = 1;
  spec.watermark = Column(1);
  EXPECT_EQ(Harness(spec).Run({"+I 1 100", "time 199", "+I 2 120", "time 398", "time 399"}, {}),
            (Lines{"+I 1 100", "+I 2 120", "wm 120"}));
}

TEST_F(CalcTest, ANullRowtimeIsAnError) {
  plan::WatermarkSpec spec;
  spec.rowtime = 1;
  spec.watermark = Column(1);
  EXPECT_EQ(Harness(spec).Run({"+I 1 null"}, {}), Lines{"error watermark.null_rowtime"});
  EXPECT_EQ(Harness(spec).Run({"+I 1 null"}, {.batch = true}), Lines{"+I 1 null"});
}

}  // namespace
}  // namespace millrace::operators
