#include "engine/operators/join/join_condition.h"

namespace millrace::operators {

JoinCondition::JoinCondition(const functions::ExprPtr& condition, const std::vector<DataType>& left,
                             const std::vector<DataType>& right)
    : left_(left), right_(right) {
  if (condition == nullptr) return;
  std::vector<bool> used(left.size() + right.size(), false);
  functions::CollectColumns(*condition, used);
  std::vector<functions::ExprPtr> replacements(used.size());
  for (size_t c = 0; c < used.size(); ++c) {
    if (!used[c]) continue;
    auto place = static_cast<int32_t>(left_columns_.size() + right_columns_.size());
    bool is_left = c < left.size();
    replacements[c] = functions::MakeColumn(place, is_left ? left[c] : right[c - left.size()]);
    is_left ? left_columns_.push_back(c) : right_columns_.push_back(c - left.size());
  }
  condition_ = functions::SubstituteColumns(condition, replacements);
}

void JoinCondition::Open(const OperatorContext& context) {
  pool_ = context.pool;
  if (condition_ != nullptr) evaluator_.emplace(std::vector<functions::ExprPtr>{condition_}, context.eval);
}

Result<std::vector<int32_t>> JoinCondition::Select(int32_t count) {
  Chunk chunk;
  chunk.size = count;
  auto rows = static_cast<size_t>(count);
  for (size_t column : left_columns_) chunk.columns.push_back(left_.Column(column, 0, rows, pool_));
  for (size_t column : right_columns_) chunk.columns.push_back(right_.Column(column, 0, rows, pool_));
  left_.Clear();
  right_.Clear();
  return evaluator_->SelectTrue(0, chunk, RowSet::All(count));
}

}  // namespace millrace::operators
