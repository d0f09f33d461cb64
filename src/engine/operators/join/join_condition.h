// The part of a join's condition beyond equal keys, over pairs of rows.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "engine/functions/evaluator.h"
#include "engine/operators/join/joined_rows.h"

namespace millrace::operators {

// Owned by one join. Collects pairs, then says which of them the condition holds for; reads only the columns that it
// needs.
class JoinCondition {
 public:
  // `condition` is over left ++ right; null: always true.
  JoinCondition(const functions::ExprPtr& condition, const std::vector<DataType>& left,
                const std::vector<DataType>& right);

  void Open(const OperatorContext& context);
  bool always_true() const { return condition_ == nullptr; }

  RowPart& left() { return left_; }
  RowPart& right() { return right_; }
  // Evaluates `count` pairs that were added to left() and right(), which are cleared: their positions for which it is
  // TRUE.
  Result<std::vector<int32_t>> Select(int32_t count);

 private:
  functions::ExprPtr condition_;       // over the columns that it uses
  std::vector<size_t> left_columns_;   // which are these of the left part …
  std::vector<size_t> right_columns_;  // … and then these of the right part
  RowPart left_;
  RowPart right_;
  MemoryPool* pool_ = nullptr;
  std::optional<functions::Evaluator> evaluator_;
};

}  // namespace millrace::operators
