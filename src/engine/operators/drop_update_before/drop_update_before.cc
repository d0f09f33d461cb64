// DropUpdateBefore: leaves -U rows out, for consumers that upsert.
#include <memory>

#include "engine/operators/factories.h"

namespace millrace::operators {
namespace {

class DropUpdateBefore : public Operator {
 public:
  Status Open(const OperatorContext&) override { return Status::Ok(); }
  bool HandlesMarks() const override { return true; }

  Result<Progress> Process(int32_t, const Chunk& chunk, Output& output) override {
    if (!chunk.kinds) {
      output.Emit(chunk);
      return Progress::kDone;
    }
    auto kept = std::make_shared<std::vector<int32_t>>();
    chunk.rows().ForEach([&](int32_t row) {
      if (chunk.kind(row) != RowKind::kUpdateBefore) kept->push_back(row);
    });
    if (kept->empty() && chunk.marks.empty()) return Progress::kDone;
    Chunk result = chunk;
    if (static_cast<int32_t>(kept->size()) != chunk.row_count()) result.selection = std::move(kept);
    output.Emit(std::move(result));
    return Progress::kDone;
  }
};

}  // namespace

OperatorResult Make(const plan::DropUpdateBeforeSpec&, const plan::PhysicalNode&) {
  return {std::make_unique<DropUpdateBefore>()};
}

}  // namespace millrace::operators
