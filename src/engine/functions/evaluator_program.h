// The evaluator's inside: bound expressions as a graph of nodes in which equal sub-expressions are one node.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "engine/functions/expression.h"
#include "engine/functions/scalar_function.h"
#include "types/chunk.h"

namespace millrace::functions {

// Rows under which something is evaluated. Equal ids mean equal rows; id 0 is what the caller asked for and contains
// all others.
struct Rows {
  RowSet set;
  uint64_t id = 0;
};

// Rows [part of a merge] whose values come from `column`.
struct MergePiece {
  ColumnPtr column;
  std::vector<int32_t> rows;
};

// A column of `type` and `size` with the rows of each piece taken from its column; other rows are unspecified.
ColumnPtr MergePieces(const DataType& type, std::span<const MergePiece> pieces, int32_t size, MemoryPool* pool);

// The same constant with another number of rows.
ColumnPtr ResizeConstant(const ColumnPtr& constant, int32_t rows);
// Row 0 of `column`, for `rows` rows.
ColumnPtr ConstantOfFirstRow(const ColumnPtr& column, int32_t rows, MemoryPool* pool);

// The rows of `rows` for which the BOOLEAN column is TRUE go to `yes`, the others to `no` (if not null).
void SplitByTruth(const Column& condition, RowSet rows, std::vector<int32_t>& yes, std::vector<int32_t>* no);

class Program {
 public:
  Program(std::vector<ExprPtr> exprs, EvalContext* context);

  size_t size() const { return roots_.size(); }
  // Start and end of work on a chunk, between which equal sub-expressions are shared. `chunk` is borrowed.
  void Begin(const Chunk& chunk);
  void End();
  Result<ColumnPtr> Evaluate(size_t index, const Rows& rows) { return Eval(roots_[index], rows); }
  Status SelectTrue(size_t index, const Rows& rows, std::vector<int32_t>& yes) {
    return Select(roots_[index], rows, yes, nullptr);
  }

 private:
  struct Node {
    const Expr* expr = nullptr;
    std::vector<uint32_t> args;
    bool constant = false;  // the same for every row and chunk
    bool pure = false;      // the same for equal arguments
    bool prepared = false;
    int32_t uses = 0;
    std::unique_ptr<FunctionState> state;
    ColumnPtr constant_value;
    ColumnPtr cached;  // of the chunk at hand, for the rows of that id
    uint64_t cached_rows = 0;
  };

  uint32_t Add(const Expr* expr);
  bool SameNode(const Node& node, const Expr& expr, const std::vector<uint32_t>& args) const;

  Result<ColumnPtr> Eval(uint32_t id, const Rows& rows);
  Result<ColumnPtr> EvalNode(Node& node, const Rows& rows);
  Result<ColumnPtr> EvalOnce(Node& node);
  Result<ColumnPtr> EvalCall(Node& node, const Rows& rows);
  Result<ColumnPtr> EvalOnDictionary(Node& node, std::vector<ColumnPtr> args, size_t dictionary, const Rows& rows);
  // Runs the function or cast of a node over finished arguments of `size` rows.
  Result<ColumnPtr> Invoke(Node& node, std::span<const ColumnPtr> args, RowSet rows, int32_t size);
  Result<ColumnPtr> InvokeRow(Node& node, std::span<const ColumnPtr> args, RowSet rows, int32_t size);

  Result<ColumnPtr> EvalLogic(Node& node, const Rows& rows, bool deciding);
  Result<ColumnPtr> EvalCase(Node& node, const Rows& rows);
  Result<ColumnPtr> EvalCoalesce(Node& node, const Rows& rows);
  Status Select(uint32_t id, const Rows& rows, std::vector<int32_t>& yes, std::vector<int32_t>* no);
  Status SelectAll(const Node& node, const Rows& rows, std::vector<int32_t>& yes);
  Status SelectAny(const Node& node, const Rows& rows, std::vector<int32_t>& yes);

  // `part` is sorted and part of `whole`: the same id if it is all of it.
  Rows Narrowed(const Rows& whole, const std::vector<int32_t>& part);

  std::vector<ExprPtr> exprs_;
  std::vector<Node> nodes_;
  std::vector<uint32_t> roots_;
  std::unordered_multimap<uint64_t, uint32_t> by_hash_;  // while nodes are added
  EvalContext* context_;
  const Chunk* chunk_ = nullptr;
  uint64_t last_rows_ = 0;
};

}  // namespace millrace::functions
