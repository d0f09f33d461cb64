// Expand: each row once per grouping set, one set after the other, with the row's kind.
#include <memory>
#include <optional>

#include "engine/functions/evaluator.h"
#include "engine/operators/factories.h"
#include "engine/operators/row_repeater.h"

namespace millrace::operators {
namespace {

class Expand : public RowRepeater {
 public:
  Expand(plan::ExpandSpec spec, std::vector<DataType> types) : spec_(std::move(spec)), types_(std::move(types)) {}

  Status Open(const OperatorContext& context) override {
    MR_RETURN_IF_ERROR(RowRepeater::Open(context));
    std::vector<functions::ExprPtr> exprs;
    for (const auto& projection : spec_.projections) exprs.insert(exprs.end(), projection.begin(), projection.end());
    evaluator_.emplace(std::move(exprs), context.eval);
    return Status::Ok();
  }

 protected:
  Status BeginChunk(const Chunk& chunk) override {
    MR_ASSIGN(columns_, evaluator_->EvaluateAll(chunk));
    return Status::Ok();
  }
  int64_t Times(const Chunk&, int32_t) override { return static_cast<int64_t>(spec_.projections.size()); }
  Result<Chunk> MakeChunk(const Chunk& chunk, std::span<const int32_t> rows, std::span<const int32_t>,
                          std::span<const int64_t> sets) override {
    Chunk result = RepeatRows(chunk, rows, 0, context().pool);
    for (size_t c = 0; c < types_.size(); ++c) {
      ColumnBuilder builder(types_[c], context().pool, result.size);
      for (size_t k = 0; k < rows.size(); ++k) {
        builder.AppendFrom(*columns_[static_cast<size_t>(sets[k]) * types_.size() + c], rows[k]);
      }
      result.columns.push_back(builder.Finish());
    }
    return result;
  }

 private:
  plan::ExpandSpec spec_;
  std::vector<DataType> types_;
  std::optional<functions::Evaluator> evaluator_;
  std::vector<ColumnPtr> columns_;  // of all sets, set after set
};

}  // namespace

OperatorResult Make(const plan::ExpandSpec& spec, const plan::PhysicalNode& node) {
  return {std::make_unique<Expand>(spec, TypesOf(node.output))};
}

}  // namespace millrace::operators
