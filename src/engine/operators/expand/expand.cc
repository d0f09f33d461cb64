// Expand: each row once per grouping set.
#include "engine/functions/evaluator.h"
#include "engine/operators/factories.h"

namespace millrace::operators {
namespace {

class Expand final : public Operator {
 public:
  explicit Expand(const plan::ExpandSpec& spec) : spec_(spec) {}

  Status Open(const OperatorContext& context) override {
    context_ = context;
    for (const auto& projection : spec_.projections) evaluators_.emplace_back(projection, context.eval);
    return Status::Ok();
  }

  // Rows of one input row stay together, so that the result does not depend on the size of chunks.
  Result<Progress> Process(int32_t, const Chunk& chunk, Output& output) override {
    std::vector<std::vector<ColumnPtr>> sets;
    for (functions::Evaluator& evaluator : evaluators_) {
      MR_ASSIGN(std::vector<ColumnPtr> columns, evaluator.EvaluateAll(chunk));
      sets.push_back(std::move(columns));
    }
    std::vector<DataType> types;
    for (size_t c = 0; c < sets[0].size(); ++c) types.push_back(sets[0][c]->type().Nullable());
    ChunkBuilder builder(types, context_.pool, context_.chunk_rows);
    chunk.rows().ForEach([&](int32_t row) {
      for (const auto& columns : sets) {
        for (size_t c = 0; c < columns.size(); ++c) builder.column(c).AppendFrom(*columns[c], row);
        builder.EndRow(chunk.kind(row));
        if (builder.full()) output.Emit(builder.Finish());
      }
    });
    if (!builder.empty()) output.Emit(builder.Finish());
    return Progress::kDone;
  }

 private:
  plan::ExpandSpec spec_;
  OperatorContext context_;
  std::vector<functions::Evaluator> evaluators_;
};

}  // namespace

OperatorResult Make(const plan::ExpandSpec& spec, const plan::PhysicalNode&) {
  return std::unique_ptr<Operator>(std::make_unique<Expand>(spec));
}

}  // namespace millrace::operators
