// Runs bound expressions over chunks.
#pragma once

#include <memory>
#include <vector>

#include "base/result.h"
#include "engine/functions/expression.h"
#include "engine/functions/scalar_function.h"
#include "types/chunk.h"

namespace millrace::functions {

// Evaluates a fixed list of expressions over the same input. Sub-expressions that occur twice are computed once per
// chunk where their rows allow it. Holds per-call state, so one per operator instance; not thread-safe.
class Evaluator {
 public:
  Evaluator(std::vector<ExprPtr> exprs, EvalContext* context);
  ~Evaluator();
  Evaluator(Evaluator&&) noexcept;
  Evaluator& operator=(Evaluator&&) noexcept;

  size_t size() const;
  // Column of expression `index` for the rows `rows` of a chunk; size chunk.size; other rows unspecified. An input
  // column is passed through without a copy. A failure names the expression.
  Result<ColumnPtr> Evaluate(size_t index, const Chunk& chunk, RowSet rows);
  // All expressions for the chunk's live rows.
  Result<std::vector<ColumnPtr>> EvaluateAll(const Chunk& chunk);
  // Rows of `rows` for which the BOOLEAN expression `index` is TRUE (NULL is not).
  Result<std::vector<int32_t>> SelectTrue(size_t index, const Chunk& chunk, RowSet rows);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// The value of an expression without columns.
Result<Value> EvaluateConstant(const ExprPtr& expr, EvalContext& context);

// The expression with constant sub-expressions replaced by literals. Errors of constants that might never be evaluated
// (inside CASE and the like) leave the sub-expression as it is; an unconditional one is returned, as Flink refuses such
// a query.
Result<ExprPtr> FoldConstants(const ExprPtr& expr, EvalContext& context);

}  // namespace millrace::functions
