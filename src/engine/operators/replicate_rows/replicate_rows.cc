// ReplicateRows: each row as often as its BIGINT count column says; NULL and less than one: not at all. The output has
// the columns of the node's schema, which are the input's without the count, or with it.
#include <memory>

#include "engine/operators/factories.h"
#include "engine/operators/row_repeater.h"

namespace millrace::operators {
namespace {

class ReplicateRows : public RowRepeater {
 public:
  ReplicateRows(int32_t count_column, bool keeps_count) : count_column_(count_column), keeps_count_(keeps_count) {}

 protected:
  Status BeginChunk(const Chunk&) override { return Status::Ok(); }
  int64_t Times(const Chunk& chunk, int32_t i) override {
    ColumnReader<int64_t> counts(*chunk.columns[static_cast<size_t>(count_column_)]);
    int32_t row = chunk.rows()[i];
    return counts.IsNull(row) ? 0 : counts[row];
  }
  Result<Chunk> MakeChunk(const Chunk& chunk, std::span<const int32_t> rows, std::span<const int32_t>,
                          std::span<const int64_t>) override {
    Chunk result = RepeatRows(chunk, rows, chunk.columns.size(), context().pool);
    if (!keeps_count_) result.columns.erase(result.columns.begin() + count_column_);
    return result;
  }

 private:
  int32_t count_column_;
  bool keeps_count_;
};

}  // namespace

OperatorResult Make(const plan::ReplicateRowsSpec& spec, const plan::PhysicalNode& node) {
  bool keeps_count = node.output.size() == node.inputs[0].node->output.size();
  return {std::make_unique<ReplicateRows>(spec.count_column, keeps_count)};
}

}  // namespace millrace::operators
